"""What the Bot API methods do to the world; every call has passed the judge before."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .entities import utf16_length, utf16_positions, with_found_entities
from .html import FormattedText
from .members import chat_full_info, member_json
from .pictures import sent_picture
from .records import Json, ViolationError, bad_request, given
from .texts import read_text
from .world import Room, World

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
_GENERAL_TOPIC = 1
_SECONDS_TO_WHISPER = 15
_QUOTED = {"bold", "italic", "underline", "strikethrough", "spoiler", "custom_emoji", "date_time"}
"""Of the documentation of ReplyParameters: the quote includes these of the message's entities."""
_MOST_RESULTS = 50


class Methods:
    """The methods with a behaviour of their own, by their Bot API name."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.waiting: set[str] = set()  # the callback, inline and guest queries that may be answered
        self.guests: dict[str, Room] = {}
        self.answers: dict[str, Json] = {}
        self.knows_whispers = True
        """A server older than Bot API 10.2 passes over what it does not know."""
        self.table: dict[str, Callable[[Json], Any]] = {
            "sendMessage": self._send_message,
            "sendPhoto": self._send_photo,
            "editMessageText": self._edit_text,
            "editMessageReplyMarkup": self._edit_markup,
            "deleteMessage": self._delete,
            "answerCallbackQuery": self._answer_query("callback_query_id"),
            "answerInlineQuery": self._answer_inline,
            "answerGuestQuery": self._answer_guest,
            "sendChatAction": self._chat_action,
            "getChat": self._chat,
            "getChatMember": self._member,
            "getChatAdministrators": self._admins,
            "leaveChat": self._leave,
        }

    def _send_message(self, call: Json) -> Json:
        room = self.world.room_for_bot(call["chat_id"])
        thread = self._thread(room, call)
        reply = self._reply(room, call)
        formatted = read_text(call["text"], call.get("parse_mode"), call.get("entities", ()))
        if self.knows_whispers and (only := call.get("ephemeral_message_parameters")):
            fields = _whispered(room, only["receiver_user_id"], call) | room.placed(thread, None)
            return self.world.deliver_to_one(room, call["text"], formatted, fields)
        return self.world.deliver(room, call["text"], formatted, _around(room, thread, reply, call))

    def _send_photo(self, call: Json) -> Json:
        room = self.world.room_for_bot(call["chat_id"])
        thread = self._thread(room, call)
        reply = self._reply(room, call)
        caption = call.get("caption", "")
        formatted = read_text(caption, call.get("parse_mode"), call.get("caption_entities", ()))
        content, sizes = sent_picture(call["photo"])
        return self.world.deliver_photo(
            room, caption, formatted, content, _around(room, thread, reply, call) | {"photo": sizes}
        )

    def _thread(self, room: Room, call: Json) -> int | None:
        thread: int | None = call.get("message_thread_id")
        if thread is None or (room.chat.type == "supergroup" and not room.chat.is_forum):
            return None
        if thread == _GENERAL_TOPIC or thread not in room.topics:
            raise bad_request("message thread not found")
        return thread

    def _reply(self, room: Room, call: Json) -> Json:
        wanted = call.get("reply_parameters") or given(message_id=call.get("reply_to_message_id"))
        message_id = wanted.get("message_id")
        if message_id is None:
            return {}
        original = room.messages.get(message_id)
        if original is None and not (wanted | call).get("allow_sending_without_reply"):
            raise bad_request("message to be replied not found")
        if original is None:
            return {}
        return given(reply_to=message_id, quote=_quote(original, wanted))

    def _edit_text(self, call: Json) -> Json | bool:
        formatted = read_text(call["text"], call.get("parse_mode"), call.get("entities", ()))
        return self._edit(call, call["text"], formatted)

    def _edit_markup(self, call: Json) -> Json | bool:
        return self._edit(call, None, None)

    def _edit(self, call: Json, source: str | None, formatted: FormattedText | None) -> Json | bool:
        room, message = self._own_message(call)
        before = room.sent[message["message_id"]]
        if formatted is not None and before.photo is not None:
            raise bad_request("there is no text in the message to edit")
        text = formatted or FormattedText(before.text, before.entities)
        entities = list(with_found_entities(text.text, text.entities)) or None
        new = given(text=text.text, entities=entities, reply_markup=_inline(call.get("reply_markup")))
        old = {name: message[name] for name in ("text", "entities", "reply_markup") if name in message}
        if new == old:
            raise bad_request(_NOT_MODIFIED)
        kept = {name: value for name, value in message.items() if name not in old}
        edited = kept | new | {"edit_date": message["date"] + 1}
        self.world.replace(room, before.html if source is None else source, edited)
        return True if "inline_message_id" in call else edited

    def _own_message(self, call: Json) -> tuple[Room, Json]:
        if "inline_message_id" in call:
            room, message_id = self.world.inline_messages.get(call["inline_message_id"], (None, 0))
        else:
            room, message_id = self.world.room_for_bot(call.get("chat_id")), call.get("message_id", 0)
        if room is None or message_id not in room.messages:
            raise bad_request("message to edit not found")
        if message_id not in room.sent:
            raise bad_request("message can't be edited")
        return room, room.messages[message_id]

    def _delete(self, call: Json) -> bool:
        room = self.world.room_for_bot(call["chat_id"])
        message_id = call["message_id"]
        if message_id not in room.messages:
            raise bad_request("message to delete not found")
        admin = room.statuses[self.world.bot.id] == "administrator"
        if message_id not in room.sent and room.chat.type != "private" and not admin:
            raise bad_request("message can't be deleted")
        del room.messages[message_id]
        room.deleted.add(message_id)
        self.world.changes.announce()
        return True

    def _answer_query(self, name: str) -> Callable[[Json], bool]:
        def answer(call: Json) -> bool:
            if call[name] not in self.waiting:
                raise bad_request(_TOO_OLD)
            self.answers[call[name]] = call
            self.world.changes.announce()
            return True

        return answer

    def _answer_inline(self, call: Json) -> bool:
        if len(call["results"]) > _MOST_RESULTS:
            raise ViolationError("Bad Request: RESULTS_TOO_MUCH")
        identifiers = [result["id"] for result in call["results"]]
        if len(set(identifiers)) < len(identifiers):
            raise ViolationError("Bad Request: RESULT_ID_DUPLICATE")
        return self._answer_query("inline_query_id")(call)

    def _answer_guest(self, call: Json) -> Json:
        self._answer_query("guest_query_id")(call)
        self.waiting.discard(call["guest_query_id"])
        room = self.guests[call["guest_query_id"]]
        content = call["result"].get("input_message_content", {})
        if "message_text" not in content:
            raise ViolationError("Bad Request: the test server takes only texts as guest answers")
        formatted = read_text(content["message_text"], content.get("parse_mode"), content.get("entities", ()))
        markup = given(reply_markup=call["result"].get("reply_markup"))
        message = self.world.deliver(room, content["message_text"], formatted, markup)
        inline_id = f"inline-{message['message_id']}"
        self.world.inline_messages[inline_id] = (room, message["message_id"])
        return {"inline_message_id": inline_id}

    def _chat_action(self, call: Json) -> bool:
        self._thread(self.world.room_for_bot(call["chat_id"]), call)
        return True

    def _chat(self, call: Json) -> Json:
        return chat_full_info(self.world.room_for_bot(call["chat_id"]).chat)

    def _member(self, call: Json) -> Json:
        room = self.world.room_for_bot(call["chat_id"])
        if call["user_id"] not in room.people:
            raise bad_request("member not found")
        return member_json(room, call["user_id"])

    def _admins(self, call: Json) -> list[Json]:
        room = self.world.room_for_bot(call["chat_id"])
        if room.chat.type == "private":
            raise bad_request("there are no administrators in the private chat")
        listed = {"administrator", "creator"}
        return [member_json(room, person) for person, status in room.statuses.items() if status in listed]

    def _leave(self, call: Json) -> bool:
        self.world.room_for_bot(call["chat_id"]).statuses[self.world.bot.id] = "left"
        return True


def _around(room: Room, thread: int | None, reply: Json, call: Json) -> Json:
    """Where a new message stands, what it replies to, and its buttons."""
    placed = room.placed(thread, reply.get("reply_to"))
    fields = given(quote=reply.get("quote"), reply_markup=_inline(call.get("reply_markup")))
    return fields | placed | room.replying(placed.get("message_thread_id"), reply.get("reply_to"))


def _whispered(room: Room, receiver: int, call: Json) -> Json:
    """Whom alone a new message is shown to; the Bot API has it answer what they whispered a moment ago.

    Not modelled: administrators, who may whisper at any time, and answers to presses.
    """
    number = call.get("reply_parameters", {}).get("ephemeral_message_id")
    asked = room.whispers.get(number)
    if room.chat.type == "private" or asked is None or asked["from"]["id"] != receiver:
        raise bad_request("MESSAGE_ID_INVALID")
    if time.time() - asked["date"] > _SECONDS_TO_WHISPER:
        raise bad_request("EPHEMERAL_MESSAGE_EXPIRED")
    receiving = room.people[receiver].json()
    return given(receiver_user=receiving, reply_markup=_inline(call.get("reply_markup")))


def _inline(markup: Json | None) -> Json | None:
    """Only an inline keyboard is shown with the message; an empty one is none."""
    return markup if markup and any(markup.get("inline_keyboard", ())) else None


def _quote(original: Json, wanted: Json) -> Json | None:
    if not wanted.get("quote"):
        return None
    mode, entities = wanted.get("quote_parse_mode"), wanted.get("quote_entities", ())
    formatted = read_text(wanted["quote"], mode, entities)
    quote = formatted.text
    places = utf16_positions(original.get("text") or original.get("caption", ""), quote)
    position = wanted.get("quote_position", min(places, default=0))
    if position not in places:
        found = f"{quote!r} is not at {position}, but at {sorted(places)}"
        raise ViolationError(f"Bad Request: QUOTE_TEXT_INVALID ({found})")
    if _marked(formatted.entities) != _marked(_inside(original, position, utf16_length(quote))):
        raise ViolationError(f"Bad Request: QUOTE_TEXT_INVALID ({quote!r} is marked otherwise)")
    return {"text": quote, "position": position, "is_manual": True}


def _marked(entities: Iterable[Json]) -> set[tuple[str, int, int]]:
    """Of entities those that a quote has to repeat."""
    return {(each["type"], each["offset"], each["length"]) for each in entities if each["type"] in _QUOTED}


def _inside(original: Json, position: int, length: int) -> Iterator[Json]:
    """The entities of a message as far as they lie within a stretch, counted from its beginning."""
    for entity in original.get("entities") or original.get("caption_entities", ()):
        start = max(entity["offset"] - position, 0)
        end = min(entity["offset"] + entity["length"] - position, length)
        if start < end:
            yield entity | {"offset": start, "length": end - start}
