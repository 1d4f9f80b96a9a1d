"""Who asks or commands too much at once is told so, once a minute, instead of being answered."""

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Chat, Message, Update, User

from bot.conversation.context import Context
from bot.conversation.limits import Limits, Verdict
from bot.conversation.presses import acknowledge
from bot.delivery import errands
from bot.delivery.sending import Outbox
from bot.speech.wording import words_for, words_in
from bot.storage.store import Store

Handler = Callable[[Update, Context], Coroutine[Any, Any, None]]


class Admission:
    """Stands before the handlers of all that anybody may write."""

    def __init__(self, limits: Limits, store: Store, outbox: Outbox) -> None:
        self._limits = limits
        self._store = store
        self._outbox = outbox

    def limited(self, answer: Handler) -> Handler:
        """The handler, for as many messages as one may send."""

        async def handle(update: Update, context: Context) -> None:
            message = update.effective_message
            verdict = Verdict.ANSWER if message is None else self._verdict(message)
            if verdict is Verdict.ANSWER:
                await answer(update, context)
            elif verdict is Verdict.SAY_SO and message is not None:
                words = await words_for(self._store, message)
                await self._outbox.reply(message, words, words.too_much)

        return handle

    def limited_in_silence(self, answer: Handler) -> Handler:
        """The handler, for as many messages; what is beyond is passed over without a word, for nobody waits for it."""

        async def handle(update: Update, context: Context) -> None:
            message = update.effective_message
            if message is None or self._verdict(message) is Verdict.ANSWER:
                await answer(update, context)

        return handle

    def limited_press(self, answer: Handler) -> Handler:
        """The handler, for as many presses; what is beyond is told so at the button."""

        async def handle(update: Update, context: Context) -> None:
            query = update.callback_query
            if query is None or query.message is None or self._admits_press(query.from_user, query.message.chat):
                await answer(update, context)
            else:
                words = await words_in(self._store, query.message.chat, query.from_user)
                await acknowledge(query, words.too_fast)

        return handle

    def _verdict(self, message: Message) -> Verdict:
        errand = errands.in_hand()
        if errand is not None and (errand.late or errand.admitted):
            return Verdict.ANSWER  # it is we who were away while they gathered, or could not answer it
        author = message.sender_chat or message.from_user or message.chat
        verdict = self._limits.verdict(author.id, message.chat_id)
        if errand is not None:
            errand.admitted = verdict is Verdict.ANSWER
        return verdict

    def _admits_press(self, person: User, chat: Chat) -> bool:
        errand = errands.in_hand()
        admitted = (errand is not None and errand.admitted) or self._limits.admits_press(person.id, chat.id)
        if errand is not None:
            errand.admitted = admitted
        return admitted
