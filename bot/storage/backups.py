"""Backups of the database: one a day, without anyone's words."""

import os
import re
import sqlite3
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.storage.database import DatabaseError
from bot.storage.disk import to_disk
from bot.storage.soundness import fault_in, read_only

_SECONDS_BETWEEN = 24 * 3600
_NAME = re.compile(r"bot-(\d{4}-\d\d-\d\d)\.sqlite3")
_EMPTIED = ("inbox", "answered", "unanswered")
"""Tables of what people wrote, or of what is kept for hours or days only: empty in a backup."""
_OF_A_CHAT = {("chat", "id"): "DELETE FROM chat WHERE id = ?", ("mode", "chat"): "DELETE FROM mode WHERE chat = ?"}
_OF_AN_AUTHOR = {
    (table, "author"): f"UPDATE {table} SET author = NULL WHERE author = ?"  # noqa: S608
    for table in ("change", "generation")
}
"""How somebody is struck from each table and column that names them."""


class Backups:
    """The backups beside a database, kept for some days; with 0 days none is written by itself."""

    def __init__(self, database: Path, days: int) -> None:
        self._database = database
        self._folder = database.parent / "backups"
        self._days = days
        self._changing = threading.Lock()

    def write_if_due(self) -> None:
        """Writes one where the newest is a day old."""
        # One from the future was written before the clock was set back.
        ages = [age for path in self._all() if (age := time.time() - path.stat().st_mtime) >= 0]
        if self._days and min(ages, default=_SECONDS_BETWEEN) >= _SECONDS_BETWEEN:
            self.write()

    def write(self) -> Path:
        """Writes today's, in place of one written earlier today, and lets go of those that are too old.

        Raises DatabaseError where the database is damaged, or the disk refuses.
        """
        today = datetime.now(UTC).date()
        path = self._folder / f"bot-{today}.sqlite3"
        with self._changing:
            copy(self._database, path, in_use=True)
            self._remove_before(today - timedelta(days=self._days))
        return path

    def newest_sound(self) -> Path | None:
        """The newest that can be trusted, or None."""
        return next(filter(_is_sound, reversed(self._all())), None)

    def forget_chat(self, chat: int) -> None:
        """Strikes a chat from every backup; a backup that cannot be changed is removed."""
        self._strike(_OF_A_CHAT, chat)

    def forget_author(self, person: int) -> None:
        """Strikes from every backup that a person changed the corpus; one that cannot be changed is removed."""
        self._strike(_OF_AN_AUTHOR, person)

    def _strike(self, statements: Mapping[tuple[str, str], str], whom: int) -> None:
        with self._changing:
            for path in self._all():
                written = path.stat()
                try:
                    _strike(path, statements, whom)
                    os.utime(path, ns=(written.st_atime_ns, written.st_mtime_ns))  # it is as old as it was
                except sqlite3.Error:
                    path.unlink()

    def _remove_before(self, day: date) -> None:
        if self._days:
            for path in self._all():
                if path.name <= f"bot-{day}.sqlite3":
                    path.unlink()

    def _all(self) -> list[Path]:
        """From the oldest to the newest."""
        return sorted(path for path in self._folder.glob("bot-*.sqlite3") if _NAME.fullmatch(path.name))


def copy(source: Path, target: Path, in_use: bool = False) -> None:
    """Writes a sound copy of a database that only its owner can read, whole or not at all.

    What holds words is empty in it: they have no place there, and what waits will long be answered when it is needed.
    Nor does it tell what answers what, which is forgotten sooner than a copy.
    Raises DatabaseError where the source is damaged, or the disk refuses.
    """
    if fault := fault_in(source, in_use):
        raise DatabaseError(f"The database {source} is damaged: {fault}.")
    unfinished = target.with_name(f"{target.name}.unfinished")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        unfinished.touch(0o600, exist_ok=False)
        _write_without_words(source, unfinished)
        to_disk(unfinished)
        unfinished.replace(target)
        to_disk(target.parent)
    except (OSError, sqlite3.Error) as error:
        unfinished.unlink(missing_ok=True)
        raise DatabaseError(f"The database {source} cannot be copied to {target}: {error}.") from error


def _write_without_words(source: Path, target: Path) -> None:
    # By way of memory, so that the words are on no disk a second time, not even for a moment.
    with closing(read_only(source)) as database, closing(sqlite3.connect(":memory:", isolation_level=None)) as memory:
        database.backup(memory)
        for table in _tables(memory) & set(_EMPTIED):
            memory.execute(f"DELETE FROM {table}")  # noqa: S608
        memory.execute("VACUUM INTO ?", (str(target),))


def _is_sound(path: Path) -> bool:
    try:
        return fault_in(path) is None
    except DatabaseError:
        return False


def _strike(path: Path, statements: Mapping[tuple[str, str], str], whom: int) -> None:
    """Strikes somebody from a backup, so that nothing of it stays in any file."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = MEMORY")
        database.execute("PRAGMA secure_delete = ON")
        for (table, column), statement in statements.items():
            if column in _columns(database, table):
                database.execute(statement, (whom,))


def _columns(database: sqlite3.Connection, table: str) -> set[str]:
    """The columns that a table has; an older backup has fewer, or not the table."""
    return {row[1] for row in database.execute(f"PRAGMA table_info({table})")}


def _tables(database: sqlite3.Connection) -> set[str]:
    """The tables that there are; an older backup has fewer."""
    return {name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
