"""What Telegram or the network loses on the way is sent again, or apologised for."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace

import pytest

from bot.application import Service, serving
from bot.delivery.pace import Pace
from bot.delivery.transport import Transport
from bot.settings import Settings
from bot.speech.phrases import phrases
from tests.botapi import BotApiServer, Chat, Person
from tests.botapi.relay import Relay
from tests.conftest import ADMIN_ID

AGAIN = "\u21bb You may have had this message before"
SORRY = "Sorry, something went wrong. Please ask again."
QUESTION = "Becamex IDC"


@pytest.fixture
async def relay(server: BotApiServer) -> AsyncIterator[Relay]:
    """The network."""
    async with Relay(server.origin) as relay:
        yield relay


@pytest.fixture
async def relayed(settings: Settings, pace: Pace, relay: Relay) -> AsyncIterator[Service]:
    """A bot that reaches Telegram through the network alone."""
    async with serving(replace(settings, base_url=f"{relay.origin}/bot"), pace) as service:
        yield service


@pytest.mark.usefixtures("bot")
async def test_a_flood_delays_an_answer(server: BotApiServer, private: Chat, alice: Person) -> None:
    server.fail("sendMessage", times=2, parameters={"retry_after": 1})
    began = time.monotonic()
    await server.say(private, alice, QUESTION)
    assert QUESTION in (await server.reply(private, within=10)).text
    assert time.monotonic() - began >= 2


@pytest.mark.usefixtures("bot")
async def test_a_chat_in_a_flood_holds_up_no_other(server: BotApiServer, private: Chat, alice: Person) -> None:
    others = [server.private_chat(server.person(first_name=f"Person {number}")) for number in range(20)]
    server.fail("sendMessage", parameters={"retry_after": 4})
    await server.say(private, alice, QUESTION)
    await refused(server)
    for chat in others:
        await server.say(chat, server.room(chat).people[chat.id], QUESTION)
    for chat in others:
        assert QUESTION in (await server.reply(chat)).text
    assert server.room(private).sent == {}
    assert QUESTION in (await server.reply(private, within=10)).text
    flooded, delivered = [
        call.at for call in server.called("sendMessage") if str(call.parameters["chat_id"]) == str(private.id)
    ]
    assert delivered - flooded >= 4


async def refused(server: BotApiServer) -> None:
    """Returns once a message has been refused."""
    async with asyncio.timeout(10):
        while all(call.ok for call in server.called("sendMessage")):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.mark.usefixtures("bot")
async def test_questions_of_one_chat_are_answered_in_their_order(
    server: BotApiServer, private: Chat, alice: Person
) -> None:
    server.fail("sendMessage")
    await server.say(private, alice, QUESTION)
    await server.say(private, alice, "/weather")
    first, second = await server.replies(private, 2, within=10)
    assert QUESTION in first.text
    assert second.text.startswith("I do not know that command.")


@pytest.mark.usefixtures("bot")
async def test_a_server_error_or_a_cut_connection_does_not_lose_the_answer(
    server: BotApiServer, private: Chat, alice: Person
) -> None:
    server.fail("sendMessage", status=502, description="Bad Gateway")
    await server.say(private, alice, QUESTION)
    not_taken = await server.reply(private)
    server.drop("sendMessage")
    await server.say(private, alice, QUESTION)
    cut_off = await server.reply(private)
    assert (QUESTION in not_taken.text, not_taken.text.startswith(AGAIN)) == (True, False)
    assert cut_off.text.startswith(AGAIN)
    assert cut_off.text.endswith(not_taken.text)
    await server.quiet(private)


@pytest.mark.usefixtures("relayed")
async def test_an_answer_that_finds_no_network_waits_for_it_and_needs_no_word_on_it(
    server: BotApiServer, private: Chat, alice: Person, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.sending._FIRST_WAIT", 0.1)
    server.fail("sendMessage", parameters={"retry_after": 2})
    await server.say(private, alice, QUESTION)
    await refused(server)
    relay.cut()
    await asyncio.sleep(2.5)
    await relay.restore()
    answer = await server.reply(private, within=10)
    assert (QUESTION in answer.text, answer.text.startswith(AGAIN)) == (True, False)
    await server.quiet(private, within=10)


async def test_a_network_that_comes_only_after_the_start_is_waited_for(
    server: BotApiServer,
    private: Chat,
    alice: Person,
    relay: Relay,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    relay.cut()
    await server.say(private, alice, QUESTION)
    starting = asyncio.create_task(_answered_by(replace(settings, base_url=f"{relay.origin}/bot"), server, private))
    async with asyncio.timeout(10):
        while not caplog.messages:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await relay.restore()
    assert QUESTION in await starting
    assert caplog.messages == [
        f"Telegram cannot be reached at TELEGRAM_BASE_URL, {relay.origin} (NetworkError); trying again in 1 s"
    ]


async def _answered_by(settings: Settings, server: BotApiServer, chat: Chat) -> str:
    async with serving(settings):
        return (await server.reply(chat)).text


async def test_a_server_that_does_not_answer_in_time_is_asked_once_more_and_the_answer_says_so(
    server: BotApiServer, private: Chat, alice: Person, bot: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    transport = bot.application.bot.request
    assert isinstance(transport, Transport)
    monkeypatch.setattr(transport, "_read_seconds", 0.3)
    server.hang("sendMessage", seconds=1)
    await server.say(private, alice, QUESTION)
    assert (await server.reply(private)).text.startswith(AGAIN)
    await server.quiet(private)


@pytest.mark.usefixtures("bot")
async def test_what_cannot_be_mended_is_apologised_for(server: BotApiServer, private: Chat, alice: Person) -> None:
    server.fail("sendMessage", status=400, description="Bad Request: something new")
    await server.say(private, alice, QUESTION)
    assert (await server.reply(private)).text == SORRY
    # An administrator is told, too.
    assert len([call for call in server.called("sendMessage") if call.parameters["chat_id"] != ADMIN_ID]) == 2


@pytest.mark.usefixtures("bot")
async def test_a_server_that_fails_again_and_again_is_apologised_for(
    server: BotApiServer, private: Chat, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.sending._FIRST_WAIT", 0.01)
    server.fail("sendMessage", times=6, status=500, description="Internal Server Error")
    await server.say(private, alice, QUESTION)
    assert (await server.reply(private)).text == SORRY
    assert len(server.called("sendMessage")) == 7


@pytest.mark.usefixtures("bot")
async def test_an_answer_that_may_have_arrived_is_sent_once_more_and_says_so(
    server: BotApiServer, private: Chat, alice: Person
) -> None:
    server.lose("sendMessage")
    await server.say(private, alice, QUESTION)
    first, second = await server.replies(private, 2)
    assert first.text in second.text
    assert second.text.startswith(AGAIN)
    await server.quiet(private)


@pytest.mark.usefixtures("bot")
async def test_an_answer_that_may_have_arrived_twice_is_not_sent_a_third_time(
    server: BotApiServer, private: Chat, alice: Person
) -> None:
    server.lose("sendMessage", times=2)
    await server.say(private, alice, QUESTION)
    await server.replies(private, 2)
    await server.quiet(private)


@pytest.mark.usefixtures("bot")
async def test_markup_that_telegram_does_not_take_is_left_out(
    server: BotApiServer, private: Chat, alice: Person
) -> None:
    server.fail("sendMessage", status=400, description="Bad Request: can't parse entities: unsupported start tag")
    await server.say(private, alice, QUESTION)
    answer = await server.reply(private)
    await server.say(private, alice, QUESTION)
    assert answer.text == (await server.reply(private)).text
    assert not [entity for entity in answer.entities if entity["type"] == "bold"]


async def test_three_hundred_that_wait_at_the_start_are_answered_in_their_order_and_the_old_ones_say_so(
    server: BotApiServer, settings: Settings, pace: Pace
) -> None:
    now = int(time.time())
    asked: dict[Chat, list[int]] = {}
    for number in range(15):
        person = server.person(first_name=f"Person {number}")
        group = server.group(f"Group {number}", members=[person])
        dates = [now - 3600] * 10 + [now] * 10
        said = [await server.say(group, person, "/ask", date=date) for date in dates]
        asked[group] = [message.message_id for message in said]
    words = phrases("en")
    async with serving(settings, pace):
        for group, ids in asked.items():
            answers = await server.replies(group, 20, within=60)
            assert [answer.reply_to_message_id for answer in answers] == ids
            assert [answer.text for answer in answers] == [
                *[f"{words.answered_late}\n\n{words.how_to_ask}"] * 10,
                *[words.how_to_ask] * 10,
            ]


@pytest.mark.usefixtures("bot")
async def test_a_question_that_waited_long_is_answered_with_a_word_on_it(
    server: BotApiServer, private: Chat, alice: Person
) -> None:
    await server.say(private, alice, QUESTION, date=int(time.time()) - 3600)
    answer = await server.reply(private)
    assert answer.text.startswith("Sorry for the late answer")
    assert QUESTION in answer.text


@pytest.mark.usefixtures("bot")
async def test_an_update_that_can_be_read_but_not_handled_holds_up_none_behind_it(
    server: BotApiServer, private: Chat, alice: Person
) -> None:
    undated = {"message_id": 1, "date": None, "chat": private.json(), "from": alice.json(), "text": "words"}
    server.queue.repeat({"update_id": 700_000_001, "message": undated})
    await server.say(private, alice, QUESTION)
    assert QUESTION in (await server.reply(private)).text
    await server.quiet(private)
    server.violations.clear()  # Telegram sends no such update


@pytest.mark.usefixtures("bot")
async def test_where_the_bot_is_shut_out_it_does_not_try_to_apologise_and_is_done_with_it(
    server: BotApiServer, private: Chat, alice: Person, settings: Settings
) -> None:
    await server.bot_becomes(private, "kicked", alice)
    await server.say(private, alice, QUESTION)
    await server.quiet(private)
    assert len(server.called("sendMessage")) == 1
    with closing(sqlite3.connect(settings.database)) as database:
        assert set(database.execute("SELECT state, body FROM inbox")) == {("done", None)}
    await server.bot_becomes(private, "member", alice)
    await server.say(private, alice, QUESTION)
    assert QUESTION in (await server.reply(private)).text


@pytest.mark.usefixtures("bot")
async def test_an_answer_follows_a_group_that_becomes_a_supergroup(server: BotApiServer, alice: Person) -> None:
    group = server.group("Cities", members=[alice])
    server.hang("sendMessage", 1)
    await server.say(group, alice, f"/ask {QUESTION}")
    supergroup = await server.migrate(group)
    reply = await server.reply(supergroup)
    assert QUESTION in reply.text
    assert reply.reply_to_message_id is None


@pytest.mark.usefixtures("bot")
async def test_the_language_of_a_group_moves_with_it(server: BotApiServer, alice: Person) -> None:
    group = server.group("Cities", members=[alice], admins=[alice])
    await server.say(group, alice, "/language")
    menu = await server.reply(group)
    await server.answer(await server.press(menu, "Tiếng Việt", by=alice))
    await server.edited(menu)
    supergroup = await server.migrate(group)
    await server.say(supergroup, alice, "/start")
    assert (await server.reply(supergroup)).text.startswith("Chào cả nhà!")


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("told_in", ["the group", "the supergroup"])
async def test_one_word_of_a_move_is_enough_whichever_of_the_two_it_is(
    server: BotApiServer, alice: Person, told_in: str
) -> None:
    group = server.group("Cities", members=[alice], admins=[alice])
    await server.say(group, alice, "/language")
    menu = await server.reply(group)
    await server.answer(await server.press(menu, "Ti\u1ebfng Vi\u1ec7t", by=alice))
    await server.edited(menu)
    successor = server.supergroup("Cities", members=[alice], admins=[alice])
    if told_in == "the group":
        await server.serve(group, alice, migrate_to_chat_id=successor.id)
    else:
        await server.serve(successor, alice, migrate_from_chat_id=group.id)
    await server.settled()
    await server.say(successor, alice, "/help")
    assert (await server.reply(successor)).text.startswith(phrases("vi").help)


async def test_a_flood_at_the_start_is_waited_for(
    server: BotApiServer, private: Chat, alice: Person, settings: Settings
) -> None:
    server.fail("getMe", parameters={"retry_after": 1})
    async with serving(settings):
        await server.say(private, alice, QUESTION)
        assert QUESTION in (await server.reply(private)).text
