"""Whatever the bot shows on Telegram leads to where it stands in the reader, and there it is."""

import re

import pytest

from bot.application import Service
from bot.speech.phrases import phrases
from tests.botapi import BotApiServer, Chat, Person
from tests.web.conftest import PUBLIC, Visitor

EN = phrases("en")
QUESTION = "平阳共有多少个投资项目"


async def leads_to(visitor: Visitor, address: str) -> str:
    """The words of the passage, or of the whole article, that an address of the reader leads to."""
    assert address.startswith(f"{PUBLIC}/documents/")
    page = await visitor.get(address.removeprefix(PUBLIC).partition("#")[0])
    if page.status == 303:
        page = await visitor.get(page.headers["Location"])
    assert page.status == 200
    return " ".join(page.words(".quoted") or page.words("article"))


async def test_in_private_every_source_of_an_answer_opens_within_telegram(
    server: BotApiServer, private: Chat, alice: Person, visitor: Visitor
) -> None:
    await server.say(private, alice, QUESTION)
    answer = await server.reply(private)
    apps = [button["web_app"]["url"] for button in answer.buttons if "web_app" in button]
    assert apps
    assert "4049" in await leads_to(visitor, apps[0])


async def test_in_a_group_it_opens_in_the_browser(server: BotApiServer, alice: Person, visitor: Visitor) -> None:
    group = server.group("Cities", members=[alice])
    await server.say(group, alice, f"/ask {QUESTION}")
    answer = await server.reply(group)
    addresses = [button["url"] for button in answer.buttons if "url" in button]
    assert addresses
    assert re.search(r"\?passage=(\d+)#p\1$", addresses[0])
    assert "4049" in await leads_to(visitor, addresses[0])


async def test_an_offer_in_another_chat_has_the_way_with_it(
    server: BotApiServer, alice: Person, visitor: Visitor
) -> None:
    offered = await server.inline_answer(await server.type_inline(alice, QUESTION))
    ((button,),) = offered["results"][0]["reply_markup"]["inline_keyboard"]
    assert button["text"] == phrases("zh-Hans").open_source
    assert "4049" in await leads_to(visitor, button["url"])


@pytest.mark.parametrize("said", ["/sources", "How do I bake bread?"])
async def test_articles_that_are_only_named_lead_to_their_pages(
    server: BotApiServer, private: Chat, alice: Person, visitor: Visitor, said: str
) -> None:
    await server.say(private, alice, said)
    listed = await server.reply(private)
    addresses = [entity["url"] for entity in listed.entities if entity["type"] == "text_link"]
    assert len(addresses) == 5
    for address in addresses:
        assert len(await leads_to(visitor, address)) > 500


async def test_further_passages_lead_there_too(
    server: BotApiServer, private: Chat, alice: Person, visitor: Visitor, bot: Service
) -> None:
    await server.say(private, alice, "ASEAN")
    answer = await server.reply(private)
    (more,) = [button for button in answer.buttons if button["text"] == EN.more_passages]
    await server.press(answer, more["callback_data"], alice)
    further = await server.reply(private)
    assert any("web_app" in button for button in further.buttons)
