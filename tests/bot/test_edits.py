"""An edited question has its answer edited, wherever it was asked, also after a restart."""

import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest

from bot.application import serving
from bot.conversation import limits
from bot.corpus.library import Library
from bot.corpus.nursery import QuestionTooHardError
from bot.delivery.pace import Pace
from bot.settings import Settings
from bot.speech.phrases import phrases
from bot.storage.backups import copy
from bot.storage.database import Database
from bot.storage.store import SECONDS_ANSWERS_FOLLOW, Store
from tests.bot.choosing import choose_mode
from tests.botapi import BotApiServer, Chat, Json, Person
from tests.botapi.records import SaidMessage

EN = phrases("en")
FIRST, FIRST_ANSWER = "Becamex IDC", "Becamex IDC"
SECOND, SECOND_ANSWER = "Ai chủ trì hội nghị ASCN năm 2021?", "Brunei Darussalam"


@pytest.fixture
def group(server: BotApiServer, alice: Person) -> Chat:
    return server.group("Cities", members=[alice], admins=[alice])


def kept(settings: Settings) -> list[tuple[int, int]]:
    """Of every answer that is known its chat and its question."""
    with closing(connect(settings.database)) as database:
        return database.execute("SELECT chat, question FROM answered").fetchall()


async def later(server: BotApiServer, message: SaidMessage, text: str) -> None:
    """Edits a message as if it had been written an hour ago."""
    await server.edit_said(replace(message, json=message.json | {"date": int(time.time()) - 3600}), text)


@pytest.mark.parametrize("privacy_mode", [True, False], ids=["privacy mode", "no privacy mode"])
async def test_the_answer_follows_its_question_in_every_kind_of_chat_after_a_restart(
    server: BotApiServer, group: Chat, alice: Person, settings: Settings, pace: Pace, *, privacy_mode: bool
) -> None:
    server.privacy_mode = privacy_mode
    forum = server.supergroup("Forum", members=[alice], forum=True, topics=["Hanoi"])
    places = [
        (server.private_chat(alice), None),
        (group, None),
        (server.supergroup("Cities", members=[alice]), None),
        (forum, server.topic(forum, "Hanoi")),
        (forum, None),
    ]
    asked = []
    async with serving(settings, pace):
        for chat, thread in places:
            question = await server.say(chat, alice, f"/ask {FIRST}", thread=thread)
            asked.append((question, await server.reply(chat)))
    async with serving(settings, pace):
        for question, answer in asked:
            await later(server, question, f"/ask {SECOND}")
            changed = await server.edited(answer)
            assert FIRST_ANSWER in answer.text
            assert (SECOND_ANSWER in changed.text, changed.thread_id) == (True, answer.thread_id)
    assert len(server.called("sendMessage")) == len(places)


@pytest.mark.usefixtures("bot", "unlimited")
async def test_what_is_no_question_any_more_or_the_same_or_has_lost_its_answer_changes_nothing(
    server: BotApiServer, group: Chat, alice: Person, settings: Settings
) -> None:
    private = server.private_chat(alice)
    plain = await server.say(private, alice, FIRST)
    answer = await server.reply(private)
    command = await server.say(private, alice, f"/ask {FIRST}")
    second = await server.reply(private)
    for message, text in (
        (plain, "/start"),
        (plain, "???"),
        (plain, FIRST),
        (command, "/ask"),
        (command, f"/ask {FIRST}"),
    ):
        await later(server, message, text)
    await server.say(private, alice, "/help")
    assert (await server.reply(private)).text.startswith(EN.help)
    sent = server.room(private).sent
    assert [sent[message.message_id].edits for message in (answer, second)] == [(), ()]

    gone = await server.say(group, alice, f"/ask {FIRST}")
    del server.room(group).messages[(await server.reply(group)).message_id]
    for text in (SECOND, FIRST):
        await later(server, gone, f"/ask {text}")
    await server.say(group, alice, "/help")
    assert (await server.reply(group)).text.startswith(EN.help)
    assert len(server.called("editMessageText")) == 3
    assert (group.id, gone.message_id) not in kept(settings)


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("reason", ["message to edit not found", "MESSAGE_ID_INVALID", "message can't be edited"])
async def test_an_answer_that_telegram_no_longer_changes_is_forgotten_in_silence(
    server: BotApiServer, private: Chat, alice: Person, settings: Settings, reason: str
) -> None:
    asked = await server.say(private, alice, FIRST)
    await server.reply(private)
    server.fail("editMessageText", status=400, description=f"Bad Request: {reason}")
    await later(server, asked, SECOND)
    await server.say(private, alice, "/help")
    assert (await server.reply(private)).text.startswith(EN.help)
    assert kept(settings) == []


