"""Nobody who asks as people do meets a limit; who asks without end keeps nobody else waiting."""

import asyncio
import time
from functools import partial

import pytest

from bot import handlers
from bot.conversation import limits
from bot.conversation.limits import QUESTIONS_IN_A_CHAT, QUESTIONS_OF_A_PERSON, Limits, Verdict
from bot.speech.phrases import phrases
from tests.bot.conftest import Clock
from tests.botapi import BotApiServer, Chat, Person, Press

ANSWER, SAY_SO, PASS_OVER = Verdict


@pytest.fixture
def some(clock: Clock) -> Limits:
    return Limits(clock.monotonic)


def verdicts(some: Limits, count: int, person: int = 1, chat: int = 1) -> list[Verdict]:
    return [some.verdict(person, chat) for _ in range(count)]


def test_a_question_every_three_seconds_is_answered_for_ever(some: Limits, clock: Clock) -> None:
    for _ in range(1000):
        assert some.verdict(1, 1) is ANSWER
        clock.seconds += 3


def test_beyond_that_it_is_said_once_a_minute(some: Limits, clock: Clock) -> None:
    assert verdicts(some, QUESTIONS_OF_A_PERSON) == [ANSWER] * QUESTIONS_OF_A_PERSON
    assert verdicts(some, 100) == [SAY_SO] + [PASS_OVER] * 99
    clock.seconds += 30
    half = QUESTIONS_OF_A_PERSON // 2
    assert verdicts(some, half + 1) == [ANSWER] * half + [PASS_OVER]
    clock.seconds += 30
    assert verdicts(some, half + 2) == [ANSWER] * half + [SAY_SO, PASS_OVER]


def test_in_a_group_all_together_have_a_limit_and_each_their_own(some: Limits) -> None:
    of_one = QUESTIONS_OF_A_PERSON // 3
    assert verdicts(some, of_one + 10, person=1, chat=-5)[of_one:] == [SAY_SO] + [PASS_OVER] * 9
    others = [some.verdict(person, -5) for person in range(2, 102)]
    left = QUESTIONS_IN_A_CHAT - of_one
    assert others == [ANSWER] * left + [SAY_SO] + [PASS_OVER] * (99 - left)
    assert some.verdict(102, -6) is ANSWER


def test_who_turns_pages_in_a_group_every_three_seconds_meets_no_limit(some: Limits, clock: Clock) -> None:
    for _ in range(1000):
        assert some.admits_press(1, -5)
        clock.seconds += 3


def test_a_press_counts_like_a_question_and_one_refused_does_not_use_up_the_notice(some: Limits) -> None:
    of_one = QUESTIONS_OF_A_PERSON // 3
    assert [some.admits_press(1, -5) for _ in range(of_one + 1)] == [True] * of_one + [False]
    assert verdicts(some, 2, chat=-5) == [SAY_SO, PASS_OVER]
    assert some.admits_press(2, -6)


