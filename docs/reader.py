"""Draws docs/reader-*.png: the web reader, light and dark, on a desktop and a phone. Run by `make picture`.

`python docs/reader.py --serve PORT` leaves it open on loopback instead. Needs chromium and, for Thai and Chinese, fonts
(Debian: fonts-noto-core, fonts-noto-cjk).
"""

import asyncio
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import async_playwright

from bot.conversation.tally import Tally
from bot.corpus.library import Library
from bot.corpus.nursery import Nursery
from bot.corpus.wire import Order
from bot.listening import served
from bot.metrics import Metrics
from bot.settings import DEFAULT_CORPUS, Address
from bot.speech.addresses import DOCUMENT, DOCUMENTS
from bot.storage.database import Database
from bot.storage.statistics import Statistics
from bot.storage.unanswered import UnansweredLog
from bot.web.asking import Asking
from bot.web.pages import Pages
from bot.web.reading import Reading
from bot.web.site import site
from bot.web.visitors import Visitors

HERE = Path(__file__).parent
DESKTOP, PHONE = {"width": 1000, "height": 760}, {"width": 390, "height": 760}
_COLOURS_KEPT = 64
PICTURES = (
    ("reader-answer-light", "light", DESKTOP, "/?q=When was ASCN founded?&lang=en"),
    ("reader-document-dark", "dark", DESKTOP, "{quoted}"),
    ("reader-answer-phone", "dark", PHONE, "/?q=平阳共有多少个投资项目&lang=zh-Hans"),
    ("reader-documents-phone", "light", PHONE, "/documents?lang=vi"),
)
"""Name, colours, size and page; `{quoted}` is where the first answer leads."""


@asynccontextmanager
async def reader(port: int) -> AsyncIterator[str]:
    """The address of a web reader of the seeds."""
    with tempfile.TemporaryDirectory() as folder, closing(Nursery()) as nursery:
        data = Path(folder)
        order = Order(DEFAULT_CORPUS, data / "vectors.sqlite3", data / "corpus.snapshot")
        async with Database(data / "bot.sqlite3") as database:
            with closing(await Library.open(order, nursery)) as library:
                metrics, pages = Metrics(), Pages("ASCN Bot", "ascn_bot")
                tally = Tally(Statistics(database), UnansweredLog(database, 0), metrics)
                visitors = Visitors()
                asking, reading = Asking(library, tally, pages, visitors, 0), Reading(library, pages, visitors, None)
                handlers = {"/": asking.ask, DOCUMENTS: reading.documents, DOCUMENT: reading.document}
                async with served(site(pages, handlers, metrics), Address("127.0.0.1", port), "PORT"):
                    yield f"http://127.0.0.1:{port}"


async def draw() -> None:
    """Writes the pictures."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with reader(port) as origin, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        quoted = ""
        for name, colours, size, path in PICTURES:
            page = await browser.new_page(viewport=size, color_scheme=colours, base_url=origin)
            await page.goto(path.format(quoted=quoted))
            quoted = quoted or await page.get_attribute(".in-article a", "href")
            shot = Image.open(BytesIO(await page.screenshot()))
            shot.quantize(_COLOURS_KEPT).save(HERE / f"{name}.png", optimize=True)
            await page.close()
        await browser.close()


async def serve(port: int) -> None:
    """Leaves the reader open until it is interrupted."""
    async with reader(port) as origin:
        print(origin)  # noqa: T201
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[2])) if sys.argv[1:2] == ["--serve"] else draw())
