"""A question goes on from the answer it replies to, in private also from the one just before, and says so."""

from dataclasses import replace

import pytest
from telegram import Bot, Message

from bot.conversation import recent
from bot.conversation.recent import Recent
from retrieval.records import Question
from tests.botapi import BotApiServer, Chat, Json, Person

FOUNDED = "When was ASCN founded?"
GOING_ON = f"↪ Going on from “{FOUNDED}”"
QUESTION = Question(FOUNDED, "en")


@pytest.mark.usefixtures("bot")
async def test_in_private_the_next_question_goes_on(server: BotApiServer, private: Chat, alice: Person) -> None:
    await server.say(private, alice, FOUNDED)
    assert "↪" not in (await server.reply(private)).text
    await server.say(private, alice, "and the chair?")
    assert (await server.reply(private)).text.startswith(GOING_ON)
    await server.say(private, alice, "Who painted the Mona Lisa?")
    assert "↪" not in (await server.reply(private)).text


@pytest.mark.usefixtures("bot")
async def test_in_a_group_only_a_reply_goes_on(server: BotApiServer, alice: Person) -> None:
    bob = server.person(first_name="Bob", language_code="en")
    group = server.group("Cities", members=[alice, bob])
    await server.say(group, alice, f"/ask {FOUNDED}")
    answer = await server.reply(group)
    await server.say(group, bob, "/ask and the chair?")
    assert "↪" not in (await server.reply(group)).text
    await server.say(group, bob, "and the chair?", reply_to=answer)
    assert (await server.reply(group)).text.startswith(GOING_ON)


@pytest.mark.usefixtures("bot")
async def test_an_edited_question_goes_on_from_what_it_went_on_from(
    server: BotApiServer, private: Chat, alice: Person
) -> None:
    await server.say(private, alice, FOUNDED)
    await server.reply(private)
    asked = await server.say(private, alice, "and the chair?")
    answer = await server.reply(private)
    await server.edit_said(asked, "and the members?")
    assert (await server.edited(answer)).text.startswith(GOING_ON)
    await server.say(private, alice, "and in 2021?")
    assert (await server.reply(private)).text.startswith("↪ Going on from “and the members?”")


@pytest.mark.usefixtures("bot")
async def test_whoever_wants_to_be_forgotten_begins_anew(server: BotApiServer, private: Chat, alice: Person) -> None:
    await server.say(private, alice, FOUNDED)
    await server.reply(private)
    await server.say(private, alice, "/forget")
    await server.reply(private)
    await server.say(private, alice, "and the chair?")
    assert "↪" not in (await server.reply(private)).text


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def message(me: Bot, number: int, chat: int = 7, reply_to: int | None = None) -> Message:
    """A message in a private chat, or with a negative number in a group."""
    where: Json = {"id": chat, "type": "private" if chat > 0 else "group"}
    raw: Json = {"message_id": number, "date": 1, "chat": where, "from": {"id": 7, "is_bot": False, "first_name": "A"}}
    if reply_to is not None:
        raw["reply_to_message"] = {"message_id": reply_to, "date": 1, "chat": where}
    return Message.de_json(raw, me)


@pytest.mark.parametrize(("chat", "reply_to", "seconds"), [(7, None, 300), (7, 2, 3600), (-7, 2, 3600)])
def test_it_is_remembered_for_five_minutes_and_for_a_reply_an_hour(
    me: Bot, chat: int, reply_to: int | None, seconds: float
) -> None:
    clock = Clock()
    kept = Recent(clock)
    kept.remember(message(me, 1, chat), 2, QUESTION)
    clock.now = seconds
    assert kept.before(message(me, 3, chat, reply_to)) == QUESTION
    clock.now += 1
    assert kept.before(message(me, 3, chat, reply_to)) is None


def test_a_reply_to_another_message_goes_on_from_nothing(me: Bot) -> None:
    kept = Recent()
    kept.remember(message(me, 1), 2, QUESTION)
    assert kept.before(message(me, 3, reply_to=1)) is None
    assert kept.before(message(me, 3, chat=8)) is None
    assert kept.before(message(me, 3, chat=-7)) is None


def test_of_very_many_answers_the_oldest_are_forgotten(me: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "_MOST_REMEMBERED", 2)
    kept = Recent()
    for number in (1, 2, 3):
        asked = replace(QUESTION, text=str(number))
        kept.remember(message(me, number, -7), 10 + number, asked)
    found = [kept.before(message(me, 20, -7, reply_to=10 + number)) for number in (1, 2, 3)]
    assert [earlier and earlier.text for earlier in found] == [None, "2", "3"]


def test_whoever_is_forgotten_is_forgotten_with_what_others_made_of_it(me: Bot) -> None:
    kept = Recent()
    kept.remember(message(me, 1, -7), 2, QUESTION)
    bobs = message(me, 3, -7, reply_to=2).to_dict() | {"from": {"id": 8, "is_bot": False, "first_name": "B"}}
    asked = Message.de_json(bobs, me)
    kept.remember(asked, 4, replace(QUESTION, subject=FOUNDED), kept.before(asked))
    kept.forget(7)
    assert kept.before(message(me, 5, -7, reply_to=4)) is None


def test_a_chat_is_forgotten_whole_and_what_is_old_by_itself(me: Bot) -> None:
    clock = Clock()
    kept = Recent(clock)
    for chat in (7, -7):
        kept.remember(message(me, 1, chat), 2, QUESTION)
    kept.forget_chat(-7)
    assert kept.before(message(me, 3, -7, reply_to=2)) is None
    assert kept.before(message(me, 3, 7, reply_to=2)) == QUESTION
    clock.now = 3601
    kept.forget_old()
    clock.now = 0
    assert kept.before(message(me, 3, 7, reply_to=2)) is None


@pytest.mark.usefixtures("bot")
async def test_nothing_can_be_pressed_in_the_question_that_one_goes_on_from(
    server: BotApiServer, private: Chat, alice: Person
) -> None:
    await server.say(private, alice, "@victim /reload when was ASCN founded?")
    await server.reply(private)
    await server.say(private, alice, "and the chair?")
    reply = await server.reply(private)
    assert reply.text.startswith("↪ Going on from “@\u2060victim /\u2060reload")
    assert [entity["type"] for entity in reply.entities if entity["type"] in ("mention", "bot_command")] == []
