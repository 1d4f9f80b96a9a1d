"""BM25 of one field, on rank-bm25."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from rank_bm25 import BM25Okapi

from retrieval.analysers import Field

MOST_TERMS = 64
"""Terms of a question that are looked up in a field; what is beyond cannot make a question slow."""


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
    """The postings and BM25 of one field."""

    def __init__(self, field: Field, texts: Sequence[str]) -> None:
        terms = [field.terms(text) for text in texts]
        self.field = field
        self._passages = len(texts)
        self._postings: dict[str, list[int]] = defaultdict(list)
        for number, found in enumerate(terms):
            for term in dict.fromkeys(found):
                self._postings[term].append(number)
        # rank-bm25 divides by the mean length, which is nothing where no text has a term.
        self._bm25 = LuceneBM25(terms) if self._postings else None

    def __contains__(self, term: str) -> bool:
        return term in self._postings

    def idf(self, *alternatives: str) -> float:
        """The idf of a term, or of several that mean one thing; that of one seen nowhere is the highest there is."""
        return inverse_frequency(self._passages, self.frequency(*alternatives))

    def scores(self, *alternatives: str) -> dict[int, float]:
        """What a term adds to each passage that has it; several that mean one thing share one tf and one df.

        That is Pirkola's way with translations: a word with ten of them then weighs no more than one with one.
        """
        numbers = self._numbers(alternatives)
        if not numbers or self._bm25 is None:
            return {}
        bm25, idf = self._bm25, inverse_frequency(self._passages, len(numbers))
        scores = {}
        for number in numbers:
            frequency = sum(bm25.doc_freqs[number].get(term, 0) for term in alternatives)
            norm = bm25.k1 * (1 - bm25.b + bm25.b * bm25.doc_len[number] / bm25.avgdl)
            scores[number] = self.field.weight * idf * frequency * (bm25.k1 + 1) / (frequency + norm)
        return scores

    def frequency(self, *alternatives: str) -> int:
        """How many passages have the term, or one of several that mean one thing."""
        return len(self._numbers(alternatives))

    def rarest(self, terms: Sequence[str]) -> list[str]:
        """The terms that stand in some passage; of many, the `MOST_TERMS` that stand in the fewest."""
        known = [term for term in terms if term in self._postings]
        return sorted(known, key=lambda term: len(self._postings[term]))[:MOST_TERMS]

    def has(self, number: int, *alternatives: str) -> bool:
        """Whether the passage of a number has the term, or one of several that mean one thing."""
        return self._bm25 is not None and any(term in self._bm25.doc_freqs[number] for term in alternatives)

    def _numbers(self, terms: Sequence[str]) -> Sequence[int]:
        if len(terms) == 1:
            return self._postings.get(terms[0], ())
        return sorted({number for term in terms for number in self._postings.get(term, ())})
