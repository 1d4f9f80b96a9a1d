"""A group's administrators choose what the bot answers there, for all of it or topic by topic."""

import asyncio
from contextlib import closing
from sqlite3 import connect

import pytest

from bot.application import serving
from bot.conversation.modes import _Hints, mode_pattern
from bot.delivery.pace import Pace
from bot.settings import Settings
from bot.speech.phrases import phrases
from bot.storage.backups import Backups
from tests.bot.choosing import choose_mode
from tests.botapi import BotApiServer, Chat, Person, Press

EN = phrases("en")
QUESTION = "Becamex IDC là gì?"
ANSWER = "Becamex IDC"


@pytest.fixture
def bob(server: BotApiServer) -> Person:
    return server.person(first_name="Bob", language_code="en")


@pytest.fixture
def group(server: BotApiServer, alice: Person, bob: Person) -> Chat:
    return server.group("Smart cities", members=[alice, bob], admins=[bob])


@pytest.fixture
def forum(server: BotApiServer, alice: Person, bob: Person) -> Chat:
    return server.supergroup(
        "Forum", members=[alice, bob], admins=[bob], forum=True, topics=["Vietnam", "Thailand", "Laos"]
    )


async def answered(server: BotApiServer, chat: Chat, by: Person, thread: int | None = None) -> dict[str, str]:
    """What of all that can be said in a group is answered, and how the answer begins."""
    mine = next((sent for sent in server.room(chat).sent.values() if sent.thread_id == thread), None)
    said = {
        "a command": f"/ask {QUESTION}",
        "a reply": QUESTION,
        "a mention": f"@ascn_test_bot {QUESTION}",
        "a question": QUESTION,
        "a forwarded question": QUESTION,
        "a question without an answer": "Who painted the Mona Lisa?",
        "no question": "Becamex IDC",
    }
    names: dict[int | None, str] = {}
    for name, text in said.items():
        replied = mine if name == "a reply" else None
        origin = by if name == "a forwarded question" else None
        message = await server.say(chat, by, text, thread=thread, reply_to=replied, forwarded_from=origin)
        names[message.message_id] = name
    last = await server.say(chat, by, "/help", thread=thread)
    answers = {}
    while (reply := await server.reply(chat)).reply_to_message_id != last.message_id:
        answers[names[reply.reply_to_message_id]] = "an answer" if ANSWER in reply.text else reply.text
        assert reply.thread_id == thread
    return answers


@pytest.mark.usefixtures("bot", "unlimited")
async def test_each_mode_has_answered_what_it_says(
    server: BotApiServer, group: Chat, alice: Person, bob: Person
) -> None:
    server.privacy_mode = False
    await server.say(group, alice, "/start")
    await server.reply(group)
    by_default = {"a command": "an answer", "a reply": "an answer"}
    assert await answered(server, group, alice) == by_default | {"a mention": EN.mention_hint}
    assert await answered(server, group, alice) == by_default  # the hint is not given again and again
    mentions = by_default | {"a mention": "an answer"}
    every = mentions | {"a question": "an answer"}
    for mode, expected in {"mentions": mentions, "questions": every, "off": {}, "commands": by_default}.items():
        said = await choose_mode(server, group, bob, f"mode:{mode}")
        assert said.text == getattr(EN, f"mode_{mode}_chosen")
        assert await answered(server, group, alice) == expected, mode


@pytest.mark.usefixtures("bot")
async def test_switched_off_the_bot_still_tells_about_itself_and_is_switched_on_again(
    server: BotApiServer, group: Chat, bob: Person, admin: Person
) -> None:
    server.room(group).join(admin, "member")
    await choose_mode(server, group, bob, "mode:off")
    for command in ("sources", "reload", "ask", "start", "help", "language", "privacy", "forget"):
        await server.say(group, bob, f"/{command}")
    said = [reply.text for reply in await server.replies(group, 5)]
    assert said[:1] + said[2:] == [EN.start_in_group, EN.choose_language, EN.privacy, EN.forgotten]
    assert said[1].startswith(EN.help)
    await choose_mode(server, group, bob, "mode:off")
    await server.say(group, admin, "/reload")
    assert (await server.reply(group)).text == EN.reload_started
    await server.say(group, bob, "/mode")
    labels = [button["text"] for button in (await server.reply(group)).buttons]
    assert labels == [EN.mode_commands, EN.mode_mentions, EN.mode_questions, f"✓ {EN.mode_off}"]


