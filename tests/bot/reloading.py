"""How an administrator has the articles read anew, and waits for the report."""

from tests.botapi import BotApiServer, Chat, Person, SentMessage


async def reload(server: BotApiServer, chat: Chat, by: Person, command: str = "/reload") -> str:
    """Commands it, and returns what the message says in the end."""
    await server.say(chat, by, command)
    return await reported(server, await server.reply(chat))


async def reported(server: BotApiServer, message: SentMessage) -> str:
    """What a message says that tells how far a reload is, once it is at its end."""
    while message.text.startswith(("Reading", "Indexing")):
        message = await server.edited(message, within=30)
    return message.text
