"""What goes wrong reaches the administrators: once, without anybody's words, and never more than they can read."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from telegram import Bot
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TimedOut

from bot import chores
from bot.application import serving
from bot.conversation import alarms
from bot.conversation.alarms import Alarms
from bot.corpus.library import Library
from bot.corpus.nursery import EditionLostError, EditionProcess, Nursery, QuestionTooHardError
from bot.corpus.wire import Asked, Order
from bot.delivery.pace import Pace
from bot.delivery.sending import MessageGoneError, Outbox
from bot.metrics import Metrics
from bot.settings import Settings
from bot.speech.phrases import REPLY_LANGUAGES, phrases
from bot.storage.backups import Backups
from bot.storage.database import Database, DatabaseError
from bot.storage.store import Store
from bot.troubles import Trouble, told
from retrieval.records import Answer, Question
from tests.bot.echo import EchoLibrary
from tests.botapi import BotApiServer, Chat, Person
from tests.conftest import ADMIN_ID

LOG = logging.getLogger("bot.somewhere")
WORDS = phrases("en")
CANARY = "Which qanary sang?"
HOUR = 3600.0
CLOSED = (
    "Not enough rights to send text messages to the chat",
    "Have no rights to send a message",
    "Chat_write_forbidden",
    "Chat_send_plain_forbidden",
    "Chat_restricted",
    "Topic_closed",
    "Topic_deleted",
    "Message thread not found",
    "Chat not found",
    "Group chat was deactivated",
)
"""Of what Telegram refuses where nobody lets the bot write, in the framework's spelling."""


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(server: BotApiServer, admin: Person) -> Chat:
    return server.private_chat(admin)


@asynccontextmanager
async def on_duty(alarm: Alarms, me: Bot, pace: Pace, database: Database) -> AsyncIterator[None]:
    """The alarms, telling until the block ends."""
    with alarm.listening():
        telling = asyncio.create_task(alarm.run(Outbox(me, pace, Metrics()), Store(database)))
        try:
            yield
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)


@pytest.fixture
async def duty(me: Bot, pace: Pace, database: Database, clock: Clock) -> AsyncIterator[None]:
    async with on_duty(Alarms(frozenset({ADMIN_ID}), clock), me, pace, database):
        yield


async def called(server: BotApiServer, method: str, times: int) -> None:
    """Returns once it has been called so often, of which a refusal makes no news."""
    async with asyncio.timeout(5):
        while len(server.called(method)) < times:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def fail(about: str, times: int = 1) -> None:
    for _ in range(times):
        LOG.error("it failed", extra=told(Trouble.FAILED, about))


@pytest.mark.usefixtures("duty")
async def test_ten_thousand_equal_errors_are_one_message_whose_number_grows(
    server: BotApiServer, office: Chat, clock: Clock
) -> None:
    fail("ValueError at bot/a.py:1 f")
    message = await server.reply(office)
    assert message.text == f"⚠️ {WORDS.alarm_failed}\nValueError at bot/a.py:1 f"
    fail("ValueError at bot/a.py:1 f", times=9_998)
    await server.quiet(office)
    assert server.called("editMessageText") == []
    clock.now += 60
    fail("ValueError at bot/a.py:1 f")
    message = await server.edited(message)
    assert message.text == f"⚠️ {WORDS.alarm_failed}\nValueError at bot/a.py:1 f\n10,000×"
    clock.now += HOUR - 60
    fail("ValueError at bot/a.py:1 f")
    assert (await server.reply(office)).text == f"⚠️ {WORDS.alarm_failed}\nValueError at bot/a.py:1 f"
    await server.quiet(office)
    assert (len(server.called("sendMessage")), len(server.called("editMessageText"))) == (2, 1)


@pytest.mark.usefixtures("duty")
async def test_beyond_ten_messages_an_hour_one_line_says_how_many_more(
    server: BotApiServer, office: Chat, clock: Clock
) -> None:
    for number in range(25):
        fail(f"ValueError at bot/a.py:{number} f")
    *ten, more = await server.replies(office, 11)
    assert [message.text.split(":")[-1] for message in ten] == [f"{number} f" for number in range(10)]
    assert more.text == f"⚠️ {WORDS.more_errors.of(15)}"
    clock.now += 60
    fail("ValueError at bot/a.py:24 f", times=2)
    assert (await server.edited(more)).text == f"⚠️ {WORDS.more_errors.of(17)}"
    clock.now += HOUR
    fail("ValueError at bot/a.py:24 f")
    assert (await server.reply(office)).text.endswith("bot/a.py:24 f")
    await server.quiet(office)


