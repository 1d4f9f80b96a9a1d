"""The folder of what outlives the process: one process at a time uses it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class DataFolderError(Exception):
    """Raised when the folder cannot be used; the message names it and the mend."""


@contextmanager
def in_use(folder: Path) -> Iterator[None]:
    """Keeps every other process out of the folder until the block ends, however it ends.

    Raises DataFolderError where another process is in, or the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
    except OSError as error:
        raise DataFolderError(f"The data folder {folder} cannot be written to: {error.strerror}.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DataFolderError(
                f"Another process uses the data folder {folder}; stop it, or name another one in ASCN_BOT_DATA."
            ) from error
        yield
