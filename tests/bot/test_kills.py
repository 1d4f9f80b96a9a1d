"""However often and wherever the process is killed, every question is answered, and what comes twice says so."""

import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.bot.environment import environment
from tests.bot.lives import KILLED, POINTS
from tests.botapi import BotApiServer, Person

KILLS_IN_A_ROUND = 10
"""After so many it lives until all is answered: what waits must not grow faster than it may answer."""
KILLS = int(os.environ.get("ASCN_BOT_TEST_KILLS", "40"))
"""Random kills in one run; `make nightly` asks for more."""
QUESTION = "Becamex IDC"
AGAIN = "↻ You may have had this message before"


Environment = dict[str, str]


@pytest.fixture(params=["polling", "webhook"])
def way(request: pytest.FixtureRequest, server: BotApiServer) -> Environment:
    """How updates reach the bot, by the settings that make it so."""
    if request.param == "polling":
        return {}
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    server.pusher.proxied_to = f"http://{address}"
    return {
        "ASCN_BOT_WEBHOOK_URL": "https://bot.example.org/telegram",
        "ASCN_BOT_WEBHOOK_SECRET": "s" * 32,
        "ASCN_BOT_WEBHOOK_LISTEN": address,
    }


Begetter = subprocess.Popen[str]


@pytest.fixture(scope="module")
def begetter() -> Iterator[Begetter]:
    """The process that has read the corpus, and that the lives of all bots are forks of."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bot.lives"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    yield process
    try:
        process.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


class Lives:
    """The lives of one bot, one after another."""

    def __init__(self, begetter: Begetter, environment: Environment, log: Path) -> None:
        self._begetter = begetter
        self._order = {"environment": environment, "log": str(log)}
        self.pid = 0
        self._alive = False

    async def begin(self, dies: str = "") -> None:
        """Begins a life, which dies by itself when it comes to a point of that name."""
        assert self._begetter.stdin is not None
        self._begetter.stdin.write(json.dumps(self._order | {"dies": dies}) + "\n")
        self._begetter.stdin.flush()
        self.pid = await self._number()
        self._alive = True

    async def end(self, by: signal.Signals | None = None) -> int:
        """Ends it by a signal, or waits for it to die; returns the exit code."""
        if by is not None:
            os.kill(self.pid, by)
        code = asyncio.create_task(self._number())
        await asyncio.wait([code], timeout=60)
        in_time = code.done()
        if not in_time:  # the thread that reads its exit code would never end
            os.kill(self.pid, signal.SIGKILL)
        await code
        self._alive = False
        assert in_time, "It did not end."
        return code.result()

    async def leave(self) -> None:
        """Ends it if a test has left it alive."""
        if self._alive:
            await self.end(by=signal.SIGKILL)

    async def _number(self) -> int:
        assert self._begetter.stdout is not None
        return int(await asyncio.to_thread(self._begetter.stdout.readline))


@asynccontextmanager
async def lives_of_a_bot(
    begetter: Begetter, server: BotApiServer, data: Path, way: Environment
) -> AsyncIterator[Lives]:
    log = data / "log.txt"
    bot = Lives(begetter, environment(server, data, **way), log)
    try:
        yield bot
    finally:
        await bot.leave()
    written = log.read_text()
    assert "serving as @" in written
    assert [secret for secret in (server.token, QUESTION, AGAIN) if secret in written] == []


class Conversation:
    """Questions in several groups, and what was answered to each."""

    def __init__(self, server: BotApiServer, alice: Person, groups: int) -> None:
        self._server = server
        self._alice = alice
        self.groups = [server.group(f"Cities {number}", members=[alice]) for number in range(groups)]
        self.asked: list[tuple[int, int]] = []

    async def ask(self, count: int, groups: int) -> None:
        """Asks in so many groups in turn."""
        for number in range(count):
            said = await self._server.say(self.groups[number % groups], self._alice, f"/ask {QUESTION}")
            self.asked.append((said.chat.id, said.message_id))

    async def answered(self, within: float = 120.0) -> None:
        """Returns once every question has an answer."""
        done = await self._server.changes.until(lambda: not self._unanswered(), within)
        assert done, f"{len(self._unanswered())} of {len(self.asked)} questions were lost"

    def repeats(self) -> int:
        """How many answers came twice; each of them must say so."""
        repeated = [text for texts in self._answers().values() for text in texts[1:]]
        assert all(text.startswith(AGAIN) for text in repeated)
        return len(repeated)

    def _unanswered(self) -> set[tuple[int, int]]:
        return set(self.asked) - self._answers().keys()

    def _answers(self) -> dict[tuple[int, int], list[str]]:
        found: dict[tuple[int, int], list[str]] = defaultdict(list)
        for group in self.groups:
            for sent in self._server.room(group).sent.values():
                found[group.id, sent.reply_to_message_id or 0].append(sent.text)
        return found


@pytest.mark.parametrize("at_once", [1, 8])
async def test_wherever_it_dies_nothing_is_lost_and_what_comes_twice_says_so(
    begetter: Begetter, server: BotApiServer, alice: Person, data_folder: Path, at_once: int, way: Environment
) -> None:
    talk = Conversation(server, alice, at_once)
    async with lives_of_a_bot(begetter, server, data_folder, way) as bot:
        for point in POINTS:
            before = talk.repeats()
            await talk.ask(2 * at_once, at_once)
            await bot.begin(dies=point)
            assert await bot.end() == KILLED, point
            await bot.begin()
            await talk.answered()
            assert talk.repeats() - before <= at_once, point
            assert await bot.end(by=signal.SIGTERM) == 0, point


@pytest.mark.parametrize("at_once", [1, 8])
async def test_killed_at_random_nothing_is_lost_and_what_comes_twice_says_so(
    begetter: Begetter, server: BotApiServer, alice: Person, data_folder: Path, at_once: int, way: Environment
) -> None:
    chance = random.Random(7)  # noqa: S311
    talk = Conversation(server, alice, at_once)
    async with lives_of_a_bot(begetter, server, data_folder, way) as bot:
        for _ in range(0, KILLS // 4, KILLS_IN_A_ROUND):
            for _ in range(KILLS_IN_A_ROUND):
                await talk.ask(4, at_once)
                starts = len(server.called("getMe"))
                await bot.begin()
                await server.changes.until(lambda starts=starts: len(server.called("getMe")) > starts, 10)  # type: ignore[misc]
                await asyncio.sleep(chance.uniform(0, 0.5))
                await bot.end(by=signal.SIGKILL)
            await bot.begin()
            await talk.answered()
            await bot.end(by=signal.SIGTERM)
    assert talk.repeats() <= at_once * KILLS
    sys.stdout.write(f"{KILLS // 4} kills, {at_once} at once: 0 of {len(talk.asked)} lost, {talk.repeats()} repeated\n")


async def test_told_to_stop_with_a_thousand_waiting_it_ends_soon_and_answers_the_rest_next_time(
    begetter: Begetter, server: BotApiServer, alice: Person, data_folder: Path
) -> None:
    talk = Conversation(server, alice, 50)
    await talk.ask(1000, 50)
    async with lives_of_a_bot(begetter, server, data_folder, {}) as bot:
        await bot.begin()
        await server.changes.until(lambda: len(server.called("sendMessage")) > 20, 30)
        began = time.monotonic()
        assert await bot.end(by=signal.SIGTERM) == 0
        seconds = time.monotonic() - began
        sys.stdout.write(f"ended {seconds:.1f} s after it was told, {len(server.called('sendMessage'))} answered\n")
        assert seconds < 8
        await bot.begin()
        await talk.answered(within=120)
        await bot.end(by=signal.SIGTERM)
    assert talk.repeats() == 0
