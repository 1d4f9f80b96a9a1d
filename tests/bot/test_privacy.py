"""What is kept about people is said, and gone when they want it gone: no byte of it stays in any file."""

import asyncio
import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.application import Service, serving
from bot.delivery.inbox import Arrival, Inbox
from bot.delivery.pace import Pace
from bot.settings import Settings
from bot.speech.phrases import REPLY_LANGUAGES, ReplyLanguage, phrases
from bot.storage.backups import Backups
from bot.storage.database import MIGRATIONS, Database, DatabaseError
from bot.storage.store import Store
from tests.botapi import BotApiServer, Chat, Person

NUMBER = int.from_bytes(b"Zwxqvk")
"""A person's, by which any of its bytes that SQLite has left can be found."""
CANARIES = ("Qanary", "qanary_user", "Which qanary sang?", "Qanary group", str(NUMBER), "Zwxqvk")


@pytest.fixture
def qanary(server: BotApiServer) -> Person:
    return server.person(NUMBER, first_name="Qanary", username="qanary_user", language_code="en")


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG, "bot"):
        yield caplog


def with_canaries(folder: Path) -> list[str]:
    """The files that hold a canary in any way it may be written."""
    written = [form.encode() for canary in CANARIES for form in (canary, canary.casefold(), json.dumps(canary)[1:-1])]
    written += [varint(NUMBER)]
    return [
        file.name
        for file in folder.rglob("*")
        if file.is_file() and any(canary in file.read_bytes() for canary in written)
    ]


def varint(number: int) -> bytes:
    """As SQLite writes the number of a row: seven bits a byte, all but the last with the eighth bit set."""
    digits = [number >> place & 127 for place in range(0, number.bit_length(), 7)]
    return bytes([*(digit | 128 for digit in reversed(digits[1:])), digits[0]])


def numbers(path: Path) -> set[int]:
    """Every chat and person that the database knows."""
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute(
            "SELECT id FROM chat UNION SELECT chat FROM mode "
            "UNION SELECT chat FROM inbox UNION SELECT person FROM inbox"
        )
        return {number for (number,) in rows if number}


async def choose(server: BotApiServer, chat: Chat, person: Person, button: str) -> None:
    await server.say(chat, person, "/language")
    menu = await server.reply(chat)
    await server.answer(await server.press(menu, button, by=person))
    await server.edited(menu)


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("language", REPLY_LANGUAGES)
async def test_privacy_is_one_short_message(server: BotApiServer, language: ReplyLanguage) -> None:
    person = server.person(first_name="Kim", language_code=language.lower())
    chat = server.private_chat(person)
    await server.say(chat, person, "/privacy")
    assert (await server.reply(chat)).text == phrases(language).privacy
    assert len(phrases(language).privacy) < 700


@pytest.mark.usefixtures("bot")
async def test_a_second_after_forget_no_byte_is_left(
    server: BotApiServer, settings: Settings, qanary: Person, log: pytest.LogCaptureFixture
) -> None:
    private = server.private_chat(qanary)
    await choose(server, private, qanary, "Tiếng Việt")
    backup = await asyncio.to_thread(Backups(settings.database, 7).write)
    assert {"bot.sqlite3-wal", backup.name} <= {*with_canaries(settings.data)}
    await server.say(private, qanary, "Which qanary sang?")
    await server.reply(private)
    await server.say(private, qanary, "/forget")
    assert (await server.reply(private)).text == phrases("vi").forgotten
    await asyncio.sleep(1)
    assert (with_canaries(settings.data), numbers(settings.database), numbers(backup)) == ([], set(), set())
    assert all(canary.casefold() not in log.text.casefold() for canary in CANARIES)
    await server.say(private, qanary, "/help")
    assert (await server.reply(private)).text.startswith(phrases("en").help)


@pytest.mark.usefixtures("bot")
async def test_forget_drops_what_waits_elsewhere_and_leaves_others_alone(
    server: BotApiServer, settings: Settings, qanary: Person, alice: Person
) -> None:
    private, group = server.private_chat(qanary), server.group("Qanary group", members=[qanary, alice])
    server.hang("sendMessage", seconds=3)
    await server.say(group, alice, "/ask Becamex IDC")
    await server.say(group, qanary, "/ask Which qanary sang?")
    later = await server.say(group, alice, "/ask ASCN được thành lập khi nào?")
    await server.settled()
    assert with_canaries(settings.data) != []
    await server.say(private, qanary, "/forget")
    assert (await server.reply(private)).text == phrases("en").forgotten
    answers = await server.replies(group, 2)
    assert answers[1].reply_to_message_id == later.message_id
    await server.quiet(group)
    await asyncio.sleep(1)
    assert (with_canaries(settings.data), numbers(settings.database)) == ([], set())


