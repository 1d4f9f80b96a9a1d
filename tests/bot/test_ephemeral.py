"""What one person asks in a group so that nobody else sees it is answered for that person alone, or not at all."""

import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from sqlite3 import connect

import pytest

from bot.application import Service, serving
from bot.conversation import limits
from bot.corpus.library import Library
from bot.delivery.pace import Pace
from bot.settings import Settings
from bot.speech.phrases import phrases
from tests.botapi import BotApiServer, Chat, Person

EN = phrases("en")
QUESTION = "Becamex IDC"


@pytest.fixture
def group(server: BotApiServer, alice: Person) -> Chat:
    return server.supergroup("Cities", [alice], forum=True, topics=["Hanoi"])


def shown_to_all(server: BotApiServer, group: Chat) -> list[str]:
    """What the bot has shown to the whole group and not taken back."""
    room = server.room(group)
    return [sent.text for number, sent in room.sent.items() if sent.only_for is None and number not in room.deleted]


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("privacy_mode", [True, False], ids=["privacy mode", "no privacy mode"])
async def test_the_asker_alone_sees_the_answer_in_the_topic_of_the_question(
    server: BotApiServer, group: Chat, alice: Person, *, privacy_mode: bool
) -> None:
    server.privacy_mode = privacy_mode
    await server.whisper(group, alice, f"/ask {QUESTION}", thread=server.topic(group, "Hanoi"))
    answer = await server.reply(group)
    assert answer.only_for == alice.id
    assert "Becamex IDC" in answer.text
    assert answer.thread_id == server.topic(group, "Hanoi")
    (call,) = server.called("sendMessage")
    assert call.parameters["ephemeral_message_parameters"] == {"receiver_user_id": alice.id}
    assert call.parameters["reply_parameters"] == {"ephemeral_message_id": 1}
    assert shown_to_all(server, group) == []


async def test_under_it_stands_the_source_and_no_button_that_the_bot_would_have_to_answer(
    server: BotApiServer, group: Chat, alice: Person, settings: Settings, pace: Pace, tmp_path: Path
) -> None:
    folder = tmp_path / "port"
    folder.mkdir()
    text = "The port of Quanterra handles nine hundred containers a day, the harbour office of the city says."
    folder.joinpath("port.txt").write_text(f"The port of Quanterra\n\n{text}", "utf-8")
    folder.joinpath("port.toml").write_text('url = "https://example.org/port"\nlanguage = "en"\n', "utf-8")
    async with serving(replace(settings, corpus=folder), pace):
        await server.say(group, alice, "/ask How many containers does the port of Quanterra handle a day?")
        assert [button["text"] for button in (await server.reply(group)).buttons] == [EN.open_source, "👍", "👎"]
        await server.whisper(group, alice, "/ask How many containers does the port of Quanterra handle a day?")
        assert [button["text"] for button in (await server.reply(group)).buttons] == [EN.open_source]


@pytest.mark.usefixtures("bot")
async def test_asked_with_somebody_s_message_it_is_still_the_asker_who_is_answered(
    server: BotApiServer, group: Chat, alice: Person
) -> None:
    bob = server.person(first_name="Bob")
    server.room(group).join(bob, "member")
    wondered = await server.say(group, bob, "Becamex IDC là gì?")
    await server.whisper(group, alice, "/ask", reply_to=wondered)
    answer = await server.reply(group)
    assert answer.only_for == alice.id
    assert "Becamex IDC" in answer.text


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/ask Who painted the Mona Lisa?", EN.nothing_found),
        ("/ask", EN.how_to_ask),
        ("/sources", "5"),
        ("/language", EN.not_your_choice),
        ("/reload", EN.admins_only),
    ],
)
async def test_whatever_else_is_said_to_it_is_said_to_them_alone(
    server: BotApiServer, group: Chat, alice: Person, text: str, said: str
) -> None:
    await server.whisper(group, alice, text)
    answer = await server.reply(group)
    assert answer.only_for == alice.id
    assert said in answer.text


