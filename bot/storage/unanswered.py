"""What was asked in vain, so that administrators see which articles are missing; never who asked it, or where."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.settings import TOKEN
from bot.storage.database import Database
from retrieval.folding import folded

_LONGEST = 300
"""Characters of a question that are kept, as Telegram counts: ten of them are one message."""
_MOST_A_DAY = 1000
"""Questions; whatever else is asked in vain on a day that has so many is not kept."""
_PERSONAL = re.compile(rf"{TOKEN.pattern}|\S@|@\w|(?:\d[\s.()+–-]{{0,3}}){{8}}")
"""What looks like a bot's token, an e-mail address, somebody's name on Telegram or a telephone number."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that there was no answer to, in all its spellings."""

    words: str
    """As it was asked last."""
    times: int
    last: date


class UnansweredLog:
    """The questions of the last days that there was no answer to; with 0 days none is kept."""

    def __init__(self, database: Database, days: int) -> None:
        self._database = database
        self.days = days

    async def keep(self, question: str) -> None:
        """Keeps a question of today, unless something in it may tell whose it is."""
        words = question.encode("utf-16-le")[: 2 * _LONGEST].decode("utf-16-le", "ignore")
        key = folded(words).replace(" ", "")
        if not self.days or not key or _PERSONAL.search(unicodedata.normalize("NFKC", question)):
            return
        today = datetime.now(UTC).date().isoformat()
        await self._database.write(
            "INSERT INTO unanswered (question, day, words, times) SELECT ?, ?, ?, 1 "
            "WHERE (SELECT count(*) FROM unanswered WHERE day = ?) < ? "
            "OR EXISTS (SELECT * FROM unanswered WHERE question = ? AND day = ?) "
            "ON CONFLICT (question, day) DO UPDATE SET words = excluded.words, times = times + 1",
            *(key, today, words, today, _MOST_A_DAY, key, today),
        )

    async def questions(self) -> list[Unanswered]:
        """What was asked most first, of what was asked equally often the newest."""
        # SQLite takes a bare column from the row that has the maximum: https://sqlite.org/lang_select.html#bareagg
        rows = await self._database.rows(
            "SELECT words, sum(times), max(day) FROM unanswered WHERE day > ? GROUP BY question "
            "ORDER BY sum(times) DESC, max(day) DESC, question",
            self._last_forgotten(),
        )
        return [Unanswered(words, times, date.fromisoformat(day)) for words, times, day in rows]

    async def forget_old(self) -> None:
        """Drops what is older than so many days, off the disk; with 0 days all that was kept before."""
        old = await self._database.write("DELETE FROM unanswered WHERE day <= ? RETURNING day", self._last_forgotten())
        if old:
            await self._database.truncate_log()

    def _last_forgotten(self) -> str:
        return (datetime.now(UTC).date() - timedelta(days=self.days)).isoformat()
