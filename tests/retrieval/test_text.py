"""Whatever comes in from outside becomes text that is safe to index, store and show."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.text import LONGEST_RUN, clean, cut_long_runs, narrow, shortened

ANY_TEXT = st.text(st.characters(), max_size=200)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\x00b\x1b[1mc\x85", "ab[1mc"),
        ("a\u202eb\u2066c\u200bd\ufeff", "abcd"),
        (unicodedata.normalize("NFD", "Mạng lưới đô thị"), "Mạng lưới đô thị"),
        ("a\ud800b", "a?b"),
        ("tab\tand\nnewline stay", "tab\tand\nnewline stay"),
    ],
)
def test_controls_and_turned_directions_go_and_words_stay(raw: str, expected: str) -> None:
    assert clean(raw) == expected


@settings(deadline=None, max_examples=200)
@given(ANY_TEXT)
def test_cleaned_text_is_utf_8_in_nfc_and_cleaning_it_again_changes_nothing(raw: str) -> None:
    cleaned = clean(raw)
    assert (cleaned.encode().decode(), unicodedata.normalize("NFC", cleaned), clean(cleaned)) == (cleaned,) * 3


def test_a_run_without_blanks_is_cut_at_the_limit_and_loses_nothing() -> None:
    runs = cut_long_runs("a" * (2 * LONGEST_RUN + 5)).split(" ")
    assert runs == ["a" * LONGEST_RUN, "a" * LONGEST_RUN, "aaaaa"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("đô thị", "đô thị"),
        ("đô thị thông minh", "đô thị thôn"),
        ("\ufdfa" * 9, ""),
        ("\ufb03" * 9, "\ufb03" * 3),
        ("\uff21" * 12, "\uff21" * 11),
        ("e\u0301" * 9, "e\u0301" * 9),
    ],
)
def test_a_text_is_shortened_to_what_is_short_enough_once_ligatures_are_spelled_out(text: str, expected: str) -> None:
    assert shortened(text, 11) == expected


def test_narrowing_keeps_every_position() -> None:
    assert narrow("\uff21\uff11\uff1f\u3000中\uff08\uff09") == "A1? 中()"