def test_what_is_remembered_of_many_is_bounded(some: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.buckets._MOST_REMEMBERED", 10)
    for person in range(1000):
        verdicts(some, QUESTIONS_OF_A_PERSON, person=1)
        assert some.verdict(person, person) in {ANSWER, PASS_OVER}
    assert len(some._persons._buckets) == len(some._chats._buckets) == 10


@pytest.mark.usefixtures("bot")
async def test_one_who_asks_a_thousand_questions_keeps_nobody_waiting(server: BotApiServer) -> None:
    flooder = server.person(first_name="Flood", language_code="vi")
    flooded = server.private_chat(flooder)
    others = [server.person(first_name=f"Person {number}") for number in range(20)]
    usual = await slowest_but_one(server, others)
    began = time.monotonic()
    flood = asyncio.create_task(ask_a_thousand_times(server, flooded, flooder))
    meanwhile = await slowest_but_one(server, others)
    await flood
    # The flood, too, is made on this machine.
    assert meanwhile <= usual + 1
    await server.settled(within=60)
    await server.replies(flooded, QUESTIONS_OF_A_PERSON + 1, within=60)
    await asyncio.sleep(3)
    said = [message.text for message in server.room(flooded).sent.values()]
    minutes = (time.monotonic() - began) / 60
    notices = said.count(phrases("vi").too_much)
    assert 1 <= notices <= 1 + minutes
    assert QUESTIONS_OF_A_PERSON <= len(said) - notices <= QUESTIONS_OF_A_PERSON * (1 + minutes)


async def ask_a_thousand_times(server: BotApiServer, chat: Chat, person: Person) -> None:
    for _ in range(1000):
        await server.say(chat, person, "Becamex IDC")
        await asyncio.sleep(0.002)


async def slowest_but_one(server: BotApiServer, people: list[Person]) -> float:
    """The 95th of a hundred parts of how long these twenty wait for an answer, in seconds."""
    waits = []
    for person in people:
        began = time.monotonic()
        await server.say(server.private_chat(person), person, "Becamex IDC")
        assert "Becamex IDC" in (await server.reply(server.private_chat(person), within=30)).text
        waits.append(time.monotonic() - began)
    return sorted(waits)[-2]


@pytest.fixture
def three(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets one person ask and command three times, however long the test takes."""
    monkeypatch.setattr(limits, "QUESTIONS_OF_A_PERSON", 3)
    monkeypatch.setattr(handlers, "Limits", partial(Limits, clock.monotonic))


@pytest.mark.usefixtures("three", "bot")
async def test_every_command_is_counted_like_a_question(server: BotApiServer) -> None:
    commands = ("start", "help", "sources", "language", "mode", "privacy", "forget", "ask", "weather", "reload")
    for number, command in enumerate(commands, start=5000):
        person = server.person(number, first_name=command, language_code="en")
        chat = server.private_chat(person)
        for _ in range(5):
            await server.say(chat, person, f"/{command}")
        answers = [message.text for message in await server.replies(chat, 4)]
        assert (len(set(answers[:3])), answers[3]) == (1, phrases("en").too_much), command
        assert answers[0] != answers[3]
        await server.quiet(chat, 0.05)


@pytest.mark.usefixtures("three", "bot")
async def test_who_is_refused_a_reload_again_and_again_meets_the_limit_and_stands_in_the_log_without_a_name(
    server: BotApiServer, private: Chat, alice: Person, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(10):
        await server.say(private, alice, "/reload")
    said = [message.text for message in await server.replies(private, 4)]
    assert said == [phrases("en").admins_only] * 3 + [phrases("en").too_much]
    await server.quiet(private)
    lines = [record.getMessage() for record in caplog.records if record.name == "bot.conversation.administration"]
    assert lines == ["a command was refused to somebody who is no administrator"] * 3


@pytest.mark.usefixtures("three", "bot")
async def test_neither_an_administrators_command_nor_a_choice_by_a_button_is_limited(
    server: BotApiServer, admin: Person
) -> None:
    chat = server.private_chat(admin)
    await server.say(chat, admin, "/language")
    menu = await server.reply(chat)
    for _ in range(3):
        await server.say(chat, admin, "/ask")
    assert (await server.replies(chat, 3))[-1].text == phrases("en").too_much
    await server.answer(await server.press(menu, "Tiếng Việt", by=admin))
    await server.edited(menu)
    await server.say(chat, admin, "/reload")
    assert (await server.reply(chat)).text == phrases("vi").reload_started


@pytest.mark.usefixtures("three", "bot")
async def test_past_the_limit_a_press_that_would_have_the_bot_write_is_told_to_wait_and_a_vote_is_taken(
    server: BotApiServer, clock: Clock
) -> None:
    words = phrases("vi")
    linh = server.person(first_name="Linh", language_code="vi")
    chat = server.private_chat(linh)
    await server.say(chat, linh, "ASCN")
    answer = await server.reply(chat)
    for _ in range(2):
        await server.say(chat, linh, "/ask")
    await server.replies(chat, 2)
    assert (await server.answer(await server.press(answer, words.more_passages, by=linh)))["text"] == words.too_fast
    server.methods.waiting.add("page")
    page = {"id": "page", "from": linh.json(), "message": answer.json, "data": "sources:1:0:", "chat_instance": "1"}
    await server.inject({"callback_query": page})
    told = await server.answer(Press("page", "sources:1:0:", linh, answer, None))
    assert told["text"] == words.too_fast
    await server.quiet(chat)
    assert server.room(chat).sent[answer.message_id].edits == ()
    assert (await server.answer(await server.press(answer, "👍", by=linh)))["text"] == words.thanks
    await server.edited(answer)
    clock.seconds += 60
    assert "text" not in await server.answer(await server.press(answer, words.more_passages, by=linh))
    assert "ASCN" in (await server.reply(chat)).text


@pytest.mark.usefixtures("bot")
async def test_what_gathered_while_the_bot_was_away_is_answered(
    server: BotApiServer, private: Chat, alice: Person
) -> None:
    an_hour_ago = int(time.time()) - 3600
    count = QUESTIONS_OF_A_PERSON + 5
    for _ in range(count):
        await server.say(private, alice, "/ask", date=an_hour_ago)
    replies = await server.replies(private, count, within=10)
    assert all(phrases("en").how_to_ask in reply.text for reply in replies)
