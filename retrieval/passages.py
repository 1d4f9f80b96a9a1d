"""Documents into passages: paragraphs, short ones merged, long ones split at sentence ends."""

import re

from retrieval.records import Document, Passage
from retrieval.sentences import Span, ends_sentence, sentence_spans
from retrieval.text import count_han, narrow

SHORTEST = 80
LONGEST = 1000
"""Lengths in Latin letters; a Chinese character says as much as `_HAN_WEIGHT` of them."""
_HAN_WEIGHT = 2.5
# As much as is allowed, up to the end of a clause, else of a word, else of the measure.
_CLAUSE_END = r"(?:[,;:、…\uff0c\uff1b\uff1a](?!\d)|$)"
_PIECE = re.compile(
    rf"\S.{{0,{LONGEST - 2}}}{_CLAUSE_END}|\S.{{0,{LONGEST - 2}}}(?=\s|$)|\S.{{0,{LONGEST - 1}}}", re.DOTALL
)


def passages_of(document: Document) -> list[Passage]:
    """The passages of a document, in order, numbered from 1."""
    texts = [piece for paragraph in _merged(document.paragraphs) for piece in _split(paragraph)]
    return [Passage(document, number, text) for number, text in enumerate(texts, start=1)]


def size(text: str) -> float:
    """How much a text says, in Latin letters."""
    return len(text) + (_HAN_WEIGHT - 1) * count_han(text)


def _merged(paragraphs: tuple[str, ...]) -> list[str]:
    """A heading goes with what it heads, any other short paragraph with what it follows."""
    merged: list[str] = []
    heading = ""
    for paragraph in paragraphs:
        if size(paragraph) < SHORTEST and (not ends_sentence(paragraph) or narrow(paragraph).endswith(":")):
            heading += paragraph + "\n"
        elif size(paragraph) < SHORTEST and merged and not heading:
            merged[-1] += "\n" + paragraph
        else:
            merged.append(heading + paragraph)
            heading = ""
    if heading:
        merged[-1:] = ["\n".join([*merged[-1:], heading.rstrip()])]
    return merged


def _split(paragraph: str) -> list[str]:
    """The paragraph, or runs of its sentences of at most about `LONGEST`."""
    if size(paragraph) <= LONGEST:
        return [paragraph]
    pieces: list[str] = []
    start = end = 0
    for begin, stop in _short_spans(paragraph):
        if end > start and size(paragraph[start:stop]) > LONGEST:
            pieces.append(paragraph[start:end])
            start = begin
        end = stop
    return [*pieces, paragraph[start:end]]


def _short_spans(paragraph: str) -> list[Span]:
    """The sentences; one beyond all measure is cut into pieces between words, or where it must be."""
    return [
        (begin + piece.start(), begin + piece.end())
        for begin, stop in sentence_spans(paragraph)
        for piece in _PIECE.finditer(paragraph[begin:stop])
    ]
