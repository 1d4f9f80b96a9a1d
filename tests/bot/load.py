"""How the bot bears a load: `python -m tests.bot.load [MINUTES [RATE [echo]]]`, by default 10 minutes of 30 a second.

With `echo` the answers cost nothing and leave as fast as they can: for as many updates as possible in little time.
Prints, minute by minute, the seconds from a question to its answer (median, 95th of a hundred, worst), the memory of
all processes of the bot (pages that they share count once, in MiB), and the longest that its event loop was kept from
its work (ms), by a probe every 10 ms.
"""

import asyncio
import logging
import os
import statistics
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bot import application, logs
from bot.application import run
from bot.conversation import limits
from bot.corpus.library import Library
from bot.delivery.pace import Pace
from bot.settings import Settings
from tests.bot.echo import EchoLibrary
from tests.bot.environment import environment
from tests.botapi import BotApiServer, Chat, Person

QUESTIONS = (
    "Becamex IDC",
    "ASCN có bao nhiêu đô thị thành viên?",
    "平阳共有多少个投资项目?",
    "Who chaired ASCN in 2021?",
    "binh duong thu hut bao nhieu von fdi",
    "Giá vàng hôm nay bao nhiêu?",
)
CHATS = 120
_PROBE = 0.01


async def serve(library: str) -> None:
    """The bot, with a probe in its loop."""
    logs.configure("ERROR", "text")
    if library == "echo":
        echo = EchoLibrary()
        echo.asked = deque(maxlen=1)  # type: ignore[assignment]
        Library.open = echo.opened  # type: ignore[method-assign, assignment]
        unhurried = partial(Pace, per_second=10**6, seconds_in_chat=0.0)
        application.Pace = unhurried  # type: ignore[attr-defined, assignment]
    limits.QUESTIONS_OF_A_PERSON = limits.QUESTIONS_IN_A_CHAT = 10**9
    probe = asyncio.create_task(_probe())
    await run(Settings.from_environment(dict(os.environ)))
    probe.cancel()


async def _probe() -> None:
    worst, told = 0.0, time.monotonic()
    while True:
        before = time.monotonic()
        await asyncio.sleep(_PROBE)
        now = time.monotonic()
        worst = max(worst, now - before - _PROBE)
        if now - told > 1:
            sys.stdout.write(f"{1000 * worst:.1f}\n")
            sys.stdout.flush()
            worst, told = 0.0, now


async def load(minutes: float, rate: float, library: str) -> None:
    """Begins a bot, asks it, and prints how it fares."""
    with tempfile.TemporaryDirectory() as data:
        async with BotApiServer() as server:
            chats = [_chat(server, number) for number in range(CHATS)]
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.bot.load",
                "serve",
                library,
                stdout=asyncio.subprocess.PIPE,
                env=environment(server, data),
            )
            lags: list[float] = []
            listening = asyncio.create_task(_listen(process, lags))
            try:
                await server.say(chats[0][0], chats[0][1], QUESTIONS[0])
                await server.reply(chats[0][0], within=60)
                sys.stdout.write(f"{'minute':>6} {'median':>8} {'p95':>8} {'worst':>8} {'MiB':>8} {'lag ms':>8}\n")
                for minute in range(1, round(minutes) + 1):
                    lags.clear()
                    times = await _minute(server, chats, rate)
                    p95 = statistics.quantiles(times, n=20)[-1]
                    figures = f"{statistics.median(times):8.3f} {p95:8.3f} {max(times):8.3f}"
                    memory = sum(map(_memory, _family(process.pid)))
                    sys.stdout.write(f"{minute:6} {figures} {memory:8.1f} {max(lags, default=0):8.1f}\n")
                    sys.stdout.flush()
            finally:
                process.terminate()
                await process.wait()
                await listening


def _chat(server: BotApiServer, number: int) -> tuple[Chat, Person]:
    person = server.person(first_name=f"Person {number}")
    return server.private_chat(person), person


async def _minute(server: BotApiServer, chats: list[tuple[Chat, Person]], rate: float) -> list[float]:
    """A minute of questions, in all chats in turn; the seconds that each answer took."""
    asked: dict[int, list[float]] = {chat.id: [] for chat, _ in chats}
    before = len(server.called("sendMessage"))
    began = time.monotonic()
    for number in range(round(60 * rate)):
        chat, person = chats[number % len(chats)]
        asked[chat.id].append(time.monotonic())
        await server.say(chat, person, QUESTIONS[number % len(QUESTIONS)])
        await asyncio.sleep(max(0.0, began + (number + 1) / rate - time.monotonic()))
    wanted = before + round(60 * rate)
    assert await server.changes.until(lambda: len(server.called("sendMessage")) >= wanted, 60), "questions were lost"
    times = []
    for call in server.called("sendMessage")[before:]:
        times.append(call.at - asked[call.parameters["chat_id"]].pop(0))
    server.calls.clear()
    return times


async def _listen(process: asyncio.subprocess.Process, lags: list[float]) -> None:
    assert process.stdout is not None
    while line := await process.stdout.readline():
        lags.append(float(line))


def _family(pid: int) -> Iterator[int]:
    """A process and all that it began."""
    yield pid
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in path.read_text().split():
            yield from _family(int(child))


def _memory(pid: int) -> float:
    """Its share of memory in MiB: pages that several have count once in all."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    logging.captureWarnings(True)
    given = sys.argv[1:]
    if given[:1] == ["serve"]:
        asyncio.run(serve(given[1]))
    else:
        minutes, rate, library = given + ["10", "30", ""][len(given) :]
        asyncio.run(load(float(minutes), float(rate), library))
