"""What administrators are told of the bot's work: counts by day, in which there is no person and no word."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate

from bot.storage.database import Database, Statement

_LATENCIES = (100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000)
"""Milliseconds, the upper ends of the histogram's buckets."""
LONGER = 3_600_000
"""The bucket of all that took longer."""
_DAYS_KEPT = 400


@dataclass(frozen=True, slots=True)
class Day:
    """The questions of one day."""

    day: date
    found: int
    missing: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted in some days."""

    days: tuple[Day, ...]
    """One after another, the last is today."""
    languages: tuple[tuple[str, int], ...]
    """Questions by their language, most first."""
    latencies: tuple[tuple[int, int], ...]
    """Answers by the bucket of milliseconds in which they came, quickest first."""
    reloads: int
    votes: tuple[int, int] = (0, 0)
    """Answers found helpful, and not."""

    @property
    def found(self) -> int:
        """Questions that were answered."""
        return sum(day.found for day in self.days)

    @property
    def missing(self) -> int:
        """Questions that there was no answer to."""
        return sum(day.missing for day in self.days)

    def latency(self, percent: int) -> int | None:
        """Milliseconds within which so many of a hundred answers came; None where there were none."""
        reached = accumulate(answers for _, answers in self.latencies)
        wanted = percent * sum(answers for _, answers in self.latencies)
        return next(
            (end for (end, _), sofar in zip(self.latencies, reached, strict=True) if 100 * sofar >= wanted), None
        )


def bucket(seconds: float) -> int:
    """The bucket of an answer that took so long: its upper end in milliseconds."""
    return next((end for end in _LATENCIES if 1000 * seconds <= end), LONGER)


class Statistics:
    """The counts in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count_question(self, language: str, found: bool, seconds: float | None = None) -> None:
        """Counts one question of today, and the seconds to its answer where they are known; no word of it is kept."""
        today = _today().isoformat()
        counted: list[Statement] = [
            (
                "INSERT INTO question_count VALUES (?, ?, ?, 1) "
                "ON CONFLICT (day, language, found) DO UPDATE SET questions = questions + 1",
                (today, language, int(found)),
            )
        ]
        if seconds is not None:
            counted.append(
                (
                    "INSERT INTO latency_count VALUES (?, ?, 1) "
                    "ON CONFLICT (day, milliseconds) DO UPDATE SET answers = answers + 1",
                    (today, bucket(seconds)),
                )
            )
        await self._database.write_all(counted)

    async def count_vote(self, helpful: bool) -> None:
        """Counts one vote of today on an answer; nobody's name is kept, nor which answer it was."""
        await self._database.write(
            "INSERT INTO vote_count VALUES (?, ?, 1) ON CONFLICT (day, helpful) DO UPDATE SET votes = votes + 1",
            _today().isoformat(),
            int(helpful),
        )

    async def count_reload(self) -> None:
        """Counts one reload of today that succeeded."""
        await self._database.write(
            "INSERT INTO reload_count VALUES (?, 1) ON CONFLICT (day) DO UPDATE SET reloads = reloads + 1",
            _today().isoformat(),
        )

    async def figures(self, days: int) -> Figures:
        """What was counted today and in the days before, so many in all."""
        today = _today()
        first = (today - timedelta(days=days - 1)).isoformat()
        rows = await self._database.rows(
            "SELECT day, language, found, questions FROM question_count WHERE day >= ?", first
        )
        by_day, by_language = Counter[tuple[str, int]](), Counter[str]()
        for day, language, found, questions in rows:
            by_day[day, found] += questions
            by_language[language] += questions
        dates = [today - timedelta(days=before) for before in reversed(range(days))]
        reloads = await self._database.rows("SELECT reloads FROM reload_count WHERE day >= ?", first)
        return Figures(
            tuple(Day(day, by_day[day.isoformat(), 1], by_day[day.isoformat(), 0]) for day in dates),
            tuple(sorted(by_language.items(), key=lambda one: (-one[1], one[0]))),
            await self._latencies(first),
            sum(count for (count,) in reloads),
            await self._votes(first),
        )

    async def forget_old(self) -> None:
        """Drops what was counted long ago."""
        last = (_today() - timedelta(days=_DAYS_KEPT)).isoformat()
        await self._database.write_all(
            [
                ("DELETE FROM question_count WHERE day < ?", (last,)),
                ("DELETE FROM latency_count WHERE day < ?", (last,)),
                ("DELETE FROM reload_count WHERE day < ?", (last,)),
                ("DELETE FROM vote_count WHERE day < ?", (last,)),
            ]
        )

    async def _votes(self, first: str) -> tuple[int, int]:
        rows = await self._database.rows(
            "SELECT helpful, sum(votes) FROM vote_count WHERE day >= ? GROUP BY helpful", first
        )
        votes = {helpful: int(count) for helpful, count in rows}
        return votes.get(1, 0), votes.get(0, 0)

    async def _latencies(self, first: str) -> tuple[tuple[int, int], ...]:
        rows = await self._database.rows(
            "SELECT milliseconds, sum(answers) FROM latency_count WHERE day >= ? GROUP BY milliseconds", first
        )
        return tuple(sorted((end, answers) for end, answers in rows))


def _today() -> date:
    return datetime.now(UTC).date()
