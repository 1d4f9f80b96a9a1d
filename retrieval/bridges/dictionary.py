"""CC-CEDICT: what an English word is in the terms of a corpus.

A Vietnamese corpus is reached by way of Chinese: the translation's Hán-Việt reading, where the corpus has it.
Its pairs of an English phrase and a Chinese word lie packed in a trie, which is read where it lies on the disk and
which every process of the machine shares.
"""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from marisa_trie import Trie

from retrieval.bridges.readings import reading_of
from retrieval.tables import dictionary

LONGEST_PHRASE = 3
"""Words of a gloss; a longer one explains and does not translate."""
_BETWEEN = "\t"

Stems = tuple[str, ...]
"""Of an English word or phrase."""


_Terms = TypeVar("_Terms", bound=Container[str])


@dataclass(frozen=True, slots=True)
class Dictionary(Generic[_Terms]):
    """Translates English into terms of a corpus."""

    terms: _Terms
    term_of: Callable[[str], str | None]
    """Makes a term of a Chinese word; nothing where there is none."""

    def translations(self, phrase: Stems) -> tuple[str, ...]:
        """The terms that translate a phrase and that the corpus has, each once."""
        words = (key.partition(_BETWEEN)[2] for key in _pairs().keys(_key(phrase, "")))
        terms = dict.fromkeys(self.term_of(word) for word in words)
        return tuple(term for term in terms if term is not None and term in self.terms)


def as_written(word: str) -> str | None:
    """A Chinese word as the term that it is in a Chinese corpus."""
    return word


def as_spoken(word: str) -> str | None:
    """A Chinese word as the Vietnamese phrase that reads as it does: one syllable is shared by too many characters."""
    return reading_of(word) if 2 <= len(word) <= 3 else None


def packed(pairs: Iterable[tuple[Stems, str]]) -> Trie:
    """English phrases, each with a Chinese word that translates it, as a dictionary looks them up."""
    return Trie(_key(phrase, word) for phrase, word in pairs)


def _key(phrase: Stems, word: str) -> str:
    return f"{' '.join(phrase)}{_BETWEEN}{word}"


@cache
def _pairs() -> Trie:
    return dictionary("cedict", Trie())
