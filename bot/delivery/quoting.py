"""Which words of a message a reply to it shows, as Telegram's own quote."""

from dataclasses import dataclass

from telegram import Message, MessageEntity, TextQuote
from telegram.constants import ChatType

from bot.speech.rendering import units
from retrieval.sentences import sentence_spans

_LONGEST_QUOTE = 1024
"""UTF-16 units that Telegram takes."""
_LONG = 100
"""Characters; a reply shows a message that is shorter whole, without a quote."""
_KEPT = frozenset(
    {
        MessageEntity.BOLD,
        MessageEntity.ITALIC,
        MessageEntity.UNDERLINE,
        MessageEntity.STRIKETHROUGH,
        MessageEntity.SPOILER,
        MessageEntity.CUSTOM_EMOJI,
        MessageEntity.DATE_TIME,
    }
)
"""Of a message's markup Telegram wants these in the quote, too (core.telegram.org/bots/api#replyparameters)."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A stretch of a message's words; Telegram refuses one that is not to be found there exactly."""

    text: str
    position: int
    """In UTF-16 units, in which Telegram counts."""
    entities: tuple[MessageEntity, ...] = ()


def quote_of(message: Message, selected: TextQuote | None = None) -> Quoted | None:
    """The part that somebody selected; else, of a long message, the first sentence that fits. None needs no quote.

    Nor does any in a private chat, where an answer is a reply to nothing.
    """
    text = message.text or message.caption or ""
    if message.chat.type == ChatType.PRIVATE:
        return None
    spans = _places(text, selected.text) if selected else sentence_spans(text) if len(text) > _LONG else []
    fitting = [span for span in spans if units(text[slice(*span)]) <= _LONGEST_QUOTE]
    if not fitting:
        return None
    # Telegram tells only about where the selection was.
    near = selected.position if selected else 0
    start, end = min(fitting, key=lambda span: abs(units(text[: span[0]]) - near))
    return _quoted(message, text, start, end)


def _places(text: str, part: str) -> list[tuple[int, int]]:
    """Every place where the part stands."""
    return [(start, start + len(part)) for start in range(len(text)) if part and text.startswith(part, start)]


def _quoted(message: Message, text: str, start: int, end: int) -> Quoted:
    first, last = units(text[:start]), units(text[:end])
    entities = (_clipped(entity, first, last) for entity in message.entities or message.caption_entities)
    return Quoted(text[start:end], first, tuple(filter(None, entities)))


def _clipped(entity: MessageEntity, first: int, last: int) -> MessageEntity | None:
    """What of an entity lies between two places, counted from the first; None where nothing has to be kept."""
    start, end = max(entity.offset, first), min(entity.offset + entity.length, last)
    if entity.type not in _KEPT or start >= end:
        return None
    fields = entity.to_dict() | {"offset": start - first, "length": end - start}
    return MessageEntity.de_json(fields, None)
