"""What stands in a release's two files, beside what has to."""

import subprocess
import tarfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
PARTS = ("bot", "retrieval", "seeds")
_IN_WHEEL = {
    "METADATA",
    "RECORD",
    "WHEEL",
    "entry_points.txt",
    "licenses/LICENSE",
    "licenses/NOTICE",
    "data/share/man/man1/ascn-bot.1",
}
"""What a wheel has besides, in folders that bear its version."""
_IN_SDIST = {
    ".gitignore",
    "CHANGELOG.md",
    "LICENSE",
    "NOTICE",
    "PKG-INFO",
    "README.md",
    "docs/ascn-bot.1",
    "pyproject.toml",
}


def kept_by_git() -> set[str]:
    """The files of the project that belong into both."""
    listed = subprocess.run(  # noqa: S603
        ["git", "ls-files", "-z", *PARTS],  # noqa: S607
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    return {name for name in listed.stdout.split("\0") if (ROOT / name).is_file()}


def in_wheel(wheel: Path) -> set[str]:
    """Its files, without the folder's name where that bears the version."""
    with zipfile.ZipFile(wheel) as archive:
        names = (name.partition("/") for name in archive.namelist())
        return {rest if part.endswith((".data", ".dist-info")) else f"{part}/{rest}" for part, _, rest in names}


def in_sdist(sdist: Path) -> set[str]:
    """Its files, without the folder that they stand in."""
    with tarfile.open(sdist) as archive:
        return {member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()}


def differences(wheel: Path, sdist: Path) -> list[str]:
    """What is missing and what is there without reason, a sentence each; empty where all is as it should be."""
    kept, found = kept_by_git(), []
    for file, names, wanted in (
        (wheel, in_wheel(wheel), kept | _IN_WHEEL),
        (sdist, in_sdist(sdist), kept | _IN_SDIST),
    ):
        found += [f"{file.name} lacks {name}." for name in sorted(wanted - names)]
        found += [f"{file.name} has {name}, which belongs nowhere in it." for name in sorted(names - wanted)]
    return found
