"""What is measured over night ends in a table."""

import sys

import pytest

from tests import nightly
from tests.nightly import Run, outcome


def test_a_run_is_told_by_its_figures(capsys: pytest.CaptureFixture[str]) -> None:
    run = Run("greetings", (sys.executable, "-c", "print('begun'); print('7  greeted')"), r"\d+ +greeted")
    row = outcome(run).row()
    assert row.startswith("| greetings | 7 greeted | 0 |")
    assert "begun" in capsys.readouterr().out


def test_a_run_that_failed_says_so() -> None:
    run = Run("greetings", (sys.executable, "-c", "import os, sys; sys.exit(os.environ['NIGHTLY'] == '1')"), "x")
    told = outcome(Run(run.what, run.command, run.figures, {"NIGHTLY": "1"}))
    assert told.failed
    assert told.row().startswith("| greetings | FAILED: no figure |")


def test_a_run_that_does_not_exist_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["nightly", "sleep"])
    with pytest.raises(SystemExit, match="no run sleep; there are: coverage, mutation, kills"):
        nightly.main()
