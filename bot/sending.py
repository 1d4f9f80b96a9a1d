"""What goes out to Telegram: in the right chat and topic, to the right message."""

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ChatType, ParseMode

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


async def reply(bot: Bot, to: Message, html: str, keyboard: InlineKeyboardMarkup | None = None) -> Message:
    """Sends `html` where `to` stands: in its topic, and in a group as a reply to it."""
    in_private = to.chat.type == ChatType.PRIVATE
    return await bot.send_message(
        chat_id=to.chat_id,
        # A thread id without is_topic_message is only a thread of replies, which cannot be written to.
        message_thread_id=to.message_thread_id if to.is_topic_message else None,
        text=html,
        parse_mode=ParseMode.HTML,
        link_preview_options=_NO_PREVIEW,
        reply_parameters=None if in_private else ReplyParameters(to.message_id, allow_sending_without_reply=True),
        reply_markup=keyboard,
    )


async def edit(bot: Bot, message: Message, html: str) -> None:
    """Changes a message of the bot's."""
    await bot.edit_message_text(
        html,
        chat_id=message.chat_id,
        message_id=message.message_id,
        parse_mode=ParseMode.HTML,
        link_preview_options=_NO_PREVIEW,
    )