@pytest.mark.usefixtures("bot")
async def test_even_that_it_is_too_much_and_that_something_failed(
    server: BotApiServer, group: Chat, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(Library, "answer", fail)
    monkeypatch.setattr(limits, "QUESTIONS_OF_A_PERSON", 1)
    await server.whisper(group, alice, f"/ask {QUESTION}")
    await server.whisper(group, alice, f"/ask {QUESTION}")
    answers = await server.replies(group, 2)
    assert [answer.only_for for answer in answers] == [alice.id, alice.id]
    assert answers[0].text == EN.sorry


@pytest.mark.usefixtures("bot")
async def test_too_late_in_the_group_it_goes_to_the_asker_s_private_chat(
    server: BotApiServer, group: Chat, alice: Person, private: Chat
) -> None:
    await server.whisper(group, alice, f"/ask {QUESTION}", date=int(time.time()) - 20)
    answer = await server.reply(private)
    assert answer.text.startswith(f"{EN.asked_elsewhere}\n\n")
    assert "Becamex IDC" in answer.text
    await server.quiet(group)


@pytest.mark.usefixtures("bot")
async def test_without_a_private_chat_it_goes_nowhere(
    server: BotApiServer, group: Chat, alice: Person, caplog: pytest.LogCaptureFixture
) -> None:
    await server.whisper(group, alice, f"/ask {QUESTION}", date=int(time.time()) - 20)
    await server.quiet(group)
    assert "an ephemeral answer goes to its asker's private chat" in caplog.text


@pytest.mark.usefixtures("bot")
async def test_a_server_that_shows_it_to_all_is_believed_once_and_what_it_showed_is_deleted_in_a_flood_too(
    server: BotApiServer, group: Chat, alice: Person, private: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    server.methods.knows_whispers = False
    server.fail("deleteMessage", times=1, parameters={"retry_after": 1})
    for _ in range(2):
        await server.whisper(group, alice, f"/ask {QUESTION}")
        assert (await server.reply(private, within=15)).text.startswith(EN.asked_elsewhere)
        assert shown_to_all(server, group) == []
    assert len([call for call in server.called("sendMessage") if call.parameters["chat_id"] == group.id]) == 1
    assert "knows no ephemeral messages" in caplog.text


async def test_words_asked_in_vain_are_not_kept(
    server: BotApiServer, group: Chat, alice: Person, settings: Settings, pace: Pace
) -> None:
    async with serving(replace(settings, keep_unanswered=7), pace):
        await server.whisper(group, alice, "/ask Who painted the Mona Lisa?")
        await server.reply(group)
        await server.say(group, alice, "/ask Who painted the Night Watch?")
        await server.reply(group)
        await server.settled()
    with closing(connect(settings.database)) as database:
        assert database.execute("SELECT words FROM unanswered").fetchall() == [("Who painted the Night Watch?",)]
        assert database.execute("SELECT sum(questions) FROM question_count").fetchall() == [(2,)]


async def test_nothing_of_it_is_kept_and_nobody_goes_on_from_it(
    server: BotApiServer, group: Chat, alice: Person, settings: Settings, bot: Service
) -> None:
    bob = server.person(first_name="Bob")
    server.room(group).join(bob, "member")
    await server.whisper(group, alice, f"/ask {QUESTION}")
    await server.reply(group)
    await server.whisper(group, bob, "/ask còn năm 2022?")
    answer = await server.reply(group)
    assert answer.only_for == bob.id
    assert "Becamex" not in answer.text
    with closing(connect(settings.database)) as database:
        assert database.execute("SELECT * FROM answered").fetchall() == []


@pytest.mark.parametrize("ephemeral", [True, False], ids=["on", "off"])
async def test_help_names_it_where_it_is_offered(
    server: BotApiServer, private: Chat, alice: Person, settings: Settings, pace: Pace, *, ephemeral: bool
) -> None:
    async with serving(replace(settings, ephemeral=ephemeral), pace):
        await server.say(private, alice, "/help")
        assert (EN.help_ephemeral in (await server.reply(private)).text) is ephemeral
