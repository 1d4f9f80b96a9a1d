"""Writes retrieval/data/question_means.npz: the mean vector of many questions in each language.

    python -m tests.quality.means XQUAD    the folder that holds vi.questions.jsonl, zh…, en… and th…

For Indonesian, Malay and Tagalog there is no general set: the mean of our own questions in them, which are all on
one subject, is moved by as much as the general means of the other languages lie from their own ones.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np

import retrieval.data
from retrieval.bridges.meaning import Vectors, encoder
from tests.quality.measure import json_lines, questions

GENERAL = ("vi", "zh", "en", "th")
ON_SUBJECT_ALONE = ("id", "ms", "tl")


def main(folder: Path) -> None:
    """Computes and writes the means."""
    general = {language: _mean(_texts(folder / f"{language}.questions.jsonl")) for language in GENERAL}
    on_subject = {language: _mean(_own(language)) for language in (*GENERAL, *ON_SUBJECT_ALONE)}
    moved = np.mean([general[language] - on_subject[language] for language in GENERAL], axis=0)
    means = general | {language: on_subject[language] + moved for language in ON_SUBJECT_ALONE}
    means["und"] = np.mean(list(means.values()), axis=0)
    target = Path(next(iter(retrieval.data.__path__))) / "question_means.npz"
    np.savez(target, **{language: mean.astype(np.float32) for language, mean in means.items()})


def _own(language: str) -> list[str]:
    return [row["text"] for row in questions() if row["lang"] in (language, f"{language}-Hans")]


def _texts(path: Path) -> list[str]:
    return [row["text"] for row in json_lines(path)]


def _mean(texts: Iterable[str]) -> Vectors:
    encode = encoder()
    if encode is None:
        raise SystemExit("The extra `semantic` is needed: pip install 'ascn-bot[semantic]'")
    mean: Vectors = np.mean([encode.question(text) for text in texts], axis=0)
    return mean


if __name__ == "__main__":
    main(Path(sys.argv[1]))
