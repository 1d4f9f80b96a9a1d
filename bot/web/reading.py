"""The documents: which there are, and each to be read where its words stand."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from urllib.parse import quote, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from bot.corpus.library import Library
from bot.speech.addresses import DOCUMENTS, PublicReader, passage_path
from bot.speech.finding import fits
from bot.speech.phrases import Phrases
from bot.speech.rendering import language_name, newest_first, shortened
from bot.web.pages import Pages, words_of
from bot.web.visitors import CrowdedError, Visitors
from retrieval.folding import folded
from retrieval.records import Document

_COST_OF_A_FILE = 10
"""Of a visitor's requests a minute: a file may have 5 MB."""
_MOST_FILES = 8
"""On their way to visitors at once, each in memory until it is taken."""
_PART = 65_536
"""Bytes of a file that are sent at once."""
_A_PAGE = 50
"""Documents."""
_LONGEST_SOUGHT = 200
_ADDRESS = re.compile(r"https?://[^\s/?#]+[^\s]*", re.IGNORECASE)
_AS_IT_CAME = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Content-Type": "application/octet-stream",
}
"""For a file from anywhere: it is kept on the visitor's disk, and nothing of it is run here."""


class Reading:
    """The handlers of `/documents` and below; each raises HTTPException where there is nothing, or no room."""

    def __init__(self, library: Library, pages: Pages, visitors: Visitors, public: PublicReader | None) -> None:
        self._library = library
        self._pages = pages
        self._visitors = visitors
        self._public = public
        self._leaving = 0

    async def documents(self, request: Request) -> Response:
        """All documents, or those that fit; sorted as wished, some a page."""
        self._visitors.admit(request)
        asked = request.query_params
        words = words_of(request)
        sought, chosen = asked.get("find", "")[:_LONGEST_SOUGHT].strip(), asked.get("in", "")
        sort = asked.get("sort", "date")
        descending = asked.get("order", "desc" if "sort" not in asked else "") == "desc"
        every = self._library.catalogue.documents
        by = _sorting(words).get(sort)
        # Of ten thousand documents it takes longer than the event loop may be held up.
        async with self._visitors.turn():
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
        self._visitors.admit(request)
        async with self._visitors.turn():
            reading = await self._library.reading(request.path_params["document"])
        if reading is None:
            raise HTTPException(404)
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
        self._visitors.admit(request, _COST_OF_A_FILE)
        if self._leaving >= _MOST_FILES:
            raise CrowdedError(503)
        async with self._visitors.turn():
            original = await self._library.original(request.path_params["document"])
        if original is None:
            raise HTTPException(404)
        named = f"attachment; filename*=UTF-8''{quote(original.name, safe='')}"
        headers = _AS_IT_CAME | {"Content-Disposition": named, "Content-Length": str(len(original.data))}
        return StreamingResponse(self._in_parts(original.data), headers=headers)

    async def passage(self, request: Request) -> Response:
        """Leads to a passage on the page of its document, whatever a client of Telegram has put behind the #."""
        number = _number(request.path_params["number"])
        return RedirectResponse(passage_path(request.path_params["document"], number), 303)

    async def _in_parts(self, data: bytes) -> AsyncIterator[bytes]:
        self._leaving += 1
        try:
            for begin in range(0, len(data), _PART):
                yield data[begin : begin + _PART]
        finally:
            self._leaving -= 1


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
    return shortened(" ".join(passages[max(0, quoted - 1)].split())) if passages else ""
