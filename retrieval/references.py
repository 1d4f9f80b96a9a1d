"""Passages by names short enough for a button, which outlive restarts and end with the text they were given for."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from itertools import groupby

from retrieval.records import Document, Passage, PassageReference

_DIGEST = 5
"""Letters of 64 kinds: among a thousand documents two share one with a probability of 1 in 2,000."""
_COMPACT = re.compile(rf"([\w-]{{{_DIGEST}}})([0-9a-z]+)", re.ASCII)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class References:
    """The passages that can be answered with, and the reference of each."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._passages: dict[str, dict[int, Passage]] = {}
        self._digests: dict[str, str] = {}
        for identity, found in groupby(passages, lambda passage: passage.document.id):
            numbered = {passage.number: passage for passage in found}
            digest = self._digests[identity] = _digest(next(iter(numbered.values())).document)
            self._passages[digest] = numbered

    def of(self, passage: Passage) -> PassageReference:
        """The reference of one of the passages."""
        return PassageReference(self._digests[passage.document.id], passage.number)

    def passages(self, references: Iterable[PassageReference]) -> Mapping[PassageReference, Passage]:
        """What the references lead to, in their order; without those whose document is gone or another by now."""
        found = (
            (reference, self._passages.get(reference.document, {}).get(reference.number)) for reference in references
        )
        return {reference: passage for reference, passage in found if passage is not None}


def compact(reference: PassageReference) -> str:
    """The reference in a few ASCII letters, digits, _ and -."""
    return reference.document + in_base_36(reference.number)


def reference_in(text: str) -> PassageReference:
    """The reference that `compact` wrote.

    Raises ValueError for what it cannot have written.
    """
    found = _COMPACT.fullmatch(text)
    if found is None:
        raise ValueError("no reference to a passage")
    return PassageReference(found[1], int(found[2], 36))


def in_base_36(number: int) -> str:
    """A natural number with digits and small letters, as `int(text, 36)` reads it."""
    rest, last = divmod(number, 36)
    return (in_base_36(rest) if rest else "") + _DIGITS[last]


def _digest(document: Document) -> str:
    """A name for what passages are made of: the document's text, and which document it is."""
    said = repr((document.id, document.paragraphs)).encode("utf-8")
    return urlsafe_b64encode(sha256(said).digest())[:_DIGEST].decode("ascii")
