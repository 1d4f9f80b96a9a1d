"""What is worthless once it is late: inline queries, asked anew with every letter, kept nowhere, in nobody's way."""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Iterable

from telegram import Bot, Update

from bot.delivery.inbox import Arrival
from bot.logs import describe

_LOG = logging.getLogger(__name__)
_SECONDS_OF_TYPING = 0.2
"""Whoever types on within that is answered when they pause."""
_MOST_SECONDS = 10.0
"""Telegram takes no answer that is later."""
_AT_ONCE = 4
"""So many queries may stand before a question in a chat at most."""


class Fleeting:
    """Handles the newest of each person; one that has been followed by another while it waited is dropped."""

    def __init__(self, bot: Bot, handle: Callable[[Update], Awaitable[None]]) -> None:
        self._bot = bot
        self._handle = handle
        self._newest: dict[int, tuple[Arrival, float]] = {}
        self._people: dict[int, asyncio.Task[None]] = {}
        self._places = asyncio.Semaphore(_AT_ONCE)

    def add(self, arrivals: Iterable[Arrival]) -> None:
        """Lets each be handled unless its person goes on typing."""
        for arrival in arrivals:
            self._newest[arrival.chat] = arrival, time.monotonic()
            if arrival.chat not in self._people:
                self._people[arrival.chat] = asyncio.create_task(self._serve(arrival.chat))

    async def stop(self) -> None:
        """Drops all of them."""
        tasks = [*self._people.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # One that is cancelled before it has begun has tidied nothing up.
        self._newest.clear()
        self._people.clear()

    async def _serve(self, person: int) -> None:
        try:
            while person in self._newest:
                await asyncio.sleep(_SECONDS_OF_TYPING)
                async with self._places:
                    arrival, came = self._newest.pop(person)
                    if time.monotonic() - came < _MOST_SECONDS:
                        await self._serve_one(arrival)
        finally:
            del self._people[person]

    async def _serve_one(self, arrival: Arrival) -> None:
        try:
            await self._handle(Update.de_json(json.loads(arrival.body), self._bot))
        except Exception as error:
            # Whatever it was, the person's next query is to be handled.
            _LOG.error("an inline query could not be handled: %s", describe(error))
