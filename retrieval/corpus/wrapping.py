"""Lines that were broken to a width, put together to paragraphs again."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from unicodedata import east_asian_width

from retrieval.corpus.furniture import is_list_item
from retrieval.text import is_han

_NARROWEST, _WIDEST = 40, 120
"""Columns of a text that was broken to a width; a Chinese character takes two."""
_MOSTLY = 0.7
"""Share of the lines with another right below that must have been broken for want of room."""
_FEWEST = 4
"""Lines with another right below."""
_TABLE = re.compile(r"\t|\S {2,}\S|\|")
_CHINESE_STOP = re.compile("[,;。、，；：]")
_BROKEN_WORD = re.compile(r"[a-z]-$")
_LEFT_BY_PUNCTUATION = 4
"""Columns that a Chinese line may leave empty, for no line begins with a full stop."""


def unwrapped(lines: Sequence[str]) -> list[str]:
    """The lines as they are, or where all were broken to one width its paragraphs.

    A line was broken where the next word had no room in it, and goes on in the middle of a sentence: so it is with
    hardly any line of a menu, a list or a table.
    """
    stripped = [line.strip() for line in lines]
    inner = [(line, below) for line, below in pairwise(stripped) if _is_followed(line, below)]
    # An address may be as long as it likes.
    width = max((_columns(line) for line in stripped if line and (" " in line or is_han(line[0]))), default=0)
    if len(inner) < _FEWEST or not _NARROWEST <= width <= _WIDEST:
        return list(lines)
    full = sum(_has_no_room(line, below, width) for line, below in inner)
    going_on = sum(_goes_on(line, below) for line, below in inner)
    told = full >= _MOSTLY * len(inner) and going_on >= len(inner) / 2
    return list(_paragraphs(stripped, width)) if told else list(lines)


def joined(lines: Sequence[str], *, hyphenated: bool = False) -> str:
    """The lines of a paragraph as one: Chinese goes on without a blank, and so does what a hyphen ends.

    Where words were `hyphenated`, broken inside, their hyphens go.
    """
    parts = [part for line, below in pairwise(lines) for part in _leading_on(line, below, hyphenated)]
    return "".join([*parts, *lines[-1:]])


def _leading_on(line: str, below: str, hyphenated: bool) -> tuple[str, str]:
    """The line, and what is between it and the one below."""
    if line[-1] == "-" and below[0].islower():
        return (line[:-1] if hyphenated and _BROKEN_WORD.search(line) else line), ""
    return line, "" if is_han(below[0]) and not line[-1].isascii() else " "


def _paragraphs(lines: Sequence[str], width: int) -> Iterator[str]:
    paragraph: list[str] = []
    for line, below in pairwise([*lines, ""]):
        paragraph.append(line)
        if not (_is_followed(line, below) and _has_no_room(line, below, width)):
            yield joined(paragraph)
            paragraph = []


def _is_followed(line: str, below: str) -> bool:
    """Whether the one line could go on in the other: no blank one, and no entry of a list."""
    return bool(line and below) and not is_list_item(below)


def _has_no_room(line: str, below: str, width: int) -> bool:
    """Whether the first word of the line below would have gone beyond the width."""
    if is_han(below[0]):
        return _columns(line) + 2 + _LEFT_BY_PUNCTUATION > width
    return _columns(line) + 1 + _columns(below.split()[0]) > width


def _goes_on(line: str, below: str) -> bool:
    """Whether the one may go on in the other by its look: with a small letter, or in Chinese among commas."""
    if _TABLE.search(line):
        return False
    return bool(_CHINESE_STOP.search(line)) if is_han(below[0]) else not below[0].isupper()


def _columns(text: str) -> int:
    return len(text) if text.isascii() else len(text) + sum(east_asian_width(character) in "WF" for character in text)
