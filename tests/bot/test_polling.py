"""Polling tells Telegram to forget only what is on disk, and nothing that Telegram sends makes it deaf."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from telegram import Bot, Update
from telegram.error import InvalidToken

from bot.delivery.fleeting import Fleeting
from bot.delivery.inbox import Inbox
from bot.delivery.intake import Intake
from bot.delivery.polling import Poller, PollingError
from bot.delivery.turns import Turns
from bot.storage.database import Database
from tests.botapi import BotApiServer, Chat, Person
from tests.botapi.changes import Changes
from tests.botapi.raw import RawTelegram

CONFLICT = "Conflict: terminated by other getUpdates request"


class Heard:
    """The ids of what was handled."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self._changes = Changes()

    async def handle(self, update: Update) -> None:
        self.ids.append(update.update_id)
        self._changes.announce()

    async def all_of(self, *ids: int | None) -> None:
        assert await self._changes.until(lambda: set(ids) <= set(self.ids), 60), f"heard only {self.ids}"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery.polling._FIRST_WAIT", 0.01)
    monkeypatch.setattr("bot.delivery.polling._LONGEST_WAIT", 0.02)


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with Database(tmp_path / "bot.sqlite3") as database:
        await database.rows("PRAGMA busy_timeout = 0")
        yield database


@pytest.fixture
async def raw() -> AsyncIterator[RawTelegram]:
    async with RawTelegram() as server:
        yield server


