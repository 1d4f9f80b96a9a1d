"""Writes that wait for one another are written together, and none of them suffers from another's fault."""

import asyncio
import sqlite3
from collections.abc import Iterator

import aiosqlite
import pytest

from bot.storage.database import Database, DatabaseError
from tests.bot.failing import ERRORS, SqliteFaults, sqlite_faults

KEEP = "INSERT INTO chat (id, language) VALUES (?, ?)"


@pytest.fixture
def visits(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What the thread of the connection is asked for."""
    visits: list[object] = []
    execute = aiosqlite.Connection._execute

    async def counted(connection: aiosqlite.Connection, function: object, *arguments: object) -> object:
        visits.append(function)
        return await execute(connection, function, *arguments)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(aiosqlite.Connection, "_execute", counted)
    return visits


@pytest.fixture
def faults() -> Iterator[SqliteFaults]:
    with sqlite_faults() as faults:
        yield faults


async def chats(database: Database) -> list[tuple[int, str]]:
    return [tuple(row) for row in await database.rows("SELECT id, language FROM chat ORDER BY id")]


async def test_what_waits_is_written_in_one_visit_to_the_thread(database: Database, visits: list[object]) -> None:
    await asyncio.gather(*(database.write(KEEP, number, "vi") for number in range(10)))
    assert len(await chats(database)) == 10
    assert len(visits) == 2  # to write them, and to look


async def test_each_has_the_rows_of_its_own_statements(database: Database) -> None:
    returning = KEEP + " RETURNING id * 10"
    rows = await asyncio.gather(*(database.write(returning, number, "vi") for number in range(10)))
    assert [[tuple(row) for row in found] for found in rows] == [[(10 * number,)] for number in range(10)]


async def test_a_wrong_statement_fails_alone_and_leaves_nothing_of_its_own(database: Database) -> None:
    outcomes = await asyncio.gather(
        database.write(KEEP, 1, "vi"),
        database.write_all([(KEEP, (2, "zh")), (KEEP, (1, "zh"))]),
        database.write(KEEP, 3, "en"),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [list, sqlite3.IntegrityError, list]
    assert await chats(database) == [(1, "vi"), (3, "en")]


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("first", range(1, 12))
async def test_whatever_fails_once_no_write_is_lost_that_was_not_said_to_be(
    database: Database, faults: SqliteFaults, first: int, error: sqlite3.Error
) -> None:
    faults.fail(error, first=first)
    outcomes = await asyncio.gather(
        *(database.write(KEEP, number, "vi") for number in range(4)), return_exceptions=True
    )
    faults.mend()
    failed = [number for number, outcome in enumerate(outcomes) if isinstance(outcome, BaseException)]
    assert len(failed) <= 1
    assert all(isinstance(outcomes[number], DatabaseError) for number in failed)
    assert [number for number, _ in await chats(database)] == [number for number in range(4) if number not in failed]


async def test_whoever_stops_waiting_takes_nothing_from_the_others(database: Database) -> None:
    tasks = [asyncio.create_task(database.write(KEEP, number, "vi")) for number in range(6)]
    await asyncio.sleep(0)
    tasks[0].cancel()
    tasks[3].cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [number for number, outcome in enumerate(outcomes) if isinstance(outcome, BaseException)] == [0, 3]
    await database.write(KEEP, 9, "vi")
    assert [number for number, _ in await chats(database)] == [0, 1, 2, 3, 4, 5, 9]