@pytest.mark.usefixtures("bot")
async def test_switched_off_the_bot_obeys_no_press_under_what_it_said_before_but_those_of_mode(
    server: BotApiServer, forum: Chat, alice: Person, bob: Person, settings: Settings
) -> None:
    vietnam = server.topic(forum, "Vietnam")
    await server.say(forum, alice, "/ask ASCN", thread=vietnam)
    answer = await server.reply(forum)
    await server.say(forum, bob, "/mode", thread=vietnam)
    menu = await server.reply(forum)
    await choose_mode(server, forum, bob, f"mode:off:{vietnam}", thread=vietnam)
    for button in (EN.more_passages, "👍", "👎"):
        told = await server.answer(await server.press(answer, button, by=alice))
        assert told["text"] == EN.switched_off
    server.methods.waiting.add("page")
    page = {"id": "page", "from": alice.json(), "message": answer.json, "data": "sources:1:0:", "chat_instance": "1"}
    await server.inject({"callback_query": page})
    assert (await server.answer(Press("page", "sources:1:0:", alice, answer, None)))["text"] == EN.switched_off
    await server.quiet(forum)
    assert server.room(forum).sent[answer.message_id].edits == ()
    with closing(connect(settings.database)) as database:
        assert database.execute("SELECT * FROM vote_count").fetchall() == []
    await server.answer(await server.press(menu, f"mode:commands:{vietnam}", by=bob))
    assert (await server.edited(menu)).text == EN.mode_commands_chosen
    assert (await server.answer(await server.press(answer, "👍", by=alice)))["text"] == EN.thanks


@pytest.mark.usefixtures("bot", "unlimited")
async def test_a_topic_may_have_a_mode_of_its_own_else_it_has_the_groups(
    server: BotApiServer, forum: Chat, alice: Person, bob: Person
) -> None:
    server.privacy_mode = False
    vietnam, thailand = (server.topic(forum, name) for name in ("Vietnam", "Thailand"))
    await choose_mode(server, forum, bob, "mode:off")  # in the general topic, which stands for the group
    said = await choose_mode(server, forum, bob, f"mode:questions:{vietnam}", thread=vietnam)
    assert (said.text, said.thread_id) == (EN.mode_questions_chosen, vietnam)
    assert "a question" in await answered(server, forum, alice, vietnam)
    for thread in (thailand, None):
        assert await answered(server, forum, alice, thread) == {}
    said = await choose_mode(server, forum, bob, EN.mode_as_group, thread=vietnam)
    assert said.text == EN.mode_as_group_chosen
    assert await answered(server, forum, alice, vietnam) == {}


@pytest.mark.usefixtures("bot")
async def test_only_administrators_choose_by_whatever_name_and_in_private_nobody(
    server: BotApiServer, forum: Chat, private: Chat, alice: Person, bob: Person, settings: Settings
) -> None:
    await server.say(private, alice, "/mode")
    assert (await server.reply(private)).text == EN.mode_in_private
    await server.say(forum, alice, "/mode")
    assert (await server.reply(forum)).text == EN.mode_not_your_choice
    assert (await choose_mode(server, forum, bob, "mode:off", anonymous=True)).text == EN.mode_off_chosen
    thread = server.topic(forum, "Vietnam")
    await server.say(forum, bob, "/mode", thread=thread)
    menu = await server.reply(forum)
    press = await server.press(menu, f"mode:commands:{thread}", by=alice)
    refused = await server.answer(press)
    assert refused["text"] == EN.mode_not_your_choice
    del server.room(forum).messages[menu.message_id]  # the press then comes without a topic
    done = await server.answer(await server.press(menu, f"mode:commands:{thread}", by=bob))
    assert done["text"] == EN.mode_commands_chosen
    with closing(connect(settings.database)) as database:
        kept = database.execute("SELECT * FROM mode ORDER BY topic").fetchall()
    assert kept == [(forum.id, 0, "off"), (forum.id, thread, "commands")]


