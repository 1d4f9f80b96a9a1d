"""The people, chats and messages that exist, as Telegram keeps them."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from .changes import Changes
from .entities import with_found_entities
from .html import FormattedText
from .records import Chat, Json, Person, RefusedError, SentMessage, bad_request, given

_SUPERGROUP_ID = -1_001_000_000_000
_MIGRATED = "group chat was upgraded to a supergroup chat"


@dataclass(slots=True)
class Room:
    """A chat with its members and everything said in it; `read` counts the answers a test has seen."""

    chat: Chat
    next_id: int
    people: dict[int, Person] = field(default_factory=dict)
    statuses: dict[int, str] = field(default_factory=dict)
    topics: dict[int, str] = field(default_factory=dict)
    messages: dict[int, Json] = field(default_factory=dict)
    sent: dict[int, SentMessage] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)
    whispers: dict[int, Json] = field(default_factory=dict)
    """Ephemeral messages of people to the bot, by their own numbers."""
    read: int = 0
    migrated_to: int | None = None

    def keep(self, **fields: object) -> Json:
        """Give the message an id and the chat, and store it."""
        message = {"message_id": self.next_id, "date": int(time.time()), "chat": self.chat.json()}
        message |= given(**fields)
        self.messages[self.next_id] = message
        self.next_id += 1
        return message

    def whisper(self, **fields: object) -> Json:
        """Keep an ephemeral message of a person to the bot: it has no number among the chat's messages."""
        number = len(self.whispers) + 1
        message = {"message_id": 0, "ephemeral_message_id": number, "date": int(time.time()), "chat": self.chat.json()}
        self.whispers[number] = message | given(**fields)
        return self.whispers[number]

    def topic_of(self, message_id: int) -> int | None:
        """The topic or reply thread a message belongs to."""
        thread: int | None = self.messages.get(message_id, {}).get("message_thread_id")
        return thread

    def placed(self, thread: int | None, reply_to: int | None) -> Json:
        """The thread fields of a new message: its topic, or in a supergroup the thread it replies in."""
        if thread is None and reply_to is not None:
            thread = self.topic_of(reply_to)
            if thread is None and self.chat.type == "supergroup" and not self.chat.is_forum:
                thread = reply_to
        return given(message_thread_id=thread, is_topic_message=(thread in self.topics) or None)

    def replying(self, thread: int | None, reply_to: int | None) -> Json:
        """`reply_to_message`, which in a topic is its first message when nobody is replied to."""
        root = thread if thread in self.topics else None
        original = self.messages.get(reply_to or root or 0)
        if original is None:
            return {}
        shown = {name: value for name, value in original.items() if name != "reply_to_message"}
        return {"reply_to_message": shown}

    def join(self, person: Person, status: str) -> None:
        """Make the person a member of that status."""
        self.people[person.id] = person
        self.statuses[person.id] = status


