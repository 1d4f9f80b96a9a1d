"""From the lines of a scraped page to the article in it: title, date, credit and body."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from retrieval.corpus.credits import author_in, is_bare_name, is_credit, is_source, publisher_in
from retrieval.corpus.dates import dateline, first_day_of_month, only_year, with_year
from retrieval.corpus.furniture import (
    begins_tail,
    is_age,
    is_caption,
    is_furniture,
    is_list_item,
    is_prose,
    tidy,
)
from retrieval.records import DateBasis
from retrieval.sentences import ends_sentence, sentence_spans

_LONGEST_TITLE = 250
_LONGEST_OF_SENTENCES = 120
"""Characters of a title that is several sentences, as in "What next? Cities answer"."""
_SHORTEST_REPEAT = 21
"""Characters; what is shorter may well be said twice."""
_LINES_BELOW_HEAD = 8
"""How far under the first paragraph a date or byline may still stand: below a lead and a photograph."""
_END_OF_STORY = re.compile(r"(?:\./\.|\(完\)|\bEnditem\.?|\((?:TTXVN|VNA|VOV|Xinhua|AFP|AP|新华社|越通社)\))\s*$")
_END_MARK = re.compile(r"(?:(\./\.)|\(完\)|\s*Enditem\.?)\s*$")


@dataclass(frozen=True, slots=True)
class Article:
    """What a page says, without what surrounds it; what it does not say is None."""

    paragraphs: tuple[str, ...]
    title: str | None = None
    published: date | None = None
    date_basis: DateBasis | None = None
    publisher: str | None = None
    author: str | None = None
    url: str | None = None
    characters: int = 0
    """Of the file, with what surrounds the article."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as the page has it, and as the rules read it."""

    text: str
    tidy: str


def clean_page(lines: Sequence[str]) -> Article:
    """The article among the lines of a page.

    Only signals that hold for pages in general are used: where the running text begins and ends, lines that
    are menus, captions or teasers by their form, and the words that sites put over such parts.
    """
    page = [_Line(" ".join(line.split()), tidy(line)) for line in lines if line.strip()]
    plain = [line.tidy for line in page]
    top = _first_prose(plain)
    title_at = _title_at(plain[:top])
    start = 0 if title_at is None else title_at + 1
    end = _end(plain, start)
    body, sign_off = _body(page, start, end)
    near_top = plain[: min(top + _LINES_BELOW_HEAD, end)]
    title = None if title_at is None else page[title_at].text
    published = _published(near_top, title_at or 0)
    inferred = None if published or not body else _inferred(title, body[0])
    return Article(
        paragraphs=tuple(_without_repeats([text for text in body if text != title])),
        title=title,
        published=published or inferred,
        date_basis="published" if published else "inferred" if inferred else None,
        publisher=publisher_in(sign_off, [tidy(text) for text in body], near_top),
        author=author_in(sign_off, near_top),
    )


def _first_prose(lines: Sequence[str]) -> int:
    """Where the running text begins."""
    return next((i for i, line in enumerate(lines) if is_prose(line) and not is_furniture(line)), len(lines))


def _title_at(head: Sequence[str]) -> int | None:
    """The longest line of the head that could be a headline: section names and bylines are shorter."""
    candidates = [i for i, line in enumerate(head) if _could_be_title(line)]
    return max(candidates, key=lambda i: len(head[i]), default=None)


def _could_be_title(line: str) -> bool:
    noise = is_furniture(line) or is_caption(line) or begins_tail(line) or dateline(line) or is_credit(line)
    if len(line) > _LONGEST_TITLE or noise or line.endswith((".", "。", ":")):
        return False
    return len(line) <= _LONGEST_OF_SENTENCES or len(sentence_spans(line)) == 1


def _end(lines: Sequence[str], start: int) -> int:
    """Where the article ends: at its sign-off, a heading of other stories, teasers, or widgets with little after."""
    prose = False
    for i in range(start, len(lines)):
        line = lines[i]
        prose = prose or is_prose(line)
        if not prose or (is_prose(line) and not _END_OF_STORY.search(line)):
            continue
        if _END_OF_STORY.search(line):
            return i + 1
        if is_source(line):
            return i
        if begins_tail(line) or is_age(line) or _is_teaser(lines, i) or _ends_in_widgets(lines, i):
            return _before_loose_lines(lines, i)
    return len(lines)


