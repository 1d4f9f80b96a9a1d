"""What goes out to Telegram: in the right chat and topic, to the right message, and again where it got lost."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, MaybeInaccessibleMessage, Message, ReplyParameters
from telegram.constants import ChatType, ParseMode
from telegram.error import BadRequest, ChatMigrated, NetworkError, RetryAfter, TimedOut

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_LONGEST_WAIT = 60.0
"""Seconds that an answer may be held back because Telegram asks for patience."""
_MOST_WAITS = 2
_BEFORE_RETRY = 1.0
"""Seconds between a lost connection and the second try."""

_Result = TypeVar("_Result")


async def reply(bot: Bot, to: Message, html: str, keyboard: InlineKeyboardMarkup | None = None) -> Message:
    """Sends `html` where `to` stands: in its topic, and in a group as a reply to it."""

    async def send(chat: int) -> Message:
        # After a group has become a supergroup the number of `to` is that of some other message.
        alone = to.chat.type == ChatType.PRIVATE or chat != to.chat_id
        return await bot.send_message(
            chat_id=chat,
            # A thread id without is_topic_message is only a thread of replies, which cannot be written to.
            message_thread_id=to.message_thread_id if to.is_topic_message else None,
            text=html,
            parse_mode=ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
            reply_parameters=None if alone else ReplyParameters(to.message_id, allow_sending_without_reply=True),
            reply_markup=keyboard,
        )

    return await _delivered(send, to.chat_id)


async def edit(bot: Bot, message: MaybeInaccessibleMessage, html: str) -> None:
    """Changes a message of the bot's; one that says so already is left as it is."""

    async def change(chat: int) -> None:
        await bot.edit_message_text(
            html,
            chat_id=chat,
            message_id=message.message_id,
            parse_mode=ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
        )

    try:
        await _delivered(change, message.chat.id)
    except BadRequest as error:
        if "not modified" not in error.message.lower():
            raise


def seconds_asked(flood: RetryAfter) -> float:
    """How long Telegram asks to wait; the framework says it as a number or as a span of time."""
    asked = flood.retry_after
    return asked.total_seconds() if isinstance(asked, timedelta) else float(asked)


async def _delivered(send: Callable[[int], Awaitable[_Result]], chat: int) -> _Result:
    """What `send` returns for the chat, tried again after a flood, a lost connection or the chat's move.

    Never after a timeout: the message has then most likely arrived.
    """
    waits, retries, moves = _MOST_WAITS, 1, 1
    while True:
        try:
            return await send(chat)
        except RetryAfter as flood:
            if not waits or seconds_asked(flood) > _LONGEST_WAIT:
                raise
            waits -= 1
            await asyncio.sleep(seconds_asked(flood))
        except ChatMigrated as moved:
            if not moves:
                raise
            moves -= 1
            chat = moved.new_chat_id
        except NetworkError as error:
            if not retries or isinstance(error, (BadRequest, TimedOut)):
                raise
            retries -= 1
            await asyncio.sleep(_BEFORE_RETRY)
