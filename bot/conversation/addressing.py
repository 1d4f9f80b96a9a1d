"""Whether a message in a group speaks to the bot, and what it asks."""

from collections.abc import Iterable

from telegram import Bot, Message, MessageEntity
from telegram.ext import filters

from bot.settings import SHARED_ACCOUNTS


def names_bot(bot: Bot, message: Message) -> bool:
    """Whether the message mentions the bot."""
    return bool(_mentions(bot, message))


def replies_to_bot(bot: Bot, message: Message) -> bool:
    """Whether the message replies to one of the bot's own; the first message of a topic does not count.

    Every message in a topic is formally a reply to the service message that opened it.
    """
    original = message.reply_to_message
    if original is None or original.from_user is None or original.forum_topic_created is not None:
        return False
    return original.from_user.id == bot.id


def question_without_mention(bot: Bot, message: Message) -> str:
    """The message's words without the bot's name; empty where only signs are left."""
    units = words_of(message).encode("utf-16-le")  # in which Telegram counts
    for entity in sorted(_mentions(bot, message), key=lambda entity: entity.offset, reverse=True):
        start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
        units = units[:start] + " ".encode("utf-16-le") + units[end:]
    text = " ".join(units.decode("utf-16-le").split())
    return text if any(map(str.isalnum, text)) else ""


def question_behind_command(message: Message) -> str:
    """The message's words behind the command it begins with."""
    return " ".join(words_of(message).split()[1:])


def question_in(bot: Bot, message: Message) -> str:
    """What the message asks now, however it is addressed; empty where it asks nothing."""
    if words_of(message).startswith("/"):
        return question_behind_command(message)
    return question_without_mention(bot, message)


def words_of(message: Message | None) -> str:
    """What a message says: its text, or the caption of what it shows."""
    return "" if message is None else message.text or message.caption or ""


def _mentions(bot: Bot, message: Message) -> list[MessageEntity]:
    """The stretches of text that name the bot; usernames know no upper case."""
    kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]
    entities = {**message.parse_entities(kinds), **message.parse_caption_entities(kinds)}
    return [entity for entity, text in entities.items() if _names(bot, entity, text)]


def _names(bot: Bot, entity: MessageEntity, text: str) -> bool:
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == bot.id
    return text.casefold() == f"@{bot.username}".casefold()


class ByPeople(filters.MessageFilter):
    """Keeps other bots out, which could talk to this one for ever, and what this one has offered inline."""

    def filter(self, message: Message) -> bool:
        """Whether a person wrote the message, under a name or on behalf of a group or channel."""
        author, by_way_of = message.from_user, message.via_bot
        if by_way_of is not None and by_way_of.id == message.get_bot().id:
            return False
        return author is None or not author.is_bot or author.id in SHARED_ACCOUNTS


class CaptionCommand(filters.MessageFilter):
    """Lets through pictures and files whose caption begins with a command; the framework looks only at texts."""

    def __init__(self, command: str) -> None:
        super().__init__()
        self._command = f"/{command}"

    def filter(self, message: Message) -> bool:
        """Whether the caption begins with the command, for this bot or for any."""
        commands = message.parse_caption_entities([MessageEntity.BOT_COMMAND]).items()
        return any(text.casefold() in self._spellings(message) for text in _at_the_beginning(commands))

    def _spellings(self, message: Message) -> tuple[str, str]:
        return self._command, f"{self._command}@{message.get_bot().username}".casefold()


def _at_the_beginning(entities: Iterable[tuple[MessageEntity, str]]) -> list[str]:
    return [text for entity, text in entities if entity.offset == 0]