def _is_teaser(lines: Sequence[str], i: int) -> bool:
    """A headline that the page says twice, around its summary."""
    line = lines[i]
    return not ends_sentence(line) and len(line) > 20 and any(_same(line, later) for later in lines[i + 1 : i + 4])


def _same(one: str, other: str) -> bool:
    return re.sub(r"\W+", "", one).casefold() == re.sub(r"\W+", "", other).casefold()


def _ends_in_widgets(lines: Sequence[str], i: int) -> bool:
    """Whether a run of loose lines with a widget among them starts here, and hardly any text follows it."""
    run = _loose_run(lines, i)
    if len(run) < 3 or not any(map(is_furniture, run)):
        return False
    after = lines[i + len(run) :]
    tail = next((k for k, line in enumerate(after) if begins_tail(line)), len(after))
    return sum(map(is_prose, after[:tail])) < 2


def _loose_run(lines: Sequence[str], i: int) -> Sequence[str]:
    end = i
    while end < len(lines) and (_is_loose(lines[end]) or is_furniture(lines[end])):
        end += 1
    return lines[i:end]


def _is_loose(line: str) -> bool:
    """Whether the line is neither running text nor an entry of a list."""
    return not ends_sentence(line) and not is_list_item(line) and not is_prose(line)


def _before_loose_lines(lines: Sequence[str], i: int) -> int:
    """A heading with no text under it belongs to what follows, not to the article."""
    while i > 0 and _is_loose(lines[i - 1]) and not is_credit(lines[i - 1]) and not is_bare_name(lines[i - 1]):
        i -= 1
    return i


def _body(page: Sequence[_Line], start: int, end: int) -> tuple[list[str], list[str]]:
    """The paragraphs of the article, and the lines that sign it off."""
    kept = [line for line in _without_paywalls(page[start:end]) if _belongs(line.tidy)]
    sign_off = [line.tidy for line in page[max(start, end - 2) : end + 2] if is_credit(line.tidy)]
    if len(kept) > 2 and is_bare_name(kept[-1].tidy):
        sign_off.append(kept.pop().tidy)
    elif end < len(page) and is_bare_name(page[end].tidy):
        sign_off.append(page[end].tidy)
    return [without_end_mark(line.text) for line in kept if line.tidy not in sign_off], sign_off


def without_end_mark(line: str) -> str:
    """A line as a paragraph has it: without the sign that agencies end a story with."""
    return _END_MARK.sub(_full_stop, line)


def _full_stop(mark: re.Match[str]) -> str:
    return "." if mark[1] else ""


def _without_paywalls(lines: Sequence[_Line]) -> list[_Line]:
    """The lines without runs of loose ones that a widget stands in: a paywall or a share bar inside a story."""
    kept: list[_Line] = []
    plain = [line.tidy for line in lines]
    i = 0
    while i < len(lines):
        run = _loose_run(plain, i)
        if len(run) >= 3 and any(map(is_furniture, run)):
            i += len(run)
        else:
            kept += lines[i : i + max(1, len(run))]
            i += max(1, len(run))
    return kept


def _belongs(line: str) -> bool:
    if is_furniture(line) or is_caption(line) or is_credit(line) or begins_tail(line):
        return False
    return is_prose(line) or is_list_item(line) or not dateline(line)


def _without_repeats(paragraphs: Sequence[str]) -> list[str]:
    """The paragraphs without those that stand again inside another, as a lead does that the text repeats."""
    begun: dict[str, set[str]] = defaultdict(set)
    for text in paragraphs:
        begun[text[:_SHORTEST_REPEAT]].add(text)
    repeated = {
        text
        for other in paragraphs
        for at in range(len(other) - _SHORTEST_REPEAT + 1)
        for text in begun.get(other[at : at + _SHORTEST_REPEAT], ())
        if text != other and other.startswith(text, at)
    }
    return [text for text in dict.fromkeys(paragraphs) if text not in repeated]


def _published(lines: Sequence[str], title_at: int) -> date | None:
    """The date line nearest to the title: a page may also show today's date, far above."""
    found = {i: day for i, line in enumerate(lines) if not is_prose(line) and (day := dateline(line))}
    nearest = min(found, key=lambda i: abs(i - title_at), default=None)
    return None if nearest is None else found[nearest]


def _inferred(title: str | None, lead: str) -> date | None:
    """The day that the lead names in the year that the title names."""
    year, day = only_year(title or ""), first_day_of_month(lead)
    return with_year(day, year) if year and day else None
