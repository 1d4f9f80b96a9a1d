"""No faster than Telegram allows, and one chat's patience is no other's."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

import pytest

from bot.delivery.pace import Pace

_REAL_SLEEP = asyncio.sleep


class Clock:
    """Time that passes only while everyone sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._sleepers: list[tuple[float, asyncio.Event]] = []

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        if seconds > 0:
            awake = asyncio.Event()
            self._sleepers.append((self.now + seconds, awake))
            await awake.wait()

    async def pass_until_done(self, tasks: Iterable["asyncio.Task[None]"]) -> None:
        """Lets time pass from one awakening to the next."""
        everyone = asyncio.gather(*tasks)
        while not everyone.done():
            for _ in range(3):
                await _REAL_SLEEP(0)
            if self._sleepers:
                self._sleepers.sort(key=lambda sleeper: sleeper[0])
                self.now, awake = self._sleepers.pop(0)
                awake.set()
        await everyone


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("bot.delivery.pace.time", clock)
    monkeypatch.setattr("bot.delivery.pace.asyncio", clock)
    return clock


async def written(clock: Clock, pace: Pace, chats: Iterable[int], *, group: bool = False) -> list[tuple[float, int]]:
    """When each chat could be written to, all having asked at once."""
    times: list[tuple[float, int]] = []
    began = clock.now

    async def write(chat: int) -> None:
        await pace.turn(chat, group)
        times.append((round(clock.now - began, 6), chat))

    await clock.pass_until_done([asyncio.create_task(write(chat)) for chat in chats])
    return times


async def test_a_chat_is_written_to_once_a_second(clock: Clock) -> None:
    assert await written(clock, Pace(), [7] * 4) == [(0, 7), (1, 7), (2, 7), (3, 7)]


async def test_a_group_is_written_to_twenty_times_a_minute(clock: Clock) -> None:
    times = [time for time, _ in await written(clock, Pace(), [-7] * 45, group=True)]
    assert times == [*range(20), *range(60, 80), *range(120, 125)]


async def test_all_chats_together_are_written_to_thirty_times_a_second(clock: Clock) -> None:
    times = [time for time, _ in await written(clock, Pace(), range(1000))]
    assert len(times) == 1000
    assert all(later - earlier == pytest.approx(1 / 30, abs=1e-4) for earlier, later in pairwise(times))


async def test_the_second_of_a_chat_counts_from_when_its_message_left(clock: Clock) -> None:
    pace = Pace()
    times: list[float] = []

    async def a_conversation() -> None:
        for _ in range(2):
            await pace.turn(7, False)
            times.append(clock.now)

    crowd = [asyncio.create_task(pace.turn(chat, False)) for chat in range(100, 400)]
    await clock.pass_until_done([*crowd, asyncio.create_task(a_conversation())])
    assert times[1] - times[0] >= 1


async def test_no_second_holds_more_than_it_may_whoever_asks(clock: Clock) -> None:
    chats = [chat % 17 for chat in range(170)]
    times = await written(clock, Pace(), chats)
    assert max(Counter(int(time) for time, _ in times).values()) <= 31
    for chat in set(chats):
        own = [time for time, whose in times if whose == chat]
        assert all(later - earlier >= 0.999 for earlier, later in pairwise(own))


async def test_a_chat_that_is_held_holds_no_other(clock: Clock) -> None:
    pace = Pace()
    pace.hold(7, 30)
    pace.hold(7, 5)
    times = await written(clock, pace, [7, 8, 9, 7])
    assert [chat for time, chat in times if time < 1] == [8, 9]
    assert [time for time, chat in times if chat == 7] == [30, 31]


async def test_what_one_chat_is_asked_to_wait_makes_no_other_wait_longer(clock: Clock) -> None:
    everyone = [chat for chat in range(20) for _ in range(3)]
    usual = await written(clock, Pace(), everyone)
    patient = Pace()
    patient.hold(7, 30)
    held = await written(clock, patient, everyone)
    assert [each for each in held if each[1] == 7] == [(30, 7), (31, 7), (32, 7)]
    waits, usual_waits = (sorted(time for time, chat in times if chat != 7) for times in (held, usual))
    assert all(wait <= usually for wait, usually in zip(waits, usual_waits, strict=True))


async def test_chats_that_may_be_written_to_anyway_are_forgotten(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery.pace._MOST_REMEMBERED", 10)
    pace = Pace(per_second=1000)
    await written(clock, pace, range(20))
    pace.hold(3, 500)
    clock.now += 100
    await written(clock, pace, [99])
    assert set(pace._chats) == {3, 99}
