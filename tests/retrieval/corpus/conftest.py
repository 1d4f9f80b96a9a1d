"""What tests of the corpus share: the process in which pages are read."""

from collections.abc import Iterator
from contextlib import nullcontext

import pytest

from retrieval.corpus import folder
from retrieval.corpus.confinement import ConfinedReader


@pytest.fixture(scope="module")
def reader() -> Iterator[ConfinedReader]:
    with ConfinedReader() as reader:
        yield reader


@pytest.fixture
def in_one_process(reader: ConfinedReader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has every folder of a test read in the process that read the one before; it takes a second to begin."""
    monkeypatch.setattr(folder, "ConfinedReader", lambda: nullcontext(reader))
