"""When the bot answers in a group: at commands and replies, at its name too, at every question, or never."""

import time
from collections.abc import Callable
from enum import StrEnum
from functools import partial

from telegram import Bot, CallbackQuery, Chat, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.constants import ChatMemberStatus

from bot.conversation import presses
from bot.conversation.addressing import names_bot, replies_to_bot, words_of
from bot.conversation.admission import Handler
from bot.conversation.context import Context
from bot.conversation.rights import is_private, may_decide, wrote_with_the_right
from bot.delivery.sending import Outbox, topic_of
from bot.speech.phrases import Phrases
from bot.speech.wording import words_for, words_in
from bot.storage.store import WHOLE_CHAT, Store
from retrieval.interrogatives import asks

MODE_BUTTON = "mode:"
_AS_THE_GROUP = "group"
_SECONDS_BETWEEN_HINTS = 3600.0
_MOST_REMEMBERED = 10_000
"""Chats and topics; of more, those that had a hint longest ago are forgotten."""


class Mode(StrEnum):
    """What the bot answers in a group."""

    COMMANDS = "commands"
    """Besides commands also replies to its own messages."""
    MENTIONS = "mentions"
    """Also messages that name it."""
    QUESTIONS = "questions"
    """Also every question that the articles hold an answer to."""
    OFF = "off"


_SEES_ALL = (Mode.MENTIONS, Mode.QUESTIONS)
"""Modes for which Telegram has to show the bot what is not addressed to it."""
_Place = tuple[int, int]
"""A chat and a topic in it, or WHOLE_CHAT."""


class Modes:
    """The handlers of `/mode`, and of messages in groups that are no command."""

    def __init__(self, store: Store, outbox: Outbox, asked: Handler, overheard: Handler) -> None:
        self._store = store
        self._outbox = outbox
        self._asked = asked
        self._overheard = overheard
        self._hints = _Hints()

    async def command(self, update: Update, context: Context) -> None:
        """`/mode`: buttons to choose when to answer in this group, or this topic of it, for those who may."""
        message = update.effective_message
        if message is None:
            return
        words = await words_for(self._store, message)
        if is_private(message.chat):
            await self._outbox.reply(message, words, words.mode_in_private)
        elif await wrote_with_the_right(context.bot, message):
            said = words.choose_mode if topic_of(message) is None else words.choose_mode_in_topic
            buttons = _buttons(words, topic_of(message), await self._of(message))
            await self._outbox.reply(message, words, said, buttons)
        else:
            await self._outbox.reply(message, words, words.mode_not_your_choice)

    async def chosen(self, update: Update, context: Context) -> None:
        """A press of one of those buttons; only the group's administrators may."""
        if query := update.callback_query:
            await presses.obey(query, self._outbox, partial(self._choose, context.bot))

    def unless_off(self, handle: Handler) -> Handler:
        """The handler, where the bot is not switched off; where it is, a press is told so at the button."""

        async def handle_unless_off(update: Update, context: Context) -> None:
            message = update.effective_message
            if message is None or await self._of(message) is not Mode.OFF:
                await handle(update, context)
            elif query := update.callback_query:
                words = await words_in(self._store, message.chat, query.from_user)
                await presses.acknowledge(query, words.switched_off)

        return handle_unless_off

    async def heard(self, update: Update, context: Context) -> None:
        """A message in a group: answered if it is meant for the bot, or asks, as far as the mode has it so."""
        message = update.effective_message
        if message is None:
            return
        mode, named = await self._of(message), names_bot(context.bot, message)
        if replies_to_bot(context.bot, message) or (named and mode in _SEES_ALL):
            await self._asked(update, context)
        elif named:
            await self._hint(message)
        elif mode is Mode.QUESTIONS and message.forward_origin is None and asks(words_of(message)):
            await self._overheard(update, context)

    async def _of(self, message: Message) -> Mode:
        """The mode where the message stands."""
        if is_private(message.chat):
            return Mode.COMMANDS
        chosen = await self._store.chosen_mode(*_place(message))
        return Mode(chosen) if chosen is not None else Mode.COMMANDS

    async def _hint(self, message: Message) -> None:
        """Says how the bot is asked here, but not again and again."""
        if self._hints.due(_place(message)):
            words = await words_for(self._store, message)
            await self._outbox.reply(message, words, words.mention_hint)

    async def _choose(self, bot: Bot, query: CallbackQuery, chat: Chat) -> tuple[bool, str]:
        """Whether the mode was changed as the button says, and what to say about it."""
        words = await words_in(self._store, chat, query.from_user)
        if not await may_decide(bot, chat, query.from_user.id):
            return False, words.mode_not_your_choice
        name, _, topic = (query.data or "").removeprefix(MODE_BUTTON).partition(":")
        mode = None if name == _AS_THE_GROUP else Mode(name)
        said = words.mode_as_group_chosen if mode is None else _sayings(words)[mode][1]
        if mode in _SEES_ALL and not await _sees_all(bot, chat):
            said = f"{said}\n\n{words.mode_hidden}"
        await self._store.choose_mode(chat.id, int(topic or WHOLE_CHAT), mode)
        return True, said


class _Hints:
    """Where the bot has lately said how it is asked there."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._given: dict[_Place, float] = {}

    def due(self, place: _Place) -> bool:
        """Whether to say it now; then it has been."""
        now = self._clock()
        if now - self._given.get(place, float("-inf")) < _SECONDS_BETWEEN_HINTS:
            return False
        self._given.pop(place, None)
        self._given[place] = now
        if len(self._given) > _MOST_REMEMBERED:
            del self._given[next(iter(self._given))]
        return True


def mode_pattern() -> str:
    """What the data of a mode button looks like; any other press is not ours."""
    return f"^{MODE_BUTTON}(({'|'.join(Mode)})(:[0-9]{{1,18}})?|{_AS_THE_GROUP}:[0-9]{{1,18}})\\Z"


def _sayings(words: Phrases) -> dict[Mode, tuple[str, str]]:
    """Of each mode what its button says, and what is said once it has been chosen."""
    return {
        Mode.COMMANDS: (words.mode_commands, words.mode_commands_chosen),
        Mode.MENTIONS: (words.mode_mentions, words.mode_mentions_chosen),
        Mode.QUESTIONS: (words.mode_questions, words.mode_questions_chosen),
        Mode.OFF: (words.mode_off, words.mode_off_chosen),
    }


async def _sees_all(bot: Bot, chat: Chat) -> bool:
    """Whether Telegram shows the bot all messages of a group: its privacy mode is off, or it is an administrator."""
    me = await bot.get_me()  # anew, for it may have been changed since the start
    if me.can_read_all_group_messages:
        return True
    return (await bot.get_chat_member(chat.id, bot.id)).status == ChatMemberStatus.ADMINISTRATOR


def _place(message: Message) -> _Place:
    return message.chat_id, topic_of(message) or WHOLE_CHAT


def _buttons(words: Phrases, topic: int | None, current: Mode) -> InlineKeyboardMarkup:
    """One row for each mode, the current one ticked; a topic can also have none of its own.

    The topic stands in the data, for a press of a message too old to be shown does not tell it.
    """
    choices = [(label, str(mode), mode is current) for mode, (label, _) in _sayings(words).items()]
    if topic is not None:
        choices.append((words.mode_as_group, _AS_THE_GROUP, False))
    place = "" if topic is None else f":{topic}"
    return InlineKeyboardMarkup.from_column(
        [
            InlineKeyboardButton(f"✓ {label}" if ticked else label, callback_data=f"{MODE_BUTTON}{name}{place}")
            for label, name, ticked in choices
        ]
    )
