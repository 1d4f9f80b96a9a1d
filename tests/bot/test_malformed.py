"""Thousands of updates that should never come leave the bot as it was: nobody beside them waits in vain."""

import asyncio
import json
import logging
import random
import socket
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.application import serving
from bot.corpus.library import Library
from bot.delivery import errands
from bot.delivery.pace import Pace
from bot.settings import Address, Settings, WebhookSettings
from tests.bot.echo import EchoLibrary
from tests.botapi import Chat, Person
from tests.botapi.mutation import mutated, real_updates
from tests.botapi.raw import RawTelegram
from tests.retrieval.hostile import examples

NUMBER = examples(5_000, nightly=10_000)
EVERY = 20
"""One update in so many is a good neighbour's question."""
UNDECODABLE = (
    b"[" * 100_000 + b"]" * 100_000,
    b'"never closed',
    b'"\xff\xfe"',
    b"9" * 5000,
)


class Lines(logging.Handler):
    """How many lines each update has cost, and what they said."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.of: Counter[int] = Counter()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Counts a line for the update in hand."""
        errand = errands.in_hand()
        self.of[0 if errand is None else errand.entry.number] += 1
        self.said.append(record.getMessage())


@contextmanager
def lines() -> Iterator[Lines]:
    handler = Lines()
    logging.getLogger().addHandler(handler)
    try:
        yield handler
    finally:
        logging.getLogger().removeHandler(handler)


@pytest.fixture
async def server() -> AsyncIterator[RawTelegram]:
    async with RawTelegram() as server:
        yield server


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch, unlimited: None) -> EchoLibrary:
    library = EchoLibrary()
    monkeypatch.setattr(Library, "open", library.opened)
    return library


def question(update_id: int, chat: Chat, by: Person) -> bytes:
    message = {"message_id": update_id, "date": 1_900_000_000, "chat": chat.json(), "from": by.json()}
    return json.dumps({"update_id": update_id, "message": message | {"text": f"Neighbour {update_id}"}}).encode()


@pytest.fixture
async def updates(server: RawTelegram, private: Chat, alice: Person) -> dict[int, bytes]:
    """By its id: the neighbour's questions among malformed updates, of which a few are not even JSON."""
    malformed = [json.dumps(update).encode()[1:] for update in mutated(await real_updates(server), NUMBER, seed=7)]
    for place, bad in zip(random.Random(7).sample(range(NUMBER), len(UNDECODABLE)), UNDECODABLE, strict=True):  # noqa: S311
        malformed[place] = b'"message": ' + bad + b"}"
    updates = {}
    for update_id, rest in enumerate(malformed, start=1):
        known = b'{"update_id": %d' % update_id
        updates[update_id] = known + (b"}" if rest == b"}" else b", " + rest)
        if update_id % EVERY == 0:
            updates[update_id] = question(update_id, private, alice)
    return updates


async def assert_neighbours_are_answered(server: RawTelegram, chat: Chat) -> None:
    neighbours = range(EVERY, NUMBER + 1, EVERY)
    answers = await server.replies(chat, len(neighbours), within=300)
    assert [answer.text.partition("Echo of ")[2].split("\n")[0] for answer in answers] == [
        f"Neighbour {update_id}" for update_id in neighbours
    ]


def assert_little_was_logged(logged: Lines) -> None:
    assert [number for number, count in logged.of.items() if number and count > 1] == []
    assert "cities" not in "".join(logged.said)


@pytest.fixture
def settings(server: RawTelegram, tmp_path: Path) -> Settings:
    return Settings(token=server.token, base_url=server.base_url, corpus=tmp_path, data=tmp_path / "data")


@pytest.mark.usefixtures("library")
async def test_no_neighbour_of_thousands_of_malformed_updates_is_lost_by_polling(
    server: RawTelegram, settings: Settings, pace: Pace, private: Chat, updates: dict[int, bytes]
) -> None:
    server.raw = updates
    with lines() as logged:
        async with serving(settings, pace):
            await assert_neighbours_are_answered(server, private)
            assert await server.changes.until(lambda: not server.raw, 60)
    assert_little_was_logged(logged)


@pytest.mark.usefixtures("library")
async def test_no_neighbour_of_thousands_of_malformed_updates_is_lost_by_webhook(
    server: RawTelegram, settings: Settings, pace: Pace, private: Chat, updates: dict[int, bytes]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        webhook = WebhookSettings(
            "https://bot.example.org/telegram", "s" * 32, Address("127.0.0.1", free.getsockname()[1])
        )
    statuses: Counter[int] = Counter()

    async def post(update_id: int) -> None:
        async with telegram.post("/telegram", data=updates[update_id]) as response:
            statuses[response.status] += 1

    with lines() as logged:
        async with (
            serving(replace(settings, webhook=webhook), pace),
            ClientSession(
                f"http://127.0.0.1:{webhook.listen.port}", headers={"X-Telegram-Bot-Api-Secret-Token": webhook.secret}
            ) as telegram,
        ):
            assert await server.changes.until(lambda: bool(server.called("setWebhook")), 60)
            # As Telegram does: many at once, but a chat's one after another.
            for first in range(1, NUMBER + 1, EVERY):
                await asyncio.gather(*map(post, range(first, first + EVERY)))
            await assert_neighbours_are_answered(server, private)
    too_large = sum(len(update) > 1_000_000 for update in updates.values())
    assert statuses == {200: NUMBER - too_large, 413: too_large}
    assert_little_was_logged(logged)
