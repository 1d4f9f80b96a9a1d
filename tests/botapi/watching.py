"""What a test waits for; every wait ends by itself and says what was missing."""

import asyncio

from .records import Chat, Json, Press, SentMessage
from .scene import Scene


class Watching(Scene):
    """The scene as seen by a test that reads the bot's side."""

    async def replies(self, chat: Chat, count: int = 1, *, within: float = 5.0) -> list[SentMessage]:
        """The next `count` messages the bot sends to the chat, as they stand now; each is read once."""
        room = self.room(chat)
        came = await self.changes.until(lambda: len(room.sent) >= room.read + count, within)
        unread = list(room.sent.values())[room.read :]
        assert came, f"expected {count} messages in {chat} within {within} s, got {_texts(unread)}"
        room.read += count
        return unread[:count]

    async def reply(self, chat: Chat, *, within: float = 5.0) -> SentMessage:
        """The next message the bot sends to the chat."""
        return (await self.replies(chat, within=within))[0]

    async def edited(self, message: SentMessage, *, within: float = 5.0) -> SentMessage:
        """The message after one more edit than the version given has seen."""
        sent = self.room(message.chat).sent
        seen = len(message.edits)
        came = await self.changes.until(lambda: len(sent[message.message_id].edits) > seen, within)
        assert came, f"message {message.message_id} was not edited within {within} s: {message.text!r}"
        return sent[message.message_id]

    async def deleted(self, message: SentMessage, *, within: float = 5.0) -> None:
        """Return once the bot has deleted the message."""
        gone = self.room(message.chat).deleted
        came = await self.changes.until(lambda: message.message_id in gone, within)
        assert came, f"message {message.message_id} was not deleted within {within} s: {message.text!r}"

    async def answer(self, press: Press, *, within: float = 5.0) -> Json:
        """The parameters of the answerCallbackQuery for the press."""
        return await self._answered(press.id, f"the press on {press.data!r}", within)

    async def inline_answer(self, query: str, *, within: float = 5.0) -> Json:
        """The parameters of the answerInlineQuery for a query of `type_inline`."""
        return await self._answered(query, f"the inline query {query}", within)

    async def settled(self, *, within: float = 5.0) -> None:
        """Return once the bot has confirmed every update with a later getUpdates."""
        done = await self.changes.until(lambda: not self.queue.pending, within)
        waiting = [update["update_id"] for update in self.queue.pending]
        assert done, f"the bot has not confirmed the updates {waiting} within {within} s"

    async def quiet(self, chat: Chat, seconds: float = 0.3, *, within: float = 5.0) -> None:
        """Assert that the bot, having fetched all updates, sends nothing more to the chat."""
        await self.settled(within=within)
        await asyncio.sleep(seconds)
        unread = list(self.room(chat).sent.values())[self.room(chat).read :]
        assert not unread, f"expected silence in {chat}, got {_texts(unread)}"

    async def _answered(self, query: str, what: str, within: float) -> Json:
        answers = self.methods.answers
        came = await self.changes.until(lambda: query in answers, within)
        assert came, f"{what} was not answered within {within} s"
        return answers[query]


def _texts(messages: list[SentMessage]) -> list[str]:
    return [message.text for message in messages]
