"""SQLite as it fails: any call of it, by its number, with any of its errors, or with something else happening then."""

import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import aiosqlite

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
    """Everything that talks to SQLite through aiosqlite passes here, as long as the block lasts."""
    faults = SqliteFaults()
    connection = aiosqlite.Connection

    def failing(call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def fail_or_call(it: object, *arguments: Any) -> Any:
            faults.befall()
            return await call(it, *arguments)

        return fail_or_call

    with (
        patch.object(connection, "execute_fetchall", failing(connection.execute_fetchall)),
        patch.object(connection, "commit", failing(connection.commit)),
        patch.object(connection, "rollback", failing(connection.rollback)),
    ):
        yield faults
