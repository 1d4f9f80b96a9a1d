"""What goes wrong reaches the bot's administrators: every line of the log that a part marks so with `troubles.told`."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from telegram import Message
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.delivery.sending import MessageGoneError, Outbox
from bot.logs import describe
from bot.settings import TOKEN
from bot.speech.phrases import Phrases, phrases, reply_language
from bot.speech.reports import alarm_html
from bot.storage.database import DatabaseError
from bot.storage.store import Store
from bot.troubles import Trouble, told

_LOG = logging.getLogger(__name__)
_HOUR = 3600.0
_MOST_AN_HOUR = 10
"""Messages to each administrator, besides the one that says how many more there would be."""
_SECONDS_BETWEEN_EDITS = 60.0
"""Of one message."""
_LONGEST_PLACE = 200
_MOST_REMEMBERED = 1000
"""Groups; of more, those that are quiet for the longest time are forgotten."""

_CLOSED = (
    "rights",
    "_forbidden",
    "chat_restricted",
    "topic_closed",
    "topic_deleted",
    "thread not found",
    "chat not found",
    "chat was deactivated",
)
"""What Telegram says where a group, or a topic of it, does not let the bot write."""
_WITHHELD = ("member list is inaccessible", "user not found", "participant_id_invalid")
"""What it says where it does not tell the bot who somebody is in a group."""

_Clock = Callable[[], float]


@dataclass(slots=True)
class _Group:
    """Errors of the same kind and place, and the messages that tell of them."""

    trouble: Trouble | None
    """None: those that there was no message left for."""
    about: str
    times: int = 0
    """Since the messages were sent."""
    told: int = 0
    """How many of them the messages say."""
    sent: float = float("-inf")
    changed: float = float("-inf")
    messages: dict[int, Message] = field(default_factory=dict)
    """By administrator."""

    def due(self) -> float:
        """When it is to be told next, by the monotonic clock."""
        if self.times == self.told:
            return float("inf")
        return min(self.sent + _HOUR, self.changed + _SECONDS_BETWEEN_EDITS)


class Alarms(logging.Handler):
    """Tells the administrators, in private, of kinds and places of errors; never more often than they can read.

    A group of errors is one message an hour, edited as their number grows; beyond ten such messages an hour there is
    one that says how many more. What cannot be told stands in the log alone.
    """

    def __init__(self, admins: frozenset[int], clock: _Clock = time.monotonic) -> None:
        super().__init__()
        self._admins = set(admins)
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._groups: dict[tuple[Trouble, str], _Group] = {}
        self._beyond = _Group(None, "")
        self._sent: deque[float] = deque()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Until the block ends, whatever is logged is looked through."""
        log = logging.getLogger("bot")
        log.addHandler(self)
        try:
            yield
        finally:
            log.removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Notes a record that is marked; any thread may have written it."""
        trouble, about = getattr(record, "trouble", None), getattr(record, "about", "")
        if isinstance(trouble, Trouble):
            self._loop.call_soon_threadsafe(self._note, trouble, TOKEN.sub("<secret>", about)[:_LONGEST_PLACE])

    async def run(self, outbox: Outbox, store: Store) -> None:
        """Tells what has been noted, and what will be."""
        while self._admins:
            self._news.clear()
            now = self._clock()
            for group in [*self._groups.values(), self._beyond]:
                if group.due() <= now:
                    await self._tell(group, outbox, store)
            await self._wait()

    async def _wait(self) -> None:
        """Returns with the next news, or when something is due."""
        due = min(group.due() for group in [*self._groups.values(), self._beyond])
        with suppress(TimeoutError):
            async with asyncio.timeout(None if due == float("inf") else max(0.0, due - self._clock())):
                await self._news.wait()

    def _note(self, trouble: Trouble, about: str) -> None:
        # Put in again at the end, so that the first are those quiet for the longest time.
        group = self._groups.pop((trouble, about), None) or _Group(trouble, about)
        self._groups[trouble, about] = group
        group.times += 1
        if len(self._groups) > _MOST_REMEMBERED:
            del self._groups[next(iter(self._groups))]
        self._news.set()

    async def _tell(self, group: _Group, outbox: Outbox, store: Store) -> None:
        now = self._clock()
        if now - group.sent >= _HOUR:
            if group.trouble is not None and not self._has_room(now):
                self._beyond.times += group.times - group.told
                group.told = group.times
                return
            group.times, group.told = group.times - group.told, 0
            group.messages.clear()
            group.sent = now
        group.changed, group.told = now, group.times
        await asyncio.gather(*(self._tell_one(admin, group, outbox, store) for admin in self._admins))

    def _has_room(self, now: float) -> bool:
        """Whether one more message may be sent; it counts as sent."""
        while self._sent and now - self._sent[0] >= _HOUR:
            self._sent.popleft()
        if len(self._sent) >= _MOST_AN_HOUR:
            return False
        self._sent.append(now)
        return True

    async def _tell_one(self, admin: int, group: _Group, outbox: Outbox, store: Store) -> None:
        try:
            words = await _words(admin, store)
            html = alarm_html(_said(group, words), group.about, 1 if group.trouble is None else group.told, words)
            if shown := group.messages.get(admin):
                await outbox.edit(shown, html)
            else:
                group.messages[admin] = await outbox.tell(admin, words, html)
        except (Forbidden, BadRequest) as error:
            if admin in group.messages:  # whose message is gone; they hear of the next
                return
            # They have never written to the bot, or have shut it out; that changes no sooner than they look after it.
            self._admins.discard(admin)
            _LOG.warning("an administrator cannot be told of errors: %s", type(error).__name__)
        except TelegramError as error:
            _LOG.warning("an error could not be told to an administrator: %s", type(error).__name__)


def failure(error: BaseException) -> dict[str, object]:
    """The `extra` of a record on what a handler failed with.

    Nobody is told of Telegram's weather, of who shut the bot out, and of what was deleted meanwhile.
    """
    passes = isinstance(error, (RetryAfter, ChatMigrated, MessageGoneError)) or shuts_out(error)
    passes |= isinstance(error, NetworkError) and (not isinstance(error, BadRequest) or _says(error, _WITHHELD))
    return {} if passes else told(Trouble.FAILED, describe(error))


def shuts_out(error: BaseException) -> bool:
    """Whether Telegram, by this error, lets the bot write nothing there."""
    return isinstance(error, Forbidden) or (isinstance(error, BadRequest) and _says(error, _CLOSED))


def _says(error: TelegramError, reasons: tuple[str, ...]) -> bool:
    return any(reason in error.message.lower() for reason in reasons)


async def _words(admin: int, store: Store) -> Phrases:
    try:
        chosen = await store.chosen_language(admin)
    except DatabaseError:
        chosen = None  # which may be what is to be told
    return phrases(reply_language(chosen, None, None))


def _said(group: _Group, words: Phrases) -> str:
    match group.trouble:
        case None:
            return words.more_errors.of(group.times)
        case Trouble.FAILED:
            return words.alarm_failed
        case Trouble.SET_ASIDE:
            return words.alarm_set_aside
        case Trouble.GIVEN_UP:
            return words.alarm_given_up
        case Trouble.EDITION_LOST:
            return words.alarm_edition
        case Trouble.BACKUP_FAILED:
            return words.alarm_backup
        case Trouble.WEBHOOK:
            return words.alarm_webhook
        case Trouble.DATABASE_MOVED:
            return words.alarm_database
