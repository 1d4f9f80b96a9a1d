"""A group that the bot is added to is greeted, once."""

import pytest
from telegram import Bot

from bot.application import serving
from bot.conversation import greeting
from bot.delivery.inbox import Inbox
from bot.delivery.pace import Pace
from bot.delivery.receiving import arrivals
from bot.settings import Settings
from bot.speech.phrases import phrases
from bot.storage.database import Database
from tests.botapi import BotApiServer, Chat, Person


@pytest.fixture
def mai(server: BotApiServer) -> Person:
    return server.person(first_name="Mai", language_code="vi")


@pytest.fixture
def group(server: BotApiServer, mai: Person) -> Chat:
    group = server.group("Cities", members=[mai], admins=[mai])
    server.room(group).join(server.bot, "left")
    return group


async def test_a_group_is_greeted_once_in_the_language_of_who_added_the_bot_and_told_how_to_ask(
    server: BotApiServer, group: Chat, mai: Person, settings: Settings, pace: Pace
) -> None:
    async with serving(settings, pace):
        await server.bot_becomes(group, "member", mai)
        await server.serve(group, mai, new_chat_members=[server.bot.json()])
        hello = await server.reply(group)
        assert (hello.text, hello.reply_to_message_id) == (phrases("vi").start_in_group, None)
        for status in ("administrator", "restricted", "member", "left", "member", "kicked"):
            await server.bot_becomes(group, status, mai)
    async with serving(settings, pace):
        await server.bot_becomes(group, "member", mai)
        await server.say(group, mai, "/help")
        assert (await server.reply(group)).text.startswith(phrases("vi").help)
        supergroup = await server.migrate(group)
        await server.say(supergroup, mai, "/help")
        assert (await server.reply(supergroup)).text.startswith(phrases("vi").help)
        await server.bot_becomes(supergroup, "left", mai)
        await server.bot_becomes(supergroup, "administrator", mai)
        await server.quiet(supergroup)


@pytest.mark.usefixtures("bot")
async def test_a_greeting_comes_by_either_way_and_only_for_the_bot_itself(
    server: BotApiServer, group: Chat, mai: Person, alice: Person
) -> None:
    server.room(group).join(server.bot, "member")
    await server.serve(group, mai, new_chat_members=[alice.json()])
    await server.say(group, mai, "/help")
    assert (await server.reply(group)).text.startswith(phrases("vi").help)
    await server.serve(group, mai, new_chat_members=[alice.json(), server.bot.json()])
    assert (await server.reply(group)).text == phrases("vi").start_in_group


@pytest.mark.usefixtures("bot")
async def test_a_group_that_becomes_a_supergroup_is_not_greeted_anew_whatever_of_it_is_told_first(
    server: BotApiServer, group: Chat, mai: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(greeting, "_SECONDS_TO_MOVE", 0.5)
    await server.bot_becomes(group, "member", mai)
    assert (await server.reply(group)).text == phrases("vi").start_in_group
    supergroup = await server.migrate(group, by=mai)
    await server.say(supergroup, mai, "/help")
    assert (await server.reply(supergroup)).text.startswith(phrases("vi").help)
    await server.quiet(supergroup)


@pytest.mark.usefixtures("bot")
async def test_a_supergroup_that_the_bot_is_added_to_is_greeted_too(
    server: BotApiServer, mai: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(greeting, "_SECONDS_TO_MOVE", 0.1)
    supergroup = server.supergroup("Cities", members=[mai], admins=[mai])
    server.room(supergroup).join(server.bot, "left")
    await server.bot_becomes(supergroup, "member", mai)
    assert (await server.reply(supergroup)).text == phrases("vi").start_in_group


@pytest.mark.usefixtures("bot")
async def test_neither_a_person_nor_a_channel_is_greeted(server: BotApiServer, mai: Person) -> None:
    private, channel = server.private_chat(mai), server.channel("News")
    for chat in (private, channel):
        for status in ("kicked", "administrator" if chat is channel else "member"):
            await server.bot_becomes(chat, status, mai)
    await server.say(private, mai, "/help")
    assert (await server.reply(private)).text.startswith(phrases("vi").help)
    await server.quiet(channel)


async def test_a_greeting_that_may_have_arrived_before_a_crash_is_not_said_again(
    server: BotApiServer, group: Chat, mai: Person, settings: Settings, pace: Pace, me: Bot
) -> None:
    await server.bot_becomes(group, "member", mai)
    (update,) = server.queue.pending
    async with Database(settings.database) as database:
        inbox = Inbox(database)
        (arrival,) = arrivals([update], me)
        assert (arrival.chat, arrival.person) == (group.id, mai.id)
        (entry,) = await inbox.take_in([arrival])
        await inbox.open(entry)
        await inbox.about_to_send(entry)
    async with serving(settings, pace):
        await server.serve(group, mai, new_chat_members=[server.bot.json()])
        await server.say(group, mai, "/help")
        assert (await server.reply(group)).text.startswith(phrases("vi").help)
