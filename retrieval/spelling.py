"""How else a text may be spelled: in which Chinese script, and without marks."""

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from retrieval.text import is_han

if TYPE_CHECKING:
    from opencc import OpenCC


def is_traditional(text: str) -> bool:
    """Whether Chinese text is written in Traditional script: more of its characters stand in Hong Kong's character set
    alone than in the mainland's alone.

    Of XQuAD's questions, written as Taiwan and Hong Kong write, 2 of 1,551 are taken for Simplified; OpenCC's own
    phrases, which take 26 MiB, mistake 9 and 11. Of those in OpenCC's general Traditional: 4, and none. A rare
    character of a name, such as 喆, decides where no other tells.
    """
    han = "".join(filter(is_han, text))
    return len(han.encode("big5hkscs", "ignore")) > len(han.encode("gb2312", "ignore"))


def to_simplified(text: str) -> str:
    """Chinese text in Simplified script; anything else as it is."""
    if max(text, default="") < _FIRST_CHINESE:
        return text
    converted: str = _to_simplified().convert(text)
    return converted


_FIRST_CHINESE = "\u2e80"
"""Nothing before it is written otherwise in Simplified script."""


@cache
def _to_simplified() -> "OpenCC":
    from opencc import OpenCC  # the bot itself meets Chinese long after its start, if ever

    return OpenCC("t2s")


def is_unmarked(text: str) -> bool:
    """Whether no letter of the text has a mark."""
    return text == without_marks(text)


def without_marks(text: str) -> str:
    """Text without the marks on its letters, đ as d: what people type on a phone in a hurry."""
    decomposed = unicodedata.normalize("NFD", text)
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return unicodedata.normalize("NFC", bare.replace("đ", "d").replace("Đ", "D"))
