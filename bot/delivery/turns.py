"""Who is handled when: a chat's updates in their order, chats side by side."""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from telegram import Bot, Update

from bot.delivery import errands
from bot.delivery.errands import Errand
from bot.delivery.inbox import Entry, Inbox
from bot.logs import describe
from bot.storage.database import DatabaseError
from bot.troubles import Trouble, told

_LOG = logging.getLogger(__name__)
_MOST_CHATS_AT_ONCE = 4096
_SECONDS_ALONE = 5.0
"""For so long what the last process may have died of is handled with nothing else in hand."""
_SECONDS_BEFORE_NEXT_TRY = 2.0
"""What a death is charged to is tried so long after a start, four times as long with each further death: whatever
else ends the process then finds something else in hand, and others are answered before it may end again."""
_SECONDS_BEFORE_RETRY = 1.0
"""Between two tries to reach the database."""

Handle = Callable[[Update], Awaitable[None]]
_Result = TypeVar("_Result")


class Turns:
    """Handles the entries of an inbox, and ends each there once it is done."""

    def __init__(self, inbox: Inbox, bot: Bot, handle: Handle, give_up: Handle, late_after: timedelta) -> None:
        self._inbox = inbox
        self._bot = bot
        self._handle = handle
        self._give_up = give_up
        self._late_after = late_after
        self._waiting: dict[int, deque[Entry]] = {}
        self._chats: dict[int, asyncio.Task[None]] = {}
        self._places = asyncio.Semaphore(_MOST_CHATS_AT_ONCE)
        self._in_hand: set[Entry] = set()
        self._held: list[Entry] | None = []
        self._resuming: asyncio.Task[None] | None = None
        self._stopping = False

    async def resume(self) -> None:
        """Takes up what an earlier process left; what is added meanwhile waits behind it."""
        suspects, others = await self._inbox.left_over()
        self._resuming = asyncio.create_task(self._resume(suspects, others))

    def add(self, entries: Iterable[Entry]) -> None:
        """Lets the entries be handled, each when its chat has come to it."""
        if self._held is not None:
            self._held += entries
        else:
            self._queue(entries)

    async def stop(self, seconds: float) -> None:
        """Finishes what is in hand, at most for some time; what is left waits in the inbox for the next process."""
        self._stopping = True
        if self._resuming is not None:
            self._resuming.cancel()
        if self._chats:
            await asyncio.wait(self._chats.values(), timeout=seconds)
        left = [*self._chats.values()]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        try:
            await self._inbox.put_back(self._in_hand)
        except DatabaseError as error:
            _LOG.error("%s What was in hand is handled first at the next start.", error)

    async def _resume(self, suspects: Iterable[Entry], others: Iterable[Entry]) -> None:
        async with asyncio.TaskGroup() as later:
            for entry in suspects:
                if entry.crashes:
                    later.create_task(self._queue_later(entry))
                else:
                    self._queue([entry])
                    await asyncio.wait({self._chats[entry.chat]}, timeout=_SECONDS_ALONE)
            held, self._held = self._held or [], None
            self._queue([*others, *held])

    async def _queue_later(self, entry: Entry) -> None:
        await asyncio.sleep(_SECONDS_BEFORE_NEXT_TRY * 4 ** (entry.crashes - 1))
        self._queue([entry])

    def _queue(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self._waiting.setdefault(entry.chat, deque()).append(entry)
            if entry.chat not in self._chats:
                self._chats[entry.chat] = asyncio.create_task(self._serve(entry.chat))

    async def _serve(self, chat: int) -> None:
        """Handles what waits in a chat, one after another."""
        waiting = self._waiting[chat]
        try:
            while waiting and not self._stopping:
                async with self._places:
                    await self._serve_or_set_aside(waiting[0])
                waiting.popleft()
        finally:
            del self._waiting[chat], self._chats[chat]

    async def _serve_or_set_aside(self, entry: Entry) -> None:
        try:
            await self._serve_one(entry)
        except Exception as error:
            # Whatever it was, those behind it in the chat are to be handled.
            _LOG.error("an update was set aside: %s", describe(error), extra=told(Trouble.SET_ASIDE, describe(error)))
            reason = type(error).__name__
            await _persistently(lambda: self._inbox.set_aside(entry, reason))
            self._in_hand.discard(entry)

    async def _serve_one(self, entry: Entry) -> None:
        opened = await _persistently(lambda: self._inbox.open(entry))
        if opened is None:
            return
        update = Update.de_json(json.loads(opened.body), self._bot)
        self._in_hand.add(entry)
        before = opened.sent_before
        errand = Errand(self._inbox, entry, sent_before=before, counted=before, late=self._is_late(update))
        with errands.on(errand):
            if opened.given_up:
                await self._give_up(update)
            else:
                await self._handle_persistently(update, errand)
        end = self._inbox.give_up if opened.given_up else self._inbox.done
        await _persistently(lambda: end(entry))
        self._in_hand.discard(entry)

    async def _handle_persistently(self, update: Update, errand: Errand) -> None:
        while True:
            await self._handle(update)
            if not errand.postponed:
                return
            errand.postponed = False
            await asyncio.sleep(_SECONDS_BEFORE_RETRY)

    def _is_late(self, update: Update) -> bool:
        message = update.message or update.edited_message
        return message is not None and datetime.now(UTC) - (message.edit_date or message.date) > self._late_after


async def _persistently(step: Callable[[], Awaitable[_Result]]) -> _Result:
    """What the step returns, tried again for as long as the database fails."""
    while True:
        try:
            return await step()
        except DatabaseError as error:
            _LOG.error("%s Trying again.", error, extra=told(Trouble.FAILED, describe(error)))
            await asyncio.sleep(_SECONDS_BEFORE_RETRY)
