"""A question in any kind of chat becomes an answer and goes back as a reply."""

import logging
from collections import deque

from telegram import Message, Update

from bot.conversation.addressing import question_behind_command, question_without_mention, replies_to_bot, words_of
from bot.conversation.buttons import answer_keyboard, asker_of
from bot.conversation.context import Context
from bot.corpus.library import Library
from bot.corpus.nursery import QuestionTooHardError
from bot.delivery.sending import Outbox
from bot.speech.rendering import answer_html
from bot.speech.wording import words_for
from bot.storage.database import DatabaseError
from bot.storage.store import Store

_LOG = logging.getLogger(__name__)
_ALBUMS_REMEMBERED = 100


class Questions:
    """The handlers of everything that asks."""

    def __init__(self, library: Library, store: Store, outbox: Outbox) -> None:
        self._library = library
        self._store = store
        self._outbox = outbox
        self._albums: deque[str] = deque(maxlen=_ALBUMS_REMEMBERED)

    async def asked_in_private(self, update: Update, context: Context) -> None:
        """Any words in a private chat are a question."""
        if message := update.effective_message:
            await self.answer(message, words_of(message), asker_of(message))
            self._remember_album(message)

    async def asked_in_group(self, update: Update, context: Context) -> None:
        """A mention of the bot, or a reply to it; a bare mention under someone's message asks with that message."""
        if message := update.effective_message:
            text = question_without_mention(context.bot, message)
            await self._answer_or_explain(context, message, text)

    async def asked_by_command(self, update: Update, context: Context) -> None:
        """`/ask question`, or `/ask` in reply to the message that asks; also under a picture."""
        if message := update.effective_message:
            await self._answer_or_explain(context, message, question_behind_command(message))
            self._remember_album(message)

    async def sent_without_words(self, update: Update, context: Context) -> None:
        """A picture, a voice or a sticker in a private chat: only text can be read. An album is told so once."""
        message = update.effective_message
        if message is not None and message.media_group_id not in self._albums:
            words = await words_for(self._store, message)
            await self._outbox.reply(message, words, words.text_only)
            self._remember_album(message)

    async def _answer_or_explain(self, context: Context, message: Message, text: str) -> None:
        original = message.reply_to_message
        quoted = message.quote.text if message.quote else ""
        if text:
            await self.answer(message, text, asker_of(message))
        elif original is not None and not replies_to_bot(context.bot, message) and (quoted or words_of(original)):
            await self.answer(original, quoted or words_of(original), asker_of(message))
        else:
            words = await words_for(self._store, message)
            await self._outbox.reply(message, words, words.how_to_ask)

    async def answer(self, asked: Message, text: str, asker: int) -> None:
        """The straight line of every question: answer, render, send, count; the buttons below are the asker's."""
        try:
            answer = await self._library.answer(text)
        except QuestionTooHardError:
            words = await words_for(self._store, asked)
            await self._outbox.reply(asked, words, words.too_hard)
            return
        words = await words_for(self._store, asked, answer.question.language)
        await self._outbox.reply(asked, words, answer_html(answer, words), answer_keyboard(answer, asker, words))
        try:
            await self._store.count_question(answer.question.language, answer.found)
        except DatabaseError as error:
            _LOG.error("a question was answered and not counted: %s", error)

    def _remember_album(self, message: Message) -> None:
        """Keeps that an album was answered; only then, for what fails is handled again."""
        if message.media_group_id is not None:
            self._albums.append(message.media_group_id)
