"""What an administrator is told of a reload, and whose word is taken for one."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from telegram import Bot, Message, Update
from telegram.error import BadRequest

from bot.conversation import administration
from bot.conversation.administration import Administration
from bot.conversation.context import Context
from bot.conversation.rights import ByAdministrator
from bot.corpus.catalogue import Catalogue
from bot.corpus.library import Reload, ReloadRunningError, ShrunkError
from bot.corpus.nursery import EditionFailedError
from bot.corpus.wire import Progress
from bot.delivery.pace import Pace
from bot.delivery.sending import Outbox
from bot.metrics import Metrics
from bot.speech.phrases import phrases
from bot.speech.rendering import reload_failed_html, reload_html
from bot.storage.database import Database, DatabaseError
from bot.storage.statistics import Statistics
from bot.storage.store import Store
from retrieval.records import Document
from tests.bot.conftest import Clock
from tests.bot.echo import EchoLibrary
from tests.botapi import BotApiServer, Chat, Person
from tests.conftest import ADMIN_ID

EN = phrases("en")
DONE = Reload(Catalogue((Document("a", "en", ()),), ("1",), 7, (), by_meaning=False), (), (), (), 1.0)


class ScriptedLibrary(EchoLibrary):
    """Reloads as a test says: by an exception, or by a result once it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.ends: Exception | Reload = DONE
        self.forced: list[bool] = []
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.begun = asyncio.Event()
        self.show: Progress = lambda done, total: None

    async def reload(self, progress: Progress, force: bool = False) -> Reload:
        self.forced.append(force)
        self.show = progress
        self.begun.set()
        await self.go_on.wait()
        if isinstance(self.ends, Exception):
            raise self.ends
        return self.ends


@pytest.fixture
def clock(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setattr(administration, "time", clock)
    return clock


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database)


@pytest.fixture
def library() -> ScriptedLibrary:
    return ScriptedLibrary()


@pytest.fixture
def outbox(me: Bot, pace: Pace) -> Outbox:
    return Outbox(me, pace, Metrics())


@pytest.fixture
def office(server: BotApiServer, admin: Person) -> Chat:
    return server.private_chat(admin)


@pytest.fixture
async def desk(
    library: ScriptedLibrary, store: Store, database: Database, outbox: Outbox
) -> AsyncIterator[Administration]:
    desk = Administration(library, store, Statistics(database), outbox)
    yield desk
    await desk.close()


def commanded(me: Bot, office: Chat, admin: Person, **fields: Any) -> Update:
    message = {"message_id": 1, "date": 1_700_000_000, "chat": office.json(), "from": admin.json(), "text": "/reload"}
    said = Message.de_json({key: value for key, value in (message | fields).items() if value is not None}, me)
    return Update(1, message=said)


def behind(*args: str) -> Context:
    return cast(Context, SimpleNamespace(args=list(args)))


async def finished(desk: Administration) -> None:
    await asyncio.gather(*desk._reloads)


@pytest.fixture
def command(desk: Administration, me: Bot, office: Chat, admin: Person) -> Callable[..., Any]:
    async def command(*args: str, **fields: Any) -> None:
        await desk.reload(commanded(me, office, admin, **fields), behind(*args))

    return command


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        (DONE, reload_html(DONE, EN)),
        (ReloadRunningError(12.6), EN.reload_running.format(seconds=13)),
        (ShrunkError(5, 2), EN.reload_shrunk.format(before=5, after=2)),
        (EditionFailedError("It is gone."), reload_failed_html("It is gone.", EN)),
        (RuntimeError("secret"), reload_failed_html("", EN)),
    ],
    ids=["done", "running", "shrunk", "failed", "something else"],
)
async def test_how_a_reload_ends_is_told_in_the_message_that_it_began_with(
    server: BotApiServer,
    library: ScriptedLibrary,
    command: Any,
    desk: Administration,
    office: Chat,
    ends: Any,
    told: str,
) -> None:
    library.ends = ends
    await command()
    message = await server.reply(office)
    assert message.text == EN.reload_started
    await finished(desk)
    assert (await server.edited(message)).text == told.strip()
    assert (len(server.called("sendMessage")), desk._reloads) == (1, set())


async def test_a_reload_that_is_done_is_recorded(
    command: Any, desk: Administration, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, administration.__name__):
        await command()
        await finished(desk)
    assert [record.getMessage() for record in caplog.records] == ["corpus generation 1: 1 documents, 7 passages"]
    assert (await store.record_generation(DONE.catalogue)).number == 1


