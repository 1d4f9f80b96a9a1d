"""What kind of answer a question asks for, a time, a day or a number, and what of these kinds a text tells."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from babel import Locale

from retrieval.bridges.glossary import Concept, Glossary
from retrieval.numbers import is_year, numbers_in
from retrieval.records import Question
from retrieval.tables import table

TIME, DAY, NUMBER = "time", "day", "number"

_MONTHS_SPELLED = ("en", "id", "ms", "fil", "th")
"""Locales whose months have names; in Vietnamese and Chinese they have numbers."""
_CHINESE_NUMERAL = "[0-9〇一二三四五六七八九十]"
_CENTURY = r"thế kỷ (?:\d+|[IVX]+)\b|(?<!\d)\d{1,2}(?:\s*世纪|(?:st|nd|rd|th)[- ]century)"
_YEAR = r"(?<![\d.,])(?:19|20)\d\d(?!\d)"
_OLD_YEAR = r"(?:năm|in|since|tahun|noong|ปี)\s*\d{3,4}(?!\d)|(?<!\d)\d{3,4}\s*年"
_ORDINAL = re.compile(
    r"(?:lần thứ|lần|thứ)\s+\w+|第\s*[\d一二三四五六七八九十]+|(?<!\d)\d{1,4}(?:st|nd|rd|th)\b|\bke-?\d+", re.IGNORECASE
)
_PART_OF_A_NAME = re.compile(r"[A-Za-z](?:-\s?)?\d+")
"""A number that counts nothing: COVID-19, Smart21."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a text tells, kind by kind, as numbers."""

    times: frozenset[str]
    days: frozenset[str]
    numbers: frozenset[str]

    def kinds(self, besides: frozenset[str]) -> frozenset[str]:
        """The kinds of which it tells something besides these numbers, which the question knows already."""
        told = ((TIME, self.times), (DAY, self.days), (NUMBER, self.numbers))
        return frozenset(kind for kind, numbers in told if numbers - besides)


def kinds_asked(question: Question) -> frozenset[str]:
    """The kinds of answer that the question asks for; who asks for a day asks for no mere time."""
    kinds = frozenset(_ways_to_ask().concepts(question.text)) & {TIME, DAY, NUMBER}
    return kinds - {TIME} if DAY in kinds else kinds


def told_in(text: str, language: str) -> Told:
    """The times, the days and the other numbers that a text tells; an edition or a part of a name is no number."""
    text = unicodedata.normalize("NFKC", text)
    days, rest = _parted(text, _days(), language)
    years, rest = _parted(rest, _years(), language)
    rest = _PART_OF_A_NAME.sub(" ", _ORDINAL.sub(" ", rest))
    return Told(days | years, frozenset(number for number in days if not is_year(number)), numbers_in(rest, language))


def _parted(text: str, sought: re.Pattern[str], language: str) -> tuple[frozenset[str], str]:
    """The numbers of what is found, or its words where it has none, as in "tháng tư"; and the rest of the text.

    The pattern is one group.
    """
    parts = sought.split(text)
    return frozenset(n for found in parts[1::2] for n in numbers_in(found, language) or {found}), " ".join(parts[::2])


@cache
def _ways_to_ask() -> Glossary:
    """Every way to ask for a kind of answer; a concept's id is the kind."""
    return Glossary(
        Concept(kind, {language: tuple(names) for language, names in rows.items()})
        for kind, rows in table("asking").items()
    )


@cache
def _years() -> re.Pattern[str]:
    return re.compile(f"({_CENTURY}|{_YEAR}|{_OLD_YEAR})", re.IGNORECASE)


@cache
def _days() -> re.Pattern[str]:
    """Days and months, as digits or by the months' names."""
    names = {name for code in _MONTHS_SPELLED for name in Locale.parse(code).months["format"]["wide"].values()}
    month = "|".join(sorted(map(re.escape, names)))
    return re.compile(
        r"((?:(?i:ngày)\s+)?(?<![\d/])\d{1,2}/\d{1,2}(?:/\d{4})?(?![\d/])|\d{1,2}[.-]\d{1,2}[.-]\d{4}|\d{4}-\d{2}-\d{2}"
        r"|(?i:(?:ngày|mùng)\s+\d{1,2}(?!\d)|tháng\s+(?:\d{1,2}(?!\d)|giêng|hai|ba|tư|năm|sáu|bảy|tám|chín|mười))"
        rf"|{_CHINESE_NUMERAL}{{1,3}}\s*[月日号]|วันที่\s*\d{{1,2}}"
        rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{month})|(?:{month})\s+\d{{1,4}})"
    )
