"""Concepts of the field and the words for them in every language: a question and a passage share the concept."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain

from marisa_trie import Trie

from retrieval.spelling import to_simplified, without_marks
from retrieval.tokenisers import english_stem
from retrieval.words import words

ASKING = "question"
"""The kind of rows that name ways to ask; they tell nothing of what is asked about."""
PLACES = frozenset({"city", "capital", "country"})
"""The kinds of rows that name places."""
_LONGEST_NAME = 120
"""Characters. A longer name is a sentence, and looking for it at every word takes its time."""
COLUMNS = ("vi", "zh", "en", "id", "ms", "th", "tl")
# Chinese and Thai are written without blanks: there every character is a token.
_UNSPACED = "\u0e00-\u0e7f\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_SIGN = re.compile(rf"[{_UNSPACED}]|\d+|[^\W\d_{_UNSPACED}]+")

_END = "\t"
"""Stands behind every token of a name, so that no name is the beginning of another's last word."""
_NOTHING = frozenset[str]()
_POSSESSIVE = re.compile(r"['’]s\b")


@dataclass(frozen=True, slots=True)
class Concept:
    """One row: an id, and its names by language."""

    id: str
    names: dict[str, tuple[str, ...]]
    is_place: bool = False


@dataclass(frozen=True, slots=True)
class Naming:
    """Words of a text that name something."""

    written: str
    """The words, folded."""
    ids: frozenset[str]
    """The concepts they are a name of: "Vietnam" is one in the glossary, a country and part of a region in CLDR. They
    count as one, for it is one thing that was asked about."""


@dataclass(frozen=True, slots=True)
class _Sign:
    """A token, and where in the folded text it stands."""

    token: str
    written: str
    """As it was written; nothing where all of the text is in capitals, for then they tell nothing."""
    start: int
    end: int


class Glossary:
    """Finds concepts in a text, whatever language it is in."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        by_name: dict[str, set[str]] = {}
        self._places: set[str] = set()
        for concept in concepts:
            if concept.is_place:
                self._places.add(concept.id)
            for language, names in concept.names.items():
                for name in names:
                    for tokens in _spellings(name, language):
                        key = _joined((name,) if _in_capitals(name) else tokens)
                        by_name.setdefault(key, set()).add(concept.id)
        self._names = Trie(by_name)
        self._longest = max(map(len, by_name), default=0)
        once: dict[frozenset[str], frozenset[str]] = {}  # most names of a concept name it alone
        self._ids = [once.setdefault(ids := frozenset(by_name[name]), ids) for name in self._in_order()]

    def _in_order(self) -> Iterator[str]:
        """The names, each at the place of its number in the trie."""
        return map(self._names.restore_key, range(len(self._names)))

    def is_place(self, ids: frozenset[str]) -> bool:
        """Whether one of the concepts is a place."""
        return not ids.isdisjoint(self._places)

    def concepts(self, text: str) -> list[str]:
        """The ids of the concepts that the text names, the longest name at each place."""
        return [identity for naming in self.named(text)[0] for identity in sorted(naming.ids)]

    def named(self, text: str) -> tuple[list[Naming], str]:
        """What the text names, the longest name at each place, and the text, folded, with blanks in their stead.

        A possessive "'s" goes with its name.
        """
        folded = _folded(text)
        namings, rest = [], folded
        for (start, end), ids in self._named(_signs(folded)):
            namings.append(Naming(folded[start:end], ids))
            behind = _POSSESSIVE.match(folded, end)
            end = behind.end() if behind else end
            rest = rest[:start] + " " * (end - start) + rest[end:]
        return namings, rest

    def every_concept(self, text: str) -> list[str]:
        """The ids of all concepts named in the text, also those inside longer names: a passage on the Phnom Penh
        Declaration is one on Phnom Penh too."""
        found = chain.from_iterable(self._names_in(_signs(_folded(text))))
        return [identity for _, ids in found for identity in sorted(ids)]

    def _named(self, signs: list[_Sign]) -> Iterator[tuple[tuple[int, int], frozenset[str]]]:
        until = 0
        for start, names in enumerate(self._names_in(signs)):
            if start >= until and names:
                length, ids = names[-1]
                until = start + length
                yield (signs[start].start, signs[until - 1].end), ids

    def _names_in(self, signs: list[_Sign]) -> Iterator[list[tuple[int, frozenset[str]]]]:
        """For each sign the names that begin with it, the shortest first: of how many signs, and the concepts named."""
        text, start = _joined(sign.token for sign in signs), 0
        for sign in signs:
            names = self._names.prefixes(text[start : start + self._longest])
            found = [(name.count(_END), self._of(name)) for name in names]
            capitals = self._of(_joined([sign.written])) if sign.written.isupper() else _NOTHING
            if capitals:
                alone = found.pop(0)[1] if found and found[0][0] == 1 else _NOTHING
                found.insert(0, (1, alone | capitals))
            yield found
            start += len(sign.token) + len(_END)

    def _of(self, name: str) -> frozenset[str]:
        """The concepts of a name, its tokens joined."""
        number = self._names.get(name)
        return _NOTHING if number is None else self._ids[number]


def _joined(tokens: Iterable[str]) -> str:
    return "".join(f"{token}{_END}" for token in tokens)


class GlossaryError(ValueError):
    """Raised when a glossary file cannot be used; the message tells the mend."""


def odd_rows(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a glossary file, by number, that can be read and do less than they seem to; and what is odd, with
    the mend behind a semicolon."""
    lines = [
        (number, line)
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.startswith("#")
    ]
    columns = lines[0][1].split("\t") if lines else []
    for number, line in lines[1:]:
        cells = [cell.strip() for cell in line.split("\t")]
        if len(columns) > 1 and len(cells) == 1 and " " in cells[0]:
            yield number, "has no tab; part its cells with tabs, not with blanks"
        elif any(cells[len(columns) :]):
            yield number, f"has more cells than the {len(columns)} columns of the first line; name them there"
        elif (
            sum(len(cell.split("|")) for column, cell in zip(columns, cells, strict=False) if _is_name(column, cell))
            < 2
        ):
            yield (
                number,
                "has a single name, which leads to no other; add what other languages call it, or its synonyms",
            )


