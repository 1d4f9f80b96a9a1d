"""What can be told of the corpus being served without its texts."""

import hashlib
from dataclasses import dataclass

from retrieval.corpus.records import Problem
from retrieval.likeness import Sketch
from retrieval.records import Document


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What can be told of an edition without its texts."""

    documents: tuple[Document, ...]
    """Without their paragraphs."""
    fingerprints: tuple[str, ...]
    """Of each document with its paragraphs: the same document, the same fingerprint."""
    passages: int
    problems: tuple[Problem, ...]
    by_meaning: bool
    """Whether passages are found by meaning, too."""
    sketches: tuple[Sketch, ...] = ()
    """Of each document, by which one that says nearly the same is known."""
    inventory: str = ""
    """Of the files that it was read from; empty where some were left out."""

    @property
    def digest(self) -> str:
        """A name for what the documents say: the same documents, the same digest."""
        return fingerprint(self.fingerprints)


def fingerprint(what: object) -> str:
    """A name for what a record says: equal records have equal ones."""
    return hashlib.sha256(repr(what).encode("utf-8")).hexdigest()
