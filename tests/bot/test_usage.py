"""What the command line says of itself is one text, and true."""

import argparse
import re
import shlex
import subprocess
import sys

import pytest

from bot.console import exits
from bot.console.commands import COMMANDS
from bot.console.exits import MEANINGS
from bot.console.usage import EXAMPLES, parser
from tests.bot.commands import ROOT, Commands

LINES = [line for lines in EXAMPLES.values() for line in lines]


def usages() -> dict[str, argparse.ArgumentParser]:
    """What can be typed: behind each command, and "" without one."""
    usage = parser()
    (commands,) = (action for action in usage._actions if isinstance(action, argparse._SubParsersAction))
    return {"": usage, **commands.choices}


def test_every_command_has_examples_and_something_to_do() -> None:
    assert usages().keys() == EXAMPLES.keys() == COMMANDS.keys() | {"", "run", "health", "completion"}


@pytest.mark.parametrize("line", [line for line in LINES if not line.endswith(("--help", "--version"))])
def test_every_example_can_be_typed(line: str) -> None:
    typed = re.sub(r'^eval "\$\((.*)\)"$', r"\1", line).split(" > ")[0]
    words = shlex.split(typed)
    assert parser().parse_args(words[words.index("ascn-bot") + 1 :])


def test_help_shows_the_examples_as_they_can_be_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    for name, usage in usages().items():
        assert [line for line in EXAMPLES[name] if f"\n  {line}\n" not in usage.format_help()] == []


def test_no_line_of_help_is_wider_than_a_terminal_but_for_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = [line for usage in usages().values() for line in usage.format_help().splitlines()]
    assert [line for line in lines if len(line) > 80 and line.strip() not in LINES] == []


def test_every_exit_code_has_a_meaning_that_help_and_readme_tell(command: Commands) -> None:
    codes = {value for name, value in vars(exits).items() if name.isupper() and isinstance(value, int)}
    assert codes == MEANINGS.keys()
    said = command("--help").stdout
    readme = " ".join((ROOT / "README.md").read_text("utf-8").split())
    assert [code for code, meaning in MEANINGS.items() if f"\n  {code}  {meaning}\n" not in said] == []
    assert f"Exit codes: {', '.join(f'{code} {meaning}' for code, meaning in MEANINGS.items())}." in readme


def test_help_needs_neither_the_search_nor_a_server() -> None:
    code = "import sys, bot.console.usage; bot.console.usage.parser().format_help(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)  # noqa: S603
    assert {name.split(".")[0] for name in done.stdout.split()} & {
        "retrieval",
        "telegram",
        "rich",
        "numpy",
        "shtab",
    } == set()
