"""The runbook leads to what there is, and its commands are sound shell."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy import runbook

ROOT = Path(__file__).parents[2]
MADE = {"secrets", "secrets/telegram_bot_token", "secrets/webhook_secret", ".env", "corpus"}
"""What the operator makes in deploy/."""
SCRIPTS = [*sorted(ROOT.glob("deploy/*.sh")), ROOT / ".ci" / "run"]


@pytest.fixture
def shellcheck() -> str:
    found = shutil.which("shellcheck")
    if found is None:
        pytest.skip("shellcheck is not installed")
    return found


def test_every_link_leads_to_a_heading_or_a_page() -> None:
    links = re.findall(r"\]\((?!https://)(.*?)\)", runbook.text())
    assert {link for link in links if link.removeprefix("#") not in runbook.anchors()} == set()


def test_it_names_only_files_that_exist_and_says_what_each_is() -> None:
    named = set(re.findall(r"\bdeploy/([\w./-]*\w)", runbook.text())) - MADE
    table = set(re.findall(r"`([\w./-]+?)/?`", runbook.text().split("\n## ")[0].partition("| file |")[2]))
    files = {path.name for path in (ROOT / "deploy").iterdir() if not path.name.startswith(".")} - MADE - {"README.md"}
    assert [name for name in sorted(named | table) if not (ROOT / "deploy" / name).exists()] == []
    assert files == table


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_is_sound_shell(shellcheck: str, script: Path) -> None:
    run = subprocess.run([shellcheck, script], capture_output=True, text=True)  # noqa: S603
    assert run.stdout == ""
    assert script.stat().st_mode & 0o111 == 0o111


def test_the_commands_of_the_page_are_sound_shell(shellcheck: str) -> None:
    commands = [line for heading in runbook.headings() for block in runbook.blocks(heading) for line in block.commands]
    run = subprocess.run(  # noqa: S603
        [shellcheck, "--shell=bash", "-"], input="\n".join(commands), capture_output=True, text=True
    )
    assert len(commands) > 50
    assert run.stdout == ""


@pytest.mark.parametrize(
    ("script", "arguments", "said"),
    [
        ("backup.sh", [], "backup.sh: name the folder for the archive, or - for standard output.\n"),
        ("backup.sh", ["a", "b"], "backup.sh: the days must be a whole number, not 'b'.\n"),
        ("backup.sh", ["a", "1", "c"], "backup.sh: name the folder for the archive, or - for standard output.\n"),
        ("restore.sh", [], "restore.sh: name the archive that backup.sh has written, or - for standard input.\n"),
    ],
)
def test_a_script_that_is_called_otherwise_says_how(script: str, arguments: list[str], said: str) -> None:
    run = subprocess.run([ROOT / "deploy" / script, *arguments], capture_output=True, text=True)  # noqa: S603
    assert (run.returncode, run.stderr) == (2, said)
