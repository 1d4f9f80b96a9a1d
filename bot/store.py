"""What the seeds cannot give back, in SQLite: chosen languages, counts of questions, corpus generations."""

import asyncio
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import aiosqlite

_MIGRATIONS = (
    """
    CREATE TABLE chat (id INTEGER PRIMARY KEY, language TEXT) STRICT;
    CREATE TABLE question_count (
        day TEXT NOT NULL, language TEXT NOT NULL, found INTEGER NOT NULL, questions INTEGER NOT NULL,
        PRIMARY KEY (day, language, found)
    ) STRICT;
    CREATE TABLE generation (
        number INTEGER PRIMARY KEY AUTOINCREMENT, loaded_at TEXT NOT NULL,
        documents INTEGER NOT NULL, passages INTEGER NOT NULL, digest TEXT NOT NULL
    ) STRICT;
    """,
)
"""Each is run once, in order, in a transaction of its own; never change one that was released, add another."""


_Values = tuple[str | int | None, ...]


class StoreError(Exception):
    """Raised when the database cannot be opened; the message names the file and the reason."""


@dataclass(frozen=True, slots=True)
class Generation:
    """One state of the corpus that was served."""

    number: int
    loaded_at: datetime
    documents: int
    passages: int
    digest: str


class Store:
    """The database. One connection, one writer at a time; open it with `async with Store(path)`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writing = asyncio.Lock()
        self._connection: aiosqlite.Connection

    async def __aenter__(self) -> Self:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Autocommit: transactions begin and end only where `_transaction` says so.
            self._connection = await aiosqlite.connect(self._path, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"The database {self._path} cannot be opened: {error}.") from error
        try:
            await self._prepare()
        except sqlite3.Error as error:
            await self._connection.close()
            raise StoreError(f"The database {self._path} cannot be used: {error}.") from error
        return self

    async def __aexit__(self, *exception: object) -> None:
        # An unclosed aiosqlite connection keeps the process from ending.
        async with self._writing:
            await self._connection.close()

    async def chosen_language(self, chat: int) -> str | None:
        """The reply language chosen for a chat, or None."""
        row = await self._one("SELECT language FROM chat WHERE id = ?", chat)
        return None if row is None else row[0]

    async def choose_language(self, chat: int, language: str | None) -> None:
        """Keeps the reply language of a chat; None is to follow each question."""
        await self._write(
            "INSERT INTO chat (id, language) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET language = excluded.language",
            (chat, language),
        )

    async def move_chat(self, old: int, new: int) -> None:
        """Keeps what a group chose when it becomes a supergroup; told twice, it changes nothing more."""
        await self._write("UPDATE OR REPLACE chat SET id = ? WHERE id = ?", (new, old))

    async def count_question(self, language: str, found: bool) -> None:
        """Counts one question of today; nothing of its words is kept."""
        await self._write(
            "INSERT INTO question_count VALUES (?, ?, ?, 1) "
            "ON CONFLICT (day, language, found) DO UPDATE SET questions = questions + 1",
            (datetime.now(UTC).date().isoformat(), language, int(found)),
        )

    async def questions(self) -> int:
        """How many questions have been counted in all."""
        row = await self._one("SELECT coalesce(sum(questions), 0) FROM question_count")
        return 0 if row is None else int(row[0])

    async def record_generation(self, documents: int, passages: int, digest: str) -> Generation:
        """Keeps a state of the corpus, unless it is the newest one already; returns the newest."""
        newest = await self.newest_generation()
        if newest is not None and newest.digest == digest:
            return newest
        loaded_at = datetime.now(UTC)
        number = await self._write(
            "INSERT INTO generation (loaded_at, documents, passages, digest) VALUES (?, ?, ?, ?)",
            (loaded_at.isoformat(), documents, passages, digest),
        )
        return Generation(number, loaded_at, documents, passages, digest)

    async def newest_generation(self) -> Generation | None:
        """The newest state of the corpus that was kept, or None."""
        row = await self._one(
            "SELECT number, loaded_at, documents, passages, digest FROM generation ORDER BY number DESC LIMIT 1"
        )
        return None if row is None else Generation(row[0], datetime.fromisoformat(row[1]), *row[2:])

    async def _prepare(self) -> None:
        for pragma in (
            "busy_timeout = 5000",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
        ):
            await self._connection.execute(f"PRAGMA {pragma}")
        row = await self._one("PRAGMA user_version")
        version = 0 if row is None else int(row[0])
        if version > len(_MIGRATIONS):
            raise sqlite3.DatabaseError(f"it was written by a newer version of the bot (schema {version})")
        for number, script in enumerate(_MIGRATIONS[version:], start=version + 1):
            statements = [*filter(str.strip, script.split(";")), f"PRAGMA user_version = {number}"]
            await self._transaction([(statement, ()) for statement in statements])

    async def _one(self, statement: str, *values: object) -> sqlite3.Row | None:
        async with self._connection.execute(statement, values) as cursor:
            return await cursor.fetchone()

    async def _write(self, statement: str, values: _Values) -> int:
        """Runs one statement durably and returns the row id it gave; a caller that is cancelled leaves it running.

        aiosqlite would otherwise carry on with a step whose caller has gone, and leave its transaction open.
        """
        return await asyncio.shield(asyncio.create_task(self._transaction([(statement, values)])))

    async def _transaction(self, statements: Sequence[tuple[str, _Values]]) -> int:
        """All the statements or none; one transaction at a time, for coroutines share the connection."""
        async with self._writing:
            await self._connection.execute("BEGIN IMMEDIATE")
            try:
                for statement, values in statements:
                    cursor = await self._connection.execute(statement, values)
            except BaseException:
                await self._connection.rollback()
                raise
            await self._connection.commit()
            return cursor.lastrowid or 0
