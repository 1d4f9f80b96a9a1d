"""The edition last made is kept, and used where it is whole, of this programme, and nobody else's work."""

import os
import shutil
import subprocess
import sys
import weakref
from pathlib import Path
from unittest.mock import patch

import pytest

from bot.corpus import editions, snapshots
from bot.corpus.editions import Edition, build_edition
from bot.corpus.snapshots import Snapshots
from tests.conftest import SEEDS

QUESTION = "Năm 2021 nước nào chủ trì hội nghị thường niên ASCN?"


@pytest.fixture(scope="module")
def edition() -> Edition:
    return build_edition(SEEDS)


@pytest.fixture
def path(tmp_path: Path, edition: Edition) -> Path:
    path = tmp_path / "data" / "corpus.snapshot"
    Snapshots(path).save(edition)
    return path


def test_what_was_kept_answers_as_it_did(path: Path, edition: Edition) -> None:
    kept = Snapshots(path).load()
    assert kept is not None
    assert kept.catalogue == edition.catalogue
    assert kept.answerer.answer(QUESTION) == edition.answerer.answer(QUESTION)
    assert os.listdir(path.parent) == [path.name]


def test_what_was_kept_is_gone_from_memory_as_soon_as_nobody_has_it(path: Path) -> None:
    """The collector does not look at it, so that nothing in it may hold itself."""
    kept = Snapshots(path).load()
    assert kept is not None
    kept.prepare()
    known = [weakref.ref(part) for part in (kept.answerer, *kept.answerer._indexes.values())]
    del kept
    assert [part() for part in known] == [None, None, None]


def test_what_a_killed_process_left_unfinished_is_deleted_and_what_another_is_writing_is_not(
    path: Path, edition: Edition
) -> None:
    left, written = path.with_name(f"{path.name}.left"), path.with_name(f"{path.name}.written")
    left.touch()
    os.utime(left, (0, 0))
    written.touch()
    Snapshots(path).save(edition)
    assert set(path.parent.iterdir()) == {path, written}


def test_where_nothing_was_kept_nothing_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert Snapshots(tmp_path / "corpus.snapshot").load() is None
    assert caplog.messages == []


