"""What administrators change of the corpus: proposed, applied, and undone, the last one first.

What is served are the documents of the corpus folder, and upon them all that was applied and not undone, in its order.
"""

import asyncio
import sqlite3
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from bot.corpus.catalogue import Catalogue
from bot.storage.added_files import AddedFiles
from bot.storage.database import Database, DatabaseError
from bot.storage.soundness import read_only
from bot.storage.store import generation
from retrieval.corpus.records import UNAMENDED, AddedFile, Amendments

Kind = Literal["add", "remove"]
_SECONDS_PROPOSED = 7 * 24 * 3600
"""After which a proposal that nobody has decided on is forgotten, its file with it."""
_SECONDS_ASIDE = 30 * 24 * 3600
"""For so long a file that no change needs is kept, should an older or newer database be restored."""
_SERVED = "SELECT number, kind, document, file FROM change WHERE applied IS NOT NULL AND undone = 0 ORDER BY applied"
_FIELDS = "number, at, author, kind, document, title, file, applied IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the corpus."""

    number: int
    at: datetime
    """When it was applied, or proposed where it is not."""
    author: int | None
    kind: Kind
    document: str
    """The document's id."""
    title: str
    file: str | None
    """The name that the document's file is kept under."""
    applied: bool


class ProposalGoneError(Exception):
    """Raised when what is to be applied is no longer proposed: its author wanted to be forgotten, or it was too old."""


class Changes:
    """The changes in the database, and the files that they add."""

    def __init__(self, database: Database, folder: Path, keep: int) -> None:
        self._database = database
        self._files = AddedFiles(folder)
        self._keep = keep
        self._filing = asyncio.Lock()
        """A file is kept before the row that needs it."""

    async def propose_adding(self, author: int, document: str, title: str, content: bytes, suffix: str) -> int:
        """Keeps a file and that it may be added; returns the change's number."""
        async with self._filing:
            file = await asyncio.to_thread(self._files.keep, content, suffix)
            return await self._propose(author, "add", document, title, file)

    async def propose_removing(self, author: int, document: str, title: str) -> int:
        """Keeps that a document may be removed; returns the change's number."""
        return await self._propose(author, "remove", document, title, None)

    async def change(self, number: int) -> Change | None:
        """A change, unless it was discarded."""
        return _change(await self._database.row(f"SELECT {_FIELDS} FROM change WHERE number = ?", number))  # noqa: S608

    async def discard(self, number: int) -> None:
        """Forgets what was only proposed."""
        await self._database.write("DELETE FROM change WHERE number = ? AND applied IS NULL", number)

    async def amendments(self, with_: Change | None = None, without: Change | None = None) -> Amendments:
        """What is served by what was applied; also what would be with one more change, or without one."""
        rows = [tuple(row) for row in await self._database.rows(_SERVED)]
        kept = [row[1:] for row in rows if without is None or row[0] != without.number]
        served = _folded([*kept, *([(with_.kind, with_.document, with_.file)] if with_ else [])], self._files)
        await asyncio.to_thread(self._files.bring_back, {added.path.name for added in served.added})
        return served

    async def apply(self, number: int, author: int, catalogue: Catalogue) -> None:
        """Keeps that a proposal is served from now on, and as which generation of the corpus.

        Raises ProposalGoneError where there is none, and then keeps neither.
        """
        applied = await self._database.write_all(
            [
                (
                    "UPDATE change SET at = ?, applied = (SELECT coalesce(max(applied), 0) + 1 FROM change) "
                    "WHERE number = ? AND applied IS NULL RETURNING number",
                    (int(time.time()), number),
                ),
                generation(catalogue, author),
            ]
        )
        if not applied:
            raise ProposalGoneError

    async def last(self) -> Change | None:
        """The change that can be undone now: the last that was not, among the last so many that were applied."""
        row = await self._database.row(
            f"SELECT {_FIELDS} FROM change WHERE undone = 0 AND applied IN ({_LAST}) ORDER BY applied DESC",  # noqa: S608
            self._keep,
        )
        return _change(row)

    async def undo(self, number: int, author: int, catalogue: Catalogue) -> None:
        """Keeps that a change is served no longer, and as which generation of the corpus."""
        await self._database.write_all(
            [("UPDATE change SET undone = 1 WHERE number = ?", (number,)), generation(catalogue, author)]
        )

    async def tidy(self) -> None:
        """Forgets proposals that nobody has decided on, and removes the files that no change needs any more."""
        async with self._filing:
            await self._database.write(
                "DELETE FROM change WHERE applied IS NULL AND at < ?", int(time.time()) - _SECONDS_PROPOSED
            )
            needed = await self._needed()
            await asyncio.to_thread(self._files.bring_back, needed)
            await asyncio.to_thread(self._files.lay_aside_all_but, needed, _SECONDS_ASIDE)

    async def _propose(self, author: int, kind: Kind, document: str, title: str, file: str | None) -> int:
        ((number,),) = await self._database.write(
            "INSERT INTO change (at, author, kind, document, title, file) VALUES (?, ?, ?, ?, ?, ?) RETURNING number",
            int(time.time()),
            author,
            kind,
            document,
            title,
            file,
        )
        return int(number)

    async def _needed(self) -> set[str]:
        """Files that are proposed, served, or would be served again if as much as can be were undone."""
        proposed = await self._database.rows("SELECT file FROM change WHERE applied IS NULL AND file IS NOT NULL")
        rows = [tuple(row) for row in await self._database.rows(_SERVED)]
        undoable = await self._database.rows(
            f"SELECT number FROM change WHERE undone = 0 AND applied IN ({_LAST})",  # noqa: S608
            self._keep,
        )
        states = [rows[: len(rows) - undone] for undone in range(len(undoable) + 1)]
        served = {
            added.path.name for state in states for added in _folded([row[1:] for row in state], self._files).added
        }
        return served | {row[0] for row in proposed}


_LAST = "SELECT applied FROM change WHERE applied IS NOT NULL ORDER BY applied DESC LIMIT ?"
"""Undone ones count: the files of what came before them may be gone."""


def amendments_in(database: Path, folder: Path) -> Amendments:
    """What is served besides a corpus folder, by a database that a bot may be using; nothing where there is none.

    Raises DatabaseError where it cannot be read.
    """
    if not database.exists():
        return UNAMENDED
    try:
        with closing(read_only(database)) as connection:
            if not connection.execute("SELECT name FROM sqlite_schema WHERE name = 'change'").fetchone():
                return UNAMENDED  # an older version has written it
            return _folded([row[1:] for row in connection.execute(_SERVED)], AddedFiles(folder))
    except sqlite3.Error as error:
        raise DatabaseError(f"The database {database} cannot be read: {error}.") from error


def _folded(changes: Iterable[Sequence[str | None]], files: AddedFiles) -> Amendments:
    """What the changes come to, one upon another: kind, document and file of each."""
    removed: set[str] = set()
    added: dict[str, str] = {}
    for kind, document, file in changes:
        if kind == "add":
            added[str(document)] = str(file)
        else:
            added.pop(str(document), None)
            removed.add(str(document))
    return Amendments(
        frozenset(removed), tuple(AddedFile(document, files.path(file)) for document, file in added.items())
    )


def _change(row: sqlite3.Row | None) -> Change | None:
    if row is None:
        return None
    number, at, author, kind, document, title, file, applied = row
    return Change(number, datetime.fromtimestamp(at, UTC), author, kind, document, title, file, bool(applied))
