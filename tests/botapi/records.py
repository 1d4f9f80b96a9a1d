"""The records a test holds in its hands, and the two ways a call is refused."""

from dataclasses import dataclass, replace
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """A Telegram user, the bot itself included."""

    id: int
    first_name: str
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False

    def json(self) -> Json:
        """The `User` object of the Bot API."""
        return given(
            id=self.id,
            is_bot=self.is_bot,
            first_name=self.first_name,
            username=self.username,
            language_code=self.language_code,
        )


# The accounts Telegram itself posts through: anonymous admins, and a channel's posts in its linked group.
ANONYMOUS_ADMIN = Person(1087968824, "Group", "GroupAnonymousBot", is_bot=True)
TELEGRAM = Person(777000, "Telegram")


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation; its type is private, group, supergroup or channel."""

    id: int
    type: str
    title: str | None = None
    first_name: str | None = None
    username: str | None = None
    is_forum: bool = False

    def json(self) -> Json:
        """The `Chat` object of the Bot API."""
        return given(
            id=self.id,
            type=self.type,
            title=self.title,
            first_name=self.first_name,
            username=self.username,
            is_forum=self.is_forum or None,
        )


@dataclass(frozen=True, slots=True)
class SaidMessage:
    """A message from a person; `update_id` is None when Telegram would not show it to the bot."""

    chat: Chat
    message_id: int
    text: str
    update_id: int | None
    json: Json


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message from the bot as it stands; `edits` holds its earlier versions, the oldest first."""

    chat: Chat
    message_id: int
    text: str
    html: str
    entities: tuple[Json, ...]
    reply_markup: Json | None
    reply_to_message_id: int | None
    quote: str | None
    thread_id: int | None
    json: Json
    edits: tuple["SentMessage", ...] = ()
    photo: bytes | None = None
    """The picture whose caption the text is."""

    @property
    def only_for(self) -> int | None:
        """Who alone sees it, besides the bot."""
        number: int | None = self.json.get("receiver_user", {}).get("id")
        return number

    @property
    def buttons(self) -> list[Json]:
        """The inline buttons from left to right and top to bottom."""
        return [button for row in (self.reply_markup or {}).get("inline_keyboard", []) for button in row]

    def edited(self, successor: "SentMessage") -> "SentMessage":
        """The successor, remembering this version and those before it."""
        return replace(successor, edits=(*self.edits, replace(self, edits=())))


@dataclass(frozen=True, slots=True)
class Press:
    """A press on an inline button, which the bot has to answer."""

    id: str
    data: str
    by: Person
    message: SentMessage
    update_id: int | None


@dataclass(frozen=True, slots=True)
class Call:
    """One request of the bot: its decoded parameters, and the result or the reason for refusing it."""

    method: str
    parameters: Json
    ok: bool
    response: Any
    description: str | None
    at: float


class RefusedError(Exception):
    """Telegram refuses a call for a reason that may also befall a correct bot, such as a deleted message."""

    def __init__(self, description: str, code: int = 400, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.description, self.code, self.parameters = description, code, parameters


class ViolationError(RefusedError):
    """The bot broke a documented rule; the server also notes it, whatever the bot does with the refusal."""


def bad_request(reason: str) -> RefusedError:
    """The refusal Telegram words as a bad request."""
    return RefusedError(f"Bad Request: {reason}")


def given(**values: Any) -> Json:
    """The fields that have a value: the Bot API leaves out the others."""
    return {name: value for name, value in values.items() if value is not None}
