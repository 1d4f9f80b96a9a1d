"""Whether a message in a group speaks to the bot, and what it asks."""

from telegram import Bot, Message, MessageEntity
from telegram.ext import filters


def spoken_to(bot: Bot, message: Message) -> bool:
    """Whether the message mentions the bot or replies to something it said."""
    return not message.is_automatic_forward and (bool(_mentions(bot, message)) or replies_to_bot(bot, message))


def replies_to_bot(bot: Bot, message: Message) -> bool:
    """Whether the message replies to one of the bot's own; the first message of a topic does not count.

    Every message in a topic is formally a reply to the service message that opened it.
    """
    original = message.reply_to_message
    if original is None or original.from_user is None or original.forum_topic_created is not None:
        return False
    return original.from_user.id == bot.id


def question_without_mention(bot: Bot, message: Message) -> str:
    """The message's words without the bot's name."""
    text = words_of(message)
    for mention in _mentions(bot, message):
        text = text.replace(mention, " ")
    return " ".join(text.split(" ")).strip()


def words_of(message: Message | None) -> str:
    """What a message says: its text, or the caption of what it shows."""
    return "" if message is None else message.text or message.caption or ""


def _mentions(bot: Bot, message: Message) -> list[str]:
    """The stretches of text that name the bot; usernames know no upper case."""
    kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]
    entities = {**message.parse_entities(kinds), **message.parse_caption_entities(kinds)}
    return [text for entity, text in entities.items() if _names(bot, entity, text)]


def _names(bot: Bot, entity: MessageEntity, text: str) -> bool:
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == bot.id
    return text.casefold() == f"@{bot.username}".casefold()


class SpokenTo(filters.MessageFilter):
    """Lets through messages in groups that speak to the bot."""

    def filter(self, message: Message) -> bool:
        """Whether the message speaks to the bot that received it."""
        return spoken_to(message.get_bot(), message)
