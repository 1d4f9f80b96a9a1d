"""Where the sentences of a text begin and end, in Vietnamese, Chinese and English."""

import re
from itertools import pairwise

from retrieval.text import narrow

Span = tuple[int, int]

_CLOSING = "\uff09\"'”’»)\\]」』】》"
# A full-width end needs no blank behind it. A run of signs is tried from its beginning alone: from each of its signs
# would take the square of the time.
_END = re.compile(
    rf"(?<![!?\uff01\uff1f])[!?\uff01\uff1f]*[。\uff01\uff1f][。!?\uff01\uff1f…]*[{_CLOSING}]*"
    rf"|(?<![!?])[!?]+[{_CLOSING}]*(?=[\s\u3400-\u9fff]|$)"
    rf"|(?:(?<![.!?])[.!?]+|(?<!…)…+)(?:/\.)?[{_CLOSING}]*(?=\s|$)"
    r"|\n+"
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"“/-])(?:"
    r"[A-ZĐ]"  # an initial: J. Smith
    r"|(?:[^\W\d_]\.)+[^\W\d_]"  # U.S., e.g., v.v.
    r"|TP|Tp|TX|Q|P|ThS|TS|PGS|GS|BS|KS|LS|Tr|Mr|Mrs|Ms|Dr|Prof|St|Gen|Gov|Sen|Rep|Lt|Col|No|vs|cf|approx|Co|Ltd|Inc|Corp"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
    r")\.$"
)
_NEXT_IS_LOWER = re.compile(r"\s+[^\W\d_A-Z]")


def sentence_spans(text: str) -> list[Span]:
    """The (start, end) of each sentence, in order, without the blanks between them."""
    ends = [match.end() for match in _END.finditer(text) if _ends_sentence(text, match)]
    cuts = [0, *ends, len(text)]
    trimmed = (_trim(text, start, end) for start, end in pairwise(cuts))
    return [(start, end) for start, end in trimmed if start < end]


def ends_sentence(line: str) -> bool:
    """Whether the line ends as running text does, not as a headline."""
    return narrow(line).endswith(tuple('.。!?…"”』」】):;'))


def _ends_sentence(text: str, end: re.Match[str]) -> bool:
    mark = end.group()
    if mark[0] in "。!?\uff01\uff1f\n":
        return True
    following = _NEXT_IS_LOWER.match(text, end.end())
    if following and following.group().strip().islower():
        return False  # "… phát triển": the sentence goes on
    return mark != "." or not _ABBREVIATION.search(text[max(0, end.start() - 12) : end.end()])


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
