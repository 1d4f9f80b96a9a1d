"""Which messages of a group reach a bot: https://core.telegram.org/bots/features#privacy-mode."""

import re

from .records import ANONYMOUS_ADMIN, Json, Person
from .world import Room

_COMMAND = re.compile(r"/\w+(?:@(\w+))?")


def reaches(bot: Person, room: Room, message: Json, *, privacy_mode: bool) -> bool:
    """Whether Telegram shows the bot this message.

    Not modelled: a command without a bot's name goes only to the bot that spoke last in the group.
    """
    status = room.statuses.get(bot.id)
    if room.chat.type in {"private", "channel"}:
        return True
    if status in {"left", "kicked"} or _from_another_bot(message):
        return False
    return not privacy_mode or status == "administrator" or _meant_for(bot, message)


def _from_another_bot(message: Json) -> bool:
    sender = message.get("from", {})
    return bool(sender.get("is_bot")) and sender["id"] != ANONYMOUS_ADMIN.id


def _meant_for(bot: Person, message: Json) -> bool:
    if "text" not in message and "caption" not in message and "document" not in message:
        return True  # a service message
    return _is_command_for(bot, message) or _answers(bot, message)


def _is_command_for(bot: Person, message: Json) -> bool:
    command = _COMMAND.match(message.get("text", ""))
    begins = any(entity["type"] == "bot_command" and entity["offset"] == 0 for entity in message.get("entities", ()))
    addressee = command[1] if command else None
    return begins and (addressee is None or addressee.lower() == str(bot.username).lower())


def _answers(bot: Person, message: Json) -> bool:
    """Whether it replies to the bot; standing in a topic the bot has opened is no reply."""
    replied = message.get("reply_to_message", {})
    return "forum_topic_created" not in replied and bool(replied.get("from", {}).get("id") == bot.id)
