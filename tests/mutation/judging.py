"""Runs the tests on one mutant after another, each in a fork of a process in which everything is imported and begun.

    python -m tests.mutation.judging MOST [FILE ...]    in a copy of the project, for it overwrites the files

Session fixtures, such as the processes that answer, are made once. A file's mutant is also written to the disk, where
processes that the tests begin find it.
"""

import ast
import importlib
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.implanting import implant
from tests.mutation.mutants import Mutant, mutants_of, unchanged
from tests.mutation.targets import TARGETS

KILLED, SURVIVED, TOO_LONG = "killed", "SURVIVED", "killed by time"
_LEAST = 0.85
"""Of a room's mutants, so many are to be noticed."""
_SEED = 20
_SECONDS, _TIMES = 10.0, 3.0
"""How long a mutant may take: so many seconds and so many times what the tests take without it."""


class Judging:
    """A plugin of pytest: runs the tests once as they are, then on every mutant those that belong to it."""

    def __init__(self, files: dict[str, tuple[str, ...]], most: int) -> None:
        self._files = files
        self._most = most
        self.scores: dict[str, Counter[str]] = {}

    def pytest_configure(self) -> None:
        """Has Hypothesis choose the same examples every time."""
        from hypothesis import settings  # pytest has to be there first

        settings.register_profile("mutation", derandomize=True, database=None, deadline=None)
        settings.load_profile("mutation")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Takes the place of pytest's own loop."""
        wanted = tuple(path for paths in self._files.values() for path in paths)
        seconds = {item: _seconds(item, session) for item in session.items if item.nodeid.startswith(wanted)}
        for file, paths in self._files.items():
            items = [item for item in seconds if item.nodeid.startswith(paths)]
            items.sort(key=seconds.__getitem__)
            limit = _SECONDS + _TIMES * sum(map(seconds.__getitem__, items))
            self.scores[file] = self._judge(Path(file), items, session, limit)
        return True

    def _judge(self, path: Path, items: list[pytest.Item], session: pytest.Session, limit: float) -> Counter[str]:
        source, verdicts = path.read_text("utf-8"), Counter[str]()
        if _verdict(unchanged(source), path, 0, items, session, limit) != SURVIVED:
            raise pytest.UsageError(f"{path}: the tests fail with nothing changed")
        for number, mutant in enumerate(chosen(path, self._most), start=1):
            verdict = _verdict([mutant], path, number, items, session, limit)
            verdicts[verdict] += 1
            if verdict != KILLED:
                _say(f"{verdict}: {path}:{mutant.line}: {mutant.change}")
        path.write_text(source, "utf-8")
        _say(f"{path}: {dict(verdicts)}, score {score(verdicts):.3f}")
        return verdicts


def chosen(path: Path, most: int) -> list[Mutant]:
    """The mutants of a file, or as many of them by lot, always the same."""
    mutants = mutants_of(path.read_text("utf-8"))
    if len(mutants) <= most:
        return mutants
    lot = random.Random(f"{_SEED} {path.as_posix()}")  # noqa: S311
    return [mutants[index] for index in sorted(lot.sample(range(len(mutants)), most))]


def score(verdicts: Counter[str]) -> float:
    """The share of mutants that were noticed."""
    return 1 - verdicts[SURVIVED] / max(1, verdicts.total())


def _verdict(
    mutants: list[Mutant], path: Path, number: int, items: list[pytest.Item], session: pytest.Session, limit: float
) -> str:
    path.write_text(ast.unparse(mutants[0].tree), "utf-8")
    os.utime(path, (number, number))  # or a process that the tests begin may take what was compiled of another
    child = os.fork()
    if not child:
        os.setpgid(0, 0)
        _silence()
        os._exit(_judged(mutants, path, items, session))
    status = _end_of(child, limit)
    if status is None:
        return TOO_LONG
    return SURVIVED if status == 0 else KILLED


def _judged(mutants: list[Mutant], path: Path, items: list[pytest.Item], session: pytest.Session) -> int:
    try:
        for mutant in mutants:
            implant(mutant, importlib.import_module(".".join(path.with_suffix("").parts)))
        return int(not _passes(items, session))
    except BaseException:
        return 1


def _end_of(child: int, limit: float) -> int | None:
    """How the process ended, nothing where it had to be killed."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            _kill_group(child)
            return status
        time.sleep(0.01)
    _kill_group(child)
    os.waitpid(child, 0)
    return None


def _kill_group(child: int) -> None:
    """Ends what the tests have begun and left."""
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)


def _passes(items: Sequence[pytest.Item], session: pytest.Session) -> bool:
    """Whether all pass, up to the first that does not; what is made once a session is kept."""
    return all(
        not report.failed
        for item in items
        for report in runtestprotocol(item, log=False, nextitem=session)  # type: ignore[arg-type]
    )


def _seconds(item: pytest.Item, session: pytest.Session) -> float:
    """How long a test takes without any mutant."""
    began = time.monotonic()
    if not _passes([item], session):
        raise pytest.UsageError(f"fails without any mutant: {item.nodeid}")
    return time.monotonic() - began


def _silence() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def main() -> None:
    """Judges the named files, or all; ends with 1 where a room's score is too low."""
    most, *named = sys.argv[1:]
    files = {file: tests for group in TARGETS.values() for file, tests in group.items() if file in named or not named}
    judging = Judging(files, int(most))
    tests = sorted({test.split("::")[0] for tests in files.values() for test in tests})
    pytest.main(["-s", "-p", "no:cacheprovider", *tests], plugins=[judging])
    sys.exit(
        not judging.scores.keys() >= files.keys() or not all(_is_enough(*room, judging) for room in TARGETS.items())
    )


def _is_enough(room: str, files: Iterable[str], judging: Judging) -> bool:
    verdicts = sum((judging.scores[file] for file in files if file in judging.scores), Counter[str]())
    if verdicts:
        _say(f"{room}: {verdicts.total()} mutants, score {score(verdicts):.3f}")
    return score(verdicts) >= _LEAST


if __name__ == "__main__":
    main()
