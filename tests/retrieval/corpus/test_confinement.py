"""The process that reads what may be a bomb: what it is told, what it answers, and what becomes of it."""

import json
import os
import signal
import subprocess
import sys
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from retrieval.corpus import confinement
from retrieval.corpus.cleaning import Article
from retrieval.corpus.confinement import ConfinedReader
from retrieval.corpus.records import UnreadableError
from tests.retrieval.corpus.test_folder import PAGE
from tests.retrieval.making import ARTICLE

TOO_MUCH = "takes more than 5 s or 512 MB to read; keep only the article"
TEXT = f"Cities\n30/08/2021\n{ARTICLE}".encode()


def request(suffix: str, data: bytes) -> bytes:
    return json.dumps({"suffix": suffix, "size": len(data), "seconds": 5.0}).encode() + b"\n" + data


def test_it_says_that_it_is_ready_and_answers_each_request_by_a_line() -> None:
    requests = request(".txt", TEXT) + request(".html", b"<") + request(".txt", b"%PDF") + request(".txt", TEXT)
    done = subprocess.run(
        [sys.executable, "-m", "retrieval.corpus.confinement"],
        input=requests,
        capture_output=True,
        cwd=Path(__file__).parents[3],
        check=True,
        timeout=60,
    )
    ready, *answers = done.stdout.splitlines()
    article = {
        "paragraphs": [ARTICLE],
        "title": "Cities",
        "published": "2021-08-30",
        "date_basis": "published",
        **dict.fromkeys(("publisher", "author", "url")),
        "characters": len(TEXT.decode()),
    }
    assert ready == b"ready"
    assert [json.loads(answer) for answer in answers] == [
        article,
        {"reason": "has no article text that could be taken out; save the article as plain text"},
        {"reason": "is a PDF, not text; save it as plain text, .md or .html"},
        article,
    ]


def test_an_article_comes_back_as_it_is_read_here(reader: ConfinedReader) -> None:
    found = reader.read_article(".txt", TEXT)
    assert found == Article((ARTICLE,), "Cities", date(2021, 8, 30), "published", characters=len(TEXT.decode()))
    process = reader._process
    assert reader.read_article(".txt", ARTICLE.encode()) == Article((ARTICLE,), characters=len(ARTICLE))
    assert reader._process is process


def test_a_reason_comes_back_and_the_process_goes_on(reader: ConfinedReader) -> None:
    with pytest.raises(UnreadableError, match=r"^is a PDF, not text; save it as plain text, .md or .html$"):
        reader.read_article(".html", b"%PDF")
    process = reader._process
    assert reader.read_article(".html", PAGE.format("").encode()).title == "Smart cities meet"
    assert reader._process is process


def test_no_process_is_begun_before_it_is_needed_and_none_is_left(reader: ConfinedReader) -> None:
    reader.read_article(".txt", TEXT)
    process = reader._process
    assert process is not None
    reader.__exit__(None, None, None)
    assert (reader._process, process.returncode) == (None, -9)
    reader.__exit__(None, None, None)


def test_after_a_bomb_a_new_process_is_begun(reader: ConfinedReader, monkeypatch: pytest.MonkeyPatch) -> None:
    reader.read_article(".txt", TEXT)
    process = reader._process
    with monkeypatch.context() as patched:
        patched.setattr(confinement, "LONGEST_SECONDS", 0.1)
        with pytest.raises(UnreadableError, match=f"^{TOO_MUCH}$"):
            reader.read_article(".html", b"<html><body>" + b"<p>some words</p>" * 100_000)
    assert process is not None
    assert process.returncode == -signal.SIGPROF
    assert reader.read_article(".txt", TEXT).title == "Cities"


def test_a_process_that_died_of_itself_is_a_file_that_takes_too_much(reader: ConfinedReader) -> None:
    reader.read_article(".txt", TEXT)
    assert reader._process is not None
    reader._process.kill()
    reader._process.wait()
    with pytest.raises(UnreadableError, match=f"^{TOO_MUCH}$"):
        reader.read_article(".txt", TEXT)
    assert reader.read_article(".txt", TEXT).title == "Cities"


def test_where_no_process_can_be_started_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    reader = ConfinedReader()
    with pytest.raises(UnreadableError, match=r"^cannot be read: no process can be started to read it in$"):
        reader.read_article(".txt", TEXT)
    assert reader._process is None


def test_the_process_knows_the_path_and_no_secrets_and_may_take_512_megabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "secret")
    with ConfinedReader() as reader:
        reader.read_article(".txt", TEXT)
        assert reader._process is not None
        files = Path(f"/proc/{reader._process.pid}")
        told = (files / "environ").read_bytes().rstrip(b"\0").split(b"\0")
        limits = (files / "limits").read_text().splitlines()
    assert told == [b"PYTHONPATH=" + os.pathsep.join(sys.path).encode(), b"PYTHONUTF8=1"]
    assert next(line.split()[3:5] for line in limits if line.startswith("Max address space")) == ["512000000"] * 2


def test_a_process_that_answered_in_time_is_not_killed_later(
    reader: ConfinedReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.read_article(".txt", TEXT)
    monkeypatch.setattr(confinement, "_LONGEST_WAIT", 0.5)
    reader.read_article(".txt", TEXT)
    assert reader._process is not None
    with pytest.raises(subprocess.TimeoutExpired):
        reader._process.wait(0.7)


@pytest.mark.parametrize("error", [MemoryError, RecursionError])
def test_what_fills_the_memory_or_the_stack_takes_too_much(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def filling(*_: object) -> Article:
        raise error

    monkeypatch.setattr(confinement, "read_article", filling)
    assert confinement._answer({"suffix": ".txt", "size": 1}, BytesIO(b"x")) == {"reason": TOO_MUCH}