@pytest.mark.usefixtures("bot")
async def test_an_answer_whose_markup_or_buttons_telegram_refuses_is_changed_without_them(
    server: BotApiServer, private: Chat, alice: Person
) -> None:
    asked = await server.say(private, alice, FIRST)
    first = await server.reply(private)
    for reason in ("can't parse entities: unsupported start tag", "BUTTON_URL_INVALID"):
        server.fail("editMessageText", status=400, description=f"Bad Request: {reason}")
    await later(server, asked, SECOND)
    bare = await server.edited(first)
    assert (SECOND_ANSWER in bare.text, "<" in bare.html, bare.buttons) == (True, False, [])
    server.fail("editMessageText", status=400, description="Bad Request: BUTTON_URL_INVALID")
    await later(server, asked, FIRST)
    without = await server.edited(bare)
    assert (without.text, without.html, without.buttons) == (first.text, first.html, [])
    await later(server, asked, SECOND)
    whole = await server.edited(without)
    assert ("<" in whole.html, whole.buttons == []) == (True, False)
    assert whole.text == bare.text
    await server.quiet(private)


@pytest.mark.usefixtures("bot")
async def test_what_was_never_answered_is_answered_only_if_it_is_put_right_at_once(
    server: BotApiServer, private: Chat, group: Chat, alice: Person
) -> None:
    for chat in (private, group):
        bare = await server.say(chat, alice, "/ask")
        assert (await server.reply(chat)).text == EN.how_to_ask
        await later(server, bare, f"/ask {FIRST}")
        await server.edit_said(bare, "/ask ")
        await server.edit_said(bare, f"/ask {FIRST}")
        answer = await server.reply(chat)
        assert (FIRST_ANSWER in answer.text, answer.edits) == (True, ())
        await server.edit_said(bare, f"/ask {SECOND}")
        assert SECOND_ANSWER in (await server.edited(answer)).text
    mistyped = await server.say(private, alice, f"/aks {FIRST}")
    assert (await server.reply(private)).text == EN.unknown_command
    await server.edit_said(mistyped, FIRST)
    assert FIRST_ANSWER in (await server.reply(private)).text
    await server.edit_said(await server.say(group, alice, "Hello"), "/start")
    await server.quiet(group)


@pytest.mark.usefixtures("bot")
async def test_whose_message_was_answered_for_somebody_else_has_the_answer_follow_it_unless_a_part_was_asked(
    server: BotApiServer, group: Chat, alice: Person
) -> None:
    server.privacy_mode = False
    wondered = await server.say(group, alice, FIRST)
    await server.say(group, alice, "/ask", reply_to=wondered)
    answer = await server.reply(group)
    await later(server, wondered, SECOND)
    assert SECOND_ANSWER in (await server.edited(answer)).text
    long = await server.say(group, alice, f"Who painted the Mona Lisa? {FIRST}")
    await server.say(group, alice, "/ask", reply_to=long, quote=FIRST)
    assert FIRST_ANSWER in (await server.reply(group)).text
    await later(server, long, SECOND)
    await choose_mode(server, group, alice, "mode:mentions")
    named = await server.say(group, alice, f"@ascn_test_bot {FIRST}")
    answer = await server.reply(group)
    await choose_mode(server, group, alice, "mode:off")
    await later(server, named, f"@ascn_test_bot {SECOND}")
    await choose_mode(server, group, alice, "mode:mentions")
    await later(server, named, f"{SECOND} @ascn_test_bot")
    assert len((await server.edited(answer)).edits) == 1
    await server.quiet(group)


@pytest.mark.usefixtures("bot")
async def test_an_edit_by_a_bot_or_of_somebody_elses_words_is_ignored(
    server: BotApiServer, group: Chat, alice: Person
) -> None:
    asked = await server.say(group, alice, f"/ask {FIRST}")
    answer = await server.reply(group)
    now = int(time.time())
    other = {"id": 77, "is_bot": True, "first_name": "Other"}
    edited = asked.json | {"text": f"/ask {SECOND}", "edit_date": now}
    origin = {"type": "user", "date": now, "sender_user": alice.json()}
    strange: list[Json] = [
        {"from": other},
        {"forward_origin": origin},
        {"via_bot": other},
        {"is_automatic_forward": True},
    ]
    for fields in strange:
        await server.inject({"edited_message": edited | fields})
    await server.say(group, alice, "/help")
    assert (await server.reply(group)).text.startswith(EN.help)
    assert server.room(group).sent[answer.message_id].edits == ()


