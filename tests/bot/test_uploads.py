"""An administrator adds a document by sending it, removes one, undoes that; nobody else does, and nothing twice."""

import asyncio
import hashlib
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.application import Service, serving
from bot.corpus.nursery import EditionProcess, Nursery
from bot.corpus.wire import Order, Progress
from bot.delivery.pace import Pace
from bot.settings import Settings
from bot.speech.phrases import phrases
from bot.storage.added_files import AddedFiles
from bot.storage.backups import Backups
from bot.storage.changes import Changes
from bot.storage.database import Database, DatabaseError
from tests.bot.commands import Commands
from tests.bot.echo import NOTHING
from tests.bot.reloading import reload, reported
from tests.botapi import BotApiServer, Chat, Person, SentMessage
from tests.conftest import ADMIN_ID
from tests.retrieval.packing import docx, locked, pdf

EN = phrases("en")
SMART = "Kuching đã khai trương trung tâm điều hành đô thị thông minh đầu tiên của bang Sarawak vào tháng trước."
ARTICLE = ("Kuching mở trung tâm điều hành", "30/08/2021", f"{SMART} {SMART.replace('Kuching', 'Thành phố')}")
TEXT = "\n".join(ARTICLE).encode()
COLLEAGUE_ID = 4343


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, admins=frozenset({ADMIN_ID, COLLEAGUE_ID}))


@pytest.fixture
def office(server: BotApiServer, admin: Person) -> Chat:
    return server.private_chat(admin)


@pytest.fixture
def colleague(server: BotApiServer) -> Person:
    return server.person(COLLEAGUE_ID, first_name="Colleague", language_code="en")


async def hand_in(
    server: BotApiServer, chat: Chat, by: Person, content: bytes = TEXT, name: str | None = "kuching.txt"
) -> SentMessage:
    """Sends a document, and returns what the bot says to it."""
    await server.send_file(chat, by, name, content)
    return await server.reply(chat, within=30)


async def decide(server: BotApiServer, message: SentMessage, button: str, by: Person) -> str:
    """Presses a button, and returns what the message says in the end."""
    seen = len(message.edits)
    await server.answer(await server.press(message, button, by))
    message = server.room(message.chat).sent[message.message_id]
    return await reported(server, message if len(message.edits) > seen else await server.edited(message, within=30))


async def sources(server: BotApiServer, chat: Chat, by: Person) -> str:
    await server.say(chat, by, "/sources")
    return (await server.reply(chat)).text


def kept(settings: Settings) -> set[str]:
    found = settings.added.iterdir() if settings.added.exists() else ()
    return {path.name for path in found if path.suffix != ".unneeded"}


def digest(content: bytes, suffix: str = ".txt") -> str:
    return hashlib.sha256(content).hexdigest() + suffix


def rows(settings: Settings, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(settings.database)) as database:
        return database.execute(statement).fetchall()


async def test_a_document_is_shown_added_asked_about_removed_and_brought_back(
    server: BotApiServer, office: Chat, admin: Person, bot: Service, settings: Settings
) -> None:
    shown = await hand_in(server, office, admin)
    assert shown.text.split("\n") == [
        "• Kuching mở trung tâm điều hành",
        "Vietnamese · publisher not stated · 30 August 2021",
        "1 passage",
        *[shown.text.split("\n")[3]],
        "It would be a new article.",
        "⚠ publisher not stated",
    ]
    assert shown.text.split("\n")[3].startswith("Kuching đã khai trương trung tâm")
    assert [button["text"] for button in shown.buttons] == ["Add", "Discard"]
    assert "Kuching" not in await sources(server, office, admin)

    report = (await decide(server, shown, "Add", admin)).split("\n")
    assert report[0].startswith("Reloaded: 6 articles, ")
    assert report[1:] == ["Added: 1", "• Kuching mở trung tâm điều hành"]
    await server.say(office, admin, "Kuching khai trương trung tâm gì?")
    assert (await server.reply(office)).text.startswith("Kuching mở trung tâm điều hành\n")
    assert rows(settings, "SELECT number, documents, author FROM generation") == [(1, 5, None), (2, 6, ADMIN_ID)]
    assert kept(settings) == {digest(TEXT)}

    await server.say(office, admin, "/remove kuching mở")
    asked = await server.reply(office)
    assert asked.text.startswith("Remove this article?\n• Kuching mở trung tâm điều hành\n")
    assert "Removed: 1" in await decide(server, asked, "Remove", admin)
    assert "Kuching" not in await sources(server, office, admin)

    await server.say(office, admin, "/undo")
    asked = await server.reply(office)
    assert asked.text.startswith("This article was removed on ")
    assert asked.text.endswith(" UTC. Undo that?\nKuching mở trung tâm điều hành")
    assert "Added: 1" in await decide(server, asked, "Undo", admin)
    assert "Kuching" in await sources(server, office, admin)

    await server.say(office, admin, "/undo")
    assert (asked := await server.reply(office)).text.startswith("This article was added on ")
    assert "Removed: 1" in await decide(server, asked, "Undo", admin)
    await server.say(office, admin, "/undo")
    assert (await server.reply(office)).text == EN.nothing_to_undo
    assert rows(settings, "SELECT documents, author FROM generation ORDER BY number DESC LIMIT 1") == [(5, ADMIN_ID)]
    assert kept(settings) == set()


