"""Work on many items is spread over processes, and comes out as if there were one."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from retrieval.parallel import parallel_map

HERE = os.getpid()
MANY = range(1000)


@pytest.fixture(autouse=True)
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)


def number_and_process(number: int) -> tuple[int, int]:
    return number, os.getpid()


def test_many_items_are_worked_on_in_two_processes_and_come_in_their_order() -> None:
    made = list(parallel_map(number_and_process, MANY))
    assert [number for number, _ in made] == list(MANY)
    pids = {pid for _, pid in made}
    assert len(pids) == 2
    assert HERE not in pids


@pytest.mark.parametrize("items", [range(0), range(100)])
def test_few_items_are_worked_on_here(items: range) -> None:
    assert list(parallel_map(number_and_process, items)) == [(number, HERE) for number in items]


def test_on_one_processor_all_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    assert {pid for _, pid in parallel_map(number_and_process, MANY)} == {HERE}


def test_what_a_process_that_is_killed_does_not_manage_is_done_here() -> None:
    def fatal(number: int) -> int:
        if number == 501 and os.getpid() != HERE:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    assert list(parallel_map(fatal, MANY)) == list(MANY)


def test_an_error_is_raised_as_if_there_were_no_processes() -> None:
    def faulty(number: int) -> int:
        if number == 501:
            raise ValueError("no text")
        return number

    made = parallel_map(faulty, MANY)
    assert [next(made) for _ in range(501)] == list(range(501))
    with pytest.raises(ValueError, match="no text"):
        next(made)


def test_where_the_system_buries_the_dead_nobody_waits_for_them() -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert list(parallel_map(abs, MANY)) == list(MANY)
    finally:
        signal.signal(signal.SIGCHLD, before)


def long_ones(number: int) -> tuple[int, bytes]:
    return os.getpid(), bytes(10_000)


def test_whoever_stops_asking_leaves_no_process() -> None:
    made = parallel_map(long_ones, MANY)
    pids = [next(made)[0] for _ in range(2)]
    made.close()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


KILLED = """
import os, sys, time
from retrieval.parallel import parallel_map
os.cpu_count = lambda: 2

def work(number):
    time.sleep(0.01)
    return os.getpid(), bytes(10_000)

made = parallel_map(work, range(100_000))
print(next(made)[0], next(made)[0], flush=True)
time.sleep(60)
"""


def test_with_whoever_began_them_they_end() -> None:
    with subprocess.Popen([sys.executable, "-c", KILLED], stdout=subprocess.PIPE) as process:  # noqa: S603
        assert process.stdout is not None
        pids = [int(pid) for pid in process.stdout.readline().split()]
        process.kill()
    until = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() < until
        time.sleep(0.02)
