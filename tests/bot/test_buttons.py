"""The buttons under an answer: for whoever asked, once, after restarts and reloads, and in every kind of chat."""

import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

import pytest
from telegram import Bot, InlineKeyboardMarkup, Message

from bot.application import Service, serving
from bot.conversation.buttons import (
    WHOEVER_DECIDES,
    Action,
    Button,
    answer_keyboard,
    asker_of,
    button_in,
    pattern,
    sources_of,
)
from bot.delivery.pace import Pace
from bot.settings import Settings
from bot.speech.addresses import PublicReader
from bot.speech.phrases import REPLY_LANGUAGES, phrases
from retrieval.records import Answer, Document, Hit, Passage, PassageReference, Question, Quote
from tests.bot.reloading import reload
from tests.botapi import BotApiServer, Chat, Json, Person, Press, SentMessage

EN = phrases("en")
READER = PublicReader("https://bot.example.org")
MANY = "ASCN"
"""A question that more than six passages answer."""
PORT = "What does crane 1 of Quanterra lift at the port?"
PARAGRAPH = " ".join(
    f"Crane {n} of Quanterra lifts {37 * n} containers and tells the harbour office." for n in range(1, 13)
)
ADDRESS = "https://example.org/port?a=1&b=2"
CHANNEL = {"id": -8, "type": "channel", "title": "News"}
LARGEST_ID = 2**52 - 1


def buttons(message: SentMessage) -> list[str]:
    return [button["text"] for button in message.buttons]


async def pressed(server: BotApiServer, message: SentMessage, button: str, by: Person) -> Json:
    """What a press is answered with."""
    return await server.answer(await server.press(message, button, by=by))


async def answered(server: BotApiServer, chat: Chat, by: Person, text: str) -> SentMessage:
    await server.say(chat, by, text)
    return await server.reply(chat)


def votes(settings: Settings) -> dict[int, int]:
    with closing(sqlite3.connect(settings.database)) as database:
        return dict(database.execute("SELECT helpful, votes FROM vote_count").fetchall())


@pytest.fixture
def port(settings: Settings, tmp_path: Path) -> Settings:
    """Those of a bot with one article, of one paragraph longer than a quote."""
    folder = tmp_path / "port"
    folder.mkdir()
    folder.joinpath("port.txt").write_text(f"{PARAGRAPH}\n", "utf-8")
    folder.joinpath("port.toml").write_text(
        f'title = "The port"\nurl = "{ADDRESS}"\npublished = 2024-05-06\nlanguage = "en"\n', "utf-8"
    )
    return replace(settings, corpus=folder)


@asynccontextmanager
async def serving_another_text(
    server: BotApiServer, settings: Settings, pace: Pace, admin: Person
) -> AsyncIterator[Service]:
    """The bot, after an administrator has reloaded the article with another paragraph."""
    async with serving(settings, pace) as service:
        settings.corpus.joinpath("port.txt").write_text(f"{PARAGRAPH} The port of Quanterra has grown.\n", "utf-8")
        assert (await reload(server, server.private_chat(admin), admin)).startswith("Reloaded")
        yield service


@pytest.mark.parametrize("language", [*REPLY_LANGUAGES, "und"])
def test_a_button_reads_as_it_was_written_and_fits_into_what_telegram_keeps(language: str) -> None:
    references = tuple(PassageReference("aZ_-9", 36**2 - number) for number in range(1, 7))
    button = Button(Action.MORE, language, LARGEST_ID, references)  # type: ignore[arg-type]
    assert len(button.data.encode()) <= 64
    assert re.match(pattern(), button.data)
    assert button_in(button.data) == button


def test_what_older_answers_have_in_their_buttons_is_still_written_so() -> None:
    references = (PassageReference("aZ_-9", 7), PassageReference("bbbbb", 40))
    said = [Button(action, "zh-Hant", 36, references[: 2 - index]).data for index, action in enumerate(Action)]
    assert said == ["amt10.aZ_-97.bbbbb14", "awt10.aZ_-97", "ayt10", "ant10.aZ_-97"]


def test_references_that_find_no_room_are_left_out_whole() -> None:
    references = tuple(PassageReference("aZ_-9", 62_500 - number) for number in range(6))
    button = Button(Action.MORE, "vi", LARGEST_ID, references)
    assert len(button.data.encode()) <= 64
    assert button_in(button.data).references == references[:5]


@pytest.mark.parametrize(
    "data", ["amv1\n", "amv1.short", "amv", "bmv1", "axv1", "amx1", "amvA", "amv1.abcde!", "x amv1"]
)
def test_what_no_button_of_ours_says_is_not_taken_for_one(data: str) -> None:
    assert re.match(pattern(), data) is None


