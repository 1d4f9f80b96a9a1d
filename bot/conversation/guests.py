"""Guest mode: mentioned in a chat that it is not in, the bot answers once, with its best quote."""

from telegram import Bot, Message, Update

from bot.conversation.addressing import question_without_mention, replies_to_bot, words_of
from bot.conversation.context import Context
from bot.conversation.offers import offer, remark
from bot.conversation.tally import Tally
from bot.corpus.library import Library
from bot.corpus.nursery import QuestionTooHardError
from bot.delivery.sending import Outbox
from bot.speech.addresses import PublicReader
from bot.speech.wording import words_for
from bot.storage.store import Store


class Guests:
    """The handler of guest messages; there the bot can do nothing but answer once."""

    def __init__(
        self, library: Library, store: Store, tally: Tally, outbox: Outbox, reader: PublicReader | None = None
    ) -> None:
        self._library = library
        self._store = store
        self._tally = tally
        self._outbox = outbox
        self._reader = reader

    async def asked(self, update: Update, context: Context) -> None:
        """Answers the words beside the mention, else the message replied to."""
        message = update.guest_message
        if message is None:
            return
        if text := _question(context.bot, message):
            await self._answer(message, text)
        else:
            words = await words_for(self._store, message)
            await self._outbox.answer_guest(message, remark(words.text_only))

    async def _answer(self, message: Message, text: str) -> None:
        try:
            answer = await self._library.answer(text, quotes=1)
        except QuestionTooHardError:
            self._tally.gave_up()
            words = await words_for(self._store, message)
            await self._outbox.answer_guest(message, remark(words.too_hard))
            return
        words = await words_for(self._store, message, answer.question.language)
        said = remark(words.nothing_found)
        if answer.found:
            said = offer(answer, answer.quotes[0], answer.references[0], words, self._reader)
        await self._outbox.answer_guest(message, said)
        await self._tally.count(answer)


def _question(bot: Bot, message: Message) -> str:
    original = None if replies_to_bot(bot, message) else message.reply_to_message
    return question_without_mention(bot, message) or words_of(original)
