"""What a running process counts about itself, in memory: no person and no word is in it."""

import asyncio
import logging
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

LATENCIES = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
"""Seconds, the upper ends of the histogram's buckets."""
_SECONDS_BETWEEN_LOOKS = 0.5
_SECONDS_REMEMBERED = 60.0


@dataclass(slots=True)
class Metrics:
    """The counts since the start; each part adds to its own."""

    questions: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By language and outcome: found, nothing or given_up."""
    answers: Counter[float] = field(default_factory=Counter)
    """By the upper end of the bucket of seconds from the taking up of a question to its answer."""
    seconds: float = 0.0
    """Of all answers together."""
    sends: Counter[str] = field(default_factory=Counter)
    """Messages by outcome: delivered, refused, or repeated because nobody knew whether they had arrived."""
    floods: int = 0
    """How often Telegram asked for patience."""
    pages: Counter[tuple[str, int]] = field(default_factory=Counter)
    """Requests to the web reader by kind of page and status."""
    lag: float = 0.0
    """Seconds that the event loop was late at worst, in the last minute."""

    def count_question(self, language: str, outcome: str, seconds: float | None = None) -> None:
        """Counts a question, and how long its answer took where that is known."""
        self.questions[language, outcome] += 1
        if seconds is not None:
            self.answers[next((end for end in LATENCIES if seconds <= end), float("inf"))] += 1
            self.seconds += seconds


class Errors(logging.Handler):
    """Counts the errors of the log."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Counts one."""
        self.count += 1


@contextmanager
def errors_counted() -> Iterator[Errors]:
    """What counts every error of the log until the block ends."""
    errors = Errors()
    logging.getLogger().addHandler(errors)
    try:
        yield errors
    finally:
        logging.getLogger().removeHandler(errors)


async def watch_the_loop(metrics: Metrics, clock: Callable[[], float] = time.monotonic) -> None:
    """Keeps how late the event loop comes to what is due."""
    late: deque[tuple[float, float]] = deque()
    while True:
        due = clock() + _SECONDS_BETWEEN_LOOKS
        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        now = clock()
        late.append((now, max(0.0, now - due)))
        while late[0][0] < now - _SECONDS_REMEMBERED:
            late.popleft()
        metrics.lag = max(seconds for _, seconds in late)
