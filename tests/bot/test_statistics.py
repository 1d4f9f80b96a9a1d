"""What administrators see of the bot's work: figures under a picture, and nobody in them."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.application import Service, serving
from bot.delivery.inbox import Inbox
from bot.delivery.pace import Pace
from bot.settings import Settings
from bot.speech.chart import chart
from bot.speech.phrases import REPLY_LANGUAGES, ReplyLanguage, phrases
from bot.speech.rendering import plain
from bot.speech.reports import fits_under_a_picture, stats_heading_html, stats_html
from bot.storage.database import Database
from bot.storage.statistics import Day, Figures, Statistics, bucket
from tests.bot.reloading import reload
from tests.botapi import BotApiServer, Chat, Person

TODAY = datetime.now(UTC).date()
LANGUAGES = ("vi", "zh-Hans", "zh-Hant", "en", "id", "ms", "th", "tl", "und")


def figures(a_day: int, days: int = 14) -> Figures:
    """So many questions on each day, two of three answered."""
    missing = a_day // 3
    counted = tuple(Day(date(2026, 2, 25) + timedelta(days=n), a_day - missing, missing) for n in range(days))
    languages = tuple((language, a_day * days // 9 + 1) for language in LANGUAGES) if a_day else ()
    latencies = ((100, 60 * a_day), (500, 35 * a_day), (3_600_000, 5 * a_day)) if a_day else ()
    return Figures(counted, languages, latencies, 3)


@pytest.fixture
def statistics(database: Database) -> Statistics:
    return Statistics(database)


async def test_what_is_counted_is_told_by_day_language_and_speed(statistics: Statistics) -> None:
    for language, found, seconds in (("vi", True, 0.05), ("vi", False, 0.15), ("en", True, 700.0), ("en", True, None)):
        await statistics.count_question(language, found, seconds)
    await statistics.count_reload()
    for helpful in (True, False, True):
        await statistics.count_vote(helpful)
    told = await statistics.figures(2)
    assert told == Figures(
        (Day(TODAY - timedelta(days=1), 0, 0), Day(TODAY, 3, 1)),
        (("en", 2), ("vi", 2)),
        ((100, 1), (200, 1), (3_600_000, 1)),
        1,
        votes=(2, 1),
    )
    assert "👍 2 · 👎 1" in stats_html(told, phrases("en"))
    assert [told.latency(percent) for percent in (50, 95)] == [200, 3_600_000]
    assert (await statistics.figures(0)).latency(50) is None


def test_the_buckets_of_the_histogram_have_no_gap() -> None:
    assert [bucket(seconds) for seconds in (0, 0.1, 0.1001, 60, 60.1, 10**6)] == [
        *(100, 100, 200, 60_000, 3_600_000, 3_600_000)
    ]


async def test_what_was_counted_more_than_400_days_ago_is_dropped(database: Database) -> None:
    for days in (400, 401):
        day = (TODAY - timedelta(days=days)).isoformat()
        await database.write("INSERT INTO question_count VALUES (?, 'vi', 1, 1)", day)
        await database.write("INSERT INTO latency_count VALUES (?, 100, 1)", day)
        await database.write("INSERT INTO reload_count VALUES (?, 1)", day)
        await database.write("INSERT INTO vote_count VALUES (?, 1, 1)", day)
    await Statistics(database).forget_old()
    tables = ("question_count", "latency_count", "reload_count", "vote_count")
    assert [len(await database.rows(f"SELECT * FROM {table}")) for table in tables] == [1, 1, 1, 1]  # noqa: S608


async def test_an_administrator_sees_figures_under_a_picture_and_nobody_else_does(
    server: BotApiServer, bot: Service, settings: Settings, private: Chat, alice: Person, admin: Person
) -> None:
    office = server.private_chat(admin)
    await server.say(office, admin, "/stats")
    none = await server.reply(office)
    assert "0 questions, 🟩 0 answered, 🟧 0 not." in none.text
    await server.say(private, alice, "Becamex IDC")
    await server.say(private, alice, "Who painted the Mona Lisa?")
    await server.replies(private, 2)
    await reload(server, office, admin)
    await server.settled()
    await server.say(office, admin, "/stats")
    some = await server.reply(office)
    assert "2 questions, 🟩 1 answered, 🟧 1 not." in some.text
    assert "English 1" in some.text
    assert some.text.endswith("Articles reloaded 1 time.")
    assert "Half of the answers came within" in some.text
    for message in (none, some):
        assert message.photo is not None
        assert Image.open(BytesIO(message.photo)).size == (960, 560)
    await server.say(private, alice, "/stats")
    assert (await server.reply(private)).text == phrases("en").admins_only
    with closing(sqlite3.connect(settings.database)) as database:
        assert database.execute("SELECT sum(answers) FROM latency_count").fetchone() == (2,)


def counted(settings: Settings) -> list[int]:
    """How many questions, answers by their speed, and questions without an answer have been counted."""
    sums = ("sum(questions) FROM question_count", "sum(answers) FROM latency_count", "sum(times) FROM unanswered")
    with closing(sqlite3.connect(settings.database)) as database:
        return [database.execute(f"SELECT {each}").fetchone()[0] for each in sums]


async def test_a_question_that_is_answered_again_after_a_crash_is_counted_once(
    server: BotApiServer,
    settings: Settings,
    pace: Pace,
    private: Chat,
    alice: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = replace(settings, keep_unanswered=30)
    reached = asyncio.Event()

    async def dying(*_: object) -> None:
        reached.set()
        await asyncio.Event().wait()

    with monkeypatch.context() as patched:
        patched.setattr(Inbox, "done", dying)
        patched.setattr("bot.application._SECONDS_TO_FINISH", 0.0)
        async with serving(settings, pace):
            await server.say(private, alice, "Who painted the Mona Lisa?")
            await asyncio.wait_for(reached.wait(), 10)
    async with serving(settings, pace):
        _, again = await server.replies(private, 2)
        assert again.text.startswith(phrases("en").sent_again)
    assert counted(settings) == [1, 1, 1]


async def test_a_question_whose_answer_was_sent_twice_is_counted_once(
    server: BotApiServer, settings: Settings, pace: Pace, private: Chat, alice: Person
) -> None:
    async with serving(settings, pace):
        server.lose("sendMessage")
        await server.say(private, alice, "Becamex IDC")
        await server.replies(private, 2)
    assert counted(settings) == [1, 1, None]


@pytest.mark.usefixtures("bot")
async def test_a_picture_survives_a_flood_and_says_when_it_may_come_twice(server: BotApiServer, admin: Person) -> None:
    group = server.supergroup("Forum", members=[admin], forum=True, topics=["Hanoi"])
    topic = server.topic(group, "Hanoi")
    server.fail("sendPhoto", parameters={"retry_after": 0})
    server.lose("sendPhoto")
    asked = await server.say(group, admin, "/stats", thread=topic)
    first, second = await server.replies(group, 2)
    assert (first.reply_to_message_id, first.thread_id) == (asked.message_id, topic)
    assert second.text.startswith(phrases("en").sent_again)


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
@pytest.mark.parametrize("a_day", [0, 1, 100_000])
def test_what_stands_under_the_picture_is_no_longer_than_telegram_takes(language: ReplyLanguage, a_day: int) -> None:
    words = phrases(language)
    counted = figures(a_day)
    assert fits_under_a_picture(stats_heading_html(counted, words))
    html = stats_html(counted, words)
    assert fits_under_a_picture(html) == (len(plain(html)) <= 768)
    assert len(plain(html)) < 3000
    assert "{" not in html


def test_how_long_answers_took_is_spelt_out_as_the_language_has_it() -> None:
    latencies = ((100, 60), (1000, 1), (3_600_000, 30))
    shown = {}
    for language in REPLY_LANGUAGES:
        html = stats_html(Figures((Day(TODAY, 91, 0),), (("vi", 91),), latencies, 0), phrases(language))
        shown[language] = html.split("\n")[-2]
    assert shown == {
        "vi": "Một nửa số câu được trả lời trong 0,1 giây, 95 trên 100 câu trong 1 giờ.",
        "zh-Hans": "一半的回答在0.1秒内发出，95% 在1小时内。",
        "zh-Hant": "一半的回答在 0.1 秒內送出，95% 在 1 小時內。",
        "en": "Half of the answers came within 0.1 seconds, 95 of 100 within 1 hour.",
        "id": "Separuh jawaban keluar dalam 0,1 detik, 95 dari 100 dalam 1 jam.",
        "ms": "Separuh jawapan keluar dalam 0.1 saat, 95 daripada 100 dalam 1 jam.",
        "th": "ครึ่งหนึ่งตอบภายใน 0.1 วินาที และ 95 ใน 100 ตอบภายใน 1 ชั่วโมง",
        "tl": "Kalahati ng mga sagot ay dumating sa loob ng 0.1 segundo, 95 sa 100 sa loob ng 1 oras.",
    }


def test_figures_too_long_for_a_caption_come_behind_the_picture() -> None:
    words = phrases("en")
    assert fits_under_a_picture("x" * 768)
    assert not fits_under_a_picture("𠮷" * 385)
    assert fits_under_a_picture(stats_html(figures(1), words))


async def test_a_text_beyond_the_caption_comes_as_a_message(
    server: BotApiServer, bot: Service, admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = server.private_chat(admin)
    monkeypatch.setattr("bot.conversation.statistics.stats_html", lambda *_: "x" * 800)
    await server.say(office, admin, "/stats")
    picture, text = await server.replies(office, 2)
    assert picture.photo is not None
    assert picture.text.startswith("The last 14 days")
    assert text.text == "x" * 800


@pytest.mark.parametrize("a_day", [0, 1, 100_000])
def test_the_picture_keeps_to_its_margins(a_day: int, tmp_path: Path) -> None:
    image = Image.open(BytesIO(chart(figures(a_day))))
    colours = image.convert("RGB")
    width, height = image.size
    edges = [
        *((x, y) for x in range(width) for y in (0, height - 1)),
        *((x, y) for y in range(height) for x in (0, width - 1)),
    ]
    assert {colours.getpixel(place) for place in edges} == {(246, 245, 241)}
    bars = {(47, 127, 109), (217, 132, 59)}
    shown = bars & {colour for _, colour in colours.getcolors(2**24) or ()}
    assert len(shown) == {0: 0, 1: 1, 100_000: 2}[a_day]


def test_the_bars_are_as_high_as_the_figures_say() -> None:
    days = (Day(TODAY, 30, 10), Day(TODAY, 10, 10))
    image = Image.open(BytesIO(chart(Figures(days, (), (), 0)))).convert("RGB")
    columns = (40 + 440 // 2, 40 + 440 + 440 // 2)
    heights = [
        [sum(image.getpixel((x, y)) == colour for y in range(380)) for colour in ((47, 127, 109), (217, 132, 59))]
        for x in columns
    ]
    most = sum(heights[0])
    assert heights[0][0] == pytest.approx(most * 3 / 4, abs=1)
    assert heights[1] == [pytest.approx(most / 4, abs=1)] * 2
