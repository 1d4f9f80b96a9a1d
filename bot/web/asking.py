"""Asking by the web: the same answers as on Telegram, on a page that is sent as they are found."""

import logging
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from bot.conversation.tally import Tally
from bot.corpus.library import Library
from bot.corpus.nursery import EditionFailedError, EditionLostError, QuestionTooHardError
from bot.corpus.wire import QUOTES
from bot.logs import describe
from bot.speech.introduction import introduction
from bot.subject import Subject
from bot.troubles import Trouble, told
from bot.web.pages import Pages, words_of
from bot.web.visitors import CrowdedError, Visitors
from retrieval.answers import LONGEST_QUESTION, MOST_FURTHER
from retrieval.records import Answer
from retrieval.text import clean

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class _Result:
    """What there is to show of a question."""

    answer: Answer | None = None
    seconds: float = 0.0
    """That it took."""
    sorry: str = ""
    """What to say in place of an answer."""


class Asking:
    """The handler of `/`; `kept_days` is how long a question without an answer is kept, `subject` what the articles are
    about, if not what the first were."""

    def __init__(
        self,
        library: Library,
        tally: Tally,
        pages: Pages,
        visitors: Visitors,
        kept_days: int,
        subject: Subject | None = None,
    ) -> None:
        self._library = library
        self._tally = tally
        self._pages = pages
        self._visitors = visitors
        self._kept_days = kept_days
        self._subject = subject

    async def ask(self, request: Request) -> Response:
        """The box to ask in; with `q` the question behind it and its answer, with `more` more of its passages."""
        question = clean(request.query_params.get("q", "")).strip()[:LONGEST_QUESTION]
        if not question:
            says = introduction(words_of(request), self._subject).description
            return self._pages.page(request, "ask.html", question="", says=says, kept_days=self._kept_days)
        self._visitors.admit(request)
        result, more = _Result(), "more" in request.query_params

        async def answering() -> _Result:
            # Only now, when the head of the page is on its way: whoever has left by then waits for nothing.
            await self._answer(request, question, QUOTES + more * MOST_FURTHER, result)
            return result

        further = "" if more else "/?" + urlencode({"q": question, "more": ""})
        response = self._pages.streamed(request, "ask.html", question=question, answering=answering, more=further)
        if not more:  # asking for more of it is no other question
            response.background = BackgroundTask(self._count, result)
        return response

    async def _answer(self, request: Request, question: str, quotes: int, result: _Result) -> None:
        words, began = words_of(request), time.monotonic()
        try:
            async with self._visitors.turn():
                result.answer = await self._library.answer(question, quotes=quotes)
            result.seconds = time.monotonic() - began
        except CrowdedError:
            result.sorry = words.web_too_many
        except (QuestionTooHardError, EditionLostError, EditionFailedError) as error:
            self._tally.gave_up()
            _LOG.error("a question was given up", extra=told(Trouble.GIVEN_UP, describe(error)))
            result.sorry = words.too_hard if isinstance(error, QuestionTooHardError) else words.sorry

    async def _count(self, result: _Result) -> None:
        if result.answer is not None:
            await self._tally.count(result.answer, result.seconds)
