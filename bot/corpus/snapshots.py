"""Keeps the edition last made, so that what has not changed is neither read nor indexed again."""

import gc
import logging
import os
import pickle
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b, file_digest
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, BinaryIO

from bot.corpus.editions import Edition
from bot.logs import describe

_LOG = logging.getLogger(__name__)
_DIGEST = 32
"""Bytes of a digest; two go before the edition: of the programme that made it, and of what follows."""
_HEAD = 2 * _DIGEST
_SECONDS_TO_FINISH = 3600
"""No process takes so long to keep an edition."""
_WRITTEN_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


class Snapshots:
    """The one edition that is kept, in a file.

    It is a pickle, and reading one runs what it says: no file is read that anyone but this user could have written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> Edition | None:
        """The edition last kept; none where it was made by another version of the programme, or cannot be read."""
        try:
            with self._opened() as file:
                return self._edition_in(file)
        except FileNotFoundError:
            return None
        except OSError as error:
            _LOG.warning("%s cannot be read, and is not used: %s", self._path, error.strerror)
            return None
        except Exception as error:  # whatever it is, all can be read anew
            _LOG.warning("%s cannot be made out, and is not used: %s", self._path, describe(error))
            return None

    def save(self, edition: Edition) -> None:
        """Keeps an edition in place of the last; where that fails, the next start takes longer."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._tidy()
            # A name of its own, for others may keep one at the same time; only this user may read and write it.
            with NamedTemporaryFile(dir=self._path.parent, prefix=f"{self._path.name}.", delete=False) as file:
                unfinished = Path(file.name)
                try:
                    file.write(bytes(_HEAD))
                    with _without_collector():
                        pickle.dump(edition, file, pickle.HIGHEST_PROTOCOL)
                    file.seek(_HEAD)
                    seal = _digest(file)
                    file.seek(0)
                    file.write(_PROGRAMME + seal)
                    file.flush()
                    unfinished.replace(self._path)
                except BaseException:
                    unfinished.unlink(missing_ok=True)
                    raise
        except (OSError, MemoryError, pickle.PicklingError) as error:
            _LOG.warning("the corpus cannot be kept in %s: %s", self._path, describe(error))

    def _edition_in(self, file: BinaryIO) -> Edition | None:
        programme, seal = file.read(_DIGEST), file.read(_DIGEST)
        if programme != _PROGRAMME:
            return None
        if seal != _digest(file):
            _LOG.warning("%s is damaged, and is not used", self._path)
            return None
        file.seek(_HEAD)
        with _without_collector():
            edition: Edition = pickle.load(file)  # noqa: S301
        gc.freeze()  # or the collector would go through all of it again and again
        return edition

    def _tidy(self) -> None:
        """Deletes what processes that were killed have left unfinished."""
        for left in self._path.parent.glob(f"{self._path.name}.*"):
            with suppress(FileNotFoundError):  # another process may tidy, too
                if time.time() - left.stat().st_mtime > _SECONDS_TO_FINISH:
                    left.unlink()

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        with open(self._path, "rb", opener=_as_a_plain_file) as file:
            found = os.fstat(file.fileno())
            if found.st_uid != os.geteuid() or found.st_mode & _WRITTEN_BY_OTHERS or not stat.S_ISREG(found.st_mode):
                raise PermissionError(0, "others may have written it")
            yield file


def _as_a_plain_file(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _programme() -> bytes:
    """A digest of all that an edition comes of beside its files: our own modules and tables, and what is installed."""
    digest = blake2b(repr((sys.version, sorted(_packages()))).encode(), digest_size=_DIGEST)
    for package in ("retrieval", "bot.corpus"):
        for name, content in sorted(_contents(files(package))):
            digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.digest()


def _packages() -> Iterator[str]:
    """The installed packages with their versions."""
    for folder in sys.path:
        with suppress(OSError):
            yield from (name for name in os.listdir(folder) if name.endswith(".dist-info"))


def _contents(folder: Traversable) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from ((f"{entry.name}/{name}", content) for name, content in _contents(entry))
        elif entry.is_file() and not entry.name.endswith(".pyc"):
            yield entry.name, entry.read_bytes()


_PROGRAMME = _programme()
"""Taken as this is imported: what lies on the disk may be another version by the time that an edition is kept."""


def _digest(file: IO[bytes]) -> bytes:
    """Of the file from where it stands to its end, which need not fit into memory."""
    return file_digest(file, lambda: blake2b(digest_size=_DIGEST)).digest()  # type: ignore[arg-type]


@contextmanager
def _without_collector() -> Iterator[None]:
    """Looking for garbage among what is being read or written takes as long as reading or writing it."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