def keyboard(
    *addresses: str | None, reader: PublicReader | None = None, apart: bool = False
) -> InlineKeyboardMarkup | None:
    """Under an answer from documents with these addresses."""
    documents = [Document(str(number), "en", (), url=address) for number, address in enumerate(addresses)]
    hits = [Hit(Passage(document, 1, "Words."), 1.0, 1.0, None, ()) for document in documents]
    quotes = tuple(Quote(hit, "Words.", (0, 6), begins_inside=False, ends_inside=False) for hit in hits)
    sources = sources_of([hit.passage for hit in hits], EN, reader, apart=apart)
    return answer_keyboard(Answer(Question("?", "en"), bool(quotes), quotes, 0.3), 7, sources, EN)


@pytest.mark.parametrize(
    ("fields", "asker"),
    [
        ({"from": {"id": 7, "is_bot": False, "first_name": "A"}}, 7),
        ({}, WHOEVER_DECIDES),
        ({"from": {"id": 7, "is_bot": False, "first_name": "A"}, "sender_chat": CHANNEL}, WHOEVER_DECIDES),
        ({"from": {"id": 1087968824, "is_bot": True, "first_name": "Group"}}, WHOEVER_DECIDES),
    ],
)
def test_buttons_are_of_whoever_asked_by_name(me: Bot, fields: Json, asker: int) -> None:
    asked = Message.de_json({"message_id": 1, "date": 1, "chat": {"id": -5, "type": "group"}} | fields, me)
    assert asker_of(asked) == asker


@pytest.mark.parametrize(
    "address", ["https://example.org/a?b#c", "http://đô-thị.vn/bài", "https://a.org/" + 1986 * "x"]
)
def test_the_one_source_can_be_opened(address: str) -> None:
    shown = keyboard(address)
    assert shown is not None
    assert [(button.text, button.url) for button in shown.inline_keyboard[0]] == [(EN.open_source, address)]


@pytest.mark.parametrize(
    "addresses",
    [["https://a.org", "https://b.org"], [None], ["ftp://a.org"], ["https://a"], ["https://a.org/" + 2000 * "x"]],
)
def test_several_sources_or_an_address_that_telegram_refuses_are_no_button(addresses: list[str | None]) -> None:
    shown = keyboard(*addresses)
    assert shown is not None
    assert [[button.text for button in row] for row in shown.inline_keyboard] == [["👍", "👎"]]


def test_with_a_web_reader_every_source_can_be_opened_where_the_quoted_passage_stands() -> None:
    shown = keyboard("https://a.org", None, reader=READER)
    assert shown is not None
    assert [(button.text, button.url) for row in shown.inline_keyboard[:-1] for button in row] == [
        ("📄 0", "https://bot.example.org/documents/0?passage=1#p1"),
        ("📄 1", "https://bot.example.org/documents/1?passage=1#p1"),
    ]


def test_in_a_private_chat_it_opens_within_telegram() -> None:
    shown = keyboard(None, reader=READER, apart=True)
    assert shown is not None
    (button,) = shown.inline_keyboard[0]
    assert button.web_app is not None
    # Clients put words of their own behind a #.
    assert (button.text, button.web_app.url) == (EN.open_source, "https://bot.example.org/documents/0/passages/1")


def test_where_nothing_was_found_there_are_no_buttons() -> None:
    assert keyboard() is None


@pytest.mark.usefixtures("bot")
async def test_more_passages_follow_until_there_are_no_more(server: BotApiServer, private: Chat, alice: Person) -> None:
    answer = await answered(server, private, alice, MANY)
    assert buttons(answer) == ["More passages", "👍", "👎"]
    assert "text" not in await pressed(server, answer, "More passages", alice)
    second = await server.reply(private)
    assert buttons(await server.edited(answer)) == ["👍", "👎"]
    await pressed(server, second, "More passages", alice)
    third = await server.reply(private)
    assert buttons(await server.edited(second)) == buttons(third) == []
    assert [len(quotes(message)) for message in (answer, second, third)] == [3, 3, 3]
    shown = [quote for message in (answer, second, third) for quote in quotes(message)]
    assert len(shown) == len(set(shown)) == 9
    assert all(re.search(r" · \d{1,2} \w+ 20\d\d", message.text) for message in (second, third))


