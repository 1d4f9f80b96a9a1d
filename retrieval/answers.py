"""From a question to its answer: the one line that everything else in this half serves."""

from collections import defaultdict
from collections.abc import Iterable

from retrieval.index import PassageIndex
from retrieval.languages import question_language
from retrieval.passages import passages_of
from retrieval.quotes import choose_quote
from retrieval.ranking import merge, threshold
from retrieval.records import Answer, Document, Hit, Passage, Question
from retrieval.text import clean

MOST_NEAREST = 5
"""Documents that a refusal names."""


class Answerer:
    """Answers questions from a set of documents; building it indexes them."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.documents = tuple(documents)
        by_language: dict[str, list[Passage]] = defaultdict(list)
        for document in self.documents:
            by_language[document.language] += passages_of(document)
        self._passages = [passage for passages in by_language.values() for passage in passages]
        self._indexes = {language: PassageIndex(language, passages) for language, passages in by_language.items()}

    @property
    def passages(self) -> int:
        """How many passages can be answered with."""
        return len(self._passages)

    def passages_in(self, document: Document) -> int:
        """How many of them are the document's."""
        return sum(passage.document == document for passage in self._passages)

    def answer(self, text: str, top: int = 3) -> Answer:
        """The `top` best quotes for a question, and whether they are evidence enough to show."""
        cleaned = clean(text).strip()
        question = Question(cleaned, question_language(cleaned))
        ranked = {language: index.search(question) for language, index in self._indexes.items()}
        hits = merge(ranked, preferred=question.document_language)
        bar = threshold(hits[0].passage.document.language) if hits else 1.0
        return Answer(
            question=question,
            found=bool(hits) and hits[0].coverage >= bar,
            quotes=tuple(choose_quote(hit, question, self._index_of(hit)) for hit in hits[:top]),
            threshold=bar,
            nearest=self._nearest(hits, question.document_language),
        )

    def _index_of(self, hit: Hit) -> PassageIndex:
        return self._indexes[hit.passage.document.language]

    def _nearest(self, hits: Iterable[Hit], language: str) -> tuple[Document, ...]:
        """Documents that share terms with the question, then those in its language, then the others."""
        met = dict.fromkeys(hit.passage.document for hit in hits)
        others = sorted(self.documents, key=lambda document: document.language != language)
        return tuple(dict.fromkeys([*met, *others]))[:MOST_NEAREST]
