"""From the lines of a scraped page to the article in it: title, date, credit and body."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from retrieval.dates import dateline, first_day_of_month, only_year, with_year
from retrieval.furniture import begins_tail, ends_sentence, is_age, is_caption, is_furniture, is_prose
from retrieval.records import DateBasis
from retrieval.text import is_han

_LONGEST_TITLE = 250
_NAME = r"[^\s,.;:。,;:()()][^,.;。,;()()]{0,48}?"
_END_OF_STORY = re.compile(r"(?:\./\.|[((]完[))]|[((](?:TTXVN|VNA|VOV|Xinhua|Reuters|AFP|AP|Bernama|新华社|新華社|中央社|越通社)[^))]*[))])\s*$")
_END_MARK = re.compile(r"(\./\.)\s*$|[((]完[))]\s*$")
_SOURCE = re.compile(
    rf"^[((]?(?:Theo|Nguồn(?: tin)?\s*:|Source\s*:|(?:文章)?[来來]源\s*[::]|(?:消息)?出[处處]\s*[::])\s*(?P<name>{_NAME})[))]?\.?$", re.I
)
_AUTHOR = re.compile(
    rf"^(?:By\s+|Tác giả\s*:\s*|Bài(?: và ảnh)?\s*:\s*|(?:作者|记者|記者|撰文|文)\s*[::/]\s*)(?P<name>{_NAME})$", re.I
)
_AGENCY = re.compile(r"[((](?P<name>TTXVN|VNA|VOV|Xinhua|Reuters|AFP|AP|Bernama|新华社|新華社|中央社|越通社)(?:/[^))]*)?[))]\s*$")
_AGENCY_DATELINE = re.compile(r"^(?P<name>[\u4e00-\u9fff]{2,4}社)[\u4e00-\u9fff]{2,8}(?:\d{1,2}月\d{1,2}日电)?\s*[—–-]{1,2}")
_PARENTHESISED_NAME = re.compile(r"^[((](?P<name>[\u4e00-\u9fff·]{2,4}|[^\W\d_]+(?: [^\W\d_]+){1,3})[))]$")
_BARE_NAME = re.compile(r"^[^\W\d_]+(?: [^\W\d_]+){1,3}$")


@dataclass(frozen=True, slots=True)
class Article:
    """What a page says, without what surrounds it; what it does not say is None."""

    paragraphs: tuple[str, ...]
    title: str | None = None
    published: date | None = None
    date_basis: DateBasis | None = None
    publisher: str | None = None
    author: str | None = None


def clean_page(lines: Sequence[str]) -> Article:
    """The article among the lines of a page.

    Only signals that hold for pages in general are used: where the running text begins and ends, lines
    that are menus, captions or teasers by their form, and the words that sites put over such parts.
    """
    lines = [line for line in (" ".join(line.split()) for line in lines) if line]
    head = _head(lines)
    title = _title(head)
    body, sign_off = _body(lines, _after_title(lines, title))
    published = _published(head, lines)
    inferred = None if published or not body else _inferred(title, body[0])
    return Article(
        paragraphs=tuple(_without_repeats([_without_end_mark(line) for line in body if line != title])),
        title=title,
        published=published or inferred,
        date_basis="published" if published else "inferred" if inferred else None,
        publisher=_publisher(sign_off, body, head),
        author=_author(sign_off, head),
    )


def _head(lines: list[str]) -> list[str]:
    """The lines before the running text."""
    first = next((i for i, line in enumerate(lines) if is_prose(line)), len(lines))
    return lines[:first]


def _title(head: list[str]) -> str | None:
    """The longest line of the head that could be a headline: section names and bylines are shorter."""
    candidates = [line for line in head if _could_be_title(line)]
    return max(candidates, key=len, default=None)


def _could_be_title(line: str) -> bool:
    return (
        len(line) <= _LONGEST_TITLE
        and not is_furniture(line)
        and not is_caption(line)
        and not begins_tail(line)
        and not dateline(line)
        and not _AUTHOR.match(line)
        and not _SOURCE.match(line)
        and not line.endswith((".", "。", ":", ":"))
    )


def _after_title(lines: list[str], title: str | None) -> int:
    return lines.index(title) + 1 if title else 0


def _body(lines: list[str], start: int) -> tuple[list[str], list[str]]:
    """The lines of the article's text, and those that sign it off."""
    end = _end(lines, start)
    sign_off = [line for line in lines[max(start, end - 2) : end + 2] if _is_credit(line)]
    kept = [line for line in lines[start:end] if _belongs(line)]
    if kept and _is_bare_name(kept[-1]) and len(kept) > 2:
        sign_off.append(kept.pop())
    if end < len(lines) and _END_OF_STORY.search(lines[end - 1]) and not begins_tail(lines[end]) and _is_short(lines[end]):
        sign_off.append(lines[end])
    return kept, sign_off