@pytest.mark.usefixtures("bot")
async def test_what_is_asked_after_forget_is_answered(server: BotApiServer, private: Chat, alice: Person) -> None:
    server.hang("sendMessage", seconds=1)
    await server.say(private, alice, "/forget")
    await server.say(private, alice, "Becamex IDC")
    forgotten, answer = await server.replies(private, 2)
    assert (forgotten.text, "Becamex IDC" in answer.text) == (phrases("en").forgotten, True)


@pytest.mark.usefixtures("bot")
async def test_only_its_administrators_make_the_bot_forget_a_group(server: BotApiServer, settings: Settings) -> None:
    alice, bob = server.person(first_name="Alice"), server.person(first_name="Bob")
    group = server.group("Cities", members=[alice], admins=[bob])
    await choose(server, group, bob, "Tiếng Việt")
    await server.say(group, alice, "/forget")
    assert (await server.reply(group)).text == phrases("vi").forgotten_but_group
    await server.say(group, bob, "/forget")
    assert (await server.reply(group)).text == phrases("vi").forgotten
    await asyncio.sleep(0.2)
    assert numbers(settings.database) == set()


@pytest.mark.usefixtures("bot")
async def test_an_anonymous_administrator_makes_it_forget_the_group_and_nobody_else(
    server: BotApiServer, settings: Settings, alice: Person
) -> None:
    first, second = (server.supergroup(name, members=[alice], admins=[alice]) for name in ("One", "Two"))
    server.hang("sendMessage", seconds=2)
    await server.say(second, alice, "/ask Becamex IDC", anonymous=True)
    await server.say(second, alice, "/ask ASCN", anonymous=True)
    await server.settled()
    await server.say(first, alice, "/forget", anonymous=True)
    assert (await server.reply(first)).text == phrases("en").forgotten
    assert len(await server.replies(second, 2)) == 2


async def test_of_an_answered_question_only_its_number_stays(
    server: BotApiServer, bot: Service, settings: Settings, private: Chat, alice: Person
) -> None:
    await server.say(private, alice, "Becamex IDC")
    await server.reply(private)
    await asyncio.sleep(0.2)
    with closing(sqlite3.connect(settings.database)) as database:
        rows = database.execute("SELECT chat, person, body, reason FROM inbox").fetchall()
    assert rows == [(0, None, None, None)]


async def test_words_are_wiped_once_nobody_reads_the_log_any_more(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3"
    async with Database(path) as database:
        await database.rows("PRAGMA busy_timeout = 10")
        inbox = Inbox(database)
        await inbox.wipe()
        (entry,) = await inbox.take_in([Arrival(1, 7, "Which qanary sang?")])
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM inbox").fetchall()
            await inbox.done(entry)
            with pytest.raises(DatabaseError, match="it is in use"):
                await inbox.wipe()
        assert with_canaries(tmp_path) != []
        await asyncio.wait_for(inbox.wipe(), timeout=5)
        assert with_canaries(tmp_path) == []


async def test_words_that_a_killed_process_left_are_wiped_at_the_next_start(
    server: BotApiServer, settings: Settings, pace: Pace
) -> None:
    async with Database(settings.database) as database:
        inbox = Inbox(database)
        (entry,) = await inbox.take_in([Arrival(1, 7, "Which qanary sang?")])
        await inbox.done(entry)
        left = {name: settings.data.joinpath(name).read_bytes() for name in ("bot.sqlite3", "bot.sqlite3-wal")}
    for name, content in left.items():
        settings.data.joinpath(name).write_bytes(content)
    assert with_canaries(settings.data) == ["bot.sqlite3-wal"]
    async with serving(settings, pace):
        await asyncio.sleep(1)
        assert with_canaries(settings.data) == []


async def test_the_senders_of_what_waited_before_are_known_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3"
    bodies = ['{"message": {"from": {"id": 77}}}', '{"callback_query": {"from": {"id": 77}}}', "no json", "{}"]
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        for script in MIGRATIONS[:3]:
            old.executescript(script)
        old.execute("PRAGMA user_version = 3")
        insert = "INSERT INTO inbox (update_id, chat, received_at, state, body) VALUES (?, -5, 0, ?, ?)"
        old.executemany(insert, [(number, "waiting", body) for number, body in enumerate(bodies)])
        old.execute(insert, (9, "done", None))
    async with Database(path) as database:
        rows = await database.rows("SELECT chat, person FROM inbox ORDER BY number")
    assert [tuple(row) for row in rows] == [(-5, 77), (-5, 77), (-5, None), (-5, None), (0, None)]


async def test_a_chat_that_is_forgotten_is_gone(tmp_path: Path) -> None:
    async with Database(tmp_path / "bot.sqlite3") as database:
        store = Store(database)
        await store.choose_language(7, "vi")
        await store.choose_mode(7, 5, "off")
        await store.keep_answer(7, 1, 2)
        await store.forget_chat(7)
        assert [await store.chosen_language(7), await store.chosen_mode(7, 5), await store.answer_to(7, 1)] == [
            None
        ] * 3
        assert not await store.knows_chat(7)
