"""A question in any kind of chat becomes an answer and goes back as a reply."""

from telegram import Message, Update

from bot.addressing import question_without_mention, replies_to_bot, words_of
from bot.context import Context
from bot.library import Library
from bot.rendering import answer_html
from bot.sending import reply
from bot.store import Store
from bot.wording import words_for


class Questions:
    """The handlers of everything that asks."""

    def __init__(self, library: Library, store: Store) -> None:
        self._library = library
        self._store = store

    async def asked_in_private(self, update: Update, context: Context) -> None:
        """Any words in a private chat are a question."""
        if message := update.effective_message:
            await self._answer(context, message, words_of(message))

    async def asked_in_group(self, update: Update, context: Context) -> None:
        """A mention of the bot, or a reply to it; a bare mention under someone's message asks with that message."""
        if message := update.effective_message:
            text = question_without_mention(context.bot, message)
            await self._answer_or_explain(context, message, text)

    async def asked_by_command(self, update: Update, context: Context) -> None:
        """`/ask question`, or `/ask` in reply to the message that asks."""
        if message := update.effective_message:
            await self._answer_or_explain(context, message, " ".join(context.args or ()))

    async def sent_without_words(self, update: Update, context: Context) -> None:
        """A picture, a voice or a sticker in a private chat: only text can be read."""
        if message := update.effective_message:
            await reply(context.bot, message, (await words_for(self._store, message)).text_only)

    async def _answer_or_explain(self, context: Context, message: Message, text: str) -> None:
        original = message.reply_to_message
        if text:
            await self._answer(context, message, text)
        elif original is not None and words_of(original) and not replies_to_bot(context.bot, message):
            await self._answer(context, original, words_of(original))
        else:
            await reply(context.bot, message, (await words_for(self._store, message)).how_to_ask)

    async def _answer(self, context: Context, asked: Message, text: str) -> None:
        """The straight line of every question: answer, render, send, count."""
        answer = await self._library.answer(text)
        html = answer_html(answer, await words_for(self._store, asked, answer.question.language))
        await reply(context.bot, asked, html)
        await self._store.count_question(answer.question.language, answer.found)
