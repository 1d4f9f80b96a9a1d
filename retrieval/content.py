"""The words of a question that carry its meaning: what is left between function words and question words."""

import re
from collections.abc import Sequence
from functools import lru_cache

from retrieval.records import Question
from retrieval.spelling import is_unmarked, to_simplified
from retrieval.text import count_han, is_han
from retrieval.tokenisers import chinese_segments
from retrieval.words import words

# The possessive "'s" is no word of its own.
_LATIN_WORD = re.compile(r"\d+(?:[.,]\d+)*|(?!(?<=['’])s\b)[^\W\d_\u0e00-\u0e7f\u3400-\u9fff]+", re.IGNORECASE)
_TOKEN = re.compile(r"\d+(?:[.,:/-]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")


@lru_cache(maxsize=64)
def content_runs(question: Question) -> tuple[str, ...]:
    """The stretches of the question between function words of its language, in order.

    What stands on both sides of a function word is no phrase, so it comes in two stretches.
    """
    if question.language.startswith("zh"):
        return tuple(_chinese_runs(to_simplified(question.text)))
    return tuple(_spaced_runs(question.text, _function_words(question)))


def word_count(runs: Sequence[str]) -> float:
    """About how many words the runs have: two characters make a Chinese one, five a Thai one."""
    text = " ".join(runs)
    han, thai = count_han(text), sum("\u0e00" <= character <= "\u0e7f" for character in text)
    return len(_LATIN_WORD.findall(text)) + han / 2 + thai / 5


def _function_words(question: Question) -> frozenset[str]:
    if question.language == "vi" and is_unmarked(question.text):
        return words("vi_plain")
    return frozenset() if question.language in ("und", "th") else words(question.language)


def _chinese_runs(text: str) -> list[str]:
    runs = [""]
    for segment in chinese_segments(text):
        if segment in words("zh") or not any(map(str.isalnum, segment)):
            runs.append("")
        else:
            runs[-1] += _parted(runs[-1], segment)
    return [run for run in runs if run]


def _parted(run: str, segment: str) -> str:
    """The segment, with a blank before it where two Latin words meet."""
    return f" {segment}" if run and not is_han(run[-1]) and not is_han(segment[0]) else segment


def _spaced_runs(text: str, function_words: frozenset[str]) -> list[str]:
    tokens = list(_TOKEN.finditer(text))
    spelled = [token.group().lower() for token in tokens]
    runs: list[tuple[int, int]] = []
    i, open_run = 0, False
    while i < len(tokens):
        length = _function_word_at(spelled, i, function_words)
        if length:
            i, open_run = i + length, False
            continue
        start = runs.pop()[0] if open_run else tokens[i].start()
        runs.append((start, tokens[i].end()))
        i, open_run = i + 1, True
    return [text[start:end] for start, end in runs]


def _function_word_at(spelled: list[str], i: int, function_words: frozenset[str]) -> int:
    """How many tokens from `i` on are one function word, the longest first; 0 where none is."""
    return next(
        (n for n in (4, 3, 2, 1) if "_".join(spelled[i : i + n]) in function_words and i + n <= len(spelled)), 0
    )
