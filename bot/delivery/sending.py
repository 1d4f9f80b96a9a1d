"""What goes out to Telegram: in the right chat and topic, to the right message, and again where it surely got lost."""

import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from telegram import (
    Bot,
    Chat,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    MaybeInaccessibleMessage,
    Message,
    ReplyParameters,
)
from telegram.constants import ChatType, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.delivery import errands
from bot.delivery.ephemeral import is_ephemeral, place_beside
from bot.delivery.pace import Pace
from bot.delivery.quoting import Quoted
from bot.delivery.transport import is_of_transport, may_have_arrived
from bot.metrics import Metrics
from bot.speech.phrases import Phrases
from bot.speech.rendering import asked_elsewhere, plain, with_remarks
from bot.troubles import Trouble, told

_LOG = logging.getLogger(__name__)
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_SECONDS_OFFERED = 60
"""For so long Telegram gives what was offered to whoever types the same, to the same person where it is personal."""
_MOST_REFUSALS = 5
"""So often a message is sent again that Telegram's servers fail over."""
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
"""Seconds between two tries; each wait is twice the one before."""
_GENERAL_TOPIC = 1
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
"""What Telegram says of a message that cannot be changed any more."""
_OF_BUTTONS = ("button", "bot_domain_invalid")
"""What it says where it does not take a button; the second, where nobody has told @BotFather the reader's domain."""
_Result = TypeVar("_Result")
_Send = Callable[[int, bool], Awaitable[_Result]]
"""Sends to a chat; with a word on it where the message may have arrived before."""
_Post = Callable[..., Awaitable[Message]]
"""Sends a text with its parse mode to a place."""


class MessageGoneError(TelegramError):
    """Raised when a message that is to be changed is no longer there."""


