"""The database keeps what it was told, one write at a time, and closes."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.corpus.catalogue import Catalogue
from bot.storage.database import MIGRATIONS, Database, DatabaseError
from bot.storage.statistics import Statistics
from bot.storage.store import Store


def catalogue(*fingerprints: str) -> Catalogue:
    return Catalogue((), fingerprints, len(fingerprints), (), by_meaning=False)


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[Store]:
    async with Database(path) as database:
        yield Store(database)


@asynccontextmanager
async def counting(path: Path) -> AsyncIterator[Statistics]:
    async with Database(path) as database:
        yield Statistics(database)


async def counted(statistics: Statistics) -> int:
    today = (await statistics.figures(1)).days[0]
    return today.found + today.missing


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "bot.sqlite3"


async def test_the_database_is_durable(path: Path) -> None:
    async with opened(path) as store:
        pragmas = [
            await store._database.row(f"PRAGMA {name}") for name in ("journal_mode", "synchronous", "user_version")
        ]
    assert [tuple(row) for row in pragmas if row] == [("wal",), (2,), (len(MIGRATIONS),)]


async def test_a_chosen_language_outlives_the_process(path: Path) -> None:
    async with opened(path) as store:
        await store.choose_language(7, "vi")
        await store.choose_language(8, "en")
        await store.choose_language(8, None)
    async with opened(path) as store:
        assert [await store.chosen_language(chat) for chat in (7, 8, 9)] == ["vi", None, None]


async def test_a_chat_that_moves_keeps_its_language_however_often_it_is_told(path: Path) -> None:
    async with opened(path) as store:
        await store.choose_language(-7, "vi")
        await store.move_chat(-7, -1007)
        await store.move_chat(-7, -1007)
        assert [await store.chosen_language(chat) for chat in (-7, -1007)] == [None, "vi"]


async def test_questions_are_counted_by_day_language_and_outcome(path: Path) -> None:
    async with counting(path) as statistics:
        for found in (True, True, False):
            await statistics.count_question("vi", found)
        assert await counted(statistics) == 3
    with sqlite3.connect(path) as database:
        rows = database.execute("SELECT language, found, questions FROM question_count ORDER BY found").fetchall()
    database.close()
    assert rows == [("vi", 0, 1), ("vi", 1, 2)]


async def test_writes_at_once_are_all_kept(path: Path) -> None:
    async with counting(path) as statistics:
        await asyncio.gather(*(statistics.count_question("vi", True) for _ in range(100)))
        assert await counted(statistics) == 100


async def test_a_cancelled_write_leaves_no_transaction_open(path: Path) -> None:
    async with counting(path) as statistics:
        for steps in range(8):
            task = asyncio.create_task(statistics.count_question("vi", True))
            for _ in range(steps):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await statistics.count_question("vi", True)  # waits its turn behind whatever is still being written
        before = await counted(statistics)
        await statistics.count_question("vi", True)
        assert await counted(statistics) == before + 1


async def test_a_failed_write_is_rolled_back(path: Path) -> None:
    async with counting(path) as statistics:
        with pytest.raises(sqlite3.IntegrityError):
            await statistics.count_question(None, True)  # type: ignore[arg-type]
        await statistics.count_question("vi", True)
        assert await counted(statistics) == 1


async def test_a_generation_is_recorded_once(path: Path) -> None:
    async with opened(path) as store:
        first = await store.record_generation(catalogue("a"))
        again = await store.record_generation(catalogue("a"))
        second = await store.record_generation(catalogue("a", "b"))
        assert (first, again.number, second.number) == (again, 1, 2)
        assert await store.newest_generation() == second


async def test_a_database_of_a_newer_version_is_not_touched(path: Path) -> None:
    async with Database(path):
        pass
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(DatabaseError, match="written by a newer version"):
        async with Database(path):
            pass


async def test_a_folder_that_cannot_be_made_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file stands here")
    with pytest.raises(DatabaseError, match="cannot be opened"):
        async with Database(tmp_path / "data" / "bot.sqlite3"):
            pass
