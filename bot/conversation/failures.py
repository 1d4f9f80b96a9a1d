"""What happens where a handler fails: a line in the log, and a word to whoever asked."""

import logging

from telegram import Update

from bot.conversation import alarms
from bot.conversation.context import Context
from bot.conversation.offers import remark
from bot.corpus.nursery import EditionFailedError, EditionLostError
from bot.delivery import errands
from bot.delivery.sending import Outbox
from bot.delivery.transport import may_have_arrived
from bot.logs import describe
from bot.speech.wording import words_for
from bot.storage.database import DatabaseError
from bot.storage.store import Store
from bot.troubles import Trouble, told

_LOG = logging.getLogger(__name__)


class Failures:
    """Takes whatever no handler has."""

    def __init__(self, store: Store, outbox: Outbox) -> None:
        self._store = store
        self._outbox = outbox

    async def handle(self, update: object, context: Context) -> None:
        """Logs where it failed; not on what, for that is somebody's words. Then says sorry, if that can be said.

        Where only the database failed, or what answers is lost, the update is handled again.
        """
        error, errand = context.error, errands.in_hand()
        if error is None:
            return
        if isinstance(error, (DatabaseError, EditionLostError, EditionFailedError)) and errand is not None:
            _LOG.error("an update waits to be handled again: %s", error, extra=alarms.failure(error))
            errand.postponed = True
            return
        extra = alarms.failure(error)
        level = logging.ERROR if extra else logging.WARNING
        _LOG.log(level, "an update could not be handled: %s", describe(error), extra=extra)
        may_have_answered = errand is not None and errand.sending and may_have_arrived(error)
        # A press is answered by its own handler; where the bot is shut out, or may have answered, nothing is said.
        if isinstance(update, Update) and not alarms.shuts_out(error) and not may_have_answered:
            await self._apologise(update)

    async def gave_up(self, update: Update) -> None:
        """Says sorry for an update that the process has died of too often."""
        _LOG.error("an update was set aside: the process has died of it again and again", extra=told(Trouble.GIVEN_UP))
        await self._apologise(update)

    async def _apologise(self, update: Update) -> None:
        asked = update.message or update.edited_message or update.guest_message
        if asked is None:
            return
        try:
            words = await words_for(self._store, asked)
            if update.guest_message is None:
                await self._outbox.reply(asked, words, words.sorry)
            else:
                await self._outbox.answer_guest(asked, remark(words.sorry))
        except Exception as error:
            # Nearly always for the reason that has just been logged.
            _LOG.debug("nor could that be said: %s", describe(error))
