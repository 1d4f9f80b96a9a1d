"""Who may decide: for a chat its administrators, in private the one person there is; for the bot its own."""

from telegram import Bot, Chat, Message, User
from telegram.constants import ChatMemberStatus, ChatType
from telegram.ext import filters

from bot.settings import SHARED_ACCOUNTS


def is_private(chat: Chat) -> bool:
    """Whether the chat is a person's own with the bot."""
    return chat.type == ChatType.PRIVATE


def by_name(message: Message) -> User | None:
    """Who wrote the message under their own name; none where many people act under the account."""
    author = message.from_user
    return None if author is None or author.id in SHARED_ACCOUNTS else author


async def may_decide(bot: Bot, chat: Chat, person: int) -> bool:
    """Whether the person may decide for the chat."""
    if is_private(chat):
        return True
    member = await bot.get_chat_member(chat.id, person)
    return member.status in (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


async def wrote_with_the_right(bot: Bot, message: Message) -> bool:
    """Whether the author may decide; whoever writes as the group itself is one of its administrators."""
    if message.sender_chat is not None:
        return message.sender_chat.id == message.chat_id
    return message.from_user is not None and await may_decide(bot, message.chat, message.from_user.id)


class ByAdministrator(filters.MessageFilter):
    """Lets through what the bot's administrators wrote: no channel, no anonymous admin, no words of somebody else's."""

    def __init__(self, admins: frozenset[int]) -> None:
        super().__init__()
        self._admins = admins

    def filter(self, message: Message) -> bool:
        """Whether one of them wrote the message themselves."""
        others_words = message.sender_chat or message.forward_origin or message.via_bot
        return others_words is None and message.from_user is not None and message.from_user.id in self._admins