def _end(lines: list[str], start: int) -> int:
    """Where the article ends: at its sign-off, a heading of other stories, or teasers with their age."""
    prose = 0
    for i in range(start, len(lines)):
        line = lines[i]
        prose += is_prose(line)
        if not prose:
            continue
        if begins_tail(line) or _SOURCE.match(line):
            return i
        if _END_OF_STORY.search(line):
            return i + 1
        if is_age(line):
            return i - 1 if not ends_sentence(lines[i - 1]) else i
        if _is_teaser(lines, i):
            return i
    return len(lines)


def _is_teaser(lines: list[str], i: int) -> bool:
    """A headline that the page says twice, around its summary."""
    line = lines[i]
    return not ends_sentence(line) and len(line) > 20 and any(_same(line, later) for later in lines[i + 1 : i + 4])


def _same(one: str, other: str) -> bool:
    return re.sub(r"\W+", "", one).casefold() == re.sub(r"\W+", "", other).casefold()


def _belongs(line: str) -> bool:
    return not (is_furniture(line) or is_caption(line) or dateline(line) or _is_credit(line))


def _is_credit(line: str) -> bool:
    return bool(_SOURCE.match(line) or _AUTHOR.match(line) or _PARENTHESISED_NAME.match(line))


def _without_end_mark(line: str) -> str:
    return _END_MARK.sub(lambda mark: "." if mark[1] else "", line)


def _is_bare_name(line: str) -> bool:
    return bool(_BARE_NAME.match(line)) and line.istitle()


def _is_short(line: str) -> bool:
    return len(line) <= 40 and not ends_sentence(line)


def _without_repeats(lines: Sequence[str]) -> list[str]:
    """The lines without those that stand again inside another, as a lead does that its paragraph repeats."""
    kept: list[str] = []
    for i, line in enumerate(lines):
        if line not in kept and not any(_repeats(line, other) for other in (*lines[:i], *lines[i + 1 :])):
            kept.append(line)
    return kept


def _repeats(line: str, other: str) -> bool:
    return line != other and len(line) > 20 and line in other


def _published(head: list[str], lines: list[str]) -> date | None:
    near_top = [*head, *lines[len(head) : len(head) + 3]]
    return next((found for line in near_top if not begins_tail(line) and (found := dateline(line))), None)


def _inferred(title: str | None, lead: str) -> date | None:
    """The day that the lead names in the year that the title names."""
    year, day = only_year(title or ""), first_day_of_month(lead)
    return with_year(day, year) if year and day else None


def _publisher(sign_off: list[str], body: list[str], head: list[str]) -> str | None:
    for line in [*sign_off, *head]:
        if match := _SOURCE.match(line):
            return match["name"].strip()
    if body and (match := _AGENCY.search(body[-1])):
        return match["name"]
    agency = next((match["name"] for line in body[:2] if (match := _AGENCY_DATELINE.match(line))), None)
    plain = next((line for line in sign_off if not _is_credit(line) and any(map(is_han, line))), None)
    return plain or agency


def _author(sign_off: list[str], head: list[str]) -> str | None:
    for line in [*sign_off, *head]:
        if match := _AUTHOR.match(line) or _PARENTHESISED_NAME.match(line):
            return match["name"].strip()
    return next((line for line in sign_off if _is_bare_name(line)), None)
