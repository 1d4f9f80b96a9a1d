"""From a question to its answer: the one line that everything else in this half serves."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date

import numpy as np

from retrieval.bridges.concepts import default_glossary
from retrieval.bridges.glossary import Glossary
from retrieval.bridges.meaning import (
    NO_CACHE,
    Encoder,
    MeaningIndex,
    VectorCache,
    Vectors,
    centred_question,
    passage_vectors,
)
from retrieval.continuing import going_on
from retrieval.evidence import Weigher, threshold
from retrieval.index import MOST_HITS, PassageIndex
from retrieval.languages import question_language
from retrieval.passages import passages_of
from retrieval.quotes import choose_quote
from retrieval.ranking import Ranked, merge
from retrieval.records import Answer, Document, Hit, Passage, PassageReference, Question
from retrieval.references import References
from retrieval.restoration import MarkRestorer
from retrieval.spelling import is_unmarked
from retrieval.text import clean, shortened
from retrieval.times import year_asked

LONGEST_QUESTION = 4096
"""Characters that are read, which is as much as Telegram sends; a longer text is read as far as that."""
MOST_NEAREST = 5
"""Documents that a refusal names."""
MOST_FURTHER = 6
"""Passages beyond those quoted that an answer refers to."""


class Answerer:
    """Answers questions from a set of documents; building it indexes them.

    With an `encoder` passages are also found by meaning; `cache` then saves computing what was computed before.
    `glossary` is the project's own unless another is given. What an `earlier` one of the same glossary knows of a
    passage's text is taken from it.
    """

    def __init__(
        self,
        documents: Iterable[Document],
        encoder: Encoder | None = None,
        cache: VectorCache = NO_CACHE,
        progress: Callable[[int, int], None] = lambda done, total: None,
        glossary: Glossary | None = None,
        earlier: "Answerer | None" = None,
    ) -> None:
        self.documents = tuple(documents)
        self._encoder = encoder
        self._newest = _newest(self.documents)
        self.glossary = glossary = glossary or default_glossary()
        before = earlier._indexes if earlier and earlier.glossary is glossary else {}
        by_language: dict[str, list[Passage]] = defaultdict(list)
        known = earlier._passages_of if earlier else {}
        self._passages_of: dict[str, list[Passage]] = {}
        for document in self.documents:
            passages = known.get(document.id, [])
            if not passages or passages[0].document != document:
                passages = passages_of(document)
            self._passages_of[document.id] = passages
            by_language[document.language] += passages
        self._passages = [passage for passages in by_language.values() for passage in passages]
        self._references = References(self._passages)
        vectors = self._vectors(cache, progress)
        self._indexes: dict[str, PassageIndex] = {
            language: PassageIndex(language, passages, glossary, _meaning(passages, vectors), before.get(language))
            for language, passages in by_language.items()
        }
        self._weigher = Weigher(self._indexes.values(), glossary)
        self._marks = MarkRestorer(passage.text for passage in by_language["vi"]) if "vi" in by_language else None

    def _vectors(self, cache: VectorCache, progress: Callable[[int, int], None]) -> dict[str, Vectors]:
        """The vector of each passage's text, where there is an encoder."""
        texts = list(dict.fromkeys(passage.text for passage in self._passages))
        if self._encoder is None or not texts:
            return {}
        return dict(zip(texts, passage_vectors(texts, self._encoder, cache, progress), strict=True))

    @property
    def passages(self) -> int:
        """How many passages can be answered with."""
        return len(self._passages)

    def passages_in(self, document: Document) -> int:
        """How many of them are the document's."""
        return len(self._passages_of[document.id])

    def answer(self, text: str, top: int = 3, today: date | None = None, earlier: Question | None = None) -> Answer:
        """The `top` best quotes for a question, and whether they are evidence enough to show.

        `today` is what "this year" in a question goes by; the present day where it is not given. `earlier` is a
        question that this one may go on from.
        """
        question = _asked(text)
        if earlier is not None:
            question = going_on(question, earlier, self.glossary)
        searched = self._searched(question)
        hits = merge(self._ranked(searched), most=max(top, MOST_HITS))
        bar = threshold(self._encoder is not None)
        found = bool(hits) and hits[0].evidence >= bar
        year = self._year_beyond(searched, today or date.today())
        return Answer(
            question=question,
            found=found,
            quotes=tuple(choose_quote(hit, searched, self.index_of(hit)) for hit in hits[:top]),
            threshold=bar,
            nearest=self._nearest(hits, question.document_language),
            year=year,
            newest=self._newest if year else None,
            references=self._referring_to(hits[:top]),
            further=self._referring_to(hit for hit in hits[top:] if found and hit.evidence >= bar)[:MOST_FURTHER],
        )

    def passages_behind(self, references: Iterable[PassageReference]) -> Mapping[PassageReference, Passage]:
        """What the references lead to, in their order; without those whose document is gone or another by now."""
        return self._references.passages(references)

    def _referring_to(self, hits: Iterable[Hit]) -> tuple[PassageReference, ...]:
        return tuple(self._references.of(hit.passage) for hit in hits)

    def _year_beyond(self, question: Question, today: date) -> int | None:
        """The year that was asked about, where it has begun and every dated source is older."""
        year, published = year_asked(question, today), self._newest and self._newest.published
        # No article can be from a year to come: a question about one asks for a plan.
        return year if year and published and published.year < year <= today.year else None

    def ranked(self, text: str) -> dict[str, Ranked]:
        """The hits of each passage language, before they are merged."""
        return self._ranked(self.searched(text))

    def searched(self, text: str) -> Question:
        """The question as it is looked up: cleaned, and Vietnamese typed without marks given them back."""
        return self._searched(_asked(text))

    def index_of(self, hit: Hit) -> PassageIndex:
        """The index that a hit came from."""
        return self._indexes[hit.passage.document.language]

    def _ranked(self, searched: Question) -> dict[str, Ranked]:
        vector = self._vector(searched)
        ranked = {}
        for language, index in self._indexes.items():
            own = index.speaks(searched)
            ranked[language] = Ranked(self._weigher.weighed(searched, index.search(searched, vector), own), own)
        return ranked

    def _searched(self, question: Question) -> Question:
        """The question as it is looked up, behind the subject that it goes on from."""
        own = self._with_marks(question)
        if not question.subject:
            return own
        language = question_language(question.subject)
        subject = self._with_marks(Question(question.subject, language)).text
        return Question(f"{subject} {own.text}", language, subject)

    def _with_marks(self, question: Question) -> Question:
        if question.language != "vi" or self._marks is None or not is_unmarked(question.text):
            return question
        return Question(self._marks.restore(question.text), "vi")

    def _vector(self, question: Question) -> Vectors | None:
        if self._encoder is None:
            return None
        return centred_question(self._encoder.question(question.text), question.document_language)

    def _nearest(self, hits: Iterable[Hit], language: str) -> tuple[Document, ...]:
        """Documents that share terms with the question, then those in its language, then the others."""
        met = dict.fromkeys(hit.passage.document for hit in hits)
        others = sorted(self.documents, key=lambda document: document.language != language)
        return tuple(dict.fromkeys([*met, *others]))[:MOST_NEAREST]


def _asked(text: str) -> Question:
    cleaned = shortened(clean(text[:LONGEST_QUESTION]).strip(), LONGEST_QUESTION)
    return Question(cleaned, question_language(cleaned))


def _newest(documents: Iterable[Document]) -> Document | None:
    dated = [(document.published, document) for document in documents if document.published is not None]
    return max(dated, key=lambda one: one[0])[1] if dated else None


def _meaning(passages: list[Passage], vectors: Mapping[str, Vectors]) -> MeaningIndex | None:
    return MeaningIndex(np.stack([vectors[passage.text] for passage in passages])) if vectors and passages else None
