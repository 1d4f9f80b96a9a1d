"""The glossary is well formed: anyone may add a row, and these say what a row must be like."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import opencc
import pytest

GLOSSARY = Path(__file__).parents[2] / "retrieval" / "data" / "glossary.tsv"
LANGUAGES = ("vi", "zh", "en", "id", "ms", "th", "tl")
HEADER = ["kind", *LANGUAGES]
KINDS = {
    "city",
    "country",
    "capital",
    "region",
    "people",
    "language",
    "organisation",
    "person",
    "office",
    "event",
    "document",
    "term",
    "question",
    "time",
    "unit",
}
PILOTS = (
    "Bandar Seri Begawan",
    "Bangkok",
    "Banyuwangi",
    "Battambang",
    "Cebu",
    "Chonburi",
    "Da Nang",
    "Davao",
    "Hanoi",
    "Ho Chi Minh City",
    "Jakarta",
    "Johor Bahru",
    "Kota Kinabalu",
    "Kuala Lumpur",
    "Kuching",
    "Luang Prabang",
    "Makassar",
    "Mandalay",
    "Manila",
    "Naypyidaw",
    "Phnom Penh",
    "Phuket",
    "Siem Reap",
    "Singapore",
    "Vientiane",
    "Yangon",
)
"""The 26 cities the network was founded with."""

STOP_WORDS = """
ai anh bao bi cac chi cho co con cu cua da do du em hay khi la lai len lo luc ma mai me mi moi nam nay nen neu ngay nhau
nhu nhung no o qua ra sang sao sau se so ta tai than theo thi to trong tu tuy va vao ve vi voi xem
"""
"""Words that, written without marks, stand in nearly every sentence."""

HAN = re.compile(r"[\u3400-\u9fff]")
LINES = GLOSSARY.read_text(encoding="utf-8").splitlines()
BODY = [line.split("\t") for line in LINES if not line.startswith("#")]
ROWS = BODY[1:]


def forms(language: str) -> Iterator[str]:
    """Every form of one language, row after row."""
    column = HEADER.index(language)
    for row in ROWS:
        if row[column]:
            yield from row[column].split(" | ")


def test_it_opens_with_its_provenance_and_then_the_header() -> None:
    header = next(number for number, line in enumerate(LINES) if not line.startswith("#"))

    assert header > 0
    assert "CC0" in "\n".join(LINES[:header])
    assert BODY[0] == HEADER


def test_comments_stand_only_at_the_top() -> None:
    assert len(LINES) - len(BODY) == LINES.index("\t".join(HEADER))


def test_every_row_has_as_many_cells_as_the_header() -> None:
    assert [row for row in ROWS if len(row) != len(HEADER)] == []


def test_every_row_is_of_a_known_kind_and_every_kind_is_used() -> None:
    assert {row[0] for row in ROWS} == KINDS


def test_every_row_joins_two_languages_or_more() -> None:
    assert [row for row in ROWS if sum(map(bool, row[1:])) < 2] == []


def test_there_are_seven_hundred_rows_or_more() -> None:
    assert len(ROWS) >= 700


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_stands_only_once_in_its_language(language: str) -> None:
    counts = Counter(form.casefold() for form in forms(language))

    assert [form for form, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_form_is_empty_or_has_blanks_around_or_doubled_in_it(language: str) -> None:
    assert [form for form in forms(language) if not form or form != " ".join(form.split())] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_form_keeps_a_bar_of_its_own(language: str) -> None:
    assert [form for form in forms(language) if "|" in form] == []


def test_the_whole_file_is_composed_unicode() -> None:
    assert [line for line in LINES if not unicodedata.is_normalized("NFC", line)] == []


def test_chinese_is_written_in_simplified_characters() -> None:
    simplified = opencc.OpenCC("t2s")

    assert [form for form in forms("zh") if simplified.convert(form) != form] == []


def test_no_chinese_form_is_a_single_character() -> None:
    assert [form for form in forms("zh") if len(form) < 2] == []


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "zh"])
def test_only_chinese_is_written_in_han_characters(language: str) -> None:
    assert [form for form in forms(language) if HAN.search(form)] == []


def test_no_vietnamese_form_without_marks_is_a_stop_word() -> None:
    assert [form for form in forms("vi") if form.casefold() in STOP_WORDS.split()] == []


def test_no_form_is_bare_punctuation_or_a_bare_number() -> None:
    everything = [form for language in LANGUAGES for form in forms(language)]

    assert [form for form in everything if not any(character.isalpha() for character in form) and form != "4.0"] == []


@pytest.mark.parametrize("city", PILOTS)
def test_a_pilot_city_is_there_in_vietnamese_chinese_and_english(city: str) -> None:
    [row] = [row for row in ROWS if city in row[HEADER.index("en")].split(" | ")]

    assert row[0] in {"city", "capital", "country"}
    assert all(row[1:4])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_form_has_a_sign_of_money(language: str) -> None:
    # Signs are left out when names are looked up: US$ would be found in "tell us", S$ in "Vietnam's".
    assert [form for form in forms(language) if "$" in form] == []
