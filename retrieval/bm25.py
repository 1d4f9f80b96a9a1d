"""BM25 of one field, on rank-bm25."""

import math
from array import array
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from retrieval.analysers import Field
from retrieval.scores import Scores

MOST_TERMS = 64
"""Terms of a question that are looked up in a field; what is beyond cannot make a question slow."""
_NONE = np.empty(0, dtype=np.int32)
_NOWHERE = slice(0, 0)


class LuceneBM25(BM25Okapi):  # type: ignore[misc]
    """rank-bm25's Okapi with an idf that stays positive.

    rank-bm25 floors the idf of common terms at a quarter of the mean, which in a small corpus is more than the
    idf of good ones: 的 outweighed 平阳. Here idf = ln(1 + (N - df + 0.5) / (df + 0.5)), as in Lucene; k1 and b
    are Lucene's defaults, and other usual values change R@1 on XQuAD by less than 0.01.
    """

    def __init__(self, corpus: Sequence[Sequence[str]]) -> None:
        super().__init__(corpus, k1=1.2, b=0.75)

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
    """

    def __init__(self, field: Field, terms: Sequence[Sequence[str]]) -> None:
        self.field = field
        self._passages = len(terms)
        # rank-bm25 divides by the mean length, which is nothing where no text has a term.
        empty = not any(terms)
        bm25 = LuceneBM25([["no term"]] if empty else terms)
        counted = [] if empty else bm25.doc_freqs
        self._k1 = bm25.k1
        self._norms = bm25.k1 * (1 - bm25.b + bm25.b * np.array(bm25.doc_len) / bm25.avgdl)
        self._rows, starts, self._numbers, self._frequencies = _by_term(counted)
        self._starts = array("q", starts.tolist())  # slices faster by Python's own numbers
        held = np.diff(starts)
        idfs = np.array([inverse_frequency(self._passages, count) for count in held.tolist()])
        self._values = self._weighed(self._numbers, self._frequencies, np.repeat(idfs, held))

    def __contains__(self, term: str) -> bool:
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
        return len(np.unique(np.concatenate([*(self._numbers[self._part(term)] for term in alternatives), _NONE])))

    def rarest(self, terms: Sequence[str]) -> list[str]:
        """The terms that stand in some passage; of many, the `MOST_TERMS` that stand in the fewest."""
        return sorted((term for term in terms if term in self._rows), key=self.frequency)[:MOST_TERMS]

    def has(self, number: int, *alternatives: str) -> bool:
        """Whether the passage of a number has the term, or one of several that mean one thing."""
        return any(_holds(self._numbers[self._part(term)], number) for term in alternatives)

    def _part(self, term: str) -> "slice[int, int, None]":
        """Where the postings of a term stand."""
        row = self._rows.get(term)
        return _NOWHERE if row is None else slice(self._starts[row], self._starts[row + 1])

    def _weighed(
        self, numbers: NDArray[np.int32], frequencies: NDArray[Any], idf: float | NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """BM25 of so many namings in each of the passages."""
        saturated = frequencies * (self._k1 + 1) / (frequencies + self._norms[numbers])
        values: NDArray[np.float64] = self.field.weight * idf * saturated
        return values


def _by_term(
    counted: Sequence[Mapping[str, int]],
) -> tuple[dict[str, int], NDArray[np.intp], NDArray[np.int32], NDArray[np.int32]]:
    """The passages' terms turned about: each term's row, where each row starts, and in it passages and frequencies."""
    rows: dict[str, int] = {}
    for found in counted:
        for term in found:
            rows.setdefault(term, len(rows))
    row_of = np.fromiter((rows[term] for found in counted for term in found), dtype=np.int32)
    order = np.argsort(row_of, kind="stable")  # in each row the passages stay in their order
    numbers = np.repeat(np.arange(len(counted), dtype=np.int32), [len(found) for found in counted])
    frequencies = np.fromiter((count for found in counted for count in found.values()), dtype=np.int32)
    starts = np.searchsorted(row_of[order], np.arange(len(rows) + 1))
    return rows, starts, numbers[order], frequencies[order]


def _holds(numbers: NDArray[np.int32], number: int) -> bool:
    place = int(np.searchsorted(numbers, number))
    return place < len(numbers) and int(numbers[place]) == number
