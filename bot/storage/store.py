"""What the seeds cannot give back: what chats chose, counts of questions, corpus generations."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.corpus.catalogue import Catalogue
from bot.storage.database import Database, Statement

WHOLE_CHAT = 0
"""Stands for all of a chat where a topic is asked for."""
SECONDS_ANSWERS_FOLLOW = 48 * 3600
"""So long an answer follows the edits of its question."""


@dataclass(frozen=True, slots=True)
class Generation:
    """One state of the corpus that was served."""

    number: int
    loaded_at: datetime
    documents: int
    passages: int
    digest: str


def generation(catalogue: Catalogue, author: int) -> Statement:
    """Keeps a state of the corpus that an administrator has made, as part of a transaction: where the statement before
    has changed something.
    """
    at = datetime.now(UTC).isoformat()
    return (
        "INSERT INTO generation (loaded_at, documents, passages, digest, author) "
        "SELECT ?, ?, ?, ?, ? WHERE changes() > 0",
        (at, len(catalogue.documents), catalogue.passages, catalogue.digest, author),
    )


class Store:
    """What is kept about chats, questions and the corpus; never anyone's words."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def chosen_language(self, chat: int) -> str | None:
        """The reply language chosen for a chat, or None."""
        row = await self._database.row("SELECT language FROM chat WHERE id = ?", chat)
        return None if row is None else row[0]

    async def choose_language(self, chat: int, language: str | None) -> None:
        """Keeps the reply language of a chat; None is to follow each question."""
        await self._database.write(
            "INSERT INTO chat (id, language) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET language = excluded.language",
            chat,
            language,
        )

    async def chosen_mode(self, chat: int, topic: int = WHOLE_CHAT) -> str | None:
        """The mode chosen for a topic, else for its chat, or None."""
        row = await self._database.row(
            "SELECT mode FROM mode WHERE chat = ? AND topic IN (?, ?) ORDER BY topic = ? DESC",
            chat,
            topic,
            WHOLE_CHAT,
            topic,
        )
        return None if row is None else row[0]

    async def choose_mode(self, chat: int, topic: int, mode: str | None) -> None:
        """Keeps the mode of a topic, or of a whole chat; None is to have none of its own."""
        if mode is None:
            await self._database.write("DELETE FROM mode WHERE chat = ? AND topic = ?", chat, topic)
        else:
            await self._database.write("INSERT OR REPLACE INTO mode VALUES (?, ?, ?)", chat, topic, mode)

    async def knows_chat(self, chat: int) -> bool:
        """Whether the chat has been greeted, or has chosen something."""
        return await self._database.row("SELECT 1 FROM chat WHERE id = ?", chat) is not None

    async def keep_chat(self, chat: int) -> None:
        """Keeps that a chat has been greeted."""
        await self._database.write("INSERT INTO chat (id) VALUES (?) ON CONFLICT DO NOTHING", chat)

    async def answer_to(self, chat: int, question: int) -> int | None:
        """The number of the message that answers a message, or None."""
        row = await self._database.row(
            "SELECT answer FROM answered WHERE chat = ? AND question = ? AND answered_at > ?",
            chat,
            question,
            int(time.time()) - SECONDS_ANSWERS_FOLLOW,
        )
        return None if row is None else row[0]

    async def keep_answer(self, chat: int, question: int, answer: int) -> None:
        """Keeps which message answers which."""
        await self._database.write(
            "INSERT OR REPLACE INTO answered VALUES (?, ?, ?, ?)", chat, question, answer, int(time.time())
        )

    async def forget_answer(self, chat: int, question: int) -> None:
        """Lets go of an answer that is no longer there."""
        await self._database.write("DELETE FROM answered WHERE chat = ? AND question = ?", chat, question)

    async def forget_old_answers(self) -> None:
        """Lets go of the answers that no longer follow their questions."""
        await self._database.write(
            "DELETE FROM answered WHERE answered_at <= ?", int(time.time()) - SECONDS_ANSWERS_FOLLOW
        )

    async def move_chat(self, old: int, new: int) -> None:
        """Keeps what a group chose when it becomes a supergroup; told twice, it changes nothing more.

        Its answers are let go: a supergroup counts its messages anew, so that their numbers are those of others there.
        """
        await self._database.write_all(
            [
                ("UPDATE OR REPLACE chat SET id = ? WHERE id = ?", (new, old)),
                ("UPDATE OR REPLACE mode SET chat = ? WHERE chat = ?", (new, old)),
                ("DELETE FROM answered WHERE chat = ?", (old,)),
            ]
        )

    async def forget_chat(self, chat: int) -> None:
        """Deletes what a chat chose, and which messages were answered in it."""
        await self._database.write_all(
            [
                ("DELETE FROM chat WHERE id = ?", (chat,)),
                ("DELETE FROM mode WHERE chat = ?", (chat,)),
                ("DELETE FROM answered WHERE chat = ?", (chat,)),
            ]
        )

    async def forget_author(self, person: int) -> None:
        """Deletes who changed the corpus, where that was this person; what was only proposed goes with it."""
        await self._database.write_all(
            [
                ("DELETE FROM change WHERE author = ? AND applied IS NULL", (person,)),
                ("UPDATE change SET author = NULL WHERE author = ?", (person,)),
                ("UPDATE generation SET author = NULL WHERE author = ?", (person,)),
            ]
        )

    async def menus_told(self) -> str | None:
        """A digest of the menus that Telegram was last told, or None."""
        row = await self._database.row("SELECT digest FROM told WHERE what = 'menus'")
        return None if row is None else row[0]

    async def keep_menus_told(self, digest: str) -> None:
        """Keeps which menus Telegram has been told."""
        await self._database.write("INSERT OR REPLACE INTO told VALUES ('menus', ?)", digest)

    async def record_generation(self, catalogue: Catalogue) -> Generation:
        """Keeps a state of the corpus, unless it is the newest one already; returns the newest."""
        newest = await self.newest_generation()
        if newest is not None and newest.digest == catalogue.digest:
            return newest
        loaded_at = datetime.now(UTC)
        ((number,),) = await self._database.write(
            "INSERT INTO generation (loaded_at, documents, passages, digest) VALUES (?, ?, ?, ?) RETURNING number",
            loaded_at.isoformat(),
            len(catalogue.documents),
            catalogue.passages,
            catalogue.digest,
        )
        return Generation(number, loaded_at, len(catalogue.documents), catalogue.passages, catalogue.digest)

    async def newest_generation(self) -> Generation | None:
        """The newest state of the corpus that was kept, or None."""
        row = await self._database.row(
            "SELECT number, loaded_at, documents, passages, digest FROM generation ORDER BY number DESC LIMIT 1"
        )
        return None if row is None else Generation(row[0], datetime.fromisoformat(row[1]), *row[2:])
