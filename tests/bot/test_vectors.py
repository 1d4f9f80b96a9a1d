"""Vectors are kept between starts; a disk that fails costs time and nothing else."""

from pathlib import Path

import pytest

from bot.corpus.vectors import VectorStore


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


def test_a_file_that_is_no_database_knows_nothing_and_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "vectors.db"
    path.write_bytes(b"no database " * 1000)
    store = VectorStore(path)
    store.save({"a": b"1"})
    assert (store.load(["a"]), path.read_bytes()) == ({}, b"no database " * 1000)


def test_a_folder_in_place_of_the_file_knows_nothing(tmp_path: Path) -> None:
    store = VectorStore(tmp_path)
    store.save({"a": b"1"})
    assert store.load(["a"]) == {}


def test_a_file_in_place_of_the_folder_knows_nothing(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    store = VectorStore(tmp_path / "data" / "vectors.db")
    store.save({"a": b"1"})
    assert store.load(["a"]) == {}
