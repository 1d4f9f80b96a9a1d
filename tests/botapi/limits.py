"""The documented limits of every field, read from the Bot API documentation that aiogram's models carry."""

import ast
import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from .entities import utf16_length

_RANGE = re.compile(r"(\d+)-(\d+) (characters|bytes)( after entit\w+ parsing)?", re.I)
_LIST = re.compile(r"(?:list of (\d+)-|At most )(\d+) ")
_NUMBER = re.compile(r"Values between (\d+)-(\d+) are accepted")
_BYTES = re.compile(r"can't exceed (\d+) bytes")
_ALPHABETS = (
    ("only lowercase English letters, digits and underscores", re.compile(r"[a-z0-9_]*")),
    ("only :code:`A-Z`, :code:`a-z`, :code:`0-9`, :code:`_` and :code:`-`", re.compile(r"[A-Za-z0-9_-]*")),
    ("two-letter ISO 639-1 language code", re.compile(r"([a-z]{2})?")),
)


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a value may be: low to high characters (UTF-16 units), bytes, items, or the number itself."""

    unit: str
    low: int
    high: int
    after_parsing: bool = False
    alphabet: re.Pattern[str] | None = None

    def broken_by(self, value: object) -> str | None:
        """What is wrong with the value, or None."""
        size = self._size(value)
        if size is not None and not self.low <= size <= self.high:
            return f"{size} {self.unit}, allowed are {self.low}-{self.high}"
        if self.alphabet and isinstance(value, str) and not self.alphabet.fullmatch(value):
            return f"{value!r} has characters that are not allowed"
        return None

    def _size(self, value: object) -> int | None:
        match value, self.unit:
            case str(), "characters":
                return utf16_length(value)
            case str(), "bytes":
                return len(value.encode())
            case list(), "items":
                return len(value)
            case int(), "value":
                return value
        return None


@cache
def limits_of(model: type) -> Mapping[str, Limit]:
    """The limit of each limited field of an aiogram class, inherited ones included."""
    limits: dict[str, Limit] = {}
    for base in reversed(model.__mro__):
        if base.__module__.startswith("aiogram.") and "[" not in base.__name__:
            described = _descriptions(base).items()
            limits |= {name: limit for name, text in described if (limit := limit_in(text))}
    return limits


def limit_in(description: str) -> Limit | None:
    """The limit a field's description states, if it states one."""
    alphabet = next((pattern for phrase, pattern in _ALPHABETS if phrase in description), None)
    if match := _RANGE.search(description):
        return Limit(match[3].lower(), int(match[1]), int(match[2]), bool(match[4]), alphabet)
    if match := _BYTES.search(description):
        return Limit("bytes", 0, int(match[1]))
    if match := _NUMBER.search(description):
        return Limit("value", int(match[1]), int(match[2]))
    if match := _LIST.search(description):
        return Limit("items", int(match[1] or 0), int(match[2]))
    return Limit("characters", 0, 2**15, alphabet=alphabet) if alphabet else None


def _descriptions(model: type) -> dict[str, str]:
    """The text under each field of the class, which Python itself does not keep."""
    definition = ast.parse(inspect.getsource(model)).body[0]
    body = definition.body if isinstance(definition, ast.ClassDef) else []
    described = {}
    for statement, following in pairwise(body):
        match statement, following:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                described[name] = text
    return described
