"""What is done again and again beside answering: wiping, forgetting, backing up."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.delivery.inbox import Inbox
from bot.logs import describe
from bot.storage import recovery
from bot.storage.backups import Backups
from bot.storage.database import DatabaseError
from bot.storage.statistics import Statistics
from bot.storage.store import Store
from bot.storage.unanswered import UnansweredLog
from bot.troubles import Trouble, told

_LOG = logging.getLogger(__name__)
_SECONDS_BETWEEN_FORGETTING = 3600.0
_SECONDS_BETWEEN_LOOKS_AT_BACKUPS = 60.0


async def wipe(inbox: Inbox) -> None:
    """Keeps people's words off the disk once they are answered."""
    while True:
        await _unless_the_disk_fails(inbox.wipe)


async def forget(database: Path, inbox: Inbox, store: Store, statistics: Statistics, unanswered: UnansweredLog) -> None:
    """Forgets what is long done, answered, counted or asked in vain, and what was set aside long ago."""
    keepers = (inbox.forget_old, store.forget_old_answers, statistics.forget_old, unanswered.forget_old)
    while True:
        for forget_old in keepers:
            await _unless_the_disk_fails(forget_old)
        await _unless_the_disk_fails(lambda: asyncio.to_thread(recovery.remove_old, database))
        await asyncio.sleep(_SECONDS_BETWEEN_FORGETTING)


async def back_up(backups: Backups) -> None:
    """Writes a backup whenever one is due."""
    while True:
        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS_AT_BACKUPS)
        try:
            await asyncio.to_thread(backups.write_if_due)
        except (DatabaseError, OSError) as error:
            _LOG.error("a backup could not be written: %s", error, extra=told(Trouble.BACKUP_FAILED, describe(error)))


async def _unless_the_disk_fails(work: Callable[[], Awaitable[None]]) -> None:
    try:
        await work()
    except (DatabaseError, OSError) as error:
        _LOG.warning("the data folder could not be tidied: %s", error)
        await asyncio.sleep(1)
