"""A library without a corpus: it answers every question with the question, at once."""

from typing import Self

from bot.corpus.catalogue import Catalogue
from bot.corpus.library import Library, Reload
from bot.corpus.wire import Progress
from bot.delivery import errands
from retrieval.records import Answer, Document, Question

NOTHING = Catalogue((), (), 0, (), by_meaning=False)


class EchoLibrary(Library):
    """Instead of the real one, for tests whose matter is what is around it; `reloaded_by` names inbox entries."""

    def __init__(self) -> None:
        # Not Library's own: there are no processes to answer.
        self.asked: list[str] = []
        self.reloaded_by: list[int] = []

    @property
    def catalogue(self) -> Catalogue:
        """Of nothing."""
        return NOTHING

    def close(self) -> None:
        """Nothing is open."""

    async def answer(self, question: str, earlier: Question | None = None, quotes: int = 3) -> Answer:
        """Names one document: what was asked."""
        self.asked.append(question)
        nearest = Document(id="echo", language="en", paragraphs=(), title=f"Echo of {question[:100]}")
        return Answer(Question(question, "en"), False, (), 0.5, (nearest,))

    async def reload(self, progress: Progress, force: bool = False) -> Reload:
        """Notes on which errand it was asked to, and changes nothing."""
        errand = errands.in_hand()
        self.reloaded_by.append(0 if errand is None else errand.entry.number)
        return Reload(NOTHING, (), (), (), 0.0)

    async def opened(self, *_: object) -> Self:
        """Takes the place of Library.open."""
        return self
