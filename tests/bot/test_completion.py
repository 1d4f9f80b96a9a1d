"""Real shells complete what is typed, as far as they are installed."""

import os
import pty
import shutil
import subprocess
from pathlib import Path
from select import select

import pytest

from bot.console.completion import script
from bot.console.usage import SHELLS
from tests.bot.commands import Commands

_READY = "ready> "
_SECONDS = 20
"""Which a shell may take."""
_COMMAND = 'ascn-bot() { printf "typed"; printf "<%s>" "$@"; printf "\\n"; }\n'
"""Stands for the command and tells what it was given."""
_BEGIN = {
    "bash": f"PS1='{_READY}'\n",
    "zsh": f"PS1='{_READY}'\nunsetopt zle_bracketed_paste\nautoload -Uz compinit\ncompinit -u -D\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What is to be completed in: a file, and a folder."""
    (tmp_path / "questions.jsonl").touch()
    (tmp_path / "articles").mkdir()
    return tmp_path


def installed(shell: str) -> str:
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"{shell} is not installed")
    return found


def typed(shell: str, keys: str, folder: Path, home: Path) -> str:
    """What the command is given when `keys` and Enter are pressed at a terminal, without a folder's slash."""
    (home / "script").write_text(script(shell), "utf-8")
    (home / f".{shell}rc").write_text(f'{_BEGIN[shell]}{_COMMAND}eval "$(cat ~/script)"\n')
    environment = {"HOME": str(home), "ZDOTDIR": str(home), "PATH": os.environ["PATH"], "TERM": "dumb"}
    terminal, end = pty.openpty()
    with subprocess.Popen(  # noqa: S603
        [installed(shell), "-i"], stdin=end, stdout=end, stderr=end, cwd=folder, env=environment, start_new_session=True
    ) as process:
        try:
            _read(terminal, _READY)
            os.write(terminal, f"{keys}\r".encode())
            given = _read(terminal, ">\r\n").rpartition("typed")[2].partition("\r\n")[0]
        finally:
            process.kill()
            os.close(terminal)
            os.close(end)
    return given.replace("/>", ">")


def _read(terminal: int, until: str) -> str:
    seen = b""
    while until.encode() not in seen:
        assert select([terminal], [], [], _SECONDS)[0], seen
        seen += os.read(terminal, 4096)
    return seen.decode()


@pytest.mark.parametrize("shell", ["bash", "zsh"])
@pytest.mark.parametrize(
    ("keys", "given"),
    [
        ("ascn-bot chec\t", "<check>"),
        ("ascn-bot ask --expl\t x", "<ask><--explain><x>"),
        ("ascn-bot ask --batch que\t", "<ask><--batch><questions.jsonl>"),
        ("ascn-bot check --corpus art\t", "<check><--corpus><articles>"),
        ("ascn-bot restore que\t", "<restore><questions.jsonl>"),
        ("ascn-bot completion fi\t", "<completion><fish>"),
    ],
)
def test_tab_completes(
    shell: str, keys: str, given: str, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    installed(shell)
    assert typed(shell, keys, folder, tmp_path_factory.mktemp("home")) == given


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("ascn-bot ch", {"chat", "check"}),
        ("ascn-bot ask --ex", {"--explain"}),
        ("ascn-bot ask --batch que", {"questions.jsonl"}),
        ("ascn-bot check --corpus ", {"articles/"}),
        ("ascn-bot completion ", set(SHELLS)),
    ],
)
def test_fish_completes(line: str, offered: set[str], folder: Path) -> None:
    order = f"{script('fish')}\ncomplete -C '{line}'"
    done = subprocess.run(  # noqa: S603
        [installed("fish"), "--no-config", "--command", order], capture_output=True, text=True, cwd=folder, check=True
    )
    assert {row.split("\t")[0] for row in done.stdout.splitlines()} == offered


def test_the_command_prints_it_whatever_the_settings_are(command: Commands, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ASCN_BOT_LOG_LEVEL=loud\n")
    done = command("completion", "bash", folder=tmp_path)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", script("bash"))


def test_a_shell_that_is_not_known_is_told_which_are(command: Commands) -> None:
    done = command("completion", "csh")
    assert done.returncode == 2
    assert all(shell in done.stderr for shell in SHELLS)
