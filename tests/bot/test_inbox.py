"""The inbox keeps what Telegram handed over until it is done, and people's words no longer than that."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.delivery.inbox import MOST_CRASHES, SECONDS_KEPT, Arrival, Entry, Inbox
from bot.storage.database import Database, DatabaseError

CANARY = "canary words nobody may keep "


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bot.sqlite3"


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    async with Database(path) as database:
        yield database


@pytest.fixture
def inbox(database: Database) -> Inbox:
    return Inbox(database)


def arrival(update_id: int, chat: int = 7, body: str = "{}") -> Arrival:
    return Arrival(update_id, chat, body)


async def states(database: Database) -> dict[int, str]:
    return dict(await database.rows("SELECT update_id, state FROM inbox ORDER BY number"))  # type: ignore[arg-type]


async def reopened(path: Path) -> tuple[list[Entry], list[Entry]]:
    """What the next process finds after this one has died."""
    async with Database(path) as database:
        return await Inbox(database).left_over()


def copies(folder: Path) -> int:
    """How often the canary stands in the database and what SQLite keeps beside it."""
    return sum(file.read_bytes().count(CANARY.encode()) for file in folder.glob("bot.sqlite3*"))


async def test_an_update_waits_is_in_hand_is_being_answered_and_done(inbox: Inbox, database: Database) -> None:
    (entry,) = await inbox.take_in([arrival(1)])
    seen = [await states(database)]
    for step in (inbox.open, inbox.about_to_send, inbox.surely_not_sent, inbox.about_to_send, inbox.done):
        await step(entry)
        seen.append(await states(database))
    assert [state[1] for state in seen] == ["waiting", "in hand", "sending", "in hand", "sending", "done"]
    assert await inbox.open(entry) is None


async def test_entries_come_in_the_order_of_arrival_whatever_their_ids(inbox: Inbox) -> None:
    first = await inbox.take_in([arrival(900, chat=1), arrival(901, chat=2)])
    second = await inbox.take_in([arrival(5, chat=1), arrival(4, chat=-3)])
    assert [entry.chat for entry in first + second] == [1, 2, 1, -3]
    assert await inbox.left_over() == ([], first + second)


async def test_an_update_that_is_known_is_dropped_whatever_became_of_it(inbox: Inbox, path: Path) -> None:
    done, waiting = await inbox.take_in([arrival(1), arrival(1), arrival(2)])
    await inbox.open(done)
    await inbox.done(done)
    assert await inbox.take_in([arrival(1), arrival(2)]) == []
    async with Database(path) as database:
        (new,) = await Inbox(database).take_in([arrival(1), arrival(2), arrival(3)])
    assert await inbox.left_over() == ([], [waiting, new])


async def test_what_cannot_be_read_is_set_aside_with_its_reason_and_its_neighbours_are_kept(
    inbox: Inbox, database: Database
) -> None:
    kept = await inbox.take_in([arrival(1), Arrival(2, 0, "", unreadable="RecursionError"), arrival(3)])
    assert len(kept) == 2
    assert await states(database) == {1: "waiting", 2: "set aside", 3: "waiting"}
    row = await database.row("SELECT reason FROM inbox WHERE update_id = 2")
    assert row is not None
    assert tuple(row) == ("RecursionError",)


@pytest.mark.parametrize("length", [1, 100, 30_000], ids=["a line", "a page", "a long letter"])
async def test_words_are_off_the_disk_once_they_are_answered(inbox: Inbox, tmp_path: Path, length: int) -> None:
    (entry,) = await inbox.take_in([arrival(1, body=CANARY * length)])
    await inbox.open(entry)
    await inbox.about_to_send(entry)
    assert copies(tmp_path) > 0
    await inbox.done(entry)
    await inbox.wipe()
    assert copies(tmp_path) == 0


async def test_words_that_a_dead_process_had_answered_are_wiped_by_the_next(
    inbox: Inbox, tmp_path: Path, path: Path
) -> None:
    (entry,) = await inbox.take_in([arrival(1, body=CANARY)])
    await inbox.open(entry)
    await inbox.done(entry)
    later = tmp_path / "later"
    later.mkdir()
    for file in tmp_path.glob("bot.sqlite3*"):
        shutil.copy(file, later)
    assert copies(later) > 0
    async with Database(later / path.name) as database:
        await Inbox(database).wipe()
        assert copies(later) == 0


async def test_a_wipe_that_somebody_who_reads_has_held_up_is_made_up_for(
    inbox: Inbox, database: Database, tmp_path: Path, path: Path
) -> None:
    await database.rows("PRAGMA busy_timeout = 0")
    (entry,) = await inbox.take_in([arrival(1, body=CANARY)])
    reader = sqlite3.connect(path)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM inbox").fetchall()
    await inbox.done(entry)
    with pytest.raises(DatabaseError, match="in use"):
        await inbox.wipe()
    reader.close()
    await asyncio.wait_for(inbox.wipe(), timeout=30)
    assert copies(tmp_path) == 0


async def test_ids_are_known_for_three_days_and_then_forgotten_by_time_not_by_number(
    inbox: Inbox, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_700_000_000
    monkeypatch.setattr("bot.delivery.inbox.time.time", lambda: now)
    done, never_done = await inbox.take_in([arrival(900), arrival(901)])
    await inbox.done(done)
    now += 1
    (later,) = await inbox.take_in([arrival(5)])
    await inbox.done(later)
    now += SECONDS_KEPT - 1
    await inbox.forget_old()
    assert await inbox.take_in([arrival(900), arrival(5)]) == []
    now += 1
    await inbox.forget_old()
    assert await states(database) == {901: "waiting", 5: "done"}
    assert len(await inbox.take_in([arrival(900)])) == 1
    assert never_done in (await inbox.left_over())[1]


@pytest.mark.parametrize("jump", [86_400, -86_400], ids=["a day ahead", "a day back"])
async def test_however_the_clock_jumps_what_is_known_stays_known_and_what_waits_waits(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, jump: int
) -> None:
    now = 1_700_000_000
    monkeypatch.setattr("bot.delivery.inbox.time.time", lambda: now)
    done, waiting = await inbox.take_in([arrival(1), arrival(2)])
    await inbox.done(done)
    for step in (jump, -2 * jump, jump):
        now += step
        await inbox.forget_old()
        assert await inbox.take_in([arrival(1), arrival(2)]) == []
    assert await inbox.left_over() == ([], [waiting])


async def test_what_a_process_died_of_alone_is_charged_until_it_is_given_up(inbox: Inbox, path: Path) -> None:
    (entry,) = await inbox.take_in([arrival(1, body=CANARY)])
    for crashes in range(MOST_CRASHES):
        opened = await inbox.open(entry)
        assert opened is not None
        assert (opened.given_up, opened.body) == (False, CANARY)
        assert await reopened(path) == ([replace(entry, crashes=crashes + 1)], [])
    opened = await inbox.open(entry)
    assert opened is not None
    assert (opened.given_up, opened.body) == (True, CANARY)
    await inbox.give_up(entry)
    assert await reopened(path) == ([], [])
    assert await inbox.open(entry) is None
    assert await inbox.take_in([arrival(1)]) == []


async def test_in_company_what_was_charged_before_is_charged_again(inbox: Inbox, path: Path) -> None:
    deadly, innocent = await inbox.take_in([arrival(1, chat=1), arrival(2, chat=2)])
    await inbox.open(deadly)
    await reopened(path)
    for entry in (deadly, innocent):
        await inbox.open(entry)
    assert await reopened(path) == ([replace(deadly, crashes=2), innocent], [])


async def test_of_several_in_hand_at_a_crash_none_is_charged(inbox: Inbox, database: Database, path: Path) -> None:
    entries = await inbox.take_in([arrival(1, chat=1), arrival(2, chat=2), arrival(3, chat=3)])
    for entry in entries[:2]:
        await inbox.open(entry)
    assert await reopened(path) == (entries[:2], entries[2:])
    assert await database.rows("SELECT DISTINCT state, crashes FROM inbox") == [("waiting", 0)]


async def test_what_is_put_back_waits_uncharged_and_what_may_have_left_stays_known(inbox: Inbox, path: Path) -> None:
    in_hand, sending = await inbox.take_in([arrival(1, chat=1), arrival(2, chat=2)])
    for entry in (in_hand, sending):
        await inbox.open(entry)
    await inbox.about_to_send(sending)
    await inbox.put_back([in_hand, sending])
    assert await reopened(path) == ([], [in_hand, sending])
    opened = [await inbox.open(entry) for entry in (in_hand, sending)]
    assert [each.sent_before for each in opened if each] == [False, True]


async def test_an_answer_that_may_have_left_is_known_to_every_later_process(inbox: Inbox, path: Path) -> None:
    (entry,) = await inbox.take_in([arrival(1)])
    await inbox.open(entry)
    await inbox.about_to_send(entry)
    for _ in range(MOST_CRASHES + 1):
        assert await reopened(path) == ([], [entry])
        opened = await inbox.open(entry)
        assert opened is not None
        assert (opened.sent_before, opened.given_up) == (True, False)
