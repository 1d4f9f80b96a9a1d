"""What a reading of files is told, and what it tells besides documents."""

import re
from dataclasses import dataclass
from pathlib import Path, PurePath

from retrieval.records import Document
from retrieval.text import clean

HTML = frozenset({".html", ".htm"})
"""What files of markup end in."""
LARGEST_FILE = 5_000_000
"""Bytes. A longer file is no article; it is reported and left out."""
_LONGEST_ID = 100
_NAMELESS = "document"


class CorpusError(Exception):
    """Raised when a corpus folder cannot be read at all; the message names it and the mend."""


class UnreadableError(ValueError):
    """Raised when a file of a known kind holds no text we can take out of it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that was left out, or read with a doubt, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class AddedFile:
    """A document's file that stands elsewhere than in the folder; what its name ends in tells its kind."""

    id: str
    path: Path


@dataclass(frozen=True, slots=True)
class Amendments:
    """What is read besides a folder, and what of it is not."""

    removed: frozenset[str] = frozenset()
    """Ids of the folder's documents that are left alone."""
    added: tuple[AddedFile, ...] = ()
    """Each instead of the folder's document with its id, if there is one."""


UNAMENDED = Amendments()


@dataclass(frozen=True, slots=True)
class Original:
    """A document's file as it came."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Submission:
    """A file as it would stand in a corpus."""

    document: Document
    suffix: str
    """Its kind, what its name ends in."""
    passages: int


def document_id(name: str) -> str:
    """The id of the document in a file of that name: no path, no ending, nothing unseen."""
    last = " ".join(re.split(r"[/\\]", clean(name))[-1].split())
    return last.removesuffix(PurePath(last).suffix)[:_LONGEST_ID].strip(" .") or _NAMELESS


def check_size(size: int) -> None:
    """Raises UnreadableError for more bytes than a document's file may have."""
    if size > LARGEST_FILE:
        raise UnreadableError(f"is larger than {LARGEST_FILE // 1_000_000} MB; split it into articles")


def much_cut(document: Document, suffix: str) -> int:
    """How many in a hundred of a file's characters were cut away, where that is more than half; 0 for less, and for
    markup, of which nearly all always is."""
    whole = document.characters_kept + document.characters_cut
    cut = suffix not in HTML and 2 * document.characters_cut > whole
    return 100 * document.characters_cut // whole if cut else 0
