"""The update in hand, known to whatever sends an answer to it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from bot.delivery.inbox import Entry, Inbox


@dataclass(slots=True)
class Errand:
    """One update being handled."""

    inbox: Inbox
    entry: Entry
    sent_before: bool = False
    """Whether an answer to it may have arrived already: then what is sent says so."""
    sending: bool = False
    """Whether an answer to it may be on its way."""
    admitted: bool = False
    """Whether it has been let in by the limits: it is counted once, however often it is handled."""
    counted: bool = False
    """Whether a process before, which may have answered it, may have counted it among the questions."""
    late: bool = False
    """Whether it has waited so long that an answer needs a word on it."""
    postponed: bool = False
    """Whether it could not be handled for want of the database or of what answers, and is to be handled again."""
    began: float = field(default_factory=time.monotonic)
    """When it was taken in hand, by the monotonic clock."""

    @property
    def seconds(self) -> float:
        """For how long it has been in hand."""
        return time.monotonic() - self.began

    async def about_to_send(self) -> None:
        """Keeps that an answer may have left, before it does."""
        await self.inbox.about_to_send(self.entry)
        self.sending = True

    async def forget_before(self, person: int) -> None:
        """Ends, unanswered, all that the person sent before this update."""
        await self.inbox.forget(person, self.entry)

    async def surely_not_sent(self) -> None:
        """Keeps that it has not, unless one before it may have."""
        self.sending = False
        if not self.sent_before:
            await self.inbox.surely_not_sent(self.entry)


_IN_HAND: ContextVar[Errand | None] = ContextVar("errand", default=None)


def in_hand() -> Errand | None:
    """The errand that the running code is on, None outside of any."""
    return _IN_HAND.get()


@contextmanager
def on(errand: Errand) -> Iterator[None]:
    """Everything inside, tasks begun there too, is on this errand."""
    token = _IN_HAND.set(errand)
    try:
        yield
    finally:
        _IN_HAND.reset(token)