@asynccontextmanager
async def polling(server: BotApiServer, database: Database, heard: Heard) -> AsyncIterator["asyncio.Task[None]"]:
    """A poller and what it hands to, without a bot around them."""
    bot, inbox = Bot(server.token, base_url=server.base_url), Inbox(database)
    turns = Turns(inbox, bot, heard.handle, heard.handle, timedelta(minutes=5))
    await turns.resume()
    intake = Intake(inbox, turns, Fleeting(bot, heard.handle))
    task = asyncio.create_task(Poller(bot, ["message"], intake).run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await turns.stop(5)


async def ended(task: "asyncio.Task[None]") -> None:
    async with asyncio.timeout(60):
        await task


async def polls(server: BotApiServer, more: int) -> None:
    """Returns once the server has been polled so often more."""
    until = len(server.called("getUpdates")) + more
    assert await server.changes.until(lambda: len(server.called("getUpdates")) >= until, 60)


def update(update_id: int, text: str = "hello") -> bytes:
    message = {"message_id": 1, "date": 1, "chat": {"id": update_id % 9, "type": "private"}, "text": text}
    return json.dumps({"update_id": update_id, "message": message}).encode()


async def test_nothing_is_confirmed_while_the_database_is_locked_and_all_is_answered_after(
    server: BotApiServer, private: Chat, alice: Person, database: Database, tmp_path: Path, heard: Heard
) -> None:
    said = [(await server.say(private, alice, text)).update_id for text in ("one", "two", "three")]
    other = sqlite3.connect(tmp_path / "bot.sqlite3")
    async with polling(server, database, heard):
        other.execute("BEGIN IMMEDIATE")
        await polls(server, 4)
        assert {call.parameters.get("offset") for call in server.called("getUpdates")} == {None}
        assert heard.ids == []
        other.rollback()
        await heard.all_of(*said)
        await server.settled(within=30)
    other.close()
    assert heard.ids == said


async def test_nothing_is_confirmed_while_the_disk_is_full_and_all_is_answered_after(
    server: BotApiServer, private: Chat, alice: Person, database: Database, heard: Heard
) -> None:
    said = [(await server.say(private, alice, text * 4000)).update_id for text in "abc"]
    await database.rows("PRAGMA max_page_count = 1")  # as many as there are
    async with polling(server, database, heard):
        await polls(server, 3)
        assert {call.parameters.get("offset") for call in server.called("getUpdates")} == {None}
        await database.rows("PRAGMA max_page_count = 100000")
        await heard.all_of(*said)
        await server.settled(within=30)
    assert heard.ids == said


async def test_who_meets_another_poller_at_once_leaves_it_the_token(
    server: BotApiServer, database: Database, heard: Heard, caplog: pytest.LogCaptureFixture
) -> None:
    server.fail("getUpdates", times=3, status=409, description=CONFLICT)
    async with polling(server, database, heard) as task:
        with pytest.raises(PollingError, match="Another process uses this token"):
            await ended(task)
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == [
        "another process uses this token; Telegram answers only one of them"
    ]


async def test_who_has_polled_for_long_waits_for_the_other_to_leave(
    server: BotApiServer,
    private: Chat,
    alice: Person,
    database: Database,
    heard: Heard,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.delivery.polling._SECONDS_OF_SENIORITY", -1.0)
    async with polling(server, database, heard):
        first = await server.say(private, alice, "one")
        await heard.all_of(first.update_id)
        await server.settled(within=30)
        server.fail("getUpdates", times=6, status=409, description=CONFLICT)
        second = await server.say(private, alice, "two")  # lets the poll that waits return
        third = await server.say(private, alice, "three")
        await heard.all_of(second.update_id, third.update_id)
        await server.settled(within=30)
    assert [call.ok for call in server.called("getUpdates")].count(False) == 6


async def test_floods_server_errors_and_cut_connections_lose_nothing(
    server: BotApiServer, private: Chat, alice: Person, database: Database, heard: Heard
) -> None:
    server.fail("getUpdates")
    server.fail("getUpdates", status=502, description="Bad Gateway")
    server.drop("getUpdates")
    server.lose("getUpdates")
    server.fail("getUpdates", times=2, status=500, description="Internal Server Error")
    server.drop("getUpdates", times=3)
    said = [(await server.say(private, alice, text)).update_id for text in ("one", "two", "three")]
    async with polling(server, database, heard):
        await heard.all_of(*said)
        await server.settled(within=30)
    assert heard.ids == said


async def test_a_token_that_is_revoked_ends_it(server: BotApiServer, database: Database, heard: Heard) -> None:
    server.fail("getUpdates", status=401, description="Unauthorized")
    async with polling(server, database, heard) as task:
        with pytest.raises(InvalidToken):
            await ended(task)


@pytest.mark.parametrize(
    "bad",
    [
        b'{"update_id": 50, "message": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"update_id": 50, "message": {"text": "never closed}}',
        b'{"update_id": 50, "message": \xff\xfe}',
        b'{"update_id": 50, "message": ' + b"9" * 5000 + b"}",
    ],
    ids=["too deep", "cut off", "no unicode", "a number without end"],
)
async def test_an_update_that_cannot_be_read_takes_none_of_its_batch_along(
    raw: RawTelegram, database: Database, heard: Heard, caplog: pytest.LogCaptureFixture, bad: bytes
) -> None:
    raw.raw = {number: bad if number == 50 else update(number) for number in range(1, 101)}
    async with polling(raw, database, heard):
        await heard.all_of(*(number for number in range(1, 101) if number != 50))
        assert await raw.changes.until(lambda: not raw.raw, 60)
    assert await database.rows("SELECT update_id, state FROM inbox WHERE state != 'done'") == [(50, "set aside")]
    assert raw.polls < 50
    (line,) = caplog.messages
    assert line.startswith("an update could not be read, and was set aside: ")


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>Please log in to this network</html>",
        b'{"ok":true}',
        b'{"ok":true,"result":{}}',
        b'{"ok":true,"result":[{"message":{}}]}',
        b'{"ok":true,"result":[7,null,{"update_id":"8"},{"update_id":true},{"update_id":-1}]}',
    ],
    ids=["a page", "nothing", "no list", "no id", "no ids"],
)
async def test_an_answer_that_makes_no_sense_is_waited_out_as_a_failure(
    raw: RawTelegram, database: Database, heard: Heard, caplog: pytest.LogCaptureFixture, answer: bytes
) -> None:
    raw.instead = [answer] * 3
    raw.raw = {5: update(5)}
    async with polling(raw, database, heard):
        await heard.all_of(5)
    assert [record.message for record in caplog.records if record.levelname == "WARNING"] == [
        "Telegram could not be asked for updates: TelegramError"
    ] * 3


async def test_silence_ends_it_so_that_it_is_started_anew(
    raw: RawTelegram, database: Database, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.polling._SECONDS_OF_A_POLL", 1)
    monkeypatch.setattr("bot.delivery.polling._SECONDS_WITHOUT_SUCCESS", 0.5)
    raw.instead = [b"not now"] * 100_000
    async with polling(raw, database, heard) as task:
        with pytest.raises(PollingError, match=r"No updates could be taken in for \d+ s"):
            await ended(task)


async def test_a_poll_that_brings_nothing_is_no_silence(
    raw: RawTelegram, database: Database, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.polling._SECONDS_OF_A_POLL", 0.01)
    monkeypatch.setattr("bot.delivery.polling._SECONDS_WITHOUT_SUCCESS", 30)
    async with polling(raw, database, heard) as task:
        assert await raw.changes.until(lambda: raw.polls >= 20, 60)
        assert not task.done()
