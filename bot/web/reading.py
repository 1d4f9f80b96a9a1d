"""What visitors may do: ask, look through the documents, and read one where its words stand."""

import asyncio
import logging
import re
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.conversation.tally import Tally
from bot.corpus.library import Library
from bot.corpus.nursery import EditionFailedError, EditionLostError, QuestionTooHardError
from bot.corpus.wire import QUOTES
from bot.logs import describe
from bot.speech.addresses import DOCUMENTS, PublicReader
from bot.speech.finding import fits
from bot.speech.phrases import Phrases
from bot.speech.rendering import language_name, newest_first
from bot.storage.database import DatabaseError
from bot.troubles import Trouble, told
from bot.web.pages import Pages, words_of
from bot.web.visitors import Visitors
from retrieval.answers import LONGEST_QUESTION, MOST_FURTHER
from retrieval.folding import folded
from retrieval.records import Answer, Document
from retrieval.text import clean

_LOG = logging.getLogger(__name__)
_MOST_AT_ONCE = 8
"""Requests that wait for whatever answers, which people on Telegram wait for, too; what is beyond is told so."""
_COST_OF_A_FILE = 10
"""Of a visitor's requests a minute: a file may have 5 MB."""
_PART = 65_536
"""Bytes of a file that are sent at once."""
_A_PAGE = 50
"""Documents."""
_LONGEST_SOUGHT = 200
_LONGEST_EXCERPT = 200
_ADDRESS = re.compile(r"https?://[^\s/?#]+[^\s]*", re.IGNORECASE)
_AS_IT_CAME = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Content-Type": "application/octet-stream",
}
"""For a file from anywhere: it is kept on the visitor's disk, and nothing of it is run here."""

Unavailable = (QuestionTooHardError, EditionLostError, EditionFailedError)


@dataclass(slots=True)
class _Result:
    """What there is to show of a question."""

    answer: Answer | None = None
    sorry: str = ""
    seconds: float | None = None


