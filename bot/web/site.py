"""The site: which address is answered by what, and what every response says to keep visitors safe."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from importlib.resources import files

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.corpus.nursery import EditionFailedError, EditionLostError, QuestionTooHardError
from bot.logs import describe
from bot.metrics import Metrics
from bot.storage.database import DatabaseError
from bot.troubles import Trouble, told
from bot.web.pages import Pages, words_of
from bot.web.visitors import CrowdedError

_LOG = logging.getLogger(__name__)
Handler = Callable[[Request], Awaitable[Response]]

_STATIC = {"style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}
_ROBOTS = "User-agent: *\nDisallow: /?\nDisallow: /figures\n"
_SAFE = {
    "Cache-Control": "private, no-cache",
    # No script is run, none of ours either; Telegram's clients for the browser may show a page in a frame.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'self' https://*.telegram.org"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # A question stands in the address, which nobody else is to learn.
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Language, Cookie",
    "X-Content-Type-Options": "nosniff",
}


def site(pages: Pages, handlers: Mapping[str, Handler], metrics: Metrics) -> ASGIApp:
    """The application that answers every request by one of the handlers, each under its path, and counts it."""

    async def refused(request: Request, error: Exception) -> Response:
        status, headers = (error.status_code, error.headers) if isinstance(error, HTTPException) else (503, None)
        if not isinstance(error, HTTPException):
            _LOG.error("a page could not be made: %s", describe(error), extra=told(Trouble.FAILED, describe(error)))
        words = words_of(request)
        said = {429: words.web_too_many, 403: words.web_for_administrators, 503: words.sorry}
        text = words.web_too_many if isinstance(error, CrowdedError) else said.get(status, words.web_not_found)
        response = pages.message(request, status, text)
        response.headers.update(headers or {})
        return response

    routes = {**handlers, "/static/{name}": _static, "/robots.txt": _robots}
    refusals = (HTTPException, QuestionTooHardError, EditionLostError, EditionFailedError, DatabaseError)
    application = Starlette(
        routes=[Route(path, handler) for path, handler in routes.items()],
        exception_handlers=dict.fromkeys(refusals, refused),
    )
    # It would lead to wherever the request says that it has come to.
    application.router.redirect_slashes = False
    return _Safe(application, metrics)


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _STATIC:
        raise HTTPException(404)
    data = files("bot.web").joinpath("static", name).read_bytes()
    return Response(data, media_type=_STATIC[name], headers={"Cache-Control": "public, max-age=3600"})


async def _robots(request: Request) -> Response:
    return PlainTextResponse(_ROBOTS)


class _Safe:
    """Adds to every response what keeps visitors safe, unless it says otherwise itself; and counts it."""

    def __init__(self, application: ASGIApp, metrics: Metrics) -> None:
        self._application = application
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                page = getattr(scope.get("endpoint"), "__name__", "none").lstrip("_")
                self._metrics.pages[page, message["status"]] += 1
                given = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((name, value) for name, value in _HEADERS if name not in given),
                ]
            await send(message)

        try:
            await self._application(scope, receive, send_safely)
        except Exception as error:
            # The server would log what was asked with it.
            _LOG.error("a page failed: %s", describe(error), extra=told(Trouble.FAILED, describe(error)))


_HEADERS = [(name.lower().encode("ascii"), value.encode("ascii")) for name, value in _SAFE.items()]
