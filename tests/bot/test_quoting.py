"""A reply to somebody's message shows the words that it answers, as Telegram's own quote."""

from typing import Any

import pytest
from telegram import Message, TextQuote

from bot.application import Service
from bot.delivery.quoting import Quoted, quote_of
from tests.botapi import BotApiServer, Chat, Person

LONG = (
    "Hello everybody, I have been reading about it all day. Becamex IDC là gì? "
    + "Thank you for any help with this. " * 4
)


def message(text: str | None = None, **fields: Any) -> Message:
    chat = {"id": -7, "type": "supergroup", "title": "Cities"}
    raw = {"message_id": 1, "date": 1_700_000_000, "chat": chat} | ({"text": text} if text else {}) | fields
    return Message.de_json(raw, None)


def test_a_short_message_needs_no_quote_and_of_a_long_one_it_is_the_first_sentence() -> None:
    assert quote_of(message("Becamex IDC là gì?")) is None
    assert quote_of(message(LONG)) == Quoted("Hello everybody, I have been reading about it all day.", 0)
    assert quote_of(message(caption=f"\n {LONG}")) == Quoted(
        "Hello everybody, I have been reading about it all day.", 2
    )
    assert quote_of(message()) is None


def test_a_sentence_too_long_for_a_quote_is_passed_over() -> None:
    assert quote_of(message("word " * 300)) is None
    assert quote_of(message("\U00020bb7" * 513 + "\nCities?")) == Quoted("Cities?", 1027)
    assert quote_of(message("\U00020bb7" * 512)) == Quoted("\U00020bb7" * 512, 0)


@pytest.mark.parametrize(
    ("text", "part", "near", "position"),
    [
        ("一敗坎", "坎", 2, 2),  # a search in bytes finds it at 0
        ("\U0001f389 ASCN", "ASCN", 3, 3),
        ("ASCN, ASCN, ASCN", "ASCN", 11, 12),
        ("ASCN, ASCN, ASCN", "ASCN", 0, 0),
        ("aaa", "aa", 1, 1),
    ],
)
def test_a_selected_part_is_found_where_it_was_selected(text: str, part: str, near: int, position: int) -> None:
    assert quote_of(message(text), TextQuote(part, near)) == Quoted(part, position)


def test_a_part_that_is_no_longer_there_is_not_quoted() -> None:
    assert quote_of(message("Cities"), TextQuote("ASCN", 0)) is None


def test_the_markup_that_telegram_compares_goes_with_the_quote_and_no_other() -> None:
    entities = [
        {"type": "bold", "offset": 0, "length": 7},
        {"type": "url", "offset": 2, "length": 4},
        {"type": "italic", "offset": 9, "length": 9},
        {"type": "custom_emoji", "offset": 5, "length": 2, "custom_emoji_id": "5"},
    ]
    quote = quote_of(message("one \U0001f389two three", entities=entities), TextQuote("\U0001f389two", 4))
    assert quote is not None
    shown = [(entity.type, entity.offset, entity.length, entity.custom_emoji_id) for entity in quote.entities]
    assert shown == [("bold", 0, 3, None), ("custom_emoji", 1, 2, "5")]


@pytest.fixture
def group(server: BotApiServer, alice: Person) -> Chat:
    return server.group("Cities", members=[alice], admins=[alice])


async def test_ask_in_reply_quotes_the_words_it_answers(
    server: BotApiServer, group: Chat, alice: Person, bot: Service
) -> None:
    bold = {"type": "bold", "offset": 6, "length": 9}
    long = await server.say(group, alice, LONG, entities=[bold])
    short = await server.say(group, alice, "Becamex IDC là gì?")
    await server.say(group, alice, "/ask", reply_to=long)
    await server.say(group, alice, "/ask", reply_to=long, quote="Becamex IDC")
    await server.say(group, alice, "/ask", reply_to=short)
    await server.say(group, alice, "/ask Becamex IDC", reply_to=long)
    answers = await server.replies(group, 4)
    quotes = ["Hello everybody, I have been reading about it all day.", "Becamex IDC", None, None]
    assert [answer.quote for answer in answers] == quotes
    assert [answer.reply_to_message_id for answer in answers[:3]] == [long.message_id] * 2 + [short.message_id]


@pytest.mark.parametrize("reason", ["Bad Request: QUOTE_TEXT_INVALID", "Bad Request: message quote not found"])
async def test_where_telegram_refuses_the_quote_the_answer_comes_without_it(
    server: BotApiServer, group: Chat, alice: Person, bot: Service, reason: str
) -> None:
    long = await server.say(group, alice, LONG)
    server.fail("sendMessage", status=400, description=reason)
    await server.say(group, alice, "/ask", reply_to=long)
    answer = await server.reply(group)
    assert (answer.quote, answer.reply_to_message_id) == (None, long.message_id)
    assert len(server.called("sendMessage")) == 2
