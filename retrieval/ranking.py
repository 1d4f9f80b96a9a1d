"""One list out of several languages, by how likely each list's best hit answers; and whether that is enough."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from retrieval.records import Hit
from retrieval.tables import table

EQUALLY_GOOD = 0.1
"""Two hits whose evidence differs by less are as good as each other: of the best two, that in the question's language
goes first. As exact as the estimate is; on our own questions the figures are the same from .05 to .2."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """The hits of one passage language, the best first, and how the question stands to that language."""

    hits: Sequence[Hit]
    own: bool
    """Whether the question is in the passages' language."""


@dataclass(frozen=True, slots=True)
class _Weights:
    """Of a logistic regression from what a hit shows to the probability that it answers."""

    constant: float
    coverage: float
    nearness: float


def merge(ranked: Mapping[str, Ranked], most: int) -> list[Hit]:
    """The best hits of all languages in one list, each language's own order kept.

    Scores of two languages say nothing against each other. What can be compared is how likely a hit answers, by
    its coverage and nearness: the language whose next hit is likeliest goes first, and of two about as likely
    the one that the question is in.
    """
    waiting = {language: list(reversed(_with_evidence(lists))) for language, lists in ranked.items() if lists.hits}
    merged: list[Hit] = []
    while waiting and len(merged) < most:
        head_start = 0.0 if merged else EQUALLY_GOOD
        language = _next_language({name: hits[-1] for name, hits in waiting.items()}, ranked, head_start)
        merged.append(waiting[language].pop())
        if not waiting[language]:
            del waiting[language]
    return merged


def _next_language(heads: Mapping[str, Hit], ranked: Mapping[str, Ranked], head_start: float) -> str:
    def standing(name: str) -> tuple[float, bool, str]:
        own = ranked[name].own
        return heads[name].evidence + (head_start if own else 0.0), own, name

    return max(heads, key=standing)


def threshold(by_meaning: bool) -> float:
    """The evidence from which a hit's words are shown as an answer."""
    bar: float = table("evidence")[_way(by_meaning)]["threshold"]
    return bar


def _with_evidence(ranked: Ranked) -> list[Hit]:
    """The hits with the probability that each answers; none is likelier than the one before it."""
    weights = _weights("own" if ranked.own else "foreign", ranked.hits[0].nearness is not None)
    likeliest, judged = 1.0, []
    for hit in ranked.hits:
        likeliest = min(likeliest, _probability(hit, weights))
        judged.append(replace(hit, evidence=likeliest))
    return judged


def _probability(hit: Hit, weights: _Weights) -> float:
    if not hit.coverage and hit.nearness is None:
        return 0.0
    nearness = hit.nearness or 0.0
    return 1 / (1 + math.exp(-(weights.constant + weights.coverage * hit.coverage + weights.nearness * nearness)))


@cache
def _weights(kind: str, by_meaning: bool) -> _Weights:
    return _Weights(**table("evidence")[_way(by_meaning)][kind])


def _way(by_meaning: bool) -> str:
    return "meaning" if by_meaning else "words"
