"""What is worthless once it is late: only the newest of each person is handled, and nothing waits for it."""

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator

import pytest
from telegram import Bot, Update

from bot.delivery import fleeting as module
from bot.delivery.fleeting import Fleeting
from bot.delivery.inbox import Arrival
from tests.botapi.changes import Changes


class Handler:
    """Notes what reaches it; a query that is held ends once it is let go."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.held: set[str] = set()
        self._changes = Changes()

    async def handle(self, update: Update) -> None:
        query = update.inline_query
        assert query is not None
        self.begun.append(query.query)
        self._changes.announce()
        assert await self._changes.until(lambda: query.query not in self.held, 5)
        if query.query == "fails":
            raise RuntimeError("for a test")

    async def has_begun(self, *queries: str) -> None:
        assert await self._changes.until(lambda: set(queries) <= set(self.begun), 5), self.begun

    def let_go(self) -> None:
        self.held.clear()
        self._changes.announce()


@pytest.fixture
def handler(monkeypatch: pytest.MonkeyPatch) -> Handler:
    monkeypatch.setattr(module, "_SECONDS_OF_TYPING", 0.01)
    return Handler()


@pytest.fixture
async def fleeting(handler: Handler) -> AsyncIterator[Fleeting]:
    fleeting = Fleeting(Bot("1:token"), handler.handle)
    yield fleeting
    await fleeting.stop()
    assert (fleeting._newest, fleeting._people) == ({}, {})


def typed(query: str, person: int = 7) -> Arrival:
    sender = {"id": person, "first_name": "Alice", "is_bot": False}
    update = {"update_id": 1, "inline_query": {"id": "1", "from": sender, "query": query, "offset": ""}}
    return Arrival(1, person, json.dumps(update), person, fleeting=True)


async def test_of_what_one_types_letter_by_letter_the_whole_is_handled_alone(
    fleeting: Fleeting, handler: Handler
) -> None:
    word = "smart city networks."
    for end in range(1, len(word) + 1):
        fleeting.add([typed(word[:end])])
    await handler.has_begun(word)
    assert handler.begun == [word]


async def test_what_comes_while_another_is_handled_waits_and_gives_way_to_what_follows(
    fleeting: Fleeting, handler: Handler
) -> None:
    handler.held = {"one"}
    fleeting.add([typed("one")])
    await handler.has_begun("one")
    fleeting.add([typed("two")])
    fleeting.add([typed("three")])
    fleeting.add([typed("elsewhere", person=8)])
    await handler.has_begun("elsewhere")
    assert handler.begun == ["one", "elsewhere"]
    handler.let_go()
    await handler.has_begun("three")
    assert "two" not in handler.begun


async def test_what_has_waited_too_long_is_dropped(
    fleeting: Fleeting, handler: Handler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", 1)
    narrow = Fleeting(Bot("1:token"), handler.handle)
    handler.held = {"one"}
    narrow.add([typed("one"), typed("late", person=8)])
    await handler.has_begun("one")
    monkeypatch.setattr(module, "_MOST_SECONDS", 0.0)
    handler.let_go()
    while narrow._people:
        await asyncio.wait([*narrow._people.values()])
    assert handler.begun == ["one"]


async def test_one_that_fails_is_logged_without_a_word_and_the_next_is_handled(
    fleeting: Fleeting, handler: Handler, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "bot"):
        fleeting.add([typed("fails")])
        await handler.has_begun("fails")
        fleeting.add([typed("next")])
        await handler.has_begun("next")
    (line,) = caplog.messages
    place = re.sub(r"\d+", "N", line)
    assert place == "an inline query could not be handled: RuntimeError at bot/delivery/fleeting.py:N _serve_one"


async def test_when_told_to_stop_what_waits_is_dropped(fleeting: Fleeting, handler: Handler) -> None:
    fleeting.add([typed("one")])
    await fleeting.stop()
    assert handler.begun == []
