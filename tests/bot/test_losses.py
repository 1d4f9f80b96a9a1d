"""What Telegram or the network loses on the way is sent again, or apologised for."""

import asyncio
import time

import pytest

from bot.application import serving
from bot.settings import Settings
from tests.botapi import BotApiServer, Chat, Person

SORRY = "Sorry, something went wrong. Please ask again."
QUESTION = "Becamex IDC"


@pytest.mark.usefixtures("bot")
async def test_a_flood_delays_an_answer(server: BotApiServer, private: Chat, alice: Person) -> None:
    server.fail("sendMessage", times=2, parameters={"retry_after": 1})
    began = time.monotonic()
    await server.say(private, alice, QUESTION)
    assert QUESTION in (await server.reply(private, within=10)).text
    assert time.monotonic() - began >= 2


@pytest.mark.usefixtures("bot")
async def test_a_chat_in_a_flood_holds_up_no_other(server: BotApiServer, private: Chat, alice: Person) -> None:
    bob = server.person(first_name="Bob")
    other = server.private_chat(bob)
    server.fail("sendMessage", parameters={"retry_after": 3})
    await server.say(private, alice, QUESTION)
    await server.settled()
    while not server.called("sendMessage"):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    began = time.monotonic()
    await server.say(other, bob, QUESTION)
    await server.reply(other)
    assert time.monotonic() - began < 2
    assert QUESTION in (await server.reply(private, within=10)).text


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
    assert QUESTION in (await server.reply(private)).text
    server.drop("sendMessage")
    await server.say(private, alice, QUESTION)
    assert QUESTION in (await server.reply(private)).text
    await server.quiet(private)


@pytest.mark.usefixtures("bot")
async def test_what_cannot_be_mended_is_apologised_for(server: BotApiServer, private: Chat, alice: Person) -> None:
    server.fail("sendMessage", status=400, description="Bad Request: something new")
    await server.say(private, alice, QUESTION)
    assert (await server.reply(private)).text == SORRY
    assert len(server.called("sendMessage")) == 2


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
    assert second.text.startswith("\u21bb You may have had this message before")
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
    assert QUESTION in answer.text
    assert not [entity for entity in answer.entities if entity["type"] == "bold"]


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
async def test_where_the_bot_is_shut_out_it_does_not_try_to_apologise(
    server: BotApiServer, private: Chat, alice: Person
) -> None:
    await server.bot_becomes(private, "kicked", alice)
    await server.say(private, alice, QUESTION)
    await server.quiet(private)
    assert len(server.called("sendMessage")) == 1


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


async def test_a_flood_at_the_start_is_waited_for(
    server: BotApiServer, private: Chat, alice: Person, settings: Settings
) -> None:
    server.fail("getMe", parameters={"retry_after": 1})
    async with serving(settings):
        await server.say(private, alice, QUESTION)
        assert QUESTION in (await server.reply(private)).text


async def test_the_commands_are_offered_in_every_language(server: BotApiServer, settings: Settings) -> None:
    async with serving(settings), asyncio.timeout(5):
        while len(server.called("setMyCommands")) < 8:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    calls = server.called("setMyCommands")
    assert [call.ok for call in calls] == [True] * 8
    assert {call.parameters.get("language_code") for call in calls} == {None, "vi", "zh", "en"}
    assert {call.parameters["scope"]["type"] for call in calls} == {"all_private_chats", "all_group_chats"}


async def test_commands_that_cannot_be_offered_stop_nothing(
    server: BotApiServer, private: Chat, alice: Person, settings: Settings
) -> None:
    server.fail("setMyCommands", status=500, times=8)
    async with serving(settings):
        await server.say(private, alice, QUESTION)
        assert QUESTION in (await server.reply(private)).text
