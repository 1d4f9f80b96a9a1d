"""How likely a hit answers, whatever language it is in: what speaks for it and against it, weighed."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from retrieval.bm25 import inverse_frequency
from retrieval.bridges.glossary import Glossary
from retrieval.index import SUBJECT_WEIGHT, PassageIndex
from retrieval.numbers import is_year
from retrieval.reading import read
from retrieval.records import Hit, Question, Signs
from retrieval.tables import table

_FEWEST = 57
"""Passages. The threshold was chosen on no smaller corpus, the seeds; a smaller one tells too little of how rare a word
is, so that all it holds would seem common. Of 462 questions to the five articles, each alone, .814 were answered
without this and .905 are with it, first quote right .760 and .820; of 1,285 that must be refused .986 and .975 are."""
Weights = Mapping[str, float]
"""By the name of a sign, and `constant`; a sign without a weight counts nothing."""


class Weigher:
    """Weighs hits by what the passages of all languages have in common: their concepts and numbers."""

    def __init__(self, indexes: Iterable[PassageIndex], glossary: Glossary) -> None:
        self._indexes = tuple(indexes)
        self._glossary = glossary
        self._passages = max(_FEWEST, sum(map(len, self._indexes)))

    def weighed(self, question: Question, hits: Sequence[Hit], own: bool) -> list[Hit]:
        """The hits of one passage language with their signs, standing and evidence.

        `own` tells whether the question is in the passages' language: then other signs are to be trusted.
        """
        if not hits:
            return []
        asked, best = self._asked(question, own), hits[0].score
        return [_judged(hit, _signs(asked, hit, hit.score - best), own) for hit in hits]

    def _asked(self, question: Question, own: bool) -> "_Asked":
        reading = read(question, self._glossary)
        heard = {ids: self._frequency("concepts", *ids) for ids in reading.concepts}
        alone = read(question.alone, self._glossary) if question.subject else reading
        concepts = {
            ids: self._idf(frequency) * (1 if ids in alone.concepts else SUBJECT_WEIGHT)
            for ids, frequency in heard.items()
        }
        seen = {} if own else {name: self._frequency("names", name) for name in reading.names}
        names = {
            name: self._idf(frequency) * (1 if name in alone.names else SUBJECT_WEIGHT)
            for name, frequency in seen.items()
            if frequency
        }
        unread = max(0.0, reading.unread - len(names))
        known = 1 - unread / reading.words if reading.words else 0.0
        unheard = sum(not frequency for frequency in heard.values())
        return _Asked(concepts, names, reading.numbers, reading.kinds, known, unheard)

    def _frequency(self, field: str, *alternatives: str) -> int:
        return sum(index.frequency(field, *alternatives) for index in self._indexes)

    def _idf(self, frequency: int) -> float:
        """Idf among the passages of all languages, and as many as there should be."""
        return inverse_frequency(self._passages, frequency)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a question names, each with its idf; what only the subject names that it goes on from weighs less."""

    concepts: Mapping[frozenset[str], float]
    names: Mapping[str, float]
    numbers: frozenset[str]
    kinds: frozenset[str]
    known: float
    unheard: int


def _signs(asked: _Asked, hit: Hit, lead: float) -> Signs:
    met = sum(asked.concepts[ids] for ids in hit.concepts) + sum(asked.names.get(name, 0.0) for name in hit.names)
    wanted = sum(asked.concepts.values()) + sum(asked.names.values())
    missed = asked.numbers - hit.numbers
    return Signs(
        coverage=hit.coverage,
        nearness=hit.nearness or 0.0,
        lead=lead,
        unread_lead=lead * (1 - asked.known),
        met=asked.known * met,
        missed=asked.known * (wanted - met),
        apart=asked.known * sum(asked.concepts[ids] for ids in hit.apart),
        numbers_met=len(hit.numbers),
        numbers_missed=len(missed),
        years_missed=sum(map(is_year, missed)),
        places_missed=len(hit.places_missing),
        kinds_missed=len(asked.kinds - hit.kinds),
        known=asked.known,
        unheard=asked.unheard,
    )


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
        standing=weighted_sum(signs, weights["standing"][kind]),
        evidence=0.0 if blank else logistic(weighted_sum(signs, weights["evidence"][kind])),
    )


def weighted_sum(signs: Signs, weights: Weights) -> float:
    """The signs, each times its weight, and the constant."""
    return weights["constant"] + math.fsum(weights.get(name, 0.0) * value for name, value in signs._asdict().items())


def logistic(value: float) -> float:
    """The probability of a sum: 1 / (1 + exp(-value)), in a form that no value is too large for."""
    return (1 + math.tanh(value / 2)) / 2


def _way(by_meaning: bool) -> str:
    return "meaning" if by_meaning else "words"
