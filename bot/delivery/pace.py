"""How fast Telegram lets a bot write, and which chat it has asked to wait."""

import asyncio
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field

_MINUTE = 60.0
_MOST_REMEMBERED = 10_000
"""Chats; of more, those that may be written to anyway are forgotten."""


@dataclass(slots=True)
class _Chat:
    next: float = 0.0
    """When it may be written to again, by the monotonic clock."""
    sent: deque[float] = field(default_factory=deque)
    """When it was written to within the last minute."""


class Pace:
    """Holds back what would be too fast: 30 messages a second in all, one a second in a chat, 20 a minute in a group.

    The figures are Telegram's (core.telegram.org/bots/faq, "My bot is hitting limits").
    """

    def __init__(self, per_second: float = 30, seconds_in_chat: float = 1.0, per_minute_in_group: int = 20) -> None:
        self._between = 1 / per_second
        self._seconds_in_chat = seconds_in_chat
        self._per_minute_in_group = per_minute_in_group
        self._next = 0.0
        self._chats: defaultdict[int, _Chat] = defaultdict(_Chat)

    async def turn(self, chat: int, group: bool) -> None:
        """Returns when the chat may be written to; that counts as having written."""
        while (wait := self._wait(chat, group)) > 0:  # noqa: ASYNC110 - how long it takes is known
            await asyncio.sleep(wait)
        # Counted from when it may leave, which is later than now where much is leaving.
        leaves = max(time.monotonic(), self._next)
        self._next = leaves + self._between
        self._chats[chat].next = leaves + self._seconds_in_chat
        if group:
            self._chats[chat].sent.append(leaves)
        self._forget_idle()
        await asyncio.sleep(leaves - time.monotonic())

    def hold(self, chat: int, seconds: float) -> None:
        """Lets nothing go to the chat for so long; other chats do not wait for it."""
        self._chats[chat].next = max(self._chats[chat].next, time.monotonic() + seconds)

    def _wait(self, chat: int, group: bool) -> float:
        """Seconds until the chat itself may be written to."""
        now, state = time.monotonic(), self._chats[chat]
        while state.sent and state.sent[0] <= now - _MINUTE:
            state.sent.popleft()
        if group and len(state.sent) >= self._per_minute_in_group:
            return max(state.next, state.sent[0] + _MINUTE) - now
        return state.next - now

    def _forget_idle(self) -> None:
        if len(self._chats) > _MOST_REMEMBERED:
            now = time.monotonic()
            idle = [
                chat
                for chat, state in self._chats.items()
                if state.next < now and max(state.sent, default=0) < now - _MINUTE
            ]
            for chat in idle:
                del self._chats[chat]
