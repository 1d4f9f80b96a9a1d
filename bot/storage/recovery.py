"""What takes the place of a database that is damaged, or no longer wanted."""

import logging
import time
from datetime import UTC, datetime
from pathlib import Path

from bot.storage.backups import Backups, copy
from bot.storage.database import DatabaseError
from bot.storage.soundness import fault_in
from bot.troubles import Trouble, told

_LOG = logging.getLogger(__name__)
_SET_ASIDE = ("damaged-", "replaced-", "incoming", "unfinished")
_DAYS_KEPT_ASIDE = 7
"""What was replaced can be looked into for so long; unlike a backup it may hold people's words."""


def mend(database: Path, backups: Backups) -> None:
    """Puts the newest sound backup in the place of a damaged database; without one, whoever opens it next begins anew.

    Raises DatabaseError where the database cannot be looked into, was written by a newer version, or cannot be moved.
    """
    fault = fault_in(database) if database.exists() else "it is missing"
    backup = backups.newest_sound() if fault else None
    if fault is None or (backup is None and not database.exists()):  # sound, or the first start
        return
    aside = _set_aside(database, "damaged")
    moved = f" What was there is now {aside.name}." if aside.exists() else ""
    if backup is not None:
        copy(backup, database)
    successor = f"{backup} has been put in its place" if backup else "there is no sound backup, so a new one is begun"
    said = "the database %s is damaged (%s): %s.%s"
    _LOG.error(said, database, fault, successor, moved, extra=told(Trouble.DATABASE_MOVED))


def restore(database: Path, backup: Path) -> Path | None:
    """Puts a backup in the place of the database; returns where the database stands now, if there was one.

    Raises DatabaseError, and changes nothing, where the backup is damaged, missing or of a newer version.
    """
    incoming = database.with_name(f"{database.name}.incoming")
    copy(backup, incoming)
    # Also where there is none: a log that is left of one would be taken for the backup's.
    aside = _set_aside(database, "replaced")
    incoming.replace(database)
    return aside if aside.exists() else None


def remove_old(database: Path) -> None:
    """Removes what was set aside long enough ago."""
    names = tuple(f"{database.name}.{kind}" for kind in _SET_ASIDE)
    for path in database.parent.iterdir():
        if path.name.startswith(names) and path.stat().st_mtime < time.time() - _DAYS_KEPT_ASIDE * 24 * 3600:
            path.unlink(missing_ok=True)


def _set_aside(database: Path, why: str) -> Path:
    """Moves a database with all its files; returns its new path."""
    aside = database.with_name(f"{database.name}.{why}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    try:
        for part in ("-shm", "-wal", ""):
            path = database.with_name(database.name + part)
            if path.exists():
                path.touch()
                path.replace(aside.with_name(aside.name + part))
    except OSError as error:
        raise DatabaseError(f"The database {database} cannot be moved aside: {error.strerror}.") from error
    return aside
