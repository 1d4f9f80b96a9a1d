"""The judge of every call, update and answer: aiogram's models of Bot API 10.3, written by nobody here."""

import json
import typing
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from .html import FormattedText
from .limits import limits_of
from .records import Json, ViolationError
from .texts import read_text

if TYPE_CHECKING:
    from pydantic import BaseModel, TypeAdapter

# The words of the real server where they are known; elsewhere the field and its fault are named.
_TEXT = {"SendMessage.text", "EditMessageText.text", "InputTextMessageContent.message_text"}
_WORDS = (
    (_TEXT, "message text is empty", "message is too long"),
    ({"InlineKeyboardButton.callback_data"}, "BUTTON_DATA_INVALID", "BUTTON_DATA_INVALID"),
    ({"AnswerCallbackQuery.text"}, "", "MESSAGE_TOO_LONG"),
)
_MOST_ENTITIES = 100
_BUTTON_LOOKS = {"text", "style", "icon_custom_emoji_id"}


@cache
def methods() -> Mapping[str, "type[BaseModel]"]:
    """The model of each Bot API method by its name; the first call imports aiogram, which takes seconds."""
    module = import_module("aiogram.methods")
    models = [getattr(module, name) for name in module.__all__]
    named = {getattr(model, "__api_method__", None): model for model in models}
    return MappingProxyType({name: model for name, model in named.items() if isinstance(name, str)})


def judged_call(method: str, fields: Mapping[str, Any]) -> Json:
    """The decoded parameters of a call that keeps every rule; raises ViolationError otherwise."""
    model = methods().get(method)
    if model is None:
        raise ViolationError("Not Found: method not found", 404)
    decoded = {name: _decoded(model, name, value) for name, value in fields.items()}
    fault = next(_faults(_validated(model, decoded, method)), None)
    if fault:
        raise ViolationError(f"Bad Request: {fault}")
    return decoded


def judge_update(update: Json) -> None:
    """Raise ValueError for an update that Telegram could not have sent."""
    model = _update_model()
    fault = next(_unknown_fields(model.model_validate(update)), None)
    if fault:
        raise ValueError(f"Telegram sends no such update: {fault}")


def fault_in_result(method: str, result: Any) -> str | None:
    """What is wrong with an answer of the test server itself."""
    try:
        validated = _result_type(method).validate_python(result)
    except ValueError as error:
        return f"the test server's answer to {method} is wrong: {_summary(error)}"
    return next(_unknown_fields(validated), None)


def returns_only_true(method: str) -> bool:
    """Whether the method's documented result is nothing but True."""
    return _returning(method) is bool


@cache
def _update_model() -> "type[BaseModel]":
    model: type[BaseModel] = import_module("aiogram.types").Update
    return model


@cache
def _result_type(method: str) -> "TypeAdapter[Any]":
    from pydantic import TypeAdapter

    return TypeAdapter(_returning(method))


def _returning(method: str) -> Any:
    return getattr(methods()[method], "__returning__")  # noqa: B009  (mypy knows no such attribute)


def _decoded(model: "type[BaseModel]", name: str, value: Any) -> Any:
    """A form field as what it means: JSON, except where the field holds a text."""
    if name not in model.model_fields:
        raise ViolationError(f"Bad Request: there is no parameter {name!r}")
    kinds = set(_flattened(model.model_fields[name].annotation))
    if not isinstance(value, str) or (str in kinds and int not in kinds):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _flattened(annotation: Any) -> Iterator[Any]:
    """The members of a union; a list stays a list."""
    parts = () if typing.get_origin(annotation) is list else typing.get_args(annotation)
    if not parts:
        yield annotation
    for part in parts:
        yield from _flattened(part)


def _validated(model: "type[BaseModel]", decoded: Json, method: str) -> "BaseModel":
    try:
        return model.model_validate(decoded)
    except ValueError as error:
        raise ViolationError(f"Bad Request: {method}: {_summary(error)}") from error


def _summary(error: ValueError) -> str:
    """A pydantic error in one line."""
    found: list[Json] = getattr(error, "errors", list)()
    return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in found) or str(error)


def _faults(value: Any) -> Iterator[str]:
    yield from _unknown_fields(value)
    for model in _models(value):
        yield from _limit_faults(model)
        yield from _button_faults(model)


def _unknown_fields(value: Any) -> Iterator[str]:
    for model in _models(value):
        for name in model.model_extra or ():
            yield f"{type(model).__name__} has no field {name!r}"


def _models(value: Any) -> "Iterator[BaseModel]":
    """The model itself and all models inside it."""
    if isinstance(value, list):
        for item in value:
            yield from _models(item)
    elif hasattr(value, "model_fields_set"):
        yield value
        for name in value.model_fields_set:
            yield from _models(getattr(value, name))


def _limit_faults(model: "BaseModel") -> Iterator[str]:
    for name, limit in limits_of(type(model)).items():
        value = getattr(model, name)
        if isinstance(value, str) and (limit.after_parsing or name == "message_text"):
            formatted = _parsed(model, name, value)
            value = formatted.text
            if len(formatted.entities) > _MOST_ENTITIES:
                yield "ENTITIES_TOO_LONG"
        if name in model.model_fields_set and (reason := limit.broken_by(value)):
            yield _in_its_words(f"{type(model).__name__}.{name}", empty=not value) or f"{name}: {reason}"


def _in_its_words(field: str, *, empty: bool) -> str:
    """How the real server calls a text that is empty or too long; nothing where that is not known."""
    words = next(((low, high) for fields, low, high in _WORDS if field in fields), ("", ""))
    return words[0 if empty else 1]


def _parsed(model: "BaseModel", name: str, source: str) -> FormattedText:
    own = f"{name}_parse_mode"
    mode = getattr(model, own if own in type(model).model_fields else "parse_mode", None)
    return read_text(source, mode if isinstance(mode, str) else None, _entities_beside(model, name))


def _entities_beside(model: "BaseModel", name: str) -> list[Json]:
    fields = (f"{name}_entities", "entities")
    given = next((getattr(model, field) for field in fields if getattr(model, field, None)), ())
    return [entity.model_dump(exclude_none=True) for entity in given]


def _button_faults(model: "BaseModel") -> Iterator[str]:
    if type(model).__name__ == "InlineKeyboardButton" and len(model.model_fields_set - _BUTTON_LOOKS) != 1:
        yield "text buttons are unallowed in the inline keyboard: a button has exactly one action"
