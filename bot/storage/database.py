"""The one SQLite database: opened with care, used by one at a time, written all or nothing."""

import asyncio
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import aiosqlite

MIGRATIONS = (
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
    """
    CREATE TABLE inbox (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        update_id INTEGER NOT NULL UNIQUE,
        chat INTEGER NOT NULL,
        received_at INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'in hand', 'sending', 'done', 'set aside')),
        crashes INTEGER NOT NULL DEFAULT 0,
        body TEXT,
        reason TEXT
    ) STRICT;
    CREATE INDEX inbox_undone ON inbox (number) WHERE state NOT IN ('done', 'set aside');
    CREATE INDEX inbox_age ON inbox (received_at);
    """,
    # An index over all columns is a second copy of every row: what `integrity_check` compares is then every value.
    """
    CREATE INDEX chat_twice ON chat (id, language);
    CREATE INDEX question_count_twice ON question_count (day, language, found, questions);
    CREATE INDEX generation_twice ON generation (number, loaded_at, documents, passages, digest);
    CREATE INDEX inbox_twice ON inbox (number, update_id, chat, received_at, body, reason);
    CREATE INDEX inbox_state_twice ON inbox (number, state, crashes);
    """,
    # Who sent it, for as long as it waits; of what has ended only the id stays.
    """
    ALTER TABLE inbox ADD COLUMN person INTEGER;
    UPDATE inbox SET chat = 0 WHERE state IN ('done', 'set aside');
    UPDATE inbox SET person = CAST(
        coalesce(json_extract(body, '$.message.from.id'), json_extract(body, '$.callback_query.from.id')) AS INTEGER
    ) WHERE state NOT IN ('done', 'set aside') AND json_valid(body);
    CREATE INDEX inbox_person ON inbox (person);
    """,
    # What Telegram has been told once and need not be told at each start.
    """
    CREATE TABLE told (what TEXT PRIMARY KEY, digest TEXT NOT NULL) STRICT;
    CREATE INDEX told_twice ON told (what, digest);
    """,
    # What a group, or a topic of it, wants answered; and which message answers which, should that be edited.
    """
    CREATE TABLE mode (
        chat INTEGER NOT NULL, topic INTEGER NOT NULL, mode TEXT NOT NULL, PRIMARY KEY (chat, topic)
    ) STRICT;
    CREATE INDEX mode_twice ON mode (chat, topic, mode);
    CREATE TABLE answered (
        chat INTEGER NOT NULL, question INTEGER NOT NULL, answer INTEGER NOT NULL, answered_at INTEGER NOT NULL,
        PRIMARY KEY (chat, question)
    ) STRICT;
    CREATE INDEX answered_twice ON answered (chat, question, answer, answered_at);
    """,
    # What administrators are told of the bot's work; only `unanswered` holds words, and nobody's name.
    """
    CREATE TABLE latency_count (
        day TEXT NOT NULL, milliseconds INTEGER NOT NULL, answers INTEGER NOT NULL, PRIMARY KEY (day, milliseconds)
    ) STRICT;
    CREATE INDEX latency_count_twice ON latency_count (day, milliseconds, answers);
    CREATE TABLE reload_count (day TEXT PRIMARY KEY, reloads INTEGER NOT NULL) STRICT;
    CREATE INDEX reload_count_twice ON reload_count (day, reloads);
    CREATE TABLE unanswered (
        question TEXT NOT NULL, day TEXT NOT NULL, words TEXT NOT NULL, times INTEGER NOT NULL,
        PRIMARY KEY (question, day)
    ) STRICT;
    CREATE INDEX unanswered_day ON unanswered (day);
    CREATE INDEX unanswered_twice ON unanswered (question, day, words, times);
    """,
    # What administrators change of the corpus: proposed until `applied` gives it its place in the order.
    """
    CREATE TABLE change (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        author INTEGER,
        kind TEXT NOT NULL CHECK (kind IN ('add', 'remove')),
        document TEXT NOT NULL,
        title TEXT NOT NULL,
        file TEXT,
        applied INTEGER UNIQUE,
        undone INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX change_twice ON change (number, at, author, kind, document, title, file, applied, undone);
    ALTER TABLE generation ADD COLUMN author INTEGER;
    DROP INDEX generation_twice;
    CREATE INDEX generation_twice ON generation (number, loaded_at, documents, passages, digest, author);
    """,
    # How many answers were found helpful, and how many not.
    """
    CREATE TABLE vote_count (
        day TEXT NOT NULL, helpful INTEGER NOT NULL, votes INTEGER NOT NULL, PRIMARY KEY (day, helpful)
    ) STRICT;
    CREATE INDEX vote_count_twice ON vote_count (day, helpful, votes);
    """,
)
"""Each is run once, in order, in a transaction of its own; never change one that was released, add another."""


def migration(number: int) -> list[str]:
    """The statements that lead to a version of the schema from the one before."""
    return [*filter(str.strip, MIGRATIONS[number - 1].split(";")), f"PRAGMA user_version = {number}"]


Statement = tuple[str, tuple[str | int | None, ...]]
Rows = list[sqlite3.Row]


_ROWS_AT_ONCE = 64
"""What aiosqlite wants to know for rows that are read one by one, of which there are none here."""


class DatabaseError(Exception):
    """Raised when the database cannot be opened, read or written; the message names the file and the reason."""