@pytest.mark.usefixtures("bot")
async def test_after_a_move_no_message_is_taken_for_another(
    server: BotApiServer, group: Chat, alice: Person, settings: Settings
) -> None:
    asked = await server.say(group, alice, f"/ask {FIRST}")
    await server.reply(group)
    supergroup = await server.migrate(group)
    await later(server, asked, f"/ask {SECOND}")
    await server.say(supergroup, alice, f"/ask {FIRST}")
    answer = await server.reply(supergroup)
    await server.say(supergroup, alice, "/help")
    assert (await server.reply(supergroup)).text.startswith(EN.help)
    assert server.called("editMessageText") == []
    assert {chat for chat, _ in kept(settings)} == {supergroup.id}
    assert server.room(supergroup).sent[answer.message_id].edits == ()


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets one person ask and edit twice."""
    monkeypatch.setattr(limits, "QUESTIONS_OF_A_PERSON", 2)


@pytest.mark.usefixtures("two", "bot")
async def test_edits_are_counted_like_questions(server: BotApiServer, private: Chat, alice: Person) -> None:
    asked = await server.say(private, alice, FIRST)
    answer = await server.reply(private)
    await server.edit_said(asked, "/start")  # is none
    await server.edit_said(asked, SECOND)
    await server.edited(answer)
    for text in ("ASCN", FIRST):
        await server.edit_said(asked, text)
    assert (await server.reply(private)).text == EN.too_much
    await server.quiet(private, 0.05)
    assert len(server.room(private).sent[answer.message_id].edits) == 1


@pytest.fixture
def difficult(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library for which one question is too hard and another fails."""
    answer = Library.answer

    async def watched(library: Library, question: str, earlier: Any = None) -> Any:
        if question == "hard?":
            raise QuestionTooHardError
        if question == "fail?":
            raise RuntimeError
        return await answer(library, question, earlier)

    monkeypatch.setattr(Library, "answer", watched)


@pytest.mark.usefixtures("difficult", "bot")
async def test_what_was_too_hard_may_be_put_otherwise_and_what_fails_is_apologised_for(
    server: BotApiServer, private: Chat, alice: Person
) -> None:
    asked = await server.say(private, alice, "hard?")
    answer = await server.reply(private)
    assert answer.text == EN.too_hard
    await server.edit_said(asked, FIRST)
    assert FIRST_ANSWER in (await server.edited(answer)).text
    await server.edit_said(asked, "hard?")
    assert (await server.edited(server.room(private).sent[answer.message_id])).text == EN.too_hard
    await server.edit_said(asked, "fail?")
    assert (await server.reply(private)).text == EN.sorry


@pytest.mark.usefixtures("bot")
async def test_what_answers_what_is_forgotten_with_the_chat(
    server: BotApiServer, private: Chat, alice: Person, settings: Settings
) -> None:
    asked = await server.say(private, alice, FIRST)
    await server.reply(private)
    await server.say(private, alice, "/forget")
    assert (await server.reply(private)).text == EN.forgotten
    assert kept(settings) == []
    await later(server, asked, SECOND)
    await server.quiet(private)


async def test_an_answer_is_known_for_two_days_and_by_no_backup(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3"
    async with Database(path) as database:
        store = Store(database)
        for question in (1, 2):
            await store.keep_answer(7, question, question + 10)
        await database.write(
            "UPDATE answered SET answered_at = answered_at - ? WHERE question = 1", SECONDS_ANSWERS_FOLLOW
        )
        assert [await store.answer_to(7, question) for question in (1, 2, 3)] == [None, 12, None]
        await store.forget_old_answers()
        assert [tuple(row) for row in await database.rows("SELECT chat, question, answer FROM answered")] == [
            (7, 2, 12)
        ]
        copy(path, tmp_path / "copy.sqlite3", in_use=True)
    with closing(connect(tmp_path / "copy.sqlite3")) as backup:
        assert backup.execute("SELECT * FROM answered").fetchall() == []
