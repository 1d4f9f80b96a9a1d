"""How fast a search and its words are, beside rank-bm25 and pyvi: processor time of a thread, call by call."""

import random
import statistics
import sys
from collections.abc import Iterator
from functools import cache
from subprocess import PIPE, Popen
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.settings import DEFAULT_CORPUS
from retrieval import vietnamese
from retrieval.analysers import Field
from retrieval.bm25 import FieldIndex, LuceneBM25
from retrieval.corpus.folder import read_corpus
from retrieval.index import MOST_HITS
from retrieval.scores import best, summed
from tests.benchmark.figures import ROUNDS, timed
from tests.quality.measure import questions

IMPORTED = {
    "pyvi": "from pyvi import ViTokenizer; ViTokenizer.tokenize('Thành phố')",
    "ours": "from retrieval import vietnamese; vietnamese.tokenise('Thành phố')",
    "nothing": "",
}
_SAYS_WHAT_IT_TOOK = """
import time
spent = time.process_time()
told = dict(line.split(":") for line in open("/proc/self/status"))
print(spent, int(told["VmRSS"].split()[0]) / 1024)
"""


def scores(size: int, asked: int = 60) -> tuple[float, float]:
    """The median ratio to rank-bm25's own get_scores, and the seconds of a query; both give the same scores."""
    chance = random.Random(size)  # noqa: S311
    texts = list(_synthetic(size))
    ours, theirs = FieldIndex(Field("words", str.split), [text.split() for text in texts]), _rank_bm25(texts)
    ratios, seconds = [], []
    for _ in range(asked):
        words = chance.choice(texts).split()
        terms = list(dict.fromkeys(chance.sample(words, min(len(words), chance.randint(3, 12)))))
        spent, expected = timed(lambda terms=terms: theirs.get_scores(terms))  # type: ignore[misc]
        own, found = timed(lambda terms=terms: ten_best(ours, terms, size))  # type: ignore[misc]
        assert np.allclose(found, expected, rtol=1e-9)
        ratios.append(own / spent)
        seconds.append(own)
    return statistics.median(ratios), statistics.median(seconds)


def ten_best(index: FieldIndex, terms: list[str], size: int) -> Any:
    """The scores of all passages, once the ten best of them are found."""
    scored = summed([index.scores(term) for term in terms], [1.0] * len(terms), size)
    best(scored, MOST_HITS, positive=True)
    return scored


def _rank_bm25(texts: list[str]) -> Any:
    return LuceneBM25([text.split() for text in texts])


def _synthetic(size: int) -> Iterator[str]:
    """Passages of about 59 words, as frequent as words are."""
    dice = np.random.default_rng(size)
    terms, reached = vocabulary()
    for length in dice.integers(29, 90, size):
        yield " ".join(terms[number] for number in np.searchsorted(reached, dice.random(length)).tolist())


@cache
def vocabulary() -> tuple[list[str], NDArray[np.float64]]:
    """300,000 words, the commonest first, and the share of all words that each is reached with: Zipf and Mandelbrot."""
    weights = 1 / (np.arange(300_000) + 2.7) ** 1.07
    shares = np.cumsum(weights / weights.sum())
    shares[-1] = 1.0
    return list(map(str, range(len(shares)))), shares


def words() -> float:
    """The median ratio to pyvi's own time over the seeds' paragraphs and our questions; both cut alike.

    Each text has been seen before, for a bot that runs has seen nearly all of Vietnamese's syllables.
    """
    from pyvi import ViTokenizer

    corpus = read_corpus(DEFAULT_CORPUS)
    texts = [text for document in corpus.documents if document.language == "vi" for text in document.paragraphs]
    texts += [question["text"] for question in questions() if question["lang"] == "vi"]
    for text in texts:
        vietnamese.tokenise(text)
    ratios = []
    for text in texts:
        spent, expected = timed(lambda text=text: ViTokenizer.tokenize(text))  # type: ignore[misc]
        own, found = timed(lambda text=text: vietnamese.tokenise(text))  # type: ignore[misc]
        assert found == expected
        ratios.append(own / spent)
    return statistics.median(ratios)


def imports() -> tuple[float, float]:
    """The ratio of processor time, and of memory, that pyvi's words cost before the first of them."""
    took = {name: np.median([_took(code) for _ in range(ROUNDS)], axis=0) for name, code in IMPORTED.items()}
    seconds, memory = (took["ours"] - took["nothing"]) / (took["pyvi"] - took["nothing"])
    return float(seconds), float(memory)


def _took(code: str) -> list[float]:
    command = [sys.executable, "-W", "ignore", "-c", code + "\n" + _SAYS_WHAT_IT_TOOK]
    with Popen(command, stdout=PIPE, text=True) as process:  # noqa: S603
        return [float(value) for value in process.communicate()[0].split()]
