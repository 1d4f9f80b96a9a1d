"""Fits the weights anew: `make calibrate XQUAD=DIR > retrieval/data/evidence.toml`.

Standing, by which hits are put in order, is fitted to our own questions and to the first half of XQuAD's together,
or it would trust the glossary as far as it reaches in its own field. Evidence, by which an answer is shown or not,
is fitted to our own questions alone. The threshold is the one with the best sum of the three figures that count, in
five-fold cross-validation.
"""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from retrieval import records
from retrieval.answers import Answerer
from retrieval.bridges.meaning import Encoder, encoder
from retrieval.evidence import logistic
from retrieval.quotes import choose_quote
from retrieval.ranking import EQUALLY_GOOD
from retrieval.records import Hit, Signs
from tests.quality import xquad
from tests.quality.fitting import Asked, Labelled, Weights, fit_evidence, fit_standing, total
from tests.quality.measure import Question, answerer, holds, kind_of, questions

FOLDS = 5
COUNTED = ("same language", "other language", "refused")
"""The figures whose sum the threshold is chosen by."""
XQUAD_WEIGHT = 3.0
"""What XQuAD's questions weigh together, our own being 1: at 1 its foreign pairs lose .02, at 10 our own questions."""


HEADER = """\
# What speaks for a hit and against it, weighed. The signs are explained in retrieval/records.py.
#   standing: by it the hits of all languages are put in one order; a sum.
#   evidence: the probability that the best of them answers; 1 / (1 + exp(-sum)). From the threshold on it is shown.
#   own: the question is in the passages' language; foreign: it is not.
#
# Origin: printed by `make calibrate XQUAD=DIR` (tests/quality/calibrate.py tells how). The rates behind the
# thresholds, here in comments, are those of {questions} questions of our own, by people who saw only the seed
# articles, in five-fold cross-validation.
# Tried and not kept, because cross-validation saw no gain: vectors of single sentences and of single words, vectors of
# a passage with its title or with the passage before it, the model's sparse terms, the first principal components
# taken out of the vectors, scores field by field, concepts met elsewhere in the document, numbers in front of the
# concept that is counted, a person or an office where the question asks who, names that no passage has read as their
# parts, the margin between the first two hits, the share of concepts met, evidence that one of the first three answers
# or that any passage does, one set of weights for own and foreign, trees in place of sums, CC-CEDICT's words wherever
# their characters stand and not only where jieba cuts them, concepts that count by the square of what is known, and
# linear maps of the vectors (whitened within and over classes, or learned by contrast on one half of XQuAD).
# Not kept for its price, two to five times the processor time of a question: the mean of a question's vectors in
# several wordings. With the glossary's names in the passages' language other languages gain .018, with all others .03.
"""


def own_examples(answering: Answerer, asked: Sequence[Question]) -> list[Asked]:
    """Our own questions with the hits that were weighed for each."""
    found = []
    for question in asked:
        searched = answering.searched(question["text"])

        def answers(hit: Hit, question: Question = question, searched: records.Question = searched) -> bool:
            return holds(choose_quote(hit, searched, answering.index_of(hit)), question)

        found.append(Asked(_labelled(answering, question["text"], answers), kind=kind_of(question, answering)))
    return found


def xquad_examples(folder: Path, encode: Encoder | None, weight: float) -> list[Asked]:
    """The first half of XQuAD's questions in every pair, which together weigh `weight`."""
    found = []
    for pair in xquad.PAIRS:
        sys.stderr.write(f"{pair} …\n")
        answering, rows = xquad.answerer(folder, pair, encode), xquad.questions(folder, pair)
        found += [
            _labelled(answering, text, lambda hit, document=document: hit.passage.document.id == document)  # type: ignore[misc]
            for text, document in rows[: len(rows) // 2]
        ]
    return [Asked(hits, weight / len(found)) for hits in found]


def _labelled(answering: Answerer, text: str, answers: Callable[[Hit], bool]) -> list[Labelled]:
    """The hits of all languages."""
    return [
        Labelled(hit.signs, ranked.own, answers(hit))
        for ranked in answering.ranked(text).values()
        for hit in ranked.hits
        if hit.signs is not None
    ]


def cross_validated(asked: Sequence[Asked], others: Sequence[Asked]) -> list[tuple[bool, float]]:
    """For each question whether its best hit is right, and the evidence for it, by a fit that has not seen it."""
    judged: dict[int, tuple[bool, float]] = {}
    for fold in range(FOLDS):
        seen = [one for number, one in enumerate(asked) if number % FOLDS != fold]
        standing = with_head_start(fit_standing([*seen, *others]))
        evidence = fit_evidence(seen, standing)
        for number in range(fold, len(asked), FOLDS):
            best = asked[number].best(standing) if asked[number].hits else None
            likely = 0.0 if best is None else logistic(total(best, evidence))
            judged[number] = best is not None and best.right, likely
    return [judged[number] for number in range(len(asked))]


def with_head_start(standing: Weights) -> Weights:
    """The weights, with the head start that merging gives to the question's own language."""
    return {**standing, "own": {**standing["own"], "constant": standing["own"]["constant"] + EQUALLY_GOOD}}


def rates(asked: Sequence[Asked], judged: Sequence[tuple[bool, float]], bar: float) -> dict[str, float]:
    """Same-language and other-language questions answered right, refused ones refused, and answerable ones refused."""
    outcomes: dict[str, list[bool]] = {name: [] for name in (*COUNTED, "answerable refused")}
    for one, (right, likely) in zip(asked, judged, strict=True):
        if one.kind == "refused":
            outcomes["refused"].append(likely < bar)
        else:
            outcomes[one.kind].append(right and likely >= bar)
            outcomes["answerable refused"].append(likely < bar)
    return {name: float(np.mean(values)) for name, values in outcomes.items()}


def main() -> None:
    """Prints the file, and the rates behind each threshold as comments."""
    folder = os.environ.get("XQUAD")
    sys.stdout.write(HEADER.format(questions=len(questions())))
    for way, encode in (("meaning", encoder()), ("words", None)):
        asked = own_examples(answerer(encode), questions())
        weight = XQUAD_WEIGHT * sum(one.kind != "refused" for one in asked)
        others = xquad_examples(Path(folder), encode, weight) if folder else []
        judged = cross_validated(asked, others)
        table = {bar: rates(asked, judged, bar) for bar in np.arange(0.2, 0.65, 0.05)}
        for bar, figures in table.items():
            sys.stdout.write(f"# at {bar:.2f}: " + ", ".join(f"{n} {v:.3f}" for n, v in figures.items()) + "\n")
        best = max(table, key=lambda bar: sum(table[bar][name] for name in COUNTED))
        sys.stdout.write(f"[{way}]\nthreshold = {best:.2f}\n")
        standing = fit_standing([*asked, *others])
        _write(f"{way}.standing", standing)
        _write(f"{way}.evidence", fit_evidence(asked, with_head_start(standing)))


def _write(name: str, weights: Weights) -> None:
    for kind, values in weights.items():
        shown = "\n".join(f"{sign} = {values[sign]:.3f}" for sign in ("constant", *Signs._fields))
        sys.stdout.write(f"[{name}.{kind}]\n{shown}\n")


if __name__ == "__main__":
    main()
