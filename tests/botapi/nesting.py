"""Which entities may stand inside which, and what Telegram leaves of those that do not fit."""

from collections.abc import Iterable, Sequence

from .records import Json

# "All other entities can't contain each other": https://core.telegram.org/bots/api#formatting-options
_STYLES = {"bold", "italic", "underline", "strikethrough", "spoiler"}
_QUOTES = {"blockquote", "expandable_blockquote"}
# td_api.tl, formattedText: these "can't contain other entities".
_CLOSED = {"pre", "code", "date_time"}


def check_nesting(outer: Sequence[str], inner: str) -> str | None:
    """Why an entity may not begin inside the ones open around it, outermost first; None if it may."""
    for kind in outer:
        if not _may_contain(kind, inner):
            return f"Entity {inner} can't be nested in {kind}"
    return None


def fitted(entities: Iterable[Json], start: int, length: int) -> list[Json]:
    """The entities as they stand in the part of the text that is kept."""
    kept = []
    for entity in _around_dates(list(entities)):
        first = max(entity["offset"] - start, 0)
        last = min(entity["offset"] + entity["length"] - start, length)
        if last > first:
            kept.append(entity | {"offset": first, "length": last - first})
    return kept


def _may_contain(outer: str, inner: str) -> bool:
    if outer == "pre":
        return inner == "code"
    if outer in _CLOSED:
        return False
    if outer in _QUOTES:
        return inner not in _QUOTES
    if outer in _STYLES:
        return inner not in {"pre", "code"}
    return inner in _STYLES


def _around_dates(entities: list[Json]) -> list[Json]:
    """A date takes no style: the server cuts the bold around it in two (td: `split_entities`)."""
    for date in [entity for entity in entities if entity["type"] == "date_time"]:
        entities = [piece for entity in entities for piece in _without(entity, date)]
    return entities


def _without(entity: Json, date: Json) -> list[Json]:
    start, end = entity["offset"], entity["offset"] + entity["length"]
    hole, after = date["offset"], date["offset"] + date["length"]
    if entity["type"] not in _STYLES or end <= hole or after <= start:
        return [entity]
    pieces = [(start, hole), (after, end)]
    return [entity | {"offset": first, "length": last - first} for first, last in pieces if last > first]
