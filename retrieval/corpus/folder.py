"""From a folder of files to the documents in it, and what was left out and why."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from retrieval.bridges.glossary import Concept, GlossaryError, read_glossary
from retrieval.corpus.articles import KINDS, RISKY, read_article
from retrieval.corpus.cleaning import Article
from retrieval.corpus.confinement import ConfinedReader
from retrieval.corpus.encoding import UndecodableError, decode
from retrieval.corpus.files import (
    GLOSSARY,
    Source,
    bytes_of,
    digest_of,
    document_bytes,
    files_in,
    reason_of,
    shown_name,
    sources_in,
)
from retrieval.corpus.records import UNAMENDED, Amendments, Problem, UnreadableError
from retrieval.corpus.sidecar import SUFFIX, Sidecar, SidecarError, read_sidecar
from retrieval.languages import document_language
from retrieval.parallel import parallel_map
from retrieval.records import Document
from retrieval.text import clean

LARGEST_CORPUS = 50_000_000
"""Bytes of all files together: about half an hour of a processor to index, which a start must not exceed."""
_SMALL = 64_000
"""Bytes of plain text that can be read here: the worst we know of takes two seconds."""

_SILENT = Sidecar()
_ORPHAN = "belongs to no document of that name"

Progress = Callable[[int, int], None]
"""Called with how many files are done, of how many."""
Readings = Mapping[str, Document]
"""Documents, each by a digest of all that it was made of."""


class _BadSidecarError(Exception):
    """Raised when a document's sidecar cannot be used: without it the document would say what is known to be wrong."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(reason)
        self.file = file


_FAULTS = (_BadSidecarError, UndecodableError, UnreadableError, GlossaryError, OSError)
"""For which a file is left out and the rest is read."""


class _Raw(NamedTuple):
    """What a document is made of."""

    source: Source
    data: bytes
    sidecar: bytes
    digest: str
    """Of all of it."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """The documents of a folder, ordered by file name, and the problems met."""

    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]
    concepts: tuple[Concept, ...] = ()
    """The rows of the folder's own glossary, where it has one."""
    readings: Readings = field(default_factory=dict, compare=False)
    """The same documents, for a later reading."""


def read_corpus(
    folder: Path,
    progress: Progress = lambda done, total: None,
    amendments: Amendments = UNAMENDED,
    known: Readings = MappingProxyType({}),
) -> Corpus:
    """Every document of `folder`, as amended; a file that cannot be used becomes a Problem and the rest load.

    A document that is `known` from an earlier reading is not read out of its bytes again.

    Raises CorpusError when the folder itself cannot be read.
    """
    files, sidecars = files_in(folder)
    documents: dict[str, Document] = {}
    readings: dict[str, Document] = {}
    problems: list[Problem] = []
    concepts: tuple[Concept, ...] = ()
    size = 0
    found = list(_found(folder, sources_in(folder, amendments)))
    unread = [raw for raw in found if isinstance(raw, _Raw) and raw.digest not in known]
    with ConfinedReader() as confined, closing(parallel_map(partial(_read, confined), unread)) as fresh:
        for done, raw in enumerate(found):
            progress(done, len(found))
            if isinstance(raw, Problem):
                problems.append(raw)
                continue
            if not isinstance(raw, _Raw):
                concepts = raw
                continue
            size += len(raw.data)
            if size > LARGEST_CORPUS:
                problems.append(_no_room_for(raw.source))  # nor for any behind it: none of them is read
                continue
            document = known.get(raw.digest) or next(fresh)
            if isinstance(document, Problem):
                problems.append(document)
                continue
            # What was packed counts as it is unpacked.
            size += max(0, document.characters_kept + document.characters_cut - len(raw.data))
            if document.id in documents:
                problems.append(_namesake(raw.source, document.id))
                continue
            documents[document.id] = readings[raw.digest] = document
    stems = {path.stem for path in files}
    problems += [Problem(shown_name(path.name), _ORPHAN) for stem, path in sidecars.items() if stem not in stems]
    progress(len(found), len(found))
    return Corpus(tuple(documents.values()), tuple(problems), concepts, readings)


