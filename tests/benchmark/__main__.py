"""How fast and how light, beside its peers: `make bench`, some minutes; ratios of one run, each pair side by side.

Ratios are medians over pairs; the machine's other work meets both of a pair alike. Times are processor time of a
thread, but for the start, which is the time that one waits. Memory counts pages that several processes share once.
With a FILE the figures are drawn in it, too.
"""

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmark import processes, search
from tests.benchmark.bars import drawn
from tests.benchmark.figures import Figure

SIZES = (100, 1_000, 10_000)
_STOCK = "python-telegram-bot, jieba, pyvi, rank-bm25, lingua as they come"


def figures() -> Iterator[Figure]:
    """What is measured, as it comes."""
    for size in SIZES:
        ratio, seconds = search.scores(size)
        yield Figure(f"query over {size:,} passages", "rank-bm25", ratio, f"{1000 * seconds:.2f} ms")
    yield Figure("Vietnamese words: time", "pyvi", search.words())
    seconds, memory = search.imports()
    yield Figure("before the first of them: time", "pyvi", seconds)
    yield Figure("before the first of them: memory", "pyvi", memory)
    for plain, what in ((True, "start to first answer"), (False, "the same with `semantic`")):
        own, own_memory, stock, stock_memory = asyncio.run(processes.start(plain))
        yield Figure(f"{what}: time", f"{_STOCK}: {stock:.1f} s", own / stock, f"{own:.1f} s")
        yield Figure(
            f"{what}: memory", f"{_STOCK}: {stock_memory:.0f} MiB", own_memory / stock_memory, f"{own_memory:.0f} MiB"
        )
    own, stock = asyncio.run(processes.update())
    peer = f"python-telegram-bot alone, one after another, keeping nothing: {stock:.1f} ms"
    yield Figure("an update, without the search", peer, own / stock, f"{own:.1f} ms")
    unchanged, one = processes.reload()
    yield Figure("reload of 1,000 articles, none changed", "reading and indexing all", unchanged)
    yield Figure("reload of 1,000 articles, one changed", "reading and indexing all", one)


def main() -> None:
    """Prints the table as it grows, below the machine it was taken on, and draws it where a file is named."""
    machine = f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}"
    sys.stdout.write(f"{machine}\n\n| what | beside | ratio | ours |\n|---|---|---|---|\n")
    seen = []
    for figure in figures():
        seen.append(figure)
        sys.stdout.write(f"{figure.row()}\n")
        sys.stdout.flush()
    for file in sys.argv[1:]:
        Path(file).write_text(drawn(seen, machine), "utf-8")


if __name__ == "__main__":
    main()
