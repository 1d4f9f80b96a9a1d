"""BM25 over the passages of one language, field by field, on rank-bm25."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from rank_bm25 import BM25Okapi

from retrieval.analysers import Analyser, Field, analyser_for
from retrieval.content import content_runs
from retrieval.records import Hit, Passage, Question, TermShare

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

    def idf(self, term: str) -> float:
        """The term's idf; that of a term seen nowhere is the highest there is."""
        return inverse_frequency(self._passages, len(self._postings.get(term, ())))

    def scores(self, term: str) -> dict[int, float]:
        """What the term adds to each passage that has it."""
        numbers = self._postings.get(term, [])
        if not numbers or self._bm25 is None:
            return {}
        scores = self._bm25.get_batch_scores([term], numbers)
        return {number: self.field.weight * score for number, score in zip(numbers, scores, strict=True)}

    def rarest(self, terms: Sequence[str]) -> list[str]:
        """The terms that stand in some passage; of many, the `MOST_TERMS` that stand in the fewest."""
        known = [term for term in terms if term in self._postings]
        return sorted(known, key=lambda term: len(self._postings[term]))[:MOST_TERMS]

    def has(self, term: str, number: int) -> bool:
        """Whether the passage has the term."""
        return number in self._postings.get(term, ())


class PassageIndex:
    """The passages of one language, searchable."""

    def __init__(self, language: str, passages: Sequence[Passage]) -> None:
        self.language = language
        self.analyser: Analyser = analyser_for(language)
        self._passages = passages
        self._fields = {
            field.name: FieldIndex(field, [passage.text for passage in passages]) for field in self.analyser.fields
        }

    def search(self, question: Question) -> list[Hit]:
        """Every passage that shares a term with the question, the best first, equals in the corpus's order."""
        runs = content_runs(question)
        shares: dict[int, list[TermShare]] = defaultdict(list)
        for name, index in self._fields.items():
            for term in index.rarest(_distinct(index.field, [question.text])):
                for number, score in index.scores(term).items():
                    shares[number].append(TermShare(name, term, index.idf(term), score))
        weights = self._evidence_weights(runs)
        hits = [self._hit(number, found, weights) for number, found in shares.items()]
        return sorted(hits, key=lambda hit: -hit.score)

    def idf(self, field: str, term: str) -> float:
        """The idf of a term of one of the analyser's fields."""
        return self._fields[field].idf(term)

    def _evidence_weights(self, runs: Sequence[str]) -> dict[str, float]:
        """The terms by which coverage is measured, each with its idf; unknown ones count in full."""
        index = self._fields[self.analyser.evidence]
        return {term: index.idf(term) for term in _distinct(index.field, runs)}

    def _hit(self, number: int, shares: list[TermShare], weights: Mapping[str, float]) -> Hit:
        index = self._fields[self.analyser.evidence]
        covered = sum(weight for term, weight in weights.items() if index.has(term, number))
        return Hit(
            passage=self._passages[number],
            score=sum(share.score for share in shares),
            coverage=covered / total if (total := sum(weights.values())) else 0.0,
            shares=tuple(sorted(shares, key=lambda share: -share.score)),
        )


def _distinct(field: Field, runs: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(term for run in runs for term in field.terms(run)))