async def test_every_kind_is_told_by_its_bytes_and_what_it_would_change_is_said(
    server: BotApiServer, office: Chat, admin: Person, bot: Service, corpus: Path
) -> None:
    page = f"<!doctype html><html><body><article><h1>{ARTICLE[0]}</h1><p>{ARTICLE[2]}</p></article></body></html>"
    for name, content in {
        "article.docx": docx(*ARTICLE[1:], title=ARTICLE[0]),
        "really a pdf.txt": pdf(ARTICLE),
        "really a page.txt": page.encode(),
        "../../../etc/passwd.md": "\n\n".join(ARTICLE).encode(),
    }.items():
        shown = await hand_in(server, office, admin, content, name)
        assert shown.text.startswith("• Kuching mở trung tâm điều hành\nVietnamese · "), name
    seed = next(corpus.glob("003*"))
    same = await hand_in(server, office, admin, seed.read_bytes(), seed.name)
    assert "It would replace: ASEAN hợp tác phát triển thành phố thông minh" in same.text
    alike = await hand_in(server, office, admin, seed.read_bytes(), "another.txt")
    assert "⚠ nearly the same as: ASEAN hợp tác phát triển thành phố thông minh" in alike.text
    assert await decide(server, alike, "Discard", admin) == EN.left_as_it_was
    report = await decide(server, same, "Add", admin)
    assert report.startswith("Reloaded: 5 articles, ")


BOMB = docx("", markup="<w:p><w:r><w:t>" + "a" * 30_000_000 + "</w:t></w:r></w:p>")


async def test_what_cannot_be_added_is_refused_with_its_mend_and_nothing_is_kept(
    server: BotApiServer, office: Chat, admin: Person, bot: Service, settings: Settings
) -> None:
    for name, content, reason in (
        ("empty.txt", b"", "empty – is empty"),
        ("a.exe", b"MZ", "a – is not one of .txt, .md, .html, .htm, .pdf, .docx; rename or convert it"),
        (None, b"words", "document – is not one of .txt, .md, .html, .htm, .pdf, .docx; rename or convert it"),
        ("photo.txt", b"\x89PNG\r\n", "photo – is a picture, not text; save it as plain text, .md or .html"),
        ("locked.pdf", locked(pdf(ARTICLE), "x"), "locked – is locked by a password; save it without one"),
        ("scan.pdf", pdf(()), "scan – holds no text, only pictures (a scan?); have its text recognised, or save it"),
        ("bomb.docx", BOMB, "bomb – unpacks to more than 20 MB; keep only the article"),
        ("a/b\\c<b>.txt", b"*** --- ***", "c<b> – holds no running text; is the article in it?"),
    ):
        refused = await hand_in(server, office, admin, content, name)
        assert refused.text.startswith(f"{EN.not_addable}\n• {reason}"), name
    assert (rows(settings, "SELECT * FROM change"), kept(settings)) == ([], set())


