"""Calls of the server for its own tests."""

from typing import Any

import pytest
from aiohttp import ClientSession
from telegram.error import BadRequest

from . import BotApiServer


async def post(server: BotApiServer, method: str, **parameters: object) -> Any:
    async with (
        ClientSession() as session,
        session.post(f"{server.base_url}{server.token}/{method}", json=parameters) as response,
    ):
        return await response.json()


async def refusal(call: Any) -> str:
    with pytest.raises(BadRequest) as raised:
        await call
    return str(raised.value.message)