def _found(folder: Path, sources: Iterable[Source]) -> Iterator["_Raw | tuple[Concept, ...] | Problem"]:
    """What lies at each source: what a document is to be made of, the glossary's rows, or why it is neither."""
    size = 0
    for source in sources:
        try:
            if source.path == folder / GLOSSARY:
                yield tuple(read_glossary(clean(decode(bytes_of(folder, source.path))), f"{GLOSSARY} "))
                continue
            data = document_bytes(source.folder, source.path)
            size += len(data)
            if size > LARGEST_CORPUS:
                yield _no_room_for(source)
                continue
            sidecar = _sidecar_bytes(folder, source.sidecar)
            yield _Raw(source, data, sidecar, digest_of(source, data, sidecar))
        except _FAULTS as error:
            yield _problem(source, error)


def _read(confined: ConfinedReader, raw: _Raw) -> Document | Problem:
    """The document, or why there is none."""
    try:
        article = _article(raw.source.path.suffix.lower(), raw.data, confined)
        return document_of(raw.source.id, article, _stated(raw))
    except _FAULTS as error:
        return _problem(raw.source, error)


def _no_room_for(source: Source) -> Problem:
    return Problem(source.shown, f"does not fit in a corpus of {LARGEST_CORPUS // 1_000_000} MB; remove some")


def _namesake(source: Source, name: str) -> Problem:
    return Problem(source.shown, f"has the same name as another file, {name}; rename one of them")


def _problem(source: Source, error: Exception) -> Problem:
    if isinstance(error, _BadSidecarError):
        return Problem(shown_name(error.file), f"{error}; its document is left out until then")
    return Problem(source.shown, reason_of(error))


def inventory(folder: Path, amendments: Amendments = UNAMENDED) -> str:
    """A digest of every byte that `read_corpus` would read, and of when it was last written: as long as it stays the
    same, so do the documents.

    Raises CorpusError when the folder itself cannot be read.
    """
    files, sidecars = files_in(folder)
    places = [(folder, path) for path in (*files, *sidecars.values())]
    places += [(added.path.parent, added.path) for added in amendments.added]
    digest = sha256(repr((sorted(amendments.removed), amendments.added)).encode("utf-8", "surrogatepass"))
    for place, path in places:
        read = path.name == GLOSSARY or path.suffix.lower() in (*KINDS, SUFFIX)
        try:
            written = path.stat().st_ctime_ns
            data = bytes_of(place, path, may_be_empty=True) if read else b""
        except (UnreadableError, OSError) as error:
            written, data = 0, reason_of(error).encode("utf-8", "surrogatepass")
        digest.update(f"{path.name!r} {written} {len(data)}\n".encode("utf-8", "surrogatepass") + data)
    return digest.hexdigest()


def _article(suffix: str, data: bytes, confined: ConfinedReader) -> Article:
    """The article in the bytes; starting a process takes 0.3 s, which a folder of small texts need not wait for."""
    if suffix in RISKY or len(data) > _SMALL:
        return confined.read_article(suffix, data)
    return read_article(suffix, data)


def _sidecar_bytes(folder: Path, path: Path | None) -> bytes:
    """What stands beside a document, nothing where nothing does."""
    if path is None:
        return b""
    try:
        return bytes_of(folder, path, may_be_empty=True)
    except (UnreadableError, OSError) as error:
        raise _BadSidecarError(path.name, reason_of(error)) from error


def _stated(raw: _Raw) -> Sidecar:
    try:
        return read_sidecar(raw.sidecar)
    except SidecarError as error:
        raise _BadSidecarError(raw.source.sidecar.name if raw.source.sidecar else "", reason_of(error)) from error


def document_of(stem: str, article: Article, sidecar: Sidecar = _SILENT) -> Document:
    """The document that an article makes; what the sidecar states outweighs what the page says."""
    kept = sum(map(len, article.paragraphs))
    return Document(
        id=stem,
        language=sidecar.language or document_language("\n".join(article.paragraphs)),
        paragraphs=article.paragraphs,
        title=sidecar.title or article.title,
        publisher=sidecar.publisher or article.publisher,
        author=sidecar.author or article.author,
        url=sidecar.url or article.url,
        licence=sidecar.licence,
        published=sidecar.published or article.published,
        date_basis="published" if sidecar.published else article.date_basis,
        characters_kept=kept,
        characters_cut=max(0, article.characters - kept),
    )
