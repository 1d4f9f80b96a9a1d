"""What the processes that answer and the bot say to each other: pickles, each with its length before it."""

import io
import pickle
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.corpus.records import UNAMENDED, Amendments
from retrieval.records import Document, PassageReference, Question

Progress = Callable[[int, int], None]
"""Called with how many are done, of how many: first files, then passages whose vectors are made."""
Numbers = Mapping[int, int]
"""Of documents that both ends have, by their identity in this process."""
LENGTH = struct.Struct("!Q")
"""What goes before every message: its length in bytes."""


@dataclass(frozen=True, slots=True)
class Order:
    """What an edition is to be made of; the first message to its process."""

    folder: Path
    vectors: Path
    snapshot: Path
    """Where the edition made last is kept; what has not changed is taken from it."""
    answers_go_on: bool = False
    """Whether another edition answers meanwhile and is to be quick about it."""
    amendments: Amendments = UNAMENDED
    """What administrators have added to the folder's documents and removed of them."""
    served: str = ""
    """The inventory of what is served now; where the files' is the same, no edition is made."""
    anew: bool = False
    """Whether all is to be read, whatever is kept."""


QUOTES = 3
"""Of an answer, where nobody asks for more."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to an edition; its reply is an Answer."""

    text: str
    earlier: Question | None = None
    """The question that it may go on from."""
    quotes: int = QUOTES
    """As many at most."""


@dataclass(frozen=True, slots=True)
class LookedUp:
    """References to passages; the reply is a mapping to those that they still lead to."""

    references: tuple[PassageReference, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A document to be read whole, by its id; the reply is a Reading, or None where there is no such document."""

    document: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document whose file is wanted, by its id; the reply is an Original, or None where it is not as it was read."""

    document: str


@dataclass(frozen=True, slots=True)
class WarmUp:
    """Has whoever gets it make what its first questions would wait for; the reply is None."""


Request = Asked | LookedUp | Opened | Fetched | WarmUp
"""What an edition is sent, again and again."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A document to be read from its first word to its last."""

    document: Document
    passages: tuple[str, ...]
    """Their texts; the first is number 1."""
    cut: tuple[str, ...] | None
    """The lines of its file that are no part of it; None where the file is no longer as it was read."""


@dataclass(frozen=True, slots=True)
class Reached:
    """How far it is; any number of messages from it, before its Catalogue, Failure or Unchanged."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Unchanged:
    """That it would be the one that is served now, and so is not made."""


@dataclass(frozen=True, slots=True)
class Failure:
    """That it could not be made."""

    reason: str
    """A sentence for an administrator; empty where the log says more."""


def numbered(documents: Iterable[Document]) -> Numbers:
    """The numbers of documents, each its place; good for as long as they live."""
    return {id(document): number for number, document in enumerate(documents)}


def framed(message: object, numbers: Numbers | None = None) -> bytes:
    """The message, ready to be sent, with a number in place of each document that has one."""
    known = numbers or {}

    class Pickler(pickle.Pickler):
        def persistent_id(self, found: object) -> int | None:
            return known.get(id(found)) if isinstance(found, Document) else None

    written = io.BytesIO()
    Pickler(written, pickle.HIGHEST_PROTOCOL).dump(message)
    return LENGTH.pack(written.tell()) + written.getvalue()


def unpickled(message: bytes, documents: tuple[Document, ...] = ()) -> Any:
    """The message, with the documents in place of their numbers."""

    class Unpickler(pickle.Unpickler):
        def persistent_load(self, number: int) -> Document:
            return documents[number]

    return Unpickler(io.BytesIO(message)).load()
