"""What is done again and again beside answering: wiping, forgetting, backing up."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.delivery.inbox import Inbox
from bot.storage import recovery
from bot.storage.backups import Backups
from bot.storage.database import DatabaseError
from bot.storage.store import Store

_LOG = logging.getLogger(__name__)
_SECONDS_BETWEEN_FORGETTING = 3600.0
_SECONDS_BETWEEN_LOOKS_AT_BACKUPS = 60.0


async def wipe(inbox: Inbox) -> None:
    """Keeps people's words off the disk once they are answered."""
    while True:
        await _unless_the_disk_fails(inbox.wipe)


async def forget(inbox: Inbox, store: Store, database: Path) -> None:
    """Forgets what is long done, and what was set aside long ago."""
    while True:
        await _unless_the_disk_fails(inbox.forget_old)
        await _unless_the_disk_fails(store.forget_old_answers)
        await _unless_the_disk_fails(lambda: asyncio.to_thread(recovery.remove_old, database))
        await asyncio.sleep(_SECONDS_BETWEEN_FORGETTING)


async def back_up(backups: Backups) -> None:
    """Writes a backup whenever one is due."""
    while True:
        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS_AT_BACKUPS)
        await _unless_the_disk_fails(lambda: asyncio.to_thread(backups.write_if_due))


async def _unless_the_disk_fails(work: Callable[[], Awaitable[None]]) -> None:
    try:
        await work()
    except (DatabaseError, OSError) as error:
        _LOG.warning("the data folder could not be tidied: %s", error)
        await asyncio.sleep(1)