class _Connection(aiosqlite.Connection):
    """aiosqlite's, with whole transactions: each visit to its thread costs more than most statements."""

    async def transact(self, writes: Iterable[Sequence[Statement]]) -> list[Rows]:
        """Carries out all or nothing, also where its caller is cancelled; returns the rows that each write gave."""
        given: list[Rows] = await self._execute(_transacted, self._conn, list(writes))  # type: ignore[no-untyped-call]
        return given


class Database:
    """One connection, to be opened with `async with Database(path)`.

    What it is asked is carried out one after another, in a thread.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: list[_Write] = []
        self._writer: asyncio.Task[None] | None = None
        self._connection: _Connection

    async def __aenter__(self) -> Self:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Autocommit: transactions begin and end only where `_transacted` says so.
            self._connection = _Connection(lambda: sqlite3.connect(self._path, isolation_level=None), _ROWS_AT_ONCE)
            await self._connection
        except (OSError, sqlite3.Error) as error:
            raise DatabaseError(f"The database {self._path} cannot be opened: {error}.") from error
        try:
            await self._prepare()
        except sqlite3.Error as error:
            await self._connection.close()
            raise DatabaseError(f"The database {self._path} cannot be used: {error}.") from error
        return self

    async def __aexit__(self, *exception: object) -> None:
        if self._writer is not None:
            await asyncio.wait([self._writer])
        # One that is not closed keeps the process from ending.
        await self._connection.close()

    async def rows(self, statement: str, *values: str | int | None) -> Rows:
        """All rows of a query."""
        try:
            # Read to its end at once: one that is still being read would keep the write-ahead log from being emptied.
            return list(await self._connection.execute_fetchall(statement, values))
        except sqlite3.DatabaseError as error:
            raise self._failed("read", error) from error

    async def row(self, statement: str, *values: str | int | None) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        rows = await self.rows(statement, *values)
        return rows[0] if rows else None

    async def write(self, statement: str, *values: str | int | None) -> Rows:
        """Runs one statement durably; returns the rows that it gave."""
        return await self.write_all([(statement, values)])

    async def write_all(self, statements: Sequence[Statement]) -> Rows:
        """Runs the statements durably, all or none; returns the rows that they gave.

        A caller that is cancelled does not wait for it, and it is done all the same.
        """
        write = _Write(statements, asyncio.get_running_loop().create_future())
        self._waiting.append(write)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_what_waits())
        try:
            return await write.given
        except sqlite3.DatabaseError as error:
            raise self._failed("written", error) from error

    async def truncate_log(self) -> None:
        """Empties the write-ahead log, where deleted words would stand until they are written over.

        Raises DatabaseError where somebody who reads the file has held it up.
        """
        row = await self.row("PRAGMA wal_checkpoint(TRUNCATE)")
        # SQLite says so in a row, not by an error.
        if row is not None and row[0]:
            raise DatabaseError(f"The write-ahead log of {self._path} cannot be emptied: it is in use.")

    def _failed(self, verb: str, error: sqlite3.DatabaseError) -> Exception:
        """What to raise: a fault of the disk may pass, a wrong statement is ours and stays wrong."""
        if isinstance(error, (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.DataError)):
            return error
        # SQLite's own message holds names of tables and columns, and no values.
        return DatabaseError(f"The database {self._path} cannot be {verb}: {error}.")

    async def _prepare(self) -> None:
        for pragma in (
            "busy_timeout = 5000",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
        ):
            await self._connection.execute_fetchall(f"PRAGMA {pragma}")
        ((version,),) = await self._connection.execute_fetchall("PRAGMA user_version")
        if version > len(MIGRATIONS):
            raise sqlite3.DatabaseError(f"it was written by a newer version of the bot (schema {version})")
        for number in range(version + 1, len(MIGRATIONS) + 1):
            await self._connection.transact([[(statement, ()) for statement in migration(number)]])

    async def _write_what_waits(self) -> None:
        """Writes until nothing waits: all that has come meanwhile together, for one commit instead of many."""
        while self._waiting:
            waiting, self._waiting = self._waiting, []
            try:
                await self._write_together(waiting)
            except asyncio.CancelledError:
                for write in (*waiting, *self._waiting):
                    write.given.cancel()
                self._waiting.clear()
                raise

    async def _write_together(self, writes: "Sequence[_Write]") -> None:
        """Writes all in one transaction, or each in its own where that fails."""
        try:
            given = await self._connection.transact(write.statements for write in writes)
        except Exception as error:
            if len(writes) == 1:
                writes[0].fail(error)
            else:
                for write in writes:
                    await self._write_together([write])
        else:
            for write, rows in zip(writes, given, strict=True):
                write.end(rows)


@dataclass(frozen=True, slots=True)
class _Write:
    """Statements that are carried out all or none, and what becomes of them."""

    statements: Sequence[Statement]
    given: asyncio.Future[Rows]

    def end(self, rows: Rows) -> None:
        if not self.given.done():  # whoever waited may have been cancelled
            self.given.set_result(rows)

    def fail(self, error: Exception) -> None:
        if not self.given.done():
            self.given.set_exception(error)


def _transacted(connection: sqlite3.Connection, writes: Sequence[Sequence[Statement]]) -> list[Rows]:
    if connection.in_transaction:  # one whose rollback failed
        connection.rollback()
    try:
        connection.execute("BEGIN IMMEDIATE")
        given = [
            [row for statement, values in write for row in connection.execute(statement, values).fetchall()]
            for write in writes
        ]
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return given
