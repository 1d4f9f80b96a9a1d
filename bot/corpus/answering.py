"""The processes that read the corpus and answer from it, so that no text, however hostile, holds up the bot.

    nursery        has imported what is needed, and forks
     └─ edition    which has read and indexed a folder, or taken it from where it was kept, and forks
         └─ answerer   which answers one question after another, and can be killed at any time

Each lives on a socket that the one above was handed for it, and ends when that is closed: with the bot, whatever the
bot dies of. What was read is shared by all forks; a fork takes milliseconds.
"""

import contextlib
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bot import logs
from bot.corpus.editions import Edition, build_edition, load_what_questions_need
from bot.corpus.replies import reply
from bot.corpus.snapshots import Snapshots
from bot.corpus.vectors import VectorStore
from bot.corpus.wire import (
    LENGTH,
    Failure,
    Numbers,
    Order,
    Reached,
    Request,
    Unchanged,
    WarmUp,
    framed,
    numbered,
    unpickled,
)
from retrieval.corpus.folder import inventory
from retrieval.corpus.records import CorpusError

_LOG = logging.getLogger(__name__)
_Made = TypeVar("_Made")
_MOST_SECONDS_A_QUESTION = 60
"""After which an answerer ends by itself, should the bot have died before it could end it."""
_MOST_SECONDS_WITHOUT_PROGRESS = 600
"""After which an edition does, that hangs over a file or a passage."""


def main() -> None:
    """The nursery: `python -m bot.corpus.answering SOCKET LEVEL FORMAT`, an open socket's number and how to log."""
    # A supervisor tells the whole group to stop; these are to go on until the bot has finished.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a fork: the system buries it
    logs.configure(*sys.argv[2:])
    # Meanwhile the bot is still being imported; all forks share it.
    _tried(load_what_questions_need)
    with socket.socket(fileno=int(sys.argv[1])) as asked:
        _fork_for_each(asked, _keep_edition)


def _fork_for_each(asked: socket.socket, live: Callable[[socket.socket], None]) -> None:
    """Begins a process on every socket that it is handed, until nobody hands it any."""
    while True:
        message, handed, _, _ = socket.recv_fds(asked, 1, 1)
        if not message:
            return
        if not os.fork():
            asked.close()
            with socket.socket(fileno=handed[0]) as own:
                _live(own, live)
            _give_way()  # to give back its memory takes as long as half an answer
            os._exit(0)
        os.close(handed[0])


def _live(own: socket.socket, live: Callable[[socket.socket], None]) -> None:
    try:
        live(own)
    except (BrokenPipeError, ConnectionResetError):
        pass  # the other end is gone, and so is the reason to live
    except Exception as error:
        _LOG.error("a process of the corpus failed: %s", logs.describe(error))


def _keep_edition(own: socket.socket) -> None:
    order: Order = unpickled(_received(own))
    kept = Snapshots(order.snapshot)
    signal.alarm(_MOST_SECONDS_WITHOUT_PROGRESS)
    earlier = None if order.anew else _paced(kept.load, order)
    edition = _built(own, order, earlier)
    signal.alarm(0)
    changed, earlier = edition is not earlier, None  # which is as large, and not needed any more
    if edition is None:
        return
    _send(own, edition.catalogue)
    _tried(lambda: _paced(edition.prepare, order))  # while the bot goes on with its start; forks come after it
    if changed:
        _paced(lambda: kept.save(edition), order)
    gc.freeze()  # or the collector would write to every page that the forks share
    _fork_for_each(own, lambda asked: _answer(asked, edition, order))


def _built(own: socket.socket, order: Order, earlier: Edition | None) -> Edition | None:
    def tell(done: int, total: int) -> None:
        signal.alarm(_MOST_SECONDS_WITHOUT_PROGRESS)
        _send(own, Reached(done, total))

    def build() -> Edition:
        return build_edition(order.folder, VectorStore(order.vectors), tell, order.amendments, earlier, files)

    try:
        files = inventory(order.folder, order.amendments)
        if files == order.served:
            _send(own, Unchanged())
            return None
        return _paced(build, order)
    except CorpusError as error:
        _send(own, Failure(str(error)))
    except Exception as error:
        _LOG.error("the corpus could not be read: %s", logs.describe(error))
        _send(own, Failure(""))
    return None


def _tried(prepare: Callable[[], None]) -> None:
    """Does what answers can do without, if slowly: a fault of it must not keep them back."""
    try:
        prepare()
    except Exception as error:
        _LOG.error("some questions may not be answered: %s", logs.describe(error))


def _paced(work: Callable[[], _Made], order: Order) -> _Made:
    """Does the work, and where answers go on beside it, in what time of the processors they leave.

    Then in a thread of its own, for on Linux only that is less urgent, and not what is forked later.
    """
    if not order.answers_go_on:
        return work()
    with ThreadPoolExecutor(1, initializer=_give_way) as thread:
        return thread.submit(work).result()


def _give_way() -> None:
    """Has the calling thread run, for good, while no other wants to: whoever wakes for a question takes its place."""
    with contextlib.suppress(AttributeError, OSError):  # other systems do not have it, and some do not allow it
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def _answer(asked: socket.socket, edition: Edition, order: Order) -> None:
    _send(asked, os.getpid())
    numbers = numbered(edition.documents)
    while request := _received(asked):
        signal.alarm(_MOST_SECONDS_A_QUESTION)
        replied = _replied(edition, order, unpickled(request))
        signal.alarm(0)
        _send(asked, replied, numbers)


def _replied(edition: Edition, order: Order, request: Request) -> object:
    if isinstance(request, WarmUp):
        return _paced(lambda: reply(edition, order, request), order)
    return reply(edition, order, request)


def _send(to: socket.socket, message: object, numbers: Numbers | None = None) -> None:
    to.sendall(framed(message, numbers))


def _received(by: socket.socket) -> bytes:
    """The next message, empty where there is none to come."""
    return _exactly(by, LENGTH.unpack(head)[0]) if (head := _exactly(by, LENGTH.size)) else b""


def _exactly(by: socket.socket, count: int) -> bytes:
    parts = []
    while count:
        part = by.recv(count)
        if not part:
            return b""
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


if __name__ == "__main__":
    main()
