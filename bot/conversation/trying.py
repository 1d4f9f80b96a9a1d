"""Why a question is answered as it is, for administrators."""

from telegram import Update

from bot.conversation.addressing import question_behind_command
from bot.conversation.context import Context
from bot.corpus.library import Library
from bot.corpus.nursery import QuestionTooHardError
from bot.delivery.sending import Outbox
from bot.speech.introduction import introduction
from bot.speech.reports import explanation_html
from bot.speech.wording import words_for
from bot.storage.store import Store
from bot.subject import Subject


class Trial:
    """The handler of `/try`."""

    def __init__(self, library: Library, store: Store, outbox: Outbox, subject: Subject | None = None) -> None:
        self._library = library
        self._store = store
        self._outbox = outbox
        self._subject = subject

    async def explain(self, update: Update, context: Context) -> None:
        """`/try question`: what was found for it and what was weighed; it is not counted."""
        message = update.effective_message
        if message is None:
            return
        words = await words_for(self._store, message)
        question = question_behind_command(message)
        try:
            if question:
                said = explanation_html(await self._library.answer(question), words)
            else:
                said = introduction(words, self._subject).how_to_try
        except QuestionTooHardError:
            said = words.too_hard
        await self._outbox.reply(message, words, said)
