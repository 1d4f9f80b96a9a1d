"""What a benchmark shows, and how a call is timed."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

ROUNDS = 3
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of ours beside a peer's."""

    what: str
    beside: str
    ratio: float
    """Ours to the peer's: below one is less."""
    ours: str = ""

    def row(self) -> str:
        """A row of the table."""
        return f"| {self.what} | {self.beside} | {self.ratio:.2g} | {self.ours} |"


def timed(work: Callable[[], _Result]) -> tuple[float, _Result]:
    """The processor time of a call in this thread, in seconds, and what it returned."""
    began = time.thread_time()
    result = work()
    return time.thread_time() - began, result