async def test_a_reload_is_told_though_it_could_not_be_recorded(
    server: BotApiServer,
    command: Any,
    desk: Administration,
    store: Store,
    office: Chat,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def failing(*_: object) -> None:
        raise DatabaseError("The disk is full.")

    monkeypatch.setattr(store, "record_generation", failing)
    await command()
    message = await server.reply(office)
    await finished(desk)
    assert (await server.edited(message)).text == reload_html(DONE, EN)
    assert [record.getMessage() for record in caplog.records] == [
        "the corpus was read anew and that was not recorded: The disk is full."
    ]


async def test_a_failure_nobody_knows_is_logged_with_its_trace(
    command: Any, desk: Administration, library: ScriptedLibrary, caplog: pytest.LogCaptureFixture
) -> None:
    library.ends = RuntimeError("why")
    await command()
    await finished(desk)
    (record,) = caplog.records
    assert record.getMessage() == "reload failed; the previous corpus stays in use"
    assert record.exc_info is not None


@pytest.mark.parametrize(
    ("args", "forced"), [((), False), (("force",), True), (("force", "now"), False), (("now",), False)]
)
async def test_a_reload_is_forced_by_that_word_alone(
    command: Any, desk: Administration, library: ScriptedLibrary, args: tuple[str, ...], forced: bool
) -> None:
    await command(*args)
    await finished(desk)
    assert library.forced == [forced]


USER = {"id": 5, "first_name": "Eve", "is_bot": False}
ORIGIN = {"type": "hidden_user", "date": 1, "sender_user_name": "x"}


@pytest.mark.parametrize(
    "fields",
    [
        {"from": USER},
        {"from": None},
        {"sender_chat": {"id": -7, "type": "supergroup", "title": "Cities"}},
        {"forward_origin": ORIGIN},
        {"via_bot": USER | {"is_bot": True}},
    ],
    ids=["another", "nobody", "a chat", "forwarded", "by an inline bot"],
)
def test_only_an_administrators_own_words_may_reload(me: Bot, office: Chat, admin: Person, fields: Any) -> None:
    by_administrator = ByAdministrator(frozenset({ADMIN_ID}))
    own, others = commanded(me, office, admin).message, commanded(me, office, admin, **fields).message
    assert own is not None
    assert others is not None
    assert (by_administrator.filter(own), by_administrator.filter(others)) == (True, False)


async def test_whoever_is_none_is_told_so(
    server: BotApiServer, desk: Administration, library: ScriptedLibrary, me: Bot, office: Chat, admin: Person
) -> None:
    await desk.refuse(commanded(me, office, admin), behind())
    assert (await server.reply(office)).text == EN.admins_only
    assert (library.forced, desk._reloads) == ([], set())


async def test_what_is_no_message_reloads_nothing(desk: Administration, library: ScriptedLibrary) -> None:
    await desk.reload(Update(1), behind())
    assert library.forced == []


async def begun(library: ScriptedLibrary, command: Any) -> None:
    """A reload that waits to be let go."""
    library.go_on.clear()
    await command()
    await asyncio.wait_for(library.begun.wait(), 10)


async def test_progress_is_told_once_a_second_by_what_is_done(
    server: BotApiServer, command: Any, desk: Administration, library: ScriptedLibrary, office: Chat, clock: Clock
) -> None:
    await begun(library, command)
    message = await server.reply(office)
    told = []
    for step, seconds in enumerate((0.0, 0.9, 1.0, 1.9, 2.0, 3.0), start=1):
        clock.seconds = 1000.0 + seconds
        library.show(step, 5 if step < 6 else 8)
        if seconds in (1.0, 2.0, 3.0):
            message = await server.edited(message)
            await asyncio.sleep(0.05)
            told.append(message.text)
    assert told == [
        EN.reload_reading.format(done=3, total=5),
        EN.reload_indexing.format(done=5, total=5),
        EN.reload_reading.format(done=6, total=8),
    ]
    library.go_on.set()
    await finished(desk)
    assert (await server.edited(message)).text == reload_html(DONE, EN)
    assert len(server.called("editMessageText")) == 4


async def test_progress_waits_for_the_edit_that_is_on_its_way_and_so_does_the_end(
    server: BotApiServer,
    command: Any,
    desk: Administration,
    library: ScriptedLibrary,
    outbox: Outbox,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown, on_its_way = [], asyncio.Event()

    async def slowly(message: object, html: str, keyboard: object) -> None:
        shown.append(html)
        await on_its_way.wait()

    monkeypatch.setattr(outbox, "edit", slowly)
    library.ends = ShrunkError(5, 2)
    await begun(library, command)
    for step in (1, 2, 3):
        clock.seconds += 10
        library.show(step, 9)
        await asyncio.sleep(0)
    assert shown == [EN.reload_reading.format(done=1, total=9)]
    library.go_on.set()
    for _ in range(20):
        await asyncio.sleep(0)
    assert len(shown) == 1
    on_its_way.set()
    await finished(desk)
    assert shown[1:] == [EN.reload_shrunk.format(before=5, after=2)]


@pytest.mark.parametrize("answered", [True, False], ids=["a new message", "no message at all"])
async def test_an_end_that_cannot_be_edited_in_comes_as_a_message_or_is_logged(
    command: Any,
    desk: Administration,
    library: ScriptedLibrary,
    outbox: Outbox,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    answered: bool,
) -> None:
    async def refused(*_: object) -> None:
        raise BadRequest("message to edit not found")

    replies = []

    async def replied(to: object, words: object, html: str) -> None:
        replies.append(html)
        if not answered:
            raise BadRequest("chat not found")

    await begun(library, command)
    monkeypatch.setattr(outbox, "edit", refused)
    monkeypatch.setattr(outbox, "reply", replied)
    library.go_on.set()
    await finished(desk)
    assert replies == [reload_html(DONE, EN)]
    warnings = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    lost = [] if answered else ["the end of a reload could not be told: BadRequest"]
    assert warnings == ["the progress of a reload could not be told: BadRequest", *lost]


async def test_a_desk_that_is_closed_gives_up_its_reloads(
    server: BotApiServer, command: Any, desk: Administration, library: ScriptedLibrary, office: Chat
) -> None:
    await begun(library, command)
    (task,) = desk._reloads
    await desk.close()
    assert task.cancelled()
    assert server.called("editMessageText") == []
