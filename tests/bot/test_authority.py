"""Who may command: the bot's administrators, by a message that they have just written themselves."""

import asyncio
import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from telegram import Update

from bot.application import serving
from bot.corpus.library import Library
from bot.delivery.pace import Pace
from bot.settings import Settings
from bot.speech.phrases import phrases
from tests.bot.echo import EchoLibrary
from tests.botapi import ANONYMOUS_ADMIN, BotApiServer, Chat, Json, Person
from tests.botapi.records import TELEGRAM
from tests.conftest import ADMIN_ID

EN = phrases("en")
OBEYED = {
    "stats": "sendPhoto ",
    "unanswered": f"sendMessage {EN.unanswered_off}",
    "try": f"sendMessage {EN.how_to_try}",
    "remove": f"sendMessage {EN.remove_how}",
    "undo": f"sendMessage {EN.nothing_to_undo}",
    "a file": f"sendMessage {EN.not_addable}",
}
"""What each command but /reload, and a file that cannot be fetched, makes the bot say where it is obeyed."""
SPELLINGS = ("/{}", "/{}@ascn_test_bot")
ROLES = ("stranger", "member", "group admin", "group owner", "bot administrator", "left admin", "another bot")
CHATS = ("private", "group", "supergroup", "topic", "channel")
CARRIERS = (
    "message",
    "reply",
    "edited_message",
    "channel_post",
    "forwarded",
    "via_bot",
    "caption",
    "anonymous admin",
    "sender_chat",
    "automatic forward",
)
CHANNEL_BOT = Person(136817688, "Channel", "Channel_Bot", is_bot=True)
OTHER_BOT = Person(77, "Inline", "inline_bot", is_bot=True)
FILE = {"file_id": "f", "file_unique_id": "u", "file_name": "article.txt", "file_size": 7}
PICTURE = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}


@dataclass(frozen=True, slots=True)
class Cell:
    """One way in which a command may come."""

    command: str
    spelling: str
    role: str
    chat: str
    carrier: str

    @property
    def allowed(self) -> bool:
        """The rule: the bot administrator's own new, unforwarded message by themselves; a file's only in private."""
        carriers = ("message", "reply", "caption") if self.command == "a file" else ("message", "reply")
        # In a channel nobody writes by themselves.
        chats = ("private",) if self.command == "a file" else ("private", "group", "supergroup", "topic")
        return self.role == "bot administrator" and self.carrier in carriers and self.chat in chats

    @property
    def text(self) -> str:
        return self.spelling.format(self.command)


CELLS = [Cell(*axes) for axes in product(["reload"], SPELLINGS, ROLES, CHATS, CARRIERS)]
OTHER_CELLS = [
    *(Cell(*axes) for axes in product([*OBEYED][:-1], SPELLINGS, ROLES, CHATS, CARRIERS)),
    *(Cell(*axes) for axes in product(["a file"], ["{}"], ROLES, CHATS, CARRIERS)),
]


@dataclass(frozen=True, slots=True)
class Town:
    """The people and the chats."""

    people: dict[str, Person]
    chats: dict[str, Chat]
    topic: int
    channel: Chat

    def update(self, cell: Cell) -> Json:
        """The update in which the command, or the file, comes."""
        person = self.people[cell.role]
        chat = self.channel if "channel" in (cell.chat, *cell.carrier.split("_")[:1]) else self.chat(cell.chat, person)
        entity = {"type": "bot_command", "offset": 0, "length": len(cell.text)}
        message: Json = {"message_id": 9000, "date": 1_900_000_000, "chat": chat.json(), "from": person.json()}
        message |= {"text": cell.text, "entities": [entity]}
        if cell.chat == "topic" and chat.is_forum:
            message |= {"message_thread_id": self.topic, "is_topic_message": True}
        message |= self.carried(cell.carrier, chat, dict(message))
        if cell.command == "a file":
            message |= {"document": FILE}
            message.pop("photo", None)
        if cell.carrier == "caption" or cell.command == "a file":
            message["caption"], message["caption_entities"] = message.pop("text"), message.pop("entities")
        if chat is self.channel:
            message |= {"sender_chat": chat.json()}
            del message["from"]
        kind = "channel_post" if chat is self.channel else "message"
        if cell.carrier == "edited_message":
            kind, message["edit_date"] = f"edited_{kind}", message["date"] + 1
        return {kind: message}

    def chat(self, kind: str, person: Person) -> Chat:
        return Chat(person.id, "private", first_name=person.first_name) if kind == "private" else self.chats[kind]

    def carried(self, carrier: str, chat: Chat, message: Json) -> Json:
        """What a message carries besides, that comes this way."""
        origin = {"type": "user", "date": 1, "sender_user": self.people["bot administrator"].json()}
        ways: dict[str, Json] = {
            "reply": {"reply_to_message": message | {"message_id": 8000, "text": "What now?", "entities": []}},
            "forwarded": {"forward_origin": origin},
            "via_bot": {"via_bot": OTHER_BOT.json()},
            "caption": {"photo": [PICTURE]},
            "anonymous admin": {"from": ANONYMOUS_ADMIN.json(), "sender_chat": chat.json()},
            "sender_chat": {"from": CHANNEL_BOT.json(), "sender_chat": self.channel.json()},
            "automatic forward": {
                "from": TELEGRAM.json(),
                "sender_chat": self.channel.json(),
                "is_automatic_forward": True,
                "forward_origin": {"type": "channel", "date": 1, "chat": self.channel.json(), "message_id": 1},
            },
        }
        return ways.get(carrier, {})


