"""What is done again and again beside answering: wiping, forgetting, backing up."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.conversation.recent import Recent
from bot.delivery.inbox import Inbox
from bot.logs import describe
from bot.storage import recovery
from bot.storage.backups import Backups
from bot.storage.changes import Changes
from bot.storage.database import DatabaseError
from bot.storage.statistics import Statistics
from bot.storage.store import Store
from bot.storage.unanswered import UnansweredLog
from bot.troubles import Trouble, told

_LOG = logging.getLogger(__name__)
_SECONDS_BETWEEN_FORGETTING = 3600.0
_SECONDS_BETWEEN_LOOKS = 60.0


async def wipe(inbox: Inbox) -> None:
    """Keeps people's words off the disk once they are answered."""
    while True:
        await _unless_the_disk_fails(inbox.wipe)


async def forget(database: Path, inbox: Inbox, store: Store, statistics: Statistics, unanswered: UnansweredLog) -> None:
    """Forgets what is long done, answered, counted or asked in vain, and what was set aside long ago."""

    async def forget_old() -> None:
        # One after another until the first that fails: each would make questions wait as long for the database.
        for keeper in (inbox.forget_old, store.forget_old_answers, statistics.forget_old, unanswered.forget_old):
            await keeper()
        await asyncio.to_thread(recovery.remove_old, database)

    while True:
        await _unless_the_disk_fails(forget_old)
        await asyncio.sleep(_SECONDS_BETWEEN_FORGETTING)


async def forget_questions(recent: Recent) -> None:
    """Keeps what was asked lately in memory no longer than it is said."""
    while True:
        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        recent.forget_old()


async def back_up(backups: Backups) -> None:
    """Writes a backup whenever one is due."""
    while True:
        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        try:
            await asyncio.to_thread(backups.write_if_due)
        except (DatabaseError, OSError) as error:
            _LOG.error("a backup could not be written: %s", error, extra=told(Trouble.BACKUP_FAILED, describe(error)))


async def tidy(changes: Changes) -> None:
    """Forgets proposals that nobody has decided on, and removes files that are not needed any more."""
    while True:
        await _unless_the_disk_fails(changes.tidy)
        await asyncio.sleep(_SECONDS_BETWEEN_FORGETTING)


async def _unless_the_disk_fails(work: Callable[[], Awaitable[None]]) -> None:
    try:
        await work()
    except (DatabaseError, OSError) as error:
        _LOG.warning("the data folder could not be tidied: %s", error)
        await asyncio.sleep(1)
