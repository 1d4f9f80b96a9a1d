"""The corpus being served: built aside, swapped in one step, asked without stopping the event loop."""

import asyncio
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from retrieval.answers import Answerer
from retrieval.bridges.concepts import glossary_with
from retrieval.bridges.meaning import NO_CACHE, VectorCache, encoder
from retrieval.corpus.folder import Corpus, Problem, read_corpus
from retrieval.records import Answer, Document

Progress = Callable[[int, int], None]
"""Called with how many are done, of how many: first files, then passages whose vectors are made."""


class ReloadRunningError(Exception):
    """Raised when a reload is asked for while one runs."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"a reload has been running for {seconds:.0f} s")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Edition:
    """One state of the corpus, ready to answer; an answer comes whole from one edition."""

    answerer: Answerer
    problems: tuple[Problem, ...]

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents it answers from."""
        return self.answerer.documents

    @property
    def digest(self) -> str:
        """A name for what the documents say: the same documents, the same digest."""
        return hashlib.sha256(repr(self.documents).encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class Reload:
    """What a reload changed."""

    edition: Edition
    added: tuple[Document, ...]
    changed: tuple[Document, ...]
    removed: tuple[Document, ...]
    seconds: float


def build_edition(
    folder: Path, vectors: VectorCache = NO_CACHE, progress: Progress = lambda done, total: None
) -> Edition:
    """Reads and indexes a folder; takes seconds of processor time, and more where `vectors` are still to be computed.

    Raises CorpusError when the folder cannot be read.
    """
    corpus: Corpus = read_corpus(folder, progress)
    return Edition(
        Answerer(corpus.documents, encoder(), vectors, progress, glossary_with(corpus.concepts)), corpus.problems
    )


def finds_by_meaning() -> bool:
    """Whether the extra `semantic` is installed."""
    return encoder() is not None


class Library:
    """Answers from the current edition and replaces it by a newer one."""

    def __init__(self, folder: Path, vectors: VectorCache, edition: Edition) -> None:
        self._folder = folder
        self._vectors = vectors
        self._reload_began: float | None = None
        self.edition = edition

    @classmethod
    async def open(cls, folder: Path, vectors: VectorCache = NO_CACHE) -> "Library":
        """The library of a folder, read and indexed; `vectors` are kept there between starts."""
        return cls(folder, vectors, await asyncio.to_thread(build_edition, folder, vectors))

    async def answer(self, question: str) -> Answer:
        """The answer to a question, from one edition whatever is reloaded meanwhile."""
        return await asyncio.to_thread(self.edition.answerer.answer, question)

    async def reload(self, progress: Progress) -> Reload:
        """Reads the corpus anew while the old edition serves, and swaps once the new one is complete.

        `progress` is called in the event loop. Raises ReloadRunningError while another reload runs, and whatever
        building raised, after which the old edition goes on serving.
        """
        if self._reload_began is not None:
            raise ReloadRunningError(time.monotonic() - self._reload_began)
        loop = asyncio.get_running_loop()
        self._reload_began = began = time.monotonic()
        try:
            built = await asyncio.to_thread(
                build_edition,
                self._folder,
                self._vectors,
                lambda done, total: _call_in(loop, progress, done, total),
            )
        finally:
            self._reload_began = None
        before, self.edition = self.edition, built
        return _compared(before, built, time.monotonic() - began)


def _call_in(loop: asyncio.AbstractEventLoop, progress: Progress, done: int, total: int) -> None:
    loop.call_soon_threadsafe(progress, done, total)


def _compared(before: Edition, after: Edition, seconds: float) -> Reload:
    old = {document.id: document for document in before.documents}
    new = {document.id: document for document in after.documents}
    return Reload(
        edition=after,
        added=tuple(document for name, document in new.items() if name not in old),
        changed=tuple(document for name, document in new.items() if name in old and old[name] != document),
        removed=tuple(document for name, document in old.items() if name not in new),
        seconds=seconds,
    )
