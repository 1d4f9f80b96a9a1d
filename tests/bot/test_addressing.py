"""Whether a message in a group speaks to the bot, what it asks, and who may decide there."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import Bot, Message

from bot.conversation.addressing import (
    ByPeople,
    CaptionCommand,
    names_bot,
    question_behind_command,
    question_in,
    question_without_mention,
    replies_to_bot,
    words_of,
)
from bot.conversation.rights import is_private, may_decide, wrote_with_the_right
from bot.speech.phrases import phrases
from bot.speech.wording import words_for, words_in
from bot.storage.database import Database
from bot.storage.store import Store
from tests.botapi import BotApiServer, Person
from tests.botapi.entities import with_found_entities

NAME = "@ascn_test_bot"
ALICE = {"id": 9, "first_name": "Alice", "is_bot": False}
GROUP = {"id": -7, "type": "supergroup", "title": "Cities"}


@pytest.fixture
async def me(server: BotApiServer) -> AsyncIterator[Bot]:
    async with Bot(server.token, base_url=server.base_url, base_file_url=server.base_file_url) as me:
        yield me


def message(me: Bot, text: str = "", **fields: Any) -> Message:
    """A message in a group, with the entities that Telegram finds in its text."""
    found = {"text": text, "entities": with_found_entities(text, ())} if text else {}
    raw = {"message_id": 1, "date": 1_700_000_000, "chat": GROUP, "from": ALICE} | found | fields
    return Message.de_json({key: value for key, value in raw.items() if value is not None}, me)


def captioned(me: Bot, caption: str) -> Message:
    return message(me, caption=caption, caption_entities=with_found_entities(caption, ()))


def naming(person: int, offset: int = 0) -> dict[str, Any]:
    """An entity over two letters that names somebody who has no username."""
    user = {"id": person, "first_name": "Bo", "is_bot": True}
    return {"type": "text_mention", "offset": offset, "length": 2, "user": user}


def reply_to(me: Bot, **fields: Any) -> Message:
    mine = {"id": me.id, "first_name": "Bo", "is_bot": True}
    original = {"message_id": 1, "date": 1_700_000_000, "chat": GROUP, "from": mine, "text": "x"} | fields
    return message(me, "and?", reply_to_message={key: value for key, value in original.items() if value is not None})


@pytest.mark.parametrize(
    ("text", "meant"),
    [(f"{NAME} cities?", True), (f"cities, {NAME.upper()}?", True), ("@other_bot cities?", False), ("cities?", False)],
)
def test_a_message_names_the_bot_in_text_or_caption(me: Bot, text: str, meant: bool) -> None:
    assert [names_bot(me, said) for said in (message(me, text), captioned(me, text))] == [meant, meant]


def test_the_bot_is_named_where_telegram_says_whom_a_name_means(me: Bot) -> None:
    assert names_bot(me, message(me, text="Bo, cities?", entities=[naming(me.id)]))
    assert not names_bot(me, message(me, text="Bo, cities?", entities=[naming(me.id + 1)]))


def test_only_a_reply_to_the_bots_own_words_speaks_to_it(me: Bot) -> None:
    assert replies_to_bot(me, reply_to(me))
    opened = reply_to(me, forum_topic_created={"name": "Hanoi", "icon_color": 7322096})
    others = (reply_to(me, **{"from": ALICE}), reply_to(me, **{"from": None}), opened, message(me, "and?"))
    assert [replies_to_bot(me, other) for other in others] == [False] * 4


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (f"{NAME} which cities?", "which cities?"),
        (f"which{NAME.upper()} cities", f"which{NAME.upper()} cities"),
        (f"\U0001f389 which {NAME}  cities,\n{NAME}?", "\U0001f389 which cities, ?"),
        (f"{NAME} ?!", ""),
        (f"{NAME} 26?", "26?"),
        ("@other_bot cities", "@other_bot cities"),
    ],
)
def test_a_question_is_what_is_said_besides_the_bots_name(me: Bot, text: str, question: str) -> None:
    assert question_without_mention(me, message(me, text)) == question
    assert question_without_mention(me, captioned(me, text)) == question


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("/ask which cities?", "which cities?"),
        (f"{NAME} which?", "which?"),
        ("which cities?", "which cities?"),
        ("?", ""),
    ],
)
def test_what_a_message_asks_is_found_however_it_is_addressed(me: Bot, text: str, question: str) -> None:
    assert [question_in(me, said) for said in (message(me, text), captioned(me, text))] == [question, question]


def test_two_names_side_by_side_are_both_left_out(me: Bot) -> None:
    said = message(me, text="\U0001f389BoBo cities", entities=[naming(me.id, 2), naming(me.id, 4)])
    assert question_without_mention(me, said) == "\U0001f389 cities"


def test_a_question_behind_a_command_is_in_one_line(me: Bot) -> None:
    assert question_behind_command(message(me, "/ask  which\ncities?")) == "which cities?"
    assert question_behind_command(message(me, "/ask")) == ""
    assert question_behind_command(captioned(me, "/ask cities?")) == "cities?"


def test_a_message_says_its_text_else_its_caption_else_nothing(me: Bot) -> None:
    assert [words_of(said) for said in (message(me, "a"), captioned(me, "b"), message(me), None)] == ["a", "b", "", ""]


@pytest.mark.parametrize(
    ("author", "human"),
    [
        (ALICE, True),
        ({"id": 5, "first_name": "Other", "is_bot": True}, False),
        ({"id": 1087968824, "first_name": "Group", "is_bot": True}, True),
        ({"id": 136817688, "first_name": "Channel", "is_bot": True}, True),
        (None, True),
    ],
    ids=["a person", "another bot", "an anonymous admin", "a channel", "nobody"],
)
def test_people_are_let_through_and_bots_are_not(me: Bot, author: dict[str, Any] | None, human: bool) -> None:
    assert ByPeople().filter(message(me, "x", **{"from": author})) is human


@pytest.mark.parametrize(
    ("caption", "command"),
    [
        ("/ask cities?", True),
        ("/ASK", True),
        (f"/ask{NAME} cities?", True),
        (f"/Ask{NAME.upper()}", True),
        ("/ask@other_bot cities?", False),
        ("/asks cities?", False),
        ("please /ask cities", False),
        (f"/start {NAME} /ask", False),
    ],
)
def test_a_caption_commands_where_it_begins_with_the_command(me: Bot, caption: str, command: bool) -> None:
    assert CaptionCommand("ask").filter(captioned(me, caption)) is command


def test_a_text_is_no_caption(me: Bot) -> None:
    assert [CaptionCommand("ask").filter(said) for said in (message(me, "/ask"), message(me))] == [False, False]


# Who may decide


@pytest.mark.parametrize(
    ("status", "may"),
    [("creator", True), ("administrator", True), ("member", False), ("left", False)],
)
async def test_in_a_group_its_administrators_decide(
    me: Bot, server: BotApiServer, alice: Person, status: str, may: bool
) -> None:
    group = server.supergroup("Cities", members=[alice])
    server.room(group).join(alice, status)
    said = message(me, "x", chat=group.json(), **{"from": alice.json()})
    assert await may_decide(me, said.chat, alice.id) is may
    assert await wrote_with_the_right(me, said) is may


async def test_in_private_the_one_person_decides(me: Bot, alice: Person) -> None:
    said = message(me, "x", chat={"id": alice.id, "type": "private"}, **{"from": alice.json()})
    assert [is_private(said.chat), is_private(message(me, "x").chat)] == [True, False]
    assert await wrote_with_the_right(me, said)


async def test_who_writes_as_the_group_decides_and_who_writes_as_a_channel_or_as_nobody_does_not(me: Bot) -> None:
    channel = {"id": -8, "type": "channel", "title": "News"}
    said = [
        message(me, "x", sender_chat=GROUP),
        message(me, "x", sender_chat=channel),
        message(me, "x", **{"from": None}),
    ]
    assert [await wrote_with_the_right(me, one) for one in said] == [True, False, False]


# In which language the bot speaks


async def test_a_chats_choice_outweighs_the_question_and_that_the_persons_telegram(me: Bot, tmp_path: Any) -> None:
    async with Database(tmp_path / "bot.sqlite3") as database:
        store = Store(database)
        said = message(me, "x", **{"from": ALICE | {"language_code": "vi"}})
        nobodys = message(me, "x", **{"from": None})
        assert await words_for(store, said) == phrases("vi")
        assert await words_for(store, said, "zh-Hant") == phrases("zh-Hant")
        assert await words_for(store, nobodys) == phrases("en")
        await store.choose_language(said.chat_id, "zh-Hans")
        assert await words_for(store, said, "en") == phrases("zh-Hans")
        assert await words_in(store, nobodys.chat, None, "en") == phrases("zh-Hans")
