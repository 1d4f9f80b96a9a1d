"""One state of the corpus: read, indexed, ready to answer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.corpus.catalogue import Catalogue, fingerprint
from bot.corpus.wire import Asked, Progress, Request
from retrieval.answers import Answerer
from retrieval.bridges.concepts import glossary_with
from retrieval.bridges.meaning import NO_CACHE, VectorCache, encoder
from retrieval.corpus.folder import UNAMENDED, Amendments, Problem, read_corpus
from retrieval.likeness import sketch
from retrieval.records import Answer, Document, DocumentLanguage, Passage, PassageReference


@dataclass(frozen=True, slots=True)
class Edition:
    """The documents of a folder, and what answers from them."""

    answerer: Answerer
    problems: tuple[Problem, ...]
    inventory: str = ""
    """Of the files that it was read from, where it was told."""

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents it answers from."""
        return self.answerer.documents

    def reply(self, request: Request) -> Answer | Mapping[PassageReference, Passage]:
        """What a request is replied to with."""
        if isinstance(request, Asked):
            return self.answerer.answer(request.text, request.quotes, earlier=request.earlier)
        return self.answerer.passages_behind(request.references)

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
    inventory: str = "",
) -> Edition:
    """Reads and indexes a folder, as amended: seconds of processor time, and more where `vectors` are to be computed.

    Raises CorpusError when the folder cannot be read.
    """
    corpus = read_corpus(folder, progress, amendments)
    answerer = Answerer(corpus.documents, encoder(), vectors, progress, glossary_with(corpus.concepts))
    return Edition(answerer, corpus.problems, inventory)


def warm_up() -> None:
    """Loads what every edition and every answer needs, from tokenisers to the encoder, by answering from two lines."""
    lines: dict[str, DocumentLanguage] = {"Bình Dương có một trung tâm dữ liệu.": "vi", "平阳有一个数据中心。": "zh"}
    answering = Answerer((Document(code, code, (line,)) for line, code in lines.items()), encoder())
    # Foreign, but not English: what is English in a corpus is known once it is read.
    for question in (*lines, "Kapan Binh Duong membuka pusat datanya?"):
        answering.answer(question)


def finds_by_meaning() -> bool:
    """Whether the extra `semantic` is installed."""
    return encoder() is not None
