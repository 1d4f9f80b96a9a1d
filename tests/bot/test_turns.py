"""Who is handled when: order within a chat, chats side by side, and nothing lost whatever fails."""

import asyncio
import json
import sqlite3
import time
from datetime import timedelta

import pytest
from telegram import Bot, Update

from bot.delivery import errands
from bot.delivery.inbox import MOST_CRASHES, Arrival, Entry, Inbox
from bot.delivery.turns import Turns
from bot.storage.database import Database, DatabaseError
from tests.bot.failing import ERRORS, sqlite_faults
from tests.botapi.changes import Changes

LATE_AFTER = timedelta(minutes=5)


class Handler:
    """Handles updates as long as a test lets it: a text that is held goes on once it is let go."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.given_up: list[str] = []
        self.late: list[str] = []
        self.sent_before: list[str] = []
        self.held: set[str] = set()
        self._changes = Changes()

    async def handle(self, update: Update) -> None:
        text, errand = said(update), errands.in_hand()
        assert errand is not None
        self.begun.append(text)
        self.late += [text] * errand.late
        self.sent_before += [text] * errand.sent_before
        self._changes.announce()
        if text.startswith("answered"):
            try:
                await errand.about_to_send()
            except DatabaseError:
                # What the application's error handler does.
                errand.postponed = True
                return
        assert await self._changes.until(lambda: text not in self.held, 60)
        self.ended.append(text)

    async def give_up(self, update: Update) -> None:
        self.given_up.append(said(update))

    async def has_begun(self, *texts: str) -> None:
        assert await self._changes.until(lambda: set(texts) <= set(self.begun), 60)

    def let_go(self, text: str) -> None:
        self.held.discard(text)
        self._changes.announce()


def said(update: Update) -> str:
    assert update.message is not None
    return update.message.text or ""


def arrival(update_id: int, text: str, chat: int = 7, date: float | None = None) -> Arrival:
    message = {
        "message_id": update_id,
        "date": int(time.time() if date is None else date),
        "chat": {"id": chat, "type": "private"},
        "text": text,
    }
    return Arrival(update_id, chat, json.dumps({"update_id": update_id, "message": message}))


@pytest.fixture
def handler() -> Handler:
    return Handler()


@pytest.fixture
def turns(inbox: Inbox, handler: Handler) -> Turns:
    return Turns(inbox, Bot("1:token"), handler.handle, handler.give_up, LATE_AFTER)


async def served(turns: Turns) -> None:
    """Returns once nothing waits any more."""
    if turns._resuming is not None:
        await turns._resuming
    while turns._chats:
        await asyncio.wait(list(turns._chats.values()))


async def states(database: Database) -> dict[int, str]:
    return dict(await database.rows("SELECT update_id, state FROM inbox ORDER BY number"))  # type: ignore[arg-type]


async def test_a_chats_updates_are_handled_in_their_order_and_chats_side_by_side(
    inbox: Inbox, turns: Turns, handler: Handler, database: Database
) -> None:
    handler.held = {"slow"}
    await turns.resume()
    turns.add(await inbox.take_in([arrival(1, "slow"), arrival(2, "second"), arrival(3, "other", chat=8)]))
    turns.add(await inbox.take_in([arrival(4, "third"), arrival(5, "another", chat=8)]))
    await handler.has_begun("slow", "another")
    assert sorted(handler.begun) == ["another", "other", "slow"]
    handler.let_go("slow")
    await served(turns)
    assert [text for text in handler.ended if text in ("slow", "second", "third")] == ["slow", "second", "third"]
    assert set((await states(database)).values()) == {"done"}


async def test_no_more_chats_than_there_are_places_are_handled_at_once(
    inbox: Inbox, handler: Handler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.turns._MOST_CHATS_AT_ONCE", 2)
    turns = Turns(inbox, Bot("1:token"), handler.handle, handler.give_up, LATE_AFTER)
    handler.held = {"one", "two"}
    await turns.resume()
    turns.add(await inbox.take_in([arrival(n, text, chat=n) for n, text in enumerate(("one", "two", "three"), 1)]))
    await handler.has_begun("one", "two")
    assert "three" not in handler.begun
    handler.let_go("one")
    await handler.has_begun("three")
    handler.let_go("two")
    await served(turns)


async def left_in_hand(inbox: Inbox, *arrivals: Arrival) -> list[Entry]:
    entries = await inbox.take_in(arrivals)
    for entry in entries:
        await inbox.open(entry)
    return entries


async def test_what_the_last_process_may_have_died_of_goes_first_and_alone(
    inbox: Inbox, turns: Turns, handler: Handler
) -> None:
    handler.held = {"suspect", "another suspect"}
    await left_in_hand(inbox, arrival(1, "suspect", chat=1), arrival(2, "another suspect", chat=2))
    await inbox.take_in([arrival(3, "waited", chat=3)])
    await turns.resume()
    turns.add(await inbox.take_in([arrival(4, "new", chat=4)]))
    await handler.has_begun("suspect")
    assert handler.begun == ["suspect"]
    handler.let_go("suspect")
    await handler.has_begun("another suspect")
    assert handler.begun == ["suspect", "another suspect"]
    handler.let_go("another suspect")
    await handler.has_begun("waited", "new")
    await served(turns)


async def test_a_suspect_that_takes_its_time_holds_the_others_up_for_seconds_only(
    inbox: Inbox, turns: Turns, handler: Handler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.turns._SECONDS_ALONE", 0.01)
    handler.held = {"suspect"}
    await left_in_hand(inbox, arrival(1, "suspect", chat=1), arrival(2, "of the same chat", chat=1))
    await inbox.take_in([arrival(3, "waited", chat=3)])
    await turns.resume()
    await handler.has_begun("suspect", "waited")
    handler.let_go("suspect")
    await served(turns)
    assert handler.ended == ["waited", "suspect", "of the same chat"]


async def died_of(inbox: Inbox, entry: Entry, times: int) -> None:
    for _ in range(times):
        await inbox.open(entry)
        await inbox.left_over()


async def test_what_the_process_died_of_again_and_again_is_given_up_and_its_chat_goes_on(
    inbox: Inbox, turns: Turns, handler: Handler, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.turns._SECONDS_BEFORE_NEXT_TRY", 0.001)
    (deadly,) = await inbox.take_in([arrival(1, "deadly")])
    await died_of(inbox, deadly, MOST_CRASHES)
    await inbox.take_in([arrival(2, "next")])
    await turns.resume()
    await served(turns)
    assert (handler.given_up, handler.ended) == (["deadly"], ["next"])
    assert await states(database) == {1: "set aside", 2: "done"}


async def test_what_a_death_is_charged_to_waits_a_while_and_others_are_handled_before_it(
    inbox: Inbox, turns: Turns, handler: Handler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.turns._SECONDS_BEFORE_NEXT_TRY", 0.1)
    twice, once = await inbox.take_in([arrival(1, "died of twice"), arrival(2, "died of once")])
    await died_of(inbox, twice, 2)
    await died_of(inbox, once, 1)
    await inbox.take_in([arrival(3, "waited")])
    await turns.resume()
    turns.add(await inbox.take_in([arrival(4, "new")]))
    await served(turns)
    assert handler.ended == ["waited", "new", "died of once", "died of twice"]


async def test_killed_again_and_again_soon_after_it_began_the_bot_gives_nothing_up(
    inbox: Inbox, handler: Handler
) -> None:
    handler.held = {f"question {number}" for number in range(3)}
    await inbox.take_in([arrival(number, f"question {number}") for number in range(3)])
    for _ in range(3 * MOST_CRASHES):
        life = Turns(inbox, Bot("1:token"), handler.handle, handler.give_up, LATE_AFTER)
        await life.resume()
        await asyncio.sleep(0.02)
        for task in (life._resuming, *life._chats.values()):
            assert task is not None
            task.cancel()
        await asyncio.sleep(0)
    suspects, others = await inbox.left_over()
    assert [entry.crashes for entry in suspects] == [1, 1, 1]
    assert others == []


async def test_should_saying_sorry_end_the_process_too_there_is_silence_at_last(
    inbox: Inbox, turns: Turns, handler: Handler, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.turns._SECONDS_BEFORE_NEXT_TRY", 0.0)
    (deadly,) = await inbox.take_in([arrival(1, "deadly")])
    await died_of(inbox, deadly, 2 * MOST_CRASHES)
    await turns.resume()
    await served(turns)
    assert (handler.given_up, handler.ended) == ([], [])
    assert await states(database) == {1: "set aside"}


async def test_what_may_have_been_answered_is_handled_with_that_known(
    inbox: Inbox, turns: Turns, handler: Handler
) -> None:
    (entry,) = await left_in_hand(inbox, arrival(1, "answered"))
    await inbox.about_to_send(entry)
    await turns.resume()
    await served(turns)
    assert handler.sent_before == ["answered"]


async def test_stopping_finishes_what_ends_in_time_and_begins_nothing_new(
    inbox: Inbox, turns: Turns, handler: Handler, database: Database
) -> None:
    handler.held = {"in hand"}
    await turns.resume()
    turns.add(await inbox.take_in([arrival(1, "in hand"), arrival(2, "behind it")]))
    await handler.has_begun("in hand")
    stopping = asyncio.create_task(turns.stop(60))
    await asyncio.sleep(0)
    handler.let_go("in hand")
    await stopping
    assert handler.begun == ["in hand"]
    assert await states(database) == {1: "done", 2: "waiting"}


async def test_stopping_ends_within_its_seconds_and_keeps_what_is_left(
    inbox: Inbox, turns: Turns, handler: Handler, database: Database
) -> None:
    handler.held = {"slow", "answered slowly"}
    await turns.resume()
    turns.add(await inbox.take_in([arrival(1, "slow", chat=1), arrival(2, "answered slowly", chat=2)]))
    turns.add(await inbox.take_in([arrival(3, "behind it", chat=1)]))
    await handler.has_begun("slow", "answered slowly")
    await turns.stop(0.01)
    assert await states(database) == {1: "waiting", 2: "sending", 3: "waiting"}
    assert handler.ended == []


async def test_stopping_ends_even_where_the_database_fails(
    inbox: Inbox, turns: Turns, handler: Handler, caplog: pytest.LogCaptureFixture
) -> None:
    handler.held = {"slow"}
    await turns.resume()
    turns.add(await inbox.take_in([arrival(1, "slow")]))
    await handler.has_begun("slow")
    with sqlite_faults() as faults:
        faults.fail(ERRORS[0], times=1000)
        await turns.stop(0.01)
    assert "handled first at the next start" in caplog.text
    assert len((await inbox.left_over())[0]) == 1


@pytest.mark.parametrize("error", ERRORS, ids=str)
async def test_a_database_that_fails_for_a_while_loses_nothing(
    inbox: Inbox,
    turns: Turns,
    handler: Handler,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    error: sqlite3.Error,
) -> None:
    monkeypatch.setattr("bot.delivery.turns._SECONDS_BEFORE_RETRY", 0.001)
    texts = [f"{kind} {n}" for n in range(5) for kind in ("answered", "heard")]
    await turns.resume()
    await served(turns)
    entries = await inbox.take_in([arrival(n, text, chat=n % 3) for n, text in enumerate(texts)])
    with sqlite_faults() as faults:
        faults.fail(error, times=20)
        turns.add(entries)
        await served(turns)
    assert faults.befell == 20
    assert set((await states(database)).values()) == {"done"}
    assert sorted(handler.ended) == sorted(texts)


async def test_an_update_that_cannot_be_handled_at_all_holds_up_nobody_in_its_chat(
    inbox: Inbox, turns: Turns, handler: Handler, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    no_date = arrival(1, "no date").body.replace('"date": ', '"date": null, "was": ')
    await turns.resume()
    turns.add(await inbox.take_in([Arrival(1, 7, no_date), Arrival(2, 7, "[" * 100), arrival(3, "next")]))
    await served(turns)
    assert handler.ended == ["next"]
    assert await states(database) == {1: "set aside", 2: "set aside", 3: "done"}
    assert [record.getMessage().split(" at ")[0] for record in caplog.records] == [
        "an update was set aside: TypeError",
        "an update was set aside: JSONDecodeError",
    ]


async def test_an_update_that_has_waited_long_is_handled_as_late(inbox: Inbox, turns: Turns, handler: Handler) -> None:
    now = time.time()
    await turns.resume()
    turns.add(await inbox.take_in([arrival(1, "just now"), arrival(2, "long ago", date=now - 301)]))
    turns.add(await inbox.take_in([arrival(3, "in time", date=now - 200), arrival(4, "ahead", date=now + 500)]))
    await served(turns)
    assert handler.late == ["long ago"]


async def test_an_edit_is_late_by_when_it_was_made(inbox: Inbox, handler: Handler) -> None:
    late: list[bool] = []

    async def noting(update: Update) -> None:
        errand = errands.in_hand()
        late.append(errand is not None and errand.late)

    turns = Turns(inbox, Bot("1:token"), noting, handler.give_up, LATE_AFTER)
    await turns.resume()
    for number, edit_date in enumerate((int(time.time()), int(time.time()) - 301)):
        message = {"message_id": 1, "date": 1_700_000_000, "edit_date": edit_date, "chat": {"id": 7, "type": "private"}}
        body = json.dumps({"update_id": number, "edited_message": message})
        turns.add(await inbox.take_in([Arrival(number, 7, body)]))
    await served(turns)
    assert late == [False, True]


async def test_stopping_begins_no_more_of_what_the_last_process_left(
    inbox: Inbox, turns: Turns, handler: Handler, database: Database
) -> None:
    handler.held = {"suspect"}
    await left_in_hand(inbox, arrival(1, "suspect", chat=1), arrival(2, "another suspect", chat=2))
    await turns.resume()
    await handler.has_begun("suspect")
    await turns.stop(0.01)
    assert turns._resuming is not None
    assert await asyncio.wait_for(asyncio.gather(turns._resuming, return_exceptions=True), 1)
    assert turns._resuming.cancelled()
    assert handler.begun == ["suspect"]
    assert await states(database) == {1: "waiting", 2: "waiting"}


async def test_stopping_before_anything_was_begun_ends_at_once(turns: Turns) -> None:
    await asyncio.wait_for(turns.stop(60), 1)


async def test_what_has_ended_is_in_hand_no_more_however_it_ended(
    inbox: Inbox, turns: Turns, database: Database
) -> None:
    await turns.resume()
    turns.add(await inbox.take_in([arrival(1, "done"), Arrival(2, 8, '{"update_id": 2, "message": 5}')]))
    await served(turns)
    assert (turns._in_hand, turns._chats, turns._waiting) == (set(), {}, {})
    rows = await database.rows("SELECT state, reason FROM inbox ORDER BY number")
    assert [tuple(row) for row in rows] == [("done", None), ("set aside", "AttributeError")]


async def test_what_was_handled_and_then_failed_is_set_aside_and_in_hand_no_more(
    inbox: Inbox, handler: Handler, database: Database
) -> None:
    async def failing(update: Update) -> None:
        raise ZeroDivisionError

    turns = Turns(inbox, Bot("1:token"), failing, handler.give_up, LATE_AFTER)
    await turns.resume()
    turns.add(await inbox.take_in([arrival(1, "x")]))
    await served(turns)
    assert (turns._in_hand, await states(database)) == (set(), {1: "set aside"})


async def test_a_try_that_the_database_fails_is_told_and_made_again(
    inbox: Inbox,
    turns: Turns,
    handler: Handler,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("bot.delivery.turns._SECONDS_BEFORE_RETRY", 0.001)
    await turns.resume()
    await served(turns)
    entries = await inbox.take_in([arrival(1, "x")])
    with sqlite_faults() as faults:
        faults.fail(ERRORS[0], times=1)
        turns.add(entries)
        await served(turns)
    assert handler.ended == ["x"]
    assert [record.getMessage().endswith(" Trying again.") for record in caplog.records] == [True]


async def test_what_is_no_message_is_never_late(inbox: Inbox, handler: Handler, database: Database) -> None:
    late: list[bool] = []

    async def noting(update: Update) -> None:
        errand = errands.in_hand()
        late.append(errand is not None and errand.late)

    turns = Turns(inbox, Bot("1:token"), noting, handler.give_up, LATE_AFTER)
    await turns.resume()
    turns.add(await inbox.take_in([Arrival(1, 7, '{"update_id": 1}')]))
    await served(turns)
    assert (late, await states(database)) == ([False], {1: "done"})


async def test_what_was_postponed_is_handled_again_until_it_is_not(
    inbox: Inbox, handler: Handler, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.turns._SECONDS_BEFORE_RETRY", 0.001)
    bot, tries = Bot("1:token"), []

    async def postponing(update: Update) -> None:
        errand = errands.in_hand()
        assert errand is not None
        assert (errand.postponed, update.get_bot()) == (False, bot)
        tries.append(await states(database))
        errand.postponed = len(tries) < 3

    turns = Turns(inbox, bot, postponing, handler.give_up, LATE_AFTER)
    await turns.resume()
    turns.add(await inbox.take_in([arrival(1, "x")]))
    await served(turns)
    assert (tries, await states(database)) == ([{1: "in hand"}] * 3, {1: "done"})


async def test_what_was_forgotten_before_its_turn_is_passed_over(
    inbox: Inbox, turns: Turns, handler: Handler, database: Database
) -> None:
    entries = await inbox.take_in([arrival(1, "forgotten"), arrival(2, "next")])
    await inbox.done(entries[0])
    await turns.resume()
    turns.add(entries)
    await served(turns)
    assert (handler.begun, await states(database)) == (["next"], {1: "done", 2: "done"})
