"""Text as Telegram sees it: lengths in UTF-16 units, and the commands, mentions and links found in it."""

import re
from collections.abc import Iterable, Sequence

from .records import Json

# The expressions stand as comments in td/telegram/MessageEntity.cpp; links are found only with their scheme.
_FOUND = (
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>@])")),
    ("url", re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?'()\[\]{}]")),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z0-9_]{2,32}(?!\w)")),
    ("hashtag", re.compile(r"(?<!\w)#\w*[^\W\d]\w*")),
)
_ATOMIC = {"code", "pre", "text_link", "text_mention", "custom_emoji", "date_time"}


def utf16_length(text: str) -> int:
    """The length in UTF-16 code units, in which Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf16_slice(text: str, offset: int, length: int) -> str:
    """The part of the text an entity covers."""
    units = text.encode("utf-16-le")[2 * offset : 2 * (offset + length)]
    return units.decode("utf-16-le")


def utf16_positions(text: str, part: str) -> set[int]:
    """Every offset, in UTF-16 units, at which the part stands in the text."""
    starts = (index for index in range(len(text)) if text.startswith(part, index))
    return {utf16_length(text[:index]) for index in starts}


def with_found_entities(text: str, entities: Sequence[Json]) -> tuple[Json, ...]:
    """The given entities and those Telegram itself finds beside them, in reading order."""
    taken = [entity for entity in entities if entity["type"] in _ATOMIC]
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            entity = _entity(kind, text, match)
            if not any(_overlap(entity, other) for other in taken):
                taken.append(entity)
    others = [entity for entity in entities if entity["type"] not in _ATOMIC]
    return in_reading_order(taken + others)


def in_reading_order(entities: Iterable[Json]) -> tuple[Json, ...]:
    """Entities by their start, the longer before the shorter."""
    return tuple(sorted(entities, key=lambda entity: (entity["offset"], -entity["length"], entity["type"])))


def _entity(kind: str, text: str, match: re.Match[str]) -> Json:
    return {
        "type": kind,
        "offset": utf16_length(text[: match.start()]),
        "length": utf16_length(match.group()),
    }


def _overlap(one: Json, other: Json) -> bool:
    return bool(one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"])
