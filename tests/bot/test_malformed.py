"""Ten thousand updates that should never come leave the bot as it was: nobody beside them waits in vain."""

import json
import logging
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.application import serving
from bot.corpus.library import Library
from bot.delivery import errands
from bot.delivery.pace import Pace
from bot.settings import Settings
from tests.bot.echo import EchoLibrary
from tests.botapi import Chat, Person
from tests.botapi.mutation import mutated, real_updates
from tests.botapi.raw import RawTelegram

NUMBER = 10_000
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


async def hostile(server: RawTelegram) -> list[bytes]:
    """The malformed updates, without the brace that they begin with; a few are not even JSON."""
    updates = mutated(await real_updates(server), NUMBER, seed=7)
    malformed = [json.dumps(update).encode()[1:] for update in updates]
    for place, bad in zip(random.Random(7).sample(range(NUMBER), len(UNDECODABLE)), UNDECODABLE, strict=True):  # noqa: S311
        malformed[place] = b'"message": ' + bad + b"}"
    return malformed


async def test_no_neighbour_of_ten_thousand_malformed_updates_is_lost(
    server: RawTelegram, library: EchoLibrary, pace: Pace, tmp_path: Path
) -> None:
    bob = server.person(5000, first_name="Bob")
    chat = server.private_chat(bob)
    for update_id, malformed in enumerate(await hostile(server), start=1):
        known = b'{"update_id": %d' % update_id
        server.raw[update_id] = known + (b"}" if malformed == b"}" else b", " + malformed)
        if update_id % EVERY == 0:
            server.raw[update_id] = question(update_id, chat, bob)
    neighbours = range(EVERY, NUMBER + 1, EVERY)
    settings = Settings(token=server.token, base_url=server.base_url, corpus=tmp_path, data=tmp_path / "data")
    with lines() as logged:
        async with serving(settings, pace):
            answers = await server.replies(chat, len(neighbours), within=300)
            assert await server.changes.until(lambda: not server.raw, 60)
    assert [answer.text.partition("Echo of ")[2].split("\n")[0] for answer in answers] == [
        f"Neighbour {update_id}" for update_id in neighbours
    ]
    assert [number for number, count in logged.of.items() if number and count > 1] == []
    assert "cities" not in "".join(logged.said)
