"""A release holds what it must and nothing else, and its papers say what is so."""

import re
import subprocess
import sys
import tomllib
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.console.usage import EXAMPLES
from deploy.release import manual, notice
from deploy.release.__main__ import main
from deploy.release.contents import ROOT, differences, in_wheel, kept_by_git

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def built(folder: Path, kind: str) -> Path:
    """A distribution as it is built from what lies here."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603
    (file,) = folder.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return file


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("dist")
    return built(folder, "wheel"), built(folder, "sdist")


def test_wheel_and_source_distribution_hold_what_git_keeps_of_the_code_and_nothing_else(
    distributions: tuple[Path, Path],
) -> None:
    assert differences(*distributions) == []


def test_the_wheel_has_articles_data_and_sentences(distributions: tuple[Path, Path]) -> None:
    kinds = {(Path(name).parts[0], Path(name).suffix) for name in in_wheel(distributions[0])}
    assert kinds >= {("seeds", ".txt"), ("retrieval", ".marisa"), ("retrieval", ".npz"), ("bot", ".po")}


def test_what_is_missing_and_what_is_too_much_is_named(
    distributions: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = tmp_path / distributions[0].name
    wheel.write_bytes(distributions[0].read_bytes())
    with ZipFile(wheel, "a") as archive:
        archive.writestr("bot/.env", "TELEGRAM_BOT_TOKEN=…")
    monkeypatch.setattr("deploy.release.contents.kept_by_git", lambda: kept_by_git() | {"seeds/new.txt"})
    assert differences(wheel, distributions[1]) == [
        f"{wheel.name} lacks seeds/new.txt.",
        f"{wheel.name} has bot/.env, which belongs nowhere in it.",
        f"{distributions[1].name} lacks seeds/new.txt.",
    ]


def test_the_wheel_names_its_commit_its_licences_and_where_they_stand(distributions: tuple[Path, Path]) -> None:
    with ZipFile(distributions[0]) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        said = Parser().parsestr(archive.read(name).decode("utf-8"))
    assert said["License-Expression"] == "MIT AND CC-BY-SA-4.0 AND CC0-1.0 AND LicenseRef-Publishers"
    assert said.get_all("License-File") == ["LICENSE", "NOTICE"]
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    tagged = re.fullmatch(r"[\d.]+", said["Version"])
    assert tagged or commit.startswith(re.findall(r"\+g([0-9a-f]{7,})", said["Version"])[0])


def test_the_version_is_told_from_outside_where_there_is_no_git(tmp_path: Path) -> None:
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    command = [sys.executable, "-m", "hatchling", "version"]
    told = {"SETUPTOOLS_SCM_PRETEND_VERSION_FOR_ASCN_BOT": "1.2.3"}
    for environment, version in ((told, "1.2.3"), ({}, "0.1.dev0")):
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)  # noqa: S603
        assert done.stdout.strip() == version


def test_no_release_is_made_of_what_is_not_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.release.__main__._said", lambda *_: " M bot/console/usage.py")
    with pytest.raises(SystemExit, match=r"commit or take away first:\n M bot/console/usage\.py"):
        main()


def test_the_man_page_says_what_help_and_readme_say() -> None:
    assert manual.PAGE.read_text("utf-8") == manual.page(), "make manual"


def test_the_man_page_has_every_command_and_setting() -> None:
    page = manual.page().replace("\\-", "-")
    settings = re.findall(
        r"^\| `((?:TELEGRAM|ASCN_BOT)_\w+)` \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE
    )
    assert [name for name in EXAMPLES if name and f".SS {name}\n" not in page] == []
    assert [key for key in settings if f".TP\n\\fB{key}\\fR\n" not in page] == []


def test_notice_has_every_package_that_is_pinned() -> None:
    told = notice.told(notice.NOTICE.read_text("utf-8"))
    assert {row.name: row.versions for row in told.values()} == notice.pinned(notice.LOCK.read_text("utf-8")), (
        "make notice"
    )


def test_notice_says_of_each_package_what_it_says_itself() -> None:
    told = notice.told(notice.NOTICE.read_text("utf-8"))
    # Of a package in two versions the other one may say something else.
    here = [notice.installed(row.name, row.versions) for row in told.values() if ", " not in row.versions]
    assert len(here) > 50
    assert [row for row in here if row and row != told[row.name]] == []


def test_notice_keeps_its_own_words_and_what_other_machines_install() -> None:
    text = notice.NOTICE.read_text("utf-8")
    lock = notice.LOCK.read_text("utf-8").replace("colorama==0.4.6", "colorama==99")
    new = notice.renewed(text, lock)
    assert new.startswith(text.partition("Packages")[0])
    assert "CC-CEDICT, a Chinese-English dictionary, by MDBG and its contributors, CC BY-SA 4.0" in new
    assert "\n- colorama 99: BSD-3-Clause, https://github.com/tartley/colorama\n" in new


def test_a_package_that_nothing_is_known_of_is_named() -> None:
    with pytest.raises(SystemExit, match="unheard-of 1 is not installed here"):
        notice.renewed(notice.NOTICE.read_text("utf-8"), "unheard-of==1 \\\n")
