"""The one door for text: whatever comes in from outside passes here before anything reads it."""

import re
import unicodedata
from functools import lru_cache
from itertools import accumulate

LONGEST_RUN = 512
"""pyvi and jieba need more than linear time on a run without spaces; up to here they stay fast."""

# C0 and C1 controls except tab and newline; zero-width and bidirectional controls; the byte-order mark.
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_LONG_RUN = re.compile(rf"\S{{{LONGEST_RUN}}}")


def clean(text: str) -> str:
    """The text in NFC, without lone surrogates, controls or marks that turn the writing direction."""
    encodable = text.encode("utf-8", "replace").decode("utf-8")
    with_newlines = encodable.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", with_newlines))


def shortened(text: str, longest: int) -> str:
    """As much of the text as has at most `longest` characters, also where NFKC makes 18 of one."""
    if len(unicodedata.normalize("NFKC", text)) <= longest:
        return text
    lengths = accumulate(len(unicodedata.normalize("NFKC", character)) for character in text)
    return text[: sum(1 for length in lengths if length <= longest)]


def cut_long_runs(text: str) -> str:
    """The text with a space after every `LONGEST_RUN` characters that stand without one."""
    return _LONG_RUN.sub(lambda run: run.group() + " ", text)


_TONES = "\u0300\u0309\u0303\u0301\u0323"


_LONGEST_SYLLABLE = 16
"""Characters. What is longer is none, and is not remembered: a hostile file could fill memory with it."""


def tone_last(syllable: str) -> str:
    """A Vietnamese syllable with its tone behind it, so that hoà and hòa are one."""
    return _tone_last(syllable) if len(syllable) <= _LONGEST_SYLLABLE else _tone_last.__wrapped__(syllable)


@lru_cache(maxsize=4096)  # Vietnamese has some 7,000 syllables, and a text a few hundred
def _tone_last(syllable: str) -> str:
    decomposed = unicodedata.normalize("NFD", syllable)
    tone = "".join(mark for mark in decomposed if mark in _TONES)
    return unicodedata.normalize("NFC", "".join(mark for mark in decomposed if mark not in _TONES)) + tone


_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}


_WIDE = re.compile("[\uff01-\uff5e\u3000\xa0]")


def narrow(text: str) -> str:
    """The text with full-width letters and signs as ASCII ones, one for one: positions stay."""
    return text.translate(_NARROW) if _WIDE.search(text) else text


HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
"""Chinese characters, for a class of a regular expression."""
_HAN = re.compile(f"[{HAN}]")


def is_han(character: str) -> bool:
    """Whether the character is a Chinese one."""
    return _HAN.match(character) is not None


def count_han(text: str) -> int:
    """How many of the text's characters are Chinese."""
    return len(_HAN.findall(text))


def blank_han(text: str) -> str:
    """The text with a blank in place of each Chinese character."""
    return _HAN.sub(" ", text)
