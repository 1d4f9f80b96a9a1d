"""Every way to score the passages of one language, added up: BM25 field by field, and meaning."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from sys import intern
from typing import Any, NamedTuple

from retrieval.analysers import Analyser, Field, Terms, analyser_for, concept_field
from retrieval.asking import Told, told_in
from retrieval.bm25 import MOST_TERMS, FieldIndex, inverse_frequency
from retrieval.bridges.dictionary import LONGEST_PHRASE, Dictionary, as_spoken, as_written
from retrieval.bridges.glossary import Glossary
from retrieval.bridges.meaning import MeaningIndex, Vectors
from retrieval.content import content_runs, word_count
from retrieval.numbers import dated_numbers, numbers_in
from retrieval.parallel import parallel_map
from retrieval.reading import read
from retrieval.records import Hit, Passage, Question, TermShare
from retrieval.scores import Scores, best, standardised, summed
from retrieval.sentences import sentence_spans

MOST_HITS = 10
"""Hits of one passage language that are weighed against those of the others."""
LEXICAL_WEIGHT = 0.15
"""What a point of BM25 weighs beside a standard deviation of nearness in meaning.

Chosen on the first half of XQuAD's development questions among .05, .1 and .15 and other ways to scale; the second
half agreed. `make ablation XQUAD=DIR` shows both halves.
"""
SUBJECT_WEIGHT = 0.3
"""What a term counts that only the question before it asked for. Chosen, not measured: there are no labelled
questions of this kind."""


@dataclass(frozen=True, slots=True)
class TermGroup:
    """Terms of one field that mean one thing, under the name they are shown by."""

    index: FieldIndex
    shown: str
    terms: tuple[str, ...]


class _Found(NamedTuple):
    """What is looked for, and what it adds to the passages that have it, where a point of BM25 counts `weight`."""

    group: TermGroup
    scores: Scores
    weight: float

    def shares(self, numbers: Sequence[int]) -> dict[int, TermShare]:
        """What it adds to those of the passages that have it."""
        idf, field = self.group.index.idf(*self.group.terms), self.group.index.field.name
        return {
            number: TermShare(field, self.group.shown, idf, self.weight * score)
            for number, score in self.scores.of(numbers).items()
        }


_QUESTIONS_REMEMBERED = 8
Coverage = Callable[[int], float]
"""The share of a question, 0 to 1, that the passage of a number covers."""


class _Facts(NamedTuple):
    """What is known of a passage's text beside its terms."""

    sentences: tuple[frozenset[str], ...]
    """The concepts that each of its sentences names."""
    numbers: frozenset[str]
    told: Told
    """The kinds of answers that it tells."""

    def shared(self) -> "_Facts":
        """The same, of sets that many share."""
        return _Facts(tuple(map(_one, self.sentences)), _one(self.numbers), Told(*map(_one, self.told)))


