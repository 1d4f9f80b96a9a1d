"""SQLite as it fails: any call of it, by its number, with any of its errors, or with something else happening then."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import aiosqlite

from bot.storage.database import _transacted

ERRORS = (
    sqlite3.OperationalError("database or disk is full"),
    sqlite3.OperationalError("database is locked"),
    sqlite3.OperationalError("disk I/O error"),
    sqlite3.OperationalError("attempt to write a readonly database"),
    sqlite3.DatabaseError("database disk image is malformed"),
)


class SqliteFaults:
    """The calls that are to fail; `befell` tells how many have."""

    def __init__(self) -> None:
        self._calls = 0
        self._failing = range(0)
        self._happens: Callable[[], object] = lambda: None
        self.befell = 0

    def fail(self, error: sqlite3.Error, first: int = 1, times: int = 1) -> None:
        """Lets so many calls fail, beginning with the `first` from now."""

        def happens() -> None:
            raise error

        self.happen(happens, first, times)

    def happen(self, what: Callable[[], object], first: int = 1, times: int = 1) -> None:
        """Lets something happen at so many calls, beginning with the `first` from now."""
        self._calls, self.befell = 0, 0
        self._failing, self._happens = range(first, first + times), what

    def mend(self) -> None:
        """Lets no more calls fail."""
        self._failing = range(0)

    def befall(self) -> None:
        """Lets happen what is to happen at this call."""
        self._calls += 1
        if self._calls in self._failing:
            self.befell += 1
            self._happens()


@contextmanager
def sqlite_faults() -> Iterator[SqliteFaults]:
    """Everything that the database asks of SQLite passes here, in its thread, as long as the block lasts."""
    faults = SqliteFaults()

    def read(it: aiosqlite.Connection, statement: str, values: Sequence[object]) -> object:
        return _Failing(it._conn, faults).execute(statement, values).fetchall()

    async def execute_fetchall(it: aiosqlite.Connection, statement: str, values: Sequence[object] = ()) -> object:
        return await it._execute(read, it, statement, values)  # type: ignore[no-untyped-call]

    def transacted(connection: sqlite3.Connection, *arguments: Any) -> object:
        return _transacted(_Failing(connection, faults), *arguments)  # type: ignore[arg-type]

    with (
        patch.object(aiosqlite.Connection, "execute_fetchall", execute_fetchall),
        patch("bot.storage.database._transacted", transacted),
    ):
        yield faults


class _Failing:
    """A connection whose calls fail when they are to."""

    def __init__(self, connection: sqlite3.Connection, faults: SqliteFaults) -> None:
        self._connection = connection
        self._faults = faults

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def execute(self, statement: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        self._faults.befall()
        return self._connection.execute(statement, tuple(values))

    def commit(self) -> None:
        self._faults.befall()
        self._connection.commit()

    def rollback(self) -> None:
        self._faults.befall()
        self._connection.rollback()
