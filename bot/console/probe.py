"""Whether a running bot is ready, asked of it as anybody on the same machine can."""

import json
from http.client import HTTPConnection, HTTPException
from typing import Any

from bot.settings import Address

_SECONDS = 5
_MOST = 64 * 1024
"""Bytes of an answer; the bot's has some hundred."""
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
"""What listens at any address of the machine listens on loopback."""


class NotReadyError(Exception):
    """Raised where a bot is not ready, or does not say so; the message is one line that tells what is wanting."""


def probe(address: Address) -> None:
    """Returns where the bot that listens at `address` is ready; raises NotReadyError otherwise."""
    host = _EVERYWHERE.get(address.host, address.host)
    connection = HTTPConnection(host, address.port, timeout=_SECONDS)
    try:
        connection.request("GET", "/readyz")
        body = connection.getresponse().read(_MOST)
    except (OSError, HTTPException) as error:
        raise NotReadyError(
            f"{host} port {address.port} does not answer: {_one_line(getattr(error, 'strerror', None) or error)}."
        ) from error
    finally:
        connection.close()
    checks = _checks(body)
    if checks is None:
        raise NotReadyError(f"What answers at {host} port {address.port} is no ascn-bot; compare ASCN_BOT_WEB.")
    if checks.pop("ready") is not True:
        # What is no word is a figure, such as how many updates wait.
        wanting = [
            f"{check}: {_one_line(found)}"
            for check, found in checks.items()
            if isinstance(found, str) and found != "ok"
        ]
        raise NotReadyError(f"Not ready: {'; '.join(wanting) or 'the bot does not say why'}.")


def _checks(body: bytes) -> dict[str, Any] | None:
    """What was found by each check, and whether the bot is "ready"; None for what no bot says."""
    try:
        checks = json.loads(body)
    except ValueError:
        return None
    return checks if isinstance(checks, dict) and "ready" in checks else None


def _one_line(found: object) -> str:
    return " ".join(str(found).split()).rstrip(".") or type(found).__name__
