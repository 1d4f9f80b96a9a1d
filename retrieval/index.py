"""Every way to score the passages of one language, added up: BM25 field by field on rank-bm25, and meaning."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from retrieval.analysers import Analyser, Field, analyser_for
from retrieval.bridges.concepts import default_glossary
from retrieval.bridges.dictionary import Dictionary, chinese_dictionary, vietnamese_dictionary
from retrieval.bridges.meaning import MeaningIndex, Vectors
from retrieval.content import content_runs, word_count
from retrieval.records import Hit, Passage, Question, TermShare

MOST_TERMS = 64
"""Terms of a question that are looked up in a field; what is beyond cannot make a question slow."""
MOST_HITS = 50
LEXICAL_WEIGHT = 0.15
"""What a point of BM25 weighs beside a standard deviation of nearness in meaning.

Chosen on the first half of XQuAD's development questions among .05, .1 and .15 and other ways to scale; the second
half agreed: `make ablation` shows both.
"""


class LuceneBM25(BM25Okapi):  # type: ignore[misc]
    """rank-bm25's Okapi with an idf that stays positive.

    rank-bm25 floors the idf of common terms at a quarter of the mean, which in a small corpus is more than the
    idf of good ones: 的 outweighed 平阳. Here idf = ln(1 + (N - df + 0.5) / (df + 0.5)), as in Lucene; k1 and b
    are Lucene's defaults, and other usual values change R@1 on XQuAD by less than 0.01.
    """

    def __init__(self, corpus: Sequence[Sequence[str]]) -> None:
        super().__init__(corpus, k1=1.2, b=0.75)

    def _calc_idf(self, nd: Mapping[str, int]) -> None:
        for term, frequency in nd.items():
            self.idf[term] = inverse_frequency(self.corpus_size, frequency)


def inverse_frequency(passages: int, frequency: int) -> float:
    """Lucene's idf of a term that stands in `frequency` of `passages`."""
    return math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))


class FieldIndex:
    """The postings and BM25 of one field."""

    def __init__(self, field: Field, texts: Sequence[str]) -> None:
        terms = [field.terms(text) for text in texts]
        self.field = field
        self._passages = len(texts)
        self._postings: dict[str, list[int]] = defaultdict(list)
        for number, found in enumerate(terms):
            for term in dict.fromkeys(found):
                self._postings[term].append(number)
        # rank-bm25 divides by the mean length, which is nothing where no text has a term.
        self._bm25 = LuceneBM25(terms) if self._postings else None

    def __contains__(self, term: str) -> bool:
        return term in self._postings

    def idf(self, *alternatives: str) -> float:
        """The idf of a term, or of several that mean one thing; that of one seen nowhere is the highest there is."""
        return inverse_frequency(self._passages, len(self._numbers(alternatives)))

    def scores(self, *alternatives: str) -> dict[int, float]:
        """What a term adds to each passage that has it; several that mean one thing share one tf and one df.

        That is Pirkola's way with translations: a word with ten of them then weighs no more than one with one.
        """
        numbers = self._numbers(alternatives)
        if not numbers or self._bm25 is None:
            return {}
        bm25, idf = self._bm25, self.idf(*alternatives)
        scores = {}
        for number in numbers:
            frequency = sum(bm25.doc_freqs[number].get(term, 0) for term in alternatives)
            norm = bm25.k1 * (1 - bm25.b + bm25.b * bm25.doc_len[number] / bm25.avgdl)
            scores[number] = self.field.weight * idf * frequency * (bm25.k1 + 1) / (frequency + norm)
        return scores

    def rarest(self, terms: Sequence[str]) -> list[str]:
        """The terms that stand in some passage; of many, the `MOST_TERMS` that stand in the fewest."""
        known = [term for term in terms if term in self._postings]
        return sorted(known, key=lambda term: len(self._postings[term]))[:MOST_TERMS]

    def has(self, term: str, number: int) -> bool:
        """Whether the passage has the term."""
        return number in self._postings.get(term, ())

    def _numbers(self, terms: Sequence[str]) -> Sequence[int]:
        if len(terms) == 1:
            return self._postings.get(terms[0], ())
        return sorted({number for term in terms for number in self._postings.get(term, ())})


@dataclass(frozen=True, slots=True)
class TermGroup:
    """Terms of one field that mean one thing, under the name they are shown by."""

    index: FieldIndex
    shown: str
    terms: tuple[str, ...]

    def shares(self) -> dict[int, TermShare]:
        """What the group adds to each passage that has it."""
        idf, field = self.index.idf(*self.terms), self.index.field.name
        scores = self.index.scores(*self.terms)
        return {number: TermShare(field, self.shown, idf, score) for number, score in scores.items()}


Coverage = Callable[[int], float]
"""The share of a question, 0 to 1, that the passage of a number covers."""


