"""From text to terms: one row a language, passages and questions through the same chains.

An analyser has several fields, each a chain of steps from a text to its terms. Every field has its own BM25 and
their scores are added: a question typed without marks then still meets the passage in the field without marks.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise
from typing import Any

from retrieval.bridges.glossary import Glossary
from retrieval.bridges.readings import phrases_of, syllables_of
from retrieval.spelling import to_simplified, without_marks
from retrieval.text import HAN, blank_han, tone_last
from retrieval.tokenisers import chinese_segments, chinese_words, english_stem, vietnamese_words
from retrieval.words import words

Terms = list[str]

_TOKEN = re.compile(r"\d+(?:[.,]\d+)+|\d+|[^\W\d_]+(?:['’][^\W\d_]+)?")
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff"  # Thai, Lao, Burmese, Khmer, Kana
_UNSPACED_RUN = re.compile(f"[{HAN}{_UNSPACED}]+")
_VOWEL_WITH_TONE = re.compile("[àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]")


@dataclass(frozen=True, slots=True)
class Field:
    """One way to see a text: a name, the chain that finds its terms, and what its score weighs in the sum."""

    name: str
    terms: Callable[[str], Terms]
    weight: float = 1.0
    asked: Callable[[str], Terms] | None = None
    """The chain for questions, where it differs."""

    def asked_terms(self, text: str) -> Terms:
        """The terms of a question."""
        return (self.asked or self.terms)(text)


@dataclass(frozen=True, slots=True)
class Analyser:
    """How texts of one language become terms."""

    language: str
    own: tuple[Field, ...]
    """For questions in the language itself."""
    evidence: str
    """The own field in which coverage is measured: the one whose terms survive every spelling."""
    shared: tuple[Field, ...]
    """For questions in any language: what a text has in common with its translation, beside its concepts."""


def analyser_for(language: str) -> Analyser:
    """The analyser of a document's language; languages without a row of their own share a plain one."""
    return _analysers().get(language, _analysers()["und"])


@cache
def _analysers() -> dict[str, Analyser]:
    names = Field("names", chain(normalise, names_in), asked=chain(normalise, lower_text, latin_tokens))
    sounds = Field("sounds", chain(normalise, to_simplified, lower_text, sound_phrases))
    rows = (
        Analyser(
            "vi",
            own=(
                Field("words", chain(normalise, vietnamese_words, lower, only_words, without(words("vi")))),
                Field("syllables", chain(normalise, lower_text, tokens, one_tone_placement)),
                Field(
                    "plain",
                    chain(normalise, lower_text, without_marks, tokens, without(words("vi_plain")), and_bigrams),
                ),
            ),
            evidence="plain",
            shared=(names, sounds),
        ),
        Analyser(
            "zh",
            own=(
                Field(
                    "words",
                    chain(normalise, to_simplified, lower_text, chinese_words, only_words, without(words("zh"))),
                ),
                Field(
                    "characters",
                    chain(normalise, to_simplified, lower_text, without_chinese_function_words, character_ngrams),
                ),
            ),
            evidence="characters",
            shared=(names, sounds),
        ),
        Analyser(
            "en",
            own=(
                Field("stems", chain(normalise, lower_text, tokens, without(words("en")), english_stems)),
                Field(
                    "grams", chain(normalise, lower_text, tokens, without(words("en")), english_stems, fourgrams), 0.3
                ),
            ),
            evidence="stems",
            shared=(names,),
        ),
        Analyser(
            "und",
            own=(Field("words", chain(normalise, lower_text, character_ngrams, without(_other_stop_words()))),),
            evidence="words",
            shared=(names,),
        ),
    )
    return {row.language: row for row in rows}


def concept_field(glossary: Glossary) -> Field:
    """The concepts that a glossary finds in a text of any language."""
    return Field("concepts", glossary.every_concept)


def chain(*steps: Callable[[Any], Any]) -> Callable[[str], Terms]:
    """The steps one after another, from a text to its terms; it can be pickled where they can."""
    return partial(_through, steps)


def _through(steps: Sequence[Callable[[Any], Any]], text: str) -> Terms:
    value: Any = text
    for step in steps:
        value = step(value)
    return value  # type: ignore[no-any-return]


