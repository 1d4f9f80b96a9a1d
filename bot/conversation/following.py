"""What follows an answer by its buttons: more passages, whole paragraphs, or a vote."""

import contextlib
from collections import deque
from collections.abc import Mapping

from telegram import Bot, CallbackQuery, Message, Update

from bot.conversation.addressing import question_in, replies_to_bot
from bot.conversation.buttons import (
    AT_ONCE,
    VOTES,
    WHOEVER_DECIDES,
    Action,
    Button,
    button_in,
    further_keyboard,
    has,
    keyboard_without,
    sources_of,
)
from bot.conversation.context import Context
from bot.conversation.presses import acknowledge
from bot.conversation.questions import Questions
from bot.conversation.rights import is_private, may_decide
from bot.corpus.library import Library
from bot.delivery.sending import MessageGoneError, Outbox
from bot.speech.addresses import PublicReader
from bot.speech.phrases import Phrases
from bot.speech.rendering import passages_html
from bot.speech.wording import words_in
from bot.storage.statistics import Statistics
from bot.storage.store import Store
from retrieval.records import Passage, PassageReference, Question

_PRESSES_REMEMBERED = 1000
_Answer = tuple[int, int, int]
"""Chat, message, and a hash of what it says: once its question is edited, it is another answer."""


class Following:
    """The handler of such presses; what has been done is not done again, and its button goes away."""

    def __init__(
        self,
        library: Library,
        store: Store,
        statistics: Statistics,
        outbox: Outbox,
        questions: Questions,
        reader: PublicReader | None = None,
    ) -> None:
        self._library = library
        self._store = store
        self._statistics = statistics
        self._outbox = outbox
        self._questions = questions
        self._reader = reader
        self._done: deque[tuple[_Answer, Action]] = deque(maxlen=_PRESSES_REMEMBERED)

    async def pressed(self, update: Update, context: Context) -> None:
        """Does what the button says, for whom it is."""
        query = update.callback_query
        if query is None or query.message is None or query.data is None:
            return
        button = button_in(query.data)
        words = await words_in(self._store, query.message.chat, query.from_user, button.language)
        try:
            await self._obey(context.bot, query, button, words)
        except Exception:
            await acknowledge(query, words.sorry)
            raise

    async def _obey(self, bot: Bot, query: CallbackQuery, button: Button, words: Phrases) -> None:
        message = query.message
        if not await _may_press(bot, query, button):
            await acknowledge(query, words.not_your_button)
        elif not isinstance(message, Message) or not message.is_accessible:
            await acknowledge(query, words.answer_too_old, alert=True)
        elif button.action in self._done_under(message) or not has(message, query.data or ""):
            await acknowledge(query)
        elif button.action in VOTES:
            await self._statistics.count_vote(helpful=button.action is Action.HELPFUL)
            await acknowledge(query, words.thanks)
            await self._put_away(message, button)
        else:
            await self._show(query, message, button, words)

    async def _show(self, query: CallbackQuery, message: Message, button: Button, words: Phrases) -> None:
        """The passages behind the button, or the question again where the articles have changed."""
        found = await self._library.passages(button.references)
        if found:
            await acknowledge(query)
            await self._send(message, button, found, words)
        elif (original := message.reply_to_message) and (asked := _question(query.get_bot(), message)):
            await acknowledge(query, words.answered_anew)
            await self._questions.answer(original, asked, button.asker)
        else:
            await acknowledge(query, words.articles_changed, alert=True)
        await self._put_away(message, button)

    async def _send(
        self, message: Message, button: Button, found: Mapping[PassageReference, Passage], words: Phrases
    ) -> None:
        references, passages = list(found), list(found.values())[:AT_ONCE]
        html = passages_html(passages, Question("", button.language), words, folded=button.action is Action.MORE)
        sources = sources_of(passages, words, self._reader, apart=is_private(message.chat))
        keyboard = further_keyboard(button, references[AT_ONCE:], sources, words)
        await self._outbox.reply(message, words, html, keyboard)

    async def _put_away(self, message: Message, button: Button) -> None:
        """Takes the button away; with it those pressed before, which the message as it came may still have."""
        self._done.extend((_answer(message), action) for action in button.kind)
        with contextlib.suppress(MessageGoneError):
            await self._outbox.edit_keyboard(message, keyboard_without(message, self._done_under(message)))

    def _done_under(self, message: Message) -> set[Action]:
        return {action for answer, action in self._done if answer == _answer(message)}


def _answer(message: Message) -> _Answer:
    return message.chat_id, message.message_id, hash(message.text)


def _question(bot: Bot, message: Message) -> str:
    """What the message that an answer replies to asks, where Telegram shows it; what was shown later replies to an
    answer."""
    original = message.reply_to_message
    return "" if original is None or replies_to_bot(bot, message) else question_in(bot, original)


async def _may_press(bot: Bot, query: CallbackQuery, button: Button) -> bool:
    """Whether the press is the asker's, or for one who wrote as the group an administrator's."""
    if button.asker != WHOEVER_DECIDES:
        return query.from_user.id == button.asker
    return query.message is not None and await may_decide(bot, query.message.chat, query.from_user.id)
