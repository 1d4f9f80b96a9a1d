"""A question that is edited: its answer is edited, too, also after a restart."""

from datetime import timedelta

from telegram import Message, Update

from bot.conversation.addressing import question_in
from bot.conversation.admission import Handler
from bot.conversation.context import Context
from bot.storage.store import Store

_SOON = timedelta(seconds=90)
"""After a message; what is edited then was a slip, and is taken as if it had been written so."""


class Edits:
    """Stands before the handlers of questions."""

    def __init__(self, store: Store, answer_again: Handler) -> None:
        self._store = store
        self._answer_again = answer_again

    def followed(self, ask: Handler) -> Handler:
        """The handler, for new messages and for those put right soon after; an answered question is answered again.

        An edit that leaves no question leaves all as it is, and so does a later one of what was never answered.
        """

        async def handle(update: Update, context: Context) -> None:
            message = update.edited_message
            if message is None:
                await ask(update, context)
            elif question_in(context.bot, message):
                if await self._store.answer_to(message.chat_id, message.message_id) is not None:
                    await self._answer_again(update, context)
                elif _is_soon(message):
                    await ask(update, context)

        return handle


def _is_soon(message: Message) -> bool:
    return message.edit_date is not None and message.edit_date - message.date <= _SOON