class Outbox:
    """Sends and edits messages at the pace that Telegram allows.

    What was surely not delivered is sent until it is: floods and lost connections are waited out, for only the chat
    they befall. What may have been delivered is sent once more at most, and says so.
    """

    def __init__(self, bot: Bot, pace: Pace, metrics: Metrics) -> None:
        self._bot = bot
        self._pace = pace
        self._metrics = metrics
        self._shows_to_all = False
        """Whether the server has shown to all what was for one."""

    async def reply(
        self,
        to: Message,
        words: Phrases,
        html: str,
        keyboard: InlineKeyboardMarkup | None = None,
        quote: Quoted | None = None,
    ) -> Message:
        """Sends `html` where `to` stands: in its topic, and in a group as a reply to it, or to a part of it.

        What one person alone could see is answered for them alone: there, else in their private chat, else not at all.
        Raises TelegramError where Telegram refuses it, or may have got it twice without saying so.
        """

        async def post(text: str, mode: ParseMode | None, **place: Any) -> Message:
            send = partial(self._bot.send_message, text=text, parse_mode=mode, link_preview_options=NO_PREVIEW, **place)
            return await _with_what_buttons_it_may(lambda buttons: send(reply_markup=buttons), keyboard)

        return await self._reply(to, words, html, post, quote)

    async def reply_with_photo(
        self, to: Message, words: Phrases, photo: bytes, html: str, keyboard: InlineKeyboardMarkup | None = None
    ) -> Message:
        """Sends a picture with `html` under it, as `reply` does a text."""

        async def post(text: str, mode: ParseMode | None, **place: Any) -> Message:
            send = partial(self._bot.send_photo, photo=photo, caption=text, parse_mode=mode, **place)
            return await _with_what_buttons_it_may(lambda buttons: send(reply_markup=buttons), keyboard)

        return await self._reply(to, words, html, post)

    async def tell(self, person: int, words: Phrases, html: str) -> Message:
        """Sends `html` to somebody who has not asked just now, in their private chat.

        Raises Forbidden or BadRequest where they have none with the bot, and else what `reply` raises.
        """

        return await self.greet(Chat(person, ChatType.PRIVATE), words, html)

    async def greet(self, chat: Chat, words: Phrases, html: str) -> Message:
        """Sends `html` to a chat, in reply to nothing."""

        async def send(number: int, again: bool) -> Message:
            send = partial(self._bot.send_message, number, link_preview_options=NO_PREVIEW)
            return await _with_what_markup_it_may(send, with_remarks(html, words, again, late=False))

        return await self._delivered(send, chat)

    async def edit(
        self, message: MaybeInaccessibleMessage, html: str, keyboard: InlineKeyboardMarkup | None = None
    ) -> None:
        """Changes a message of the bot's; one that says so already is left as it is, buttons that are not given go.

        Markup or buttons that Telegram refuses are left out. Raises TelegramError where it cannot be changed:
        MessageGoneError where it is no longer there.
        """

        async def change(chat: int) -> None:
            edit = partial(
                self._bot.edit_message_text,
                chat_id=chat,
                message_id=message.message_id,
                link_preview_options=NO_PREVIEW,
            )

            async def put(text: str, mode: ParseMode | None) -> object:
                return await _with_what_buttons_it_may(
                    lambda buttons: edit(text, parse_mode=mode, reply_markup=buttons), keyboard
                )

            await _with_what_markup_it_may(put, html)

        await self._changed(message, change)

    async def edit_keyboard(self, message: MaybeInaccessibleMessage, keyboard: InlineKeyboardMarkup | None) -> None:
        """Changes the buttons of a message of the bot's alone; raises what `edit` does."""

        async def change(chat: int) -> None:
            await self._bot.edit_message_reply_markup(chat, message.message_id, reply_markup=keyboard)

        await self._changed(message, change)

    async def _changed(self, message: MaybeInaccessibleMessage, change: Callable[[int], Awaitable[None]]) -> None:
        async def change_there(chat: int, again: bool) -> None:
            if chat != message.chat.id:
                raise MessageGoneError("the chat has moved, and counts its messages anew")
            await change(chat)

        try:
            await self._delivered(change_there, message.chat)
        except BadRequest as error:
            reason = error.message.lower()
            if any(gone in reason for gone in _GONE):
                raise MessageGoneError(error.message) from error
            if "not modified" not in reason:
                raise

    async def answer_guest(self, message: Message, result: InlineQueryResultArticle) -> None:
        """Answers a guest message, which can be done once; after that, or too late, nothing is said."""
        query = message.guest_query_id or ""

        async def answer(chat: int, again: bool) -> None:
            await _with_or_without_markup(lambda one: self._bot.answer_guest_query(query, *one), [result])

        with unless_too_old():
            await self._delivered(answer, message.chat)

    async def answer_inline(
        self,
        query: str,
        results: Sequence[InlineQueryResultArticle],
        button: InlineQueryResultsButton | None = None,
        *,
        personal: bool,
        next_offset: str = "",
    ) -> None:
        """Answers an inline query, unless it is too late; for a while Telegram may answer it so by itself."""

        async def answer(offered: Sequence[InlineQueryResultArticle]) -> None:
            await self._bot.answer_inline_query(
                query, offered, _SECONDS_OFFERED, is_personal=personal, next_offset=next_offset, button=button
            )

        with unless_too_old():
            await _with_or_without_markup(answer, results)

    async def _reply(self, to: Message, words: Phrases, html: str, post: _Post, quote: Quoted | None = None) -> Message:
        errand = errands.in_hand()
        late = errand is not None and errand.late

        async def send(chat: int, again: bool) -> Message:
            text = with_remarks(html, words, again, late)
            try:
                return await _with_what_markup_it_may(partial(post, **_place(to, chat, quote)), text)
            except BadRequest as error:
                if quote is None or "quote" not in error.message.lower():
                    raise
            # The message was edited meanwhile.
            return await _with_what_markup_it_may(partial(post, **_place(to, chat, None)), text)

        if is_ephemeral(to):
            return await self._replied_to_one(send, to, words, html)
        return await self._delivered(send, to.chat)

    async def _replied_to_one(self, send: _Send[Message], to: Message, words: Phrases, html: str) -> Message:
        """Sends a reply that nobody else sees; in private where it cannot be shown in the chat."""
        asker = to.from_user
        if asker is None:
            raise BadRequest("an ephemeral message without an author cannot be answered")
        if not self._shows_to_all:
            try:
                sent = await self._delivered(send, to.chat)
            except (BadRequest, ChatMigrated, Forbidden) as error:
                _LOG.info("an ephemeral answer goes to its asker's private chat: %s", error.message)
            else:
                if is_ephemeral(sent):
                    return sent
                await self._take_back(sent)
        return await self.tell(asker.id, words, asked_elsewhere(html, words))

    async def _take_back(self, shown: Message) -> None:
        """Deletes what was to be shown to one and was shown to all, and sends nothing more of the kind."""
        self._shows_to_all = True
        _LOG.error(
            "the Bot API server knows no ephemeral messages, and showed to all what is now deleted; update it",
            extra=told(Trouble.FAILED, "ephemeral messages"),
        )

        async def delete(chat: int, again: bool) -> None:
            await self._bot.delete_message(chat, shown.message_id)

        with contextlib.suppress(BadRequest):  # it is gone already
            await self._delivered(delete, shown.chat)

    async def _delivered(self, send: _Send[_Result], to: Chat) -> _Result:
        errand, chat, group = errands.in_hand(), to.id, to.type != ChatType.PRIVATE
        again = errand is not None and errand.sent_before
        refusals, doubts, moves, wait = 0, 0, 0, _FIRST_WAIT
        while True:
            await self._pace.turn(chat, group)
            if errand is not None:
                await errand.about_to_send()
            try:
                sent = await send(chat, again)
            except RetryAfter as flood:
                self._metrics.floods += 1
                self._pace.hold(chat, seconds_asked(flood))
            except ChatMigrated as moved:
                moves += 1
                if moves > 1:
                    raise
                chat = moved.new_chat_id
            except (BadRequest, Forbidden):
                self._metrics.sends["refused"] += 1
                raise
            except NetworkError as error:
                doubts += may_have_arrived(error)
                refusals += not is_of_transport(error)
                if doubts > 1 or refusals > _MOST_REFUSALS:
                    raise
                if doubts and errand is not None:
                    errand.sent_before = True  # whatever else is sent for it, too, may come twice
                again = again or doubts > 0
                self._pace.hold(chat, wait)
                wait = min(2 * wait, _LONGEST_WAIT)
            else:
                self._metrics.sends["repeated" if again else "delivered"] += 1
                return sent
            if errand is not None and not again:
                await errand.surely_not_sent()


