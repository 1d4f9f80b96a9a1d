"""A backup a day, sound, without anyone's words, and good for a restart."""

import asyncio
import os
import sqlite3
import stat
import sys
import time
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import chores
from bot.application import serving
from bot.delivery.inbox import Arrival, Inbox
from bot.settings import Settings
from bot.storage import backups as backups_module
from bot.storage.backups import Backups
from bot.storage.data_folder import DataFolderError, in_use
from bot.storage.database import Database, DatabaseError
from bot.storage.statistics import Statistics
from bot.storage.store import Store
from tests.bot.commands import Commands
from tests.botapi import BotApiServer, Chat, Person

TODAY = datetime.now(UTC).date()
CANARY = "a question that nobody else may read"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "bot.sqlite3"


@pytest.fixture
async def open_database(path: Path) -> AsyncIterator[Database]:
    """A database in use: a choice kept, a question waiting."""
    async with Database(path) as database:
        await Store(database).choose_language(7, "vi")
        await Inbox(database).take_in([Arrival(1, 7, CANARY)])
        yield database


@pytest.fixture
async def filled(path: Path) -> Path:
    async with Database(path) as database:
        await Store(database).choose_language(7, "vi")
        await Statistics(database).count_question("vi", True)
        await Inbox(database).take_in([Arrival(1, 7, CANARY)])
    return path


