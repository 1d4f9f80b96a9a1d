"""What is kept about people, said when they ask, and deleted when they want."""

import asyncio

from telegram import Message, Update

from bot.conversation.context import Context
from bot.conversation.recent import Recent
from bot.conversation.rights import by_name, wrote_with_the_right
from bot.delivery import errands
from bot.delivery.sending import Outbox
from bot.speech.phrases import Phrases
from bot.speech.wording import words_for
from bot.storage.backups import Backups
from bot.storage.store import Store


class Privacy:
    """The handlers of `/privacy` and `/forget`."""

    def __init__(
        self, store: Store, backups: Backups, outbox: Outbox, recent: Recent, keep_unanswered: int = 0
    ) -> None:
        self._store = store
        self._backups = backups
        self._outbox = outbox
        self._recent = recent
        self._keep_unanswered = keep_unanswered

    async def tell(self, update: Update, context: Context) -> None:
        """`/privacy`: what is kept, for how long, and where it goes."""
        if message := update.effective_message:
            words = await words_for(self._store, message)
            await self._outbox.reply(message, words, self._kept(words))

    def _kept(self, words: Phrases) -> str:
        if not self._keep_unanswered:
            return words.privacy
        asked = words.privacy_unanswered.format(days=words.days.of(self._keep_unanswered))
        return f"{words.privacy}\n\n{asked}"

    async def forget(self, update: Update, context: Context) -> None:
        """`/forget`: deletes all about the person, and about the chat if the person may decide for it."""
        message = update.effective_message
        if message is None:
            return
        words = await words_for(self._store, message)
        await self._forget_person(message)
        decides = await wrote_with_the_right(context.bot, message)
        if decides:
            await self._forget_chat(message.chat_id)
        await self._outbox.reply(message, words, words.forgotten if decides else words.forgotten_but_group)

    async def _forget_person(self, message: Message) -> None:
        person, errand = by_name(message), errands.in_hand()
        if person is None:
            return
        self._recent.forget(person.id)
        if errand is not None:
            await errand.forget_before(person.id)
        await self._store.forget_author(person.id)
        await asyncio.to_thread(self._backups.forget_author, person.id)
        await self._forget_chat(person.id)  # a private chat has the person's number

    async def _forget_chat(self, chat: int) -> None:
        self._recent.forget_chat(chat)
        await self._store.forget_chat(chat)
        await asyncio.to_thread(self._backups.forget_chat, chat)
