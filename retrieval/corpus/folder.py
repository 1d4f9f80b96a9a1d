"""From a folder of files to the documents in it, and what was left out and why."""

import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from retrieval.bridges.glossary import Concept, GlossaryError, read_glossary
from retrieval.corpus.articles import KINDS, RISKY, read_article
from retrieval.corpus.cleaning import Article
from retrieval.corpus.confinement import ConfinedReader
from retrieval.corpus.encoding import UndecodableError, decode
from retrieval.corpus.formats import LARGEST_FILE, UnreadableError, check_size
from retrieval.corpus.records import UNAMENDED, Amendments, CorpusError, Problem
from retrieval.corpus.sidecar import SUFFIX, Sidecar, SidecarError, read_sidecar
from retrieval.languages import document_language
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


GLOSSARY = "glossary.tsv"
"""The file beside the documents in which an administrator adds words to the project's glossary."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A file to be read, and where it must lie."""

    path: Path
    folder: Path
    id: str
    shown: str
    sidecar: Path | None = None


class _BadSidecarError(Exception):
    """Raised when a document's sidecar cannot be used: without it the document would say what is known to be wrong."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(reason)
        self.file = file


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
    files, sidecars = _files(folder)
    documents: dict[str, Document] = {}
    readings: dict[str, Document] = {}
    problems: list[Problem] = []
    concepts: tuple[Concept, ...] = ()
    size = 0
    sources = _amended(folder, files, sidecars, amendments)
    with ConfinedReader() as confined:
        for done, source in enumerate(sources):
            progress(done, len(sources))
            try:
                if source.path == folder / GLOSSARY:
                    concepts = tuple(read_glossary(clean(decode(_read_bytes(folder, source.path))), f"{GLOSSARY} "))
                    continue
                data = _document_bytes(source.folder, source.path)
                size += len(data)
                if size > LARGEST_CORPUS:
                    raise UnreadableError(f"does not fit in a corpus of {LARGEST_CORPUS // 1_000_000} MB; remove some")
                sidecar = _sidecar_bytes(folder, source.sidecar)
                made_of = _digest(source, data, sidecar)
                document = known.get(made_of) or _read(source, data, sidecar, confined)
                # What was packed counts as it is unpacked.
                size += max(0, document.characters_kept + document.characters_cut - len(data))
                if document.id in documents:
                    raise UnreadableError(f"has the same name as another file, {document.id}; rename one of them")
                documents[document.id] = readings[made_of] = document
            except _BadSidecarError as error:
                problems.append(Problem(_shown(error.file), f"{error}; its document is left out until then"))
            except (UndecodableError, UnreadableError, GlossaryError, OSError) as error:
                problems.append(Problem(source.shown, _reason(error)))
    stems = {path.stem for path in files}
    problems += [Problem(_shown(path.name), _ORPHAN) for stem, path in sidecars.items() if stem not in stems]
    progress(len(sources), len(sources))
    return Corpus(tuple(documents.values()), tuple(problems), concepts, readings)


def inventory(folder: Path, amendments: Amendments = UNAMENDED) -> str:
    """A digest of every byte that `read_corpus` would read, and of when it was last written: as long as it stays the
    same, so do the documents.

    Raises CorpusError when the folder itself cannot be read.
    """
    files, sidecars = _files(folder)
    places = [(folder, path) for path in (*files, *sidecars.values())]
    places += [(added.path.parent, added.path) for added in amendments.added]
    digest = sha256(repr((sorted(amendments.removed), amendments.added)).encode("utf-8", "surrogatepass"))
    for place, path in places:
        read = path.name == GLOSSARY or path.suffix.lower() in (*KINDS, SUFFIX)
        try:
            written = path.stat().st_ctime_ns
            data = _read_bytes(place, path, may_be_empty=True) if read else b""
        except (UnreadableError, OSError) as error:
            written, data = 0, _reason(error).encode("utf-8", "surrogatepass")
        digest.update(f"{path.name!r} {written} {len(data)}\n".encode("utf-8", "surrogatepass") + data)
    return digest.hexdigest()


def _files(folder: Path) -> tuple[list[Path], dict[str, Path]]:
    """The files that should be documents, by name, and the sidecars by the stem they belong to."""
    try:
        entries = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise CorpusError(f"The corpus folder {folder} cannot be read: {error.strerror}.") from error
    sidecars = {path.stem: path for path in entries if path.suffix.lower() == SUFFIX}
    return [path for path in entries if path.suffix.lower() != SUFFIX], sidecars


def _amended(folder: Path, files: list[Path], sidecars: dict[str, Path], amendments: Amendments) -> list[_Source]:
    """The files to be read: the folder's without those removed or replaced, then those added."""
    hidden = amendments.removed | {file.id for file in amendments.added}
    own = [
        _Source(path, folder, _shown(path.stem), _shown(path.name), sidecars.get(path.stem))
        for path in files
        if path.name == GLOSSARY or _shown(path.stem) not in hidden
    ]
    return own + [
        _Source(file.path, file.path.parent, file.id, file.id + file.path.suffix) for file in amendments.added
    ]


def _document_bytes(folder: Path, path: Path) -> bytes:
    if path.is_dir():
        raise UnreadableError("is a folder; documents stand beside one another in one folder")
    if path.suffix.lower() not in KINDS:
        raise UnreadableError(f"is not one of {', '.join(KINDS)}; rename or convert it")
    return _read_bytes(folder, path)


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
        return _read_bytes(folder, path, may_be_empty=True)
    except (UnreadableError, OSError) as error:
        raise _BadSidecarError(path.name, _reason(error)) from error


def _digest(source: _Source, data: bytes, sidecar: bytes) -> str:
    """A name for all that a document is made of."""
    about = repr((source.id, source.path.suffix.lower(), len(data)))
    return sha256(about.encode("utf-8", "surrogatepass") + data + sidecar).hexdigest()


def _read(source: _Source, data: bytes, sidecar: bytes, confined: ConfinedReader) -> Document:
    article = _article(source.path.suffix.lower(), data, confined)
    try:
        return document_of(source.id, article, read_sidecar(sidecar))
    except SidecarError as error:
        raise _BadSidecarError(source.sidecar.name if source.sidecar else "", _reason(error)) from error


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


def _read_bytes(folder: Path, path: Path, may_be_empty: bool = False) -> bytes:
    """The bytes of a plain file inside the folder, unchanged while they were read."""
    try:
        target = path.resolve()
        inside = target.is_relative_to(folder.resolve())
        before = target.stat()
    except (RuntimeError, FileNotFoundError) as error:
        if not path.is_symlink():
            raise UnreadableError("is gone; put it back, or remove it") from error
        raise UnreadableError("is a link that leads nowhere; remove it") from error
    if not inside:
        raise UnreadableError("is a link that leads out of the corpus folder; put the file itself there")
    if not stat.S_ISREG(before.st_mode):
        raise UnreadableError("is not a plain file")
    check_size(before.st_size)
    with open(target, "rb", opener=_without_following) as file:
        data = file.read(LARGEST_FILE + 1)
        after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns, before.st_ino) != (
        after.st_size,
        after.st_mtime_ns,
        after.st_ino,
    ):
        raise UnreadableError("changed while it was read; reload once it is complete")
    if not data.strip() and not may_be_empty:
        raise UnreadableError("is empty")
    return data


def _without_following(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _reason(error: Exception) -> str:
    return f"cannot be read: {error.strerror}" if isinstance(error, OSError) and error.strerror else str(error)


def _shown(name: str) -> str:
    """A file's name, safe to print."""
    return clean(name).replace("\n", " ")
