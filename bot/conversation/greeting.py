"""The bot says hello, once, to a group that it has been added to."""

import asyncio

from telegram import Chat, ChatMember, ChatMemberRestricted, Update, User
from telegram.constants import ChatMemberStatus, ChatType

from bot.conversation.context import Context
from bot.delivery import errands
from bot.delivery.sending import Outbox
from bot.speech.introduction import introduction
from bot.speech.wording import words_in
from bot.storage.store import Store
from bot.subject import Subject

_SECONDS_TO_MOVE = 2.0
"""Of a group that becomes a supergroup Telegram may tell the move after the bot's standing there, and in another chat's
turn: for so long it is waited for."""
_INSIDE = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.MEMBER)


class Greeting:
    """The handlers of being added, which Telegram may tell in two ways."""

    def __init__(self, store: Store, outbox: Outbox, subject: Subject | None = None) -> None:
        self._store = store
        self._subject = subject
        self._outbox = outbox

    async def standing_changed(self, update: Update, context: Context) -> None:
        """The bot was added, promoted, restricted or removed: only the first is greeted."""
        change = update.my_chat_member
        if change and _is_inside(change.new_chat_member) and not _is_inside(change.old_chat_member):
            if change.chat.type == ChatType.SUPERGROUP and not await self._store.knows_chat(change.chat.id):
                await asyncio.sleep(_SECONDS_TO_MOVE)
            await self._greet(change.chat, change.from_user)

    async def members_came(self, update: Update, context: Context) -> None:
        """People came to a group, the bot perhaps among them."""
        message = update.effective_message
        if message and any(member.id == context.bot.id for member in message.new_chat_members):
            await self._greet(message.chat, message.from_user)

    async def _greet(self, chat: Chat, by: User | None) -> None:
        if chat.type not in (ChatType.GROUP, ChatType.SUPERGROUP) or await self._store.knows_chat(chat.id):
            return
        errand = errands.in_hand()
        # A hello that may have arrived before the process died is not said twice.
        if errand is None or not errand.sent_before:
            words = await words_in(self._store, chat, by)
            await self._outbox.greet(chat, words, introduction(words, self._subject).start_in_group)
        await self._store.keep_chat(chat.id)


def _is_inside(member: ChatMember) -> bool:
    """Whether such a member is in the chat."""
    return member.status in _INSIDE or (isinstance(member, ChatMemberRestricted) and member.is_member)
