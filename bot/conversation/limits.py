"""How much may be asked or commanded at once, so that nobody asks the others out of their answers."""

import time
from collections.abc import Callable
from enum import Enum, auto

from bot.buckets import MINUTE, Bucket, Buckets

QUESTIONS_OF_A_PERSON = 60
"""At once, and then in a minute: as many as Telegram lets the bot answer in a private chat."""
QUESTIONS_IN_A_CHAT = 60
"""The same for all of a group together."""
_COST_IN_A_GROUP = 3
"""Of a person's questions there: Telegram lets a third as many answers out, 20 a minute."""
_COST_INLINE = 0.2
"""Of a person's inline queries, each of which is typed on to the next."""


class Verdict(Enum):
    """What is to be done with a question."""

    ANSWER = auto()
    SAY_SO = auto()
    """It is too much, and that has not been said within the last minute."""
    PASS_OVER = auto()


class Limits:
    """Token buckets of persons and of chats; a question, or a press that has the bot write, needs a token of both."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._persons = Buckets[int](QUESTIONS_OF_A_PERSON, clock)
        self._chats = Buckets[int](QUESTIONS_IN_A_CHAT, clock)

    def verdict(self, person: int, chat: int) -> Verdict:
        """Counts a question, and tells what is to be done with it."""
        empty = self._take(person, chat)
        return Verdict.ANSWER if empty is None else _refusal(empty)

    def admits_press(self, person: int, chat: int) -> bool:
        """Counts a press that has the bot write as a question; whether it is to be obeyed.

        One that is not can be told so each time, at the button.
        """
        return self._take(person, chat) is None

    def admits_inline(self, person: int) -> bool:
        """Counts an inline query of a person; whether it is to be answered."""
        return self._persons.take(person, _COST_INLINE)

    def _take(self, person: int, chat: int) -> Bucket | None:
        """Takes the tokens of a question; the bucket that has too few, of which none is then taken."""
        costs = (self._persons.of(person), _COST_IN_A_GROUP if chat < 0 else 1), (self._chats.of(chat), 1)
        for bucket, cost in costs:
            if bucket.tokens < cost:
                return bucket
        for bucket, cost in costs:
            bucket.tokens -= cost
        return None


def _refusal(bucket: Bucket) -> Verdict:
    if bucket.now - bucket.told < MINUTE:
        return Verdict.PASS_OVER
    bucket.told = bucket.now
    return Verdict.SAY_SO
