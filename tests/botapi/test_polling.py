"""The server as the HTTP end of a real bot: long polling, files, failures, and waiting for answers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from . import BotApiServer, Chat
from .asking import refusal

Context = ContextTypes.DEFAULT_TYPE


@asynccontextmanager
async def polling(server: BotApiServer, *, allowed: list[str] | None = None) -> AsyncIterator[Any]:
    """An application that repeats what it hears and counts presses on its button."""
    builder = ApplicationBuilder().token(server.token).base_url(server.base_url)
    app: Application[Any, Any, Any, Any, Any, Any] = builder.build()
    app.add_handler(MessageHandler(filters.ALL, repeat))
    app.add_handler(CallbackQueryHandler(press))
    async with app:
        assert app.updater is not None
        await app.start()
        await app.updater.start_polling(poll_interval=0, timeout=10, allowed_updates=allowed)
        yield app
        await app.updater.stop()
        await app.stop()


async def repeat(update: Update, context: Context) -> None:
    message = update.effective_message
    assert message is not None
    button = InlineKeyboardButton("More", callback_data="more:1")
    await message.reply_text(
        f"<b>heard</b> {message.text}", parse_mode="HTML", reply_markup=InlineKeyboardMarkup([[button]])
    )


async def press(update: Update, context: Context) -> None:
    query = update.callback_query
    assert query is not None
    await query.answer("once more")
    await query.edit_message_text("more")


async def test_a_conversation_by_long_polling(server: BotApiServer) -> None:
    alice = server.person(first_name="Alice")
    chat = server.private_chat(alice)
    async with polling(server):
        await server.say(chat, alice, "🏙 hello @ascn_test_bot")
        reply = await server.reply(chat)
        assert (reply.text, reply.html) == (
            "heard 🏙 hello @ascn_test_bot",
            "<b>heard</b> 🏙 hello @ascn_test_bot",
        )
        assert reply.entities == (
            {"type": "bold", "offset": 0, "length": 5},
            {"type": "mention", "offset": 15, "length": 14},
        )
        pressed = await server.press(reply, "More", by=alice)
        assert (await server.answer(pressed))["text"] == "once more"
        edited = await server.edited(reply)
        assert (edited.text, edited.buttons, [old.text for old in edited.edits]) == ("more", [], [reply.text])
        await server.quiet(chat)


async def test_an_update_is_forgotten_only_when_a_later_offset_confirms_it(
    server: BotApiServer, bot: Bot, chat: Chat
) -> None:
    said = [await server.say(chat, server.person(chat.id), text) for text in ("one", "two", "three")]
    first = await bot.get_updates(limit=2)
    again = await bot.get_updates()
    rest = await bot.get_updates(offset=first[-1].update_id + 1)
    none = await bot.get_updates(offset=rest[-1].update_id + 1)
    assert [update.update_id for update in again] == [message.update_id for message in said]
    assert [[update.message.text for update in part if update.message] for part in (first, rest, none)] == [
        ["one", "two"],
        ["three"],
        [],
    ]
    await server.settled(within=0)


async def test_a_long_poll_waits_for_the_next_update(server: BotApiServer, bot: Bot, chat: Chat) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.1)
    assert not poll.done()
    await server.say(chat, server.person(chat.id), "now")
    assert len(await poll) == 1


async def test_a_poll_whose_connection_died_takes_nothing_along(server: BotApiServer, bot: Bot, chat: Chat) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.1)
    poll.cancel()
    await server.say(chat, server.person(chat.id), "kept")
    assert len(await bot.get_updates()) == 1


async def test_allowed_updates_are_remembered_until_named_again(server: BotApiServer, bot: Bot, chat: Chat) -> None:
    alice = server.person(chat.id)
    await bot.get_updates(allowed_updates=["edited_message"])
    await bot.get_updates()
    said = await server.say(chat, alice, "unwanted")
    edited = await server.edit_said(said, "wanted")
    assert (said.update_id, edited.update_id is not None) == (None, True)
    await bot.get_updates(allowed_updates=[])
    assert (await server.say(chat, alice, "again")).update_id is not None


async def test_a_second_poller_ends_the_first_with_a_conflict(server: BotApiServer, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.1)
    async with Bot(server.token, base_url=server.base_url) as second:
        await second.get_updates()
    with pytest.raises(Conflict, match="terminated by other getUpdates request; make sure that only one bot"):
        await first


async def test_a_webhook_and_polling_exclude_each_other(server: BotApiServer, bot: Bot, chat: Chat) -> None:
    await server.say(chat, server.person(chat.id), "dropped")
    await bot.set_webhook("https://example.org/hook")
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook(drop_pending_updates=True)
    assert list(await bot.get_updates()) == []


async def test_another_token_is_unauthorised(server: BotApiServer) -> None:
    with pytest.raises(InvalidToken):
        async with Bot("1:wrong", base_url=server.base_url):
            pass


async def test_the_same_update_can_be_sent_twice(server: BotApiServer, bot: Bot, chat: Chat) -> None:
    update = {"update_id": 5, "message": {"message_id": 1, "date": 1, "chat": chat.json(), "text": "x"}}
    await server.inject(update)
    await server.inject(update)
    assert [update.update_id for update in await bot.get_updates()] == [5, 5]


async def test_scripted_failures_come_in_order_and_end(
    server: BotApiServer, bot: Bot, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # else RetryAfter itself warns
    server.fail("sendMessage", parameters={"retry_after": 7})
    server.fail("sendMessage", status=403, description="Forbidden: bot was blocked by the user")
    with pytest.raises(RetryAfter) as raised:
        await bot.send_message(chat.id, "one")
    assert str(raised.value) == "Flood control exceeded. Retry in 0:00:07"
    with pytest.raises(Forbidden):
        await bot.send_message(chat.id, "two")
    await bot.send_message(chat.id, "three")
    assert [call.ok for call in server.called("sendMessage")] == [False, False, True]
    assert (await server.reply(chat)).text == "three"


async def test_a_cut_connection_loses_the_call_or_only_its_answer(server: BotApiServer, bot: Bot, chat: Chat) -> None:
    server.drop("sendMessage")
    server.lose("sendMessage")
    for text in ("never sent", "sent unheard"):
        with pytest.raises(NetworkError):
            await bot.send_message(chat.id, text)
    assert [sent.text for sent in await server.replies(chat)] == ["sent unheard"]
    server.hang("sendMessage", seconds=5)
    with pytest.raises(NetworkError):
        await bot.send_message(chat.id, "late", read_timeout=0.1)
    await server.quiet(chat, 0.1)


async def test_files_are_downloaded_from_the_file_address_up_to_20_megabytes(
    server: BotApiServer, bot: Bot, chat: Chat
) -> None:
    alice = server.person(chat.id)
    sent = await server.send_file(chat, alice, "../notes.md", "# Hà Nội".encode())
    assert sent.json["document"]["file_name"] == "../notes.md"
    file = await bot.get_file(sent.json["document"]["file_id"])
    assert str(file.file_path).endswith("/documents/file_0.md")
    assert bytes(await file.download_as_bytearray()).decode() == "# Hà Nội"
    large = await server.send_file(chat, alice, None, b"a" * (20 * 2**20 + 1))
    assert await refusal(bot.get_file(large.json["document"]["file_id"])) == "File is too big"
    assert "wrong file_id" in (await refusal(bot.get_file("photo"))).lower()


async def test_a_wait_ends_by_itself_and_says_what_was_missing(server: BotApiServer, chat: Chat) -> None:
    with pytest.raises(AssertionError, match="expected 1 messages in "):
        await server.replies(chat, within=0.05)
    await server.say(chat, server.person(chat.id), "unfetched")
    with pytest.raises(AssertionError, match="the bot has not confirmed the updates"):
        await server.quiet(chat, within=0.05)


async def test_silence_is_broken_by_an_unread_message(server: BotApiServer, bot: Bot, chat: Chat) -> None:
    await bot.send_message(chat.id, "loud")
    with pytest.raises(AssertionError, match=r"got \['loud'\]"):
        await server.quiet(chat, 0)
