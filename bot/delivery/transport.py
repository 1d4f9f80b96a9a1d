"""HTTP to Telegram by aiohttp: less than half of the processor time of httpx, and no more the more is under way."""

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from ssl import SSLContext
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

_TO_CONNECT, _TO_READ, _TO_UPLOAD = 5.0, 5.0, 20.0
"""Seconds, as the framework's own transport has them."""
_TO_BE_LET_IN = 1.0
"""Seconds to wait for one of the connections."""
_KEPT_IDLE = 5.0
"""Seconds. What is sent on a connection that the server is about to close may be lost, and nobody could tell."""
_FAILURES = (aiohttp.ClientError, TimeoutError, OSError)
_NOT_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)
"""Failures that come before a byte of the message has left."""


class ProxyError(ValueError):
    """Raised for a proxy in the environment that cannot be used; the message is one sentence, without its secrets."""


class Transport(BaseRequest):
    """What the framework sends and receives by, through so many connections at most."""

    def __init__(self, connections: int = 1, read_seconds: float = _TO_READ) -> None:
        self._connections = connections
        self._read_seconds = read_seconds
        self._session: aiohttp.ClientSession | None = None
        self._proxy = cache(proxy_for)

    @property
    def read_timeout(self) -> float:
        """Seconds that an answer may take where a call does not say."""
        return self._read_seconds

    async def initialize(self) -> None:
        """Opens it; nothing is connected before it is asked for something."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=_KEPT_IDLE, ssl=_trusted()),
                cookie_jar=aiohttp.DummyCookieJar(),
            )

    async def shutdown(self) -> None:
        """Closes it; it can be opened again."""
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """The status of the answer, and its body.

        Raises TimedOut and NetworkError; `may_have_arrived` tells of each whether what was sent may have.
        """
        if self._session is None or self._session.closed:
            raise RuntimeError("This transport is not open.")
        files = request_data.multipart_data if request_data else {}
        to_connect, to_read = _chosen(connect_timeout, _TO_CONNECT), _chosen(read_timeout, self._read_seconds)
        to_be_let_in = _chosen(pool_timeout, _TO_BE_LET_IN)
        timeout = aiohttp.ClientTimeout(
            # A file takes its time to be written, which has no limit of its own here.
            total=_sum(to_be_let_in, to_connect, _chosen(write_timeout, _TO_UPLOAD), to_read) if files else None,
            connect=_sum(to_be_let_in, to_connect),
            sock_connect=to_connect,
            sock_read=to_read,
        )
        try:
            async with self._session.request(
                method,
                url,
                data=_form(request_data.json_parameters, files) if request_data else None,
                headers={"User-Agent": self.USER_AGENT},
                proxy=self._proxy(*urlsplit(url)[:2]),
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                return response.status, await response.read()
        except TimeoutError as error:
            raise TimedOut from error
        except (*_FAILURES, ValueError) as error:
            # Without its words, which hold the address and with it the token.
            raise NetworkError(type(error).__name__) from error


def may_have_arrived(error: Exception) -> bool:
    """Whether what was sent may have arrived although it failed so: the connection broke after it had left."""
    return is_of_transport(error) and not isinstance(error.__cause__, _NOT_SENT)


def is_of_transport(error: Exception) -> bool:
    """Whether it comes of the connection, and not of what the server answered."""
    return isinstance(error.__cause__, _FAILURES)


def _chosen(given: Any, usual: float) -> float | None:
    """The seconds that a call asks for; None is for ever."""
    return usual if given is BaseRequest.DEFAULT_NONE else given


def _sum(*seconds: float | None) -> float | None:
    return None if None in seconds else sum(filter(None, seconds))


def _form(fields: Mapping[str, str], files: Mapping[str, tuple[str, Any, str]] | None) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)
    for name, value in fields.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in (files or {}).items():
        # As a file, for aiohttp writes one piece by piece.
        form.add_field(name, BytesIO(content), filename=filename, content_type=kind)
    return form


def proxy_for(scheme: str, place: str) -> str | None:
    """The proxy that the environment names for an address: HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, unless NO_PROXY.

    Raises ProxyError for one that speaks no HTTP.
    """
    proxies = getproxies()
    if not proxies or proxy_bypass(place.rpartition("@")[2]):
        return None
    found = proxies.get(scheme) or proxies.get("all")
    if found and "://" not in found:
        return f"http://{found}"
    if found and urlsplit(found).scheme not in ("http", "https"):
        raise ProxyError(f"{urlsplit(found).scheme}: is no proxy that can be used; name one that speaks HTTP.")
    return found


@cache
def _trusted() -> SSLContext:
    """Whose certificates are believed: as with the framework's own transport certifi's, or SSL_CERT_FILE's."""
    return httpx.create_ssl_context()
