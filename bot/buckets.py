"""Token buckets: how much is let through at once, and then in a minute."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

MINUTE = 60.0
_MOST_REMEMBERED = 10_000
"""Buckets; of more, those not used for the longest time are forgotten."""
_Owner = TypeVar("_Owner", bound=Hashable)


@dataclass(slots=True)
class Bucket:
    """What its owner may still do now."""

    tokens: float
    now: float
    """When the tokens were counted, by the monotonic clock."""
    told: float = float("-inf")
    """When it was last said that there are none."""


class Buckets(Generic[_Owner]):
    """Buckets by owner; each is full at first, and from empty full again in a minute."""

    def __init__(self, size: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._size = size
        self._clock = clock
        self._buckets: dict[_Owner, Bucket] = {}

    def of(self, owner: _Owner) -> Bucket:
        """The bucket as it is now."""
        now = self._clock()
        # Put in again at the end, so that the first are those not used for the longest time.
        bucket = self._buckets.pop(owner) if owner in self._buckets else Bucket(self._size, now)
        self._buckets[owner] = bucket
        bucket.tokens = min(self._size, bucket.tokens + (now - bucket.now) * self._size / MINUTE)
        bucket.now = now
        while len(self._buckets) > _MOST_REMEMBERED:
            del self._buckets[next(iter(self._buckets))]
        return bucket

    def take(self, owner: _Owner, cost: float) -> bool:
        """Takes so much out of a bucket; whether there was enough, else nothing is taken."""
        bucket = self.of(owner)
        enough = bucket.tokens >= cost
        bucket.tokens -= cost if enough else 0
        return enough
