"""Concepts of the field and the words for them in every language: a question and a passage share the concept."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import snowballstemmer

from retrieval.languages import to_simplified, without_marks
from retrieval.text import is_han

COLUMNS = ("vi", "zh", "en", "id", "ms", "th", "tl")
_SIGN = re.compile(r"[\u0e00-\u0e7f]+|[\u3400-\u9fff]|\d+|[^\W\d_]+")
_LONGEST_NAME = 8
"""Tokens of the longest name that is looked for."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One row: an id, and its names by language."""

    id: str
    names: dict[str, tuple[str, ...]]


class Glossary:
    """Finds concepts in a text, whatever language it is in."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self._by_tokens: dict[tuple[str, ...], set[str]] = {}
        for concept in concepts:
            for language, names in concept.names.items():
                for name in names:
                    for tokens in _spellings(name, language):
                        self._by_tokens.setdefault(tokens, set()).add(concept.id)

    def concepts(self, text: str) -> list[str]:
        """The ids of the concepts named in the text, longest names first at each place, one id for each naming."""
        tokens = list(_tokens(text))
        found: list[str] = []
        i = 0
        while i < len(tokens):
            length, ids = self._longest_at(tokens, i)
            found += sorted(ids)
            i += max(1, length)
        return found

    def _longest_at(self, tokens: list[str], i: int) -> tuple[int, set[str]]:
        for length in range(min(_LONGEST_NAME, len(tokens) - i), 0, -1):
            ids = self._by_tokens.get(tuple(tokens[i : i + length]))
            if ids:
                return length, ids
        return 0, set()


def read_glossary(text: str, source: str) -> Iterator[Concept]:
    """The rows of a glossary file: a header that names its columns, then one concept a line, names parted by |."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    header = lines[0].split("\t")
    for number, line in enumerate(lines[1:], start=1):
        cells = dict(zip(header, line.split("\t"), strict=False))
        names = {
            language: tuple(name.strip() for name in cells.get(language, "").split("|") if name.strip())
            for language in COLUMNS
        }
        yield Concept(f"{source}{number}", names)


def _spellings(name: str, language: str) -> set[tuple[str, ...]]:
    """The name as its tokens; a Vietnamese one of several syllables also without its marks."""
    spelled = {tuple(_tokens(name))}
    if language == "vi" and len(name.split()) > 1:
        spelled.add(tuple(_tokens(without_marks(name))))
    return {tokens for tokens in spelled if tokens}


def _tokens(text: str) -> Iterator[str]:
    """Characters in Chinese, words elsewhere, English ones by their stem."""
    folded = to_simplified(unicodedata.normalize("NFKC", text)).lower()
    for token in _SIGN.findall(folded):
        yield token if is_han(token[0]) or not token.isascii() else _stem(token)


@cache
def _stem(word: str) -> str:
    stem: str = _stemmer().stemWord(word)
    return stem


@cache
def _stemmer() -> "snowballstemmer.stemmer":
    return snowballstemmer.stemmer("english")
