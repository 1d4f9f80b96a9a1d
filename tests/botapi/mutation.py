"""Updates as they should never come: real ones with something in them exchanged, left out, or far too much."""

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

from .records import Json
from .scene import Scene

_STRANGE: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 1e308, float("nan"), float("inf"), 2**31, 2**53, 2**63, -(2**63), 2**70),
    *(
        "",
        "x",
        "\ud800",
        "a\udfffb",
        "\x00",
        "\u202e",
        "/reload",
        "x" * 5000,
        [],
        {},
        [[]],
        [None],
        [{}],
        ["x"],
        {"id": 1},
    ),
)
_DEEP = 200
_MEGABYTE = "long " * 200_000


async def real_updates(scene: Scene) -> list[Json]:
    """One of each kind that people make: questions, commands, replies, topics, presses, pictures, moves."""
    alice = scene.person(first_name="Alice")
    private, group = scene.private_chat(alice), scene.group("Cities", members=[alice])
    forum = scene.supergroup("Forum", members=[alice], forum=True, topics=["Hanoi"])
    asked = await scene.say(private, alice, "Which cities joined?")
    for text in ("/start", "/ask cities", "/language", "/reload"):
        await scene.say(private, alice, text)
    await scene.say(group, alice, "@ascn_test_bot which cities?", reply_to=asked)
    await scene.say(group, alice, "which cities?", forwarded_from=alice)
    await scene.say(group, alice, "which cities?", anonymous=True)
    await scene.say(forum, alice, "/ask which cities?", thread=scene.topic(forum, "Hanoi"))
    picture = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}
    await scene.serve(private, alice, photo=[picture], caption="/ask cities", media_group_id="album")
    await scene.serve(private, alice, photo=[picture])
    await scene.inject(
        {"callback_query": {"id": "1", "from": alice.json(), "data": "language:vi", "chat_instance": "1"}}
    )
    await scene.migrate(group)
    return list(scene.queue.pending)


def mutated(updates: list[Json], number: int, seed: int) -> Iterator[Json]:
    """So many updates with one to three mutations each, and without their ids."""
    chance = random.Random(seed)  # noqa: S311
    for _ in range(number):
        update = copy.deepcopy(chance.choice(updates))
        del update["update_id"]
        for _ in range(chance.randint(1, 3)):
            _mutate(update, chance)
        yield update


def _mutate(update: Json, chance: random.Random) -> None:
    places = list(_places(update))
    if not places:
        return
    holder, key = chance.choice(places)
    match chance.randrange(8):
        case 0 | 1:
            del holder[key]
        case 2:
            holder[key] = json.loads("[" * _DEEP + "]" * _DEEP)
        case 3 if chance.random() < 0.02:
            holder[key] = _MEGABYTE
        case 4:
            other, other_key = chance.choice(places)
            holder[key] = copy.deepcopy(other[other_key])
        case _:
            holder[key] = copy.deepcopy(chance.choice(_STRANGE))


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a JSON value that something stands in."""
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])
