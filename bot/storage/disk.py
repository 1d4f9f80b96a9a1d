"""What is written is on the disk, and not only on its way there."""

import os
from pathlib import Path


def to_disk(path: Path) -> None:
    """Returns once a file's bytes, or a folder's names, would outlive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
