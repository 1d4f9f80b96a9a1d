"""BM25 of one field, on rank-bm25."""

import math
from array import array
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from rank_bm25 import BM25Okapi

from retrieval.analysers import Field
from retrieval.scores import Scores

MOST_TERMS = 64
"""Terms of a question that are looked up in a field; what is beyond cannot make a question slow."""
_K1, _B = 1.2, 0.75
_NONE = np.empty(0, dtype=np.int32)
_NOWHERE = slice(0, 0)


class LuceneBM25(BM25Okapi):  # type: ignore[misc]
    """rank-bm25's Okapi with an idf that stays positive.

    rank-bm25 floors the idf of common terms at a quarter of the mean, which in a small corpus is more than the
    idf of good ones: 的 outweighed 平阳. Here idf = ln(1 + (N - df + 0.5) / (df + 0.5)), as in Lucene; k1 and b
    are Lucene's defaults, and other usual values change R@1 on XQuAD by less than 0.01.
    """

    def __init__(self, corpus: Sequence[Sequence[str]]) -> None:
        super().__init__(corpus, k1=_K1, b=_B)

    def _calc_idf(self, nd: Mapping[str, int]) -> None:
        for term, frequency in nd.items():
            self.idf[term] = inverse_frequency(self.corpus_size, frequency)


def inverse_frequency(passages: int, frequency: int) -> float:
    """Lucene's idf of a term that stands in `frequency` of `passages`."""
    return math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))


