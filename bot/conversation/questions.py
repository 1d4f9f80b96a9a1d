"""A question in any kind of chat becomes an answer and goes back as a reply."""

import logging
from collections import deque
from dataclasses import dataclass

from telegram import InaccessibleMessage, InlineKeyboardMarkup, Message, Update

from bot.conversation.addressing import (
    question_behind_command,
    question_in,
    question_without_mention,
    replies_to_bot,
    words_of,
)
from bot.conversation.buttons import answer_keyboard, asker_of, source_keyboard, sources_of
from bot.conversation.context import Context
from bot.conversation.recent import Recent
from bot.conversation.rights import is_private
from bot.conversation.tally import Tally
from bot.corpus.library import Library
from bot.corpus.nursery import QuestionTooHardError
from bot.delivery.ephemeral import is_ephemeral
from bot.delivery.quoting import Quoted, quote_of
from bot.delivery.sending import MessageGoneError, Outbox
from bot.logs import describe
from bot.speech.addresses import PublicReader
from bot.speech.introduction import introduction
from bot.speech.phrases import Phrases
from bot.speech.rendering import answer_html
from bot.speech.wording import words_for
from bot.storage.database import DatabaseError
from bot.storage.store import Store
from bot.subject import Subject
from bot.troubles import Trouble, told
from retrieval.records import Answer, Question

_LOG = logging.getLogger(__name__)
_ALBUMS_REMEMBERED = 100


@dataclass(frozen=True, slots=True)
class _Said:
    """What to say to a question."""

    words: Phrases
    html: str
    keyboard: InlineKeyboardMarkup | None = None
    answer: Answer | None = None
    """None where it was too hard."""
    earlier: Question | None = None
    """The question that it may have gone on from."""
    for_one: bool = False
    """Whether nobody but the asker is to see it."""

    @property
    def found(self) -> bool:
        """Whether it is an answer at all."""
        return self.answer is not None and self.answer.found


class Questions:
    """The handlers of everything that asks."""

    def __init__(
        self,
        library: Library,
        store: Store,
        tally: Tally,
        outbox: Outbox,
        recent: Recent,
        reader: PublicReader | None = None,
        subject: Subject | None = None,
    ) -> None:
        self._library = library
        self._store = store
        self._tally = tally
        self._outbox = outbox
        self._recent = recent
        self._reader = reader
        self._subject = subject
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

    async def overheard(self, update: Update, context: Context) -> None:
        """A question in a group that nobody has put to the bot: answered where the articles hold an answer."""
        if message := update.effective_message:
            said = await self._said(message, words_of(message), asker_of(message))
            if said.found:
                await self._send(message, said)

    async def asked_again(self, update: Update, context: Context) -> None:
        """An answered question with other words: its answer is changed. One that is gone stays gone."""
        if message := update.effective_message:
            said = await self._said(message, question_in(context.bot, message), asker_of(message))
            try:
                await self._change_answer(message, said)
            except MessageGoneError:
                await self._store.forget_answer(message.chat_id, message.message_id)

    async def sent_without_words(self, update: Update, context: Context) -> None:
        """A picture, a voice or a sticker in a private chat: only text can be read. An album is told so once."""
        message = update.effective_message
        if message is not None and message.media_group_id not in self._albums:
            words = await words_for(self._store, message)
            await self._outbox.reply(message, words, words.text_only)
            self._remember_album(message)

    async def _answer_or_explain(self, context: Context, message: Message, text: str) -> None:
        original = message.reply_to_message
        if text:
            await self.answer(message, text, asker_of(message))
        elif (
            original is not None and not replies_to_bot(context.bot, message) and (message.quote or words_of(original))
        ):
            await self._answer_for(message, original)
        else:
            words = await words_for(self._store, message)
            await self._outbox.reply(message, words, introduction(words, self._subject).how_to_ask)

    async def answer(self, asked: Message, text: str, asker: int) -> None:
        """The straight line of every question: answer, render, send, keep and count; the buttons are the asker's."""
        await self._send(asked, await self._said(asked, text, asker))

    async def _answer_for(self, asking: Message, asked: Message) -> None:
        """The same for a message that somebody else asks with, or for the part of it that they selected."""
        selected, asker = asking.quote, asker_of(asking)
        text = selected.text if selected else words_of(asked)
        if is_ephemeral(asking):
            await self.answer(asking, text, asker)
        else:
            # An answer to a part says nothing of the whole, should that be edited.
            said = await self._said(asked, text, asker)
            await self._send(asked, said, quote_of(asked, selected), followed=selected is None)

    async def _said(self, asked: Message, text: str, asker: int) -> "_Said":
        earlier = self._recent.before(asked)
        try:
            answer = await self._library.answer(text, earlier)
        except QuestionTooHardError as error:
            self._tally.gave_up()
            _LOG.error("a question was given up", extra=told(Trouble.GIVEN_UP, describe(error)))
            words = await words_for(self._store, asked)
            return _Said(words, words.too_hard)
        words = await words_for(self._store, asked, answer.question.language)
        for_one = is_ephemeral(asked)
        cited = [quote.passage for quote in answer.quotes]
        sources = sources_of(cited, words, self._reader, apart=is_private(asked.chat))
        keyboard = source_keyboard(answer, sources) if for_one else answer_keyboard(answer, asker, sources, words)
        return _Said(words, answer_html(answer, words, earlier, self._reader), keyboard, answer, earlier, for_one)

    async def _send(self, asked: Message, said: "_Said", quote: Quoted | None = None, followed: bool = True) -> None:
        reply = await self._outbox.reply(asked, said.words, said.html, said.keyboard, quote)
        # In another chat, which the group has become meanwhile, the question's number is another's.
        followed = followed and reply.chat_id == asked.chat_id and not said.for_one
        await self._keep(said, (asked, reply.message_id) if followed else None)

    async def _change_answer(self, asked: Message, said: "_Said") -> None:
        answer = await self._store.answer_to(asked.chat_id, asked.message_id)
        if answer is not None:
            await self._outbox.edit(InaccessibleMessage(asked.chat, answer), said.html, said.keyboard)
            await self._keep(said, (asked, answer))

    async def _keep(self, said: "_Said", pair: tuple[Message, int] | None) -> None:
        """Counts a question, and keeps which message answers it, should it be edited or gone on from."""
        if pair is not None and said.answer is not None:
            self._recent.remember(*pair, said.answer.question, said.earlier)
        try:
            if pair is not None:
                asked, reply = pair
                await self._store.keep_answer(asked.chat_id, asked.message_id, reply)
            if said.answer is not None:
                await self._tally.count(said.answer, for_one=said.for_one)
        except DatabaseError as error:
            _LOG.error("a question was answered and not counted: %s", error)

    def _remember_album(self, message: Message) -> None:
        """Keeps that an album was answered; only then, for what fails is handled again."""
        if message.media_group_id is not None:
            self._albums.append(message.media_group_id)
