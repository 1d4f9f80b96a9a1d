"""What the bot tells about itself: greeting, help, and the choice of language."""

from functools import partial

from telegram import Bot, CallbackQuery, Chat, InlineKeyboardButton, InlineKeyboardMarkup, Update

from bot.conversation import presses
from bot.conversation.context import Context
from bot.conversation.menu import OF_ADMINISTRATORS, listed
from bot.conversation.rights import ByAdministrator, is_private, may_decide, wrote_with_the_right
from bot.delivery.sending import Outbox
from bot.speech.introduction import introduction
from bot.speech.phrases import REPLY_LANGUAGES, Phrases, phrases
from bot.speech.wording import words_for, words_in
from bot.storage.store import Store
from bot.subject import Subject

LANGUAGE_BUTTON = "language:"
_AS_THE_QUESTION = "question"


class Guide:
    """The handlers of everything but questions and administration."""

    def __init__(
        self,
        store: Store,
        outbox: Outbox,
        administrators: ByAdministrator,
        ephemeral: bool,
        subject: Subject | None = None,
    ) -> None:
        self._store = store
        self._administrators = administrators
        self._ephemeral = ephemeral
        self._subject = subject
        self._outbox = outbox

    async def start(self, update: Update, context: Context) -> None:
        """`/start`: who the bot is and how to ask."""
        if message := update.effective_message:
            words = await words_for(self._store, message)
            says = introduction(words, self._subject)
            said = says.start if is_private(message.chat) else says.start_in_group
            await self._outbox.reply(message, words, said)

    async def help(self, update: Update, context: Context) -> None:
        """`/help`: what the bot does and every command, those of administrators for them alone."""
        if message := update.effective_message:
            words, me = await words_for(self._store, message), context.bot.bot
            elsewhere = [
                *([words.help_ephemeral] if self._ephemeral else []),
                *([words.help_inline] if me.supports_inline_queries else []),
                *([words.help_guest] if me.supports_guest_queries else []),
            ]
            parts = [words.help, "\n".join(elsewhere).format(name=me.username)]
            if self._administrators.filter(message):
                parts.append("\n".join([words.help_administrators, *listed(OF_ADMINISTRATORS, words)]))
            await self._outbox.reply(message, words, "\n\n".join(filter(None, parts)))

    async def language(self, update: Update, context: Context) -> None:
        """`/language`: buttons to choose the language of replies in this chat, for those who may."""
        if message := update.effective_message:
            words = await words_for(self._store, message)
            if await wrote_with_the_right(context.bot, message):
                await self._outbox.reply(message, words, words.choose_language, _language_buttons(words))
            else:
                await self._outbox.reply(message, words, words.not_your_choice)

    async def language_chosen(self, update: Update, context: Context) -> None:
        """A press of one of those buttons; in a group only its administrators may."""
        if query := update.callback_query:
            await presses.obey(query, self._outbox, partial(self._choose, context.bot))

    async def pressed_in_vain(self, update: Update, context: Context) -> None:
        """A press of a button that is none of ours, or no longer: only its spinner ends."""
        if query := update.callback_query:
            await presses.acknowledge(query)

    async def moved(self, update: Update, context: Context) -> None:
        """A group has become a supergroup, under another number: what it chose goes with it."""
        if message := update.effective_message:
            old, new = message.migrate_from_chat_id or message.chat_id, message.migrate_to_chat_id or message.chat_id
            await self._store.move_chat(old, new)

    async def unknown_command(self, update: Update, context: Context) -> None:
        """A command in a private chat that is none of ours."""
        if message := update.effective_message:
            words = await words_for(self._store, message)
            await self._outbox.reply(message, words, words.unknown_command)

    async def _choose(self, bot: Bot, query: CallbackQuery, chat: Chat) -> tuple[bool, str]:
        """Whether the language was changed as the button says, and what to say about it."""
        if not await may_decide(bot, chat, query.from_user.id):
            return False, (await words_in(self._store, chat, query.from_user)).not_your_choice
        chosen = (query.data or "").removeprefix(LANGUAGE_BUTTON)
        await self._store.choose_language(chat.id, None if chosen == _AS_THE_QUESTION else chosen)
        words = await words_in(self._store, chat, query.from_user)
        return True, words.language_follows if chosen == _AS_THE_QUESTION else words.language_chosen


def language_pattern() -> str:
    """What the data of a language button looks like; any other press is not ours."""
    return f"^{LANGUAGE_BUTTON}({'|'.join((*REPLY_LANGUAGES, _AS_THE_QUESTION))})\\Z"  # $ would let a line break follow


def _language_buttons(words: Phrases) -> InlineKeyboardMarkup:
    names = [InlineKeyboardButton(phrases(code).name, callback_data=LANGUAGE_BUTTON + code) for code in REPLY_LANGUAGES]
    follow = InlineKeyboardButton(words.as_the_question, callback_data=LANGUAGE_BUTTON + _AS_THE_QUESTION)
    return InlineKeyboardMarkup([*(names[row : row + 2] for row in range(0, len(names), 2)), [follow]])
