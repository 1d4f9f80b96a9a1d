"""What a press of a button gets: its spinner ends, and what was chosen stands where the buttons were."""

from collections.abc import Awaitable, Callable

from telegram import CallbackQuery, Chat

from bot.delivery.sending import Outbox, unless_too_old
from bot.speech.phrases import phrases, reply_language
from retrieval.text import shortened

_LONGEST_TOAST = 200

Choose = Callable[[CallbackQuery, Chat], Awaitable[tuple[bool, str]]]
"""Does what the button says, where whoever pressed it may; whether it was done, and what to say about it."""


async def obey(query: CallbackQuery, outbox: Outbox, choose: Choose) -> None:
    """Lets the press choose, and says what came of it: in the message with the buttons, or at the button alone."""
    if query.message is None:
        return
    try:
        done, said = await choose(query, query.message.chat)
    except Exception:
        await acknowledge(query, phrases(reply_language(None, None, query.from_user.language_code)).sorry)
        raise
    if done and query.message.is_accessible:
        await acknowledge(query)
        await outbox.edit(query.message, said)
    else:
        await acknowledge(query, said)


async def acknowledge(query: CallbackQuery, text: str | None = None, alert: bool = False) -> bool:
    """Ends the button's spinner, unless it is older than Telegram remembers; whether `text` could be told at it."""
    with unless_too_old():
        return await query.answer(text and shortened(text, _LONGEST_TOAST), show_alert=alert)
    return False
