"""How much may be asked or commanded at once, so that nobody asks the others out of their answers."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

QUESTIONS_OF_A_PERSON = 60
"""At once, and then in a minute: as many as Telegram lets the bot answer in a private chat."""
QUESTIONS_IN_A_CHAT = 60
"""The same for all of a group together."""
_COST_IN_A_GROUP = 3
"""Of a person's questions there: Telegram lets a third as many answers out, 20 a minute."""
_COST_INLINE = 0.2
"""Of a person's inline queries, each of which is typed on to the next."""
_MINUTE = 60.0
_MOST_REMEMBERED = 10_000
"""Persons, and chats; of more, those that asked longest ago are forgotten."""


class Verdict(Enum):
    """What is to be done with a question."""

    ANSWER = auto()
    SAY_SO = auto()
    """It is too much, and that has not been said within the last minute."""
    PASS_OVER = auto()


class Limits:
    """Token buckets of persons and of chats; a question, or a press that has the bot write, needs a token of both."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._persons = _Buckets(QUESTIONS_OF_A_PERSON, clock)
        self._chats = _Buckets(QUESTIONS_IN_A_CHAT, clock)

    def verdict(self, person: int, chat: int) -> Verdict:
        """Counts a question, and tells what is to be done with it."""
        empty = self._take(person, chat)
        return Verdict.ANSWER if empty is None else empty.refusal()

    def admits_press(self, person: int, chat: int) -> bool:
        """Counts a press that has the bot write as a question; whether it is to be obeyed.

        One that is not can be told so each time, at the button.
        """
        return self._take(person, chat) is None

    def admits_inline(self, person: int) -> bool:
        """Counts an inline query of a person; whether it is to be answered."""
        bucket = self._persons.of(person)
        admitted = bucket.tokens >= _COST_INLINE
        bucket.tokens -= _COST_INLINE if admitted else 0
        return admitted

    def _take(self, person: int, chat: int) -> "_Bucket | None":
        """Takes the tokens of a question; the bucket that has too few, of which none is then taken."""
        costs = (self._persons.of(person), _COST_IN_A_GROUP if chat < 0 else 1), (self._chats.of(chat), 1)
        for bucket, cost in costs:
            if bucket.tokens < cost:
                return bucket
        for bucket, cost in costs:
            bucket.tokens -= cost
        return None


@dataclass(slots=True)
class _Bucket:
    tokens: float
    now: float
    """When the tokens were counted, by the monotonic clock."""
    told: float = float("-inf")
    """When it was last said that there are none."""

    def refusal(self) -> Verdict:
        if self.now - self.told < _MINUTE:
            return Verdict.PASS_OVER
        self.told = self.now
        return Verdict.SAY_SO


class _Buckets:
    """Buckets by number; each is full at first, and from empty full again in a minute."""

    def __init__(self, size: int, clock: Callable[[], float]) -> None:
        self._size = size
        self._clock = clock
        self._buckets: dict[int, _Bucket] = {}

    def of(self, number: int) -> _Bucket:
        """The bucket as it is now."""
        now = self._clock()
        # Put in again at the end, so that the first are those not used for the longest time.
        bucket = self._buckets.pop(number) if number in self._buckets else _Bucket(self._size, now)
        self._buckets[number] = bucket
        bucket.tokens = min(self._size, bucket.tokens + (now - bucket.now) * self._size / _MINUTE)
        bucket.now = now
        while len(self._buckets) > _MOST_REMEMBERED:
            del self._buckets[next(iter(self._buckets))]
        return bucket
