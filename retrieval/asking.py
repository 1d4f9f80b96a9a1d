"""What kind of answer a question asks for, such as a day or a sum of money, and what of these kinds a text tells."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from retrieval.bridges.glossary import Concept, Glossary
from retrieval.numbers import is_year, numbers_in
from retrieval.records import Question
from retrieval.tables import table

TIME, DAY, NUMBER, MONEY, CONTACT = KINDS = ("time", "day", "number", "money", "contact")
_NARROWER = {DAY: TIME, MONEY: NUMBER, CONTACT: NUMBER}
"""Who asks for the one asks for no mere other."""
_FOR_A_SUM = {"amount", "much"}
"""Headings of the table that ask for money together."""

_HAN_DIGITS = "0-9〇一二三四五六七八九十"
_CHINESE_NUMERAL = f"[{_HAN_DIGITS}]"
_CENTURY = r"thế kỷ (?:\d+|[IVX]+)\b|(?<!\d)\d{1,2}(?:\s*世纪|(?:st|nd|rd|th)[- ]century)"
_YEAR = r"(?<![\d.,])(?:19|20)\d\d(?!\d)"
_OLD_YEAR = r"(?:năm|in|since|tahun|noong|ปี)\s*\d{3,4}(?!\d)|(?<!\d)\d{3,4}\s*年"
_ORDINAL = re.compile(
    r"(?:lần thứ|lần|thứ)\s+\w+|第\s*[\d一二三四五六七八九十]+|(?<!\d)\d{1,4}(?:st|nd|rd|th)\b|\bke-?\d+", re.IGNORECASE
)
_HAN_NUMBER = f"{_HAN_DIGITS}百千万亿"
_DIGITS = r"(?<![\d.,])\d+(?:[.,]\d+)*"
_ROUND = r"(?:nghìn|ngàn|triệu|tỷ|tỉ|trăm|hundred|thousand|million|billion|trillion)"
_SMALL = r"(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|one|two|three|four|five|six|seven|eight|nine|ten)"
_DONG = r"(?<![\d.,])\d{1,3}(?:[.,]\d{3})+\s?đồng"
"""Without a round number đồng may also be together, or bronze."""
_COUNTED = {
    "zh": (rf"(?<![{_HAN_NUMBER}.,])[{_HAN_NUMBER}]++(?:[.,]\d+)*+", r"\s?[百千万亿多余]{0,4}", "(?![化老首素桥里结])"),
    "th": (_DIGITS, r"\s?(?:พัน|หมื่น|แสน|ล้าน){0,3}\s?", ""),
    "": (rf"(?:{_DIGITS}|\b{_SMALL}(?=\s{_ROUND}\s))", r"\s?(?:[^\W\d_]{1,12}\s){0,2}", r"(?![^\W\d_])"),
}
"""By language how a number is written, what may stand between it and its currency, and what may not stand behind."""
_CONTACT = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,63}|\bhttps?://[\w./?=&%-]{4,200}"
    r"|(?<![\w.@-])(?:[\w-]{1,63}\.){1,4}(?:org|com|net|gov|edu|int|info|asia|vn|cn|sg|th|my|id|ph)(?![\w-])"
    r"|(?<![\w.,+])\+\d{8,14}(?!\d)"
    r"|(?<![\w.,+])(?:\+\d{1,3}[ .-])?\(0?\d{1,3}\)[ .-]?\d{3,4}[ .-]?\d{3,4}(?!\d)"
    r"|(?<![\w.,+])(?:\+\d{1,3}[ .-]\d{1,3}|0\d{1,3})[ .-]\d{3,4}[ .-]?\d{3,4}(?![\d.,])"
    r"|(?<![\w.,+])(?:0\d{8,10}|1[3-9]\d{9})(?!\d)"
    r"|(?<![\w.,+])1[89]00[ -]\d{4,6}(?!\d)"
)
_PART_OF_A_NAME = re.compile(r"[A-Za-z](?:-\s?)?\d+")
"""A number that counts nothing: COVID-19, Smart21."""


class Told(NamedTuple):
    """What a text tells, kind by kind, as numbers."""

    times: frozenset[str]
    days: frozenset[str]
    numbers: frozenset[str]
    sums: frozenset[str]
    """Of money; they are among the numbers, too."""
    contacts: frozenset[str]
    """Addresses of mail and of pages, and telephone numbers."""

    def kinds(self, besides: frozenset[str]) -> frozenset[str]:
        """The kinds of which it tells something besides these numbers, which the question knows already."""
        return frozenset(kind for kind, numbers in zip(KINDS, self, strict=True) if numbers - besides)


def kinds_asked(question: Question) -> frozenset[str]:
    """The kinds of answer that the question asks for; who asks for a day asks for no mere time."""
    asked = frozenset(_ways_to_ask().concepts(question.text))
    kinds = asked.intersection(KINDS)
    if asked >= _FOR_A_SUM:
        kinds |= {MONEY}
    if kinds & {TIME, DAY}:
        kinds -= {CONTACT}  # since when there is one
    return kinds - {_NARROWER[kind] for kind in kinds & _NARROWER.keys()}


def told_in(text: str, language: str) -> Told:
    """What a text tells: times, days and other numbers, of which an edition or a part of a name is none."""
    text = unicodedata.normalize("NFKC", text)
    sums, _ = _parted(text, _sums(language), language)
    days, rest = _parted(text, _days(), language)
    contacts = frozenset(_CONTACT.findall(rest))
    years, rest = _parted(rest, _years(), language)
    rest = _PART_OF_A_NAME.sub(" ", _ORDINAL.sub(" ", rest))
    numbers = numbers_in(rest, language)
    return Told(days | years, frozenset(number for number in days if not is_year(number)), numbers, sums, contacts)


def _parted(text: str, sought: re.Pattern[str], language: str) -> tuple[frozenset[str], str]:
    """The numbers of what is found, or its words where it has none, as in "tháng tư"; and the rest of the text.

    The pattern is one group.
    """
    parts = sought.split(text)
    return frozenset(n for found in parts[1::2] for n in numbers_in(found, language) or {found}), " ".join(parts[::2])


@cache
def _ways_to_ask() -> Glossary:
    """Every way to ask for a kind of answer, and what helps to tell; a concept's id is the heading."""
    return Glossary(
        Concept(kind, {language: tuple(names) for language, names in rows.items()})
        for kind, rows in table("asking").items()
    )