class PassageIndex:
    """The passages of one language, searchable in any language."""

    def __init__(self, language: str, passages: Sequence[Passage], meaning: MeaningIndex | None = None) -> None:
        self.language = language
        self.analyser: Analyser = analyser_for(language)
        self._passages = passages
        self._meaning = meaning
        texts = [passage.text for passage in passages]
        self._own = [FieldIndex(field, texts) for field in self.analyser.own]
        self._shared = [FieldIndex(field, texts) for field in self.analyser.shared]
        self._evidence = next(index for index in self._own if index.field.name == self.analyser.evidence)
        self._dictionary = self._english_dictionary()

    def search(self, question: Question, vector: Vectors | None = None) -> list[Hit]:
        """The passages that share a term with the question or are near it in meaning, the best first.

        `vector` is the centred question where there is an encoder. Equals keep the corpus's order. A question
        of function words alone asks for nothing and finds nothing, however near it is to something.
        """
        if not content_runs(question):
            return []
        groups = self.groups(question)
        shares: dict[int, list[TermShare]] = defaultdict(list)
        for group in groups:
            for number, share in group.shares().items():
                shares[number].append(share)
        coverage = self._coverage(question, groups)
        lexical = np.zeros(len(self._passages))
        for number, found in shares.items():
            lexical[number] = sum(share.score for share in found)
        near = self._meaning.nearness(vector) if self._meaning is not None and vector is not None else None
        meaning = lexical * 0 if near is None else _standardised(near)
        scores = lexical if near is None else meaning + LEXICAL_WEIGHT * lexical
        candidates = [
            int(i) for i in np.argsort(-scores, kind="stable")[:MOST_HITS] if near is not None or lexical[i] > 0
        ]
        return [
            Hit(
                passage=self._passages[number],
                score=float(scores[number]),
                coverage=coverage(number),
                nearness=None if near is None else float(near[number]),
                meaning=float(meaning[number]),
                shares=tuple(sorted(shares.get(number, ()), key=lambda share: -share.score)),
            )
            for number in candidates
        ]

    def speaks(self, question: Question) -> bool:
        """Whether the question is in the passages' language, or in none that we know."""
        return question.document_language in (self.language, "und")

    def idf(self, field: str, term: str) -> float:
        """The idf of a term of one of the analyser's fields."""
        return next(index for index in (*self._own, *self._shared) if index.field.name == field).idf(term)

    def groups(self, question: Question) -> list["TermGroup"]:
        """What is looked for: the question's terms in each field, and where it is foreign what translates them."""
        if self.speaks(question):
            concepts = [index for index in self._shared if index.field.name == "concepts"]
            return [group for index in (*self._own, *concepts) for group in _looked_up(index, [question.text])]
        runs = content_runs(question)
        groups = []
        for index in self._shared:
            # A concept's name may hold function words: the whole question is read for it.
            groups += _looked_up(index, [question.text] if index.field.name == "concepts" else runs)
        if question.language == "en" and self._dictionary:
            translated = _translated(runs, self._dictionary)[:MOST_TERMS]
            groups += [TermGroup(self._dictionary_field(), shown, terms) for shown, terms in translated]
        return groups

    def _coverage(self, question: Question, groups: Sequence["TermGroup"]) -> "Coverage":
        runs = content_runs(question)
        return self._own_coverage(runs) if self.speaks(question) else self._shared_coverage(question, runs, groups)

    def _own_coverage(self, runs: Sequence[str]) -> Coverage:
        """Coverage by the terms of the evidence field, each by its idf; unknown ones count in full."""
        index = self._evidence
        weights = {term: index.idf(term) for term in _distinct(index.field, runs)}
        total = sum(weights.values()) or 1.0
        return lambda number: sum(weight for term, weight in weights.items() if index.has(term, number)) / total

    def _shared_coverage(self, question: Question, runs: Sequence[str], groups: Sequence["TermGroup"]) -> "Coverage":
        """Coverage by what was met over the language's border, of as much as the question has words.

        A word that the glossary knows counts by its concept alone, not again as a name or by its sound.
        """
        rest = Question(default_glossary().rest(question.text), question.language)
        unnamed = {(group.index.field.name, group.shown) for group in self.groups(rest)}
        weights: dict[int, float] = defaultdict(float)
        for group in groups:
            if group.index.field.name == "concepts" or (group.index.field.name, group.shown) in unnamed:
                for number, share in group.shares().items():
                    weights[number] += share.idf
        total = word_count(runs) * inverse_frequency(len(self._passages), 0) or 1.0
        return lambda number: min(1.0, weights.get(number, 0.0) / total)

    def _english_dictionary(self) -> Dictionary:
        if self.language not in ("zh", "vi") or not self._passages:
            return {}
        make = chinese_dictionary if self.language == "zh" else vietnamese_dictionary
        return make(self._dictionary_field().__contains__, analyser_for("en").own[0].terms)

    def _dictionary_field(self) -> FieldIndex:
        """Where the dictionary's translations are terms: Chinese words, Vietnamese phrases by their sound."""
        name = "words" if self.language == "zh" else "sounds"
        return next(index for index in (*self._own, *self._shared) if index.field.name == name)


def _looked_up(index: FieldIndex, texts: Iterable[str]) -> list[TermGroup]:
    return [TermGroup(index, term, (term,)) for term in index.rarest(_distinct(index.field, texts))]


def _translated(runs: Iterable[str], dictionary: Dictionary) -> list[tuple[str, tuple[str, ...]]]:
    """The words of the runs that the dictionary has, the longest phrases first, each word once."""
    found: list[tuple[str, tuple[str, ...]]] = []
    stem = analyser_for("en").own[0].terms
    for run in runs:
        stems = stem(run)
        i = 0
        while i < len(stems):
            length = next((n for n in (3, 2, 1) if tuple(stems[i : i + n]) in dictionary and i + n <= len(stems)), 0)
            if length:
                key = tuple(stems[i : i + length])
                found.append((" ".join(key), dictionary[key]))
            i += length or 1
    return list(dict(found).items())


def _distinct(field: Field, texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(term for text in texts for term in field.asked_terms(text)))


def _standardised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """In standard deviations from the mean."""
    spread = values.std()
    standardised: NDArray[np.float64] = (values - values.mean()) / spread if spread > 0 else values * 0
    return standardised
