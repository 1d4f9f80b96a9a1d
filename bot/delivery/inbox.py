"""What Telegram handed over and is not answered yet: on disk before Telegram is told that it was received.

An update goes from `waiting` to `in hand`, to `sending` once an answer may have left, and to `done`, where its
words are gone, and whose they were. What cannot be read, or keeps ending the process, is `set aside`. Ids are kept
long after, so that an update that comes again is known.
"""

import asyncio
import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.storage.database import Database, DatabaseError
from bot.troubles import Trouble, told

_LOG = logging.getLogger(__name__)
MOST_CRASHES = 3
"""An update that so many deaths of the process are charged to is given up, and whoever sent it is told."""
_MOST_CRASHES_TELLING = 2 * MOST_CRASHES
"""Should telling end the process as well, there is silence after so many."""
_SECONDS_BEFORE_WIPING = 0.5
"""Several ends are wiped together."""
SECONDS_KEPT = 72 * 3600
"""Telegram sends an update again for at most a day; ids are forgotten by time, for they are no longer in order after a
week of silence."""
_ENDED = "state = ?, reason = ?, body = NULL, chat = 0, person = NULL"
"""What becomes of an entry: nothing stays of its words, nor of whose they were."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An update as it came."""

    update_id: int
    chat: int
    """The chat, else the person, in whose order it is handled."""
    body: str
    """As JSON."""
    person: int | None = None
    """Who sent it, where that was one person."""
    unreadable: str | None = None
    """Why it cannot be handled at all."""
    fleeting: bool = False
    """Whether it is worthless once it is late, and not to be kept."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An update that is to be handled, by its place in the inbox."""

    number: int
    chat: int
    crashes: int = 0
    """How many deaths of the process it is charged with."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An entry's update, taken in hand."""

    body: str
    sent_before: bool
    """Whether an answer to it may have left before the process died."""
    given_up: bool
    """Whether the process died of it too often: whoever sent it is to be told, and it is to be set aside."""


class Inbox:
    """The updates in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ended = asyncio.Event()
        self._ended.set()  # the process before may have been killed with words still to be wiped

    async def take_in(self, arrivals: Sequence[Arrival]) -> list[Entry]:
        """Keeps what is new of a batch, durably and at once; returns what of it is to be handled."""
        now = int(time.time())
        rows = await self._database.write_all(
            [
                (
                    "INSERT INTO inbox (update_id, chat, person, received_at, state, body, reason) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?) "
                    "ON CONFLICT DO NOTHING RETURNING number, chat, reason",
                    (
                        arrival.update_id,
                        arrival.chat,
                        arrival.person,
                        now,
                        "set aside" if arrival.unreadable else "waiting",
                        arrival.body,
                        arrival.unreadable,
                    ),
                )
                for arrival in arrivals
            ]
        )
        for _, _, reason in rows:
            if reason is not None:
                _LOG.error(
                    "an update could not be read, and was set aside: %s", reason, extra=told(Trouble.SET_ASIDE, reason)
                )
        return [Entry(number, chat) for number, chat, reason in rows if reason is None]

    async def waiting(self) -> int:
        """How many updates wait for their turn, or are in hand."""
        row = await self._database.row("SELECT count(*) FROM inbox WHERE state NOT IN ('done', 'set aside')")
        return 0 if row is None else int(row[0])

    async def left_over(self) -> tuple[list[Entry], list[Entry]]:
        """What an earlier process left: what one may have died of, and all else, each in order.

        Charged with a death are those then in hand that were charged before, and one that was in hand alone.
        """
        rows = await self._database.rows(
            "SELECT number, chat, crashes, state = 'in hand' FROM inbox "
            "WHERE state NOT IN ('done', 'set aside') ORDER BY number"
        )
        alone = sum(in_hand for *_, in_hand in rows) == 1
        await self._database.write(
            "UPDATE inbox SET state = 'waiting', crashes = crashes + (crashes > 0 OR ?) WHERE state = 'in hand'", alone
        )
        suspects: list[Entry] = []
        others: list[Entry] = []
        for number, chat, crashes, in_hand in rows:
            entry = Entry(number, chat, crashes + (in_hand and (crashes > 0 or alone)))
            (suspects if in_hand or crashes else others).append(entry)
        return suspects, others

    async def open(self, entry: Entry) -> Opened | None:
        """Takes an entry in hand; None where it has ended already, or ends without a word."""
        rows = await self._database.write(
            "UPDATE inbox SET state = CASE WHEN state = 'waiting' AND crashes < ? THEN 'in hand' ELSE state END "
            "WHERE number = ? AND state NOT IN ('done', 'set aside') RETURNING body, state, crashes",
            _MOST_CRASHES_TELLING,
            entry.number,
        )
        if not rows:
            return None
        ((body, state, crashes),) = rows
        if crashes >= _MOST_CRASHES_TELLING:
            await self.give_up(entry)
            return None
        return Opened(body, state == "sending", crashes >= MOST_CRASHES)

    async def about_to_send(self, entry: Entry) -> None:
        """Keeps that from now on an answer may have left."""
        await self._database.write(
            "UPDATE inbox SET state = 'sending' WHERE number = ? AND state = 'in hand'", entry.number
        )

    async def surely_not_sent(self, entry: Entry) -> None:
        """Keeps that none has left after all."""
        await self._database.write(
            "UPDATE inbox SET state = 'in hand' WHERE number = ? AND state = 'sending'", entry.number
        )

    async def done(self, entry: Entry) -> None:
        """Ends an entry; its words, and where they came from, are gone with that."""
        await self._end("done", entry)

    async def set_aside(self, entry: Entry, reason: str) -> None:
        """Ends an entry that cannot be handled."""
        await self._end("set aside", entry, reason)

    async def give_up(self, entry: Entry) -> None:
        """Ends an entry that the process has died of again and again."""
        await self.set_aside(entry, "the process died of it again and again")

    async def forget(self, person: int, until: Entry) -> None:
        """Ends all that a person sent before an entry; the ids stay, for Telegram may send it again."""
        await self._database.write(
            f"UPDATE inbox SET {_ENDED} WHERE person = ? AND number < ?",  # noqa: S608
            "done",
            None,
            person,
            until.number,
        )
        self._ended.set()

    async def put_back(self, entries: Iterable[Entry]) -> None:
        """Lets entries wait that were in hand when the process was told to stop; what may have left stays known."""
        await self._database.write_all(
            [
                ("UPDATE inbox SET state = 'waiting' WHERE number = ? AND state = 'in hand'", (e.number,))
                for e in entries
            ]
        )

    async def wipe(self) -> None:
        """Returns once the words of what has ended are off the disk; waits for something to end.

        Raises DatabaseError where they are not; to be called again.
        """
        await self._ended.wait()
        await asyncio.sleep(_SECONDS_BEFORE_WIPING)
        self._ended.clear()
        try:
            await self._database.truncate_log()
        except DatabaseError:
            self._ended.set()
            raise

    async def forget_old(self) -> None:
        """Drops what is long done, its id with it."""
        await self._database.write(
            "DELETE FROM inbox WHERE state IN ('done', 'set aside') AND received_at < ?",
            int(time.time()) - SECONDS_KEPT,
        )

    async def _end(self, state: str, entry: Entry, reason: str | None = None) -> None:
        await self._database.write(
            f"UPDATE inbox SET {_ENDED} WHERE number = ?",  # noqa: S608
            state,
            reason,
            entry.number,
        )
        self._ended.set()