def _is_name(column: str, cell: str) -> bool:
    return bool(cell) and column.strip().lower() in COLUMNS


def read_glossary(text: str, source: str) -> Iterator[Concept]:
    """The rows of a glossary file: a header that names its columns, then one concept a line, names parted by |.

    Raises GlossaryError where the header names a column that no glossary has, or there is none.
    """
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    header = [name.strip().lower() for name in lines[0].split("\t")] if lines else []
    unknown = [name for name in header if name and name not in (*COLUMNS, "kind")]
    if unknown or not header:
        raise GlossaryError(
            f"needs a first line that names its columns, with tabs between: kind, {', '.join(COLUMNS)}"
            + (f"; {unknown[0]!r} is none of them" if unknown else "")
        )
    for number, line in enumerate(lines[1:], start=1):
        cells = dict(zip(header, line.split("\t"), strict=False))
        kind = cells.get("kind", "").strip().lower()
        if kind == ASKING:
            continue
        names = {
            language: tuple(name.strip() for name in cells.get(language, "").split("|") if name.strip())
            for language in COLUMNS
        }
        too_long = next((name for of in names.values() for name in of if len(name) > _LONGEST_NAME), None)
        if too_long:
            raise GlossaryError(f"has a name of more than {_LONGEST_NAME} characters, {too_long[:20]}…; shorten it")
        yield Concept(f"{source}{number}", names, kind in PLACES)


def _spellings(name: str, language: str) -> set[tuple[str, ...]]:
    """The name as its tokens; a Vietnamese one of several syllables also without its marks."""
    names = [name, without_marks(name)] if language == "vi" and len(name.split()) > 1 else [name]
    spelled = {tuple(map(_token, _SIGN.findall(_folded(written)))) for written in names}
    return {tokens for tokens in spelled if tokens}


def _signs(folded: str) -> list[_Sign]:
    """Characters in Chinese and Thai, words elsewhere, English ones by their stem."""
    telling = any(map(str.islower, folded))
    return [
        _Sign(_token(found.group()), found.group() if telling else "", found.start(), found.end())
        for found in _SIGN.finditer(folded)
    ]


def _folded(text: str) -> str:
    return to_simplified(unicodedata.normalize("NFKC", text))


def _token(sign: str) -> str:
    lower = sign.lower()
    return english_stem(lower) if lower.isascii() else lower


def _in_capitals(name: str) -> bool:
    """Whether a name counts in capitals alone: an abbreviation spelled as a common word is, for "who" names no
    organisation and "us" no country."""
    return name.isupper() and name.isascii() and name.lower() in _function_words()


@cache
def _function_words() -> frozenset[str]:
    return frozenset[str]().union(*map(words, COLUMNS[:1] + COLUMNS[2:5] + COLUMNS[6:]))
