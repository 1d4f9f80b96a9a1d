"""The composition root: builds every part, lists every handler in order, opens and closes."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from telegram import Bot, Message, Update
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.addressing import ByPeople, CaptionCommand, SpokenTo
from bot.administration import Administration
from bot.context import Context
from bot.guide import Guide, language_pattern
from bot.library import Library
from bot.logs import describe
from bot.menu import offer_commands
from bot.questions import Questions
from bot.sending import reply, seconds_asked
from bot.settings import Settings, SettingsError
from bot.store import Store
from bot.turns import TurnsByChat
from bot.vectors import VectorStore
from bot.wording import words_for

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
    new = filters.UpdateType.MESSAGE & ~filters.IS_AUTOMATIC_FORWARD & ByPeople()
    private, group = filters.ChatType.PRIVATE, filters.ChatType.GROUPS
    words = filters.TEXT | filters.CAPTION

    application = (
        ApplicationBuilder()
        .token(settings.token)
        .base_url(settings.base_url)
        .base_file_url(settings.base_file_url)
        .concurrent_updates(TurnsByChat())
        .build()
    )
    application.add_handlers(
        [
            MessageHandler(filters.UpdateType.MESSAGE & filters.StatusUpdate.MIGRATE, guide.moved),
            CommandHandler("start", guide.start, new),
            CommandHandler("help", guide.help, new),
            CommandHandler("sources", guide.sources, new),
            CommandHandler("language", guide.language, new),
            CallbackQueryHandler(guide.language_chosen, language_pattern()),
            CallbackQueryHandler(guide.pressed_in_vain),
            CommandHandler("ask", questions.asked_by_command, new),
            MessageHandler(new & CaptionCommand("ask"), questions.asked_by_command),
            CommandHandler("reload", administration.reload, new, block=False),
            MessageHandler(new & private & filters.COMMAND, guide.unknown_command),
            MessageHandler(new & private & words, questions.asked_in_private),
            MessageHandler(new & private & ~filters.StatusUpdate.ALL, questions.sent_without_words),
            MessageHandler(new & group & words & ~filters.COMMAND & SpokenTo(), questions.asked_in_group),
        ]
    )
    application.add_error_handler(_Apology(store).handle)
    return application


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[BotApplication]:
    """The application, taking updates by long polling until the block ends; then what was taken is finished."""
    library = await Library.open(settings.corpus, VectorStore(settings.vectors))
    async with Store(settings.data / "bot.sqlite3") as store:
        edition = library.edition
        await store.record_generation(len(edition.documents), edition.answerer.passages, edition.digest)
        application = build(settings, library, store)
        await _connect(application, settings)
        try:
            await application.start()
            await _poll(application)
            offering = asyncio.create_task(offer_commands(application.bot))
            try:
                yield application
            finally:
                offering.cancel()
        finally:
            await _stop(application)
            await application.shutdown()


async def run(settings: Settings) -> None:
    """Serves Telegram until the process is told to stop, wherever in its start it then is.

    Raises InvalidToken when Telegram does not know the token, or no longer, SettingsError when what answers is not
    Telegram, StoreError and CorpusError from the parts.
    """
    stop = _StopSignal()
    try:
        async with serving(settings) as application:
            _LOG.info("serving as @%s", application.bot.username)
            polling = _polling_task()
            await asyncio.wait({polling})
            polling.result()
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


async def _connect(application: BotApplication, settings: Settings) -> None:
    """Asks Telegram who the bot is, again and again as long as the network is not there."""
    wait = 1.0
    while True:
        try:
            await application.initialize()
        except BadRequest as error:
            raise SettingsError("TELEGRAM_BASE_URL leads to something that is not a Bot API server.") from error
        except RetryAfter as flood:
            seconds = seconds_asked(flood)
            _LOG.warning("Telegram asks for patience; trying again in %.0f s", seconds)
            await asyncio.sleep(seconds)
        except NetworkError as error:
            _LOG.warning("%s (%s); trying again in %.0f s", _unreachable(settings), type(error).__name__, wait)
            await asyncio.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)
        else:
            return


def _unreachable(settings: Settings) -> str:
    """That Telegram cannot be reached, and at which address where somebody has set another."""
    if settings.base_url == Settings().base_url:
        return "Telegram cannot be reached"
    address = urlsplit(settings.base_url)
    # Without a name and password, should the address hold them.
    return f"Telegram cannot be reached at TELEGRAM_BASE_URL, {address.scheme}://{address.netloc.rpartition('@')[2]}"


async def _poll(application: BotApplication) -> None:
    if application.updater is None:
        raise ValueError("long polling needs an updater")
    await application.updater.start_polling(
        allowed_updates=_UPDATES,
        bootstrap_retries=-1,
        drop_pending_updates=False,
        error_callback=_log_poll_error,
    )


def _polling_task() -> "asyncio.Task[None]":
    """The task that asks for updates; it ends only on a token that has become invalid. The framework hides it."""
    name = "Updater:start_polling:polling_task"
    return next(task for task in asyncio.all_tasks() if task.get_name() == name)


async def _stop(application: BotApplication) -> None:
    if application.updater is not None and application.updater.running:
        with contextlib.suppress(InvalidToken):  # why polling had ended: `run` has told it
            await application.updater.stop()
    if application.running:
        await application.stop()


def _log_poll_error(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        _LOG.error("another process uses this token; Telegram answers only one of them")
    else:
        _LOG.warning("Telegram could not be asked for updates: %s", type(error).__name__)


class _Apology:
    """What happens where a handler failed: a line in the log, and a word to whoever asked."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def handle(self, update: object, context: Context) -> None:
        """Logs where it failed; not on what, for that is somebody's words. Then says sorry, if that can be said."""
        if context.error is None:
            return
        _LOG.error("an update could not be handled: %s", describe(context.error))
        # A press has been answered by its own handler; where the bot is shut out, nothing can be said.
        if isinstance(update, Update) and update.message and not isinstance(context.error, Forbidden):
            await self._apologise(context.bot, update.message)

    async def _apologise(self, bot: Bot, message: Message) -> None:
        try:
            await reply(bot, message, (await words_for(self._store, message)).sorry)
        except Exception as error:
            _LOG.warning("nor could that be said: %s", describe(error))
