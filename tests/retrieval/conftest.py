"""The real seeds, read and indexed once."""

from pathlib import Path

import pytest

from bot.corpus.vectors import VectorStore
from retrieval.answers import Answerer
from retrieval.bridges import meaning
from retrieval.corpus.folder import Corpus, read_corpus

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture(scope="session")
def seeds() -> Corpus:
    return read_corpus(SEEDS)


@pytest.fixture(scope="session")
def seed_answerer(seeds: Corpus) -> Answerer:
    return Answerer(seeds.documents)


@pytest.fixture(scope="session")
def encoder() -> meaning.Encoder:
    found = meaning.encoder()
    if found is None:
        pytest.skip("the extra semantic is not installed")
    return found


@pytest.fixture(scope="session")
def meaning_answerer(seeds: Corpus, encoder: meaning.Encoder, seed_vectors: Path) -> Answerer:
    return Answerer(seeds.documents, encoder, VectorStore(seed_vectors))