@pytest.mark.usefixtures("bot")
async def test_where_telegram_hides_what_a_mode_needs_it_is_said_how_to_change_that(
    server: BotApiServer, group: Chat, bob: Person
) -> None:
    for mode, hidden in {"mentions": True, "questions": True, "commands": False, "off": False}.items():
        said = await choose_mode(server, group, bob, f"mode:{mode}")
        assert ("@BotFather (/setprivacy)" in said.text) is hidden, mode
    server.room(group).join(server.bot, "administrator")
    assert (await choose_mode(server, group, bob, "mode:mentions")).text == EN.mode_mentions_chosen
    server.room(group).join(server.bot, "member")
    server.privacy_mode = False  # after the start
    assert (await choose_mode(server, group, bob, "mode:questions")).text == EN.mode_questions_chosen


async def test_a_mode_outlives_a_restart_and_a_move_and_is_gone_when_it_is_to_be_forgotten(
    server: BotApiServer, group: Chat, alice: Person, bob: Person, settings: Settings, pace: Pace
) -> None:
    async with serving(settings, pace):
        await choose_mode(server, group, bob, "mode:off")
    async with serving(settings, pace):
        supergroup = await server.migrate(group)
        await server.say(supergroup, alice, f"/ask {QUESTION}")
        await server.say(supergroup, bob, "/mode")
        assert f"✓ {EN.mode_off}" in [button["text"] for button in (await server.reply(supergroup)).buttons]
        backup = await asyncio.to_thread(Backups(settings.database, 7).write)
        await server.say(supergroup, bob, "/forget")
        assert (await server.reply(supergroup)).text == EN.forgotten
    for path in (settings.database, backup):
        with closing(connect(path)) as database:
            assert database.execute("SELECT * FROM mode").fetchall() == [], path


def test_a_hint_is_due_once_an_hour_and_place() -> None:
    now = 0.0
    hints = _Hints(lambda: now)
    assert [hints.due(place) for place in ((-1, 0), (-1, 0), (-1, 5), (-2, 0))] == [True, False, True, True]
    now = 3600.0
    assert [hints.due((-1, 0)), hints.due((-1, 0))] == [True, False]


def test_of_hints_only_so_many_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.conversation.modes._MOST_REMEMBERED", 2)
    hints = _Hints(lambda: 0.0)
    assert [hints.due((chat, 0)) for chat in (1, 2, 3, 3, 1)] == [True, True, True, False, True]


@pytest.mark.usefixtures("bot")
async def test_a_press_that_was_never_a_button_changes_nothing(
    server: BotApiServer, group: Chat, bob: Person, settings: Settings
) -> None:
    await server.say(group, bob, "/mode")
    menu = await server.reply(group)
    for number, data in enumerate(
        ("mode:", "mode:group", "mode:all", "mode:off:", "mode:off:-1", "mode:off:x", "mode:off\n")
    ):
        query = f"old-{number}"
        server.methods.waiting.add(query)
        press = {"id": query, "from": bob.json(), "message": menu.json, "data": data, "chat_instance": "1"}
        await server.inject({"callback_query": press})
        assert "text" not in await server.answer(Press(query, data, bob, menu, None)), mode_pattern()
    with closing(connect(settings.database)) as database:
        assert database.execute("SELECT * FROM mode").fetchall() == []
