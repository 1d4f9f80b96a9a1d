"""The composition root: builds every part, lists every handler in order, opens and closes."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from telegram import Bot, Update
from telegram.error import BadRequest, NetworkError, RetryAfter
from telegram.ext import Application, ApplicationBuilder

from bot import chores
from bot.conversation import menu
from bot.conversation.administration import Administration
from bot.conversation.alarms import Alarms
from bot.conversation.amending import Amending
from bot.conversation.failures import Failures
from bot.conversation.recent import Recent
from bot.conversation.tally import Tally
from bot.corpus.library import Library
from bot.corpus.nursery import Nursery
from bot.corpus.wire import Order
from bot.delivery.fleeting import Fleeting
from bot.delivery.inbox import Inbox
from bot.delivery.intake import Intake
from bot.delivery.pace import Pace
from bot.delivery.polling import Poller
from bot.delivery.receiving import Receiving
from bot.delivery.sending import Outbox, seconds_asked
from bot.delivery.transport import ProxyError, Transport, proxy_for
from bot.delivery.turns import Turns
from bot.handlers import handlers
from bot.metrics import Metrics, errors_counted, watch_the_loop
from bot.parts import Parts
from bot.settings import Settings, SettingsError
from bot.storage import data_folder, recovery
from bot.storage.backups import Backups
from bot.storage.changes import Changes
from bot.storage.database import Database
from bot.storage.statistics import Statistics
from bot.storage.store import Store
from bot.storage.unanswered import UnansweredLog

_LOG = logging.getLogger(__name__)
UPDATES = [
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
    Update.INLINE_QUERY,
    Update.GUEST_MESSAGE,
]
"""Always named: Telegram otherwise keeps whatever set it was told last."""

_LONGEST_WAIT = 60.0
"""Seconds between two tries to reach Telegram at start."""
_SECONDS_TO_FINISH = 5.0
"""What is in hand when the process is told to stop may take so long; a supervisor's patience ends at ten."""
_SECONDS_BEFORE_MENUS = 5.0
_CONNECTIONS = 64
"""To Telegram at once."""

