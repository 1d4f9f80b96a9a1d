"""Inline mode: whoever types the bot's name and a question in any chat is offered passages to send there."""

from telegram import InlineQuery, InlineQueryResultsButton, Update

from bot.conversation.context import Context
from bot.conversation.limits import Limits
from bot.conversation.offers import offer
from bot.corpus.library import Library
from bot.corpus.nursery import QuestionTooHardError
from bot.delivery.sending import Outbox
from bot.speech.addresses import PublicReader
from bot.speech.phrases import REPLY_LANGUAGES, Phrases, phrases, reply_language
from bot.storage.store import Store
from retrieval.text import is_han

_ON_A_PAGE = 10
_START = "inline"
"""What /start says behind it, of whoever comes from there."""


class Inline:
    """The handler of inline queries."""

    def __init__(
        self, library: Library, store: Store, outbox: Outbox, limits: Limits, reader: PublicReader | None = None
    ) -> None:
        self._library = library
        self._store = store
        self._outbox = outbox
        self._limits = limits
        self._reader = reader

    async def asked(self, update: Update, context: Context) -> None:
        """Offers what answers the query so far; where nothing does, the private chat."""
        query = update.inline_query
        if query is None or not self._limits.admits_inline(query.from_user.id):
            return
        chosen = await self._store.chosen_language(query.from_user.id)
        if _says_something(query.query):
            await self._offer(query, chosen)
        else:
            words = _words(query, chosen, None)
            await self._outbox.answer_inline(query.id, [], _button(words.inline_help), personal=True)

    async def _offer(self, query: InlineQuery, chosen: str | None) -> None:
        begin = int(query.offset) if query.offset.isdecimal() else 0
        end = begin + _ON_A_PAGE
        try:
            answer = await self._library.answer(query.query, quotes=end + 1)
        except QuestionTooHardError:
            return
        words = _words(query, chosen, answer.question.language)
        enough = [
            offer(answer, quote, reference, words, self._reader)
            for quote, reference in zip(answer.quotes, answer.references, strict=True)
            if answer.found and quote.hit.evidence >= answer.threshold
        ]
        await self._outbox.answer_inline(
            query.id,
            enough[begin:end],
            None if enough else _button(words.inline_nothing),
            personal=chosen is not None or answer.question.language not in REPLY_LANGUAGES,
            next_offset=str(end) if len(enough) > end else "",
        )


def _says_something(text: str) -> bool:
    """Whether there is enough to look for: two letters or digits, or one Chinese character."""
    return sum(2 if is_han(character) else character.isalnum() for character in text) >= 2


def _words(query: InlineQuery, chosen: str | None, question: str | None) -> Phrases:
    return phrases(reply_language(chosen, question, query.from_user.language_code))


def _button(text: str) -> InlineQueryResultsButton:
    """The way to the private chat."""
    return InlineQueryResultsButton(text, start_parameter=_START)
