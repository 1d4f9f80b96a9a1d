"""What administrators see of the bot's work: when its sources were published, and what was asked, in counts alone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from babel.dates import format_date
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.corpus.library import Library
from bot.speech.addresses import FIGURES
from bot.speech.phrases import Phrases
from bot.speech.reports import stats_lines
from bot.storage.statistics import Day, Statistics
from bot.web.login import Logins
from bot.web.pages import Pages, words_of
from retrieval.records import Document

_DAYS = 30


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a chart; its lengths are in hundredths of the longest."""

    name: str
    count: int
    long: float
    rest: int = 0
    """What is drawn behind it in another colour."""
    rest_long: float = 0.0


class FiguresPage:
    """The handlers of the figures, and of the login before them; each raises HTTPException for whoever is none."""

    def __init__(self, library: Library, statistics: Statistics, pages: Pages, logins: Logins) -> None:
        self._library = library
        self._statistics = statistics
        self._pages = pages
        self._logins = logins

    async def login(self, request: Request) -> Response:
        """Where Telegram sends whoever pressed the button, with its word on who that is."""
        person = self._logins.administrator_in(request.query_params)
        if person is None:
            raise HTTPException(403)
        # Telegram's word stands in this address; it is not to stay in the browser's bar.
        response = RedirectResponse(FIGURES, 303)
        self._logins.begin(response, person)
        return response

    async def figures(self, request: Request) -> Response:
        """The figures."""
        if not self._logins.is_administrator(request):
            raise HTTPException(403)
        words = words_of(request)
        counted = await self._statistics.figures(_DAYS)
        response = self._pages.page(
            request,
            "figures.html",
            published=_by_year(self._library.catalogue.documents, words),
            asked=_by_day(counted.days, words),
            lines=stats_lines(counted, words),
        )
        response.headers["Cache-Control"] = "no-store"
        return response


def _by_year(documents: Sequence[Document], words: Phrases) -> list[Bar]:
    years = Counter(document.published.year for document in documents if document.published)
    counts = {str(year): years[year] for year in range(min(years), max(years) + 1)} if years else {}
    if unknown := sum(document.published is None for document in documents):
        counts[words.date_unknown] = unknown
    longest = max(counts.values(), default=1)
    return [Bar(name, count, 100 * count / longest) for name, count in counts.items()]


def _by_day(days: Sequence[Day], words: Phrases) -> list[Bar]:
    longest = max((day.found + day.missing for day in days), default=0) or 1
    return [
        Bar(
            format_date(day.day, "medium", locale=words.locale),
            day.found,
            100 * day.found / longest,
            day.missing,
            100 * day.missing / longest,
        )
        for day in days
    ]
