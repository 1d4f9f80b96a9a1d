"""The pages in a browser: journeys in three languages, without a script and by the keyboard; what axe says of them."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright

from bot.speech.phrases import phrases
from tests.botapi import BotApiServer
from tests.web.test_login import said

CHROMIUM = shutil.which("chromium")
HEAVIEST = 60_000
"""Bytes of a page with all that it loads."""
PHONE = {"width": 320, "height": 640}

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium; on Debian: apt install chromium")


@asynccontextmanager
async def opened(origin: str, **options: Any) -> AsyncIterator[Page]:
    """A page of a browser; `options` are those of its context."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = await browser.new_context(base_url=origin, **options)
        yield await context.new_page()
        await browser.close()


@pytest.mark.parametrize(
    ("locale", "question", "answer"),
    [
        ("vi-VN", "ASCN được thành lập khi nào?", "4/2018"),
        ("zh-CN", "平阳共有多少个投资项目", "4049"),
        ("en-GB", "When was ASCN founded?", "4/2018"),
    ],
)
async def test_who_asks_by_keyboard_and_without_scripts_reads_the_answer_where_it_stands(
    origin: str, locale: str, question: str, answer: str
) -> None:
    words = phrases({"vi-VN": "vi", "zh-CN": "zh-Hans"}.get(locale, "en"))  # type: ignore[arg-type]
    async with opened(origin, locale=locale, java_script_enabled=False, viewport=PHONE) as page:
        await page.goto("/")
        await page.get_by_label(words.web_ask_label).focus()
        await page.keyboard.type(question)
        await page.keyboard.press("Enter")
        quote = page.locator("blockquote", has_text=answer).first
        assert answer in await quote.inner_text()
        await page.locator(".in-article a").first.focus()
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/documents/**")
        marked = page.locator(".quoted")
        assert answer in await marked.inner_text()
        box = await marked.bounding_box()
        assert box is not None
        assert 0 <= box["y"] < PHONE["height"]


async def test_what_a_client_of_telegram_puts_behind_the_address_keeps_nobody_from_the_passage(origin: str) -> None:
    async with opened(origin, viewport=PHONE) as page:
        within = "/documents/001_b6f71c74b8b026ee/passages/12"
        await page.goto(f"{within}#tgWebAppData=query_id%3DAAE&tgWebAppVersion=9.1")
        box = await page.locator(".quoted").bounding_box()
        assert box is not None
        assert 0 <= box["y"] < PHONE["height"]
        assert page.url == f"{origin}/documents/001_b6f71c74b8b026ee?passage=12#p12"


async def test_whatever_has_the_focus_is_in_sight_on_a_phone(origin: str) -> None:
    async with opened(origin, viewport=PHONE) as page:
        await page.goto("/documents")
        for _ in range(30):
            await page.keyboard.press("Tab")
            left = await page.evaluate("document.activeElement.getBoundingClientRect().left")
            assert 0 <= left < PHONE["width"], await page.evaluate("document.activeElement.outerHTML")


PAGES = (
    "/",
    "/?q=When was ASCN founded?&lang=en",
    "/?q=How do I bake bread?&lang=th",
    "/documents?lang=vi",
    "/documents?find=xyz&lang=zh-Hant",
    "/documents/000_a831e0fb29141970?passage=3&lang=zh-Hans",
    "/nowhere?lang=id",
    "/figures",
)


LOADED = """[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .map(one => [new URL(one.name).origin, one.encodedBodySize])"""


async def test_every_page_is_light_safe_and_usable_by_everybody(origin: str, server: BotApiServer) -> None:
    async with opened(origin, viewport=PHONE) as page:
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text))
        await page.goto(f"/login?{said(server.token)}")
        for path in PAGES:
            response = await page.goto(path)
            assert response is not None
            assert response.status == (404 if path.startswith("/nowhere") else 200)
            loaded = await page.evaluate(LOADED)
            assert {place for place, _ in loaded} == {origin}
            assert sum(size for _, size in loaded) < HEAVIEST
            assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
            found = await Axe().run(page)
            assert found.response["violations"] == [], (path, found.generate_report())
        # Of an address with nothing behind it browsers say so themselves; of what the policy forbids, too.
        assert [text for text in complaints if "404" not in text] == []


async def test_dark_pages_can_be_read_as_well(origin: str) -> None:
    async with opened(origin, color_scheme="dark") as page:
        for path in PAGES[1:6:2]:
            await page.goto(path)
            found = await Axe().run(page, options={"runOnly": ["color-contrast"]})
            assert found.response["violations"] == [], (path, found.generate_report())
