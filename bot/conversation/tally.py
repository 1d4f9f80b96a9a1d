"""What is counted of an answer once it has left; and its question, where there was none and such are kept."""

import logging

from bot.delivery import errands
from bot.metrics import Metrics
from bot.storage.database import DatabaseError
from bot.storage.statistics import Statistics
from bot.storage.unanswered import UnansweredLog
from retrieval.records import Answer

_LOG = logging.getLogger(__name__)


class Tally:
    """Counts the questions of every kind of chat."""

    def __init__(self, statistics: Statistics, unanswered: UnansweredLog, metrics: Metrics) -> None:
        self._statistics = statistics
        self._unanswered = unanswered
        self._metrics = metrics

    async def count(self, answer: Answer, seconds: float | None = None, *, for_one: bool = False) -> None:
        """Counts an answer and how long it took, unless that may have been done before a crash.

        Of an update in hand the `seconds` are known. Of a question that was asked for one person alone no word is kept.
        Where it cannot be counted the log says so, for it has been answered.
        """
        errand = errands.in_hand()
        if errand is not None and errand.counted:
            return
        seconds = seconds if errand is None else errand.seconds
        self._metrics.count_question(answer.question.language, "found" if answer.found else "nothing", seconds)
        try:
            await self._statistics.count_question(answer.question.language, answer.found, seconds)
            if not answer.found and not for_one:
                await self._unanswered.keep(answer.question.text)
        except DatabaseError as error:
            _LOG.error("a question was answered and not counted: %s", error)

    def gave_up(self) -> None:
        """Counts a question that was too hard, in a language that nobody got to know."""
        self._metrics.count_question("und", "given_up")