@pytest.mark.usefixtures("duty")
async def test_what_is_not_marked_is_not_told_and_of_what_is_no_word_but_its_kind_and_place(
    server: BotApiServer, office: Chat
) -> None:
    LOG.error("an error that only the log is for")
    LOG.error(
        "somebody asked: %s", CANARY, extra=told(Trouble.SET_ASIDE, f"JSONDecodeError {server.token} {'x' * 500}")
    )
    message = await server.reply(office)
    assert message.text.startswith(f"⚠️ {WORDS.alarm_set_aside}\nJSONDecodeError <secret> xxx")
    assert (CANARY in message.text, server.token in message.text, len(message.text) < 300) == (False, False, True)
    await server.quiet(office)


async def test_an_administrator_without_a_chat_is_tried_once_and_the_others_are_told(
    server: BotApiServer, me: Bot, pace: Pace, database: Database, office: Chat, clock: Clock
) -> None:
    blocking = server.person(4243, first_name="Blocking")
    await server.bot_becomes(server.private_chat(blocking), "kicked", by=blocking)
    await Store(database).choose_language(ADMIN_ID, "vi")
    async with on_duty(Alarms(frozenset({4243, 4244, ADMIN_ID}), clock), me, pace, database):
        for number in range(3):
            LOG.error("it failed", extra=told(Trouble.BACKUP_FAILED, f"OSError at bot/a.py:{number}"))
        texts = [message.text.split("\n")[0] for message in await server.replies(office, 3)]
    assert texts == [f"⚠️ {phrases('vi').alarm_backup}"] * 3
    refused = [call.parameters["chat_id"] for call in server.called("sendMessage") if not call.ok]
    assert sorted(refused) == [4243, 4244]


