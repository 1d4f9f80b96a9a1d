"""Scripted failures: what Telegram or the network does to the next calls of a method."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from .records import Json

Kind = Literal["refuse", "hang", "drop", "lose"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One failure: a refusal, a delay, a connection cut before the call, or one cut after it took effect."""

    kind: Kind
    status: int = 400
    description: str = ""
    parameters: Json | None = None
    seconds: float = 0.0


class Faults:
    """The failures still to come, in order, by method; `*` stands for every method but getUpdates."""

    def __init__(self) -> None:
        self._coming: dict[str, list[Fault]] = defaultdict(list)

    def add(self, method: str, fault: Fault, times: int) -> None:
        """Let the next calls of the method fail."""
        self._coming[method] += [fault] * times

    def take(self, method: str) -> Fault | None:
        """The failure due now, which is used up by asking."""
        for name in (method, "*"):
            if self._coming[name] and not (name == "*" and method == "getUpdates"):
                return self._coming[name].pop(0)
        return None
