"""What takes hours, one after another, and a table of what was seen: `make nightly`, or ONLY some of it.

Everything is done in turn, for what is timed must have the machine to itself. What a run prints goes on as it comes;
the table stands at its end, in the README's form. Ends with 1 where any run failed.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Run:
    """A command, what it shows, and which of the lines that it prints tell the figures."""

    what: str
    command: Sequence[str]
    figures: str
    environment: Mapping[str, str] = field(default_factory=dict)

    def shown(self) -> str:
        """The command as one would type it."""
        return " ".join([*(f"{name}={value}" for name, value in self.environment.items()), *self.command])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run."""

    run: Run
    seen: Sequence[str]
    failed: bool
    minutes: float

    def row(self) -> str:
        """One row of the table."""
        seen = "; ".join(self.seen) or "no figure"
        return f"| {self.run.what} | {'FAILED: ' * self.failed}{seen} | {self.minutes:.0f} | `{self.run.shown()}` |"


NIGHTLY = {"NIGHTLY": "1"}
RUNS = {
    "coverage": Run("lines and branches that tests run", ("make", "coverage"), r"^TOTAL.*|branches alone.*"),
    "mutation": Run("small changes to the code that tests notice", ("make", "mutation"), r"^\w+: \d+ mutants.*"),
    "kills": Run(
        "killed at ten points and 3,000 times at random",
        ("pytest", "-s", "tests/bot/test_kills.py"),
        r"\d+ kills, .*|ended .*|\d+ passed",
        {"ASCN_BOT_TEST_KILLS": "3000"},
    ),
    "malformed": Run(
        "10,000 malformed updates, by polling and by webhook",
        ("pytest", "tests/bot/test_malformed.py"),
        r"\d+ passed",
        NIGHTLY,
    ),
    "questions": Run(
        "100,000 generated questions",
        ("pytest", "-s", "tests/retrieval/test_hostile_questions.py"),
        r"\d+ generated questions.*",
        NIGHTLY,
    ),
    "files": Run(
        "2,000 generated files",
        ("pytest", "tests/retrieval/corpus/test_hostile_files.py"),
        r"\d+ passed",
        NIGHTLY,
    ),
    "reloads": Run(
        "1,000 reloads under 50 questions a second",
        ("python", "-m", "tests.bot.reloads", "1000", "50"),
        r"(?:before|during) .*|p99 .*",
    ),
    "release": Run("built, installed and asked in an empty environment", ("make", "release"), r"^ascn-bot .*|^dist/.*"),
    "image": Run(
        "the image's steps in a clean Debian", ("python", "-m", "tests.deploy.replay"), r"(?:not )?replayed: .*"
    ),
    "load": Run("30 questions a second for an hour", ("python", "-m", "tests.bot.load", "60"), r"^ *(?:1|30|60) .*"),
}


def outcome(run: Run) -> Outcome:
    """Runs a command, passes on what it prints, and keeps the lines that tell its figures."""
    began, seen = time.monotonic(), []
    sys.stdout.write(f"\n$ {run.shown()}\n")
    sys.stdout.flush()
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    with subprocess.Popen(  # noqa: S603
        run.command, stdout=subprocess.PIPE, text=True, env=os.environ | run.environment | {"PATH": path}
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            seen += re.findall(run.figures, line)
    tidy = [" ".join(line.split()) for line in seen]
    return Outcome(run, tidy, process.returncode != 0, (time.monotonic() - began) / 60)


def main() -> None:
    """Does the named runs, or all, and prints the table."""
    wrong = sorted(set(sys.argv[1:]) - set(RUNS))
    if wrong:
        sys.exit(f"There is no run {', '.join(wrong)}; there are: {', '.join(RUNS)}")
    outcomes = [outcome(RUNS[name]) for name in sys.argv[1:] or RUNS]
    rows = ["", "| what | seen | minutes | command |", "|---|---|---|---|", *(one.row() for one in outcomes)]
    sys.stdout.write("\n".join(rows) + "\n")
    sys.exit(any(one.failed for one in outcomes))


if __name__ == "__main__":
    main()
