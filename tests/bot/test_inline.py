"""Inline mode: passages to send in any chat, of the newest query alone, kept nowhere and in nobody's way."""

import logging
import sqlite3
from contextlib import closing

import pytest

from bot.conversation import limits
from bot.settings import Settings
from bot.speech.phrases import phrases
from tests.botapi import BotApiServer, Chat, Json, Person

EN = phrases("en")
MANY = "ASCN"
"""What more than ten passages answer."""


async def offered(server: BotApiServer, by: Person, query: str, offset: str = "") -> Json:
    return await server.inline_answer(await server.type_inline(by, query, offset))


@pytest.mark.usefixtures("bot")
async def test_passages_are_offered_by_title_date_publisher_and_beginning_page_by_page(
    server: BotApiServer, alice: Person
) -> None:
    first = await offered(server, alice, MANY)
    second = await offered(server, alice, MANY, first["next_offset"])
    assert (len(first["results"]), first["next_offset"], second["next_offset"]) == (10, "10", "")
    shown = [*first["results"], *second["results"]]
    assert len({result["id"] for result in shown}) == len(shown) > 10
    assert all(len(result["id"].encode()) <= 64 for result in shown)
    result = first["results"][0]
    content = result["input_message_content"]
    assert result["title"] in content["message_text"]
    assert result["description"].split(" · ")[0] in content["message_text"]
    assert content["message_text"].count("<blockquote expandable>") == 1
    assert "<tg-time" in content["message_text"]
    assert content["link_preview_options"] == {"is_disabled": True}
    assert "button" not in first


@pytest.mark.usefixtures("bot")
async def test_what_depends_on_the_question_alone_is_for_everybody_and_what_does_not_is_personal(
    server: BotApiServer, private: Chat, alice: Person
) -> None:
    by_question = await offered(server, alice, "đô thị thông minh")
    assert (by_question["is_personal"], by_question["cache_time"]) == (False, 60)
    assert (await offered(server, alice, MANY))["is_personal"] is True
    await server.say(private, alice, "/language")
    menu = await server.reply(private)
    await server.answer(await server.press(menu, "简体中文", by=alice))
    await server.edited(menu)
    chosen = await offered(server, alice, "đô thị thông minh")
    assert chosen["is_personal"] is True
    assert "年" in chosen["results"][0]["description"].split(" · ")[0]


@pytest.mark.usefixtures("bot")
async def test_nothing_to_look_for_and_nothing_found_lead_to_the_private_chat(
    server: BotApiServer, private: Chat, alice: Person
) -> None:
    for query, said in (("", EN.inline_help), ("a", EN.inline_help), ("?!", EN.inline_help)):
        answer = await offered(server, alice, query)
        assert (answer["results"], answer["button"]["text"], answer["is_personal"]) == ([], said, True)
    answer = await offered(server, alice, "Who painted the Mona Lisa?")
    assert (answer["results"], answer["button"]["text"]) == ([], EN.inline_nothing)
    await server.say(private, alice, f"/start {answer['button']['start_parameter']}")
    assert (await server.reply(private)).text == EN.start


@pytest.mark.usefixtures("bot")
async def test_one_chinese_character_is_enough_to_look_for(server: BotApiServer) -> None:
    person = server.person(first_name="Kim", language_code="zh-hans")
    assert (await offered(server, person, "城"))["button"]["text"] == phrases("zh-Hans").inline_nothing


@pytest.mark.usefixtures("bot")
async def test_twenty_quick_queries_are_answered_by_the_newest_past_a_chat_that_waits_and_nothing_is_kept(
    server: BotApiServer, settings: Settings, private: Chat, alice: Person
) -> None:
    server.hang("sendMessage", seconds=3)
    await server.say(private, alice, "Becamex IDC")
    await server.settled()
    typed = [await server.type_inline(alice, "đô thị thông minh ASEAN"[:end]) for end in range(4, 24)]
    assert (await server.inline_answer(typed[-1]))["results"] != []
    assert len(server.called("answerInlineQuery")) < len(typed) / 2
    assert server.room(private).sent == {}
    with closing(sqlite3.connect(settings.database)) as database:
        assert database.execute("SELECT count(*) FROM inbox").fetchone() == (1,)
    assert "Becamex" in (await server.reply(private)).text


@pytest.mark.usefixtures("bot")
async def test_a_query_too_old_is_passed_over(
    server: BotApiServer, alice: Person, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "bot"):
        await server.type_inline(alice, MANY, expired=True)
        assert await server.changes.until(lambda: bool(server.called("answerInlineQuery")), 5)
        await offered(server, alice, MANY)
    assert caplog.records == []


@pytest.mark.usefixtures("bot")
async def test_where_telegram_refuses_the_markup_the_text_alone_is_offered(server: BotApiServer, alice: Person) -> None:
    server.fail("answerInlineQuery", status=400, description="Bad Request: can't parse entities: for a test")
    content = (await offered(server, alice, MANY))["results"][0]["input_message_content"]
    assert "parse_mode" not in content
    assert "<" not in content["message_text"]


@pytest.mark.parametrize("offset", ["-1", "x", "9" * 60])
@pytest.mark.usefixtures("bot")
async def test_an_offset_that_is_none_of_ours_does_no_harm(server: BotApiServer, alice: Person, offset: str) -> None:
    assert (await offered(server, alice, MANY, offset))["next_offset"] in {"", "10"}


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets one person ask once, which is five inline queries."""
    monkeypatch.setattr(limits, "QUESTIONS_OF_A_PERSON", 1)


@pytest.mark.usefixtures("one", "bot")
async def test_who_types_too_much_is_passed_over_in_silence(server: BotApiServer, alice: Person) -> None:
    bob = server.person(first_name="Bob")
    for _ in range(5):
        await offered(server, alice, "")
    refused = await server.type_inline(alice, "")
    await offered(server, bob, "")
    await server.settled()
    assert refused not in server.methods.answers


@pytest.mark.usefixtures("bot")
async def test_what_it_has_offered_itself_is_no_question(server: BotApiServer, private: Chat, alice: Person) -> None:
    await server.say(private, alice, "Becamex IDC", via_bot=server.bot)
    await server.quiet(private)
