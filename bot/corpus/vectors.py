"""Keeps the vectors of passages between starts, in a SQLite file of their own: they can be computed again."""

import logging
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from hashlib import blake2b
from pathlib import Path

_LOG = logging.getLogger(__name__)
_MOST_VALUES = 500
"""SQLite takes so many values in one statement on every version."""
_SEAL = 16
"""Bytes before every vector, by which it is known to be whole and its key's."""
_DAMAGES = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR})
"""Errors that tell of the file; all others, such as a disk that is full, may pass."""


class VectorStore:
    """Vectors by key. Each call opens the file anew, for it comes from whichever thread builds the corpus."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """The vectors that are known and whole; none where the file cannot be read, for all can be computed."""
        try:
            with self._open() as database:
                rows = [row for part in _parts(keys) for row in _select(database, part)]
        except (OSError, sqlite3.Error, UnicodeDecodeError) as error:
            self._do_without(error)
            return {}
        whole = {key: value[_SEAL:] for key, value in rows if value[:_SEAL] == _seal(key, value[_SEAL:])}
        if len(whole) < len(rows):
            _LOG.warning("damaged vectors in %s: %d; computing them again", self._path, len(rows) - len(whole))
        return whole

    def save(self, vectors: Mapping[str, bytes]) -> None:
        """Keeps vectors; where the disk refuses, they are computed again at the next start."""
        sealed = [(key, _seal(key, value) + value) for key, value in vectors.items()]
        try:
            with self._open() as database, database:
                database.executemany("INSERT OR REPLACE INTO vector (key, value) VALUES (?, ?)", sealed)
        except (OSError, sqlite3.Error, UnicodeDecodeError) as error:
            self._do_without(error)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._path, timeout=5)) as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("CREATE TABLE IF NOT EXISTS vector (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT")
            yield database

    def _do_without(self, error: Exception) -> None:
        """Removes a file that is damaged: it would be in the way of every start."""
        # SQLite's message may quote what the file holds.
        if not _tells_of_damage(error):
            _LOG.warning("vectors cannot be kept in %s: %s", self._path, type(error).__name__)
            return
        _LOG.warning("the vectors in %s are damaged; computing all of them again", self._path)
        for part in ("-wal", "-shm", ""):
            self._path.with_name(self._path.name + part).unlink(missing_ok=True)


def _tells_of_damage(error: Exception) -> bool:
    """Whether the file is at fault; an error without a code is one over letters that are none."""
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    return not isinstance(error, OSError) and code & 0xFF in _DAMAGES


def _seal(key: str, vector: bytes) -> bytes:
    return blake2b(key.encode() + b"\n" + vector, digest_size=_SEAL).digest()


def _parts(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[start : start + _MOST_VALUES] for start in range(0, len(keys), _MOST_VALUES))


def _select(database: sqlite3.Connection, keys: Sequence[str]) -> list[tuple[str, bytes]]:
    marks = ", ".join("?" * len(keys))
    # Cast, for in a damaged row anything may stand in place of either.
    row = "coalesce(CAST(key AS TEXT), ''), coalesce(CAST(value AS BLOB), x'')"
    rows: list[tuple[str, bytes]] = database.execute(
        f"SELECT {row} FROM vector WHERE key IN ({marks})",  # noqa: S608 — only question marks are put in
        keys,
    ).fetchall()
    return rows