@contextmanager
def unless_too_old() -> Iterator[None]:
    """Passes over that Telegram takes no answer to a query any more."""
    try:
        yield
    except BadRequest as error:
        if "too old" not in error.message.lower():
            raise


async def _with_what_markup_it_may(send: Callable[[str, ParseMode | None], Awaitable[_Result]], html: str) -> _Result:
    """What comes of sending the text; where Telegram cannot read its markup, without any."""
    try:
        return await send(html, ParseMode.HTML)
    except BadRequest as error:
        if not _cannot_be_read(error):
            raise
    return await send(plain(html), None)


async def _with_what_buttons_it_may(
    send: Callable[[InlineKeyboardMarkup | None], Awaitable[_Result]], keyboard: InlineKeyboardMarkup | None
) -> _Result:
    """What comes of sending with the buttons, or without, where Telegram refuses one: what is said is worth more."""
    try:
        return await send(keyboard)
    except BadRequest as error:
        if keyboard is None or not any(word in error.message.lower() for word in _OF_BUTTONS):
            raise
    return await send(None)


async def _with_or_without_markup(
    answer: Callable[[Sequence[InlineQueryResultArticle]], Awaitable[object]],
    results: Sequence[InlineQueryResultArticle],
) -> None:
    """Answers with the articles; where Telegram cannot read the markup of one, with their text alone."""
    try:
        await answer(results)
    except BadRequest as error:
        if not _cannot_be_read(error):
            raise
        await answer([_without_markup(result) for result in results])


def _cannot_be_read(error: BadRequest) -> bool:
    return "parse entities" in error.message.lower()


def _without_markup(result: InlineQueryResultArticle) -> InlineQueryResultArticle:
    """The same with its text alone."""
    content = result.input_message_content
    text = plain(content.message_text) if isinstance(content, InputTextMessageContent) else result.title
    bare = InputTextMessageContent(text, link_preview_options=NO_PREVIEW)
    return InlineQueryResultArticle(result.id, result.title, bare, result.reply_markup, description=result.description)


def topic_of(message: Message) -> int | None:
    """The topic that the message stands in; None outside of topics, and in the general one, which is not to be named.

    A thread id without is_topic_message is only a thread of replies, which cannot be written to.
    """
    topic = message.message_thread_id if message.is_topic_message else None
    return None if topic == _GENERAL_TOPIC else topic


def _place(to: Message, chat: int, quote: Quoted | None) -> dict[str, Any]:
    """Where a reply is to stand."""
    if is_ephemeral(to):
        return {"message_thread_id": topic_of(to)} | place_beside(to)
    # After a group has become a supergroup the number of `to` is that of some other message.
    alone = to.chat.type == ChatType.PRIVATE or chat != to.chat_id
    return {
        "chat_id": chat,
        "message_thread_id": topic_of(to),
        "reply_parameters": None if alone else _reply_parameters(to, quote),
    }


def _reply_parameters(to: Message, quote: Quoted | None) -> ReplyParameters:
    if quote is None:
        return ReplyParameters(to.message_id, allow_sending_without_reply=True)
    return ReplyParameters(
        to.message_id,
        allow_sending_without_reply=True,
        quote=quote.text,
        quote_entities=quote.entities,
        quote_position=quote.position,
    )


def seconds_asked(flood: RetryAfter) -> float:
    """How long Telegram asks to wait; the framework says it as a number or as a span of time."""
    asked = flood.retry_after
    return asked.total_seconds() if isinstance(asked, timedelta) else float(asked)