async def test_what_is_too_large_is_not_fetched_and_a_lie_about_the_size_is_noticed(
    server: BotApiServer, office: Chat, admin: Person, bot: Service
) -> None:
    too_large = f"{EN.not_addable}\n• large – is larger than 5 MB; split it into articles"
    await server.send_file(office, admin, "large.txt", b"a", size=25_000_000)
    assert (await server.reply(office)).text == too_large
    assert server.called("getFile") == []
    await server.send_file(office, admin, "large.txt", b"a" * 6_000_000, size=10)
    assert (await server.reply(office)).text == too_large
    await server.send_file(office, admin, "large.txt", b"a" * 25_000_000, size=10)
    not_fetched = f"{EN.not_addable}\n• large – cannot be fetched from Telegram; send it again"
    assert (await server.reply(office)).text == not_fetched


async def test_only_an_administrators_own_document_in_a_private_chat_is_taken(
    server: BotApiServer, office: Chat, admin: Person, private: Chat, alice: Person, bot: Service, settings: Settings
) -> None:
    await server.send_file(private, alice, "a.txt", TEXT)
    assert (await server.reply(private)).text == EN.text_only
    other = Person(77, "Inline", "inline_bot", is_bot=True)
    origin = {"type": "user", "date": 1, "sender_user": admin.json()}
    for fields in ({"forward_origin": origin}, {"via_bot": other.json()}):
        await server.send_file(office, admin, "a.txt", TEXT, **fields)
        assert (await server.reply(office)).text == EN.text_only
    group = server.group("Cities", members=[admin])
    await server.send_file(group, admin, "a.txt", TEXT)
    await server.quiet(group)
    for command in ("/remove Becamex", "/undo"):
        await server.say(private, alice, command)
        assert (await server.reply(private)).text == EN.admins_only
    assert (server.called("getFile"), rows(settings, "SELECT * FROM change")) == ([], [])


async def test_buttons_are_the_askers_and_a_second_press_does_nothing(
    server: BotApiServer,
    office: Chat,
    admin: Person,
    alice: Person,
    colleague: Person,
    bot: Service,
    settings: Settings,
) -> None:
    group = server.group("Cities", members=[admin, alice, colleague])
    await server.say(group, admin, "/remove asean hợp tác")
    asked = await server.reply(group)
    for other in (alice, colleague):
        answer = await server.answer(await server.press(asked, "Remove", other))
        assert answer["text"] == EN.not_your_buttons
    assert "Removed: 1" in await decide(server, asked, "Remove", admin)
    again = {"id": "again", "from": admin.json(), "message": asked.json, "data": asked.buttons[0]["callback_data"]}
    server.methods.waiting.add("again")
    await server.inject({"callback_query": again | {"chat_instance": "1"}})
    await server.changes.until(lambda: "again" in server.methods.answers, 5)
    assert server.methods.answers["again"]["text"] == EN.decided_already
    assert rows(settings, "SELECT count(*) FROM generation") == [(2,)]


async def test_a_press_in_a_message_too_old_to_be_seen_says_that_the_offer_has_expired(
    server: BotApiServer, office: Chat, admin: Person, colleague: Person, bot: Service, settings: Settings
) -> None:
    shown = await hand_in(server, office, admin)
    del server.room(office).messages[shown.message_id]
    for by, said in ((admin, EN.offer_expired), (colleague, EN.not_your_buttons)):
        assert (await server.answer(await server.press(shown, "Add", by)))["text"] == said
    await server.quiet(office)
    assert rows(settings, "SELECT applied FROM change") == [(None,)]


async def test_remove_lists_what_a_name_fits_and_takes_an_id_for_certain(
    server: BotApiServer, office: Chat, admin: Person, bot: Service, corpus: Path
) -> None:
    said = {}
    for name in ("", " nowhere at all", " 00", f" {next(corpus.glob('003*')).stem}"):
        await server.say(office, admin, f"/remove{name}")
        said[name.strip()[:3]] = (await server.reply(office)).text
    assert (said[""], said["now"]) == (EN.remove_how, EN.none_fits)
    assert said["00"].startswith(EN.several_fit)
    assert all(path.stem in said["00"] for path in corpus.iterdir())
    assert said["003"].startswith(f"{EN.remove_asked}\n• ASEAN hợp tác phát triển thành phố thông minh\n")


