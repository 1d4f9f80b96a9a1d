"""What the documents name exists, and what exists is documented."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.console.usage import EXAMPLES
from bot.settings import DEFAULT_LISTEN, Settings
from tests.bot.commands import run

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
SETTINGS = set(re.findall(r'"((?:TELEGRAM|ASCN_BOT)_[A-Z_]+)"', (ROOT / "bot" / "settings.py").read_text("utf-8")))
COMMANDS = set(
    re.findall(r'(?:CommandHandler\(|^ {8})"(\w+)"', (ROOT / "bot" / "handlers.py").read_text("utf-8"), re.MULTILINE)
)


def test_every_setting_stands_in_the_readme_with_its_default_and_no_other_does() -> None:
    rows = dict(re.findall(r"^\| `((?:TELEGRAM|ASCN_BOT)_[A-Z_]+)` \| (.*?) \|", README, re.MULTILINE))
    assert set(rows) == SETTINGS
    default = Settings()
    assert rows["TELEGRAM_BASE_URL"] == f"`{default.base_url}`"
    assert rows["TELEGRAM_BASE_FILE_URL"] == f"`{default.base_file_url}`"
    assert rows["ASCN_BOT_CORPUS"] == f"`{default.corpus.name}`"
    assert rows["ASCN_BOT_DATA"] == f"`{default.data}`"
    assert rows["ASCN_BOT_WEBHOOK_LISTEN"] == f"`{DEFAULT_LISTEN}`"
    assert rows["ASCN_BOT_KEEP"] == f"`{default.keep_changes}`"
    assert (rows["ASCN_BOT_EPHEMERAL"] == "`on`") is default.ephemeral
    assert rows["ASCN_BOT_KEEP_BACKUPS"] == f"`{default.keep_backups}`"
    assert rows["ASCN_BOT_KEEP_UNANSWERED"] == f"`{default.keep_unanswered}`"
    assert rows["ASCN_BOT_LOG_FORMAT"] == f"`{default.log_format}`"
    assert rows["ASCN_BOT_LOG_LEVEL"] == f"`{default.log_level}`"


def test_every_telegram_command_stands_in_the_readme_and_no_other_does() -> None:
    table = re.findall(r"^\| (`/.*?) \|", README, re.MULTILINE)
    assert set(re.findall(r"/(\w+)", " ".join(table))) == COMMANDS


def test_every_command_line_of_the_readme_is_understood() -> None:
    lines = re.findall(r"^\.venv/bin/ascn-bot (.*?)\s+#", README, re.MULTILINE)
    assert {line.split()[0] for line in lines} == EXAMPLES.keys() - {""}
    known = run("--help").stdout
    assert all(re.search(rf"^    {line.split()[0]} ", known, re.MULTILINE) for line in lines)


def test_every_option_of_ask_stands_in_the_readme() -> None:
    options = set(re.findall(r"(--[a-z]+)", run("ask", "--help").stdout)) - {"--help"}
    assert {option for option in options if option not in README} == set()


@pytest.mark.parametrize("document", sorted(path.name for path in ROOT.glob("*.md")))
def test_every_link_leads_to_a_file(document: str) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)]+)\)", (ROOT / document).read_text("utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_every_make_target_that_is_named_exists(document: str) -> None:
    named = set(re.findall(r"`?make (\w+)`?", re.sub(r"GNU make", "", (ROOT / document).read_text("utf-8"))))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert named & targets == named - {"and"}


def test_every_module_is_on_the_map() -> None:
    git = shutil.which("git") or "git"
    listed = subprocess.run(  # noqa: S603
        [git, "ls-files", "bot", "retrieval"], capture_output=True, text=True, cwd=ROOT, check=True
    )
    modules = {Path(line).stem for line in listed.stdout.splitlines() if line.endswith(".py")} - {"__init__"}
    architecture = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    assert {module for module in modules if f"`{module}`" not in architecture} == set()
