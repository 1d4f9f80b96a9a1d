"""Who visits the pages: how much they may ask, and in which language they are spoken to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import AddressValueError, IPv6Address

from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.buckets import Buckets
from bot.speech.phrases import REPLY_LANGUAGES, ReplyLanguage, reply_language

_MOST_WAITING = 8
"""Requests that wait for whatever answers, which people on Telegram wait for, too."""
REQUESTS_A_MINUTE = 60
"""Of one visitor, for whatever makes the bot work: as many questions as of a person on Telegram."""
_LATER = {"Retry-After": "60"}
LANGUAGE_COOKIE = "lang"
_NETWORK_OF_ONE = 64
"""Bits of an IPv6 address that one connection to the Internet has; the others its owner chooses at will."""


class CrowdedError(HTTPException):
    """Raised where so many visitors wait that one more has to come back later."""


class Visitors:
    """Lets in no more than there is room for, of one visitor and of all together.

    They are known by their address, which is kept in memory alone.
    """

    def __init__(self) -> None:
        self._buckets = Buckets[str](REQUESTS_A_MINUTE)
        self._waiting = 0
        self._turn = asyncio.Semaphore(1)

    def admit(self, request: Request, cost: float = 1) -> None:
        """Counts a request of a visitor.

        Raises HTTPException where it is too much at once.
        """
        if not self._buckets.take(_owner(request), cost):
            raise HTTPException(429, headers=_LATER)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits until nobody before has whatever answers, for it is there for people on Telegram first.

        Raises CrowdedError where too many do.
        """
        if self._waiting >= _MOST_WAITING:
            raise CrowdedError(503, headers=_LATER)
        self._waiting += 1
        try:
            async with self._turn:
                yield
        finally:
            self._waiting -= 1


def _owner(request: Request) -> str:
    host = request.client.host if request.client else ""
    try:
        address = IPv6Address(host)
    except AddressValueError:
        return host
    return str(address.ipv4_mapped or int(address) >> (128 - _NETWORK_OF_ONE))


def language_of(request: Request) -> ReplyLanguage:
    """The language of the pages: chosen just now, else before, else the first that the browser names and we have."""
    for wanted in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if wanted in REPLY_LANGUAGES:
            return reply_language(wanted, None, None)
    return next(
        (language for code in _accepted(request) if (language := reply_language(None, None, code)) != "en"),
        "en",
    )


def _accepted(request: Request) -> list[str]:
    """The languages that the browser names, most wanted first, as far as English: whatever comes behind it is worse."""
    weighed = []
    for part in request.headers.get("Accept-Language", "")[:500].split(","):
        code, _, weight = part.strip().partition(";q=")
        try:
            weighed.append((-float(weight or 1), code))
        except ValueError:
            continue
    codes = [code for _, code in sorted(weighed, key=lambda one: one[0])]
    english = next((at for at, code in enumerate(codes) if code.lower().split("-")[0] == "en"), len(codes))
    return codes[:english]
