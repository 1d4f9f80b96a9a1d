"""Work on many texts, spread over all processors."""

import gc
import os
import pickle
import signal
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import BinaryIO, TypeVar

_Item = TypeVar("_Item")
_Made = TypeVar("_Made")
_WORTH_A_FORK = 64
"""Texts. To begin a fork and to end it takes 20 ms, and a passage one or two."""
_MOST_SECONDS = 600
"""A fork that hangs over one item ends by itself, for whoever began it may be gone."""


def parallel_map(work: Callable[[_Item], _Made], items: Sequence[_Item]) -> Generator[_Made, None, None]:
    """What the work makes of each item, in their order; of many items it is made in forks of this process.

    What the work makes must be such as can be pickled. What a fork does not manage is done here: an error is raised
    as if there were none.
    """
    forks = min(os.cpu_count() or 1, len(items) // _WORTH_A_FORK)
    if forks < 2:
        yield from map(work, items)
        return
    with ExitStack() as begun:
        made_by = [begun.enter_context(_fork(work, items[number::forks])) for number in range(forks)]
        for number, item in enumerate(items):
            try:
                made = pickle.load(made_by[number % forks])  # noqa: S301 — it was pickled by ourselves
            except (EOFError, pickle.UnpicklingError):
                made = work(item)
            yield made


@contextmanager
def _fork(work: Callable[[_Item], object], items: Iterable[_Item]) -> Iterator[BinaryIO]:
    """What a new process makes of the items, pickled one after another."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reading)
        _do(work, items, writing)
    os.close(writing)
    try:
        with open(reading, "rb") as made:
            yield made
    finally:
        with suppress(ChildProcessError):  # the system has buried it, as the process that answers has it do
            os.waitpid(pid, 0)


def _do(work: Callable[[_Item], object], items: Iterable[_Item], writing: int) -> None:
    """Works until all is done, it fails or nobody reads on; the process ends with it."""
    try:
        gc.freeze()  # or the collector would write to every page that is shared
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        with open(writing, "wb") as made:
            for item in items:
                signal.alarm(_MOST_SECONDS)
                pickle.dump(work(item), made, pickle.HIGHEST_PROTOCOL)
    finally:
        os._exit(0)
