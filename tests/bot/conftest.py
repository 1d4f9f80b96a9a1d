"""What tests of the bot have: its parts one by one, and somebody who reads its log over its shoulder."""

import logging
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from telegram import Bot

from bot import logs
from bot.delivery.inbox import Inbox
from bot.storage.database import Database
from tests.botapi import BotApiServer


@pytest.fixture(scope="session", autouse=True)
def _shared_data(seed_vectors: Path) -> None:
    """The command line, too, finds the vectors of the seeds where one test run keeps them."""
    os.environ["ASCN_BOT_DATA"] = str(seed_vectors.parent)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with Database(tmp_path / "bot.sqlite3") as database:
        yield database


@pytest.fixture
def inbox(database: Database) -> Inbox:
    return Inbox(database)


@pytest.fixture
async def me(server: BotApiServer) -> AsyncIterator[Bot]:
    async with Bot(server.token, base_url=server.base_url, base_file_url=server.base_file_url) as me:
        yield me


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def monotonic(self) -> float:
        """Seconds, as from the module of time."""
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


class _Log(logging.Handler):
    """The lines of a log at DEBUG, as the bot would write them."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.events: list[str] = []
        """What was logged before anything was blacked out."""
        self.setFormatter(logs.OneLineFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps a line, unless Telegram's stand-in has written it."""
        if not record.name.startswith("aiohttp"):
            self.lines.append(self.format(record))
            self.events.append(record.getMessage())


@pytest.fixture(autouse=True)
def _nothing_private_is_logged(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever the bot does: its token, and what was said in any chat, stand in no line of its log at DEBUG."""
    root, log = logging.getLogger(), _Log()
    level = root.level
    root.addHandler(log)
    root.setLevel(logging.DEBUG)
    logs.quieten("DEBUG")
    yield
    root.setLevel(level)
    root.removeHandler(log)
    server = request.node.funcargs.get("server")
    if isinstance(server, BotApiServer):
        written = "\n".join(log.lines)
        assert server.token not in "\n".join(log.events)
        assert [text for text in _said(server) if text in written] == []


def _said(server: BotApiServer) -> Iterator[str]:
    """What people and the bot have written in all chats, as far as it is long enough to be told from other words."""
    for room in server.rooms.values():
        for message in room.messages.values():
            text = message.get("text") or message.get("caption") or ""
            words = text.partition(" ")[2] if text.startswith("/") else text
            if len(words) > 5:
                yield words
