"""Who is an administrator on the web: whoever Telegram says so of, for some hours."""

import hashlib
import hmac
import time
from collections.abc import Callable, Collection, Mapping

from starlette.requests import Request
from starlette.responses import Response

_FRESH = 300
"""Seconds that Telegram's word is taken; it comes with the press of a button."""
_SESSION = 12 * 3600
"""Seconds that a login lasts."""
_COOKIE = "session"
_LONGEST = 20
"""Digits of a number."""


class Logins:
    """Takes Telegram's word for who somebody is, and keeps it in a cookie that nobody else can write.

    `token` is the bot's, which Telegram signs with: https://core.telegram.org/widgets/login#checking-authorization
    """

    def __init__(
        self, token: str, admins: Collection[int], secure: bool, clock: Callable[[], float] = time.time
    ) -> None:
        self._telegram = hashlib.sha256(token.encode("ascii")).digest()
        self._own = hmac.digest(self._telegram, b"session of the web reader", "sha256")
        self._admins = admins
        self._secure = secure
        self._clock = clock

    def administrator_in(self, said: Mapping[str, str]) -> int | None:
        """The administrator of whom Telegram says that they pressed the button just now; None where it does not."""
        if any("\n" in key + value for key, value in said.items()):
            return None  # several sets of fields make the same lines
        fields = {key: value for key, value in said.items() if key != "hash"}
        lines = "\n".join(f"{key}={fields[key]}" for key in sorted(fields))
        if not _same(said.get("hash", ""), hmac.new(self._telegram, lines.encode("utf-8"), "sha256").hexdigest()):
            return None
        person, since = _number(fields.get("id", "")), _number(fields.get("auth_date", ""))
        fresh = abs(self._clock() - since) <= _FRESH
        return person if fresh and person in self._admins else None

    def begin(self, response: Response, person: int) -> None:
        """Lets the browser keep who its owner is."""
        until = int(self._clock()) + _SESSION
        value = f"{person}.{until}.{self._signed(person, until)}"
        response.set_cookie(_COOKIE, value, max_age=_SESSION, httponly=True, secure=self._secure, samesite="lax")

    def is_administrator(self, request: Request) -> bool:
        """Whether a request comes from where an administrator has logged in."""
        person, _, rest = request.cookies.get(_COOKIE, "").partition(".")
        until, _, signature = rest.partition(".")
        known = _same(signature, self._signed(_number(person), _number(until)))
        return known and _number(until) > self._clock() and _number(person) in self._admins

    def _signed(self, person: int, until: int) -> str:
        return hmac.new(self._own, f"{person}.{until}".encode("ascii"), "sha256").hexdigest()


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode("ascii"))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST else 0
