"""The server of whatever the outside may ask over HTTP: the webhook, and the web reader."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.settings import Address, SettingsError

SECONDS_TO_SEND = 10.0
"""For the head of a request, and again for its body."""
_SECONDS_TO_TAKE = 60.0
"""For an answer, and for the next request on the same connection."""
_MOST_CONNECTIONS = 256
"""What is beyond is answered 503."""
_SECONDS_TO_CLOSE = 2
"""What is being received when the process is told to stop may take so long."""


@asynccontextmanager
async def served(application: ASGIApp, address: Address, key: str) -> AsyncIterator["asyncio.Task[None]"]:
    """Serves an application until the block ends, at the address that the setting `key` names.

    Raises SettingsError where it cannot be had.
    """
    with _listening(address, key) as listener:
        server = _Server(_server_settings(application))
        serving = asyncio.create_task(server.serve([listener]))
        try:
            yield serving
        finally:
            server.should_exit = True
            await serving


def behind_proxy(application: ASGIApp, proxies: Sequence[str]) -> ASGIApp:
    """The application, which takes the word of these for who asks."""
    return ProxyHeadersMiddleware(application, list(proxies))  # type: ignore[arg-type,return-value]


class _Server(uvicorn.Server):
    """Leaves the signals to the application."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _server_settings(application: ASGIApp) -> uvicorn.Config:
    """No line of a log about who asks what, no word on what serves."""
    return uvicorn.Config(
        application,
        http=_Connection,
        ws="none",
        lifespan="off",
        proxy_headers=False,
        server_header=False,
        log_config=None,
        access_log=False,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_graceful_shutdown=_SECONDS_TO_CLOSE,
    )


class _Connection(H11Protocol):
    """Ends when its first request does not come, and a minute after its last one came, whatever of it is still out.

    The server's own ways wait for whoever sends a single byte more, or takes nothing of what was sent.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._deadline = self.loop.call_later(SECONDS_TO_SEND, transport.abort)

    def data_received(self, data: bytes) -> None:
        before = self.scope
        super().data_received(data)
        if self.scope is not before:
            self._deadline.cancel()
            self._deadline = self.loop.call_later(_SECONDS_TO_TAKE, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        self._deadline.cancel()
        super().connection_lost(exc)


@contextmanager
def _listening(address: Address, key: str) -> Iterator[socket.socket]:
    """A socket that takes connections from now on."""
    try:
        family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
        listener = socket.create_server((address.host, address.port), family=family)
    except OSError as error:
        raise SettingsError(f"{key} cannot be listened on: {error.strerror}.") from error
    with listener:
        yield listener
