"""The buttons under an answer, which outlive restarts and reloads: all that a press needs stands in the button."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, WebAppInfo

from bot.conversation.rights import by_name
from bot.speech.addresses import PublicReader
from bot.speech.phrases import Phrases
from bot.speech.rendering import by_source, shortened
from retrieval.records import Answer, Document, Passage, PassageReference, QuestionLanguage
from retrieval.references import compact, in_base_36, reference_in

Rows = Sequence[Sequence[InlineKeyboardButton]]
AT_ONCE = 3
"""Passages that one press shows."""
WHOEVER_DECIDES = 0
"""In place of an asker who wrote as the group: an administrator, and nobody knows which."""
_MOST_BYTES = 64
_VERSION = "a"
"""To be changed with the form of the data, so that older buttons are known as such."""
_LONGEST_ADDRESS = 2000
_LONGEST_LABEL = 40
_ADDRESS = re.compile(r"https?://[^\s/?#]+\.[^\s/?#]+[^\s]*", re.IGNORECASE)
"""What Telegram takes for a button; it refuses the whole message for one that it does not."""
_LETTERS: dict[str, QuestionLanguage] = {
    "v": "vi",
    "s": "zh-Hans",
    "t": "zh-Hant",
    "e": "en",
    "i": "id",
    "m": "ms",
    "h": "th",
    "l": "tl",
    "u": "und",
}
_LETTER_OF = {language: letter for letter, language in _LETTERS.items()}


class Action(Enum):
    """What a press asks for, by its letter."""

    MORE = "m"
    WHOLE = "w"
    HELPFUL = "y"
    UNHELPFUL = "n"


VOTES = frozenset({Action.HELPFUL, Action.UNHELPFUL})


@dataclass(frozen=True, slots=True)
class Button:
    """What a button says when it is pressed."""

    action: Action
    language: QuestionLanguage
    """Of the question, for the bot's own words."""
    asker: int
    """Whose it is: a person's id, or `WHOEVER_DECIDES`."""
    references: tuple[PassageReference, ...] = ()

    @property
    def kind(self) -> frozenset[Action]:
        """The actions that are done with when it has been pressed."""
        return VOTES if self.action in VOTES else frozenset({self.action})

    @property
    def data(self) -> str:
        """The button as Telegram keeps it: ASCII, with as many of the references as there is room for."""
        data = f"{_VERSION}{self.action.value}{_LETTER_OF[self.language]}{in_base_36(self.asker)}"
        for reference in self.references:
            if len(data) + len(longer := f".{compact(reference)}") > _MOST_BYTES:
                break
            data += longer
        return data


def pattern(actions: Iterable[Action] = Action) -> str:
    """What the data of such a button looks like."""
    letters = "".join(action.value for action in actions)
    return rf"^{_VERSION}[{letters}][{''.join(_LETTERS)}][0-9a-z]{{1,12}}(\.[A-Za-z0-9_-]{{5}}[0-9a-z]{{1,8}})*\Z"


def button_in(data: str) -> Button:
    """The button that has this data, which fits `pattern`."""
    head, *references = data.split(".")
    return Button(Action(head[1]), _LETTERS[head[2]], int(head[3:], 36), tuple(map(reference_in, references)))


def asker_of(message: Message) -> int:
    """Whose the buttons are under the answer to a message."""
    author = by_name(message)
    return WHOEVER_DECIDES if author is None or message.sender_chat is not None else author.id


def answer_keyboard(answer: Answer, asker: int, sources: Rows, words: Phrases) -> InlineKeyboardMarkup | None:
    """The buttons under an answer; none where nothing was found."""
    if not answer.found:
        return None
    language = answer.question.language
    cut = [
        reference
        for quote, reference in zip(answer.quotes, answer.references, strict=False)
        if quote.begins_inside or quote.ends_inside
    ]
    return _keyboard(
        [
            *_passages(words.more_passages, Button(Action.MORE, language, asker, answer.further)),
            *_passages(words.whole_paragraph, Button(Action.WHOLE, language, asker, tuple(cut))),
        ],
        *sources,
        [
            _shown("👍", Button(Action.HELPFUL, language, asker)),
            _shown("👎", Button(Action.UNHELPFUL, language, asker)),
        ],
    )


def source_keyboard(answer: Answer, sources: Rows) -> InlineKeyboardMarkup | None:
    """The buttons that ask nothing of the bot."""
    return _keyboard(*sources) if answer.found else None


def further_keyboard(
    pressed: Button, rest: Sequence[PassageReference], sources: Rows, words: Phrases
) -> InlineKeyboardMarkup | None:
    """The buttons under what a press has shown: the same for the rest, and the sources."""
    again = Button(pressed.action, pressed.language, pressed.asker, tuple(rest))
    return _keyboard(_passages(words.more_passages, again), *sources)


def keyboard_without(message: Message, done: Collection[Action]) -> InlineKeyboardMarkup | None:
    """The message's buttons but for those whose actions are done."""
    markup = message.reply_markup
    return _keyboard(
        *([one for one in row if _action(one) not in done] for row in (markup.inline_keyboard if markup else ()))
    )


def has(message: Message, data: str) -> bool:
    """Whether the message has a button with this data; whoever presses may send any."""
    markup = message.reply_markup
    return markup is not None and any(one.callback_data == data for row in markup.inline_keyboard for one in row)


def _keyboard(*rows: Sequence[InlineKeyboardButton]) -> InlineKeyboardMarkup | None:
    filled = [row for row in rows if row]
    return InlineKeyboardMarkup(filled) if filled else None


def _passages(label: str, button: Button) -> list[InlineKeyboardButton]:
    return [_shown(label, button)] if button.references else []


def _shown(label: str, button: Button) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=button.data)


def sources_of(passages: Iterable[Passage], words: Phrases, reader: PublicReader | None, *, apart: bool) -> Rows:
    """The ways to what is shown, a row each: into the web reader, each source where its first words stand; without one
    to the publisher, where there is one source only and it has an address.

    In a private chat, which is `apart`, clients open the reader within Telegram.
    """
    first = [(document, shown[0]) for document, shown in by_source(passages)]
    if reader is None:
        return _publishers([document for document, _ in first], words)
    alone = len(first) == 1
    return [
        [_reading(words.open_source if alone else _label(document), passage, reader, apart)]
        for document, passage in first
    ]


def _publishers(documents: Sequence[Document], words: Phrases) -> Rows:
    address = (documents[0].url or "") if len(documents) == 1 else ""
    usable = len(address) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(address)
    return [[InlineKeyboardButton(words.open_source, url=address)]] if usable else []


def _reading(label: str, passage: Passage, reader: PublicReader, apart: bool) -> InlineKeyboardButton:
    if apart:
        return InlineKeyboardButton(label, web_app=WebAppInfo(reader.of_passage_within(passage)))
    return InlineKeyboardButton(label, url=reader.of_passage(passage))


def _label(document: Document) -> str:
    return f"📄 {shortened(document.name, _LONGEST_LABEL)}"


def _action(button: InlineKeyboardButton) -> Action | None:
    data = button.callback_data
    return button_in(data).action if isinstance(data, str) and re.match(pattern(), data) else None
