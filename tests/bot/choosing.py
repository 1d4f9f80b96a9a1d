"""Somebody chooses by the buttons of a command."""

from tests.botapi import BotApiServer, Chat, Person
from tests.botapi.records import SentMessage


async def choose_mode(
    server: BotApiServer, chat: Chat, by: Person, button: str, *, thread: int | None = None, anonymous: bool = False
) -> SentMessage:
    """What the bot says once the button of `/mode` has been pressed."""
    await server.say(chat, by, "/mode", thread=thread, anonymous=anonymous)
    menu = await server.reply(chat)
    await server.answer(await server.press(menu, button, by=by))
    return await server.edited(menu)
