"""Fits retrieval/data/evidence.toml anew on the labelled questions: `make calibrate` prints it.

The best hit of each passage language is one example, right or not. Weights come from a logistic regression; the
thresholds are those with the best sum of same-language answers and refusals, in five-fold cross-validation.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from retrieval.answers import Answerer
from retrieval.bridges.meaning import encoder
from retrieval.quotes import choose_quote
from tests.quality.measure import Question, answerer, holds, questions

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Example:
    """The best hit of one passage language for one question."""

    question: int
    kind: str
    features: tuple[float, float]
    right: bool
    own_document: bool
    """Whether the question has an answer in its own language."""


def examples(answering: Answerer, asked: Sequence[Question]) -> Iterator[Example]:
    """The best hit of each passage language for each question."""
    languages = {document.id: document.language for document in answering.documents}
    for number, question in enumerate(asked):
        same = question["lang"][:2] in {languages[name] for name in question["documents"]}
        for ranked in answering.ranked(question["text"]).values():
            if ranked.hits:
                best, searched = ranked.hits[0], answering.searched(question["text"])
                quote = choose_quote(best, searched, answering.index_of(best))
                features = (best.coverage, best.nearness or 0.0)
                yield Example(number, "own" if ranked.own else "foreign", features, holds(quote, question), same)


def fitted(chosen: Sequence[Example]) -> LogisticRegression:
    """The regression from features to right."""
    features = [example.features for example in chosen]
    return LogisticRegression(C=10, max_iter=1000).fit(features, [example.right for example in chosen])


def cross_validated(found: Sequence[Example]) -> NDArray[np.float64]:
    """The probability of each example by a fit that has not seen its question."""
    likely = np.zeros(len(found))
    for kind in ("own", "foreign"):
        for fold in range(FOLDS):
            inside = [i for i, example in enumerate(found) if example.kind == kind and example.question % FOLDS == fold]
            outside = [example for example in found if example.kind == kind and example.question % FOLDS != fold]
            likely[inside] = fitted(outside).predict_proba([found[i].features for i in inside])[:, 1]
    return likely


def rates(found: Sequence[Example], likely: NDArray[np.float64], asked: Sequence[Question], bar: float) -> list[float]:
    """Same-language answered right, other-language answered right, refused."""
    best: dict[int, int] = {}
    for i, example in enumerate(found):
        if example.question not in best or likely[i] > likely[best[example.question]]:
            best[example.question] = i
    right: dict[str, list[bool]] = {"same": [], "other": [], "refused": []}
    for number, question in enumerate(asked):
        best_example = found[best[number]] if number in best else None
        shown = best_example is not None and bool(likely[best[number]] >= bar)
        if not question["documents"]:
            right["refused"].append(not shown)
        else:
            kind = "same" if best_example is not None and best_example.own_document else "other"
            right[kind].append(best_example is not None and best_example.right and shown)
    return [float(np.mean(values)) for values in right.values()]


def main() -> None:
    """Prints the table and the rates behind each threshold."""
    asked = questions()
    for name, encode in (("meaning", encoder()), ("words", None)):
        found = list(examples(answerer(encode), asked))
        likely = cross_validated(found)
        table = {bar: rates(found, likely, asked, bar) for bar in np.arange(0.2, 0.65, 0.05)}
        for bar, (same, other, refused) in table.items():
            sys.stdout.write(f"# at {bar:.2f}: same {same:.3f}, other {other:.3f}, refused {refused:.3f}\n")
        best = max(table, key=lambda bar: table[bar][0] + table[bar][2])
        sys.stdout.write(f"[{name}]\nthreshold = {best:.2f}\n")
        for kind in ("own", "foreign"):
            model = fitted([example for example in found if example.kind == kind])
            coverage, nearness = model.coef_[0]
            sys.stdout.write(
                f"{kind} = {{ constant = {model.intercept_[0]:.2f}, coverage = {coverage:.2f}, "
                f"nearness = {nearness:.2f} }}\n"
            )


if __name__ == "__main__":
    main()
