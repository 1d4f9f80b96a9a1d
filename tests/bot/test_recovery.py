"""A damaged database is noticed at the start, whatever is damaged in it, and never used."""

import logging
import os
import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.corpus.catalogue import Catalogue
from bot.delivery.inbox import Arrival, Inbox
from bot.storage import recovery
from bot.storage.backups import Backups
from bot.storage.database import MIGRATIONS, Database, DatabaseError
from bot.storage.soundness import fault_in
from bot.storage.statistics import Statistics
from bot.storage.store import Store

Rows = dict[str, list[tuple[object, ...]]]
Damage = Callable[[bytearray, random.Random], None]
NOTHING: Rows = {"chat": [], "question_count": [], "generation": [], "inbox": []}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "bot.sqlite3"


@pytest.fixture
def backups(path: Path) -> Backups:
    return Backups(path, 7)


async def fill(path: Path, chats: int = 200) -> None:
    """A database as a few busy days leave it."""
    async with Database(path) as database:
        store, statistics, inbox = Store(database), Statistics(database), Inbox(database)
        for number in range(chats):
            await store.choose_language(number, ("vi", "en", "zh-Hans")[number % 3])
        for number in range(30):
            await store.record_generation(Catalogue((), (str(number),), number, (), by_meaning=True))
            await statistics.count_question(("vi", "en", "zh")[number % 3], number % 2 == 0)
        entries = await inbox.take_in([Arrival(number, 7, f'{{"text": "{number * 99}"}}') for number in range(200)])
        for entry in entries[:150]:
            await inbox.done(entry)


def rows(path: Path) -> Rows:
    with closing(sqlite3.connect(path)) as database:
        return {
            table: sorted(database.execute(f"SELECT * FROM {table} NOT INDEXED"), key=repr)  # noqa: S608
            for table in NOTHING
        }


def flip_bytes(content: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 1, 2, 8, 64))):
        content[chance.randrange(len(content))] ^= chance.randrange(1, 256)


def cut_off(content: bytearray, chance: random.Random) -> None:
    del content[chance.randrange(len(content)) :]


