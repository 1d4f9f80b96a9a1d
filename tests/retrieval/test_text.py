"""Whatever comes in from outside becomes text that is safe to index, store and show."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.text import LONGEST_RUN, clean, cut_long_runs, is_han, narrow, shortened, tone_last

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
        ("ﷺ" * 9, ""),
        ("ﬃ" * 9, "ﬃ" * 3),
        ("\uff21" * 12, "\uff21" * 11),
        ("e\u0301" * 9, "e\u0301" * 9),
    ],
)
def test_a_text_is_shortened_to_what_is_short_enough_once_ligatures_are_spelled_out(text: str, expected: str) -> None:
    assert shortened(text, 11) == expected


def test_narrowing_keeps_every_position() -> None:
    assert narrow("\uff21\uff11\uff1f\u3000中\uff08\uff09") == "A1? 中()"


def test_a_text_just_as_long_as_allowed_stays_whole_even_where_its_signs_make_words_together() -> None:
    together = "\u1100\u1161"  # two letters that NFKC makes one syllable
    assert shortened(together, 1) == together
    assert [shortened("abc", longest) for longest in (2, 3)] == ["ab", "abc"]


def test_every_full_width_sign_becomes_the_ascii_one() -> None:
    wide = "".join(chr(code) for code in range(0xFF01, 0xFF5F)) + "\u3000\u00a0"
    assert narrow(wide) == "".join(chr(code) for code in range(0x21, 0x7F)) + "  "
    assert narrow("\uff00\uff5f\u00a1\u3001") == "\uff00\uff5f\u00a1\u3001"


@pytest.mark.parametrize(
    ("syllable", "expected"),
    [
        ("hoà", "hoa\u0300"),
        ("hòa", "hoa\u0300"),
        ("thụy", "thuy\u0323"),
        ("thuỵ", "thuy\u0323"),
        ("đến", "đên\u0301"),
        ("a\u0300\u0301", "a\u0300\u0301"),
        ("mả", "ma\u0309"),
        ("mã", "ma\u0303"),
        ("ưu", "ưu"),
    ],
)
def test_the_tone_goes_behind_its_syllable_and_all_other_marks_stay(syllable: str, expected: str) -> None:
    assert tone_last(syllable) == expected


HAN = ("\u3400\u4dbf", "\u4e00\u9fff", "\uf900\ufaff", "\U00020000\U0003134f")


@pytest.mark.parametrize("block", HAN)
def test_a_character_is_chinese_from_the_first_of_a_block_to_the_last(block: str) -> None:
    first, last = map(ord, block)
    expected = [False, True, True, False]
    assert [is_han(chr(code)) for code in (first - 1, first, last, last + 1)] == expected


@pytest.mark.parametrize("sign", ["a", "đ", "あ", "가", "\u3002", "1", ""])
def test_letters_of_other_scripts_are_not_chinese(sign: str) -> None:
    assert not is_han(sign)
