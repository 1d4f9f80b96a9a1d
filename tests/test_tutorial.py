"""The tutorial works as it is written: its commands are run one after another in an empty folder."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TUTORIAL = ROOT / "docs" / "TUTORIAL.md"
FENCED = re.findall(r"^```(sh|text)\n(.*?)^```$", TUTORIAL.read_text("utf-8"), re.MULTILINE | re.DOTALL)
COMMANDS = [text for kind, text in FENCED if kind == "sh"]
END = "@@ ended with "


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tutorial")


@pytest.fixture(scope="module")
def outputs(folder: Path) -> list[tuple[str, int]]:
    """What each block of commands showed, and the exit code of its last."""
    (folder / "bin").mkdir()
    command = folder / "bin" / "ascn-bot"
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m bot "$@"\n')
    command.chmod(0o755)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("TELEGRAM_", "ASCN_"))}
    environment = kept | {"PATH": f"{command.parent}:{kept['PATH']}", "LANG": "en_GB.UTF-8", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["/bin/sh"],
        input="".join(f'{block}\necho "{END}$?"\n' for block in COMMANDS),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        env=environment,
        timeout=120,
        check=True,
    )
    return [(shown, int(code)) for shown, code in re.findall(rf"(.*?){END}(\d+)\n", done.stdout, re.DOTALL)]


def test_every_command_ends_as_the_tutorial_says(outputs: list[tuple[str, int]]) -> None:
    codes = [2 if block == "ascn-bot check\n" else 0 for block in COMMANDS]
    assert [code for _, code in outputs] == codes
    assert codes.count(2) == 1
    assert [shown for shown, _ in outputs if re.search(r"^(ascn-bot|sh|cat|rm): |Traceback", shown, re.MULTILINE)] == []


def test_what_the_tutorial_shows_is_shown(outputs: list[tuple[str, int]]) -> None:
    shown, missing, expected = "", [], 0
    blocks = iter(outputs)
    for kind, text in FENCED:
        if kind == "sh":
            shown, _ = next(blocks)
            continue
        for line in text.splitlines():
            expected += 1
            before, found, shown = shown.partition(line)
            if not found:
                missing.append(line)
                shown = before
    assert (missing, expected > 8) == ([], True)


def test_the_glossary_has_more_questions_answered(outputs: list[tuple[str, int]]) -> None:
    first, then = (
        float(share)
        for shown, _ in outputs
        for share in re.findall(r"^│ all +│ +\d+ │ +([\d.]+) ", shown, re.MULTILINE)
    )
    assert first < then
    assert then >= 0.8


def test_its_articles_are_in_three_languages(outputs: list[tuple[str, int]]) -> None:
    table = next(shown for shown, code in outputs if code == 2)
    languages = re.findall(r"^│ (ferry|library|market) +│ (\w+) ", table, re.MULTILINE)
    assert languages == [("ferry", "ms"), ("library", "en"), ("market", "zh")]


@pytest.mark.usefixtures("outputs")
def test_its_folder_has_the_picture_and_the_settings(folder: Path) -> None:
    assert (folder / "town" / "shares.svg").read_text("utf-8").startswith("<svg")
    assert "ASCN_BOT_SUBJECT=the town of Old River |" in (folder / "town" / ".env").read_text("utf-8")


def test_its_links_lead_to_files() -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)]+)\)", TUTORIAL.read_text("utf-8"))
    assert links
    assert [link for link in links if not (TUTORIAL.parent / link).exists()] == []