def cut_off_pages(content: bytearray, chance: random.Random) -> None:
    del content[4096 * chance.randrange(len(content) // 4096) :]


def zero_a_page(content: bytearray, chance: random.Random) -> None:
    start = 4096 * chance.randrange(len(content) // 4096)
    content[start : start + 4096] = bytes(4096)


def swap_pages(content: bytearray, chance: random.Random) -> None:
    one, other = (4096 * chance.randrange(len(content) // 4096) for _ in range(2))
    content[one : one + 4096], content[other : other + 4096] = (
        content[other : other + 4096],
        content[one : one + 4096],
    )


@pytest.mark.parametrize("damage", [flip_bytes, cut_off, cut_off_pages, zero_a_page, swap_pages])
async def test_damage_is_noticed_or_harmless_and_never_keeps_the_bot_from_starting(
    tmp_path: Path, damage: Damage
) -> None:
    await fill(tmp_path / "whole" / "bot.sqlite3")
    whole, content = rows(tmp_path / "whole" / "bot.sqlite3"), (tmp_path / "whole" / "bot.sqlite3").read_bytes()
    noticed = 0
    for seed in range(60):
        damaged = bytearray(content)
        damage(damaged, random.Random(seed))  # noqa: S311
        path = tmp_path / str(seed) / "bot.sqlite3"
        path.parent.mkdir()
        path.write_bytes(damaged)
        recovery.mend(path, Backups(path, 7))
        async with Database(path):
            pass
        aside = list(path.parent.glob("*.damaged-*"))
        noticed += len(aside) > 0
        assert rows(path) == (NOTHING if aside else whole), seed
    assert noticed >= 20


async def test_no_byte_of_the_header_is_damaged_unnoticed(path: Path, backups: Backups) -> None:
    await fill(path, chats=3)
    whole, content = rows(path), path.read_bytes()
    for place in range(100):
        for value in {0, 1, 2, 5, 255, content[place] ^ 1, content[place] ^ 128} - {content[place]}:
            path.write_bytes(content[:place] + bytes([value]) + content[place + 1 :])
            if int.from_bytes(path.read_bytes()[60:64], signed=True) > len(MIGRATIONS):
                with pytest.raises(DatabaseError, match="was written by a newer version"):
                    recovery.mend(path, backups)
                continue
            if fault_in(path) is None:  # then the change is harmless
                async with Database(path):
                    pass
                assert rows(path) == whole, (place, value)


async def test_the_newest_sound_backup_takes_the_place_of_a_damaged_database(
    path: Path, backups: Backups, caplog: pytest.LogCaptureFixture
) -> None:
    await fill(path)
    whole = rows(path)
    written = backups.write()
    (path.parent / "backups" / "bot-2999-01-01.sqlite3").write_bytes(b"no backup at all")
    path.write_bytes(path.read_bytes()[:9000])
    recovery.mend(path, backups)
    assert rows(path) == whole | {"inbox": []}
    aside = [file.name for file in path.parent.glob("*.damaged-*Z")]
    assert len(aside) == 1
    ((_, level, line),) = caplog.record_tuples
    assert level == logging.ERROR
    assert line.endswith(f": {written} has been put in its place. What was there is now {aside[0]}.")


async def test_a_file_that_is_no_database_is_moved_aside_and_a_new_one_begun(
    path: Path, backups: Backups, caplog: pytest.LogCaptureFixture
) -> None:
    path.parent.mkdir()
    path.write_bytes(b"This is not a database at all. " * 100)
    path.with_name("bot.sqlite3-wal").write_bytes(b"nor is this")
    recovery.mend(path, backups)
    async with Database(path) as database:
        assert await database.rows("SELECT * FROM question_count") == []
    assert len(list(path.parent.glob("*.damaged-*Z"))) == 1
    assert len(list(path.parent.glob("*.damaged-*Z-wal"))) == 1
    ((_, level, line),) = caplog.record_tuples
    assert level == logging.ERROR
    assert "(SQLITE_NOTADB)" in line
    assert ": there is no sound backup, so a new one is begun. What was there is now bot.sqlite3.damaged-" in line


async def test_a_database_that_is_gone_is_taken_from_the_backup(path: Path, backups: Backups) -> None:
    await fill(path)
    whole = rows(path)
    backups.write()
    path.rename(path.with_name("bot.sqlite3-wal"))  # nor is what is left of another taken for its log
    recovery.mend(path, backups)
    assert not path.with_name("bot.sqlite3-wal").exists()
    assert rows(path) == whole | {"inbox": []}


def test_a_first_start_is_no_damage(path: Path, backups: Backups, caplog: pytest.LogCaptureFixture) -> None:
    recovery.mend(path, backups)
    assert (path.exists(), caplog.record_tuples) == (False, [])


async def test_a_database_of_every_earlier_version_is_sound_and_brought_forward(
    path: Path, backups: Backups, tmp_path: Path
) -> None:
    await fill(path, chats=1)
    for version in range(1, len(MIGRATIONS) + 1):
        old = tmp_path / f"{version}.sqlite3"
        with closing(sqlite3.connect(old)) as database:
            for script in MIGRATIONS[:version]:
                database.executescript(script)
            database.execute(f"PRAGMA user_version = {version}")
        assert fault_in(old) is None
        async with Database(old):
            pass
        assert fault_in(old) is None


async def test_a_database_of_a_newer_version_is_left_where_it_is(path: Path, backups: Backups) -> None:
    await fill(path)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(DatabaseError, match="written by a newer version"):
        recovery.mend(path, backups)
    assert list(path.parent.glob("*.damaged-*")) == []


async def test_what_was_set_aside_is_gone_after_a_week(path: Path) -> None:
    await fill(path)
    shutil.copy(path, path.with_name("bot.sqlite3.damaged-20260101T000000Z"))
    shutil.copy(path, path.with_name("bot.sqlite3.replaced-20260101T000000Z-wal"))
    recovery.remove_old(path)
    assert len(list(path.parent.iterdir())) == 3
    for file in path.parent.glob("*Z*"):
        os.utime(file, (time.time() - 8 * 86400,) * 2)
    recovery.remove_old(path)
    assert [file.name for file in path.parent.iterdir()] == ["bot.sqlite3"]