class PassageIndex:
    """The passages of one language, searchable in any language.

    What an `earlier` index of the same language and glossary knows of a text is taken from it.
    """

    def __init__(
        self,
        language: str,
        passages: Sequence[Passage],
        glossary: Glossary,
        meaning: MeaningIndex | None = None,
        earlier: "PassageIndex | None" = None,
    ) -> None:
        self.language = language
        self._glossary = glossary
        self.analyser: Analyser = analyser_for(language)
        self._passages = passages
        self._meaning = meaning
        concepts = concept_field(glossary)
        # By the whole passage and not by its sentences: in one without small letters capitals tell nothing.
        fields = (*self.analyser.own, *self.analyser.shared, concepts)
        self._fields, self._facts = self._analysed(fields, earlier)
        self._own = [self._fields[field.name] for field in self.analyser.own]
        self._shared = [self._fields[field.name] for field in self.analyser.shared]
        self._concepts = self._fields[concepts.name]
        self._dictionary = self._dictionary_into(language)
        self._dated = _dated_numbers(passages)
        self._named_in_titles: dict[str, frozenset[str]] = self._concepts_of_titles(
            earlier._named_in_titles if earlier else {}
        )
        self._named_in = self._concepts_of_documents()
        self._groups_of: dict[Question, tuple[TermGroup, ...]] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Without what is kept of questions."""
        return self.__dict__ | {"_groups_of": {}}

    def search(self, question: Question, vector: Vectors | None = None) -> list[Hit]:
        """The passages that share a term with the question or are near it in meaning, the best first.

        `vector` is the centred question where there is an encoder. Equals keep the corpus's order. A question
        of function words alone asks for nothing and finds nothing, however near it is to something.
        """
        if not content_runs(question):
            return []
        near = self._meaning.nearness(vector) if self._meaning is not None and vector is not None else None
        weight = 1.0 if near is None else LEXICAL_WEIGHT
        found = [
            _Found(group, group.index.scores(*group.terms), weight * part)
            for group, part in self._weighed_groups(question)
        ]
        lexical = summed([one.scores for one in found], [one.weight for one in found], len(self._passages))
        meaning = lexical * 0 if near is None else standardised(near)
        scores = meaning + lexical
        candidates = best(scores, MOST_HITS, positive=near is None)
        shares = [one.shares(candidates) for one in found]
        coverage = self._coverage(question, found, shares)
        asked, foreign = read(question, self._glossary), not self.speaks(question)
        return [
            Hit(
                passage=self._passages[number],
                score=float(scores[number]),
                coverage=coverage(number),
                nearness=None if near is None else float(near[number]),
                meaning=float(meaning[number]),
                shares=tuple(sorted((one[number] for one in shares if number in one), key=lambda share: -share.score)),
                concepts=(met := self._concepts_met(asked.concepts, number)),
                apart=self._apart(met, number),
                names=frozenset(name for name in asked.names if foreign and self._fields["names"].has(number, name)),
                numbers=asked.numbers & self._numbers(number),
                places_missing=self._places_missing(asked.concepts, number),
                kinds=self._facts[number].told.kinds(besides=asked.numbers),
            )
            for number in candidates
        ]

    def _concepts_met(self, asked: Iterable[frozenset[str]], number: int) -> frozenset[frozenset[str]]:
        return frozenset(ids for ids in asked if self._concepts.has(number, *ids))

    def _apart(self, concepts: frozenset[frozenset[str]], number: int) -> frozenset[frozenset[str]]:
        """The concepts that are not in the sentence of the passage that names the most of them."""
        together = ({ids for ids in concepts if ids & named} for named in self._facts[number].sentences)
        return concepts - max(together, key=len, default=frozenset())

    def _places_missing(self, asked: Iterable[frozenset[str]], number: int) -> frozenset[frozenset[str]]:
        """The places asked about that the passage's document names nowhere."""
        named = self._named_in[number]
        return frozenset(ids for ids in asked if self._glossary.is_place(ids) and ids.isdisjoint(named))

    def _concepts_of_titles(self, known: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
        titles = {passage.document.title or "" for passage in self._passages}
        return {title: known[title] if title in known else self._concepts_in(title) for title in titles}

    def _concepts_in(self, text: str) -> frozenset[str]:
        return frozenset(self._concepts.field.terms(text))

    def _concepts_of_documents(self) -> list[set[str]]:
        """For each passage what its document names, in its title or in any passage."""
        named: dict[str, set[str]] = {}
        for passage, facts in zip(self._passages, self._facts, strict=True):
            document = passage.document
            if document.id not in named:
                named[document.id] = set(self._named_in_titles[document.title or ""])
            named[document.id].update(*facts.sentences)
        return [named[passage.document.id] for passage in self._passages]

    def _numbers(self, number: int) -> frozenset[str]:
        """The numbers that hold for a passage: its own, and those of its document's title and date."""
        return self._facts[number].numbers | self._dated[self._passages[number].document.id]

    def _analysed(
        self, fields: Sequence[Field], earlier: "PassageIndex | None"
    ) -> tuple[dict[str, FieldIndex], list[_Facts]]:
        """The index of each field by its name, and the facts of each passage."""
        known = {passage.text: number for number, passage in enumerate(earlier._passages)} if earlier else {}
        fields_before, facts_before = (earlier._fields, earlier._facts) if earlier else ({}, [])
        places = [known.get(passage.text, passage.text) for passage in self._passages]
        fresh = _analysed([text for text in places if isinstance(text, str)], self.language, fields)
        rows = [
            next(fresh) if isinstance(place, str) else ([place] * len(fields), facts_before[place]) for place in places
        ]
        indexes = {
            field.name: FieldIndex(field, [terms[i] for terms, _ in rows], fields_before.get(field.name))
            for i, field in enumerate(fields)
        }
        return indexes, [facts for _, facts in rows]

    def __len__(self) -> int:
        return len(self._passages)

    def frequency(self, field: str, *alternatives: str) -> int:
        """How many passages have a term of a field, or one of several that mean one thing."""
        return self._fields[field].frequency(*alternatives)

    def speaks(self, question: Question) -> bool:
        """Whether the question is in the passages' language, or in none that we know."""
        return question.document_language in (self.language, "und")

    def idf(self, field: str, term: str) -> float:
        """The idf of a term of a field."""
        return self._fields[field].idf(term)

    def groups(self, question: Question) -> tuple[TermGroup, ...]:
        """What is looked for: the question's terms in each field, and where it is foreign what translates them."""
        # The search asks for them, and each quote does so again.
        groups = self._groups_of.get(question)
        if groups is None:
            if len(self._groups_of) == _QUESTIONS_REMEMBERED:
                self._groups_of.clear()
            groups = self._groups_of[question] = self._groups(question)
        return groups

    def _weighed_groups(self, question: Question) -> Iterable[tuple[TermGroup, float]]:
        """What is looked for, with the part of its score that counts: less where only the subject of an earlier
        question asks for it."""
        groups = self.groups(question)
        if not question.subject:
            return ((group, 1.0) for group in groups)
        asked = self.groups(question.alone)
        return ((group, 1.0 if group in asked else SUBJECT_WEIGHT) for group in groups)

    def _groups(self, question: Question) -> tuple[TermGroup, ...]:
        if self.speaks(question):
            return (*_looked_up(self._own, [question.text]), *self._named(question))
        runs = content_runs(question)
        groups = [*_looked_up(self._shared, runs), *self._named(question)]
        if question.language == "en" and self._dictionary is not None:
            translated = _translated(runs, self._dictionary)[:MOST_TERMS]
            groups += [TermGroup(self._dictionary.terms, shown, terms) for shown, terms in translated]
        return tuple(groups)

    def _dictionary_into(self, language: str) -> Dictionary[FieldIndex] | None:
        """What translates English: into Chinese words, or Vietnamese phrases by their sound."""
        if language == "zh":
            return Dictionary(self._fields["words"], as_written)
        return Dictionary(self._fields["sounds"], as_spoken) if language == "vi" else None

    def _coverage(
        self, question: Question, found: Sequence[_Found], shares: Sequence[Mapping[int, TermShare]]
    ) -> Coverage:
        if self.speaks(question):
            return self._own_coverage(question)
        return self._shared_coverage(question, zip((one.group for one in found), shares, strict=True))

    def _own_coverage(self, question: Question) -> Coverage:
        """Coverage by the terms of the evidence field, each by its idf; unknown ones count in full."""
        index = self._fields[self.analyser.evidence]
        weights = {term: index.idf(term) for term in _distinct(index.field, content_runs(question))}
        if question.subject:
            asked = _distinct(index.field, content_runs(question.alone))
            weights = {term: idf if term in asked else SUBJECT_WEIGHT * idf for term, idf in weights.items()}
        total = sum(weights.values()) or 1.0
        known = [(term, weight) for term, weight in weights.items() if term in index]
        return lambda number: sum(weight for term, weight in known if index.has(number, term)) / total

    def _shared_coverage(
        self, question: Question, found: Iterable[tuple[TermGroup, Mapping[int, TermShare]]]
    ) -> Coverage:
        """Coverage by what was met over the language's border, of as much as the question has words.

        A word that the glossary knows counts by its concept alone, not again as a name or by its sound.
        """
        unnamed = {(group.index.field.name, group.shown) for group in self.groups(read(question, self._glossary).rest)}
        weights: dict[int, float] = defaultdict(float)
        for group, shares in found:
            if group.index.field.name == "concepts" or (group.index.field.name, group.shown) in unnamed:
                for number, share in shares.items():
                    weights[number] += share.idf
        total = word_count(content_runs(question)) * inverse_frequency(len(self._passages), 0) or 1.0
        return lambda number: min(1.0, weights.get(number, 0.0) / total)

    def _named(self, question: Question) -> list[TermGroup]:
        """What the question names, a group each; of many the rarest."""
        found = [
            TermGroup(self._concepts, naming.written, tuple(sorted(naming.ids)))
            for naming in read(question, self._glossary).namings
            if self._concepts.frequency(*naming.ids)
        ]
        return sorted(found, key=lambda group: self._concepts.frequency(*group.terms))[:MOST_TERMS]


def _looked_up(indexes: Iterable[FieldIndex], texts: Sequence[str]) -> list[TermGroup]:
    return [
        TermGroup(index, term, (term,)) for index in indexes for term in index.rarest(_distinct(index.field, texts))
    ]


def _dated_numbers(passages: Iterable[Passage]) -> dict[str, frozenset[str]]:
    """The numbers that hold for all of a document, by its id."""
    documents = {passage.document.id: passage.document for passage in passages}
    return {identity: dated_numbers(document) for identity, document in documents.items()}


def _analysed(texts: Sequence[str], language: str, fields: Sequence[Field]) -> Iterator[tuple[list[Terms], _Facts]]:
    """The terms of each text, field by field, and its facts; the last of the fields is that of the concepts."""

    def analyse(text: str) -> tuple[list[Terms], _Facts]:
        # Text by text, for its fields ask for the same words.
        return [field.terms(text) for field in fields], _facts(text, language, fields[-1])

    for terms, facts in parallel_map(analyse, texts):
        yield [list(map(intern, of_field)) for of_field in terms], facts.shared()


def _facts(text: str, language: str, concepts: Field) -> _Facts:
    sentences = (frozenset(concepts.terms(text[start:end])) for start, end in sentence_spans(text))
    return _Facts(tuple(sentences), numbers_in(text, language), told_in(text, language))


@lru_cache(maxsize=1 << 12)
def _one(found: frozenset[str]) -> frozenset[str]:
    """One object for all sets that are equal: most are empty or name what many name, and each takes 200 bytes."""
    return frozenset(map(intern, found))


def _translated(runs: Iterable[str], dictionary: Dictionary[FieldIndex]) -> list[tuple[str, tuple[str, ...]]]:
    """The words of the runs that the dictionary has, the longest phrases first, each word once."""
    found: dict[str, tuple[str, ...]] = {}
    for run in runs:
        stems = tuple(analyser_for("en").own[0].terms(run))
        i = 0
        while i < len(stems):
            phrases = (stems[i : i + length] for length in range(min(LONGEST_PHRASE, len(stems) - i), 0, -1))
            translated = ((phrase, dictionary.translations(phrase)) for phrase in phrases)
            phrase, terms = next((one for one in translated if one[1]), (stems[i : i + 1], ()))
            if terms:
                found[" ".join(phrase)] = terms
            i += len(phrase)
    return list(found.items())


def _distinct(field: Field, texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(term for text in texts for term in field.asked_terms(text)))
