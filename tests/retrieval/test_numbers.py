"""A number is the same number however a language writes it."""

from datetime import date

import pytest

from retrieval.numbers import dated_numbers, is_year, numbers_in
from retrieval.records import Document


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("lần 4", "vi"),
        ("lần thứ tư", "vi"),
        ("bốn thành phố", "vi"),
        ("第四届", "zh"),
        ("四个城市", "zh"),
        ("the fourth meeting", "en"),
        ("four cities", "en"),
        ("rapat keempat", "id"),
        ("mesyuarat keempat", "ms"),
        ("empat kota", "id"),
        ("ครั้งที่สี่", "th"),
        ("ครั้งที่ ๔", "th"),
        ("ikaapat", "tl"),
        ("04", "und"),
        ("４", "zh"),
    ],
)
def test_four_is_four(text: str, language: str) -> None:
    assert numbers_in(text, language) == {"4"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("đầu tư", "vi"),
        ("trong năm", "vi"),
        ("lần đầu tư", "vi"),
        ("一起", "zh"),
        ("统一", "zh"),
        ("one of the cities", "en"),
        ("", "vi"),
    ],
)
def test_a_word_that_is_mostly_something_else_is_no_number(text: str, language: str) -> None:
    assert numbers_in(text, language) <= {"1"}
    assert not numbers_in(text, language) - {"1"}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("十", {"10"}),
        ("十二", {"12"}),
        ("二十", {"20"}),
        ("二十六个", {"26"}),
        ("三十二届", {"32"}),
        ("两", {"2"}),
        ("兩國", {"2"}),
    ],
)
def test_chinese_numerals_are_read(text: str, numbers: set[str]) -> None:
    assert numbers_in(text, "zh") == numbers


@pytest.mark.parametrize(
    ("text", "language", "numbers"),
    [
        ("lần thứ 8 năm 2025", "vi", {"8", "2025"}),
        ("mấy lần năm 2025", "vi", {"2025"}),
        ("nhiều lần. Năm 2025", "vi", {"2025"}),
        ("เมืองสามารถทำอะไรได้ ห้ามจอด", "th", set()),
        ("三百个城市 五千万 零碳 十分重要", "zh", {"300", "50000000"}),
        ("一百二十", "zh", {"120"}),
        ("二〇二二 三四个", "zh", {"2022", "3", "4"}),
        ("二〇二五年", "zh", {"2025"}),
        ("08.11.2025", "en", {"8", "11", "2025"}),
        ("2,500 và 2.500 và 2500", "vi", {"2500"}),
        ("395.5 tỷ", "vi", {"395.5"}),
    ],
)
def test_numbers_are_not_cut_out_of_words_or_of_larger_numbers(text: str, language: str, numbers: set[str]) -> None:
    assert numbers_in(text, language) == numbers


def test_a_date_is_its_three_numbers() -> None:
    assert numbers_in("30/08/2021", "vi") == numbers_in("2021年8月30日", "zh") == {"30", "8", "2021"}


def test_a_thai_year_is_the_western_one() -> None:
    assert numbers_in("ปี 2565", "th") == numbers_in("ปี ๒๕๖๕", "th") == {"2022"}
    assert numbers_in("năm 2565", "vi") == {"2565"}


@pytest.mark.parametrize(
    ("number", "year"), [("2021", True), ("1995", True), ("2100", False), ("202", False), ("4049", False)]
)
def test_what_is_a_year(number: str, year: bool) -> None:
    assert is_year(number) is year


def test_a_documents_title_and_date_count_for_all_of_it() -> None:
    document = Document("a", "vi", (), title="Hội nghị lần thứ tư", published=date(2021, 8, 30))
    assert dated_numbers(document) == {"4", "2021", "8", "30"}
    assert dated_numbers(Document("a", "vi", ())) == frozenset()
