"""The bot's end of the processes that answer: begun, asked, and killed where they take too long."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from bot.corpus.catalogue import Catalogue
from bot.corpus.wire import (
    LENGTH,
    Asked,
    Failure,
    Fetched,
    LookedUp,
    Opened,
    Order,
    Progress,
    Reached,
    Reading,
    Request,
    Unchanged,
    WarmUp,
    framed,
    unpickled,
)
from retrieval.corpus.records import Original
from retrieval.records import Answer, Document, Passage, PassageReference

_AT_ONCE = min(2, os.cpu_count() or 1)
"""Questions that an edition answers at once."""
_SECONDS_A_QUESTION = 10.0
"""A question that takes longer is given up; an ordinary one takes a hundredth of a second."""
_LONG = 100_000
"""Bytes of a message, as the catalogue of hundreds of documents: reading it would hold up the bot for milliseconds."""
_MOST_DEATHS = 3
"""Of answerers, over one question."""
_SECRETS = ("TOKEN", "SECRET")
"""What no child is to inherit, by words in the names of settings."""


class QuestionTooHardError(Exception):
    """Raised where a question takes too long, or whatever answers it dies of it."""


class EditionFailedError(Exception):
    """Raised where a folder cannot be read; the message is a sentence, or nothing where the log says more."""


class UnchangedError(Exception):
    """Raised where nothing has changed of what an edition was made of."""


class EditionLostError(Exception):
    """Raised where the process that has read the corpus is gone."""


class Nursery:
    """The process that begins all others."""

    def __init__(self, log_level: str = "WARNING", log_format: str = "text") -> None:
        self._logs = (log_level, log_format)
        self._begin()

    def _begin(self) -> None:
        ours, its = socket.socketpair()
        with its:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "bot.corpus.answering", str(its.fileno()), *self._logs],
                pass_fds=[its.fileno()],
                env={key: value for key, value in os.environ.items() if not any(word in key for word in _SECRETS)},
                stdin=subprocess.DEVNULL,
            )
        self._asked = ours

    async def edition(self, order: Order, progress: Progress = lambda done, total: None) -> "EditionProcess":
        """A new process that has read and indexed a folder.

        Raises EditionFailedError where it could not, EditionLostError where it died of it, and UnchangedError where
        it would be the one that the order says is served.
        """
        if self._process.poll() is not None:
            self._asked.close()
            self._begin()
        own = _handed_over(self._asked)
        try:
            await _send(own, order)
            while isinstance(message := await _receive(own), Reached):
                progress(message.done, message.total)
        except BaseException:
            own.close()
            raise
        if isinstance(message, Failure | Unchanged):
            own.close()
            raise EditionFailedError(message.reason) if isinstance(message, Failure) else UnchangedError
        return EditionProcess(own, message)

    def close(self) -> None:
        """Ends it; what it has begun goes on until it is closed itself."""
        self._asked.close()
        self._process.kill()  # there is nothing in it to be saved
        self._process.wait()


class EditionProcess:
    """A process that has read the corpus, and those that answer from it."""

    def __init__(self, own: socket.socket, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._own = own
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._free: list[_Answerer] = []
        self._asked = 0
        self._retired = False

    async def answer(self, question: Asked) -> Answer:
        """The answer to a question.

        Raises QuestionTooHardError, or EditionLostError where nothing is left that could answer.
        """
        answer: Answer = await self._reply(question)
        return answer

    async def passages(self, references: LookedUp) -> Mapping[PassageReference, Passage]:
        """What the references still lead to, in their order; raises what `answer` does."""
        found: Mapping[PassageReference, Passage] = await self._reply(references)
        return found

    async def reading(self, document: str) -> Reading | None:
        """A document to be read whole, None where there is none of that id; raises what `answer` does."""
        reading: Reading | None = await self._reply(Opened(document))
        return reading

    async def original(self, document: str) -> Original | None:
        """A document's file, None where there is none as it was read; raises what `answer` does."""
        original: Original | None = await self._reply(Fetched(document))
        return original

    async def _reply(self, request: Request) -> Any:
        with self._in_use():
            async with self._places:
                for _ in range(_MOST_DEATHS):
                    answerer = self._free.pop() if self._free else await _Answerer.begun(self._own)
                    try:
                        reply = await answerer.reply(request, self.catalogue.documents)
                    except _DiedError:
                        continue
                    self._free.append(answerer)
                    return reply
                raise QuestionTooHardError

    async def warm_up(self) -> None:
        """Begins what answers, and has each answer: the first time it takes twice as long, for much is not its own yet.

        Whoever does not come to it, on a machine that has no time left, answers all the same.
        """
        for reply in await asyncio.gather(*(self._reply(WarmUp()) for _ in range(_AT_ONCE)), return_exceptions=True):
            if reply is not None and not isinstance(reply, QuestionTooHardError):
                raise reply

    def retire(self) -> None:
        """Ends it once what was asked of it is answered."""
        self._retired = True
        if not self._asked:
            for answerer in self._free:
                answerer.close()
            self._free.clear()
            self._own.close()

    @contextlib.contextmanager
    def _in_use(self) -> Iterator[None]:
        self._asked += 1
        try:
            yield
        finally:
            self._asked -= 1
            if self._retired:
                self.retire()


class _DiedError(Exception):
    """Raised where an answerer ended over a question."""


class _Answerer:
    """A process that answers one question after another."""

    def __init__(self, own: socket.socket, pid: int) -> None:
        self._own = own
        self._pid = pid

    @classmethod
    async def begun(cls, edition: socket.socket) -> "_Answerer":
        own = _handed_over(edition)
        try:
            return cls(own, await _receive(own))
        except BaseException:
            own.close()
            raise

    async def reply(self, request: Request, documents: tuple[Document, ...]) -> Any:
        try:
            async with asyncio.timeout(_SECONDS_A_QUESTION):
                await _send(self._own, request)
                reply = await _receive(self._own, documents)
        except TimeoutError:
            self._kill()
            raise QuestionTooHardError from None
        except EditionLostError:
            self.close()  # it is gone, and its number may be another's
            raise _DiedError from None
        except BaseException:
            # Half an exchange is on its way: nobody else may have the other half.
            self._kill()
            raise
        return reply

    def close(self) -> None:
        self._own.close()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        self.close()


def _handed_over(to: socket.socket) -> socket.socket:
    """A socket whose other end a new process of theirs has."""
    ours, its = socket.socketpair()
    ours.setblocking(False)
    with its:
        try:
            socket.send_fds(to, [b"."], [its.fileno()])
        except OSError as error:
            ours.close()
            raise EditionLostError from error
    return ours


async def _send(to: socket.socket, message: object) -> None:
    try:
        await asyncio.get_running_loop().sock_sendall(to, framed(message))
    except OSError as error:
        raise EditionLostError from error


async def _receive(by: socket.socket, documents: tuple[Document, ...] = ()) -> Any:
    length = LENGTH.unpack(await _exactly(by, LENGTH.size))[0]
    message = await _exactly(by, length)
    if length > _LONG:
        return await asyncio.to_thread(unpickled, message, documents)
    return unpickled(message, documents)


async def _exactly(by: socket.socket, count: int) -> bytes:
    loop, parts = asyncio.get_running_loop(), []
    while count:
        try:
            part = await loop.sock_recv(by, count)
        except OSError as error:
            raise EditionLostError from error
        if not part:
            raise EditionLostError
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
