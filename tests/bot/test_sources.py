"""The list of articles: page by page, or those that fit a word."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

from bot.application import Service, serving
from bot.corpus.library import Library
from bot.delivery.pace import Pace
from bot.settings import Settings
from bot.speech.phrases import phrases
from retrieval.records import Document
from tests.bot.shelf import ShelfLibrary
from tests.botapi import BotApiServer, Chat, Person, SentMessage

pytestmark = pytest.mark.usefixtures("unlimited", "bot")


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> ShelfLibrary:
    library = ShelfLibrary()
    monkeypatch.setattr(Library, "open", library.opened)
    return library


@pytest.fixture
async def bot(settings: Settings, pace: Pace, library: ShelfLibrary) -> AsyncIterator[Service]:
    async with serving(settings, pace) as service:
        yield service


def numbered(count: int) -> tuple[Document, ...]:
    """So many documents, the newest with the highest number."""
    return tuple(
        Document(f"d{n}", "en", (), title=f"Article {n}", published=date(2020, 1, 1).replace(year=1990 + n))
        for n in range(1, count + 1)
    )


def titles(message: SentMessage) -> list[int]:
    return [int(line.split()[-1]) for line in message.text.split("\n") if line.startswith("• ")]


def labels(message: SentMessage) -> list[str]:
    return [button["text"] for button in message.buttons]


async def test_each_page_shows_ten_and_leads_to_those_beside_it(
    server: BotApiServer, private: Chat, alice: Person, library: ShelfLibrary
) -> None:
    seen = {}
    for count in (0, 1, 10, 11, 25):
        library.documents = numbered(count)
        await server.say(private, alice, "/sources")
        page = await server.reply(private)
        pages = [(titles(page), labels(page))]
        while "▶" in labels(page):
            await server.answer(await server.press(page, "▶", by=alice))
            page = await server.edited(page)
            pages.append((titles(page), labels(page)))
        seen[count] = pages
    assert seen == {
        0: [([], [])],
        1: [([1], [])],
        10: [([*range(10, 0, -1)], [])],
        11: [([*range(11, 1, -1)], ["1/2", "▶"]), ([1], ["◀", "2/2"])],
        25: [
            ([*range(25, 15, -1)], ["1/3", "▶"]),
            ([*range(15, 5, -1)], ["◀", "2/3", "▶"]),
            ([*range(5, 0, -1)], ["◀", "3/3"]),
        ],
    }


async def test_a_press_shows_the_list_as_it_is_then(
    server: BotApiServer, private: Chat, alice: Person, library: ShelfLibrary
) -> None:
    library.documents = numbered(25)
    await server.say(private, alice, "/sources")
    page = await server.reply(private)
    library.documents = numbered(12)
    await server.press(page, "▶", by=alice)
    page = await server.edited(page)
    assert (titles(page), labels(page)) == ([2, 1], ["◀", "2/2"])
    library.documents = numbered(3)
    await server.press(page, "2/2", by=alice)
    page = await server.edited(page)
    assert (titles(page), labels(page)) == ([3, 2, 1], [])
    library.documents = numbered(25)
    await server.say(private, alice, "/sources")
    page = await server.reply(private)
    library.documents = ()
    await server.press(page, "▶", by=alice)
    assert (await server.edited(page)).text == phrases("en").no_documents


async def test_a_press_that_changes_nothing_is_answered(
    server: BotApiServer, private: Chat, alice: Person, library: ShelfLibrary
) -> None:
    library.documents = numbered(11)
    await server.say(private, alice, "/sources")
    page = await server.reply(private)
    await server.answer(await server.press(page, "1/2", by=alice))
    await server.quiet(private)
    assert server.room(private).sent[page.message_id].edits == ()


async def test_in_a_group_only_who_asked_turns_the_pages(
    server: BotApiServer, alice: Person, library: ShelfLibrary
) -> None:
    bob = server.person(first_name="Bob", language_code="en")
    group = server.supergroup("Cities", members=[alice, bob], admins=[bob])
    library.documents = numbered(11)
    await server.say(group, alice, "/sources")
    page = await server.reply(group)
    refused = await server.answer(await server.press(page, "▶", by=bob))
    assert refused["text"] == phrases("en").not_your_pages
    await server.answer(await server.press(page, "▶", by=alice))
    assert titles(await server.edited(page)) == [1]
    await server.say(group, bob, "/sources", anonymous=True)
    page = await server.reply(group)
    await server.answer(await server.press(page, "▶", by=bob))
    assert titles(await server.edited(page)) == [1]


LIBRARY = (
    Document("a", "vi", (), title="Đà Nẵng đón khách", publisher="Vietnam+", published=date(2021, 5, 1)),
    Document("b", "zh", (), title="平阳建设智慧城市", publisher="越通社", published=date(2020, 5, 1)),
    Document("c", "en", (), title="Da Nang, a smart city", author="Ann Lee"),
)


SEARCHES: tuple[tuple[str, list[str]], ...] = (
    ("đà nẵng", ["Đà Nẵng đón khách", "Da Nang, a smart city"]),
    ("DA NANG", ["Đà Nẵng đón khách", "Da Nang, a smart city"]),
    ("da nang SMART", ["Da Nang, a smart city"]),
    ("智慧城市", ["平阳建设智慧城市"]),
    ("平陽", ["平阳建设智慧城市"]),
    ("ｖｉｅｔｎａｍ＋", ["Đà Nẵng đón khách"]),
    ("2020", ["平阳建设智慧城市"]),
    ("Chinese", ["平阳建设智慧城市"]),
    ("tiếng Việt", ["Đà Nẵng đón khách"]),
    ("lee", ["Da Nang, a smart city"]),
    ("da nang 2020", []),
    ("“!?”", ["Đà Nẵng đón khách", "平阳建设智慧城市", "Da Nang, a smart city"]),
)


async def test_a_search_looks_at_title_publisher_language_and_year_in_any_spelling(
    server: BotApiServer, private: Chat, alice: Person, library: ShelfLibrary
) -> None:
    library.documents = LIBRARY
    for words, found in SEARCHES:
        await server.say(private, alice, f"/sources {words}")
        lines = (await server.reply(private)).text.split("\n")
        shown = [line.removeprefix("• ") for line in lines if line.startswith("• ")]
        assert (words, shown) == (words, found)
        assert found != [] or lines == [phrases("en").sources_none.format(sought="da nang 2020")]


async def test_a_long_search_has_pages_too(
    server: BotApiServer, private: Chat, alice: Person, library: ShelfLibrary
) -> None:
    for word in ("thành phố thông minh bền vững và hiện đại", "智慧城市" * 20, "เมืองอัจฉริยะ" * 20):
        library.documents = tuple(Document(f"d{n}", "en", (), title=f"{word} {n}") for n in range(25))
        await server.say(private, alice, f"/sources {word}")
        page = await server.reply(private)
        await server.answer(await server.press(page, "▶", by=alice))
        page = await server.edited(page)
        assert (labels(page), page.text.split("\n")[0].endswith("(25):")) == (["◀", "2/3", "▶"], True)
        assert max(len(button["callback_data"].encode()) for button in page.buttons) <= 64


async def test_a_forged_press_does_no_harm(
    server: BotApiServer, private: Chat, alice: Person, library: ShelfLibrary
) -> None:
    library.documents = numbered(11)
    for data in ("sources:1:1:x\n", "sources:99999:0:", "sources:0:0:", "sources:١:0:", "sources:1"):
        await server.say(private, alice, "/sources")
        page = await server.reply(private)
        payload = {"id": data, "from": alice.json(), "message": page.json, "data": data, "chat_instance": "1"}
        server.methods.waiting.add(data)
        await server.inject({"callback_query": payload})
        await server.settled()
        await server.say(private, alice, "/sources")
        assert len(titles(await server.reply(private))) == 10
        assert data in server.methods.answers
