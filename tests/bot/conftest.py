"""The command line, too, finds the vectors of the seeds where one test run keeps them."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def _shared_data(seed_vectors: Path) -> None:
    os.environ["ASCN_BOT_DATA"] = str(seed_vectors.parent)