def chosen(path: Path) -> list[tuple[int, str]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT id, language FROM chat").fetchall()


def canaries(folder: Path) -> list[str]:
    return [file.name for file in folder.rglob("*") if file.is_file() and CANARY.encode() in file.read_bytes()]


@pytest.mark.usefixtures("open_database")
def test_a_backup_is_written_while_the_database_is_in_use_and_only_its_owner_reads_it(path: Path) -> None:
    written = Backups(path, 7).write()
    assert written == path.parent / "backups" / f"bot-{TODAY}.sqlite3"
    assert (chosen(written), stat.S_IMODE(written.stat().st_mode)) == ([(7, "vi")], 0o600)
    assert [file.name for file in written.parent.iterdir()] == [written.name]


@pytest.mark.usefixtures("open_database")
def test_a_backup_holds_nobodys_words(path: Path) -> None:
    assert canaries(path.parent) != []
    assert canaries(Backups(path, 7).write().parent) == []


async def test_a_restored_backup_answers_no_old_question_again(filled: Path) -> None:
    written = Backups(filled, 7).write()
    async with Database(written) as database:
        assert await Inbox(database).left_over() == ([], [])


async def test_backups_are_kept_for_as_many_days_as_was_said(filled: Path) -> None:
    folder = filled.parent / "backups"
    folder.mkdir()
    for days in range(1, 10):
        (folder / f"bot-{TODAY - timedelta(days=days)}.sqlite3").touch()
    (folder / "bot-by-hand.sqlite3").touch()
    Backups(filled, 7).write()
    kept = {f"bot-{TODAY - timedelta(days=days)}.sqlite3" for days in range(7)}
    assert {file.name for file in folder.iterdir()} == kept | {"bot-by-hand.sqlite3"}


async def test_the_next_is_due_a_day_after_the_newest(filled: Path) -> None:
    backups, folder = Backups(filled, 7), filled.parent / "backups"
    backups.write_if_due()
    (written,) = folder.iterdir()
    first = written.stat().st_mtime_ns
    backups.write_if_due()
    assert written.stat().st_mtime_ns == first
    os.utime(written, (time.time() - 24 * 3600 - 1,) * 2)
    backups.write_if_due()
    assert written.stat().st_mtime_ns > first


@pytest.mark.parametrize("jump", [86_400, -86_400], ids=["a day ahead", "a day back"])
async def test_after_a_jump_of_the_clock_one_backup_is_due_and_no_more(
    filled: Path, monkeypatch: pytest.MonkeyPatch, jump: int
) -> None:
    backups, folder = Backups(filled, 7), filled.parent / "backups"
    backups.write_if_due()
    (written,) = folder.iterdir()
    # As if it had been written before the clock jumped.
    os.utime(written, (time.time() - jump,) * 2)
    written.rename(folder / f"bot-{TODAY - timedelta(days=jump // 86_400)}.sqlite3")
    writes: list[Path] = []

    def counted(source: Path, target: Path, in_use: bool) -> None:
        writes.append(target)
        copy(source, target, in_use)

    copy = backups_module.copy
    monkeypatch.setattr(backups_module, "copy", counted)
    for _ in range(3):
        backups.write_if_due()
    assert writes == [folder / f"bot-{TODAY}.sqlite3"]
    assert backups.newest_sound() is not None


async def test_none_is_written_where_none_is_kept(filled: Path) -> None:
    Backups(filled, 0).write_if_due()
    assert not (filled.parent / "backups").exists()


async def test_a_damaged_database_does_not_take_the_place_of_a_good_backup(filled: Path) -> None:
    backups = Backups(filled, 7)
    written = backups.write()
    before = written.read_bytes()
    filled.write_bytes(filled.read_bytes()[:6000])
    with pytest.raises(DatabaseError, match="is damaged"):
        backups.write()
    assert written.read_bytes() == before


async def test_a_chat_is_struck_from_every_backup(filled: Path) -> None:
    backups = Backups(filled, 7)
    written = backups.write()
    damaged = written.with_name(f"bot-{TODAY - timedelta(days=1)}.sqlite3")
    damaged.write_bytes(b"no database, and so no backup")
    backups.forget_chat(7)
    assert (chosen(written), damaged.exists()) == ([], False)


async def test_a_running_bot_writes_a_backup_soon(
    server: BotApiServer, private: Chat, alice: Person, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chores, "_SECONDS_BETWEEN_LOOKS", 0.05)
    async with serving(settings):
        await server.say(private, alice, "/help")
        await server.reply(private)
        await asyncio.sleep(0.5)
    assert [file.name for file in (settings.data / "backups").iterdir()] == [f"bot-{TODAY}.sqlite3"]


async def test_a_bot_whose_database_is_damaged_starts_with_the_backup(
    server: BotApiServer, private: Chat, alice: Person, settings: Settings
) -> None:
    async with Database(settings.database) as database:
        await Store(database).choose_language(private.id, "vi")
    Backups(settings.database, 7).write()
    settings.database.write_bytes(b"\0" * 8192)
    async with serving(settings):
        await server.say(private, alice, "/help")
        assert (await server.reply(private)).text.startswith("Tôi tìm trong kho bài viết")


async def test_backup_and_restore_make_a_round_trip(command: Commands, filled: Path, tmp_path: Path) -> None:
    data = str(filled.parent)
    backup = tmp_path / "elsewhere" / "kept.sqlite3"
    done = command("backup", str(backup), ASCN_BOT_DATA=data)
    assert (done.returncode, done.stdout) == (0, f"Backup written: {backup}\n")
    async with Database(filled) as database:
        await Store(database).choose_language(7, "en")
    done = command("restore", str(backup), ASCN_BOT_DATA=data)
    assert done.returncode == 0, done.stderr
    (replaced,) = filled.parent.glob("bot.sqlite3.replaced-*Z")
    assert done.stdout == f"Restored: {filled}. The one before stands beside it as {replaced.name}.\n"
    assert (chosen(filled), chosen(replaced)) == ([(7, "vi")], [(7, "en")])


async def test_backup_without_a_file_writes_todays(command: Commands, filled: Path) -> None:
    done = command("backup", ASCN_BOT_DATA=str(filled.parent))
    written = filled.parent / "backups" / f"bot-{TODAY}.sqlite3"
    assert (done.returncode, done.stdout, chosen(written)) == (0, f"Backup written: {written}\n", [(7, "vi")])


async def test_restore_refuses_while_a_bot_uses_the_folder(command: Commands, filled: Path, tmp_path: Path) -> None:
    backup = Backups(filled, 7).write()
    before = filled.read_bytes()
    with in_use(filled.parent):
        done = command("restore", str(backup), ASCN_BOT_DATA=str(filled.parent))
    assert (done.returncode, filled.read_bytes()) == (2, before)
    assert done.stderr.startswith("ascn-bot: Another process uses the data folder ")


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("missing", "missing.sqlite3 cannot be read: unable to open database file."),
        ("no database", "is damaged: SQLITE_NOTADB."),
        ("another program's", "is damaged: its tables are not the bot's."),
        ("newer", "was written by a newer version of the bot (schema 99)."),
    ],
)
async def test_restore_changes_nothing_where_the_backup_cannot_be_used(
    command: Commands, filled: Path, what: str, said: str
) -> None:
    backup = Backups(filled, 7).write()
    before = sorted(file.name for file in filled.parent.iterdir())
    if what == "missing":
        backup = backup.with_name("missing.sqlite3")
    elif what == "no database":
        backup.write_bytes(b"holiday photographs " * 500)
    else:
        change = "PRAGMA user_version = 99" if what == "newer" else "CREATE TABLE photograph (name TEXT)"
        with closing(sqlite3.connect(backup)) as database:
            database.execute(change)
    done = command("restore", str(backup), ASCN_BOT_DATA=str(filled.parent))
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert [name for name in sorted(file.name for file in filled.parent.iterdir()) if name != "lock"] == before
    assert chosen(filled) == [(7, "vi")]


