"""The processes that answer: what hangs or dies in them harms no one else, and they end with the bot."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from unittest.mock import create_autospec

import pytest

from bot.corpus.answering import _paced, _replied
from bot.corpus.editions import Edition
from bot.corpus.library import Library
from bot.corpus.nursery import EditionFailedError, EditionProcess, Nursery, QuestionTooHardError
from bot.corpus.wire import Asked, Order, WarmUp, unpickled
from tests.conftest import SEEDS

QUESTION = "Becamex IDC"


@pytest.fixture
async def library(nursery: Nursery, data_folder: Path) -> AsyncIterator[Library]:
    library = await Library.open(
        Order(SEEDS, data_folder / "vectors.sqlite3", data_folder / "corpus.snapshot"), nursery
    )
    yield library
    library.close()


def answerers(library: Library) -> list[int]:
    return [answerer._pid for answerer in library._edition._free]


async def test_an_answer_is_the_same_as_in_one_process_and_shares_the_catalogues_documents(library: Library) -> None:
    answer = await library.answer(QUESTION)
    assert answer.found
    assert QUESTION in answer.quotes[0].text
    assert any(answer.quotes[0].document is document for document in library.catalogue.documents)


async def test_what_is_long_is_read_beside_the_bot_and_what_is_short_at_once(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers: list[threading.Thread] = []

    def read(*given: Any) -> Any:
        readers.append(threading.current_thread())
        return unpickled(*given)

    monkeypatch.setattr("bot.corpus.nursery.unpickled", read)
    short = await library.answer(QUESTION)
    assert set(readers) == {threading.main_thread()}
    monkeypatch.setattr("bot.corpus.nursery._LONG", 10)
    assert await library.answer(QUESTION) == short
    assert readers[-1] is not threading.main_thread()


async def test_several_questions_at_once_each_get_their_own_answer(library: Library) -> None:
    asked = [QUESTION, "平阳共有多少个投资项目?", "ASCN có bao nhiêu đô thị thành viên?"] * 4
    answers = await asyncio.gather(*map(library.answer, asked))
    assert [answer.question.text for answer in answers] == asked


async def test_a_question_that_takes_too_long_ends_its_answerer_and_nobody_else(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    await library.answer(QUESTION)
    (slow,) = answerers(library)
    os.kill(slow, signal.SIGSTOP)
    monkeypatch.setattr("bot.corpus.nursery._SECONDS_A_QUESTION", 0.2)
    with pytest.raises(QuestionTooHardError):
        await library.answer(QUESTION)
    monkeypatch.undo()
    assert (await library.answer(QUESTION)).found
    assert slow not in answerers(library)


async def test_an_answerer_that_dies_is_replaced_and_the_question_answered(library: Library) -> None:
    await library.answer(QUESTION)
    (dead,) = answerers(library)
    os.kill(dead, signal.SIGKILL)
    assert (await library.answer(QUESTION)).found


async def test_whoever_stops_waiting_leaves_no_half_answer_to_the_next(library: Library) -> None:
    for delay in (0.0, 0.001, 0.005, 0.02):
        asked = asyncio.create_task(library.answer("ASCN có bao nhiêu đô thị thành viên?"))
        await asyncio.sleep(delay)
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
        assert (await library.answer(QUESTION)).question.text == QUESTION


async def test_where_the_process_that_has_read_the_corpus_is_gone_it_is_read_again(
    nursery: Nursery, data_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    order = Order(SEEDS, data_folder / "vectors.sqlite3", data_folder / "corpus.snapshot")
    library = Library(order, nursery, await Nursery.edition(nursery, order, lambda done, total: None))
    library._edition._own.shutdown(socket.SHUT_RDWR)
    answers = await asyncio.gather(*(library.answer(QUESTION) for _ in range(5)))
    assert all(answer.found for answer in answers)
    assert caplog.text.count("reading it again") == 1
    library.close()


async def test_a_folder_that_cannot_be_read_is_said_and_the_nursery_goes_on(
    nursery: Nursery, library: Library, tmp_path: Path
) -> None:
    with pytest.raises(EditionFailedError, match="nowhere"):
        await nursery.edition(
            Order(tmp_path / "nowhere", tmp_path / "vectors", tmp_path / "snapshot"), lambda done, total: None
        )
    assert (await library.answer(QUESTION)).found


async def test_an_old_edition_answers_what_it_was_asked_before_it_ends(
    nursery: Nursery, data_folder: Path, tmp_path: Path
) -> None:
    corpus = Path(shutil.copytree(SEEDS, tmp_path / "corpus"))
    library = await Library.open(
        Order(corpus, data_folder / "vectors.sqlite3", data_folder / "corpus.snapshot"), nursery
    )
    asked = [asyncio.create_task(library.answer(QUESTION)) for _ in range(8)]
    await asyncio.sleep(0)
    next(corpus.glob("001*")).unlink()
    reload = await library.reload(lambda done, total: None)
    assert len(reload.removed) == 1
    assert all(answer.found for answer in await asyncio.gather(*asked))
    library.close()


async def test_where_no_file_has_changed_a_reload_reads_none_anew(
    nursery: Nursery, data_folder: Path, tmp_path: Path
) -> None:
    corpus = Path(shutil.copytree(SEEDS, tmp_path / "corpus"))
    library = await Library.open(
        Order(corpus, data_folder / "vectors.sqlite3", data_folder / "corpus.snapshot"), nursery
    )
    serving, told = library._edition, list[int]()
    reload = await library.reload(lambda done, total: told.append(done))
    assert (library._edition is serving, told) == (True, [])
    assert (reload.catalogue, reload.added, reload.changed, reload.removed) == (library.catalogue, (), (), ())
    await library.reload(lambda done, total: told.append(done), force=True)
    assert library._edition is not serving
    library.close()


@pytest.mark.parametrize("change", ["text", "name", "sidecar", "glossary", "empty", "gone"])
async def test_whatever_has_changed_is_read_anew(
    nursery: Nursery, data_folder: Path, tmp_path: Path, change: str
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for name in ("a", "b"):
        (corpus / f"{name}.txt").write_text(f"Bình Dương có trung tâm dữ liệu {name} của vùng.\n\nHai.")
    library = await Library.open(
        Order(corpus, data_folder / "vectors.sqlite3", data_folder / "corpus.snapshot"), nursery
    )
    serving, text = library._edition, corpus / "a.txt"
    match change:
        case "text":
            text.write_text(text.read_text().replace("vùng", "tỉnh"))
        case "name":
            text.rename(corpus / "c.txt")
        case "sidecar":
            (corpus / "a.toml").write_text('title = "Dữ liệu"')
        case "glossary":
            (corpus / "glossary.tsv").write_text("vi\ten\ntrung tâm dữ liệu\tdata centre\n")
        case "empty":
            text.write_text("")
        case "gone":
            text.unlink()
    await library.reload(lambda done, total: None)
    assert library._edition is not serving
    library.close()


async def test_where_something_was_left_out_all_is_read_anew(
    nursery: Nursery, data_folder: Path, tmp_path: Path
) -> None:
    corpus = Path(shutil.copytree(SEEDS, tmp_path / "corpus"))
    (corpus / "empty.txt").touch()
    library = await Library.open(
        Order(corpus, data_folder / "vectors.sqlite3", data_folder / "corpus.snapshot"), nursery
    )
    serving = library._edition
    await library.reload(lambda done, total: None)
    assert library._edition is not serving
    library.close()


async def test_a_reload_that_is_given_up_while_the_new_edition_warms_up_leaves_none_of_it(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    warming: list[EditionProcess] = []

    async def for_ever(edition: EditionProcess) -> None:
        warming.append(edition)
        await asyncio.Event().wait()

    monkeypatch.setattr(EditionProcess, "warm_up", for_ever)
    reload = asyncio.create_task(library.reload(lambda done, total: None, force=True))
    while not warming:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    reload.cancel()
    await asyncio.gather(reload, return_exceptions=True)
    assert warming[0]._own.fileno() == -1
    assert (await library.answer(QUESTION)).found


BOT = f"""
import asyncio
from pathlib import Path
from bot.corpus.answering import _paced
from bot.corpus.library import Library
from bot.corpus.nursery import Nursery
from bot.corpus.wire import Order, unpickled