@pytest.fixture
def town(server: BotApiServer, admin: Person) -> Town:
    people = {role: server.person(first_name=role) for role in ROLES} | {"bot administrator": admin}
    people["another bot"] = Person(OTHER_BOT.id + 1, "Robot", "other_bot", is_bot=True)
    for person in people.values():
        server.private_chat(person)
    members = [person for role, person in people.items() if role != "stranger"]
    chats = {
        "group": server.group("Cities", members),
        "supergroup": server.supergroup("More cities", members),
        "topic": server.supergroup("Forum", members, forum=True, topics=["Hanoi"]),
    }
    for chat in chats.values():
        for role, status in (("group admin", "administrator"), ("group owner", "creator"), ("left admin", "left")):
            server.room(chat).join(people[role], status)
    return Town(people, chats, server.topic(chats["topic"], "Hanoi"), server.channel("News"))


@pytest.fixture
def settings(server: BotApiServer, tmp_path: Path) -> Settings:
    return Settings(
        token=server.token,
        base_url=server.base_url,
        admins=frozenset({ADMIN_ID}),
        corpus=tmp_path,
        data=tmp_path / "data",
    )


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> EchoLibrary:
    library = EchoLibrary()
    monkeypatch.setattr(Library, "open", library.opened)
    return library


async def test_only_administrators_command_and_only_by_their_own_new_words(
    server: BotApiServer, town: Town, settings: Settings, pace: Pace, library: EchoLibrary
) -> None:
    assert len(CELLS) >= 500
    for update_id, cell in enumerate(CELLS, start=1):
        update = town.update(cell)
        await server.inject(
            {"update_id": update_id} | update
        )  # of any kind: the set asked for holds for later ones only
    async with serving(settings, pace):
        await server.settled(within=120)
        await all_done(settings, len(CELLS))
    obeyed = [CELLS[number - 1] for number in sorted(library.reloaded_by)]
    assert obeyed == [cell for cell in CELLS if cell.allowed]


async def test_every_other_command_and_every_file_is_taken_from_administrators_alone(
    server: BotApiServer, town: Town, settings: Settings, pace: Pace, library: EchoLibrary
) -> None:
    assert len(OTHER_CELLS) >= 3500
    obeyed = []
    async with serving(settings, pace) as service:
        for update_id, cell in enumerate(OTHER_CELLS, start=1):
            update, called = {"update_id": update_id} | town.update(cell), len(server.calls)
            # Past the inbox, for want of time; what goes through it is the matter of the test above.
            await service.application.process_update(Update.de_json(update, service.application.bot))
            said = [f"{call.method} {call.parameters.get('text', '')}" for call in server.calls[called:]]
            if any(line.startswith(OBEYED[cell.command]) for line in said):
                obeyed.append(cell)
    assert obeyed == [cell for cell in OTHER_CELLS if cell.allowed]
    assert library.reloaded_by == []


async def all_done(settings: Settings, count: int) -> None:
    """Returns once so many updates have been handled."""
    database = sqlite3.connect(settings.data / "bot.sqlite3")
    async with asyncio.timeout(120):
        while database.execute("SELECT count(*) FROM inbox WHERE state = 'done'").fetchone() != (count,):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    database.close()


def forged(number: int, seed: int) -> Iterator[str]:
    """What a client may send as the data of a button that was never there; none of it is a button's."""
    chance = random.Random(seed)  # noqa: S311
    real = ["language:vi", "language:en", "language:zh-Hans", "language:zh-Hant", "language:question"]
    strange = [*"\n\r\0 :;'\"\\/-%\u202e\ud83c١é", "reload", "language:", "' OR 1=1 --", "../", "admin", "{}", "vi"]
    while number:
        data = list(chance.choice([*real, "", "reload", "admin:reload", "/reload"]))
        for _ in range(chance.randint(1, 3)):
            place = chance.randint(0, len(data))
            data[place : place + chance.randint(0, 2)] = chance.choice(strange)
        text = "".join(data)
        if text not in real:
            number -= 1
            yield text


async def test_ten_thousand_forged_presses_change_nothing(
    server: BotApiServer,
    town: Town,
    settings: Settings,
    pace: Pace,
    library: EchoLibrary,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    acknowledged = 0

    async def acknowledge(*_: Any, **__: Any) -> bool:
        nonlocal acknowledged
        acknowledged += 1
        return True

    # The one call that each is to make, kept off the network for want of time.
    monkeypatch.setattr("telegram.ext.ExtBot.answer_callback_query", acknowledge)
    person = town.people["bot administrator"]
    chat = town.chat("private", person)
    message = {"message_id": 1, "date": 1, "chat": chat.json(), "from": server.bot.json(), "text": "Choose"}
    async with serving(settings, pace) as service:
        for update_id, data in enumerate(forged(10_000, seed=20), start=1):
            press = {"id": str(update_id), "from": person.json(), "message": message, "data": data}
            update = {"update_id": update_id, "callback_query": press | {"chat_instance": "1"}}
            await service.application.process_update(Update.de_json(update, service.application.bot))
    assert acknowledged == 10_000
    assert (library.reloaded_by, library.asked, server.called("sendMessage")) == ([], [], [])
    database = sqlite3.connect(settings.data / "bot.sqlite3")
    assert database.execute("SELECT * FROM chat").fetchall() == []
    database.close()
