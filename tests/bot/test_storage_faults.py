"""Whichever call of SQLite fails, every question is answered, rightly and once."""

import asyncio
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any

import aiosqlite
import pytest

from bot.application import Service, serving
from bot.corpus.library import Library
from bot.delivery.inbox import Arrival, Entry, Inbox
from bot.delivery.pace import Pace
from bot.settings import Settings
from bot.storage.database import Database, DatabaseError
from tests.bot.echo import EchoLibrary
from tests.bot.failing import ERRORS, SqliteFaults, sqlite_faults
from tests.botapi import BotApiServer, Chat, Person
from tests.botapi.changes import Changes

PICTURE = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}
TEXT_ONLY = "I can only read text. Please type your question."


class Ends:
    """Counts what has ended in the inbox."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._count, self._changes, done = 0, Changes(), Inbox.done

        async def done_and_counted(inbox: Inbox, entry: Entry) -> None:
            await done(inbox, entry)
            self._count += 1
            self._changes.announce()

        monkeypatch.setattr(Inbox, "done", done_and_counted)

    async def reach(self, count: int) -> None:
        assert await self._changes.until(lambda: self._count >= count, 60), f"only {self._count} of {count} ended"
        assert self._count == count


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> Ends:
    return Ends(monkeypatch)


@pytest.fixture
def settings(server: BotApiServer, tmp_path: Path) -> Settings:
    return Settings(token=server.token, base_url=server.base_url, corpus=tmp_path, data=tmp_path / "data")


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch, unlimited: None) -> EchoLibrary:
    library = EchoLibrary()
    monkeypatch.setattr(Library, "open", library.opened)
    return library


@pytest.fixture
def faults() -> Iterator[SqliteFaults]:
    with sqlite_faults() as faults:
        yield faults


@pytest.fixture
async def bot(
    settings: Settings, pace: Pace, library: EchoLibrary, ends: Ends, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Service]:
    monkeypatch.setattr("bot.delivery.turns._SECONDS_BEFORE_RETRY", 0.001)
    monkeypatch.setattr("bot.delivery.polling._FIRST_WAIT", 0.001)
    monkeypatch.setattr("bot.delivery.inbox._SECONDS_BEFORE_WIPING", 0.0)
    async with serving(settings, pace) as service:
        yield service


async def conversation(server: BotApiServer, chat: Chat, group: Chat, by: Person, name: str) -> int:
    """A question, an album without words and a chosen language; returns how many updates that is."""
    await server.say(chat, by, f"Question {name}")
    await server.serve(chat, by, photo=[PICTURE], media_group_id=f"album {name}")
    await server.serve(chat, by, photo=[PICTURE], media_group_id=f"album {name}")
    await server.say(group, by, "/language")
    menu = await server.reply(group, within=30)
    await server.answer(await server.press(menu, "language:en", by=by), within=30)
    assert (await server.edited(menu, within=30)).text.startswith("From now on I reply in English.")
    return 5


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("times", [1, 2], ids=["once", "twice in a row"])
async def test_a_conversation_holds_whichever_call_fails(
    server: BotApiServer, private: Chat, alice: Person, ends: Ends, faults: SqliteFaults, times: int
) -> None:
    group = server.group("Cities", members=[alice], admins=[alice])
    first, ended, befell = 0, 0, True
    while befell:
        first += 1
        faults.fail(ERRORS[first % len(ERRORS)], first, times)
        ended += await conversation(server, private, group, alice, str(first))
        await ends.reach(ended)
        befell = faults.befell > 0
        answer, picture = await server.replies(private, 2)
        assert answer.text.startswith("The articles hold no answer to this question.")
        assert f"• Echo of Question {first}\n" in answer.text
        assert picture.text == TEXT_ONLY
    faults.mend()
    await server.quiet(private)
    await server.quiet(group)
    assert first > 50


@pytest.mark.parametrize("error", ERRORS, ids=str)
async def test_an_opening_that_fails_anywhere_is_one_error_and_harms_nothing(
    tmp_path: Path, faults: SqliteFaults, error: sqlite3.Error
) -> None:
    path, first, befell = tmp_path / "bot.sqlite3", 0, True
    while befell:
        first += 1
        faults.fail(error, first)
        with suppress(DatabaseError):
            async with Database(path) as database:
                await Inbox(database).left_over()
        befell = faults.befell > 0
    faults.mend()
    async with Database(path) as database:
        inbox = Inbox(database)
        (entry,) = await inbox.take_in([Arrival(1, 7, "{}")])
        assert await inbox.left_over() == ([], [entry])
    assert first > 10


async def test_words_are_wiped_while_others_read(tmp_path: Path) -> None:
    async with Database(tmp_path / "bot.sqlite3") as database:
        await Inbox(database).take_in([Arrival(number, 7, "{}") for number in range(100)])
        for _ in range(20):
            reading = asyncio.create_task(database.rows("SELECT * FROM inbox"))
            await asyncio.sleep(0)  # lets it begin
            await database.truncate_log()
            assert len(await reading) == 100


async def test_a_transaction_whose_rollback_failed_is_not_left_open(tmp_path: Path, faults: SqliteFaults) -> None:
    async with Database(tmp_path / "bot.sqlite3") as database:
        inbox = Inbox(database)
        faults.fail(ERRORS[2], first=3, times=2)  # the commit, and the rollback
        with pytest.raises(DatabaseError):
            await inbox.take_in([Arrival(1, 7, "{}")])
        assert faults.befell == 2
        assert len(await inbox.take_in([Arrival(2, 7, "{}")])) == 1
        assert await database.rows("SELECT update_id FROM inbox") == [(2,)]


@pytest.mark.parametrize("whose", ["the caller's", "the writer's"])
async def test_a_task_that_is_cancelled_at_any_call_leaves_all_or_nothing_and_no_transaction_open(
    tmp_path: Path, faults: SqliteFaults, whose: str
) -> None:
    async with Database(tmp_path / "bot.sqlite3") as database:
        inbox, first, befell = Inbox(database), 0, True
        while befell:
            first += 1
            task = asyncio.create_task(inbox.take_in([Arrival(10 * first + n, 7, "{}") for n in range(3)]))
            faults.happen(
                partial(cancel_in, asyncio.get_running_loop(), database, task if whose == "the caller's" else None),
                first,
            )
            await asyncio.gather(task, return_exceptions=True)
            befell = faults.befell > 0
            faults.mend()
            assert len(await inbox.take_in([Arrival(10 * first + 9, 7, "{}")])) == 1
            kept = await database.rows(
                "SELECT update_id FROM inbox WHERE update_id BETWEEN ? AND ?", 10 * first, 10 * first + 8
            )
            assert len(kept) in (0, 3), first
        assert first > 5


@pytest.mark.parametrize("step", [1, 2, 3])
async def test_a_checkpoint_whose_caller_is_cancelled_as_a_step_of_it_ends_keeps_nothing_from_being_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    ended, tell = 0, aiosqlite.core.set_result

    def tell_and_cancel(future: asyncio.Future[Any], result: object) -> None:
        nonlocal ended
        tell(future, result)
        ended += 1
        if ended == step:
            task.cancel()

    async with Database(tmp_path / "bot.sqlite3") as database:
        task = asyncio.create_task(database.truncate_log())
        monkeypatch.setattr(aiosqlite.core, "set_result", tell_and_cancel)
        # Its traceback has the statement in it as long as somebody holds the error.
        held = await asyncio.gather(task, return_exceptions=True)
        monkeypatch.undo()
        assert len(await Inbox(database).take_in([Arrival(1, 7, "{}")])) == 1
        assert len(held) == 1


def cancel_in(loop: asyncio.AbstractEventLoop, database: Database, caller: asyncio.Task[Any] | None) -> None:
    """Cancels, from the database's thread, a caller or else the writer, and waits until that is done."""
    cancelled = threading.Event()

    def cancel() -> None:
        task = caller or database._writer
        assert task is not None
        task.cancel()
        loop.call_soon(cancelled.set)  # once it has learnt of it

    loop.call_soon_threadsafe(cancel)
    assert cancelled.wait(5)