BotApplication = Application[Any, Any, Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Service:
    """A bot that serves, as long as the block of `serving` lasts."""

    application: BotApplication
    receiving: "asyncio.Task[None]"
    """Takes updates; it ends by an error alone."""


@asynccontextmanager
async def serving(
    settings: Settings, pace: Pace | None = None, nursery: Nursery | None = None
) -> AsyncIterator[Service]:
    """The bot, serving until the block ends; what it has in hand then is finished, and the rest is kept for next time.

    Raises DataFolderError where another process uses the data folder, and whatever opening the parts raises.
    """
    alarm = Alarms(settings.admins)
    with data_folder.in_use(settings.data), alarm.listening():
        backups = Backups(settings.database, settings.keep_backups)
        await asyncio.to_thread(recovery.mend, settings.database, backups)
        # Telegram comes before the corpus: a wrong token is told at once.
        async with (
            _nursery(settings, nursery) as nursery,
            Database(settings.database) as database,
            _connected(settings) as application,
            _library(settings, nursery, database) as library,
        ):
            store, inbox, changes = Store(database), Inbox(database), _changes(settings, database)
            statistics, unanswered = Statistics(database), UnansweredLog(database, settings.keep_unanswered)
            await store.record_generation(library.catalogue)
            metrics = Metrics()
            outbox = Outbox(application.bot, pace or Pace(), metrics)
            tally = Tally(statistics, unanswered, metrics)
            failures, recent = Failures(store, outbox), Recent()
            administration = Administration(library, store, statistics, outbox)
            amending = Amending(library, store, changes, outbox, settings.admins)
            parts = Parts(library, store, statistics, unanswered, backups, outbox, recent, tally, settings)
            application.add_handlers(handlers(parts, administration, amending))
            application.add_error_handler(failures.handle)
            turns = Turns(inbox, application.bot, application.process_update, failures.gave_up, settings.late_after)
            fleeting = Fleeting(application.bot, application.process_update)
            receiving = _receiving(settings, application.bot, Intake(inbox, turns, fleeting))
            await turns.resume()
            tasks = [
                asyncio.create_task(work)
                for work in (
                    receiving.run(),
                    _offer_menus(application.bot, store, settings),
                    alarm.run(outbox, store),
                    chores.wipe(inbox),
                    chores.forget(settings.database, inbox, store, statistics, unanswered),
                    chores.back_up(backups),
                    chores.forget_questions(recent),
                    chores.tidy(changes),
                )
            ]
            try:
                async with _web(application.bot, parts, inbox, receiving, metrics):
                    yield Service(application, tasks[0])
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                await fleeting.stop()
                await turns.stop(_SECONDS_TO_FINISH)
                await administration.close()


@asynccontextmanager
async def _web(bot: Bot, parts: Parts, inbox: Inbox, receiving: Receiving, metrics: Metrics) -> AsyncIterator[None]:
    """The web reader, where the settings have one, until the block ends."""
    settings = parts.settings
    if settings.web is None:
        yield
        return
    # Only here, for they bring a web server along.
    from bot.listening import served
    from bot.web.health import Health
    from bot.web.reader import reader

    with errors_counted() as errors:
        health = Health(parts.library, inbox, receiving, metrics, errors)
        async with served(reader(bot, parts, health, metrics), settings.web, "ASCN_BOT_WEB"):
            _LOG.info("pages on %s:%d", settings.web.host, settings.web.port)
            watching = asyncio.create_task(watch_the_loop(metrics))
            try:
                yield
            finally:
                watching.cancel()


@asynccontextmanager
async def _nursery(settings: Settings, begun: Nursery | None) -> AsyncIterator[Nursery]:
    """The nursery that was begun already, which whoever began it closes, or one of our own."""
    if begun is not None:
        yield begun
    else:
        with closing(Nursery(settings.log_level, settings.log_format)) as nursery:
            yield nursery


@asynccontextmanager
async def _library(settings: Settings, nursery: Nursery, database: Database) -> AsyncIterator[Library]:
    amendments = await _changes(settings, database).amendments()
    order = Order(settings.corpus, settings.vectors, settings.snapshot, amendments=amendments)
    library = await Library.open(order, nursery)
    for file in amendments.added:
        if not file.path.exists():
            _LOG.warning("a document that was added is left out: %s is missing", file.path)
    if not library.catalogue.by_meaning:
        _LOG.info("searching by words alone; with the extra `semantic` it finds by meaning, too (see the README)")
    try:
        yield library
    finally:
        library.close()


def _changes(settings: Settings, database: Database) -> Changes:
    return Changes(database, settings.added, settings.keep_changes)


async def run(settings: Settings, nursery: Nursery | None = None) -> None:
    """Serves Telegram until the process is told to stop, wherever in its start it then is.

    Raises InvalidToken when Telegram does not know the token, or no longer, ReceivingError when another process uses it
    or Telegram has fallen silent, SettingsError when what answers is not Telegram, and what `serving` raises.
    """
    stop = _StopSignal()
    try:
        async with serving(settings, nursery=nursery) as service:
            _LOG.info("serving as @%s", service.application.bot.username)
            await asyncio.wait({service.receiving})
            service.receiving.result()
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


def _application(settings: Settings, request: Transport, polling: Transport) -> BotApplication:
    """The framework's part: it knows which handler an update is for. Updates come from our inbox, not from its own."""
    if settings.token is None:
        raise ValueError("Telegram needs a token")
    return (
        ApplicationBuilder()
        .token(settings.token)
        .base_url(settings.base_url)
        .base_file_url(settings.base_file_url)
        .request(request)
        .get_updates_request(polling)
        .updater(None)
        .build()
    )


@asynccontextmanager
async def _connected(settings: Settings) -> AsyncIterator[BotApplication]:
    """The framework's application, known to Telegram, until the block ends; where there is no webhook, it gives its
    updates to whoever polls."""
    try:
        proxy_for(*urlsplit(settings.base_url)[:2])
    except ProxyError as error:
        raise SettingsError(f"HTTPS_PROXY, HTTP_PROXY or ALL_PROXY: {error}") from error
    # The framework does not close what it could not begin with.
    async with Transport(_CONNECTIONS) as request, Transport() as polling:
        application = _application(settings, request, polling)
        try:
            await _persistently(application.initialize, settings)
            if settings.webhook is None:
                await _persistently(application.bot.delete_webhook, settings)
            yield application
        finally:
            await application.shutdown()


def _receiving(settings: Settings, bot: Bot, intake: Intake) -> Receiving:
    """What takes updates in: a webhook where the settings have one, else polling."""
    if settings.webhook is None:
        return Poller(bot, UPDATES, intake)
    # Only here, for it brings a web server along.
    from bot.delivery.webhook import Webhook

    return Webhook(settings.webhook, bot, UPDATES, intake, partial(_persistently, settings=settings))


async def _offer_menus(bot: Bot, store: Store, settings: Settings) -> None:
    """Some time after a start, for what waits is answered first."""
    await asyncio.sleep(_SECONDS_BEFORE_MENUS)
    await menu.offer(bot, store, settings.admins, settings.ephemeral, settings.subject)


async def _persistently(ask: Callable[[], Awaitable[object]], settings: Settings) -> None:
    """Asks something of Telegram, again and again as long as the network is not there."""
    wait = 1.0
    while True:
        try:
            await ask()
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
