"""From what Telegram sends to what the inbox keeps: every update by itself, the unreadable ones too."""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from telegram import Bot, Update

from bot.delivery.inbox import Arrival
from bot.settings import SHARED_ACCOUNTS

_LARGEST_ID = 2**63 - 1
"""SQLite's."""
_UPDATE_ID = re.compile(rb'"update_id"\s*:\s*(\d{1,18})\b')


class Receiving(Protocol):
    """A way in which updates come."""

    @property
    def heard(self) -> float:
        """When Telegram was last heard of, by the monotonic clock."""

    async def run(self) -> None:
        """Takes updates in until it is cancelled; comes back only by an error."""


class ReceivingError(Exception):
    """Raised when this process cannot have updates any more; the message is one sentence."""


class UnreadableBatchError(Exception):
    """Raised when what came is no list of updates; `ids` are those that can be made out in it, if any."""

    def __init__(self, reason: str, ids: Sequence[int]) -> None:
        super().__init__(reason)
        self.reason = reason
        self.ids = ids


def batch_of(payload: bytes) -> list[Any]:
    """The updates of an answer to getUpdates, each as it is.

    Raises UnreadableBatchError where the answer is no JSON, or nested deeper than can be read.
    """
    try:
        result = json.loads(payload)["result"]
        if not isinstance(result, list):
            raise TypeError
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        raise UnreadableBatchError(
            type(error).__name__, [int(found) for found in _UPDATE_ID.findall(payload)]
        ) from error
    return result


def arrivals(updates: Iterable[Any], bot: Bot) -> list[Arrival]:
    """What the inbox keeps of them; one without an id cannot be told from others, and is passed over."""
    return [_arrival(raw, bot) for raw in updates if isinstance(raw, dict) and _is_id(raw.get("update_id"))]


def posted(payload: bytes, bot: Bot) -> list[Arrival]:
    """What the inbox keeps of an update that came by itself; nothing where no id can be made out."""
    try:
        return arrivals([json.loads(payload)], bot)
    except (ValueError, RecursionError) as error:
        found = _UPDATE_ID.search(payload)
        return [unreadable(int(found[1]), type(error).__name__)] if found else []


def unreadable(update_id: int, reason: str) -> Arrival:
    """An update of which nothing but its id is known."""
    return Arrival(update_id, 0, "", unreadable=reason)


def _arrival(raw: dict[str, Any], bot: Bot) -> Arrival:
    try:
        body = json.dumps(raw)
        update = Update.de_json(raw, bot)
        fleeting = update.inline_query is not None
        return Arrival(raw["update_id"], _turn(update), body, _sender(update), fleeting=fleeting)
    except Exception as error:
        # Whatever a stranger's JSON does to the framework's parser, its neighbours are to be answered.
        return unreadable(raw["update_id"], type(error).__name__)


def _turn(update: Update) -> int:
    """The number in whose order the update is handled."""
    whose = update.effective_chat or update.effective_user
    return whose.id if whose is not None and _is_id(abs(whose.id)) else 0


def _sender(update: Update) -> int | None:
    """The person who sent the update, unless many act under the same name."""
    user = update.effective_user
    return user.id if user is not None and _is_id(user.id) and user.id not in SHARED_ACCOUNTS else None


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST_ID
