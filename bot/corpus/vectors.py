"""Keeps the vectors of passages between starts, in a SQLite file of their own: they can be computed again."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

_MOST_VALUES = 500
"""SQLite takes so many values in one statement on every version."""


class VectorStore:
    """Vectors by key. Each call opens the file anew, for it comes from whichever thread builds the corpus."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """The vectors that are known; none where the file cannot be read, for all can be computed."""
        try:
            with self._open() as database:
                return dict(row for part in _parts(keys) for row in _select(database, part))
        except (OSError, sqlite3.Error):
            return {}

    def save(self, vectors: Mapping[str, bytes]) -> None:
        """Keeps vectors; where the disk refuses, they are computed again at the next start."""
        try:
            with self._open() as database, database:
                database.executemany("INSERT OR REPLACE INTO vector (key, value) VALUES (?, ?)", vectors.items())
        except (OSError, sqlite3.Error):
            return

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._path, timeout=5)) as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("CREATE TABLE IF NOT EXISTS vector (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT")
            yield database


def _parts(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[start : start + _MOST_VALUES] for start in range(0, len(keys), _MOST_VALUES))


def _select(database: sqlite3.Connection, keys: Sequence[str]) -> list[tuple[str, bytes]]:
    marks = ", ".join("?" * len(keys))
    rows: list[tuple[str, bytes]] = database.execute(
        f"SELECT key, value FROM vector WHERE key IN ({marks})",  # noqa: S608 — only question marks are put in
        keys,
    ).fetchall()
    return rows
