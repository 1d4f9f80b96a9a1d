"""What the bot tells about itself: greeting, help, its sources, and the choice of language."""

from telegram import CallbackQuery, Chat, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update, User
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest

from bot.context import Context
from bot.library import Library
from bot.phrases import REPLY_LANGUAGES, Phrases, phrases
from bot.rendering import sources_html
from bot.sending import edit, reply
from bot.store import Store
from bot.wording import words_for, words_in

LANGUAGE_BUTTON = "language:"
_AS_THE_QUESTION = "question"


class Guide:
    """The handlers of everything but questions and administration."""

    def __init__(self, library: Library, store: Store) -> None:
        self._library = library
        self._store = store

    async def start(self, update: Update, context: Context) -> None:
        """`/start`: who the bot is and how to ask."""
        if message := update.effective_message:
            words = await words_for(self._store, message)
            await reply(context.bot, message, words.start if _is_private(message.chat) else words.start_in_group)

    async def help(self, update: Update, context: Context) -> None:
        """`/help`: what the bot does and every command."""
        if message := update.effective_message:
            await reply(context.bot, message, (await words_for(self._store, message)).help)

    async def sources(self, update: Update, context: Context) -> None:
        """`/sources`: the documents with language, publisher and date."""
        if message := update.effective_message:
            words = await words_for(self._store, message)
            await reply(context.bot, message, sources_html(self._library.edition.documents, words))

    async def language(self, update: Update, context: Context) -> None:
        """`/language`: buttons to choose the language of replies in this chat."""
        if message := update.effective_message:
            words = await words_for(self._store, message)
            await reply(context.bot, message, words.choose_language, _language_buttons(words))

    async def language_chosen(self, update: Update, context: Context) -> None:
        """A press of one of those buttons; in a group only its administrators may."""
        query = update.callback_query
        if query is None or not isinstance(query.message, Message):
            return
        chat = query.message.chat
        if not await _may_choose(context, chat, query.from_user):
            words = await words_in(self._store, chat, query.from_user)
            await _acknowledge(query, words.not_your_choice)
            return
        await _acknowledge(query)
        chosen = (query.data or "").removeprefix(LANGUAGE_BUTTON)
        await self._store.choose_language(chat.id, None if chosen == _AS_THE_QUESTION else chosen)
        words = await words_in(self._store, chat, query.from_user)
        await edit(
            context.bot,
            query.message,
            words.language_follows if chosen == _AS_THE_QUESTION else words.language_chosen,
        )

    async def unknown_command(self, update: Update, context: Context) -> None:
        """A command in a private chat that is none of ours."""
        if message := update.effective_message:
            await reply(context.bot, message, (await words_for(self._store, message)).unknown_command)


def language_pattern() -> str:
    """What the data of a language button looks like; any other press is not ours."""
    return f"^{LANGUAGE_BUTTON}({'|'.join((*REPLY_LANGUAGES, _AS_THE_QUESTION))})$"


def _language_buttons(words: Phrases) -> InlineKeyboardMarkup:
    names = [InlineKeyboardButton(phrases(code).name, callback_data=LANGUAGE_BUTTON + code) for code in REPLY_LANGUAGES]
    follow = InlineKeyboardButton(words.as_the_question, callback_data=LANGUAGE_BUTTON + _AS_THE_QUESTION)
    return InlineKeyboardMarkup([names[:2], names[2:], [follow]])


async def _may_choose(context: Context, chat: Chat, person: User) -> bool:
    if _is_private(chat):
        return True
    member = await context.bot.get_chat_member(chat.id, person.id)
    return member.status in (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


async def _acknowledge(query: CallbackQuery, text: str | None = None) -> None:
    """Ends the button's spinner; a press older than Telegram remembers needs none."""
    try:
        await query.answer(text)
    except BadRequest as error:
        if "too old" not in error.message.lower():
            raise


def _is_private(chat: Chat) -> bool:
    return chat.type == ChatType.PRIVATE
