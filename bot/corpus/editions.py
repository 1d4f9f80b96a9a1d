"""One state of the corpus: read, indexed, ready to answer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.corpus.catalogue import Catalogue, fingerprint
from bot.corpus.wire import Progress
from retrieval.analysers import analyser_for
from retrieval.answers import Answerer
from retrieval.asking import kinds_asked
from retrieval.bridges.concepts import glossary_with
from retrieval.bridges.glossary import Concept
from retrieval.bridges.meaning import NO_CACHE, VectorCache, encoder
from retrieval.corpus.folder import Corpus, Readings, inventory, read_corpus
from retrieval.corpus.records import UNAMENDED, Amendments, Problem
from retrieval.likeness import sketch
from retrieval.records import Document, Question, QuestionLanguage

_SAMPLES: Mapping[QuestionLanguage, str] = {
    "vi": "Bình Dương ở đâu?",
    "zh-Hans": "平阳在哪里？",
    "en": "Where is Binh Duong?",
}


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
        """Makes what the first questions would wait for, so that forks share it: an answer of each kind has it all."""
        for question in _SAMPLES.values():
            self.answerer.answer(question)


def load_what_questions_need() -> None:
    """Loads the models, dictionaries and tables that are the same for every edition."""
    if (model := encoder()) is not None:
        model.question(_SAMPLES["vi"])
    for language, text in _SAMPLES.items():
        question = Question(text, language)
        kinds_asked(question)
        analyser = analyser_for(question.document_language)
        for field in (*analyser.own, *analyser.shared):
            field.asked_terms(text)


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
