"""What people do: they write, edit, forward and press buttons, and Telegram makes updates of it."""

import time
from collections.abc import Sequence

from .entities import utf16_length, with_found_entities
from .files import Files
from .judge import judge_update
from .members import member_json
from .methods import Methods
from .privacy import reaches
from .records import (
    ANONYMOUS_ADMIN,
    TELEGRAM,
    Chat,
    Json,
    Person,
    Press,
    SaidMessage,
    SentMessage,
    given,
)
from .updates import UpdateQueue
from .world import Room, World, successor_of

AnyMessage = SaidMessage | SentMessage


class Scene(World):
    """The world in motion: whatever a person does here reaches the bot as Telegram would tell it."""

    def __init__(self, token: str, username: str, *, privacy_mode: bool) -> None:
        super().__init__(token, username)
        self.privacy_mode = privacy_mode
        self.queue = UpdateQueue(self.changes)
        self.methods = Methods(self)
        self.files = Files()
        self._queries = 0

    async def inject(self, update: Json) -> int | None:
        """Send the bot a raw update, with its own `update_id` or a new one; returns the id if it is sent."""
        raw = {name: value for name, value in update.items() if name != "update_id"}
        judge_update({"update_id": 1} | update)
        kind, payload = next(iter(raw.items()))
        if "update_id" not in update:
            return self.queue.add(kind, payload)
        self.queue.repeat(update)
        return int(update["update_id"])

    async def say(
        self,
        chat: Chat,
        by: Person,
        text: str,
        *,
        reply_to: AnyMessage | None = None,
        quote: str | None = None,
        thread: int | None = None,
        entities: Sequence[Json] = (),
        anonymous: bool = False,
        forwarded_from: Person | None = None,
        via_bot: Person | None = None,
        date: int | None = None,
    ) -> SaidMessage:
        """Somebody writes a message; Telegram finds the commands, mentions and links in it.

        `entities` adds what only a client can mark, as a `text_mention`; `anonymous` writes as the group.
        """
        room = self.room(chat)
        fields = _author(room, by, anonymous=anonymous) | _text(text, entities)
        fields |= given(date=date, via_bot=via_bot and via_bot.json())
        fields |= self._place(room, thread, reply_to)
        if quote is not None and reply_to is not None:
            fields["quote"] = {"text": quote, "position": _position(reply_to.text, quote), "is_manual": True}
        if forwarded_from is not None:
            fields["forward_origin"] = _origin(type="user", sender_user=forwarded_from.json())
        return await self._tell(room, "message", room.keep(**fields))

    async def whisper(
        self,
        chat: Chat,
        by: Person,
        text: str,
        *,
        reply_to: AnyMessage | None = None,
        thread: int | None = None,
        date: int | None = None,
    ) -> SaidMessage:
        """Somebody sends a command that only the bot is to see, as an ephemeral message."""
        room = self.room(chat)
        fields = _author(room, by, anonymous=False) | _text(text, ()) | self._place(room, thread, reply_to)
        return await self._tell(room, "message", room.whisper(**fields, **given(date=date)))

    async def edit_said(self, message: SaidMessage, text: str) -> SaidMessage:
        """The author changes the message's text."""
        room = self.room(message.chat)
        old = {name: value for name, value in message.json.items() if name not in {"text", "entities"}}
        edited = old | _text(text, ()) | {"edit_date": int(time.time())}
        room.messages[message.message_id] = edited
        kind = "edited_channel_post" if message.chat.type == "channel" else "edited_message"
        return await self._tell(room, kind, edited)

    async def post(self, channel: Chat, text: str, *, linked_group: Chat | None = None) -> SaidMessage:
        """A post in a channel, or what Telegram automatically forwards of it to the linked group."""
        if linked_group is None:
            room = self.room(channel)
            post = room.keep(sender_chat=channel.json(), **_text(text, ()))
            return await self._tell(room, "channel_post", post)
        group = self.room(linked_group)
        origin = _origin(type="channel", chat=channel.json(), message_id=1)
        fields = {"from": TELEGRAM.json(), "sender_chat": channel.json(), "is_automatic_forward": True}
        return await self._tell(group, "message", group.keep(**fields, forward_origin=origin, **_text(text, ())))

    async def ask_as_guest(
        self, chat: Chat, by: Person, text: str, *, reply_to: Json | None = None, expired: bool = False
    ) -> SaidMessage:
        """Somebody mentions the bot in a chat it is not in; `replies` shows the bot's guest answer.

        An expired one can't be answered; `reply_to` is the message it replies to, which the bot has not seen.
        """
        room = self.room(chat)
        query = self._query("guest", expired=expired)
        self.methods.guests[query] = room
        fields = _author(room, by, anonymous=False) | _text(text, ()) | given(reply_to_message=reply_to)
        message = room.keep(**fields, guest_query_id=query, guest_bot_caller_user=by.json())
        return await self._tell(room, "guest_message", message)

    async def serve(self, chat: Chat, by: Person, **fields: object) -> SaidMessage:
        """A message of any other kind, such as `new_chat_members=[…]` or `document={…}`."""
        room = self.room(chat)
        return await self._tell(room, "message", room.keep(**_author(room, by, anonymous=False), **fields))

    async def send_file(
        self, chat: Chat, by: Person, name: str | None, content: bytes, size: int | None = None, **fields: object
    ) -> SaidMessage:
        """Somebody sends a document, of a name or none; `size` is what Telegram says of it, if not the truth."""
        document = self.files.keep(name, content, len(content) if size is None else size)
        return await self.serve(chat, by, document=document, **fields)

    async def press(self, message: SentMessage, button: str, by: Person, *, expired: bool = False) -> Press:
        """Somebody presses the inline button of that label or data; an expired press can't be answered."""
        room = self.room(message.chat)
        current = room.sent[message.message_id]
        data = _data(current, button)
        query = self._query("callback", expired=expired)
        shown = room.messages.get(message.message_id)
        gone = {"chat": room.chat.json(), "message_id": message.message_id, "date": 0}
        payload = {"id": query, "from": by.json(), "message": shown or gone, "data": data}
        update_id = await self.inject({"callback_query": payload | {"chat_instance": str(room.chat.id)}})
        return Press(query, data, by, current, update_id)

    async def type_inline(self, by: Person, query: str, offset: str = "", *, expired: bool = False) -> str:
        """Somebody types the bot's name and a query in any chat; `inline_answer` takes the id returned.

        An expired query can't be answered.
        """
        identifier = self._query("inline", expired=expired)
        payload = {"id": identifier, "from": by.json(), "query": query, "offset": offset}
        await self.inject({"inline_query": payload})
        return identifier

    async def bot_becomes(self, chat: Chat, status: str, by: Person) -> int | None:
        """Somebody adds, promotes, removes or blocks the bot: member, administrator, left or kicked."""
        room = self.room(chat)
        old = member_json(room, self.bot.id)
        room.join(self.bot, status)
        change = {"old_chat_member": old, "new_chat_member": member_json(room, self.bot.id)}
        payload = {"chat": room.chat.json(), "from": by.json(), "date": int(time.time()), **change}
        return await self.inject({"my_chat_member": payload})

    async def migrate(self, group: Chat, by: Person | None = None) -> Chat:
        """The group becomes a supergroup: the bot is told, and calls for the old chat are refused.

        With `by`, the bot is told first that this person has it be a member there.
        """
        old = self.room(group)
        members = [old.people[person] for person in old.people if person != self.bot.id]
        new = self._open(successor_of(group, len(self.rooms)), members)
        self.room(new).statuses |= old.statuses | ({self.bot.id: "left"} if by else {})
        old.migrated_to = new.id
        if by:
            await self.bot_becomes(new, old.statuses[self.bot.id], by)
        first = old.keep(**{"from": ANONYMOUS_ADMIN.json()}, migrate_to_chat_id=new.id)
        second = self.room(new).keep(**{"from": ANONYMOUS_ADMIN.json()}, migrate_from_chat_id=group.id)
        for message in (first, second):
            await self.inject({"message": message})
        return new

    async def _tell(self, room: Room, kind: str, message: Json) -> SaidMessage:
        judge_update({"update_id": 1, kind: message})
        heard = kind == "guest_message" or reaches(self.bot, room, message, privacy_mode=self.privacy_mode)
        update_id = self.queue.add(kind, message) if heard else None
        return SaidMessage(room.chat, message["message_id"], message.get("text", ""), update_id, message)

    def _place(self, room: Room, thread: int | None, reply_to: AnyMessage | None) -> Json:
        replied = reply_to.message_id if reply_to else None
        placed = room.placed(thread, replied)
        return placed | room.replying(placed.get("message_thread_id"), replied)

    def _query(self, kind: str, *, expired: bool = False) -> str:
        self._queries += 1
        identifier = f"{kind}-{self._queries}"
        if not expired:
            self.methods.waiting.add(identifier)
        return identifier


def _author(room: Room, by: Person, *, anonymous: bool) -> Json:
    if anonymous:
        return {"from": ANONYMOUS_ADMIN.json(), "sender_chat": room.chat.json()}
    if by.id not in room.people:
        raise ValueError(f"{by.first_name} is not a member of {room.chat}")
    return {"from": by.json()}


def _text(text: str, entities: Sequence[Json]) -> Json:
    found = list(with_found_entities(text, entities))
    return given(text=text, entities=found or None)


def _origin(**fields: object) -> Json:
    return {"date": int(time.time()), **fields}


def _position(text: str, quote: str) -> int:
    return utf16_length(text[: text.index(quote)])


def _data(message: SentMessage, button: str) -> str:
    for known in message.buttons:
        if button in {known["text"], known.get("callback_data")} and "callback_data" in known:
            return str(known["callback_data"])
    labels = [known["text"] for known in message.buttons]
    raise AssertionError(f"message {message.message_id} has no button {button!r}, only {labels}")
