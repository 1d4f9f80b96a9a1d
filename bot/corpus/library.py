"""The corpus being served: read aside, swapped in one step, asked without stopping the event loop."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeVar

from bot.corpus.catalogue import Catalogue
from bot.corpus.nursery import EditionLostError, EditionProcess, Nursery, UnchangedError
from bot.corpus.wire import QUOTES, Asked, LookedUp, Order, Progress, Reading
from bot.troubles import Trouble, told
from retrieval.corpus.records import Amendments, Original
from retrieval.records import Answer, Document, Passage, PassageReference, Question

_LOG = logging.getLogger(__name__)
_MOST_LOSSES = 3
"""Of editions, over one question."""
_Reply = TypeVar("_Reply")


class ReloadRunningError(Exception):
    """Raised when a reload is asked for while one runs."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"a reload has been running for {seconds:.0f} s")
        self.seconds = seconds


class ShrunkError(Exception):
    """Raised when a reload would leave less than half of the documents, and was not told that this is meant."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__(f"{after} documents would be left of {before}")
        self.before = before
        self.after = after


@dataclass(frozen=True, slots=True)
class Reload:
    """What a reload changed."""

    catalogue: Catalogue
    added: tuple[Document, ...]
    changed: tuple[Document, ...]
    removed: tuple[Document, ...]
    seconds: float


class Library:
    """Answers from the current edition and replaces it by a newer one."""

    def __init__(self, order: Order, nursery: Nursery, edition: EditionProcess) -> None:
        self._order = order
        self._nursery = nursery
        self._edition = edition
        self._restoring = asyncio.Lock()
        self._reload_began = 0.0
        self._reloading: asyncio.Task[object] | None = None
        self.loaded = datetime.now(UTC)
        """When what is served was read, or found to be as it was."""
        self.reloads = 0
        """How often that was done anew."""

    @classmethod
    async def open(cls, order: Order, nursery: Nursery) -> "Library":
        """The library of what is ordered, read and indexed.

        Raises EditionFailedError when the folder cannot be read.
        """
        return cls(order, nursery, await nursery.edition(order))

    def close(self) -> None:
        """Ends the processes that answer, and a reload that runs."""
        if self._reloading is not None:
            self._reloading.cancel()
        self._edition.retire()

    @property
    def catalogue(self) -> Catalogue:
        """What is being served."""
        return self._edition.catalogue

    @property
    def reloading_for(self) -> float | None:
        """For how many seconds a reload has been running, None where none is."""
        return None if self._reloading is None else time.monotonic() - self._reload_began

    async def answer(self, question: str, earlier: Question | None = None, quotes: int = QUOTES) -> Answer:
        """The answer to a question, from one edition whatever is reloaded meanwhile.

        `earlier` is a question that it may go on from.

        Raises QuestionTooHardError where it takes too long, EditionLostError where whatever answers is lost again
        and again.
        """
        return await self._asked(lambda edition: edition.answer(Asked(question, earlier, quotes)))

    async def passages(self, references: tuple[PassageReference, ...]) -> Mapping[PassageReference, Passage]:
        """What the references still lead to, in their order; raises what `answer` does."""
        return await self._asked(lambda edition: edition.passages(LookedUp(references)))

    async def reading(self, document: str) -> Reading | None:
        """A document to be read whole, None where there is none of that id; raises what `answer` does."""
        return await self._asked(lambda edition: edition.reading(document))

    async def original(self, document: str) -> Original | None:
        """A document's file, None where there is none as it was read; raises what `answer` does."""
        return await self._asked(lambda edition: edition.original(document))

    async def _asked(self, ask: Callable[[EditionProcess], Awaitable[_Reply]]) -> _Reply:
        for _ in range(_MOST_LOSSES):
            edition = self._edition
            try:
                return await ask(edition)
            except EditionLostError:
                await self._restore(edition)
        raise EditionLostError("whatever answers is lost again and again")

    async def reload(self, progress: Progress, force: bool = False) -> Reload:
        """Reads the corpus anew while the old edition serves, and swaps once the new one is complete.

        Where no file has changed the old one serves on; `force` has it read all the same.

        Raises ReloadRunningError while another reload runs, EditionFailedError where the corpus cannot be read, and
        ShrunkError where, without `force`, less than half would be left; after all of which the old edition serves on.
        """
        with self._reloading_alone():
            order = replace(self._order, served="" if force else self.catalogue.inventory, anew=force)
            try:
                edition = await self._read_aside(order, progress, force)
            except UnchangedError:
                return self._compared_with(self.catalogue)
            return self._replaced(edition, self._order)

    async def amend(
        self,
        amendments: Callable[[], Awaitable[Amendments]],
        keep: Callable[[Catalogue], Awaitable[None]],
        progress: Progress,
        force: bool = False,
    ) -> Reload:
        """Reads the corpus with other amendments, has it kept that these are served from now on, and swaps.

        Raises what `reload` and the two callables raise; after all of which the old edition serves on.
        """
        with self._reloading_alone():
            order = replace(self._order, amendments=await amendments())
            edition = await self._read_aside(order, progress, force)
            try:
                await keep(edition.catalogue)
            except BaseException:
                edition.retire()
                raise
            return self._replaced(edition, order)

    @contextmanager
    def _reloading_alone(self) -> Iterator[None]:
        if (seconds := self.reloading_for) is not None:
            raise ReloadRunningError(seconds)
        self._reloading, self._reload_began = asyncio.current_task(), time.monotonic()
        try:
            yield
        finally:
            self._reloading = None

    async def _read_aside(self, order: Order, progress: Progress, force: bool) -> EditionProcess:
        """An edition as ordered, which has answered once, and holds as much as is meant."""
        edition = await self._nursery.edition(replace(order, answers_go_on=True), progress)
        try:
            await edition.warm_up()
            before, after = len(self.catalogue.documents), len(edition.catalogue.documents)
            if 2 * after < before and not force:
                raise ShrunkError(before, after)
        except BaseException:
            edition.retire()
            raise
        return edition

    def _replaced(self, edition: EditionProcess, order: Order) -> Reload:
        self._order = order
        return self._compared_with(self._swap(edition).catalogue)

    def _compared_with(self, before: Catalogue) -> Reload:
        self.loaded, self.reloads = datetime.now(UTC), self.reloads + 1
        return _compared(before, self.catalogue, time.monotonic() - self._reload_began)

    def _swap(self, edition: EditionProcess) -> EditionProcess:
        before, self._edition = self._edition, edition
        before.retire()
        return before

    async def _restore(self, lost: EditionProcess) -> None:
        """Reads the corpus again in place of an edition whose process is gone, once for all who ask."""
        async with self._restoring:
            if self._edition is lost:
                _LOG.error(
                    "the process that has read the corpus is gone; reading it again", extra=told(Trouble.EDITION_LOST)
                )
                edition = await self._nursery.edition(self._order)
                # A reload may have come in between.
                (self._swap if self._edition is lost else EditionProcess.retire)(edition)


def _compared(before: Catalogue, after: Catalogue, seconds: float) -> Reload:
    old, new = _fingerprints(before), _fingerprints(after)
    changed = {name for name in old.keys() & new.keys() if old[name] != new[name]}
    return Reload(
        catalogue=after,
        added=tuple(document for document in after.documents if document.id not in old),
        changed=tuple(document for document in after.documents if document.id in changed),
        removed=tuple(document for document in before.documents if document.id not in new),
        seconds=seconds,
    )


def _fingerprints(catalogue: Catalogue) -> dict[str, str]:
    """The fingerprint of each document, by its id."""
    return {document.id: known for document, known in zip(catalogue.documents, catalogue.fingerprints, strict=True)}
