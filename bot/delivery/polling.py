"""Long polling: what Telegram has is in the inbox before it is told to forget it."""

import asyncio
import json
import logging
import time
from collections.abc import Sequence
from urllib.parse import urlencode

from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import BaseRequest

from bot.delivery.intake import Intake
from bot.delivery.receiving import ReceivingError, UnreadableBatchError, arrivals, batch_of, unreadable
from bot.delivery.sending import seconds_asked
from bot.delivery.transport import Transport
from bot.logs import describe
from bot.storage.database import DatabaseError
from bot.troubles import Trouble, told

_LOG = logging.getLogger(__name__)
_SECONDS_OF_A_POLL = 25
_BATCH = 100
"""Updates that Telegram gives at once at most."""
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0
"""Seconds between two tries; each wait is twice the one before."""
_MOST_CONFLICTS = 3
"""So often in a row another process with the same token has taken our place before we leave it."""
_SECONDS_OF_SENIORITY = 60.0
"""Who has polled that long before it met another is the first of the two and waits for the second to leave."""
_SECONDS_WITHOUT_SUCCESS = 300.0
"""After so long without a batch taken in, be it an empty one, something is wrong that only a new start may mend."""


class PollingError(ReceivingError):
    """Raised when polling cannot go on in this process; the message is one sentence."""


class Poller:
    """Asks Telegram for updates until it is cancelled, and hands on what is new."""

    def __init__(self, bot: Bot, allowed: Sequence[str], intake: Intake) -> None:
        self._bot = bot
        self._allowed = allowed
        self._intake = intake
        self._first_success: float | None = None
        self._last_success = time.monotonic()

    @property
    def heard(self) -> float:
        """When Telegram last gave a batch, be it an empty one."""
        return self._last_success

    async def run(self) -> None:
        """Polls; comes back only by an error: InvalidToken, or PollingError."""
        async with Transport() as request:
            polling = asyncio.create_task(self._poll(request))
            try:
                while not polling.done():
                    await asyncio.wait({polling}, timeout=_SECONDS_OF_A_POLL)
                    self._watch()
                polling.result()
            finally:
                polling.cancel()
                await asyncio.gather(polling, return_exceptions=True)

    def _watch(self) -> None:
        """Ends a process that hears nothing, so that its supervisor starts a new one."""
        silence = time.monotonic() - self._last_success
        if silence > _SECONDS_WITHOUT_SUCCESS:
            raise PollingError(f"No updates could be taken in for {silence:.0f} s; ending so as to be started anew.")

    async def _poll(self, request: BaseRequest) -> None:
        # Never kept between starts: after a week of silence Telegram's ids begin anew somewhere else.
        offset, conflicts, wait = 0, 0, _FIRST_WAIT
        while True:
            try:
                offset = await self._batch(request, offset)
            except InvalidToken:
                raise
            except Conflict:
                conflicts += 1
                self._yield_to_another(conflicts)
            except RetryAfter as flood:
                _LOG.warning("Telegram asks for patience; asking for updates again in %.0f s", seconds_asked(flood))
                self._last_success = time.monotonic() + seconds_asked(flood)
                await asyncio.sleep(seconds_asked(flood))
                continue
            except TelegramError as error:
                _LOG.warning("Telegram could not be asked for updates: %s", type(error).__name__)
            except DatabaseError as error:
                # Not confirmed, so Telegram gives them again.
                _LOG.error(
                    "%s Updates wait with Telegram meanwhile.", error, extra=told(Trouble.FAILED, describe(error))
                )
            else:
                conflicts, wait = 0, _FIRST_WAIT
                self._succeeded()
                continue
            await asyncio.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)

    async def _batch(self, request: BaseRequest, offset: int, limit: int = _BATCH) -> int:
        """Takes in one batch; returns the offset that confirms it, nothing where there is nothing to confirm.

        Of one that cannot be read as a whole the first half is tried, down to the one update that it fails for.
        """
        payload = await self._updates(request, offset, limit)
        try:
            updates = batch_of(payload)
        except UnreadableBatchError as error:
            if not error.ids:
                raise TelegramError("what came is no answer of Telegram's") from error
            if limit > 1:
                return await self._batch(request, offset, limit // 2)
            found = [unreadable(error.ids[0], error.reason)]
        else:
            found = arrivals(updates, self._bot)
            if not updates:
                return 0
            if not found:
                raise TelegramError("what came cannot be told from what will come")
        await self._intake.take_in(found)
        return max(arrival.update_id for arrival in found) + 1

    async def _updates(self, request: BaseRequest, offset: int, limit: int) -> bytes:
        # By its address, not by the framework's method: that parses a batch as a whole, and fails as a whole.
        asked = {"timeout": _SECONDS_OF_A_POLL, "limit": limit, "allowed_updates": json.dumps(self._allowed)}
        address = f"{self._bot.base_url}/getUpdates?{urlencode(asked | ({'offset': offset} if offset else {}))}"
        return await request.retrieve(address, read_timeout=_SECONDS_OF_A_POLL + 10)

    def _succeeded(self) -> None:
        self._last_success = time.monotonic()
        self._first_success = self._first_success or self._last_success

    def _yield_to_another(self, conflicts: int) -> None:
        """Says that another process polls; leaves it the token unless we were there first."""
        if conflicts == 1:
            _LOG.error("another process uses this token; Telegram answers only one of them")
        senior = self._first_success is not None and (time.monotonic() - self._first_success > _SECONDS_OF_SENIORITY)
        if conflicts >= _MOST_CONFLICTS and not senior:
            raise PollingError("Another process uses this token; stop it first, or use another token.")