@pytest.mark.usefixtures("duty")
async def test_what_cannot_be_told_is_only_logged(
    server: BotApiServer, office: Chat, clock: Clock, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.sending._FIRST_WAIT", 0.0)
    server.fail("sendMessage", times=6, status=500, description="Internal Server Error")
    fail("ValueError at bot/a.py:1 f")
    await called(server, "sendMessage", 6)
    fail("KeyError at bot/a.py:2 f")
    assert (await server.reply(office)).text.endswith("bot/a.py:2 f")
    said = [record.getMessage() for record in caplog.records if record.name == "bot.conversation.alarms"]
    assert said == ["an error could not be told to an administrator: NetworkError"]
    server.fail("editMessageText", status=400, description="Bad Request: message to edit not found")
    clock.now += 60
    fail("KeyError at bot/a.py:2 f")
    await called(server, "editMessageText", 1)
    clock.now += HOUR
    fail("KeyError at bot/a.py:2 f")
    assert (await server.reply(office)).text.startswith(f"⚠️ {WORDS.alarm_failed}")


async def test_a_thread_may_notice_it_and_a_database_that_fails_keeps_nothing_back(
    server: BotApiServer, me: Bot, pace: Pace, database: Database, office: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(*_: object) -> str:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(Store, "chosen_language", failing)
    async with on_duty(Alarms(frozenset({ADMIN_ID})), me, pace, database):
        await asyncio.to_thread(fail, "DatabaseError at bot/a.py:1 f")
        assert (await server.reply(office)).text.startswith(f"⚠️ {WORDS.alarm_failed}")


@pytest.mark.parametrize(
    ("error", "tells"),
    [
        *((NetworkError("down"), False), (TimedOut(), False), (RetryAfter(1), False), (Forbidden("blocked"), False)),
        *((BadRequest(reason), False) for reason in CLOSED),
        *((MessageGoneError("Message to edit not found"), False), (BadRequest("Member list is inaccessible"), False)),
        *((BadRequest("something new"), True), (ValueError(CANARY), True), (DatabaseError("the disk is full"), True)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_weather_of_telegram_is_no_trouble(error: Exception, tells: bool) -> None:
    expected = told(Trouble.FAILED, f"{type(error).__name__} at outside") if tells else {}
    assert alarms.failure(error) == expected


def test_every_trouble_has_a_sentence_of_its_own_in_every_language() -> None:
    for language in REPLY_LANGUAGES:
        said = [alarms._said(alarms._Group(trouble, ""), phrases(language)) for trouble in (None, *Trouble)]
        assert len(set(said)) == len(Trouble) + 1


class _Clumsy(EchoLibrary):
    """Fails as a test says."""

    def __init__(self) -> None:
        super().__init__()
        self.error: Exception | None = None

    async def answer(self, question: str, earlier: Question | None = None, quotes: int = 3) -> Answer:
        if self.error is not None:
            raise self.error
        return await super().answer(question)


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> _Clumsy:
    library = _Clumsy()
    monkeypatch.setattr(Library, "open", library.opened)
    return library


async def test_the_bot_tells_of_a_handler_a_question_given_up_a_damaged_database_and_a_backup(
    server: BotApiServer,
    settings: Settings,
    pace: Pace,
    library: _Clumsy,
    office: Chat,
    private: Chat,
    alice: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(_: Backups) -> None:
        raise DatabaseError("The database /srv/of-nobody cannot be copied.")

    settings.database.write_bytes(b"no database" * 1000)
    async with serving(settings, pace):
        assert (await server.reply(office)).text == f"⚠️ {WORDS.alarm_database}"
        library.error = ValueError(CANARY)
        await server.say(private, alice, CANARY)
        assert (await server.reply(private)).text == WORDS.sorry
        failed = (await server.reply(office)).text
        assert failed.startswith(f"⚠️ {WORDS.alarm_failed}\nValueError at bot/conversation/questions.py:")
        library.error = QuestionTooHardError(CANARY)
        await server.say(private, alice, CANARY)
        given_up = (await server.reply(office)).text
        assert given_up.startswith(f"⚠️ {WORDS.alarm_given_up}\nQuestionTooHardError at bot/")
        monkeypatch.setattr(Backups, "write_if_due", full)
        monkeypatch.setattr(chores, "_SECONDS_BETWEEN_LOOKS", 0.01)
        backing_up = asyncio.create_task(chores.back_up(Backups(settings.database, 7)))
        lost = (await server.reply(office)).text
        backing_up.cancel()
        assert lost.startswith(f"⚠️ {WORDS.alarm_backup}\nDatabaseError at bot/chores.py:")
        server.queue.repeat({"update_id": 700_000_900, "message": [CANARY]})
        aside = (await server.reply(office)).text
        assert aside.startswith(f"⚠️ {WORDS.alarm_set_aside}\n")
        told_in_all = failed + given_up + lost + aside
        server.violations.clear()  # of the update that is none
        assert [words for words in (CANARY, "of-nobody", str(alice.id)) if words in told_in_all] == []


class _LostEdition:
    """Whose process is gone."""

    async def answer(self, question: Asked) -> Answer:
        raise EditionLostError

    def retire(self) -> None:
        """Nothing is left of it."""


class _NextEdition(_LostEdition):
    async def answer(self, question: Asked) -> Answer:
        return Answer(Question(question.text, "en"), False, (), 0.5)


class _Nursery:
    async def edition(self, order: Order) -> _NextEdition:
        return _NextEdition()


@pytest.mark.usefixtures("duty")
async def test_a_lost_edition_is_told(server: BotApiServer, office: Chat, tmp_path: Path) -> None:
    library = Library(
        Order(tmp_path, tmp_path, tmp_path), cast(Nursery, _Nursery()), cast(EditionProcess, _LostEdition())
    )
    assert (await library.answer("?")).question.text == "?"
    assert (await server.reply(office)).text == f"⚠️ {WORDS.alarm_edition}"


@pytest.mark.parametrize("reason", ["not enough rights to send text messages to the chat", "TOPIC_CLOSED"])
async def test_where_the_bot_may_not_write_a_line_of_the_log_says_so_and_nobody_is_told(
    server: BotApiServer,
    settings: Settings,
    pace: Pace,
    library: _Clumsy,
    office: Chat,
    alice: Person,
    caplog: pytest.LogCaptureFixture,
    reason: str,
) -> None:
    group = server.group("Cities", members=[alice])
    async with serving(settings, pace):
        server.fail("sendMessage", status=400, description=f"Bad Request: {reason}")
        await server.say(group, alice, "/help")
        await server.quiet(group)
        await server.quiet(office)
    assert len(server.called("sendMessage")) == 1
    (record,) = [record for record in caplog.records if record.name == "bot.conversation.failures"]
    assert (record.levelname, record.getMessage().partition(":")[0]) == ("WARNING", "an update could not be handled")


async def test_the_bot_tells_nobody_of_who_shut_it_out_and_is_silent_where_there_are_no_administrators(
    server: BotApiServer, settings: Settings, pace: Pace, library: _Clumsy, office: Chat, private: Chat, alice: Person
) -> None:
    async with serving(settings, pace):
        server.fail("sendMessage", status=403, description="Forbidden: bot was blocked by the user")
        await server.say(private, alice, CANARY)
        await server.settled()
        await server.say(private, alice, CANARY)
        await server.reply(private)
        await server.quiet(office)
    async with serving(replace(settings, admins=frozenset()), pace):
        library.error = ValueError(CANARY)
        await server.say(private, alice, CANARY)
        assert (await server.reply(private)).text == WORDS.sorry
        await server.quiet(office)
