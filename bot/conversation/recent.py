"""What was asked lately, so that a question can go on from the one before; in memory alone, and not for long."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from telegram import Message

from bot.conversation.rights import is_private
from retrieval.records import Question

_SECONDS_TO_REPLY = 3600.0
"""For so long a reply to an answer goes on from its question."""
_SECONDS_TO_GO_ON = 300.0
"""For so long the next question in a private chat does."""
_MOST_REMEMBERED = 10_000
"""Of more, the oldest are forgotten."""

_Key = TypeVar("_Key", int, tuple[int, int])


@dataclass(frozen=True, slots=True)
class _Answered:
    question: Question
    earlier: Question | None
    """The question that it may have gone on from."""
    people: frozenset[int]
    """Whose words it holds: the asker's, and with a subject those of who asked before."""
    at: float


class Recent:
    """The questions answered within the last hour."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._by_answer: dict[tuple[int, int], _Answered] = {}
        self._by_question: dict[tuple[int, int], _Answered] = {}
        self._last_in_private: dict[int, _Answered] = {}

    def remember(self, asked: Message, answer: int, question: Question, earlier: Question | None = None) -> None:
        """Keeps which question was answered by the message of that number, and what it may have gone on from."""
        before = self._before(asked)
        people = {asked.from_user.id} if asked.from_user else set()
        answered = _Answered(question, earlier, frozenset(people | (before.people if before else set())), self._clock())
        self._keep(self._by_answer, (asked.chat_id, answer), answered)
        self._keep(self._by_question, (asked.chat_id, asked.message_id), answered)
        if is_private(asked.chat):
            self._keep(self._last_in_private, asked.chat_id, answered)

    def before(self, message: Message) -> Question | None:
        """The question that the message may go on from: that of the answer it replies to, in private also the last.

        An edited message goes on from what it went on from before.
        """
        if message.edit_date:
            edited = self._by_question.get((message.chat_id, message.message_id))
            return edited.earlier if edited else None
        answered = self._before(message)
        return answered.question if answered else None

    def forget(self, person: int) -> None:
        """Forgets what the person asked, also where somebody has gone on from it."""
        for kept in (self._by_answer, self._by_question, self._last_in_private):
            for key in [key for key, answered in kept.items() if person in answered.people]:
                del kept[key]  # type: ignore[arg-type]

    def forget_chat(self, chat: int) -> None:
        """Forgets what was asked in a chat."""
        for kept in (self._by_answer, self._by_question):
            for key in [key for key in kept if key[0] == chat]:
                del kept[key]
        self._last_in_private.pop(chat, None)

    def forget_old(self) -> None:
        """Forgets what nobody can go on from any more."""
        long_ago = self._clock() - _SECONDS_TO_REPLY
        for kept in (self._by_answer, self._by_question, self._last_in_private):
            for key in [key for key, answered in kept.items() if answered.at < long_ago]:
                del kept[key]  # type: ignore[arg-type]

    def _before(self, message: Message) -> _Answered | None:
        if original := message.reply_to_message:
            answered, seconds = self._by_answer.get((message.chat_id, original.message_id)), _SECONDS_TO_REPLY
        else:
            answered, seconds = self._last_in_private.get(message.chat_id), _SECONDS_TO_GO_ON
        return answered if answered and self._clock() - answered.at <= seconds else None

    def _keep(self, kept: dict[_Key, _Answered], key: _Key, answered: _Answered) -> None:
        """Keeps it behind what was kept before, of which the oldest are let go."""
        kept.pop(key, None)
        kept[key] = answered
        while len(kept) > _MOST_REMEMBERED:
            del kept[next(iter(kept))]
