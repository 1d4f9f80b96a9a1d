"""What only the bot's administrators may do: read the corpus anew."""

import asyncio
import logging
import time
from collections.abc import Awaitable

from telegram import InlineKeyboardMarkup, MaybeInaccessibleMessage, Message, Update
from telegram.error import TelegramError

from bot.conversation.context import Context
from bot.corpus.library import Library, Reload, ReloadRunningError, ShrunkError
from bot.corpus.nursery import EditionFailedError
from bot.delivery.sending import Outbox
from bot.speech.phrases import Phrases
from bot.speech.rendering import reload_failed_html, reload_html
from bot.speech.wording import words_for
from bot.storage.changes import ProposalGoneError
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
            progress = ProgressMessage(self._outbox, shown, words)
            report = await self._reload(progress, words, force)
            if not await progress.finish(report):
                await self._outbox.reply(message, words, report)
        except (TelegramError, DatabaseError) as error:
            _LOG.warning("the end of a reload could not be told: %s", type(error).__name__)

    async def _reload(self, progress: "ProgressMessage", words: Phrases, force: bool) -> str:
        """The report to end with."""
        done, report = await outcome(self._library.reload(progress.show, force), words)
        if done is None:
            return report
        try:
            kept = await self._store.record_generation(done.catalogue)
            await self._statistics.count_reload()
            _LOG.info("corpus generation %d: %d documents, %d passages", kept.number, kept.documents, kept.passages)
        except DatabaseError as error:
            _LOG.error("the corpus was read anew and that was not recorded: %s", error)
        return report


async def outcome(renewal: Awaitable[Reload], words: Phrases) -> tuple[Reload | None, str]:
    """What reading the corpus anew came to, None where the old one serves on; and the report to end with.

    Raises ProposalGoneError where the renewal does.
    """
    try:
        done = await renewal
    except ReloadRunningError as running:
        return None, words.reload_running.format(seconds=round(running.seconds))
    except ShrunkError as shrunk:
        return None, words.reload_shrunk.format(before=shrunk.before, after=shrunk.after)
    except EditionFailedError as error:
        return None, reload_failed_html(str(error), words)
    except ProposalGoneError:
        raise
    except Exception:
        _LOG.exception("reload failed; the previous corpus stays in use")
        return None, reload_failed_html("", words)
    return done, reload_html(done, words)


class ProgressMessage:
    """A message that tells how far a reload is, edited no more often than Telegram likes."""

    def __init__(self, outbox: Outbox, message: MaybeInaccessibleMessage, words: Phrases) -> None:
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

    async def begin(self) -> None:
        """Shows that it has begun."""
        await self._edit(self._words.reload_started)

    async def finish(self, html: str, keyboard: InlineKeyboardMarkup | None = None) -> bool:
        """Shows the end, after any edit still on its way; whether it could."""
        if self._editing is not None:
            await self._editing
        return await self._edit(html, keyboard)

    async def _edit(self, html: str, keyboard: InlineKeyboardMarkup | None = None) -> bool:
        """Whether the message could be changed: progress that cannot be told must not stop what it tells of."""
        try:
            await self._outbox.edit(self._message, html, keyboard)
        except TelegramError as error:
            _LOG.warning("the progress of a reload could not be told: %s", type(error).__name__)
            return False
        return True