def normalise(text: str) -> str:
    """NFKC: full-width letters and digits as ordinary ones, marks and letters composed."""
    return unicodedata.normalize("NFKC", text)


def lower_text(text: str) -> str:
    """Lower case."""
    return text.lower()


def lower(terms: Iterable[str]) -> Terms:
    """Lower case, after a tokeniser that needs the capitals to see names."""
    return [term.lower() for term in terms]


def tokens(text: str) -> Terms:
    """Runs of letters, and numbers without leading zeros: the 8 of "30/08" is the 8 of "30/8"."""
    return [_number(token) for token in _TOKEN.findall(text)]


def only_words(terms: Iterable[str]) -> Terms:
    """Terms that hold a letter or a digit, dates cut into their numbers."""
    found: Terms = []
    for term in terms:
        found += [_number(part) for part in re.findall(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:_[^\W\d_]+)*", term)]
    return found


def without(stop_words: frozenset[str]) -> Callable[[Sequence[str]], Terms]:
    """A step that drops function words and question words, also where they are several terms in a row."""
    phrases = {tuple(word.split("_")) for word in stop_words if "_" in word}
    return partial(_without, stop_words, phrases, max(map(len, phrases), default=0))


def _without(stop_words: frozenset[str], phrases: set[tuple[str, ...]], longest: int, terms: Sequence[str]) -> Terms:
    kept, i = [], 0
    while i < len(terms):
        length = next((n for n in range(longest, 1, -1) if tuple(terms[i : i + n]) in phrases), 0)
        if not length and terms[i] not in stop_words:
            kept.append(terms[i])
        i += length or 1
    return kept


def and_bigrams(terms: Sequence[str]) -> Terms:
    """The terms, and each pair of neighbours: syllables without marks say little alone."""
    return [*terms, *(f"{one} {other}" for one, other in pairwise(terms))]


def without_chinese_function_words(text: str) -> str:
    """Chinese text with a blank in place of function words, so that no bigram spans one."""
    return "".join(" " if segment in words("zh") else segment for segment in chinese_segments(text))


def names_in(text: str) -> Terms:
    """Capitalised words and numbers in Latin letters without marks: what translations leave as it is."""
    return [_number(token.lower()) for token in _latin(text) if token[0].isupper() or token[0].isdigit()]


def latin_tokens(text: str) -> Terms:
    """Every token in Latin letters without marks: a question's names may come without capitals."""
    return [_number(token) for token in _latin(text)]


def _latin(text: str) -> Terms:
    """Words without marks; those glued to Chinese or Thai are words too."""
    return [token for token in _TOKEN.findall(_UNSPACED_RUN.sub(" ", text)) if token.isascii()]


def sound_phrases(text: str) -> Terms:
    """Two and three syllables in a row as Vietnamese says them, of Chinese characters by their readings."""
    latin = one_tone_placement(tokens(blank_han(text)))
    return [*(phrase for run in syllables_of(text) for phrase in phrases_of(run)), *phrases_of(latin)]


def fourgrams(terms: Iterable[str]) -> Terms:
    """Four letters in a row, the word's ends marked: a typing error leaves most of them whole."""
    marked = [f"<{term}>" for term in terms]
    return [term[i : i + 4] for term in marked for i in range(max(1, len(term) - 3))]


def one_tone_placement(syllables: Iterable[str]) -> Terms:
    """Vietnamese syllables with the tone behind them, so that hoà and hòa are one term."""
    return [tone_last(syllable) if _VOWEL_WITH_TONE.search(syllable) else syllable for syllable in syllables]


def character_ngrams(text: str) -> Terms:
    """Characters and their bigrams in scripts without spaces; tokens elsewhere."""
    found: Terms = []
    for run in _UNSPACED_RUN.findall(text):
        found += [*run, *map("".join, pairwise(run))]
    return found + tokens(_UNSPACED_RUN.sub(" ", text))


def english_stems(terms: Iterable[str]) -> Terms:
    """Snowball's stems of English words, a possessive 's dropped."""
    return [english_stem(re.sub("['’]s$", "", term)) for term in terms]


def _number(token: str) -> str:
    return token.lstrip("0") or "0" if token.isdecimal() else token


def _other_stop_words() -> frozenset[str]:
    return words("id") | words("ms") | words("tl") | words("en")
