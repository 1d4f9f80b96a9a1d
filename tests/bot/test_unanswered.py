"""What was asked in vain is kept only where that is wanted, without a name, and shown to administrators alone."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.application import serving
from bot.corpus.library import Library
from bot.delivery.pace import Pace
from bot.settings import Settings
from bot.speech.phrases import REPLY_LANGUAGES, ReplyLanguage, phrases
from bot.speech.rendering import plain
from bot.speech.reports import unanswered_html
from bot.storage import unanswered as unanswered_module
from bot.storage.backups import Backups
from bot.storage.database import Database
from bot.storage.unanswered import Unanswered, UnansweredLog
from tests.bot.shelf import ShelfLibrary
from tests.botapi import BotApiServer, Chat, Person

TODAY = datetime.now(UTC).date()
WORDS = phrases("en")


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> ShelfLibrary:
    library = ShelfLibrary()
    monkeypatch.setattr(Library, "open", library.opened)
    return library


@pytest.fixture
def log(database: Database) -> UnansweredLog:
    return UnansweredLog(database, 30)


async def asked(log: UnansweredLog) -> list[tuple[str, int]]:
    return [(one.words, one.times) for one in await log.questions()]


async def test_one_question_in_all_its_spellings_is_one(log: UnansweredLog) -> None:
    for spelling in ("Ngân sách của ASCN?", "ngan sach  cua ascn", "NGÂN SÁCH CỦA ASCN ?!", "Ｎgân sách của ＡＳＣＮ"):
        await log.keep(spelling)
    for spelling in ("ASCN的預算是多少？", "ascn 的预算是多少"):
        await log.keep(spelling)
    await log.keep("งบประมาณของ ASCN เท่าไร")
    assert await asked(log) == [
        ("Ｎgân sách của ＡＳＣＮ", 4),
        ("ascn 的预算是多少", 2),
        ("งบประมาณของ ASCN เท่าไร", 1),
    ]


async def test_what_was_asked_most_comes_first_and_of_those_the_newest(database: Database, log: UnansweredLog) -> None:
    for question, before, times in (("old", 3, 2), ("new", 1, 2), ("often", 9, 5), ("new", 2, 1), ("old", 4, 1)):
        day = (TODAY - timedelta(days=before)).isoformat()
        await database.write("INSERT INTO unanswered VALUES (?, ?, ?, ?)", question, day, f"{question} {before}", times)
    assert await log.questions() == [
        Unanswered("often 9", 5, TODAY - timedelta(days=9)),
        Unanswered("new 1", 3, TODAY - timedelta(days=1)),
        Unanswered("old 3", 3, TODAY - timedelta(days=3)),
    ]


@pytest.mark.parametrize(
    "question",
    [
        "Is 123456789:AAtestTokenOfNobodyAtAll_0123456789-ab yours?",
        "Call me at +84 912 345 678",
        "0912.345.678",
        "gọi (028) 3823-4567 nhé",
        "電話０９１２３４５６７８",
        "โทร ๐๘๑ ๒๓๔ ๕๖๗๘",
        "write to ann@example.org",
        "write to ann＠example.org",
        "who is @ann_example",
        f"{'a' * 400} ann@example.org",
        "???",
        "",
    ],
)
async def test_what_may_tell_whose_it_is_is_not_kept(log: UnansweredLog, question: str) -> None:
    await log.keep(question)
    assert await log.questions() == []


async def test_a_question_with_a_year_or_a_number_is_kept_and_a_long_one_is_cut(log: UnansweredLog) -> None:
    for question in ("How many of the 26 cities joined in 2018?", "𠮷" * 299, "x" * 5000):
        await log.keep(question)
    assert {len(one.words.encode("utf-16-le")) // 2 for one in await log.questions()} == {41, 300}


async def test_a_day_keeps_so_many_questions_and_no_more(log: UnansweredLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unanswered_module, "_MOST_A_DAY", 2)
    for question in ("one", "two", "three", "ONE"):
        await log.keep(question)
    assert await asked(log) == [("ONE", 2), ("two", 1)]


async def test_what_is_older_than_was_said_is_gone_from_the_disk(tmp_path: Path) -> None:
    async with Database(tmp_path / "bot.sqlite3") as database:
        for days in (6, 7):
            day = (TODAY - timedelta(days=days)).isoformat()
            await database.write("INSERT INTO unanswered VALUES (?, ?, ?, 1)", f"q{days}", day, f"Qanary{days}")
        log = UnansweredLog(database, 7)
        assert [one.words for one in await log.questions()] == ["Qanary6"]
        await log.forget_old()
        assert kept(tmp_path, "Qanary6")
        assert not kept(tmp_path, "Qanary7")
        await UnansweredLog(database, 0).forget_old()
        assert not kept(tmp_path, "Qanary6")


def kept(folder: Path, word: str) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and word.encode() in path.read_bytes()]


async def test_where_it_is_switched_off_nothing_is_kept_and_the_command_says_how_to_switch_it_on(
    server: BotApiServer,
    settings: Settings,
    pace: Pace,
    private: Chat,
    alice: Person,
    admin: Person,
    library: ShelfLibrary,
) -> None:
    office = server.private_chat(admin)
    async with serving(settings, pace):
        await server.say(private, alice, "Which qanary sang?")
        await server.reply(private)
        await server.say(private, alice, "/privacy")
        assert (await server.reply(private)).text == WORDS.privacy
        await server.say(office, admin, "/unanswered")
        assert (await server.reply(office)).text == WORDS.unanswered_off
    with closing(sqlite3.connect(settings.database)) as database:
        assert database.execute("SELECT * FROM unanswered").fetchall() == []


@pytest.mark.usefixtures("unlimited", "library")
async def test_where_it_is_switched_on_administrators_read_it_page_by_page_and_privacy_says_so(
    server: BotApiServer, settings: Settings, pace: Pace, private: Chat, alice: Person, admin: Person
) -> None:
    office, group = server.private_chat(admin), server.supergroup("Cities", members=[alice, admin])
    async with serving(replace(settings, keep_unanswered=30), pace):
        await server.say(private, alice, "/privacy")
        told = (await server.reply(private)).text
        assert told == f"{WORDS.privacy}\n\n{WORDS.privacy_unanswered.format(days='30 days')}"
        await server.say(office, admin, "/unanswered")
        assert (await server.reply(office)).text == WORDS.unanswered_none.format(days="30 days")
        for number in [*range(11), 7]:
            await server.say(private, alice, f"Which qanary sang {number} <b>/reload?")
        await server.replies(private, 12)
        await server.settled()
        await server.say(private, alice, "/unanswered")
        assert (await server.reply(private)).text == WORDS.admins_only
        await server.say(group, admin, "/unanswered")
        assert (await server.reply(group)).text == WORDS.only_in_private
        await server.say(office, admin, "/unanswered")
        page = await server.reply(office)
        lines = page.text.split("\n")
        assert lines[0] == "Asked in the last 30 days without an answer (11):"
        assert lines[1].startswith("2× · ")
        assert lines[1].endswith(" · Which qanary sang 7 <b>/reload?")
        assert len(lines) == 11
        assert [entity["type"] for entity in page.entities] == ["code"] * 10
        press = await server.press(page, "▶", by=admin)
        await server.answer(press)
        assert len((await server.edited(page)).text.split("\n")) == 2
        foreign = await server.answer(await server.press(page, "◀", by=alice))
        assert foreign["text"] == WORDS.admins_only
    with closing(sqlite3.connect(settings.database)) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(unanswered)")]
        rows = repr(database.execute("SELECT * FROM unanswered").fetchall())
    assert columns == ["question", "day", "words", "times"]
    assert [one for one in (str(alice.id), alice.first_name) if one in rows] == []
    written = Backups(settings.database, 7).write()
    assert kept(settings.data, "qanary") != []
    assert kept(written.parent, "qanary") == []


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("days", [0, 30])
async def test_what_a_guest_asks_in_vain_is_kept_too_where_that_is_wanted(
    server: BotApiServer, settings: Settings, pace: Pace, alice: Person, days: int
) -> None:
    elsewhere = server.foreign_group("Elsewhere", [alice])
    async with serving(replace(settings, keep_unanswered=days), pace):
        await server.ask_as_guest(elsewhere, alice, "@ascn_test_bot Which qanary sang?")
        assert (await server.reply(elsewhere)).text == WORDS.nothing_found
    with closing(sqlite3.connect(settings.database)) as database:
        rows = database.execute("SELECT words FROM unanswered").fetchall()
    assert rows == ([("Which qanary sang?",)] if days else [])


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
def test_ten_long_questions_are_one_message(language: ReplyLanguage) -> None:
    words = phrases(language)
    page = [Unanswered(f"{'&' * 298}{number}", 10**6, TODAY) for number in range(10)]
    html = unanswered_html(page, 10**6, 9999, words)
    assert (html.count("<code>"), len(plain(html)) <= 3840) == (10, True)
    assert len(words.privacy + words.privacy_unanswered) < 900
