"""Whether a text asks something, by its marks and words alone: for messages that nobody has said to be questions."""

import re
from collections.abc import Iterable
from functools import cache
from unicodedata import category

from retrieval.tables import table
from retrieval.text import clean, is_han, narrow

_LONGEST = 200
"""Characters; in a longer text a question word says little."""


def asks(text: str) -> bool:
    """Whether the text ends in a question mark, or is short and has a question word where such a word asks."""
    said = _to_its_last_word(narrow(" ".join(clean(text).split())))
    if said.endswith("?"):
        return True
    return len(said) <= _LONGEST and _question_word().search(said) is not None


def _to_its_last_word(text: str) -> str:
    """The text without what stands behind its last word or question mark: other signs, brackets, emoji."""
    last = next((i for i in reversed(range(len(text))) if text[i] == "?" or category(text[i])[0] in "LMN"), -1)
    return text[: last + 1]


@cache
def _question_word() -> re.Pattern[str]:
    begins, ends, has = (_any_of(place) for place in ("begins", "ends", "has"))
    return re.compile(rf"^(?:{begins})|(?:{ends})$|{has}", re.IGNORECASE)


def _any_of(place: str) -> str:
    """A pattern for each word of the place, in every language."""
    words = {word.replace("_", " ") for row in table("interrogatives")[place].values() for word in row.split()}
    return "|".join(_word(word) for word in _longest_first(words))


def _word(word: str) -> str:
    """Chinese and Thai stand without blanks between words."""
    unparted = is_han(word[0]) or "\u0e00" <= word[0] <= "\u0e7f"
    return re.escape(word) if unparted else rf"(?<!\w){re.escape(word)}(?!\w)"


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))
