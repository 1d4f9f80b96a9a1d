"""The composition root: builds every part, lists every handler in order, opens and closes."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from telegram import Update
from telegram.error import NetworkError, TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.addressing import SpokenTo
from bot.administration import Administration
from bot.context import Context
from bot.guide import Guide, language_pattern
from bot.library import Library
from bot.logs import describe
from bot.questions import Questions
from bot.settings import Settings
from bot.store import Store

_LOG = logging.getLogger(__name__)
_UPDATES = [Update.MESSAGE, Update.CALLBACK_QUERY]
"""Always named: Telegram otherwise keeps whatever set it was told last."""

_LONGEST_WAIT = 60.0
"""Seconds between two tries to reach Telegram at start."""

BotApplication = Application[Any, Any, Any, Any, Any, Any]


def build(settings: Settings, library: Library, store: Store) -> BotApplication:
    """The application with its handlers; the first that fits an update takes it."""
    if settings.token is None:
        raise ValueError("Telegram needs a token")
    guide = Guide(library, store)
    questions = Questions(library, store)
    administration = Administration(library, store, settings.admins)

    # Said of every handler, because a text filter alone also lets edits, channel posts and guest messages through.
    new = filters.UpdateType.MESSAGE
    private, group = filters.ChatType.PRIVATE, filters.ChatType.GROUPS
    words = filters.TEXT | filters.CAPTION

    application = (
        ApplicationBuilder()
        .token(settings.token)
        .base_url(settings.base_url)
        .base_file_url(settings.base_file_url)
        .build()
    )
    application.add_handlers(
        [
            CommandHandler("start", guide.start, new),
            CommandHandler("help", guide.help, new),
            CommandHandler("sources", guide.sources, new),
            CommandHandler("language", guide.language, new),
            CallbackQueryHandler(guide.language_chosen, language_pattern()),
            CommandHandler("ask", questions.asked_by_command, new),
            CommandHandler("reload", administration.reload, new, block=False),
            MessageHandler(new & private & filters.COMMAND, guide.unknown_command),
            MessageHandler(new & private & words, questions.asked_in_private),
            MessageHandler(new & private & ~filters.StatusUpdate.ALL, questions.sent_without_words),
            MessageHandler(new & group & words & ~filters.COMMAND & SpokenTo(), questions.asked_in_group),
        ]
    )
    application.add_error_handler(_log_error)
    return application


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[BotApplication]:
    """The application, taking updates by long polling until the block ends; then what was taken is finished."""
    library = await Library.open(settings.corpus)
    async with Store(settings.data / "bot.sqlite3") as store:
        edition = library.edition
        await store.record_generation(len(edition.documents), edition.answerer.passages, edition.digest)
        application = build(settings, library, store)
        await _connect(application)
        try:
            await application.start()
            await _poll(application)
            yield application
        finally:
            await _stop(application)
            await application.shutdown()


async def run(settings: Settings) -> None:
    """Serves Telegram until the process is told to stop, wherever in its start it then is.

    Raises InvalidToken when Telegram does not know the token, StoreError and CorpusError from the parts.
    """
    stop = _StopSignal()
    try:
        async with serving(settings) as application:
            _LOG.info("serving as @%s", application.bot.username)
            await asyncio.Event().wait()
    except asyncio.CancelledError:
        if not stop.came:
            raise
        _LOG.info("stopped")


class _StopSignal:
    """Cancels the task that made it at the first SIGINT or SIGTERM."""

    def __init__(self) -> None:
        self.came = False
        self._task = asyncio.current_task()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._come)

    def _come(self) -> None:
        if self._task is not None and not self.came:
            self.came = True
            self._task.cancel()


async def _connect(application: BotApplication) -> None:
    """Asks Telegram who the bot is, again and again as long as the network is not there."""
    wait = 1.0
    while True:
        try:
            await application.initialize()
        except NetworkError as error:
            _LOG.warning("Telegram cannot be reached (%s); trying again in %.0f s", type(error).__name__, wait)
            await asyncio.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)
        else:
            return


async def _poll(application: BotApplication) -> None:
    if application.updater is None:
        raise ValueError("long polling needs an updater")
    await application.updater.start_polling(
        allowed_updates=_UPDATES,
        bootstrap_retries=-1,
        drop_pending_updates=False,
        error_callback=_log_poll_error,
    )


async def _stop(application: BotApplication) -> None:
    if application.updater is not None and application.updater.running:
        await application.updater.stop()
    if application.running:
        await application.stop()


def _log_poll_error(error: TelegramError) -> None:
    _LOG.warning("Telegram could not be asked for updates: %s", type(error).__name__)


async def _log_error(update: object, context: Context) -> None:
    """Says where a handler failed; not on what, for that is somebody's words."""
    if context.error is not None:
        _LOG.error("an update could not be handled: %s", describe(context.error))