def test_what_another_version_kept_is_not_used_and_replaced(
    path: Path, edition: Edition, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(snapshots, "_PROGRAMME", bytes(32))
    assert Snapshots(path).load() is None
    assert caplog.messages == []
    Snapshots(path).save(edition)
    assert Snapshots(path).load() is not None


def test_a_byte_that_was_changed_in_one_of_our_files_makes_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = Path(shutil.copytree(Path(snapshots.__file__).parents[2] / "retrieval", tmp_path / "retrieval"))
    monkeypatch.setattr(snapshots, "files", lambda package: copy)
    first = snapshots._programme()
    assert snapshots._programme() == first
    table = copy / "data" / "words.toml"
    content = table.read_bytes()
    table.write_bytes(content[:-2] + b"#" + content[-1:])
    assert snapshots._programme() != first
    table.write_bytes(content)
    (tmp_path / "jieba-0.43.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert snapshots._programme() != first


def test_what_an_old_process_keeps_after_the_programme_was_replaced_is_not_used_by_the_new_one(
    path: Path, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "_contents", lambda folder: iter([("index.py", b"the new version")]))
    Snapshots(path).save(edition)
    monkeypatch.setattr(snapshots, "_PROGRAMME", snapshots._programme())
    assert Snapshots(path).load() is None


def test_what_cannot_be_made_out_is_not_used(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delattr("retrieval.index._Facts")
    assert Snapshots(path).load() is None
    assert len(caplog.messages) == 1
    assert caplog.messages[0].startswith(f"{path} cannot be made out, and is not used: AttributeError")


@pytest.mark.parametrize("cut", [0, 1, 40, 64, 1000, -1])
def test_what_was_cut_short_is_not_used(path: Path, cut: int, caplog: pytest.LogCaptureFixture) -> None:
    path.write_bytes(path.read_bytes()[:cut])
    assert Snapshots(path).load() is None
    assert len(caplog.messages) == (cut not in (0, 1))


@pytest.mark.parametrize("place", [32, 63, 64, 10_000, -1])
def test_what_is_damaged_is_not_used(path: Path, place: int, caplog: pytest.LogCaptureFixture) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    assert Snapshots(path).load() is None
    assert caplog.messages == [f"{path} is damaged, and is not used"]


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_what_others_may_have_written_is_not_read(path: Path, mode: int, caplog: pytest.LogCaptureFixture) -> None:
    path.chmod(mode)
    assert Snapshots(path).load() is None
    assert caplog.messages == [f"{path} cannot be read, and is not used: others may have written it"]


def test_what_another_user_has_written_is_not_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert Snapshots(path).load() is None


def test_nobody_else_may_read_or_write_it(path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_link_in_its_place_is_not_followed(path: Path, edition: Edition, caplog: pytest.LogCaptureFixture) -> None:
    elsewhere = path.rename(path.with_name("elsewhere"))
    path.symlink_to(elsewhere)
    assert Snapshots(path).load() is None
    assert len(caplog.messages) == 1
    Snapshots(path).save(edition)
    assert not path.is_symlink()


def test_a_pipe_in_its_place_holds_up_nobody(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "corpus.snapshot", 0o600)
    assert Snapshots(tmp_path / "corpus.snapshot").load() is None


@pytest.mark.parametrize("error", [MemoryError(), OSError(28, "No space left on device")])
def test_where_it_cannot_be_kept_nothing_is_left_behind(
    path: Path, edition: Edition, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    with patch.object(Path, "replace", side_effect=error):
        Snapshots(path).save(edition)
    assert len(caplog.messages) == 1
    assert os.listdir(path.parent) == [path.name]
    assert Snapshots(path).load() is not None


def test_where_the_disk_refuses_a_line_of_the_log_says_so(
    tmp_path: Path, edition: Edition, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "data").write_text("a file")
    Snapshots(tmp_path / "data" / "corpus.snapshot").save(edition)
    assert len(caplog.messages) == 1
    assert "cannot be kept" in caplog.text


def test_where_no_file_has_changed_the_edition_is_the_earlier_one(edition: Edition) -> None:
    assert build_edition(SEEDS, earlier=edition) is edition


def test_where_one_file_has_changed_the_others_are_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = Path(shutil.copytree(SEEDS, tmp_path / "corpus"))
    earlier = build_edition(corpus)
    file = next(corpus.glob("001*"))
    file.write_text(file.read_text().replace("2021", "2020"))
    later = build_edition(corpus, earlier=earlier)
    assert len(later.readings.keys() - earlier.readings.keys()) == 1
    assert later.answerer.glossary is earlier.answerer.glossary
    anew = build_edition(corpus)
    assert later.catalogue == anew.catalogue
    assert later.answerer.answer(QUESTION) == anew.answerer.answer(QUESTION)
    monkeypatch.setattr(editions, "read_corpus", None)
    assert build_edition(corpus, earlier=later) is later


def test_an_edition_with_a_problem_is_made_again(tmp_path: Path) -> None:
    corpus = Path(shutil.copytree(SEEDS, tmp_path / "corpus"))
    (corpus / "bad.txt").write_bytes(b"")
    earlier = build_edition(corpus)
    assert build_edition(corpus, earlier=earlier) is not earlier


def test_a_row_added_to_the_glossary_is_known_at_once(tmp_path: Path) -> None:
    corpus = Path(shutil.copytree(SEEDS, tmp_path / "corpus"))
    earlier = build_edition(corpus)
    (corpus / "glossary.tsv").write_text("kind\tvi\ten\ncity\tBình Dương\tKotabaru\n")
    later = build_edition(corpus, earlier=earlier)
    assert later.answerer.answer("Where is Kotabaru?") == build_edition(corpus).answerer.answer("Where is Kotabaru?")
    assert later.answerer.answer("Where is Kotabaru?") != earlier.answerer.answer("Where is Kotabaru?")


FIRST_QUESTIONS = """
import sys
from pathlib import Path
from bot.corpus.editions import load_what_questions_need
from bot.corpus.snapshots import Snapshots

load_what_questions_need()
edition = Snapshots(Path(sys.argv[1])).load()
sys.addaudithook(lambda event, given: event in ("open", "import") and print(event, given[0]))
for question in (
    "Thành phố thông minh là gì?", "智慧城市是什么？", "What is a smart city?", "Where is the operations centre?",
    "thanh pho nao o Viet Nam?", "Siapa ketua ASEAN?", "เมืองอัจฉริยะคืออะไร", "Ilan ang lungsod?", "臺灣在哪裡？",
):
    edition.answerer.answer(question)
"""


def test_the_first_questions_of_what_was_kept_wait_for_no_file_and_no_module(path: Path) -> None:
    """Whatever is the same for every edition is there before one is asked for."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", FIRST_QUESTIONS, path], capture_output=True, text=True, check=True
    )
    assert done.stdout == ""
