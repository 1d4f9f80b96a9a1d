"""The certificates that every client of Telegram reads, though on loopback nothing is encrypted."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from unittest.mock import patch

import httpx
from telegram.request import HTTPXRequest

from bot.delivery import transport


@contextmanager
def read_once() -> Iterator[None]:
    """Lets all clients of this process and its forks share what one has read: it takes longer than most tests."""
    with patch("httpx._transports.default.create_ssl_context", cache(httpx.create_ssl_context)):
        HTTPXRequest()
        transport._trusted()
        yield
