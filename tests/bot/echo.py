"""A library without a corpus: it answers every question with the question, at once."""

from pathlib import Path
from typing import Self

from bot import errands
from bot.library import Edition, Library, Progress, Reload
from retrieval.answers import Answerer
from retrieval.bridges.meaning import NO_CACHE, VectorCache
from retrieval.records import Answer, Document, Question


class EchoLibrary(Library):
    """Instead of the real one, for tests whose matter is what is around it; `reloaded_by` names inbox entries."""

    def __init__(self) -> None:
        super().__init__(Path(), NO_CACHE, Edition(Answerer(()), ()))
        self.asked: list[str] = []
        self.reloaded_by: list[int] = []

    async def answer(self, question: str) -> Answer:
        """Names one document: what was asked."""
        self.asked.append(question)
        nearest = Document(id="echo", language="en", paragraphs=(), title=f"Echo of {question[:100]}")
        return Answer(Question(question, "en"), False, (), 0.5, (nearest,))

    async def reload(self, progress: Progress) -> Reload:
        """Notes on which errand it was asked to, and changes nothing."""
        errand = errands.in_hand()
        self.reloaded_by.append(0 if errand is None else errand.entry.number)
        return Reload(self.edition, (), (), (), 0.0)

    async def opened(self, folder: Path, vectors: VectorCache = NO_CACHE) -> Self:
        """Takes the place of Library.open."""
        return self
