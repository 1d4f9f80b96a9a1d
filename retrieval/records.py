"""The records that flow from a document to an answer, in the order they flow."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple, get_args

DateBasis = Literal["published", "inferred"]
DocumentLanguage = Literal["vi", "zh", "en", "id", "ms", "th", "tl", "und"]
QuestionLanguage = Literal["vi", "zh-Hans", "zh-Hant", "en", "id", "ms", "th", "tl", "und"]
NAMED_LANGUAGES = ("zh", *(code for code in get_args(QuestionLanguage) if code != "und"))
"""Codes by which people may name one; zh is Chinese in either script."""


@dataclass(frozen=True, slots=True)
class Document:
    """One article as the corpus holds it; what its page does not say is None."""

    id: str
    """The file's stem."""
    language: DocumentLanguage
    paragraphs: tuple[str, ...]
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    url: str | None = None
    licence: str | None = None
    published: date | None = None
    date_basis: DateBasis | None = None
    characters_kept: int = 0
    characters_cut: int = 0

    @property
    def name(self) -> str:
        """The title, or the file's stem where the page has none."""
        return self.title or self.id


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document small enough to answer with, numbered from 1."""

    document: Document
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class PassageReference:
    """Which passage of which document, for as long as the document says the same."""

    document: str
    """A short digest of the document's id and text."""
    number: int


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, cleaned, with the language it seems to be in."""

    text: str
    language: QuestionLanguage
    subject: str = ""
    """The words of an earlier question that it goes on from, where it does."""

    @property
    def alone(self) -> "Question":
        """The question as it is looked up, without the subject that stands before it."""
        return Question(self.text.removeprefix(self.subject), self.language)

    @property
    def document_language(self) -> str:
        """The language that documents in the question's language are in: a script is no other language."""
        return self.language.split("-")[0]


@dataclass(frozen=True, slots=True)
class TermShare:
    """What one term of the question adds to a passage's score."""

    field: str
    term: str
    idf: float
    score: float


class Signs(NamedTuple):
    """What speaks for a hit and what against it; `evidence` weighs them."""

    coverage: float
    """Share of the question's weight in idf that the passage covers, 0 to 1."""
    nearness: float
    """Cosine to the question in meaning, -1 to 1; 0 without an encoder."""
    lead: float
    """The hit's score less that of the best hit in its language: 0 or less."""
    unread_lead: float
    """The lead, times the share of the question's words that are not known."""
    met: float
    """Idf of the question's concepts and names that the passage has, times the share that is known."""
    missed: float
    """Idf of those that it has not, times the same share."""
    apart: float
    """Idf of those of the concepts met that are not in the sentence with the most of them, times the same share."""
    numbers_met: float
    """How many of the question's numbers the passage, its title or its date has."""
    numbers_missed: float
    """How many of them it has not."""
    years_missed: float
    """How many of those are years."""
    places_missed: float
    """How many of the question's cities and countries the passage's document, its title included, names nowhere."""
    kinds_missed: float
    """How many kinds of answer the question asks for, such as a day or a sum of money, the passage tells none of."""
    known: float
    """Share of the question's words that name a concept, or are a name in some passage, 0 to 1."""
    unheard: float
    """How many of the question's concepts no passage names at all."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that shares terms with the question."""

    passage: Passage
    score: float
    """Sum of BM25 over the fields, and of nearness where there is an encoder; comparable only within one language."""
    coverage: float
    """Share of the question's weight in idf that the passage covers, 0 to 1."""
    nearness: float | None
    """Cosine to the question in meaning, -1 to 1; None without an encoder."""
    shares: tuple[TermShare, ...]
    meaning: float = 0.0
    """What nearness adds to the score, in standard deviations; the terms' shares add the rest, weighted."""
    concepts: frozenset[frozenset[str]] = frozenset()
    """What the question names and the passage names too; each thing by the ids that its name has in the glossary."""
    apart: frozenset[frozenset[str]] = frozenset()
    """Those of them that are not in the sentence that names the most of them."""
    names: frozenset[str] = frozenset()
    """The question's names that it has letter by letter, where it is in another language."""
    numbers: frozenset[str] = frozenset()
    """The question's numbers that the passage, its title or its date has."""
    places_missing: frozenset[frozenset[str]] = frozenset()
    """The question's cities and countries that the passage's document, its title included, names nowhere."""
    kinds: frozenset[str] = frozenset()
    """The kinds of answer that it tells besides what the question knows, such as a day or a sum of money."""
    signs: Signs | None = None
    """What was weighed for and against it."""
    standing: float = 0.0
    """By what the hits of all languages are put in one order: the higher, the likelier it is the best of them."""
    evidence: float = 0.0
    """Estimated probability that the passage answers, 0 to 1; comparable across languages."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a passage, unchanged, chosen to answer the question."""

    hit: Hit
    text: str
    best: tuple[int, int]
    """Where in `text` the sentence that answers best begins and ends."""
    begins_inside: bool
    """Whether the passage has words before the quote."""
    ends_inside: bool
    """Whether the passage has words after the quote."""

    @property
    def passage(self) -> Passage:
        """The passage the words stand in."""
        return self.hit.passage

    @property
    def document(self) -> Document:
        """The document the words stand in."""
        return self.hit.passage.document


@dataclass(frozen=True, slots=True)
class Answer:
    """The best quotes for a question; where `found` is false they are not evidence enough to be shown."""

    question: Question
    found: bool
    quotes: tuple[Quote, ...]
    threshold: float
    """The evidence that the best hit had to reach."""
    nearest: tuple[Document, ...] = field(default=())
    """Documents to name where nothing was found, the nearest first."""
    year: int | None = None
    """The year that was asked about, where every dated source is older."""
    newest: Document | None = None
    """The newest source, where `year` is set."""
    references: tuple[PassageReference, ...] = ()
    """Of the passages quoted, one each."""
    further: tuple[PassageReference, ...] = ()
    """Of the next best passages that are evidence enough, the best first."""
