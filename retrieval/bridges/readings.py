"""Hán-Việt readings: the Vietnamese syllable of each Chinese character, which lets 发展 meet "phát triển".

They lie packed in a trie, each key a character and the syllable behind it.
"""

from collections.abc import Iterable
from functools import cache
from itertools import pairwise

from marisa_trie import Trie

from retrieval.tables import dictionary
from retrieval.text import is_han, tone_last


def syllables_of(text: str) -> list[list[str]]:
    """The readings of each run of Chinese characters, in lower case with the tone behind the syllable."""
    runs: list[list[str]] = [[]]
    for character in text:
        reading = _reading(character) if is_han(character) else None
        if reading is not None:
            runs[-1].append(reading)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def reading_of(word: str) -> str | None:
    """A Chinese word as Vietnamese says it, syllable by syllable; nothing where a character has no reading."""
    syllables = [_reading(character) for character in word]
    return None if None in syllables else " ".join(filter(None, syllables))


def phrases_of(syllables: list[str]) -> list[str]:
    """Two and three syllables in a row: one alone is shared by too many characters."""
    pairs = [" ".join(pair) for pair in pairwise(syllables)]
    return pairs + [" ".join(three) for three in zip(syllables, syllables[1:], syllables[2:], strict=False)]


def packed(readings: Iterable[tuple[str, str]]) -> Trie:
    """Characters and their readings, one each, as they are looked up."""
    return Trie(character + tone_last(reading.lower()) for character, reading in readings)


def _reading(character: str) -> str | None:
    found = _readings().keys(character)
    return found[0][1:] if found else None


@cache
def _readings() -> Trie:
    return dictionary("readings", Trie())
