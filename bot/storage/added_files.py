"""The files of documents that administrators have added, each under the digest of what it says and not its name."""

import hashlib
import os
import time
from collections.abc import Set
from pathlib import Path

from bot.storage.database import DatabaseError
from bot.storage.disk import to_disk

_ASIDE = ".unneeded"


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
            to_disk(self._folder)
        except OSError as error:
            raise DatabaseError(f"The folder {self._folder} cannot be written to: {error.strerror}.") from error
        return name

    def bring_back(self, needed: Set[str]) -> None:
        """Puts back what was laid aside and is needed again: the database may have been restored since."""
        for name in needed:
            aside = self.path(name + _ASIDE)
            if aside.exists() and not self.path(name).exists():
                aside.rename(self.path(name))

    def lay_aside_all_but(self, needed: Set[str], seconds: float) -> None:
        """Lays every other file aside, and removes what has lain there for so many seconds.

        Not at once: a database that was restored, or begun anew, does not know of all that the next one needs.
        """
        if self._folder.is_dir():
            for path in self._folder.iterdir():
                if path.name.startswith("."):
                    path.unlink()  # a kill has left it unfinished
                elif path.suffix != _ASIDE and path.name not in needed:
                    path.touch()
                    path.rename(self.path(path.name + _ASIDE))
                elif path.suffix == _ASIDE and time.time() - path.stat().st_mtime > seconds:
                    path.unlink()


def _for_its_owner_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
