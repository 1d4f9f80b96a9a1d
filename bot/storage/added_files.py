"""The files of documents that administrators have added, each under the digest of what it says and not its name."""

import hashlib
import os
from collections.abc import Set
from pathlib import Path

from bot.storage.database import DatabaseError


class AddedFiles:
    """A folder of files, each written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> Path:
        """Where a file stands, if it is there."""
        return self._folder / name

    def keep(self, content: bytes, suffix: str) -> str:
        """Writes a file to the disk; returns its name, which is the same for the same content.

        Raises DatabaseError where the disk refuses.
        """
        name = hashlib.sha256(content).hexdigest() + suffix
        unfinished = self._folder / f".{name}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with open(unfinished, "wb", opener=_for_its_owner_alone) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self.path(name))
            _to_disk(self._folder)
        except OSError as error:
            raise DatabaseError(f"The folder {self._folder} cannot be written to: {error.strerror}.") from error
        return name

    def remove_all_but(self, needed: Set[str]) -> None:
        """Removes every other file, those that a kill has left unfinished, too."""
        if self._folder.is_dir():
            for path in self._folder.iterdir():
                if path.name not in needed:
                    path.unlink(missing_ok=True)


def _for_its_owner_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _to_disk(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
