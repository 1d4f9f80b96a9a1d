"""The pages: a template filled in, in the visitor's language, sent as it is made."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from functools import cache
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse

from bot.speech.addresses import document_path, original_path, passage_path
from bot.speech.phrases import REPLY_LANGUAGES, Phrases, phrases
from bot.speech.rendering import (
    by_source,
    credit_text,
    date_text,
    ellipses,
    in_brackets,
    in_language_text,
    is_foreign,
    language_name,
    older_text,
)
from bot.web.visitors import LANGUAGE_COOKIE, language_of
from retrieval.records import Document
from retrieval.spelling import is_traditional

_YEAR = 365 * 24 * 3600
_AT_ONCE = 16_384
"""Bytes of a page; the beginning of one is not kept waiting for more."""
_HTML = "text/html; charset=utf-8"


class Pages:
    """Makes pages; all of them name the bot and lead to it."""

    def __init__(self, name: str, username: str) -> None:
        self._bot = {"name": name, "username": username}

    def page(self, request: Request, template: str, status: int = 200, **values: Any) -> Response:
        """A page whose values are at hand."""
        html = _environment().get_template(template).render(self._values(request, values))
        return _remembering(request, HTMLResponse(html, status))

    def streamed(self, request: Request, template: str, **values: Any) -> Response:
        """A page that is sent as far as it is made; of its values those that are coroutine functions are waited for
        where they stand."""
        made = _environment(streaming=True).get_template(template).generate_async(self._values(request, values))
        return _remembering(request, StreamingResponse(_encoded(made), media_type=_HTML))

    def message(self, request: Request, status: int, text: str) -> Response:
        """A page that says one sentence."""
        return self.page(request, "message.html", status, text=text)

    def _values(self, request: Request, values: Mapping[str, Any]) -> dict[str, Any]:
        words = words_of(request)
        return {
            **values,
            "words": words,
            "bot": self._bot,
            "language": language_of(request),
            "languages": [(code, phrases(code).name, _in_language(request, code)) for code in REPLY_LANGUAGES],
            "path": request.scope["path"],
        }


def words_of(request: Request) -> Phrases:
    """The bot's sentences in the visitor's language."""
    return phrases(language_of(request))


def html_language(document: Document, text: str) -> str:
    """What HTML calls the language that a document's text is in; of Chinese also its script, which fonts go by."""
    if document.language == "zh":
        return "zh-Hant" if is_traditional(text) else "zh-Hans"
    return "" if document.language == "und" else document.language


def _in_language(request: Request, language: str) -> str:
    """The same page in another language, from where it is."""
    others = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return "?" + urlencode([*others, ("lang", language)])


async def _encoded(made: AsyncIterator[str]) -> AsyncIterator[bytes]:
    """What is made, at first as soon as it is there, then in larger parts between which others have their turn."""
    sent, waiting = 0, bytearray()
    async for part in made:
        waiting += part.encode("utf-8", "replace")
        if sent < _AT_ONCE or len(waiting) >= _AT_ONCE:
            yield bytes(waiting)
            sent += len(waiting)
            waiting.clear()
            await asyncio.sleep(0)
    yield bytes(waiting)


def _remembering(request: Request, response: Response) -> Response:
    """The response, which has the browser keep a language that was chosen just now."""
    if "lang" in request.query_params:
        response.set_cookie(LANGUAGE_COOKIE, language_of(request), max_age=_YEAR, httponly=True, samesite="lax")
    return response


@cache
def _environment(streaming: bool = False) -> Environment:
    environment = Environment(
        loader=PackageLoader("bot.web"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        enable_async=streaming,
    )
    environment.globals |= {
        "by_source": by_source,
        "credit": credit_text,
        "date": date_text,
        "document_path": document_path,
        "ellipses": ellipses,
        "html_language": html_language,
        "in_brackets": in_brackets,
        "in_language": in_language_text,
        "is_foreign": is_foreign,
        "language_name": language_name,
        "older": older_text,
        "original_path": original_path,
        "passage_path": passage_path,
    }
    return environment
