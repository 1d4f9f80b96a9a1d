"""What two spellings of the same words have in common."""

import unicodedata

from retrieval.spelling import to_simplified, without_marks
from retrieval.text import clean

_SIGNS = "PSZC"
"""Categories of punctuation, symbols, blanks and controls; their first letters in Unicode."""


def folded(text: str) -> str:
    """The words of a text in small letters without marks, Chinese in Simplified script, one blank between them."""
    bare = without_marks(to_simplified(unicodedata.normalize("NFKC", clean(text))).casefold())
    return " ".join("".join(" " if unicodedata.category(sign)[0] in _SIGNS else sign for sign in bare).split())
