"""Words of Vietnamese and Chinese and stems of English ones by the libraries made for them."""

import tempfile
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

import snowballstemmer

from retrieval.text import LONGEST_RUN, cut_long_runs

_LONGEST_WORD = 64


def vietnamese_words(text: str) -> list[str]:
    """Words by pyvi, the syllables of one word joined by an underscore."""
    tagged: str = _pyvi()(cut_long_runs(text.replace("_", " ")))
    return tagged.split()


def chinese_words(text: str) -> list[str]:
    """Words by jieba as a search engine needs them: each long word, and the shorter ones in it."""
    return list(_jieba().lcut_for_search(cut_long_runs(text)))


def chinese_segments(text: str) -> list[str]:
    """The text cut into words by jieba, nothing left out and nothing twice; long runs are cut first."""
    pieces = [text[start : start + LONGEST_RUN] for start in range(0, len(text), LONGEST_RUN)]
    return [word for piece in pieces for word in _jieba().lcut(piece)]


@lru_cache(maxsize=1 << 15)
def english_stem(word: str) -> str:
    """Snowball's stem of an English word; what is too long to be one is its own."""
    if len(word) > _LONGEST_WORD:
        return word
    # A stemmer of its own: one keeps the word it is at work on, and questions are answered side by side.
    stem: str = snowballstemmer.stemmer("english").stemWord(word)
    return stem


@cache
def _pyvi() -> Callable[[str], str]:
    from pyvi import ViTokenizer  # 3 s to import, nearly all of it scikit-learn

    return ViTokenizer.tokenize  # type: ignore[no-any-return]


@cache
def _jieba() -> Any:
    import jieba

    jieba.setLogLevel("WARNING")
    # jieba would read its cache from a name that anyone on the machine can foresee; a folder of ours, gone at once.
    with tempfile.TemporaryDirectory() as private:
        jieba.dt.tmp_dir = private
        jieba.dt.initialize()
    return jieba.dt
