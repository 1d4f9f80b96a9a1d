"""One state of the corpus: read, indexed, ready to answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.corpus.catalogue import Catalogue, fingerprint
from bot.corpus.wire import Asked, Progress, Request
from retrieval.answers import Answerer
from retrieval.bridges.concepts import glossary_with
from retrieval.bridges.glossary import Concept
from retrieval.bridges.meaning import NO_CACHE, VectorCache, encoder
from retrieval.corpus.folder import UNAMENDED, Amendments, Articles, Problem, inventory, read_corpus
from retrieval.likeness import sketch
from retrieval.records import Answer, Document, Passage, PassageReference


@dataclass(frozen=True, slots=True)
class Edition:
    """The documents of a folder, and what answers from them."""

    answerer: Answerer
    problems: tuple[Problem, ...]
    inventory: str = ""
    """Of the files that it was read from, where it was told."""
    articles: Articles = field(default_factory=dict)
    """What the files held."""
    concepts: tuple[Concept, ...] = ()
    """The folder's own rows of the glossary."""

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents it answers from."""
        return self.answerer.documents

    def reply(self, request: Request) -> Answer | Mapping[PassageReference, Passage]:
        """What a request is replied to with."""
        if isinstance(request, Asked):
            return self.answerer.answer(request.text, request.quotes, earlier=request.earlier)
        return self.answerer.passages_behind(request.references)

    def prepare(self) -> None:
        """Loads what the first questions would wait for, so that forks share it: an answer of each kind has it all."""
        self.answerer.prepare()
        for question in ("Bình Dương ở đâu?", "平阳在哪里？", "Kapan Binh Duong membuka pusat datanya?"):
            self.answerer.answer(question)

    def catalogue(self) -> Catalogue:
        """What to tell of it."""
        return Catalogue(
            documents=tuple(replace(document, paragraphs=()) for document in self.documents),
            fingerprints=tuple(map(fingerprint, self.documents)),
            passages=self.answerer.passages,
            problems=self.problems,
            by_meaning=finds_by_meaning(),
            sketches=tuple(map(sketch, self.documents)),
            # What was left out may be read next time though its bytes are the same: memory may be short but now.
            inventory="" if self.problems else self.inventory,
        )


def build_edition(
    folder: Path,
    vectors: VectorCache = NO_CACHE,
    progress: Progress = lambda done, total: None,
    amendments: Amendments = UNAMENDED,
    earlier: Edition | None = None,
    files: str = "",
) -> Edition:
    """Reads and indexes a folder, as amended: seconds of processor time, and more where `vectors` are to be computed.

    An `earlier` edition is returned as it is where no file has changed since; what it knows of those that have not is
    taken from it. `files` is the folder's inventory, where it has been taken.

    Raises CorpusError when the folder cannot be read.
    """
    # Before they are read: what is written meanwhile is read the next time.
    files = files or inventory(folder, amendments)
    if earlier is not None and earlier.inventory == files and not earlier.problems:
        return earlier
    corpus = read_corpus(folder, progress, amendments, earlier.articles if earlier else {})
    known = earlier.answerer if earlier and earlier.concepts == corpus.concepts else None
    glossary = known.glossary if known else glossary_with(corpus.concepts)
    answerer = Answerer(corpus.documents, encoder(), vectors, progress, glossary, known)
    return Edition(answerer, corpus.problems, files, corpus.articles, corpus.concepts)


def finds_by_meaning() -> bool:
    """Whether the extra `semantic` is installed."""
    return encoder() is not None
