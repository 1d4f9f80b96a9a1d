"""The bot with its web reader on a free port, and somebody who visits it."""

import shutil
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar, TCPConnector
from lxml import html

from bot.application import Service
from bot.settings import Address, Settings
from tests.conftest import SEEDS

PUBLIC = "https://bot.example.org"


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeds where no test changes them; a row of a glossary tells them from those that others read."""
    folder = Path(shutil.copytree(SEEDS, tmp_path_factory.mktemp("shelf") / "corpus"))
    (folder / "glossary.tsv").write_text("vi\ten\nthành phố trên mây\tcity in the clouds\n")
    return folder


@pytest.fixture
def corpus(shelf: Path) -> Path:
    return shelf


@pytest.fixture
def own_corpus(tmp_path: Path) -> Path:
    """A copy of the seeds that a test may change."""
    return Path(shutil.copytree(SEEDS, tmp_path / "corpus"))


@pytest.fixture
def settings(settings: Settings) -> Settings:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return replace(settings, web=Address("127.0.0.1", free.getsockname()[1]), public_url=PUBLIC)


@pytest.fixture
def origin(settings: Settings, bot: Service) -> str:
    """Where the web reader is, while the bot serves."""
    assert settings.web is not None
    return f"http://{settings.web.host}:{settings.web.port}"


@dataclass(frozen=True, slots=True)
class Page:
    """What a visitor got."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def tree(self) -> Any:
        """The page as it is read."""
        return html.document_fromstring(self.text)

    def words(self, css: str) -> list[str]:
        """The text of every element that fits."""
        return [" ".join(found.text_content().split()) for found in self.tree.cssselect(css)]

    def values(self, css: str, attribute: str) -> list[str]:
        """An attribute of every element that fits."""
        return [found.get(attribute) for found in self.tree.cssselect(css)]


class Visitor:
    """Whoever opens pages."""

    def __init__(self, session: ClientSession) -> None:
        self._session = session

    async def get(self, path: str, **options: Any) -> Page:
        """Opens a page; `options` are those of the client."""
        async with self._session.get(path, allow_redirects=False, **options) as response:
            return Page(response.status, dict(response.headers), await response.text())

    async def raw(self, path: str, **options: Any) -> tuple[ClientResponse, bytes]:
        """What comes, as bytes."""
        async with self._session.get(path, allow_redirects=False, **options) as response:
            return response, await response.read()


@pytest.fixture
async def visitor(origin: str) -> AsyncIterator[Visitor]:
    async with ClientSession(origin, connector=TCPConnector(limit=20), cookie_jar=CookieJar(unsafe=True)) as session:
        yield Visitor(session)
