"""Waiting until something has happened, without polling and never for ever."""

import asyncio
from collections.abc import Callable


class Changes:
    """Wakes everyone who waits for a condition whenever the server's state changes."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def announce(self) -> None:
        """Let all waiting conditions be looked at again."""
        self._next.set()
        self._next = asyncio.Event()

    async def until(self, holds: Callable[[], bool], seconds: float) -> bool:
        """Whether the condition came to hold within the given time."""
        try:
            async with asyncio.timeout(seconds):
                while not holds():
                    await self._next.wait()
        except TimeoutError:
            return holds()
        return True
