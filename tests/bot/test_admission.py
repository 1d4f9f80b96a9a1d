"""Who may ask now, who is told to wait, and what is counted of them."""

from typing import Any, cast

import pytest
from telegram import Bot, CallbackQuery, Message, Update

from bot.conversation.admission import Admission
from bot.conversation.context import Context
from bot.conversation.limits import QUESTIONS_OF_A_PERSON, Limits, Verdict
from bot.delivery import errands
from bot.delivery.errands import Errand
from bot.delivery.inbox import Entry, Inbox
from bot.delivery.pace import Pace
from bot.delivery.sending import Outbox
from bot.metrics import Metrics
from bot.speech.phrases import phrases
from bot.storage.database import Database
from bot.storage.store import Store
from tests.botapi import BotApiServer, Chat, Person

NOW = cast(Context, None)


class Counting(Limits):
    """Says what a test says, and notes whom it was asked about."""

    def __init__(self) -> None:
        super().__init__()
        self.says = Verdict.ANSWER
        self.asked: list[tuple[int, int]] = []

    def verdict(self, person: int, chat: int) -> Verdict:
        self.asked.append((person, chat))
        return self.says

    def admits_press(self, person: int, chat: int) -> bool:
        return self.verdict(person, chat) is Verdict.ANSWER


class Desk:
    """An admission before a handler that notes what reaches it."""

    def __init__(self, limits: Limits, store: Store, outbox: Outbox) -> None:
        self.handled: list[Update] = []
        admission = Admission(limits, store, outbox)
        self.ask, self.overhear = admission.limited(self._handle), admission.limited_in_silence(self._handle)
        self.press = admission.limited_press(self._handle)

    async def _handle(self, update: Update, context: Context) -> None:
        self.handled.append(update)


@pytest.fixture
def limits() -> Counting:
    return Counting()


@pytest.fixture
def desk(limits: Counting, database: Database, me: Bot, pace: Pace) -> Desk:
    return Desk(limits, Store(database), Outbox(me, pace, Metrics()))


def question(me: Bot, chat: Chat, **fields: Any) -> Update:
    raw = {"message_id": 1, "date": 1_700_000_000, "chat": chat.json(), "text": "?"} | fields
    return Update(1, message=Message.de_json(raw, me))


async def test_what_may_be_asked_is_handled_and_counted_for_person_and_chat(
    desk: Desk, limits: Counting, me: Bot, private: Chat, alice: Person
) -> None:
    update = question(me, private, **{"from": alice.json()})
    await desk.ask(update, NOW)
    assert (desk.handled, limits.asked) == ([update], [(alice.id, private.id)])


@pytest.mark.parametrize("verdict", Verdict)
async def test_what_nobody_waits_for_is_passed_over_in_silence(
    desk: Desk, limits: Counting, server: BotApiServer, me: Bot, private: Chat, alice: Person, verdict: Verdict
) -> None:
    limits.says = verdict
    update = question(me, private, **{"from": alice.json()})
    await desk.overhear(update, NOW)
    assert desk.handled == ([update] if verdict is Verdict.ANSWER else [])
    assert server.called("sendMessage") == []


async def test_who_writes_as_a_chat_is_counted_as_that_chat_and_who_is_nobody_as_theirs(
    desk: Desk, limits: Counting, me: Bot, private: Chat, alice: Person
) -> None:
    channel = {"id": -8, "type": "channel", "title": "News"}
    await desk.ask(question(me, private, sender_chat=channel, **{"from": alice.json()}), NOW)
    await desk.ask(question(me, private), NOW)
    assert limits.asked == [(-8, private.id), (private.id, private.id)]


async def test_what_is_too_much_is_said_in_the_persons_language_and_not_handled(
    desk: Desk, limits: Counting, server: BotApiServer, me: Bot, private: Chat, alice: Person
) -> None:
    limits.says = Verdict.SAY_SO
    await desk.ask(question(me, private, **{"from": alice.json() | {"language_code": "vi"}}), NOW)
    assert ((await server.reply(private)).text, desk.handled) == (phrases("vi").too_much, [])


async def test_what_is_passed_over_is_neither_handled_nor_answered(
    desk: Desk, limits: Counting, server: BotApiServer, me: Bot, private: Chat, alice: Person
) -> None:
    limits.says = Verdict.PASS_OVER
    await desk.ask(question(me, private, **{"from": alice.json()}), NOW)
    assert (desk.handled, server.called("sendMessage")) == ([], [])


async def test_what_is_no_message_is_handled(desk: Desk, limits: Counting) -> None:
    limits.says = Verdict.PASS_OVER
    await desk.ask(Update(1), NOW)
    assert (desk.handled, limits.asked) == ([Update(1)], [])


