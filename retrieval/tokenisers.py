"""Words of Vietnamese and Chinese and stems of English ones by the libraries made for them."""

import re
from functools import cache, lru_cache
from typing import Any

from Stemmer import Stemmer

from retrieval import chinese, vietnamese
from retrieval.text import LONGEST_RUN, cut_long_runs

_RUN = re.compile(rf"\S{{1,{LONGEST_RUN}}}|\s")
_LONGEST_WORD = 64


def vietnamese_words(text: str) -> list[str]:
    """Words by pyvi, the syllables of one word joined by an underscore."""
    return vietnamese.tokenise(cut_long_runs(text.replace("_", " "))).split()


def chinese_words(text: str) -> list[str]:
    """Words by jieba as a search engine needs them: each long word, and the shorter ones in it."""
    return [part for word in chinese_segments(text) for part in (*_shorter_words(word), word)]


def chinese_segments(text: str) -> list[str]:
    """The text cut into words by jieba, nothing left out and nothing twice; long runs are cut first."""
    return [word for run in _RUN.findall(text) for word in _segments(run)]


@lru_cache(maxsize=256)
def _segments(run: str) -> tuple[str, ...]:
    """The words of a run without blanks; several readings of one question ask for the same."""
    return tuple(chinese.segments(run))


def _shorter_words(word: str) -> list[str]:
    """The words of two and three characters in a longer one that jieba knows, as its own search mode finds them."""
    parts = [word[i : i + n] for n in (2, 3) if len(word) > n for i in range(len(word) - n + 1)]
    return [part for part in parts if chinese.is_word(part)]


@lru_cache(maxsize=1 << 15)
def english_stem(word: str) -> str:
    """Snowball's stem of an English word; what is too long to be one is its own."""
    if len(word) > _LONGEST_WORD:
        return word
    stem: str = _stemmer().stemWord(word)
    return stem


@cache
def _stemmer() -> Any:
    # Without a cache. It keeps the word it is at work on, but no other thread comes in before it is done.
    return Stemmer("english", 0)