class Reading:
    """The handlers of these pages."""

    def __init__(
        self,
        library: Library,
        tally: Tally,
        pages: Pages,
        visitors: Visitors,
        public: PublicReader | None,
        kept_days: int,
    ) -> None:
        self._library = library
        self._tally = tally
        self._pages = pages
        self._visitors = visitors
        self._public = public
        self._kept_days = kept_days
        self._in_hand = 0

    async def ask(self, request: Request) -> Response:
        """The box to ask in; with `q` the question behind it and its answer, with `more` more of its passages."""
        question = clean(request.query_params.get("q", "")).strip()[:LONGEST_QUESTION]
        if not question:
            return self._pages.page(request, "ask.html", question="", kept_days=self._kept_days)
        if not self._visitors.admits(request):
            return self.too_many(request)
        result, more, began = _Result(), "more" in request.query_params, time.monotonic()

        async def answering() -> _Result:
            # Only now, when its head is on its way: whoever leaves before has taken no place.
            if self._in_hand >= _MOST_AT_ONCE:
                result.sorry = words_of(request).web_too_many
                return result
            try:
                with self._place():
                    result.answer = await self._library.answer(question, quotes=QUOTES + more * MOST_FURTHER)
                result.seconds = time.monotonic() - began
            except Unavailable as error:
                self._tally.gave_up()
                _LOG.error("a question was given up", extra=told(Trouble.GIVEN_UP, describe(error)))
                words = words_of(request)
                result.sorry = words.too_hard if isinstance(error, QuestionTooHardError) else words.sorry
            return result

        response = self._pages.streamed(
            request,
            "ask.html",
            question=question,
            answering=answering,
            more="" if more else "/?" + urlencode({"q": question, "more": ""}),
            kept_days=self._kept_days,
        )
        response.background = BackgroundTask(self._count, result, more)
        return response

    async def documents(self, request: Request) -> Response:
        """All documents, or those that fit; sorted as wished, some a page."""
        asked = request.query_params
        words = words_of(request)
        sought, chosen = asked.get("find", "")[:_LONGEST_SOUGHT].strip(), asked.get("in", "")
        sort = asked.get("sort", "date")
        descending = asked.get("order", "desc" if "sort" not in asked else "") == "desc"
        every = self._library.catalogue.documents
        by = _sorting(words).get(sort)
        # Of ten thousand documents it takes longer than the event loop may be held up.
        fitting = await asyncio.to_thread(_listed, every, sought, chosen, by, descending)
        pages = max(1, -(-len(fitting) // _A_PAGE))
        page = min(pages, _number(asked.get("page")) or 1)

        def link(**changed: object) -> str:
            kept = {"find": sought, "in": chosen, "sort": sort, "order": "desc" if descending else "", "page": page}
            return f"{DOCUMENTS}?{urlencode(kept | changed)}"

        return self._pages.page(
            request,
            "documents.html",
            documents=fitting[(page - 1) * _A_PAGE : page * _A_PAGE],
            total=len(fitting),
            document_languages=sorted({one.language for one in every}, key=lambda code: language_name(code, words)),
            sought=sought,
            chosen=chosen,
            sort="date" if by is None else sort,
            descending=descending,
            page=page,
            pages=pages,
            link=link,
        )

    async def document(self, request: Request) -> Response:
        """A document whole, its passages numbered; the one that `passage` names is marked."""
        if not self._visitors.admits(request):
            return self.too_many(request)
        if self._in_hand >= _MOST_AT_ONCE:
            return self.too_many(request, 503)
        try:
            with self._place():
                reading = await self._library.reading(request.path_params["document"])
        except Unavailable:
            return self._pages.message(request, 503, words_of(request).sorry)
        if reading is None:
            return self.not_found(request)
        document, quoted = reading.document, _number(request.query_params.get("passage"))
        shown = quoted if 0 < quoted <= len(reading.passages) else 0
        return self._pages.streamed(
            request,
            "document.html",
            document=document,
            passages=reading.passages,
            cut=reading.cut,
            quoted=shown,
            excerpt=_excerpt(reading.passages, shown),
            address=self._public.of_document(document) if self._public else "",
            document_url=document.url if document.url and _ADDRESS.fullmatch(document.url) else "",
        )

    async def original(self, request: Request) -> Response:
        """A document's file, to be kept."""
        if not self._visitors.admits(request, _COST_OF_A_FILE):
            return self.too_many(request)
        if self._in_hand >= _MOST_AT_ONCE:
            return self.too_many(request, 503)
        try:
            with self._place():
                original = await self._library.original(request.path_params["document"])
        except Unavailable:
            return self._pages.message(request, 503, words_of(request).sorry)
        if original is None:
            return self.not_found(request)
        named = f"attachment; filename*=UTF-8''{quote(original.name, safe='')}"
        headers = _AS_IT_CAME | {"Content-Disposition": named, "Content-Length": str(len(original.data))}
        return StreamingResponse(_in_parts(original.data), headers=headers)

    def not_found(self, request: Request) -> Response:
        """That there is nothing at an address."""
        return self._pages.message(request, 404, words_of(request).web_not_found)

    def too_many(self, request: Request, status: int = 429) -> Response:
        """That a visitor asks too much at once, or all visitors together."""
        response = self._pages.message(request, status, words_of(request).web_too_many)
        response.headers["Retry-After"] = "60"
        return response

    @contextmanager
    def _place(self) -> Iterator[None]:
        """Counts what visitors wait for, until the block ends."""
        self._in_hand += 1
        try:
            yield
        finally:
            self._in_hand -= 1

    async def _count(self, result: _Result, more: bool) -> None:
        """Counts a question once it has been answered; asking for more of it is no other."""
        if result.answer is None or more:
            return
        try:
            await self._tally.count(result.answer, result.seconds)
        except DatabaseError as error:
            _LOG.error("a question was answered and not counted: %s", error)


async def _in_parts(data: bytes) -> AsyncIterator[bytes]:
    """A file part by part: of whoever does not take one, only that part waits in memory."""
    for begin in range(0, len(data), _PART):
        yield data[begin : begin + _PART]


_By = Callable[[Document], str]


def _sorting(words: Phrases) -> dict[str, _By]:
    """What documents can be sorted by besides their date."""
    return {
        "title": lambda document: folded(document.name),
        "publisher": lambda document: folded(document.publisher or ""),
        "language": lambda document: language_name(document.language, words),
    }


def _listed(
    documents: Iterable[Document], sought: str, language: str, by: _By | None, descending: bool
) -> list[Document]:
    """The documents that fit, in the order that is wished; among those that are alike the newest first."""
    words = folded(sought)
    fitting = newest_first(one for one in documents if language in ("", one.language) and fits(one, words))
    if by is None:
        return fitting[:: 1 if descending else -1]
    return sorted(fitting, key=by, reverse=descending)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else 0


def _excerpt(passages: Sequence[str], quoted: int) -> str:
    """What a link to the page is shown with: the passage that it leads to, or the first."""
    text = " ".join(passages[max(0, quoted - 1)].split()) if passages else ""
    return text if len(text) <= _LONGEST_EXCERPT else text[:_LONGEST_EXCERPT].rsplit(" ", 1)[0] + " …"
