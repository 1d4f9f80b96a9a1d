"""How likely a hit answers, whatever language it is in: what speaks for it and against it, weighed."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from retrieval.bm25 import inverse_frequency
from retrieval.index import PassageIndex
from retrieval.numbers import is_year
from retrieval.reading import Reading, read
from retrieval.records import Hit, Question, Signs
from retrieval.tables import table

Weights = Mapping[str, float]
"""By the name of a sign, and `constant`; a sign without a weight counts nothing."""


class Weigher:
    """Weighs hits by what the passages of all languages have in common: their concepts and numbers."""

    def __init__(self, indexes: Iterable[PassageIndex]) -> None:
        self._indexes = tuple(indexes)
        self._passages = sum(map(len, self._indexes))

    def weighed(self, question: Question, hits: Sequence[Hit], own: bool) -> list[Hit]:
        """The hits of one passage language with their signs, standing and evidence.

        `own` tells whether the question is in the passages' language: then other signs are to be trusted.
        """
        if not hits:
            return []
        asked, best = read(question), hits[0].score
        return [_judged(hit, self._signs(asked, hit, hit.score - best), own) for hit in hits]

    def _signs(self, asked: Reading, hit: Hit, lead: float) -> Signs:
        missed = asked.numbers - hit.numbers
        return Signs(
            coverage=hit.coverage,
            nearness=hit.nearness or 0.0,
            lead=lead,
            unread_lead=lead * (1 - asked.known),
            met=asked.known * sum(map(self._idf, hit.concepts)),
            missed=asked.known * sum(map(self._idf, asked.concepts - hit.concepts)),
            numbers_met=len(hit.numbers),
            numbers_missed=len(missed),
            years_missed=sum(map(is_year, missed)),
            known=asked.known,
        )

    def _idf(self, concept: str) -> float:
        """The concept's idf among the passages of all languages."""
        return inverse_frequency(self._passages, sum(index.concept_frequency(concept) for index in self._indexes))


def threshold(by_meaning: bool) -> float:
    """The evidence from which a hit's words are shown as an answer."""
    bar: float = table("evidence")[_way(by_meaning)]["threshold"]
    return bar


def _judged(hit: Hit, signs: Signs, own: bool) -> Hit:
    weights = table("evidence")[_way(hit.nearness is not None)]
    kind = "own" if own else "foreign"
    blank = not hit.coverage and hit.nearness is None
    return replace(
        hit,
        signs=signs,
        standing=_sum(signs, weights["standing"][kind]),
        evidence=0.0 if blank else 1 / (1 + math.exp(-_sum(signs, weights["evidence"][kind]))),
    )


def _sum(signs: Signs, weights: Weights) -> float:
    return weights["constant"] + sum(weights.get(name, 0.0) * value for name, value in signs._asdict().items())


def _way(by_meaning: bool) -> str:
    return "meaning" if by_meaning else "words"
