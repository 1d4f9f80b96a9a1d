"""A Telegram on loopback for tests: the bot, its HTTP client and its polling are real, only Telegram is not.

    async with BotApiServer(privacy_mode=True) as server:
        alice = server.person(first_name="Alice")
        chat = server.private_chat(alice)
        # … start the bot with server.token, server.base_url and server.base_file_url …
        await server.say(chat, alice, "Which cities joined?")
        reply = await server.reply(chat)
        press = await server.press(reply, "More", by=alice)
        await server.answer(press)

A bot may swallow a refusal, so the rules it broke are also noted; a fixture fails the test on them:

    @pytest.fixture
    async def server() -> AsyncIterator[BotApiServer]:
        async with BotApiServer() as server:
            yield server
            assert server.violations == []

A test that breaks a rule on purpose clears the list: `server.violations.clear()`. Start the server before
the bot and stop it after the bot: the bot's last getUpdates confirms what it has handled.
"""

from .records import ANONYMOUS_ADMIN, Call, Chat, Json, Person, Press, SaidMessage, SentMessage
from .server import BotApiServer

__all__ = [
    "ANONYMOUS_ADMIN",
    "BotApiServer",
    "Call",
    "Chat",
    "Json",
    "Person",
    "Press",
    "SaidMessage",
    "SentMessage",
]
