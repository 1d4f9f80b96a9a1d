"""In which language a chat is spoken to: its choice, else the question's language, else the person's Telegram's."""

from telegram import Chat, Message, User

from bot.speech.phrases import Phrases, phrases, reply_language
from bot.storage.store import Store


async def words_for(store: Store, message: Message, question_language: str | None = None) -> Phrases:
    """The bot's sentences for a reply to `message`."""
    return await words_in(store, message.chat, message.from_user, question_language)


async def words_in(store: Store, chat: Chat, person: User | None, question_language: str | None = None) -> Phrases:
    """The bot's sentences for `person` in `chat`."""
    client = person.language_code if person else None
    return phrases(reply_language(await store.chosen_language(chat.id), question_language, client))
