"""Only named administrators reload the corpus, and a reload never harms what is being served."""

import asyncio
import os
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.application import Service
from bot.corpus.nursery import EditionProcess, Nursery
from bot.corpus.wire import Order, Progress
from bot.settings import Settings
from tests.bot.reloading import reload, reported
from tests.botapi import BotApiServer, Chat, Person
from tests.conftest import SEEDS

pytestmark = pytest.mark.usefixtures("bot")
SMART = "Kuching đã khai trương trung tâm điều hành đô thị thông minh đầu tiên của bang Sarawak vào tháng trước. "


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A copy of the seeds in a folder whose name looks like markup."""
    return Path(shutil.copytree(SEEDS, tmp_path / "a<b>&c"))


@pytest.fixture
def office(server: BotApiServer, admin: Person) -> Chat:
    return server.private_chat(admin)


async def test_a_reload_reports_what_was_added_changed_removed_and_left_out(
    server: BotApiServer, office: Chat, admin: Person, corpus: Path
) -> None:
    (corpus / "new.txt").write_text("Kuching mở trung tâm điều hành\n\n" + SMART * 2, "utf-8")
    (corpus / "scan.pdf").write_bytes(b"%PDF-1.7")
    next(corpus.glob("000*")).unlink()
    changed = next(corpus.glob("003*"))
    changed.write_text(changed.read_text("utf-8").replace("Hun Sen", "Hun Manet"), "utf-8")
    lines = (await reload(server, office, admin)).split("\n")
    assert lines[0].startswith("Reloaded: 5 articles, 50 passages, in ")
    assert lines[1:] == [
        "Added: 1",
        "• Kuching mở trung tâm điều hành",
        "Changed: 1",
        "• ASEAN hợp tác phát triển thành phố thông minh",
        "Removed: 1",
        "• 2020东盟轮值主席年:发展可持续的智慧城市",
        "Left out: 1",
        "• scan.pdf – is a damaged PDF; save it anew, or as plain text",
    ]


async def test_after_a_reload_the_new_document_answers(
    server: BotApiServer, office: Chat, admin: Person, corpus: Path
) -> None:
    (corpus / "new.txt").write_text("Kuching mở trung tâm điều hành\n\n" + SMART * 2, "utf-8")
    await reload(server, office, admin)
    await server.say(office, admin, "Kuching khai trương trung tâm gì?")
    assert (await server.reply(office)).text.startswith("Kuching mở trung tâm điều hành\n")


async def test_a_stranger_is_refused_politely(server: BotApiServer, private: Chat, alice: Person, bot: Service) -> None:
    await server.say(private, alice, "/reload")
    assert (await server.reply(private)).text == "Only the bot's administrators can use this command."


async def test_an_anonymous_group_admin_is_refused(server: BotApiServer, admin: Person) -> None:
    group = server.supergroup("Cities", members=[admin], admins=[admin])
    await server.say(group, admin, "/reload", anonymous=True)
    assert (await server.reply(group)).text == "Only the bot's administrators can use this command."


async def test_a_forwarded_command_is_refused(server: BotApiServer, office: Chat, admin: Person, alice: Person) -> None:
    await server.say(office, admin, "/reload", forwarded_from=alice)
    assert (await server.reply(office)).text == "Only the bot's administrators can use this command."


async def test_an_edited_message_commands_nothing(server: BotApiServer, office: Chat, admin: Person) -> None:
    said = await server.say(office, admin, "/start")
    await server.reply(office)
    await server.edit_said(said, "/reload")
    await server.quiet(office)


async def test_a_reload_that_fails_keeps_the_old_corpus(
    server: BotApiServer, office: Chat, admin: Person, corpus: Path
) -> None:
    shutil.rmtree(corpus)
    report = await reload(server, office, admin)
    assert report.startswith(
        f"The reload failed; the previous articles stay in use. The corpus folder {corpus} cannot be read"
    )
    await server.say(office, admin, "Becamex IDC")
    assert "Becamex IDC" in (await server.reply(office)).text


async def test_a_reload_that_would_leave_less_than_half_asks_whether_that_is_meant(
    server: BotApiServer, office: Chat, admin: Person, corpus: Path
) -> None:
    for path in sorted(corpus.glob("00[234]*")):
        path.unlink()
    assert (await reload(server, office, admin)).startswith("Only 2 of 5 articles would be left")
    await server.say(office, admin, "Becamex IDC")
    assert "Becamex IDC" in (await server.reply(office)).text
    assert (await reload(server, office, admin, "/reload force")).startswith("Reloaded: 2 articles")


async def test_files_that_cannot_be_used_are_named_in_the_report_and_what_was_answered_before_is_answered(
    server: BotApiServer, office: Chat, admin: Person, corpus: Path
) -> None:
    await server.say(office, admin, "Becamex IDC")
    before = (await server.reply(office)).text
    (corpus / "x1.txt").write_bytes(b"")
    (corpus / "x2.txt").write_bytes(SMART.encode()[: SMART.encode().rindex("ướ".encode()) + 1])
    (corpus / "x3.txt").write_bytes(b"\x00\x01\x02\x03" * 500)
    (corpus / "x4.html").write_bytes(b"<html><body><p")
    (corpus / "x5.txt").write_bytes(b"%PDF-1.7")
    lines = (await reload(server, office, admin)).split("\n")
    assert lines[0].startswith("Reloaded: 5 articles, ")
    assert lines[1:] == [
        "Left out: 5",
        "• x1.txt – is empty",
        "• x2.txt – is in no encoding we can tell; save it as UTF-8",
        "• x3.txt – is in no encoding we can tell; save it as UTF-8",
        "• x4.html – has no article text that could be taken out; save the article as plain text",
        "• x5.txt – is a PDF, not text; save it as plain text, .md or .html",
    ]
    await server.say(office, admin, "Becamex IDC")
    assert (await server.reply(office)).text == before


@pytest.mark.parametrize("seconds", [0.0, 0.2, 0.5])
async def test_a_reload_whose_process_is_killed_keeps_the_old_corpus(
    server: BotApiServer,
    office: Chat,
    admin: Person,
    corpus: Path,
    settings: Settings,
    nursery: Nursery,
    seconds: float,
) -> None:
    await server.say(office, admin, "Becamex IDC")
    before = (await server.reply(office)).text
    for number in range(60):
        (corpus / f"n{number}.txt").write_text(f"Bài số {number} {seconds}\n\n" + SMART * 40, "utf-8")
    editions = children(nursery)
    await server.say(office, admin, "/reload")
    message = await server.reply(office)
    while not (begun := children(nursery) - editions):  # noqa: ASYNC110
        await asyncio.sleep(0.001)
    await asyncio.sleep(seconds)
    (pid,) = begun
    os.kill(pid, signal.SIGKILL)
    assert await reported(server, message) == "The reload failed; the previous articles stay in use."
    await server.say(office, admin, "Becamex IDC")
    assert (await server.reply(office)).text == before
    with closing(sqlite3.connect(settings.database)) as database:
        assert database.execute("SELECT count(*) FROM generation").fetchone() == (1,)


def children(nursery: Nursery) -> set[int]:
    """The processes that the nursery has begun."""
    pid = nursery._process.pid
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


async def test_of_twenty_reloads_at_once_one_reads_the_corpus_and_the_others_are_told_to_wait(
    server: BotApiServer, office: Chat, admin: Person, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, edition, builds = asyncio.Event(), Nursery.edition, 0

    async def slowly(nursery: Nursery, order: Order, progress: Progress) -> EditionProcess:
        nonlocal builds
        builds += 1
        await go_on.wait()
        return await edition(nursery, order, progress)

    monkeypatch.setattr(Nursery, "edition", slowly)
    next(corpus.glob("001*")).unlink()
    for _ in range(20):
        await server.say(office, admin, "/reload")
    first, *others = await server.replies(office, 20)
    for other in others:
        told = other if other.edits else await server.edited(other)
        assert told.text.startswith("A reload has been running for ")
    go_on.set()
    assert "Removed: 1" in await reported(server, first)
    assert builds == 1


async def test_while_one_reload_runs_the_old_corpus_answers_and_a_second_is_told_to_wait(
    server: BotApiServer, office: Chat, admin: Person, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, edition = asyncio.Event(), Nursery.edition

    async def slowly(nursery: Nursery, order: Order, progress: Progress) -> EditionProcess:
        await go_on.wait()
        return await edition(nursery, order, progress)

    monkeypatch.setattr(Nursery, "edition", slowly)
    next(corpus.glob("004*")).unlink()
    await server.say(office, admin, "/reload")
    first = await server.reply(office)
    await server.say(office, admin, "/reload")
    second = await server.edited(await server.reply(office))
    assert second.text.startswith("A reload has been running for ")
    await server.say(office, admin, "Becamex IDC")
    assert "Becamex IDC" in (await server.reply(office)).text
    go_on.set()
    assert "Removed: 1" in await reported(server, first)


async def test_progress_is_told_in_one_edited_message(
    server: BotApiServer, office: Chat, admin: Person, corpus: Path
) -> None:
    for number in range(60):
        (corpus / f"n{number}.txt").write_text(f"Bài số {number} về đô thị\n\n" + SMART * 40, "utf-8")
    await server.say(office, admin, "/reload")
    message = await server.reply(office)
    assert message.text == "Reading the articles anew…"
    done = await server.edited(message, within=60)
    while not done.text.startswith("Reloaded: 65 articles"):
        assert done.text.startswith(("Reading: ", "Indexing: "))
        done = await server.edited(done, within=60)
    await asyncio.sleep(0)
    await server.quiet(office)


async def test_progress_that_cannot_be_told_does_not_swallow_the_report(
    server: BotApiServer, office: Chat, admin: Person, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.conversation.administration._SECONDS_BETWEEN_EDITS", 0.0)
    next(corpus.glob("002*")).unlink()
    server.fail("editMessageText", status=400, description="Bad Request: something new")
    await server.say(office, admin, "/reload")
    message = await server.reply(office)
    while not message.text.startswith("Reloaded: 4 articles"):
        message = await server.edited(message, within=30)
    assert server.called("editMessageText")[0].ok is False


async def test_a_report_whose_message_is_gone_comes_as_a_new_one(
    server: BotApiServer, office: Chat, admin: Person
) -> None:
    server.fail("editMessageText", times=100, status=400, description="Bad Request: message to edit not found")
    await server.say(office, admin, "/reload")
    assert (await server.reply(office)).text == "Reading the articles anew…"
    assert (await server.reply(office, within=30)).text.startswith("Reloaded: 5 articles")