def quotes(message: SentMessage) -> list[str]:
    units = message.text.encode("utf-16-le")
    return [
        units[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")
        for entity in message.entities
        if entity["type"].endswith("blockquote")
    ]


async def test_a_paragraph_is_shown_whole_after_a_restart_and_with_a_press_too_old_to_answer(
    server: BotApiServer, private: Chat, alice: Person, port: Settings, pace: Pace
) -> None:
    async with serving(port, pace):
        answer = await answered(server, private, alice, PORT)
    assert buttons(answer) == ["Whole paragraph", "Open the source", "👍", "👎"]
    assert answer.buttons[1]["url"] == ADDRESS
    assert quotes(answer)[0].removesuffix(" …") in PARAGRAPH
    async with serving(port, pace):
        await server.press(answer, "Whole paragraph", by=alice, expired=True)
        whole = await server.reply(private)
        assert (quotes(whole), buttons(whole)) == ([PARAGRAPH], ["Open the source"])
        assert whole.text.startswith("The port\npublisher not stated · 6 May 2024\n")
        assert buttons(await server.edited(answer)) == ["Open the source", "👍", "👎"]


async def test_where_a_reload_has_changed_the_article_the_question_is_answered_anew_or_asked_for(
    server: BotApiServer, private: Chat, alice: Person, admin: Person, port: Settings, pace: Pace
) -> None:
    group = server.group("Ports", members=[alice])
    async with serving(port, pace):
        at_home = await answered(server, private, alice, PORT)
        asked = await server.say(group, alice, f"/ask {PORT}")
        in_group = await server.reply(group)
    async with serving_another_text(server, port, pace, admin):
        told = await pressed(server, at_home, "Whole paragraph", alice)
        assert (told["text"], told["show_alert"]) == (EN.articles_changed, True)
        await server.quiet(private)
        assert (await pressed(server, in_group, "Whole paragraph", alice))["text"] == EN.answered_anew
        anew = await server.reply(group)
        assert (anew.reply_to_message_id, buttons(anew)[0]) == (asked.message_id, "Whole paragraph")
        assert "Whole paragraph" not in buttons(await server.edited(in_group))
        await pressed(server, anew, "Whole paragraph", alice)
        whole = await server.reply(group)
        assert quotes(whole) == [f"{PARAGRAPH} The port of Quanterra has grown."]
        assert whole.reply_to_message_id == anew.message_id


async def test_what_was_shown_later_is_not_taken_for_the_question(
    server: BotApiServer, alice: Person, admin: Person, port: Settings, pace: Pace
) -> None:
    group = server.group("Ports", members=[alice])
    async with serving_another_text(server, port, pace, admin):
        answer = await answered(server, group, alice, f"/ask {PORT}")
        await pressed(server, answer, "Whole paragraph", alice)
        later = await server.reply(group)
        stale = Button(Action.MORE, "en", alice.id, (PassageReference("gone_", 1),)).data
        markup = {"inline_keyboard": [[{"text": "More", "callback_data": stale}]]}
        shown = server.room(group).messages[later.message_id]
        shown["reply_markup"] = markup
        server.methods.waiting.add("forged")
        press = {"id": "forged", "from": alice.json(), "message": shown, "data": stale, "chat_instance": "1"}
        await server.inject({"callback_query": press})
        told = await server.answer(Press("forged", stale, alice, later, None))
        assert told["text"] == EN.articles_changed
        await server.quiet(group)


@pytest.mark.usefixtures("bot")
async def test_in_a_topic_the_buttons_are_the_askers_alone(server: BotApiServer, alice: Person) -> None:
    bob = server.person(first_name="Bob", language_code="vi")
    forum = server.supergroup("Forum", members=[alice, bob], admins=[bob], forum=True, topics=["Vietnam"])
    topic = server.topic(forum, "Vietnam")
    await server.say(forum, alice, f"/ask {MANY}", thread=topic)
    answer = await server.reply(forum)
    for button in buttons(answer):
        assert (await pressed(server, answer, button, bob))["text"] == phrases("vi").not_your_button
    await server.quiet(forum)
    await pressed(server, answer, "More passages", alice)
    more = await server.reply(forum)
    assert (more.thread_id, more.reply_to_message_id) == (topic, answer.message_id)


@pytest.mark.usefixtures("bot")
async def test_who_asks_with_another_ones_message_may_press(server: BotApiServer, alice: Person) -> None:
    bob = server.person(first_name="Bob", language_code="en")
    group = server.group("Cities", members=[alice, bob])
    wondered = await server.say(group, bob, MANY)
    await server.say(group, alice, "/ask", reply_to=wondered)
    answer = await server.reply(group)
    assert (await pressed(server, answer, "👍", bob))["text"] == EN.not_your_button
    assert (await pressed(server, answer, "👍", alice))["text"] == EN.thanks


@pytest.mark.usefixtures("bot")
async def test_for_one_who_asked_as_the_group_any_of_its_administrators_presses(
    server: BotApiServer, alice: Person
) -> None:
    boss = server.person(first_name="Boss", language_code="en")
    group = server.supergroup("Cities", members=[alice], admins=[boss])
    await server.say(group, boss, f"/ask {MANY}", anonymous=True)
    answer = await server.reply(group)
    assert button_in(answer.buttons[0]["callback_data"]).asker == WHOEVER_DECIDES
    assert (await pressed(server, answer, "More passages", alice))["text"] == EN.not_your_button
    await pressed(server, answer, "More passages", boss)
    assert (await server.reply(group)).reply_to_message_id == answer.message_id


@pytest.mark.usefixtures("bot")
async def test_an_answer_is_voted_on_once(
    server: BotApiServer, private: Chat, alice: Person, settings: Settings
) -> None:
    answer = await answered(server, private, alice, MANY)
    first, second, third = [await server.press(answer, button, by=alice) for button in ("👍", "👍", "👎")]
    assert (await server.answer(first))["text"] == EN.thanks
    assert "text" not in await server.answer(second)
    assert "text" not in await server.answer(third)
    assert buttons(await server.edited(answer)) == ["More passages"]
    assert votes(settings) == {1: 1}
    again = await answered(server, private, alice, MANY)
    await pressed(server, again, "👎", alice)
    await pressed(server, again, "More passages", alice)
    await server.reply(private)
    voted = server.room(private).sent[again.message_id]
    assert buttons(voted if len(voted.edits) == 2 else await server.edited(voted)) == []
    assert votes(settings) == {0: 1, 1: 1}


async def test_a_vote_is_known_as_given_after_a_restart(
    server: BotApiServer, private: Chat, alice: Person, settings: Settings, pace: Pace
) -> None:
    async with serving(settings, pace):
        answer = await answered(server, private, alice, MANY)
        await pressed(server, answer, "👎", alice)
        voted = await server.edited(answer)
    server.methods.waiting.add("forged")
    forged = {"id": "forged", "from": alice.json(), "message": voted.json, "chat_instance": "1"}
    data = next(button["callback_data"] for button in answer.buttons if button["text"] == "👍")
    async with serving(settings, pace):
        await server.inject({"callback_query": forged | {"data": data}})
        assert "text" not in await server.answer(Press("forged", data, alice, voted, None))
        assert votes(settings) == {0: 1}


@pytest.mark.usefixtures("bot")
async def test_under_a_message_too_old_to_be_seen_the_press_says_to_ask_again(
    server: BotApiServer, private: Chat, alice: Person, settings: Settings
) -> None:
    answer = await answered(server, private, alice, MANY)
    del server.room(private).messages[answer.message_id]
    for button in buttons(answer):
        assert (await pressed(server, answer, button, alice))["text"] == EN.answer_too_old
    await server.quiet(private)
    assert votes(settings) == {}


@pytest.mark.usefixtures("bot")
async def test_the_bots_words_stay_in_the_questions_language(
    server: BotApiServer, private: Chat, alice: Person
) -> None:
    answer = await answered(server, private, alice, "đô thị thông minh")
    assert buttons(answer)[0] == phrases("vi").more_passages
    assert (await pressed(server, answer, "👍", alice))["text"] == phrases("vi").thanks


@pytest.mark.usefixtures("bot")
async def test_an_answer_whose_buttons_telegram_refuses_comes_without_them(
    server: BotApiServer, private: Chat, alice: Person
) -> None:
    server.fail("sendMessage", status=400, description="Bad Request: BUTTON_URL_INVALID")
    answer = await answered(server, private, alice, MANY)
    assert ("ASCN" in answer.text, buttons(answer)) == (True, [])


@pytest.mark.usefixtures("bot")
async def test_a_press_that_fails_ends_its_spinner_with_a_word(
    server: BotApiServer, private: Chat, alice: Person
) -> None:
    answer = await answered(server, private, alice, MANY)
    server.fail("answerCallbackQuery", status=500, description="Internal Server Error")
    assert (await pressed(server, answer, "👍", alice))["text"] == EN.sorry


@pytest.mark.usefixtures("bot")
async def test_where_the_question_is_edited_its_answer_has_buttons_anew(
    server: BotApiServer, private: Chat, alice: Person
) -> None:
    asked = await server.say(private, alice, MANY)
    answer = await server.reply(private)
    for button in ("More passages", "👍"):
        await pressed(server, answer, button, alice)
    await server.reply(private)
    while buttons(answer):
        answer = await server.edited(answer)
    await server.edit_said(asked, "đô thị thông minh")
    changed = await server.edited(answer)
    assert buttons(changed) == [phrases("vi").more_passages, "👍", "👎"]
    assert (await pressed(server, changed, "👍", alice))["text"] == phrases("vi").thanks
    await pressed(server, changed, phrases("vi").more_passages, alice)
    assert set(quotes(await server.reply(private))).isdisjoint(quotes(changed))