def press(me: Bot, person: Person, message: dict[str, Any] | None) -> Update:
    raw = {"id": "press", "from": person.json(), "message": message, "data": "x", "chat_instance": "1"}
    return Update(1, callback_query=CallbackQuery.de_json(raw, me))


async def test_a_press_is_counted_for_who_presses_where_the_buttons_stand_and_once(
    desk: Desk, limits: Counting, database: Database, me: Bot, alice: Person
) -> None:
    update = press(me, alice, {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "group", "title": "Cities"}})
    with errands.on(Errand(Inbox(database), Entry(1, 1))):
        for _ in range(2):
            await desk.press(update, NOW)
    assert (desk.handled, limits.asked) == ([update, update], [(alice.id, -5)])


async def test_a_press_that_is_too_much_has_its_spinner_ended_with_a_word_in_the_language_of_who_pressed(
    desk: Desk, limits: Counting, server: BotApiServer, me: Bot
) -> None:
    limits.says = Verdict.PASS_OVER
    server.methods.waiting.add("press")
    kim = server.person(first_name="Kim", language_code="th")
    await desk.press(press(me, kim, {"message_id": 1, "date": 0, "chat": {"id": kim.id, "type": "private"}}), NOW)
    assert (server.methods.answers["press"]["text"], desk.handled) == (phrases("th").too_fast, [])


async def test_a_press_in_no_message_that_the_bot_can_see_is_handled(desk: Desk, me: Bot, alice: Person) -> None:
    update = press(me, alice, None)
    await desk.press(update, NOW)
    await desk.press(Update(1), NOW)
    assert desk.handled == [update, Update(1)]


@pytest.mark.parametrize(("fields", "counted"), [({"late": True}, 0), ({"admitted": True}, 0), ({}, 1)], ids=repr)
async def test_what_we_let_wait_or_have_let_in_is_counted_no_more(
    desk: Desk,
    limits: Counting,
    database: Database,
    me: Bot,
    private: Chat,
    alice: Person,
    fields: dict[str, bool],
    counted: int,
) -> None:
    with errands.on(Errand(Inbox(database), Entry(1, 1), **fields)):
        await desk.ask(question(me, private, **{"from": alice.json()}), NOW)
    assert (len(desk.handled), len(limits.asked)) == (1, counted)


@pytest.mark.parametrize(("says", "admitted"), [(Verdict.ANSWER, True), (Verdict.PASS_OVER, False)])
async def test_an_errand_knows_whether_it_was_let_in(
    desk: Desk, limits: Counting, database: Database, me: Bot, private: Chat, says: Verdict, admitted: bool
) -> None:
    limits.says = says
    errand = Errand(Inbox(database), Entry(1, 1))
    with errands.on(errand):
        await desk.ask(question(me, private), NOW)
    assert errand.admitted is admitted


def test_one_question_in_a_group_costs_three_of_a_persons_and_in_private_one() -> None:
    private, group = Limits(lambda: 0.0), Limits(lambda: 0.0)
    for limits, chats, most in ((private, 1, QUESTIONS_OF_A_PERSON), (group, -1, QUESTIONS_OF_A_PERSON // 3)):
        verdicts = [limits.verdict(7, chats * (chat + 1)) for chat in range(most + 1)]
        assert verdicts == [Verdict.ANSWER] * most + [Verdict.SAY_SO]
    assert Limits(lambda: 0.0).verdict(7, 0) is Verdict.ANSWER


def test_a_person_who_is_told_by_one_chat_to_wait_is_told_so_by_the_next_a_minute_later() -> None:
    now = 0.0
    limits = Limits(lambda: now)
    for chat in range(QUESTIONS_OF_A_PERSON):
        limits.verdict(7, chat)
    said = []
    for seconds in (0.0, 0.5, 0.9):
        now = seconds
        said.append(limits.verdict(7, 1))
    assert said == [Verdict.SAY_SO, Verdict.PASS_OVER, Verdict.PASS_OVER]


def test_a_bucket_is_never_fuller_than_full() -> None:
    now = 0.0
    limits = Limits(lambda: now)
    limits.verdict(7, 1)
    now = 1e6
    verdicts = [limits.verdict(7, 1) for _ in range(QUESTIONS_OF_A_PERSON + 1)]
    assert verdicts == [Verdict.ANSWER] * QUESTIONS_OF_A_PERSON + [Verdict.SAY_SO]


def test_of_too_many_those_that_asked_longest_ago_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.buckets._MOST_REMEMBERED", 2)
    limits = Limits(lambda: 0.0)
    for person in (1, 2, 1, 3):
        limits.verdict(person, 1)
    assert list(limits._persons._buckets) == [1, 3]
