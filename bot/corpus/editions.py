"""One state of the corpus: read, indexed, ready to answer."""

from dataclasses import dataclass, replace
from pathlib import Path

from bot.corpus.catalogue import Catalogue, fingerprint
from bot.corpus.wire import Progress
from retrieval.answers import Answerer
from retrieval.bridges.concepts import glossary_with
from retrieval.bridges.glossary import Concept, Glossary
from retrieval.bridges.meaning import NO_CACHE, VectorCache, centred_question, encoder
from retrieval.corpus.folder import Corpus, Readings, inventory, read_corpus
from retrieval.corpus.records import UNAMENDED, Amendments, Problem
from retrieval.languages import document_language
from retrieval.likeness import sketch
from retrieval.records import Document

_SAMPLES = ("Bình Dương ở đâu?", "平阳在哪里？", "Where is Binh Duong?")
"""A question of each kind: those in any other language need nothing that these do not."""
_FURTHER_SAMPLES = ("Thành phố thông minh là gì?", "智慧城市是什么？", "What is a smart city?")
"""Again, for whoever remembers what the others led to."""


@dataclass(frozen=True, slots=True)
class Edition:
    """The documents of a folder, and what answers from them."""

    answerer: Answerer
    catalogue: Catalogue
    readings: Readings
    """The documents as they were read, for a later edition."""
    concepts: tuple[Concept, ...]
    """The folder's own rows of the glossary."""

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents it answers from."""
        return self.answerer.documents

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was met when they were read."""
        return self.catalogue.problems

    def prepare(self) -> None:
        """Makes what the first questions would wait for, so that forks share it."""
        for question in _SAMPLES:
            self.answerer.answer(question)

    def warm_up(self) -> None:
        """Makes a fork's own what it would otherwise copy from its parent, page by page, while it is first asked."""
        for question in _FURTHER_SAMPLES:
            self.answerer.answer(question)


def load_what_questions_need() -> None:
    """Loads the models, dictionaries and tables that are the same for every edition."""
    documents = tuple(Document(text, document_language(text), (text,)) for text in _SAMPLES)
    answerer = Answerer(documents, glossary=Glossary(()))
    for question in _SAMPLES:
        answerer.answer(question)
    if (model := encoder()) is not None:
        centred_question(model.question(_SAMPLES[0]), documents[0].language)


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
    if earlier is not None and earlier.catalogue.inventory == files:
        return earlier
    corpus = read_corpus(folder, progress, amendments, earlier.readings if earlier else {})
    known = earlier.answerer if earlier and earlier.concepts == corpus.concepts else None
    glossary = known.glossary if known else glossary_with(corpus.concepts)
    answerer = Answerer(corpus.documents, encoder(), vectors, progress, glossary, known)
    catalogue = _catalogue(corpus, files, answerer.passages, earlier.catalogue if earlier else None)
    return Edition(answerer, catalogue, corpus.readings, corpus.concepts)


def _catalogue(corpus: Corpus, files: str, passages: int, earlier: Catalogue | None) -> Catalogue:
    """What to tell of an edition."""
    fingerprints = tuple(map(fingerprint, corpus.documents))
    known = dict(zip(earlier.fingerprints, earlier.sketches, strict=True)) if earlier else {}
    return Catalogue(
        documents=tuple(replace(document, paragraphs=()) for document in corpus.documents),
        fingerprints=fingerprints,
        passages=passages,
        problems=corpus.problems,
        by_meaning=finds_by_meaning(),
        sketches=tuple(
            known.get(name) or sketch(document) for name, document in zip(fingerprints, corpus.documents, strict=True)
        ),
        # What was left out may be read next time though its bytes are the same: memory may be short but now.
        inventory="" if corpus.problems else files,
    )


def finds_by_meaning() -> bool:
    """Whether the extra `semantic` is installed."""
    return encoder() is not None
