"""Dates as Vietnamese, Chinese and English pages write them."""

import re
from dataclasses import dataclass
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug"),
            *("september sept sep", "october oct", "november nov", "december dec"),
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(_MONTHS)
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_FULL = [
    re.compile(rf"(?<!\d){_YEAR}[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?!\d)"),
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})[-/.](?P<month>\d{{1,2}})[-/.]{_YEAR}(?!\d)"),
    re.compile(rf"(?<!\d){_YEAR}\s*年\s*(?P<month>\d{{1,2}})\s*月\s*(?P<day>\d{{1,2}})\s*日"),
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})\s+tháng\s+(?P<month>\d{{1,2}})(?:,|\s+năm)?\s+{_YEAR}", re.I),
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<name>{_MONTH})\.?,?\s+{_YEAR}", re.I),
    re.compile(rf"\b(?P<name>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}", re.I),
]
_DAY_OF_MONTH = [
    re.compile(r"(?<!\d)(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日"),
    re.compile(r"\b(?:ngày|sáng|chiều|tối|trưa|hôm)\s+(?P<day>\d{1,2})[/-](?P<month>\d{1,2})(?![\d/-])", re.I),
    re.compile(r"\bngày\s+(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2})\b", re.I),
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<name>{_MONTH})\b", re.I),
    re.compile(rf"\b(?P<name>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)", re.I),
]
_LONE_YEAR = re.compile(r"(?<![\d-])(?:19|20)\d\d(?![\d-])")
_BESIDE_A_DATE = re.compile(
    r"\d{1,2}[:h]\d{2}(?::\d{2})?|\b[ap]\.?m\b\.?|\(?(?:GMT|UTC)\s*[+-]?\d*(?::\d\d)?\)?|\b[A-Z]{2,4}\b(?=\s*$)"
    r"|thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ\s+nhật|(?:星期|周|週|礼拜)[一二三四五六日天]"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:mon|tue|wed|thu|fri|sat|sun)\b"
    r"|ngày|clock|cập nhật|đăng|lúc|updated|published|posted|first|last|on|at"
    r"|发布时间|發布時間|更新|发布|發布|时间|時間|日期|来源|來源",
    re.I,
)
_LONGEST_BYLINE = 40
"""A dateline may carry a name or a place beside the date; more than this is a sentence."""


@dataclass(frozen=True, slots=True)
class DayOfMonth:
    """A day whose year the text does not say there."""

    month: int
    day: int


def dateline(line: str) -> date | None:
    """The date of a line that says little but a date, or None: a date inside a sentence is an event's."""
    for pattern in _FULL:
        match = pattern.search(line)
        if match and (found := _date(match)) and _says_little_else(line[: match.start()] + line[match.end() :]):
            return found
    return None


def first_day_of_month(text: str) -> DayOfMonth | None:
    """The first day and month in the text that stand without a year."""
    dated = [match.span() for pattern in _FULL for match in pattern.finditer(text)]
    found = [match for pattern in _DAY_OF_MONTH for match in pattern.finditer(text) if not _within(match, dated)]
    days = (DayOfMonth(_month(match), int(match["day"])) for match in sorted(found, key=re.Match.start))
    return next((day for day in days if with_year(day, 2000)), None)


def only_year(text: str) -> int | None:
    """The year a text names, where it names one and no other."""
    years = {int(year) for year in _LONE_YEAR.findall(text)}
    return years.pop() if len(years) == 1 else None


def with_year(day: DayOfMonth, year: int) -> date | None:
    """The full date, or None where the calendar has no such day."""
    try:
        return date(year, day.month, day.day)
    except ValueError:
        return None


def _within(match: re.Match[str], spans: list[tuple[int, int]]) -> bool:
    return any(start < match.end() and match.start() < end for start, end in spans)


def _date(match: re.Match[str]) -> date | None:
    return with_year(DayOfMonth(_month(match), int(match["day"])), int(match["year"]))


def _month(match: re.Match[str]) -> int:
    groups = match.groupdict()
    return _MONTHS[groups["name"].lower()] if groups.get("name") else int(groups["month"])


def _says_little_else(rest: str) -> bool:
    return len(re.sub(r"[\W\d_]+", "", _BESIDE_A_DATE.sub("", rest))) <= _LONGEST_BYLINE and not re.search(
        r"[。.!?]\s*$", rest
    )