class FieldIndex:
    """The postings of one field, made of each passage's terms: who has a term, and what it adds to the score.

    rank-bm25 counts; what a posting is worth is computed from that once, and a question then touches only the passages
    that have its terms, where rank-bm25's own get_scores goes through all of them. `make bench` compares the two.

    In place of a passage's terms may stand its number in an `earlier` index of the field, whose counts are then taken
    as they are.
    """

    def __init__(self, field: Field, terms: Sequence[Sequence[str] | int], earlier: "FieldIndex | None" = None) -> None:
        self.field = field
        self._passages = len(terms)
        counted = _counted([found for found in terms if not isinstance(found, int)])
        if earlier is not None:
            counted = _joined(terms, earlier._by_passage(), counted)
        self._lengths = counted.lengths
        # Where no text has a term nothing is scored, and no mean length to be divided by.
        mean = counted.lengths.sum() / max(1, self._passages) or 1
        self._norms = _K1 * (1 - _B + _B * counted.lengths / mean)
        self._rows, starts, self._numbers, self._frequencies = _by_term(counted)
        self._starts = array("q", starts.tolist())  # slices faster by Python's own numbers
        self._values = self._worth()

    def __getstate__(self) -> dict[str, Any]:
        """Without what each posting is worth: half of all, and computed sooner than read."""
        return {name: value for name, value in self.__dict__.items() if name != "_values"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._values = self._worth()

    def __contains__(self, term: object) -> bool:
        return term in self._rows

    def idf(self, *alternatives: str) -> float:
        """The idf of a term, or of several that mean one thing; that of one seen nowhere is the highest there is."""
        return inverse_frequency(self._passages, self.frequency(*alternatives))

    def scores(self, *alternatives: str) -> Scores:
        """What a term adds to each passage that has it; several that mean one thing share one tf and one df.

        That is Pirkola's way with translations: a word with ten of them then weighs no more than one with one.
        """
        if len(alternatives) == 1:
            part = self._part(alternatives[0])
            return Scores(self._numbers[part], self._values[part])
        parts = [self._part(term) for term in dict.fromkeys(alternatives)]
        together = np.concatenate([*(self._numbers[part] for part in parts), _NONE])
        frequencies = np.concatenate([*(self._frequencies[part] for part in parts), _NONE])
        numbers, places = np.unique(together, return_inverse=True)
        summed = np.bincount(places, frequencies, len(numbers))
        return Scores(numbers, self._weighed(numbers, summed, inverse_frequency(self._passages, len(numbers))))

    def frequency(self, *alternatives: str) -> int:
        """How many passages have the term, or one of several that mean one thing."""
        if len(alternatives) == 1:
            part = self._part(alternatives[0])
            return part.stop - part.start
        together = np.concatenate([*(self._numbers[self._part(term)] for term in alternatives), _NONE])
        # numpy's unique would import what half of an answer takes.
        return int(np.count_nonzero(np.diff(np.sort(together), prepend=-1)))

    def rarest(self, terms: Sequence[str]) -> list[str]:
        """The terms that stand in some passage; of many, the `MOST_TERMS` that stand in the fewest."""
        return sorted((term for term in terms if term in self._rows), key=self.frequency)[:MOST_TERMS]

    def has(self, number: int, *alternatives: str) -> bool:
        """Whether the passage of a number has the term, or one of several that mean one thing."""
        return any(_holds(self._numbers[self._part(term)], number) for term in alternatives)

    def _by_passage(self) -> "_Counted":
        """The counts as they were before they were turned about."""
        order = np.argsort(self._numbers, kind="stable")
        terms = np.repeat(np.arange(len(self._rows), dtype=np.int32), np.diff(self._starts))
        held = np.bincount(self._numbers, minlength=self._passages)
        return _Counted(self._rows, _starts(held), terms[order], self._frequencies[order], self._lengths)

    def _part(self, term: str) -> "slice[int, int, None]":
        """Where the postings of a term stand."""
        row = self._rows.get(term)
        return _NOWHERE if row is None else slice(self._starts[row], self._starts[row + 1])

    def _worth(self) -> NDArray[np.float64]:
        """What each posting adds to the score of its passage."""
        held = np.diff(self._starts)
        counts, alike = np.unique(held, return_inverse=True)
        idfs = np.array([inverse_frequency(self._passages, count) for count in counts.tolist()])
        return self._weighed(self._numbers, self._frequencies, np.repeat(idfs[alike], held))

    def _weighed(
        self, numbers: NDArray[np.int32], frequencies: NDArray[Any], idf: float | NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """BM25 of so many namings in each of the passages."""
        saturated = frequencies * (_K1 + 1) / (frequencies + self._norms[numbers])
        values: NDArray[np.float64] = self.field.weight * idf * saturated
        return values


class _Counted(NamedTuple):
    """How often each passage has each of its terms, passage by passage."""

    rows: dict[str, int]
    """The number of each term."""
    starts: NDArray[np.intp]
    """Where each passage starts in the two below, and at last where they end."""
    terms: NDArray[np.int32]
    frequencies: NDArray[np.int32]
    lengths: NDArray[np.int64]
    """How many terms each passage has, each as often as it stands there."""


def _counted(terms: Sequence[Sequence[str]]) -> _Counted:
    # rank-bm25 divides by how many texts there are.
    bm25 = LuceneBM25(terms) if terms else None
    found = bm25.doc_freqs if bm25 else []
    rows: dict[str, int] = {}
    for frequencies in found:
        for term in frequencies:
            rows.setdefault(term, len(rows))
    return _Counted(
        rows,
        _starts([len(frequencies) for frequencies in found]),
        np.fromiter((rows[term] for frequencies in found for term in frequencies), dtype=np.int32),
        np.fromiter((count for frequencies in found for count in frequencies.values()), dtype=np.int32),
        np.array(bm25.doc_len if bm25 else [], dtype=np.int64),
    )


def _joined(places: Sequence[object], before: _Counted, fresh: _Counted) -> _Counted:
    """Both in the order of `places`: a number is a passage of those before, anything else the next fresh one."""
    rows = before.rows.copy()
    for term in fresh.rows:
        rows.setdefault(term, len(rows))
    translated = np.fromiter((rows[term] for term in fresh.rows), dtype=np.int32)
    following = count(len(before.lengths))
    order = np.array([place if isinstance(place, int) else next(following) for place in places], dtype=np.intp)
    starts = np.concatenate([before.starts[:-1], before.starts[-1] + fresh.starts])
    held = np.diff(starts)[order]
    joined = _starts(held)
    # Where each count stands: as far from its passage's old start as from its new one.
    where = np.repeat(starts[order] - joined[:-1], held) + np.arange(joined[-1])
    return _Counted(
        rows,
        joined,
        np.concatenate([before.terms, translated[fresh.terms]])[where],
        np.concatenate([before.frequencies, fresh.frequencies])[where],
        np.concatenate([before.lengths, fresh.lengths])[order],
    )


def _by_term(
    counted: _Counted,
) -> tuple[dict[str, int], NDArray[np.intp], NDArray[np.int32], NDArray[np.int32]]:
    """The counts turned about: each term's row, where each row starts, and in it passages and frequencies."""
    held = np.bincount(counted.terms, minlength=len(counted.rows))
    kept = np.cumsum(held > 0) - 1  # what only passages had that are gone is no term any more
    rows = {term: int(kept[row]) for term, row in counted.rows.items() if held[row]}
    order = np.argsort(counted.terms, kind="stable")  # in each row the passages stay in their order
    numbers = np.repeat(np.arange(len(counted.lengths), dtype=np.int32), np.diff(counted.starts))
    return rows, _starts(held[held > 0]), numbers[order], counted.frequencies[order]


def _starts(held: ArrayLike) -> NDArray[np.intp]:
    """Where each of several stretches starts that follow one another, and at last where they end."""
    return np.concatenate([[0], np.cumsum(held, dtype=np.intp)])


def _holds(numbers: NDArray[np.int32], number: int) -> bool:
    place = int(np.searchsorted(numbers, number))
    return place < len(numbers) and int(numbers[place]) == number
