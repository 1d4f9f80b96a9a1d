"""Whatever Telegram hands over becomes arrivals: each with its id, its chat, its person, or why it cannot be read."""

import json
from typing import Any

import pytest
from telegram import Bot

from bot.delivery.inbox import Arrival
from bot.delivery.receiving import UnreadableBatchError, arrivals, batch_of, posted, unreadable
from bot.settings import SHARED_ACCOUNTS

BOT = Bot("1:token")
LARGEST = 2**63 - 1
DEEP = "[" * 100_000


def update(update_id: Any = 5, chat: Any = -7, person: Any = 9) -> dict[str, Any]:
    """A message as Telegram sends it."""
    return {
        "update_id": update_id,
        "message": {
            "message_id": 1,
            "date": 1_700_000_000,
            "chat": {"id": chat, "type": "group"},
            "from": {"id": person, "first_name": "Alice", "is_bot": False},
            "text": "Đô thị?",
        },
    }


def arrived(raw: dict[str, Any]) -> Arrival:
    (arrival,) = arrivals([raw], BOT)
    return arrival


def test_a_message_arrives_with_its_chat_its_person_and_every_word() -> None:
    raw = update()
    arrival = arrived(raw)
    assert arrival == Arrival(5, -7, arrival.body, 9)
    assert json.loads(arrival.body) == raw


def test_what_comes_from_no_chat_is_handled_in_its_persons_order() -> None:
    person = {"id": 9, "first_name": "Alice", "is_bot": False}
    arrival = arrived({"update_id": 5, "inline_query": {"id": "1", "from": person, "query": "", "offset": ""}})
    assert (arrival.chat, arrival.person) == (9, 9)


def test_what_comes_from_nobody_arrives_all_the_same() -> None:
    assert arrived({"update_id": 5}) == Arrival(5, 0, '{"update_id": 5}')


@pytest.mark.parametrize("shared", sorted(SHARED_ACCOUNTS))
def test_an_account_that_many_write_under_is_no_person(shared: int) -> None:
    assert arrived(update(person=shared)).person is None


@pytest.mark.parametrize("number", [LARGEST + 1, -LARGEST - 1])
def test_a_chat_or_person_that_the_database_cannot_hold_is_none(number: int) -> None:
    assert (arrived(update(chat=number)).chat, arrived(update(person=number)).person) == (0, None)


def test_the_largest_ids_that_the_database_can_hold_are_kept() -> None:
    arrival = arrived(update(LARGEST, -LARGEST, LARGEST))
    assert (arrival.update_id, arrival.chat, arrival.person) == (LARGEST, -LARGEST, LARGEST)
    assert arrived(update(0)).update_id == 0


@pytest.mark.parametrize("strange", [None, True, "5", 5.0, -1, LARGEST + 1], ids=repr)
def test_what_has_no_id_is_passed_over_and_its_neighbours_are_not(strange: object) -> None:
    assert [arrival.update_id for arrival in arrivals([update(strange), "x", update(6)], BOT)] == [6]


def test_what_cannot_be_read_arrives_with_the_reason_alone() -> None:
    raw = {"update_id": 5, "message": {"text": "words"}}
    assert arrivals([raw, update(6)], BOT)[0] == Arrival(5, 0, "", unreadable="KeyError")
    assert unreadable(5, "KeyError") == arrived(raw)


def test_a_batch_is_every_update_as_it_is() -> None:
    assert batch_of(json.dumps({"ok": True, "result": [update(), "x"]}).encode()) == [update(), "x"]


@pytest.mark.parametrize(
    ("payload", "reason", "ids"),
    [
        ('{"result": [{"update_id": 5}, {"update_id" :\n6, "x": ', "JSONDecodeError", [5, 6]),
        ('{"result": [{"update_id": 5, "x": ' + DEEP, "RecursionError", [5]),
        ('{"result": {"update_id": 7}}', "TypeError", [7]),
        ('{"ok": true}', "KeyError", []),
        ("[]", "TypeError", []),
        ('{"update_id": 999999999999999999, "x', "JSONDecodeError", [10**18 - 1]),
        ('{"update_id": 1000000000000000000, "x', "JSONDecodeError", []),
    ],
    ids=["broken off", "too deep", "no list", "no result", "no object", "longest id", "id too long"],
)
def test_a_batch_that_makes_no_sense_tells_which_ids_it_holds(payload: str, reason: str, ids: list[int]) -> None:
    with pytest.raises(UnreadableBatchError, match=f"^{reason}$") as raised:
        batch_of(payload.encode())
    assert (raised.value.reason, raised.value.ids) == (reason, ids)


def test_an_update_that_is_posted_arrives_like_one_of_a_batch() -> None:
    assert posted(json.dumps(update()).encode(), BOT) == arrivals([update()], BOT)


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ('{"update_id": 5, "message": ' + DEEP, [unreadable(5, "RecursionError")]),
        ('{"update_id": 5, "reply": {"update_id": 6}', [unreadable(5, "JSONDecodeError")]),
        ('{"id": 5', []),
    ],
    ids=["too deep", "broken off", "no id"],
)
def test_a_post_that_makes_no_sense_arrives_by_its_id(payload: str, expected: list[Arrival]) -> None:
    assert posted(payload.encode(), BOT) == expected