class World:
    """Everyone and everything the bot can meet."""

    def __init__(self, token: str, username: str) -> None:
        self.bot = Person(int(token.partition(":")[0]), "Test bot", username, is_bot=True)
        self.rooms: dict[int, Room] = {}
        self.inline_messages: dict[str, tuple[Room, int]] = {}
        self._people = 1000
        self.changes = Changes()

    def person(
        self,
        id: int | None = None,
        first_name: str = "Alice",
        username: str | None = None,
        language_code: str | None = "en",
    ) -> Person:
        """Someone who uses Telegram."""
        self._people += 1
        return Person(id or self._people, first_name, username, language_code)

    def private_chat(self, person: Person) -> Chat:
        """The person's own chat with the bot, who has pressed Start; its id is the person's."""
        chat = Chat(person.id, "private", first_name=person.first_name, username=person.username)
        return self._open(chat, [person])

    def group(self, title: str, members: Iterable[Person] = (), admins: Iterable[Person] = ()) -> Chat:
        """A basic group with the bot in it; pass `server.bot` among the admins to make it one."""
        return self._open(Chat(-5_000_000 - len(self.rooms), "group", title), members, admins)

    def supergroup(
        self,
        title: str,
        members: Iterable[Person] = (),
        admins: Iterable[Person] = (),
        *,
        forum: bool = False,
        topics: Iterable[str] = (),
    ) -> Chat:
        """A supergroup with the bot in it; in a forum each topic gets a thread, found by `server.topic`."""
        number = _SUPERGROUP_ID - len(self.rooms)
        chat = self._open(Chat(number, "supergroup", title, is_forum=forum), members, admins)
        for name in topics:
            self.add_topic(chat, name)
        return chat

    def channel(self, title: str) -> Chat:
        """A channel whose posts the bot sees as its admin."""
        return self._open(Chat(_SUPERGROUP_ID - len(self.rooms), "channel", title), (), [self.bot])

    def foreign_group(self, title: str, members: Iterable[Person] = ()) -> Chat:
        """A group the bot is not in, from where only a guest message can reach it."""
        chat = self.supergroup(title, members)
        self.room(chat).statuses[self.bot.id] = "left"
        return chat

    def add_topic(self, chat: Chat, name: str, by: Person | None = None) -> int:
        """Open a topic in a forum and return its thread id; nobody is told."""
        room = self.room(chat)
        author = (by or next(iter(room.people.values()))).json()
        created = {"name": name, "icon_color": 0x6FB9F0}
        root = room.keep(**{"from": author}, forum_topic_created=created, is_topic_message=True)
        root["message_thread_id"] = thread = int(root["message_id"])
        room.topics[thread] = name
        return thread

    def topic(self, chat: Chat, name: str) -> int:
        """The thread id of a forum's topic."""
        return next(thread for thread, topic in self.room(chat).topics.items() if topic == name)

    def room(self, chat: Chat) -> Room:
        """What Telegram knows about the chat."""
        return self.rooms[chat.id]

    def room_for_bot(self, chat_id: object) -> Room:
        """The chat a call of the bot names; raises RefusedError where it may not speak."""
        room = self.rooms.get(chat_id) if isinstance(chat_id, int) else None
        if room is None:
            raise bad_request("chat not found")
        if room.migrated_to:
            raise RefusedError(f"Bad Request: {_MIGRATED}", 400, {"migrate_to_chat_id": room.migrated_to})
        if reason := _shut_out(room, room.statuses[self.bot.id]):
            raise RefusedError(f"Forbidden: bot {reason}", 403)
        return room

    def deliver(self, room: Room, source: str, formatted: FormattedText, fields: Mapping[str, object]) -> Json:
        """Put a message of the bot into the chat."""
        entities = list(with_found_entities(formatted.text, formatted.entities)) or None
        message = room.keep(**{"from": self.bot.json()}, text=formatted.text, entities=entities, **fields)
        room.sent[message["message_id"]] = sent_message(room, source, message)
        self.changes.announce()
        return message

    def deliver_photo(
        self, room: Room, source: str, formatted: FormattedText, content: bytes, fields: Mapping[str, object]
    ) -> Json:
        """Put a picture of the bot into the chat, its caption where other messages have their text."""
        entities = list(with_found_entities(formatted.text, formatted.entities)) or None
        caption = formatted.text or None
        message = room.keep(**{"from": self.bot.json()}, caption=caption, caption_entities=entities, **fields)
        room.sent[message["message_id"]] = sent_message(room, source, message, content)
        self.changes.announce()
        return message

    def deliver_to_one(self, room: Room, source: str, formatted: FormattedText, fields: Mapping[str, object]) -> Json:
        """Show a message of the bot to one person in the chat."""
        entities = list(with_found_entities(formatted.text, formatted.entities)) or None
        number = -len(room.sent) - 1
        message = {"message_id": 0, "ephemeral_message_id": -number, "date": int(time.time()), "chat": room.chat.json()}
        message |= given(**{"from": self.bot.json()}, text=formatted.text, entities=entities, **fields)
        room.sent[number] = sent_message(room, source, message)
        self.changes.announce()
        return message

    def replace(self, room: Room, source: str, message: Json) -> None:
        """Put a new version of the bot's message in place of the old one."""
        room.messages[message["message_id"]] = message
        before = room.sent[message["message_id"]]
        room.sent[before.message_id] = before.edited(sent_message(room, source, message))
        self.changes.announce()

    def _open(self, chat: Chat, members: Iterable[Person], admins: Iterable[Person] = ()) -> Chat:
        if chat.id not in self.rooms:
            # Ids of different chats do not meet, so that a mixed-up chat cannot go unnoticed.
            room = self.rooms[chat.id] = Room(chat, next_id=1000 * (len(self.rooms) + 1))
            room.join(self.bot, "member")
            for member in members:
                room.join(member, "member")
            for admin in admins:
                room.join(admin, "administrator")
        return self.rooms[chat.id].chat


def _shut_out(room: Room, status: str) -> str:
    """Why a bot of that status may not write to the chat, if it may not."""
    if room.chat.type == "private":
        return "was blocked by the user" if status == "kicked" else ""
    reasons = {"left": "is not a member of", "kicked": "was kicked from"}
    return f"{reasons[status]} the {room.chat.type} chat" if status in reasons else ""


def sent_message(room: Room, source: str, message: Json, photo: bytes | None = None) -> SentMessage:
    """The record of a bot's message as it stands in the chat."""
    return SentMessage(
        chat=room.chat,
        message_id=message["message_id"],
        text=message.get("text") or message.get("caption") or "",
        html=source,
        entities=tuple(message.get("entities") or message.get("caption_entities") or ()),
        reply_markup=message.get("reply_markup"),
        reply_to_message_id=message.get("reply_to_message", {}).get("message_id"),
        quote=message.get("quote", {}).get("text"),
        thread_id=message.get("message_thread_id"),
        json=dict(message),
        photo=photo,
    )


def successor_of(chat: Chat, number: int) -> Chat:
    """The supergroup a basic group becomes."""
    return replace(chat, id=_SUPERGROUP_ID - number, type="supergroup")