@cache
def _sums(language: str) -> re.Pattern[str]:
    """Numbers beside a currency: "38.8 tỷ USD", "US$ 5 million", "three billion dollars", 三亿美元."""
    currencies = table("currencies")
    before = _one_of(currencies["before"])
    behind = _one_of([*currencies["behind"]["any"], *currencies["behind"].get(language, [])])
    number, between, end = _COUNTED.get(language, _COUNTED[""])
    return re.compile(rf"((?<![^\W\d_])(?:{before})\s?\d+(?:[.,]\d+)*|{number}{between}(?:{behind}){end}|{_DONG})")


def _one_of(names: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))


@cache
def _years() -> re.Pattern[str]:
    return re.compile(f"({_CENTURY}|{_YEAR}|{_OLD_YEAR})", re.IGNORECASE)


@cache
def _days() -> re.Pattern[str]:
    """Days and months, as digits or by the months' names."""
    month = "|".join(sorted({re.escape(name) for names in table("months").values() for name in names}))
    return re.compile(
        r"((?:(?i:ngày)\s+)?(?<![\d/])\d{1,2}/\d{1,2}(?:/\d{4})?(?![\d/])|\d{1,2}[.-]\d{1,2}[.-]\d{4}|\d{4}-\d{2}-\d{2}"
        r"|(?i:(?:ngày|mùng)\s+\d{1,2}(?!\d)|tháng\s+(?:\d{1,2}(?!\d)|giêng|hai|ba|tư|năm|sáu|bảy|tám|chín|mười))"
        rf"|{_CHINESE_NUMERAL}{{1,3}}\s*[月日号]|วันที่\s*\d{{1,2}}"
        rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{month})|(?:{month})\s+\d{{1,4}})"
    )