async def test_the_last_document_may_be_removed(
    server: BotApiServer, office: Chat, admin: Person, bot: Service, corpus: Path
) -> None:
    for path in sorted(corpus.iterdir())[1:]:
        path.unlink()
    await reload(server, office, admin, "/reload force")
    await server.say(office, admin, "/remove 000")
    report = await decide(server, await server.reply(office), "Remove", admin)
    assert report.startswith("Reloaded: 0 articles, 0 passages")
    assert await sources(server, office, admin) == EN.no_documents


async def test_while_one_change_runs_another_administrator_is_told_so(
    server: BotApiServer,
    office: Chat,
    admin: Person,
    colleague: Person,
    bot: Service,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other_office = server.private_chat(colleague)
    first = await hand_in(server, office, admin)
    second = await hand_in(server, other_office, colleague, docx(*ARTICLE), "b.docx")
    go_on, edition = asyncio.Event(), Nursery.edition

    async def slowly(nursery: Nursery, order: Order, progress: Progress) -> EditionProcess:
        await go_on.wait()
        return await edition(nursery, order, progress)

    monkeypatch.setattr(Nursery, "edition", slowly)
    await server.answer(await server.press(first, "Add", admin))
    first = await server.edited(first)
    told = await server.answer(await server.press(second, "Add", colleague))
    assert told["text"].startswith("A reload has been running for ")
    go_on.set()
    assert "Added: 1" in await reported(server, first)
    assert (await decide(server, second, "Add", colleague)).startswith("Reloaded: 7 articles")


async def test_a_change_that_fails_keeps_the_old_corpus_and_its_buttons(
    server: BotApiServer, office: Chat, admin: Person, bot: Service, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    shown = await hand_in(server, office, admin)

    async def failing(*_: object) -> None:
        raise DatabaseError("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(Changes, "apply", failing)
        assert await decide(server, shown, "Add", admin) == "The reload failed; the previous articles stay in use."
    assert "Kuching" not in await sources(server, office, admin)
    assert kept(settings) == {digest(TEXT)}
    shown = server.room(office).sent[shown.message_id]
    assert [button["text"] for button in shown.buttons] == ["Add", "Discard"]
    assert "Added: 1" in await decide(server, shown, "Add", admin)


async def test_a_proposal_that_is_forgotten_while_it_is_carried_out_is_not_served_and_that_is_said(
    server: BotApiServer, office: Chat, admin: Person, bot: Service, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    shown = await hand_in(server, office, admin)
    group = server.group("Cities", members=[admin])
    apply = Changes.apply

    async def forgotten_before(changes: Changes, *given: object) -> None:
        await server.say(group, admin, "/forget")
        await server.reply(group)
        await apply(changes, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Changes, "apply", forgotten_before)
    assert await decide(server, shown, "Add", admin) == EN.offer_expired
    assert server.room(office).sent[shown.message_id].buttons == []
    assert "Kuching" not in await sources(server, office, admin)
    assert rows(settings, "SELECT documents FROM generation") == [(5,)]


async def test_a_press_after_a_restart_counts_and_a_lost_file_is_named_and_stops_no_start(
    server: BotApiServer,
    office: Chat,
    admin: Person,
    settings: Settings,
    pace: Pace,
    caplog: pytest.LogCaptureFixture,
    command: Commands,
) -> None:
    async with serving(settings, pace):
        shown = await hand_in(server, office, admin)
    async with serving(settings, pace):
        assert "Added: 1" in await decide(server, shown, "Add", admin)
    async with serving(settings, pace):
        assert "Kuching" in await sources(server, office, admin)
    assert rows(settings, "SELECT count(*) FROM generation") == [(2,)]
    checked = command("check", ASCN_BOT_DATA=str(settings.data), ASCN_BOT_CORPUS=str(settings.corpus))
    assert "Documents: 6. Problems: 0." in checked.stdout
    shutil.rmtree(settings.added)
    async with serving(settings, pace):
        assert f"is left out: {settings.added / digest(TEXT)} is missing" in caplog.text
        report = await reload(server, office, admin)
        assert "• kuching.txt – is gone; put it back, or remove it" in report
        again = await hand_in(server, office, admin)
        assert "Added: 1" in await decide(server, again, "Add", admin)


class Killed(BaseException):
    """What the end of a process looks like from inside."""


@pytest.fixture
async def changes(settings: Settings) -> AsyncIterator[Changes]:
    async with Database(settings.database) as database:
        yield Changes(database, settings.added, settings.keep_changes)


async def test_a_crash_between_the_file_and_its_row_leaves_nothing(
    changes: Changes, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(*_: object) -> int:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(changes, "_propose", killed)
        with pytest.raises(Killed):
            await changes.propose_adding(ADMIN_ID, "a", "A", TEXT, ".txt")
    (settings.added / f".{digest(b'x')}").write_bytes(b"half")
    assert len(kept(settings)) == 2
    await changes.tidy()
    assert kept(settings) == set()


@pytest.mark.parametrize("committed", [False, True], ids=["before its commit", "after it"])
async def test_a_press_that_a_crash_came_upon_is_carried_out_once(
    server: BotApiServer,
    office: Chat,
    admin: Person,
    settings: Settings,
    pace: Pace,
    monkeypatch: pytest.MonkeyPatch,
    committed: bool,
) -> None:
    apply, reached = Changes.apply, asyncio.Event()

    async def dying(changes: Changes, *given: object) -> None:
        if committed:
            await apply(changes, *given)  # type: ignore[arg-type]
        reached.set()
        await asyncio.Event().wait()

    with monkeypatch.context() as patched:
        async with serving(settings, pace):
            shown = await hand_in(server, office, admin)
            patched.setattr(Changes, "apply", dying)
            patched.setattr("bot.application._SECONDS_TO_FINISH", 0.0)
            press = await server.press(shown, "Add", admin)
            await asyncio.wait_for(reached.wait(), 30)
    server.methods.waiting.discard(press.id)  # too old by then
    async with serving(settings, pace):
        seen = server.room(office).sent[shown.message_id]
        while not seen.text.startswith(EN.decided_already if committed else "Reloaded: 6 articles"):
            seen = await server.edited(seen, within=30)
        assert "Kuching" in await sources(server, office, admin)
    assert rows(settings, "SELECT documents FROM generation") == [(5,), (6,)]


async def test_as_many_changes_as_are_kept_can_be_undone_and_their_files_are_there(
    settings: Settings,
) -> None:
    async with Database(settings.database) as database:
        changes = Changes(database, settings.added, 2)
        for number in range(5):
            proposed = await changes.propose_adding(ADMIN_ID, "a", f"A {number}", b"%d" % number, ".txt")
            await changes.apply(proposed, ADMIN_ID, NOTHING)
            await changes.tidy()
        assert kept(settings) == {digest(b"%d" % number) for number in (2, 3, 4)}
        for title, served in (("A 4", b"3"), ("A 3", b"2")):
            last = await changes.last()
            assert last is not None
            assert last.title == title
            await changes.undo(last.number, ADMIN_ID, NOTHING)
            await changes.tidy()
            (added,) = (await changes.amendments()).added
            assert added.path.read_bytes() == served
        assert await changes.last() is None
        assert kept(settings) == {digest(b"2")}


async def test_forgetting_takes_an_administrators_name_off_the_changes_in_the_backups_too(
    server: BotApiServer, office: Chat, admin: Person, bot: Service, settings: Settings
) -> None:
    shown = await hand_in(server, office, admin)
    await decide(server, shown, "Add", admin)
    await hand_in(server, office, admin, docx(*ARTICLE), "b.docx")
    backup = Backups(settings.database, 7).write()
    await server.say(office, admin, "/forget")
    await server.reply(office)
    for path in (settings.database, backup):
        with closing(sqlite3.connect(path)) as database:
            for table in ("change", "generation"):
                assert database.execute(f"SELECT count(author) FROM {table}").fetchone() == (0,)  # noqa: S608
    assert rows(settings, "SELECT document FROM change") == [("kuching",)]


def test_a_file_that_no_change_needs_is_laid_aside_for_a_month_and_can_be_brought_back(tmp_path: Path) -> None:
    files = AddedFiles(tmp_path)
    name = files.keep(b"an article", ".txt")
    files.lay_aside_all_but(set(), 60)
    assert not files.path(name).exists()
    files.lay_aside_all_but(set(), 60)
    files.bring_back({name, "unknown.txt"})
    assert files.path(name).read_bytes() == b"an article"
    files.lay_aside_all_but(set(), 60)
    os.utime(tmp_path / f"{name}.unneeded", (0, 0))
    files.lay_aside_all_but({name}, 60)
    assert list(tmp_path.iterdir()) == []
