"""The update in hand knows what may have left, and what of a person's is to be forgotten before it."""

import pytest

from bot.delivery import errands
from bot.delivery.errands import Errand
from bot.delivery.inbox import MOST_CRASHES, Arrival, Entry, Inbox, Opened
from bot.storage.database import Database

ALICE, BOB = 9, 10


async def rows(database: Database) -> list[tuple[object, ...]]:
    kept = await database.rows("SELECT update_id, state, chat, person, body, reason FROM inbox ORDER BY number")
    return [tuple(row) for row in kept]


async def in_hand(inbox: Inbox, update_id: int = 1) -> Entry:
    (entry,) = await inbox.take_in([Arrival(update_id, 7, "{}", ALICE)])
    await inbox.open(entry)
    return entry


async def state(database: Database) -> object:
    return (await rows(database))[0][1]


async def test_an_errand_keeps_that_an_answer_may_have_left_and_that_it_has_not(
    inbox: Inbox, database: Database
) -> None:
    errand = Errand(inbox, await in_hand(inbox))
    assert (errand.sending, await state(database)) == (False, "in hand")
    await errand.about_to_send()
    assert (errand.sending, await state(database)) == (True, "sending")
    await errand.surely_not_sent()
    assert (errand.sending, await state(database)) == (False, "in hand")


async def test_what_may_have_left_before_is_never_surely_not_sent(inbox: Inbox, database: Database) -> None:
    errand = Errand(inbox, await in_hand(inbox), sent_before=True)
    await errand.about_to_send()
    await errand.surely_not_sent()
    assert (errand.sending, await state(database)) == (False, "sending")


async def test_a_new_errand_is_neither_late_nor_admitted_nor_postponed(inbox: Inbox) -> None:
    errand = Errand(inbox, Entry(1, 7))
    assert (errand.sent_before, errand.admitted, errand.late, errand.postponed) == (False,) * 4


async def test_what_a_person_sent_before_is_forgotten_and_nothing_else(inbox: Inbox, database: Database) -> None:
    entries = await inbox.take_in(
        [
            Arrival(1, 7, "one", ALICE),
            Arrival(2, 7, "two", BOB),
            Arrival(3, 7, "three", ALICE),
            Arrival(4, 7, "four", ALICE),
        ]
    )
    inbox._ended.clear()
    await Errand(inbox, entries[2]).forget_before(ALICE)
    assert await rows(database) == [
        (1, "done", 0, None, None, None),
        (2, "waiting", 7, BOB, "two", None),
        (3, "waiting", 7, ALICE, "three", None),
        (4, "waiting", 7, ALICE, "four", None),
    ]
    assert inbox._ended.is_set()  # so that the words are wiped off the disk, too
    assert [await inbox.open(entry) is None for entry in entries] == [True, False, False, False]


async def test_code_knows_the_errand_it_is_on_and_none_outside_of_any(inbox: Inbox) -> None:
    one, other = (Errand(inbox, Entry(number, 7)) for number in (1, 2))
    seen = [errands.in_hand()]
    with errands.on(one):
        seen.append(errands.in_hand())
        with errands.on(other):
            seen.append(errands.in_hand())
        seen.append(errands.in_hand())
    with pytest.raises(ZeroDivisionError), errands.on(one):
        raise ZeroDivisionError
    seen.append(errands.in_hand())
    assert [errand and errand.entry.number for errand in seen] == [None, 1, 2, 1, None]


async def test_what_the_process_died_of_too_often_is_set_aside_with_that_reason(
    inbox: Inbox, database: Database
) -> None:
    (entry,) = await inbox.take_in([Arrival(1, 7, "words", ALICE)])
    for _ in range(MOST_CRASHES):
        assert await inbox.open(entry) == Opened("words", sent_before=False, given_up=False)
        await inbox.left_over()
    assert await inbox.open(entry) == Opened("words", sent_before=False, given_up=True)
    await inbox.give_up(entry)
    assert await rows(database) == [(1, "set aside", 0, None, None, "the process died of it again and again")]
