"""Vectors are kept between starts; a disk that fails or a damaged file costs time and nothing else."""

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.corpus.editions import build_edition
from bot.corpus.vectors import VectorStore
from tests.bot.test_recovery import Damage, cut_off, cut_off_pages, flip_bytes, swap_pages, zero_a_page
from tests.conftest import SEEDS


@pytest.fixture
def store(tmp_path: Path) -> VectorStore:
    return VectorStore(tmp_path / "data" / "vectors.db")


def test_what_is_kept_comes_back(store: VectorStore) -> None:
    store.save({"a": b"\x00\x01", "b": b""})
    assert store.load(["a", "b"]) == {"a": b"\x00\x01", "b": b""}


def test_another_store_of_the_same_file_has_it_too(tmp_path: Path) -> None:
    VectorStore(tmp_path / "vectors.db").save({"a": b"1"})
    assert VectorStore(tmp_path / "vectors.db").load(["a"]) == {"a": b"1"}


def test_unknown_keys_are_absent(store: VectorStore) -> None:
    store.save({"a": b"1", "c": b"3"})
    assert store.load(["a", "b"]) == {"a": b"1"}


def test_nothing_is_known_at_first_and_nothing_is_asked_for_in_vain(store: VectorStore) -> None:
    store.save({})
    assert (store.load(["a"]), store.load([])) == ({}, {})


def test_the_last_value_of_a_key_stays(store: VectorStore) -> None:
    store.save({"a": b"1"})
    store.save({"a": b"2"})
    assert store.load(["a"]) == {"a": b"2"}


@pytest.mark.parametrize("count", [499, 500, 501, 1234])
def test_any_number_of_keys_comes_back(store: VectorStore, count: int) -> None:
    vectors = {str(i): str(i).encode() for i in range(count)}
    store.save(vectors)
    assert store.load([*vectors, "unknown"]) == vectors


def test_a_file_that_is_no_database_gives_way_to_a_new_one_with_one_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "vectors.db"
    path.write_bytes(b"no database " * 1000)
    path.with_name("vectors.db-wal").write_bytes(b"nor its log")
    store = VectorStore(path)
    assert store.load(["a"]) == {}
    store.save({"a": b"1"})
    assert VectorStore(path).load(["a"]) == {"a": b"1"}
    assert caplog.messages == [f"the vectors in {path} are damaged; computing all of them again"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE vector SET value = CAST(value || x'00' AS BLOB) WHERE key = 'a'",
        "UPDATE vector SET value = substr(value, 1, 20) WHERE key = 'a'",
        "UPDATE vector SET value = x'' WHERE key = 'a'",
        "UPDATE vector SET value = (SELECT value FROM vector WHERE key = 'b') WHERE key = 'a'",
    ],
    ids=["longer", "shorter", "empty", "another's"],
)
def test_a_vector_that_is_not_the_one_that_was_kept_is_not_given(
    store: VectorStore, tmp_path: Path, caplog: pytest.LogCaptureFixture, change: str
) -> None:
    path = tmp_path / "data" / "vectors.db"
    store.save({"a": b"1" * 100, "b": b"2" * 100})
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(change)
    assert store.load(["a", "b"]) == {"b": b"2" * 100}
    assert caplog.messages == [f"damaged vectors in {path}: 1; computing them again"]
    store.save({"a": b"1" * 100})
    assert store.load(["a", "b"]) == {"a": b"1" * 100, "b": b"2" * 100}


@pytest.mark.parametrize("damage", [flip_bytes, cut_off, cut_off_pages, zero_a_page, swap_pages])
def test_whatever_is_damaged_no_wrong_vector_comes_and_the_second_start_has_them_all(
    tmp_path: Path, damage: Damage, caplog: pytest.LogCaptureFixture
) -> None:
    chance = random.Random(1)  # noqa: S311
    kept = {chance.randbytes(32).hex(): chance.randbytes(1536) for _ in range(60)}
    VectorStore(tmp_path / "whole.db").save(kept)
    content = (tmp_path / "whole.db").read_bytes()
    lost = 0
    for seed in range(20):
        path = tmp_path / f"{seed}.db"
        damaged = bytearray(content)
        damage(damaged, random.Random(seed))  # noqa: S311
        path.write_bytes(damaged)
        caplog.clear()
        store = VectorStore(path)
        for start in range(3):
            found = store.load([*kept])
            assert found.items() <= kept.items()
            lost += start == 0 and len(found) < len(kept)
            store.save({key: vector for key, vector in kept.items() if key not in found})
        assert store.load([*kept]) == kept
        assert len(caplog.messages) <= 2
    assert lost >= 3


def test_a_corpus_whose_vectors_are_damaged_answers_as_before(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    corpus, path = tmp_path / "corpus", tmp_path / "vectors.db"
    corpus.mkdir()
    shutil.copy(next(SEEDS.glob("002*")), corpus)
    sound = build_edition(corpus, VectorStore(path)).answerer.answer("ASCN 26 cities")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE vector SET value = zeroblob(length(value)) WHERE rowid < 4")
    assert build_edition(corpus, VectorStore(path)).answerer.answer("ASCN 26 cities") == sound
    assert caplog.messages == [f"damaged vectors in {path}: 3; computing them again"]


def test_a_folder_in_place_of_the_file_knows_nothing(tmp_path: Path) -> None:
    store = VectorStore(tmp_path)
    store.save({"a": b"1"})
    assert store.load(["a"]) == {}


def test_a_file_in_place_of_the_folder_knows_nothing(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    store = VectorStore(tmp_path / "data" / "vectors.db")
    store.save({"a": b"1"})
    assert store.load(["a"]) == {}
