"""The text of a message from what the bot sends: a parse mode or ready entities, never both."""

from collections.abc import Sequence

from .entities import utf16_length
from .html import EntityError, FormattedText, fitted_text, parse_html
from .records import Json, ViolationError

_MOST_BYTES = 2**15  # before parsing: get_formatted_text in telegram-bot-api/Client.cpp


def read_text(source: str, parse_mode: str | None, entities: Sequence[Json] = ()) -> FormattedText:
    """What readers see of the source; raises ViolationError in the words of the real server."""
    if len(source.encode()) > _MOST_BYTES:
        raise ViolationError("Bad Request: text is too long")
    formatted = _formatted(source, parse_mode, entities)
    if source and not formatted.text:
        raise ViolationError("Bad Request: text must be non-empty")
    return formatted


def _formatted(source: str, parse_mode: str | None, entities: Sequence[Json]) -> FormattedText:
    if parse_mode is None:
        return _with_given(source, entities)
    if parse_mode.lower() != "html":
        raise ViolationError(f"Bad Request: parse mode {parse_mode} is not implemented by the test server")
    try:
        return parse_html(source)
    except EntityError as error:
        raise ViolationError(f"Bad Request: can't parse entities: {error}") from error


def _with_given(text: str, entities: Sequence[Json]) -> FormattedText:
    length = utf16_length(text)
    if any(entity["offset"] < 0 or entity["offset"] + entity["length"] > length for entity in entities):
        raise ViolationError("Bad Request: an entity ends after the end of the text")
    return fitted_text(text, [dict(entity) for entity in entities])
