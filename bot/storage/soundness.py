"""Whether a database file can be trusted: its pages, each of its rows, and its tables."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from bot.storage.database import MIGRATIONS, DatabaseError, migration

_OF_THE_MACHINE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
    }
)
"""Errors that tell nothing of the file itself."""
_FORMATS = (b"\1\1", b"\2\2")
"""What stands in the header for a rollback journal and for a write-ahead log; SQLite checks it only when it writes."""


def fault_in(path: Path, in_use: bool = False) -> str | None:
    """What is damaged in a database file; None where nothing is.

    One that this process has `in_use` is looked at through SQLite alone: whoever opens and closes the file besides
    takes away the locks that SQLite holds on it for the whole process (sqlite.org/howtocorrupt.html, 2.2).
    Raises DatabaseError where the file cannot be looked into, or was written by a newer version.
    """
    try:
        with closing(read_only(path)) as database:
            fault = _fault_in_pages(database) or (None if in_use else _fault_in_header(path))
            return fault or _fault_in_tables(database, path)
    except OSError as error:
        raise DatabaseError(f"The database {path} cannot be read: {error.strerror}.") from error
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF in _OF_THE_MACHINE:
            raise DatabaseError(f"The database {path} cannot be read: {error}.") from error
        # Not its message, which may quote what the file holds.
        return error.sqlite_errorname
    except UnicodeDecodeError:  # raised where SQLite's message quotes what is no text
        return "SQLITE_CORRUPT"


def read_only(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing, not even by closing: another process may be using the file."""
    database = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None)
    database.text_factory = lambda text: text.decode("utf-8", "replace")
    return database


def _fault_in_pages(database: sqlite3.Connection) -> str | None:
    # Not quick_check, which compares no row with the indexes.
    (said,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    return None if said == "ok" else " ".join(said.split())


def _fault_in_header(path: Path) -> str | None:
    with path.open("rb") as file:
        header = file.read(20)
    return None if header[18:20] in _FORMATS else "its header is no database's"


def _fault_in_tables(database: sqlite3.Connection, path: Path) -> str | None:
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise DatabaseError(f"The database {path} was written by a newer version of the bot (schema {version}).")
    # Version 0 has no tables: such a file was cut off, or was never the bot's.
    return None if version > 0 and _tables(database) == _tables_of(version) else "its tables are not the bot's"


def _tables_of(version: int) -> set[tuple[str, ...]]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        for number in range(1, version + 1):
            for statement in migration(number):
                database.execute(statement)
        return _tables(database)


def _tables(database: sqlite3.Connection) -> set[tuple[str, ...]]:
    return set(database.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema"))
