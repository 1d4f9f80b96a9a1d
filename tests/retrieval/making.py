"""Small documents, passages, indexes and hits for the tests to ask for."""

from datetime import date

from retrieval.bridges.concepts import default_glossary
from retrieval.index import PassageIndex
from retrieval.languages import question_language
from retrieval.records import Document, DocumentLanguage, Hit, Passage, Question

ARTICLE = (
    "Hội nghị thường niên Mạng lưới đô thị thông minh ASEAN lần thứ tư đã được tổ chức theo hình thức trực tuyến "
    "với sự tham gia của 26 đô thị thành viên."
)
"""One paragraph that the cleaning keeps as it is."""


def document(
    *paragraphs: str, language: DocumentLanguage = "vi", name: str = "a", published: date | None = None
) -> Document:
    """A document that is nothing but these paragraphs, and perhaps its date."""
    return Document(id=name, language=language, paragraphs=paragraphs, published=published)


def passages(*texts: str, language: DocumentLanguage = "vi") -> list[Passage]:
    """One document's passages, just as given."""
    whole = document(*texts, language=language)
    return [Passage(whole, number, text) for number, text in enumerate(texts, start=1)]


def hit(language: DocumentLanguage, score: float, coverage: float, nearness: float | None = None) -> Hit:
    """A hit with these figures, in a document of its own."""
    whole = document("…", language=language, name=f"{language} {score} {coverage} {nearness}")
    return Hit(Passage(whole, 1, "…"), score, coverage, nearness, ())


def asked(text: str) -> Question:
    """The question in the language it seems to be in."""
    return Question(text, question_language(text))


def index_of(*texts: str, language: DocumentLanguage = "zh") -> PassageIndex:
    """The index of one document's passages."""
    return PassageIndex(language, passages(*texts, language=language), default_glossary())
