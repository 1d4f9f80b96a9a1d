"""Who visits the pages: how much they may ask, and in which language they are spoken to."""

from ipaddress import AddressValueError, IPv6Address

from starlette.requests import Request

from bot.buckets import Buckets
from bot.speech.phrases import REPLY_LANGUAGES, ReplyLanguage, reply_language

REQUESTS_A_MINUTE = 60
"""Of one visitor, for whatever makes the bot work: as many questions as of a person on Telegram."""
LANGUAGE_COOKIE = "lang"
_NETWORK_OF_ONE = 64
"""Bits of an IPv6 address that one connection to the Internet has; the others its owner chooses at will."""


class Visitors:
    """Token buckets of visitors, by their address; it is kept in memory alone."""

    def __init__(self) -> None:
        self._buckets = Buckets[str](REQUESTS_A_MINUTE)

    def admits(self, request: Request, cost: float = 1) -> bool:
        """Counts a request; whether it is to be obeyed."""
        return self._buckets.take(_owner(request), cost)


def _owner(request: Request) -> str:
    host = request.client.host if request.client else ""
    try:
        network = int(IPv6Address(host)) >> (128 - _NETWORK_OF_ONE)
    except AddressValueError:
        return host
    return f"{network:x}"


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
