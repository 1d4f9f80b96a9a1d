"""How much two documents say the same, told by a few numbers of each.

A bottom-k sketch (Broder 1997, "On the resemblance and containment of documents"): the smallest hashes of all its
stretches of characters. Of two documents the share of their smallest hashes that both have estimates the share of
stretches that both have.
"""

from array import array
from collections.abc import Sequence
from heapq import nsmallest
from typing import TypeAlias
from zlib import crc32

from retrieval.records import Document

Sketch: TypeAlias = "array[int]"
"""In ascending order; half a kilobyte, where a tuple would take four."""

_KEPT = 128
"""Hashes of a document; the estimate is off by about 1 / sqrt(128), a twelfth."""
_STRETCH = 12
"""Letters and digits; as long in Chinese, where a sentence has twice as many."""
_MOST_CHARACTERS = 200_000
"""What a document says after them is not looked at."""
NEARLY_THE_SAME = 0.5


def sketch(document: Document) -> Sketch:
    """A document's sketch; that of a document without a stretch is empty."""
    said = "".join(filter(str.isalnum, "".join(document.paragraphs)[:_MOST_CHARACTERS].casefold()))
    hashes = {crc32(said[at : at + _STRETCH].encode()) for at in range(len(said) - _STRETCH + 1)}
    return array("I", nsmallest(_KEPT, hashes))


def likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """The share of what two documents say together that both say, 0 to 1, estimated by their sketches."""
    smallest = set(nsmallest(_KEPT, {*one, *other}))
    return len(smallest & set(one) & set(other)) / max(len(smallest), 1)
