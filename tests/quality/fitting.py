"""How the weights in retrieval/data/evidence.toml are fitted to labelled hits."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from retrieval.evidence import weighted_sum
from retrieval.records import Signs

KINDS = ("own", "foreign")
OF_ORDER_ALONE = ("lead", "unread_lead", "apart")
"""Signs that compare a hit with others of its question, and say nothing of the best one."""
OF_EVIDENCE_ALONE = ("unheard",)
"""Signs that are the same for all hits of a question, and cannot put them in order."""
Matrix = NDArray[np.float64]
Weights = dict[str, dict[str, float]]
"""By kind and the name of a sign, and `constant`."""

_STANDING_PENALTY = 3.0
_EVIDENCE_STRENGTH = 0.3
"""Of the penalties on large weights; between a third and three times as much the figures stay within a point."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A hit, and whether its quote answers."""

    signs: Signs
    own: bool
    right: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """All hits that were weighed for a question."""

    hits: Sequence[Labelled]
    weight: float = 1.0
    kind: str = ""
    """Of our own questions: same, other or refused."""

    def best(self, weights: Weights) -> Labelled:
        """The hit of the highest standing."""
        return max(self.hits, key=lambda hit: total(hit, weights))


def total(hit: Labelled, weights: Weights) -> float:
    """The weighted sum of a hit's signs."""
    return weighted_sum(hit.signs, weights[KINDS[not hit.own]])


def fit_standing(asked: Sequence[Asked]) -> Weights:
    """Weights by which a right hit stands above the wrong ones of its question: a conditional logit."""
    useful = [
        replace(one, hits=[_without(OF_EVIDENCE_ALONE, hit) for hit in one.hits])
        for one in asked
        if len({hit.right for hit in one.hits}) == 2
    ]
    shape = _Shape([hit for one in useful for hit in one.hits])
    questions = [(shape.matrix(one.hits), np.array([hit.right for hit in one.hits]), one.weight) for one in useful]

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        value, slope = _STANDING_PENALTY * float(weights @ weights) / 2, _STANDING_PENALTY * weights
        for signs, right, weight in questions:
            sums = signs @ weights
            likely = np.exp(sums - sums.max())
            value -= weight * math.log(likely[right].sum() / likely.sum())
            slope = slope - weight * signs.T @ (
                np.where(right, likely, 0) / likely[right].sum() - likely / likely.sum()
            )
        return value, slope

    return shape.named(minimize(loss, np.zeros(shape.columns), jac=True, method="L-BFGS-B").x)


def fit_evidence(asked: Sequence[Asked], standing: Weights) -> Weights:
    """Weights of a logistic regression to the probability that the best hit of a question answers."""
    best = [_without(OF_ORDER_ALONE, one.best(standing)) for one in asked if one.hits]
    shape = _Shape(best)
    weights = []
    for kind in KINDS:
        of_kind = [hit for hit in best if KINDS[not hit.own] == kind]
        model = LogisticRegression(C=_EVIDENCE_STRENGTH, max_iter=3000)
        model.fit(shape.standardised(of_kind), [hit.right for hit in of_kind])
        weights.append(np.append(model.coef_[0], model.intercept_))
    return shape.named(np.concatenate(weights))


def _without(signs: tuple[str, ...], hit: Labelled) -> Labelled:
    return replace(hit, signs=hit.signs._replace(**dict.fromkeys(signs, 0.0)))


class _Shape:
    """Signs as columns of like spread, one set of columns a kind, and back to weights of the signs as they are."""

    def __init__(self, hits: Sequence[Labelled]) -> None:
        values = np.array([hit.signs for hit in hits])
        self._mean, self._spread = values.mean(axis=0), values.std(axis=0) + 1e-9
        self.columns = len(KINDS) * (len(Signs._fields) + 1)

    def standardised(self, hits: Sequence[Labelled]) -> Matrix:
        """One row a hit."""
        return np.asarray((np.array([hit.signs for hit in hits]) - self._mean) / self._spread)

    def matrix(self, hits: Sequence[Labelled]) -> Matrix:
        """One row a hit, its signs and a one in the columns of its kind."""
        signs = np.column_stack([self.standardised(hits), np.ones(len(hits))])
        own = np.array([hit.own for hit in hits])[:, np.newaxis]
        return np.hstack([signs * own, signs * ~own])

    def named(self, weights: Matrix) -> Weights:
        """The weights of both kinds by name, for signs as they are."""
        named: Weights = {}
        for kind, part in zip(KINDS, np.split(weights, len(KINDS)), strict=True):
            raw = part[:-1] / self._spread
            named[kind] = dict(zip(Signs._fields, raw.tolist(), strict=True))
            named[kind]["constant"] = float(part[-1] - raw @ self._mean)
        return named