async def test_a_lock_that_others_hold_for_a_moment_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3"
    async with Database(path) as database:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            taking_in = asyncio.create_task(Inbox(database).take_in([Arrival(1, 7, "{}")]))
            await asyncio.sleep(0.3)
            assert not taking_in.done()
            other.execute("COMMIT")
        assert len(await taking_in) == 1


WRITES = """
import asyncio, pathlib, sys
from bot.storage.database import Database

async def main():
    async with Database(pathlib.Path(sys.argv[1])) as database:
        print("open", flush=True)
        for number in range(10):
            await database.write("INSERT INTO chat (id) VALUES (?)", number)

asyncio.run(main())
"""


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace tells what reaches the disk")
def test_every_write_is_on_the_disk_before_the_next(tmp_path: Path) -> None:
    traced = ["strace", "-f", "-qq", "-e", "trace=fsync,fdatasync,write", "-o", str(tmp_path / "trace")]
    script = [sys.executable, "-c", WRITES, str(tmp_path / "bot.sqlite3")]
    done = subprocess.run([*traced, *script], capture_output=True, text=True, timeout=60)  # noqa: S603
    if "ptrace" in done.stderr.lower():
        pytest.skip("nobody may be traced here")
    assert done.returncode == 0, done.stderr
    calls = (tmp_path / "trace").read_text()
    after_opening = calls[calls.index('write(1, "open') :]
    assert after_opening.count("sync(") >= 10
