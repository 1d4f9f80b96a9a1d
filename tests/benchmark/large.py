"""A search over very many passages, beside tantivy called directly: `make bench-large [SIZES="100000"]`.

Both are given the same terms, so that what is compared is the engine alone. A million passages take 8 GiB and five
minutes; each query is asked of both in turn, and processor time is that of the thread.
"""

import random
import statistics
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import tantivy

from retrieval.analysers import Field
from retrieval.bm25 import FieldIndex
from retrieval.index import MOST_HITS
from tests.benchmark.figures import timed
from tests.benchmark.search import ten_best, vocabulary

SIZES = (100_000, 1_000_000)
_ASKED = 200
_WRITERS_MEMORY = 200_000_000
_OF_A_HUNDRED = 99


def passages(size: int) -> list[list[str]]:
    """The terms of so many passages, 29 to 89 each, as frequent as words are."""
    dice = np.random.default_rng(size)
    terms, reached = vocabulary()
    return [
        [terms[number] for number in np.searchsorted(reached, dice.random(length)).tolist()]
        for length in dice.integers(29, 90, size)
    ]


def by_tantivy(texts: list[list[str]]) -> Callable[[list[str]], Any]:
    """What asks tantivy for the ten best passages."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer(_WRITERS_MEMORY, 1)
    for text in texts:
        writer.add_document(tantivy.Document(terms=" ".join(text)))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def ask(terms: list[str]) -> Any:
        parts = [(tantivy.Occur.Should, tantivy.Query.term_query(schema, "terms", term, "freq")) for term in terms]
        return searcher.search(tantivy.Query.boolean_query(parts), MOST_HITS).hits

    return ask


def rows(size: int) -> str:
    """A row of the table."""
    texts = passages(size)
    building, ours = timed(lambda: FieldIndex(Field("terms", str.split), texts))
    theirs = by_tantivy(texts)
    chance, ratios, own, other = random.Random(size), [], [], []  # noqa: S311
    for _ in range(_ASKED):
        words = chance.choice(texts)
        terms = list(dict.fromkeys(chance.sample(words, min(len(words), chance.randint(3, 12)))))
        mine, _ = timed(lambda terms=terms: ten_best(ours, terms, size))  # type: ignore[misc]
        tantivys, _ = timed(lambda terms=terms: theirs(terms))  # type: ignore[misc]
        ratios.append(mine / tantivys)
        own.append(1000 * mine)
        other.append(1000 * tantivys)
    figures = (statistics.median(ratios), *_median_and_worst(own), *_median_and_worst(other), building)
    return "| {:,} | {:.2f} | {:.2f}, {:.2f} | {:.2f}, {:.2f} | {:.0f} |".format(size, *figures)


def _median_and_worst(milliseconds: list[float]) -> tuple[float, float]:
    return statistics.median(milliseconds), statistics.quantiles(milliseconds, n=100)[_OF_A_HUNDRED - 1]


def main() -> None:
    """Prints a row a size."""
    sys.stdout.write("| passages | ratio | ours, median and 99th of a hundred, ms | tantivy's | to index, s |\n")
    sys.stdout.write("|---|---|---|---|---|\n")
    for size in map(int, sys.argv[1:] or SIZES):
        sys.stdout.write(rows(size) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
