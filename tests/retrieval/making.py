"""Small documents, passages and hits for the tests to ask for."""

from retrieval.records import Document, DocumentLanguage, Hit, Passage

ARTICLE = (
    "Hội nghị thường niên Mạng lưới đô thị thông minh ASEAN lần thứ tư đã được tổ chức theo hình thức trực tuyến "
    "với sự tham gia của 26 đô thị thành viên."
)
"""One paragraph that the cleaning keeps as it is."""


def document(*paragraphs: str, language: DocumentLanguage = "vi", name: str = "a") -> Document:
    """A document that is nothing but these paragraphs."""
    return Document(id=name, language=language, paragraphs=paragraphs)


def passages(*texts: str, language: DocumentLanguage = "vi") -> list[Passage]:
    """One document's passages, just as given."""
    whole = document(*texts, language=language)
    return [Passage(whole, number, text) for number, text in enumerate(texts, start=1)]


def hit(language: DocumentLanguage, score: float, coverage: float) -> Hit:
    """A hit with these figures, in a document of its own."""
    whole = document("…", language=language, name=f"{language} {score} {coverage}")
    return Hit(Passage(whole, 1, "…"), score, coverage, ())
