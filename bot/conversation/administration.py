"""What only the bot's administrators may do: read the corpus anew."""

import asyncio
import logging
import time

from telegram import Message, Update
from telegram.error import TelegramError

from bot.conversation.context import Context
from bot.corpus.library import Library, ReloadRunningError, ShrunkError
from bot.corpus.nursery import EditionFailedError
from bot.delivery.sending import Outbox
from bot.speech.phrases import Phrases
from bot.speech.rendering import reload_failed_html, reload_html
from bot.speech.wording import words_for
from bot.storage.database import DatabaseError
from bot.storage.statistics import Statistics
from bot.storage.store import Store

_LOG = logging.getLogger(__name__)
_SECONDS_BETWEEN_EDITS = 1.0
"""Telegram takes about one edit a second in a chat."""


class Administration:
    """The handlers of administrators' commands."""

    def __init__(self, library: Library, store: Store, statistics: Statistics, outbox: Outbox) -> None:
        self._library = library
        self._store = store
        self._statistics = statistics
        self._outbox = outbox
        self._reloads: set[asyncio.Task[None]] = set()

    async def reload(self, update: Update, context: Context) -> None:
        """`/reload`: reads the corpus anew while the old one serves, telling how far it is in one message.

        `/reload force` also where less than half of it would be left.
        """
        message = update.effective_message
        if message is None:
            return
        words = await words_for(self._store, message)
        shown = await self._outbox.reply(message, words, words.reload_started)
        # Not in the chat's turn, which others wait for.
        task = asyncio.create_task(self._report(message, words, shown, force=context.args == ["force"]))
        self._reloads.add(task)
        task.add_done_callback(self._reloads.discard)

    async def refuse(self, update: Update, context: Context) -> None:
        """An administrators' command of anybody else."""
        if message := update.effective_message:
            words = await words_for(self._store, message)
            await self._outbox.reply(message, words, words.admins_only)
            # Last, for where that fails there is a line of its own.
            _LOG.warning("a command was refused to somebody who is no administrator")

    async def close(self) -> None:
        """Gives up the reloads that run."""
        for task in self._reloads:
            task.cancel()
        await asyncio.gather(*self._reloads, return_exceptions=True)

    async def _report(self, message: Message, words: Phrases, shown: Message, force: bool) -> None:
        try:
            progress = _ProgressMessage(self._outbox, shown, words)
            report = await self._reload(progress, words, force)
            if not await progress.finish(report):
                await self._outbox.reply(message, words, report)
        except (TelegramError, DatabaseError) as error:
            _LOG.warning("the end of a reload could not be told: %s", type(error).__name__)

    async def _reload(self, progress: "_ProgressMessage", words: Phrases, force: bool) -> str:
        """The report to end with."""
        try:
            done = await self._library.reload(progress.show, force)
        except ReloadRunningError as running:
            return words.reload_running.format(seconds=round(running.seconds))
        except ShrunkError as shrunk:
            return words.reload_shrunk.format(before=shrunk.before, after=shrunk.after)
        except EditionFailedError as error:
            return reload_failed_html(str(error), words)
        except Exception:
            _LOG.exception("reload failed; the previous corpus stays in use")
            return reload_failed_html("", words)
        try:
            kept = await self._store.record_generation(done.catalogue)
            await self._statistics.count_reload()
            _LOG.info("corpus generation %d: %d documents, %d passages", kept.number, kept.documents, kept.passages)
        except DatabaseError as error:
            _LOG.error("the corpus was read anew and that was not recorded: %s", error)
        return reload_html(done, words)


class _ProgressMessage:
    """A message that tells how far a reload is, edited no more often than Telegram likes."""

    def __init__(self, outbox: Outbox, message: Message, words: Phrases) -> None:
        self._outbox = outbox
        self._message = message
        self._words = words
        self._edited = time.monotonic()
        self._editing: asyncio.Task[bool] | None = None

    def show(self, done: int, total: int) -> None:
        """Tells the progress, unless the last edit is too recent or still on its way."""
        busy = self._editing is not None and not self._editing.done()
        if busy or time.monotonic() - self._edited < _SECONDS_BETWEEN_EDITS:
            return
        phrase = self._words.reload_reading if done < total else self._words.reload_indexing
        self._edited = time.monotonic()
        self._editing = asyncio.create_task(self._edit(phrase.format(done=done, total=total)))

    async def finish(self, html: str) -> bool:
        """Shows the end, after any edit still on its way; whether it could."""
        if self._editing is not None:
            await self._editing
        return await self._edit(html)

    async def _edit(self, html: str) -> bool:
        """Whether the message could be changed: progress that cannot be told must not stop what it tells of."""
        try:
            await self._outbox.edit(self._message, html)
        except TelegramError as error:
            _LOG.warning("the progress of a reload could not be told: %s", type(error).__name__)
            return False
        return True
