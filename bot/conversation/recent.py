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
    person: int | None
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
        person = asked.from_user.id if asked.from_user else None
        answered = _Answered(question, earlier, person, self._clock())
        self._keep(self._by_answer, (asked.chat_id, answer), answered, _SECONDS_TO_REPLY)
        self._keep(self._by_question, (asked.chat_id, asked.message_id), answered, _SECONDS_TO_REPLY)
        if is_private(asked.chat):
            self._keep(self._last_in_private, asked.chat_id, answered, _SECONDS_TO_GO_ON)

    def before(self, message: Message) -> Question | None:
        """The question that the message may go on from: that of the answer it replies to, in private also the last.

        An edited message goes on from what it went on from before.
        """
        if message.edit_date:
            before = self._by_question.get((message.chat_id, message.message_id))
            return before.earlier if before else None
        if original := message.reply_to_message:
            answered, seconds = self._by_answer.get((message.chat_id, original.message_id)), _SECONDS_TO_REPLY
        else:
            answered, seconds = self._last_in_private.get(message.chat_id), _SECONDS_TO_GO_ON
        return answered.question if answered and self._clock() - answered.at <= seconds else None

    def forget(self, person: int) -> None:
        """Forgets what the person asked."""
        for kept in (self._by_answer, self._by_question, self._last_in_private):
            for key in [key for key, answered in kept.items() if answered.person == person]:
                del kept[key]  # type: ignore[arg-type]

    def _keep(self, kept: dict[_Key, _Answered], key: _Key, answered: _Answered, seconds: float) -> None:
        """Keeps it behind what was kept before, of which the old is forgotten."""
        kept.pop(key, None)
        kept[key] = answered
        while len(kept) > _MOST_REMEMBERED or kept[next(iter(kept))].at < answered.at - seconds:
            del kept[next(iter(kept))]
