"""Scores of passages: what a term adds, their sum, and the best of them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_BLOCKS = 1024


class Scores(NamedTuple):
    """What a term, or several that mean one thing, add to the passages that have them."""

    numbers: NDArray[np.int32]
    """Of the passages, ascending."""
    values: NDArray[np.float64]

    def of(self, wanted: Sequence[int]) -> dict[int, float]:
        """The scores of the wanted passages, without those that have none."""
        places = np.searchsorted(self.numbers, wanted)
        return {
            number: float(self.values[place])
            for number, place in zip(wanted, places.tolist(), strict=True)
            if place < len(self.numbers) and self.numbers[place] == number
        }


def summed(scores: Sequence[Scores], weights: Sequence[float], passages: int) -> NDArray[np.float64]:
    """The score of each passage; numpy counts all terms at once in a fifth of the time that it takes one by one."""
    if not scores:
        return np.zeros(passages)
    values = [one.values if weight == 1 else weight * one.values for one, weight in zip(scores, weights, strict=True)]
    numbers = np.concatenate([one.numbers for one in scores])
    together = np.concatenate(values)
    return np.bincount(numbers, together, passages).astype(np.float64, copy=False)


def best(scores: NDArray[np.float64], most: int, positive: bool = False) -> list[int]:
    """The numbers of the `most` best scores, or of those above zero alone; equals keep their order.

    The best of each of a thousand blocks tell what one of the best has at least, and only what has it is sorted: numpy
    is many times slower over equal values, and most are nothing.
    """
    least = _least_of_the_best(scores, most)
    numbers = np.flatnonzero(scores > 0 if positive and least <= 0 else scores >= least)
    return numbers[np.argsort(-scores[numbers], kind="stable")[:most]].tolist()  # type: ignore[no-any-return]


def _least_of_the_best(scores: NDArray[np.float64], most: int) -> float:
    """What each of the `most` best scores reaches: there are as many blocks whose best does."""
    size = max(1, len(scores) // _BLOCKS)
    whole = len(scores) // size * size
    bests = scores[:whole].reshape(-1, size).max(axis=1)  # what is left over can only be better
    return float(np.partition(bests, -most)[-most]) if len(bests) > most else -np.inf


def standardised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """In standard deviations from the mean."""
    spread = values.std()
    standardised: NDArray[np.float64] = (values - values.mean()) / spread if spread > 0 else values * 0
    return standardised
