"""The command as a person or a script runs it: begun anew, or forked from a process that has loaded all it needs.

    python -m tests.bot.commands

Reads orders, a JSON object a line: the command's `arguments`, its `stdin`, `folder` and `environment`. Writes for each
what it did, as another: `returncode`, `stdout` and `stderr`.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from bot.__main__ import main as command
from bot.corpus.editions import build_edition
from bot.settings import DEFAULT_CORPUS

ROOT = Path(__file__).parents[2]
_SECONDS = 60
"""Which a command may take."""

Done = subprocess.CompletedProcess[str]


def run(*arguments: str, stdin: str = "", folder: Path = ROOT, **environment: str) -> Done:
    """What the command does in a process of its own, which takes seconds to begin."""
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "bot", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        cwd=folder,
        env=_told(environment),
        check=False,
    )


class Commands:
    """Runs commands in forks of one process: all is as in `run`, but that they begin at once."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bot.commands"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=_told({}),
        )

    def __call__(self, *arguments: str, stdin: str = "", folder: Path = ROOT, **environment: str) -> Done:
        """What the command does."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = {"arguments": arguments, "stdin": stdin, "folder": str(folder), "environment": _told(environment)}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return Done(arguments, **json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        """Ends the process."""
        self._process.communicate()


def _told(environment: dict[str, str]) -> dict[str, str]:
    """The environment of a command: that of the tests, without settings but for those given."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("TELEGRAM_", "ASCN_"))}
    kept["ASCN_BOT_DATA"] = os.environ.get("ASCN_BOT_DATA", "data")
    return kept | {"LANG": "en_GB.UTF-8"} | environment


def main() -> None:
    """Obeys orders until there are no more."""
    build_edition(DEFAULT_CORPUS).prepare()  # for every command that is forked
    while line := sys.stdin.readline():
        print(json.dumps(_obeyed(json.loads(line))), flush=True)  # noqa: T201


def _obeyed(order: dict[str, Any]) -> dict[str, Any]:
    with TemporaryFile() as stdin, TemporaryFile() as stdout, TemporaryFile() as stderr:
        stdin.write(order["stdin"].encode())
        stdin.seek(0)
        if not (child := os.fork()):
            for number, file in enumerate((stdin, stdout, stderr)):
                os.dup2(file.fileno(), number)
            _obey(order)
        _, status = os.waitpid(child, 0)
        stdout.seek(0)
        stderr.seek(0)
        return {
            "returncode": os.waitstatus_to_exitcode(status),
            "stdout": stdout.read().decode(),
            "stderr": stderr.read().decode(),
        }


def _obey(order: dict[str, Any]) -> None:
    """Runs a command, and ends the process as `python -m bot` does."""
    signal.alarm(_SECONDS)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.exit(command(order["arguments"]))


if __name__ == "__main__":
    main()
