"""A bot that can be killed a hundred times a minute: one process reads the corpus, and every life is a fork of it.

    python -m tests.bot.lives

Reads orders, a JSON object a line; for each it begins a life, writes its process id and, when it has ended, its exit
code. A life has its settings from the `environment` of the order and writes its `log` to a file; where it `dies` at one
of `POINTS`, it does so by itself, as by SIGKILL.
"""

import asyncio
import functools
import json
import os
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from unittest.mock import patch

from telegram.ext import ExtBot

from bot import application, logs
from bot.application import run
from bot.conversation import limits
from bot.corpus.library import Library
from bot.corpus.nursery import Nursery
from bot.corpus.wire import Order
from bot.delivery.inbox import Inbox
from bot.delivery.pace import Pace
from bot.delivery.turns import Turns
from bot.settings import Settings
from bot.storage.database import _transacted
from tests import certificates

KILLED = 137
_Step = Callable[..., Any]


def _before(step: _Step) -> _Step:
    async def stepped(*given: Any, **named: Any) -> Any:
        _die()
        return await step(*given, **named)

    return stepped


def _after(step: _Step) -> _Step:
    async def stepped(*given: Any, **named: Any) -> Any:
        result = await step(*given, **named)
        _die()
        return result

    return stepped


def _before_the_call(step: _Step) -> _Step:
    def stepped(*given: Any, **named: Any) -> Any:
        _die()
        return step(*given, **named)

    return stepped


def _before_its_commit(step: _Step) -> _Step:
    """Dies in the middle of the transactions that the step makes."""

    def dying(connection: sqlite3.Connection, *writes: Any) -> object:
        return _transacted(_Dying(connection), *writes)  # type: ignore[arg-type]

    async def stepped(*given: Any, **named: Any) -> Any:
        with patch("bot.storage.database._transacted", dying):
            return await step(*given, **named)

    return stepped


class _Dying:
    """A connection with which the process dies when it comes to the commit."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def commit(self) -> None:
        _die()


POINTS: dict[str, tuple[type, str, Callable[[_Step], _Step]]] = {
    "before it is taken in": (Inbox, "take_in", _before),
    "while it is taken in": (Inbox, "take_in", _before_its_commit),
    "once it is taken in": (Inbox, "take_in", _after),
    "before its turn": (Turns, "add", _before_the_call),
    "once it is in hand": (Inbox, "open", _after),
    "before it is sent": (ExtBot, "send_message", _before),
    "once it is sent": (ExtBot, "send_message", _after),
    "before it is done": (Inbox, "done", _before),
    "while it is done": (Inbox, "done", _before_its_commit),
    "once it is done": (Inbox, "done", _after),
}
"""Where a life can end: what is called there, and how that is made deadly."""


def _die() -> None:
    os._exit(KILLED)


def _live(environment: dict[str, str], log: str, point: str) -> None:
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
    logs.configure("DEBUG", "text")
    if point:
        owner, name, deadly = POINTS[point]
        setattr(owner, name, deadly(getattr(owner, name)))
    asyncio.run(run(Settings.from_environment(environment)))


def main() -> None:
    """Begins lives until there are no more orders."""
    settings = Settings.from_environment(dict(os.environ))
    nursery = Nursery()
    library = asyncio.run(Library.open(Order(settings.corpus, settings.vectors, settings.snapshot), nursery))

    @asynccontextmanager
    async def shared(*_: object) -> AsyncIterator[Any]:
        yield library

    fast = functools.partial(Pace, per_second=10_000, seconds_in_chat=0.0, per_minute_in_group=10_000)
    limits.QUESTIONS_OF_A_PERSON = limits.QUESTIONS_IN_A_CHAT = 10**9
    with certificates.read_once(), patch.multiple(application, _nursery=shared, _library=shared, Pace=fast):
        for line in sys.stdin:
            order = json.loads(line)
            child = os.fork()
            if not child:
                _live(order["environment"], order["log"], order["dies"])
                os._exit(0)
            print(child, flush=True)  # noqa: T201
            _, status = os.waitpid(child, 0)
            print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201
    library.close()
    nursery.close()


if __name__ == "__main__":
    main()
