"""Messages in a group that one person and the bot alone see (Bot API 10.2), and where replies to them go.

The framework does not know them yet: what it does not read of a message stands in its `api_kwargs`.
"""

from typing import Any

from telegram import Message, ReplyParameters

_NUMBER = "ephemeral_message_id"
"""Such messages are counted by themselves; among the chat's own messages each has the number 0."""


def is_ephemeral(message: Message) -> bool:
    """Whether the message is not for the chat, whatever is said to it neither."""
    return message.message_id == 0 or _NUMBER in message.api_kwargs


def place_beside(to: Message) -> dict[str, Any]:
    """Where a reply stands that whoever wrote the message alone sees; Telegram takes it for 15 seconds."""
    # Both say so: a server that knows one of them and not the other refuses.
    answered: Any = None
    return {
        "chat_id": to.chat_id,
        "reply_parameters": ReplyParameters(answered, api_kwargs={_NUMBER: to.api_kwargs.get(_NUMBER)}),
        "api_kwargs": {"ephemeral_message_parameters": {"receiver_user_id": to.from_user and to.from_user.id}},
    }
