"""What every test may use: a Telegram on loopback, and the real bot serving it."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot import application
from bot.application import Service, serving
from bot.conversation import limits
from bot.corpus.editions import build_edition
from bot.corpus.nursery import EditionProcess, Nursery, UnchangedError
from bot.corpus.snapshots import Snapshots
from bot.corpus.vectors import VectorStore
from bot.corpus.wire import Order, Progress
from bot.delivery.pace import Pace
from bot.settings import Settings
from tests import certificates
from tests.bot.commands import Commands
from tests.botapi import BotApiServer, Chat, Person

# python-telegram-bot's RetryAfter warns about its own coming change unless told to make it now.
os.environ["PTB_TIMEDELTA"] = "true"

SEEDS = Path(__file__).parent.parent / "seeds"
ADMIN_ID = 4242


@pytest.fixture(scope="session", autouse=True)
def _certificates() -> Iterator[None]:
    with certificates.read_once():
        yield


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    async with BotApiServer(username="ascn_test_bot") as server:
        yield server
        assert server.violations == []


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A copy of the seeds that a test may change."""
    return Path(shutil.copytree(SEEDS, tmp_path / "corpus"))


@pytest.fixture(scope="session")
def seed_vectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The vectors of the seeds, computed once for all tests, and beside them the seeds as they are indexed."""
    path = tmp_path_factory.mktemp("vectors") / "vectors.sqlite3"
    edition = build_edition(SEEDS, VectorStore(path))
    Snapshots(path.with_name("corpus.snapshot")).save(edition)
    return path


@pytest.fixture
def data_folder(tmp_path: Path, seed_vectors: Path) -> Path:
    """A data folder of the test's own, the vectors of the seeds in it."""
    return Path(shutil.copytree(seed_vectors.parent, tmp_path / "data"))


@pytest.fixture
def settings(server: BotApiServer, corpus: Path, data_folder: Path) -> Settings:
    return Settings(
        token=server.token,
        base_url=server.base_url,
        base_file_url=server.base_file_url,
        admins=frozenset({ADMIN_ID}),
        corpus=corpus,
        data=data_folder,
    )


@pytest.fixture(scope="session")
def command() -> Iterator[Commands]:
    """Runs the command without the seconds that a process of it takes to begin."""
    commands = Commands()
    yield commands
    commands.close()


class _SharingNursery(Nursery):
    """Reads a corpus once, however many bots of a test run ask for the same."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[tuple[frozenset[tuple[str, bytes]], object], EditionProcess] = {}

    async def edition(self, order: Order, progress: Progress = lambda done, total: None) -> EditionProcess:
        if not order.folder.is_dir():
            return await super().edition(order, progress)
        own = frozenset((path.name, path.read_bytes()) for path in order.folder.iterdir() if path.is_file())
        added = frozenset((file.id, file.path.exists() and file.path.read_bytes()) for file in order.amendments.added)
        content = own, (order.amendments.removed, added)
        if content not in self._kept:
            self._kept[content] = await super().edition(order, progress)
        kept = self._kept[content]
        if order.served and order.served == kept.catalogue.inventory:
            raise UnchangedError
        return EditionProcess(kept._own.dup(), kept.catalogue)

    def close(self) -> None:
        """Nothing: the next bot needs it."""

    def end(self) -> None:
        for edition in self._kept.values():
            edition.retire()
        super().close()


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """The process from which every bot of a test run forks what answers."""
    nursery = _SharingNursery()
    yield nursery
    nursery.end()


@pytest.fixture(autouse=True)
def _one_nursery(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bots fork from the one nursery, which begins with the first of them."""
    monkeypatch.setattr(application, "Nursery", lambda *_: request.getfixturevalue("nursery"))


@pytest.fixture
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets one person ask as much as a test wants."""
    monkeypatch.setattr(limits, "QUESTIONS_OF_A_PERSON", 10**9)
    monkeypatch.setattr(limits, "QUESTIONS_IN_A_CHAT", 10**9)


@pytest.fixture
def pace() -> Pace:
    """Faster than Telegram allows, for tests whose matter is another."""
    return Pace(per_second=1000, seconds_in_chat=0.0, per_minute_in_group=1000)


@pytest.fixture
async def bot(settings: Settings, pace: Pace) -> AsyncIterator[Service]:
    async with serving(settings, pace) as service:
        yield service


@pytest.fixture
def alice(server: BotApiServer) -> Person:
    return server.person(first_name="Alice", language_code="en")


@pytest.fixture
def admin(server: BotApiServer) -> Person:
    return server.person(ADMIN_ID, first_name="Admin", language_code="en")


@pytest.fixture
def private(server: BotApiServer, alice: Person) -> Chat:
    return server.private_chat(alice)
