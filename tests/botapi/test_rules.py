"""What the server refuses, in the words of Telegram, and what it notes as the bot's fault."""

from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters

from . import BotApiServer, Chat
from .asking import post, refusal


def keyboard(**button: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "x", **button}]]}


@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        ({"text": "<b>x", "parse_mode": "HTML"}, "can't parse entities: Can't find end tag"),
        ({"text": "𠮷" * 2049}, "message is too long"),
        ({"text": "敗" * 11000}, "text is too long"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "<b>x</b>" * 101, "parse_mode": "HTML"}, "ENTITIES_TOO_LONG"),
        ({"text": "x", "colour": "red"}, "there is no parameter 'colour'"),
        ({"text": "x", "reply_markup": keyboard(callback_data="越" * 22)}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": keyboard(callback_data="x", colour="red")}, "has no field 'colour'"),
        ({"text": "x", "reply_markup": keyboard()}, "text buttons are unallowed in the inline keyboard"),
        ({"text": "x", "reply_parameters": {"message_id": "first"}}, "Input should be a valid integer"),
    ],
)
async def test_a_broken_rule_is_refused_and_noted(
    server: BotApiServer, chat: Chat, parameters: dict[str, Any], description: str
) -> None:
    answer = await post(server, "sendMessage", chat_id=chat.id, **parameters)
    assert (answer["ok"], answer["error_code"]) == (False, 400)
    assert description in answer["description"]
    assert len(server.violations) == 1
    assert server.violations[0].startswith("sendMessage: Bad Request: ")
    server.violations.clear()


async def test_an_unknown_and_an_unimplemented_method_are_noted(server: BotApiServer) -> None:
    codes = [(await post(server, method))["error_code"] for method in ("sendNothing", "getMyName")]
    assert codes == [404, 501]
    noted = [violation.partition(" (")[0] for violation in server.violations]
    assert noted == [
        "sendNothing: Not Found: method not found",
        "getMyName: Not Implemented: getMyName is not implemented by the test server",
    ]
    server.violations.clear()


async def test_commands_are_checked_by_the_documented_limits(server: BotApiServer, bot: Bot) -> None:
    assert await bot.set_my_commands([("ask", "提问")], language_code="zh")
    assert server.called("setMyCommands")[0].parameters["language_code"] == "zh"
    for commands, language in (([("Ask", "x")], "en"), ([("ask", "")], "en"), ([("ask", "x")], "zh-hans")):
        await refusal(bot.set_my_commands(commands, language_code=language))
    assert len(server.violations) == 3
    server.violations.clear()


async def test_an_update_telegram_could_not_send_is_an_error_of_the_test(server: BotApiServer, chat: Chat) -> None:
    with pytest.raises(ValueError, match="has no field 'colour'"):
        await server.inject({"message": {"message_id": 1, "date": 1, "chat": chat.json(), "colour": "red"}})


async def test_editing_obeys_the_rules_of_messages(server: BotApiServer, bot: Bot, chat: Chat) -> None:
    said = await server.say(chat, server.person(chat.id), "mine")
    sent = await bot.send_message(chat.id, "<i>x</i>", parse_mode="HTML")
    assert (await refusal(sent.edit_text("<em>x</em>", parse_mode="HTML"))).startswith("Message is not modified: ")
    assert await refusal(bot.edit_message_text("y", chat.id, said.message_id)) == "Message can't be edited"
    assert await refusal(bot.edit_message_text("y", chat.id, 1)) == "Message to edit not found"
    await sent.edit_text("y")
    await sent.delete()
    assert await refusal(sent.edit_text("z")) == "Message to edit not found"
    assert await refusal(sent.delete()) == "Message to delete not found"
    await server.deleted(await server.reply(chat))


async def test_a_reply_needs_its_message_unless_told_otherwise(server: BotApiServer, bot: Bot, chat: Chat) -> None:
    missing = ReplyParameters(1)
    lenient = ReplyParameters(1, allow_sending_without_reply=True)
    assert await refusal(bot.send_message(chat.id, "x", reply_parameters=missing)) == "Message to be replied not found"
    await bot.send_message(chat.id, "x", reply_parameters=lenient)
    assert (await server.reply(chat)).reply_to_message_id is None


async def test_a_quote_must_stand_where_it_is_said_to_stand(server: BotApiServer, bot: Bot, chat: Chat) -> None:
    said = await server.say(chat, server.person(chat.id), "🏙一敗坎")
    for quote, position in (("坎", 4), ("敗", None)):
        await bot.send_message(
            chat.id,
            "x",
            reply_parameters=ReplyParameters(said.message_id, quote=quote, quote_position=position),
        )
    assert [sent.quote for sent in await server.replies(chat, 2)] == ["坎", "敗"]
    for quote, position in (("坎", 0), ("坎敗", None)):
        wrong = ReplyParameters(said.message_id, quote=quote, quote_position=position)
        assert (await refusal(bot.send_message(chat.id, "x", reply_parameters=wrong))).startswith("Quote_text_invalid")
    assert len(server.violations) == 2
    server.violations.clear()


async def test_an_old_press_cannot_be_answered(server: BotApiServer, bot: Bot, chat: Chat) -> None:
    alice = server.person(chat.id)
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="g")]])
    await bot.send_message(chat.id, "x", reply_markup=keyboard)
    sent = await server.reply(chat)
    fresh, old = (
        await server.press(sent, "g", by=alice),
        await server.press(sent, "Go", by=alice, expired=True),
    )
    await bot.answer_callback_query(fresh.id)
    assert (await refusal(bot.answer_callback_query(old.id))).startswith("Query is too old and response timeout")
    with pytest.raises(AssertionError, match="has no button 'Stop', only \\['Go'\\]"):
        await server.press(sent, "Stop", by=alice)
