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
from retrieval.corpus.formats import UnreadableError
from retrieval.corpus.sidecar import SUFFIX, Sidecar, SidecarError, read_sidecar
from retrieval.languages import document_language
from retrieval.records import Document
from retrieval.text import clean

LARGEST_FILE = 5_000_000
"""Bytes. A longer file is no article; it is reported and left out."""
LARGEST_CORPUS = 50_000_000
"""Bytes of all files together: about half an hour of a processor to index, which a start must not exceed."""
_SMALL = 64_000
"""Bytes of plain text that can be read here: the worst we know of takes two seconds."""

_SILENT = Sidecar()
_ORPHAN = "belongs to no document of that name"

Progress = Callable[[int, int], None]
"""Called with how many files are done, of how many."""
Articles = Mapping[str, Article]
"""What files held, each by a digest of its kind and its bytes."""


GLOSSARY = "glossary.tsv"
"""The file beside the documents in which an administrator adds words to the project's glossary."""


class CorpusError(Exception):
    """Raised when a corpus folder cannot be read at all; the message names it and the mend."""


@dataclass(frozen=True, slots=True)
class AddedFile:
    """A document's file that stands elsewhere than in the folder; what its name ends in tells its kind."""

    id: str
    path: Path


@dataclass(frozen=True, slots=True)
class Amendments:
    """What is read besides a folder, and what of it is not."""

    removed: frozenset[str] = frozenset()
    """Ids of the folder's documents that are left alone."""
    added: tuple[AddedFile, ...] = ()
    """Each instead of the folder's document with its id, if there is one."""


UNAMENDED = Amendments()


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
class Problem:
    """A file that was left out, or read with a doubt, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """The documents of a folder, ordered by file name, and the problems met."""

    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]
    concepts: tuple[Concept, ...] = ()
    """The rows of the folder's own glossary, where it has one."""
    articles: Articles = field(default_factory=dict, compare=False)
    """What the documents were made of, for a later reading."""


def read_corpus(
    folder: Path,
    progress: Progress = lambda done, total: None,
    amendments: Amendments = UNAMENDED,
    known: Articles = MappingProxyType({}),
) -> Corpus:
    """Every document of `folder`, as amended; a file that cannot be used becomes a Problem and the rest load.

    What is `known` from an earlier reading is not read out of its bytes again.

    Raises CorpusError when the folder itself cannot be read.
    """
    files, sidecars = _files(folder)
    documents: dict[str, Document] = {}
    articles: dict[str, Article] = {}
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
                suffix = source.path.suffix.lower()
                name = sha256(suffix.encode() + b"\n" + data).hexdigest()
                article = articles[name] = known.get(name) or _article(suffix, data, confined)
                size += max(0, article.characters - len(data))  # what was packed counts as it is unpacked
                document = document_of(source.id, article, _sidecar(folder, source.sidecar))
                if document.id in documents:
                    raise UnreadableError(f"has the same name as another file, {document.id}; rename one of them")
                documents[document.id] = document
            except _BadSidecarError as error:
                problems.append(Problem(_shown(error.file), f"{error}; its document is left out until then"))
            except (UndecodableError, UnreadableError, GlossaryError, OSError) as error:
                problems.append(Problem(source.shown, _reason(error)))
    stems = {path.stem for path in files}
    problems += [Problem(_shown(path.name), _ORPHAN) for stem, path in sidecars.items() if stem not in stems]
    progress(len(sources), len(sources))
    return Corpus(tuple(documents.values()), tuple(problems), concepts, articles)


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


def _sidecar(folder: Path, path: Path | None) -> Sidecar:
    """What stands beside a document, if anything does."""
    if path is None:
        return Sidecar()
    try:
        return read_sidecar(_read_bytes(folder, path, may_be_empty=True))
    except (SidecarError, UnreadableError, OSError) as error:
        raise _BadSidecarError(path.name, _reason(error)) from error


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


def check_size(size: int) -> None:
    """Raises UnreadableError for more bytes than a document's file may have."""
    if size > LARGEST_FILE:
        raise UnreadableError(f"is larger than {LARGEST_FILE // 1_000_000} MB; split it into articles")


def _without_following(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _reason(error: Exception) -> str:
    return f"cannot be read: {error.strerror}" if isinstance(error, OSError) and error.strerror else str(error)


def _shown(name: str) -> str:
    """A file's name, safe to print."""
    return clean(name).replace("\n", " ")