async def main():
    nursery = Nursery()
    library = await Library.open(Order(Path({str(SEEDS)!r}), Path("vectors.sqlite3"), Path("corpus.snapshot")), nursery)
    await library.answer({QUESTION!r})
    print(nursery._process.pid, library._edition._free[0]._pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_with_the_bot_its_processes_end_and_none_has_its_token(data_folder: Path) -> None:
    process = subprocess.Popen(  # noqa: ASYNC220, S603
        [sys.executable, "-c", BOT],
        cwd=data_folder,
        stdout=subprocess.PIPE,
        env=os.environ | {"TELEGRAM_BOT_TOKEN": "canary", "PYTHONPATH": str(SEEDS.parent)},
    )
    assert process.stdout is not None
    pids = [int(pid) for pid in (await asyncio.to_thread(process.stdout.readline)).split()]
    assert len(pids) == 2
    environments = [Path(f"/proc/{pid}/environ").read_bytes() for pid in pids]
    assert not any(b"canary" in environment for environment in environments)
    process.kill()
    process.wait()
    process.stdout.close()
    async with asyncio.timeout(10):
        while any(Path(f"/proc/{pid}").exists() for pid in pids):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_a_nursery_that_was_killed_is_begun_anew(data_folder: Path) -> None:
    nursery = Nursery()
    nursery._process.kill()
    nursery._process.wait()
    library = await Library.open(
        Order(SEEDS, data_folder / "vectors.sqlite3", data_folder / "corpus.snapshot"), nursery
    )
    assert (await library.answer(QUESTION)).found
    library.close()
    nursery.close()


@pytest.mark.skipif(not hasattr(os, "SCHED_IDLE"), reason="only Linux has threads that give way")
@pytest.mark.parametrize(("answers_go_on", "policy"), [(True, "SCHED_IDLE"), (False, "SCHED_OTHER")])
def test_a_reload_takes_what_time_the_answers_leave(tmp_path: Path, answers_go_on: bool, policy: str) -> None:
    order = Order(tmp_path, tmp_path / "vectors", tmp_path / "snapshot", answers_go_on=answers_go_on)
    assert _paced(lambda: os.sched_getscheduler(0), order) == getattr(os, policy)
    assert os.sched_getscheduler(0) == os.SCHED_OTHER  # what is forked later takes its share again


@pytest.mark.skipif(not hasattr(os, "SCHED_IDLE"), reason="only Linux has threads that give way")
def test_to_warm_up_takes_what_time_the_answers_leave_and_a_question_its_share(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.corpus.answering.reply", lambda *given: os.sched_getscheduler(0))
    edition, order = create_autospec(Edition), Order(tmp_path, tmp_path, tmp_path, answers_go_on=True)
    assert _replied(edition, order, WarmUp()) == os.SCHED_IDLE
    assert _replied(edition, order, Asked(QUESTION)) == os.SCHED_OTHER


async def test_whoever_does_not_come_to_warm_up_in_time_answers_all_the_same(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.corpus.nursery._SECONDS_A_QUESTION", 0.0)
    await library._edition.warm_up()
    monkeypatch.undo()
    assert (await library.answer(QUESTION)).found