async def test_backup_says_what_it_cannot_do(command: Commands, filled: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.touch()
    done = command("backup", str(taken), ASCN_BOT_DATA=str(filled.parent))
    assert (done.returncode, done.stderr) == (2, f"ascn-bot: {taken} exists already; name a new file.\n")
    done = command("backup", ASCN_BOT_DATA=str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert done.stderr == f"ascn-bot: There is no database {tmp_path}/nowhere/bot.sqlite3 yet.\n"


async def test_a_backup_takes_no_lock_away_from_the_bot(path: Path) -> None:
    """Whoever opens the database meanwhile and closes it must not think that nobody else uses it."""
    stranger = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); list(c.execute('SELECT 1 FROM chat')); c.close()"
    async with Database(path) as database:
        store = Store(database)
        await store.choose_language(1, "vi")
        Backups(path, 7).write()
        await (await asyncio.create_subprocess_exec(sys.executable, "-c", stranger, path)).wait()
        await store.choose_language(2, "en")
        with closing(sqlite3.connect(path)) as other:
            assert other.execute("SELECT count(*) FROM chat").fetchone() == (2,)


async def test_with_no_days_to_keep_a_backup_that_is_asked_for_removes_no_other(filled: Path) -> None:
    old = filled.parent / "backups" / "bot-2020-01-01.sqlite3"
    for days, kept in ((0, True), (1, False)):
        old.parent.mkdir(exist_ok=True)
        old.touch()
        Backups(filled, days).write()
        assert old.exists() is kept


def test_a_backup_that_cannot_be_changed_is_removed_with_whom_it_knows(path: Path) -> None:
    broken = path.parent / "backups" / "bot-2020-01-01.sqlite3"
    broken.parent.mkdir(parents=True)
    broken.write_bytes(b"no database")
    Backups(path, 7).forget_chat(7)
    assert not broken.exists()


async def test_a_copy_that_cannot_be_made_names_both_ends_and_leaves_nothing_behind(filled: Path) -> None:
    today = filled.parent / "backups" / f"bot-{TODAY}.sqlite3"
    today.mkdir(parents=True)
    with pytest.raises(DatabaseError, match=rf"^The database {filled} cannot be copied to {today}: "):
        Backups(filled, 7).write()
    assert [entry.name for entry in today.parent.iterdir()] == [today.name]


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(DataFolderError, match=r"file/data cannot be written to: Not a directory\.$"),
        in_use(tmp_path / "file" / "data"),
    ):
        pass
