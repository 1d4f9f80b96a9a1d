"""How answers fare while the corpus is read anew: `python -m tests.bot.reloads [RELOADS [RATE]]`.

By default a thousand reloads, one after another, under 50 questions a second. Prints the seconds from a question to its
answer (median, 99th of a hundred, worst) before the first reload and while they run, and how many answers failed or
came from two states of the corpus at once.
"""

import asyncio
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot import logs
from bot.corpus.library import Library
from bot.corpus.nursery import Nursery
from bot.corpus.wire import Order
from retrieval.records import Answer
from tests.bot.load import QUESTIONS

SEEDS = Path(__file__).parents[2] / "seeds"
TELLING = "Where is the operations centre of Hong Ha?"
"""What the dated documents answer, each in its own words."""
_DATED = {
    "a.txt": "Edition {0}: the operations centre of Hong Ha stands in Market Street, beside the children's library.",
    "b.txt": "From the ferry, edition {0} says, one walks five minutes to the operations centre of Hong Ha.",
}
_EDITION = re.compile(r"edition (\d+)", re.IGNORECASE)
_SECONDS_BEFORE = 20


@dataclass
class Storm:
    """What became of the questions."""

    seconds: list[float] = field(default_factory=list)
    """From each question to its answer."""
    editions: set[int] = field(default_factory=set)
    """The states of the corpus that answers came from."""
    reloads: int = 0
    failed: int = 0
    """Questions of the dated documents that were not answered from one, and whatever raised an error."""
    mixed: int = 0
    """Answers from two states of the corpus."""

    async def ask(self, library: Library, question: str) -> None:
        """Asks, and counts what comes."""
        asked = time.monotonic()
        try:
            answer = await library.answer(question)
        except Exception:
            self.failed += 1
            return
        self.seconds.append(time.monotonic() - asked)
        if question == TELLING:
            self._count(answer)

    def p99(self) -> float:
        """Seconds that 99 of a hundred answers came within."""
        return statistics.quantiles(self.seconds, n=100)[-1]

    def _count(self, answer: Answer) -> None:
        # A title is of what the bot knows of a document, the text of what the process that answers has read.
        words = (f"{quote.document.name} {quote.text}" for quote in answer.quotes)
        found = [int(number) for text in words for number in _EDITION.findall(text)]
        self.failed += len(found) < 2
        self.mixed += len(set(found)) > 1
        self.editions.update(found)


def write_edition(folder: Path, number: int) -> None:
    """Makes the dated documents of a folder say another number."""
    for name, text in _DATED.items():
        (folder / name).write_text(f"Hong Ha, edition {number}\n\n{text.format(number)}", "utf-8")


async def storm(
    library: Library, folder: Path, reloads: int, rate: float, seconds_before: float
) -> tuple[Storm, Storm]:
    """What became of questions before and during so many reloads, each of a corpus that has just changed."""
    before, during = Storm(), Storm()
    async with _raging(library, rate, before):
        await asyncio.sleep(seconds_before)
    async with _raging(library, rate, during):
        for number in range(2, reloads + 2):
            write_edition(folder, number)
            await library.reload(lambda done, total: None)
            during.reloads += 1
    return before, during


@asynccontextmanager
async def _raging(library: Library, rate: float, storm: Storm) -> AsyncIterator[None]:
    """Asks so many questions a second, whether or not answers come; returns once all have come."""
    ended = asyncio.Event()
    async with asyncio.TaskGroup() as asked:
        asking = asked.create_task(_ask(library, rate, storm, asked, ended))
        yield
        ended.set()
        await asking


async def _ask(library: Library, rate: float, storm: Storm, asked: asyncio.TaskGroup, ended: asyncio.Event) -> None:
    began, number = time.monotonic(), 0
    while not ended.is_set():
        # Every other one is of the dated documents.
        asked.create_task(storm.ask(library, QUESTIONS[number // 2 % len(QUESTIONS)] if number % 2 else TELLING))
        number += 1
        await asyncio.sleep(began + number / rate - time.monotonic())


async def main(reloads: int, rate: float) -> None:
    """Prints how a library of the seeds and two dated documents fares."""
    logs.configure("ERROR", "text")
    with tempfile.TemporaryDirectory() as data:
        folder = Path(shutil.copytree(SEEDS, Path(data, "corpus")))
        write_edition(folder, 1)
        nursery = Nursery()
        library = await Library.open(
            Order(folder, Path(data, "vectors.sqlite3"), Path(data, "corpus.snapshot")), nursery
        )
        await library.answer(TELLING)  # the first waits for what English questions need
        began = time.monotonic()
        before, during = await storm(library, folder, reloads, rate, _SECONDS_BEFORE)
        each = (time.monotonic() - began - _SECONDS_BEFORE) / reloads
        library.close()
        nursery.close()
    sys.stdout.write(f"{reloads} reloads of {each:.1f} s each, {rate:.0f} questions a second\n")
    sys.stdout.write(f"{'':8} {'answers':>8} {'failed':>8} {'mixed':>8} {'median':>8} {'p99':>8} {'worst':>8}\n")
    for name, seen in (("before", before), ("during", during)):
        figures = f"{statistics.median(seen.seconds):8.3f} {seen.p99():8.3f} {max(seen.seconds):8.3f}"
        sys.stdout.write(f"{name:8} {len(seen.seconds):8} {seen.failed:8} {seen.mixed:8} {figures}\n")
    sys.stdout.write(f"p99 {during.p99() / before.p99():.2f} times that before\n")


if __name__ == "__main__":
    given = [float(value) for value in sys.argv[1:]]
    asyncio.run(main(round(given[0]) if given else 1000, given[1] if given[1:] else 50))
