"""The files of a corpus: which there are, and their bytes, read with care."""

import os
import stat
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from retrieval.corpus.articles import KINDS
from retrieval.corpus.records import LARGEST_FILE, Amendments, CorpusError, UnreadableError, check_size
from retrieval.corpus.sidecar import SUFFIX
from retrieval.text import clean

GLOSSARY = "glossary.tsv"
"""The file beside the documents in which an administrator adds words to the project's glossary."""
TEMPLATE = ".template"
"""What the name of a file ends in that is there to be copied, and is passed over."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be read, and where it must lie."""

    path: Path
    folder: Path
    id: str
    shown: str
    sidecar: Path | None = None


def files_in(folder: Path) -> tuple[list[Path], dict[str, Path]]:
    """The files that should be documents, by name, and the sidecars by the stem they belong to.

    Raises CorpusError when the folder cannot be read.
    """
    try:
        entries = sorted(path for path in folder.iterdir() if not _is_passed_over(path.name))
    except OSError as error:
        raise CorpusError(f"The corpus folder {folder} cannot be read: {error.strerror}.") from error
    sidecars = {path.stem: path for path in entries if path.suffix.lower() == SUFFIX}
    return [path for path in entries if path.suffix.lower() != SUFFIX], sidecars


def sources_in(folder: Path, amendments: Amendments) -> list[Source]:
    """The files to be read: the folder's without those removed or replaced, then those added.

    Raises CorpusError when the folder cannot be read.
    """
    files, sidecars = files_in(folder)
    hidden = amendments.removed | {file.id for file in amendments.added}
    own = [
        Source(path, folder, shown_name(path.stem), shown_name(path.name), sidecars.get(path.stem))
        for path in files
        if path.name == GLOSSARY or shown_name(path.stem) not in hidden
    ]
    return own + [Source(file.path, file.path.parent, file.id, file.id + file.path.suffix) for file in amendments.added]


def _is_passed_over(name: str) -> bool:
    return name.startswith(".") or name.lower().endswith(TEMPLATE)


def document_bytes(folder: Path, path: Path) -> bytes:
    """The bytes of a file that is to be a document; raises UnreadableError and OSError."""
    if path.is_dir():
        raise UnreadableError("is a folder; documents stand beside one another in one folder")
    if path.suffix.lower() not in KINDS:
        raise UnreadableError(f"is not one of {', '.join(KINDS)}; rename or convert it")
    return bytes_of(folder, path)


def digest_of(source: Source, data: bytes, sidecar: bytes) -> str:
    """A name for all that a document is made of."""
    about = repr((source.id, source.path.suffix.lower(), len(data)))
    return sha256(about.encode("utf-8", "surrogatepass") + data + sidecar).hexdigest()


def bytes_of(folder: Path, path: Path, may_be_empty: bool = False) -> bytes:
    """The bytes of a plain file inside the folder, unchanged while they were read.

    Raises UnreadableError and OSError.
    """
    try:
        target, inside, before = path, path.parent == folder, path.lstat()
        if not inside or stat.S_ISLNK(before.st_mode):
            target = path.resolve()
            inside, before = target.is_relative_to(folder.resolve()), target.stat()
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


def reason_of(error: Exception) -> str:
    return f"cannot be read: {error.strerror}" if isinstance(error, OSError) and error.strerror else str(error)


def shown_name(name: str) -> str:
    """A file's name, safe to print."""
    return clean(name).replace("\n", " ")
