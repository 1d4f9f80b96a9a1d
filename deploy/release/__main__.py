"""Makes a release of the commit that is checked out, and tries it: `make release`.

dist/ has then the wheel, the source distribution, and the bill of materials (CycloneDX) of what `pip install` of that
wheel and deploy/locks/run.txt put into an empty environment, in which the wheel has answered a question.
"""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

from deploy.release.contents import ROOT, differences

DIST, WORK, LOCKS = ROOT / "dist", ROOT / "build" / "release", ROOT / "deploy" / "locks"
_PIP = ("-m", "pip", "--quiet", "--disable-pip-version-check")
_BY_HASH = ("--require-hashes", "--no-build-isolation")
QUESTION, ANSWER = "ASCN được thành lập khi nào?", "tháng 4/2018"


def main() -> None:
    """Ends with a sentence where something is not as it should be."""
    if uncommitted := _said("git", "status", "--porcelain"):
        sys.exit(f"A release is made of a commit; commit or take away first:\n{uncommitted}")
    for folder in (DIST, WORK):
        shutil.rmtree(folder, ignore_errors=True)
    tools = _tools()
    wheel, sdist = _built(tools)
    if wrong := differences(wheel, sdist):
        sys.exit("\n".join(wrong))
    python = _installed(tools, wheel)
    _try(python.with_name("ascn-bot"))
    for file in (wheel, sdist, _materials(tools, python, wheel)):
        _say(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1e6:.1f} MB")


def _tools() -> Path:
    """The interpreter of an environment that can build, and nothing else."""
    venv.create(WORK / "tools", with_pip=True)
    python = WORK / "tools" / "bin" / "python"
    for lock in ("build", "release"):
        _run(python, *_PIP, "install", *_BY_HASH, "--requirement", LOCKS / f"{lock}.txt")
    return python


def _built(tools: Path) -> tuple[Path, Path]:
    """The wheel, built from the source distribution, and that itself."""
    _run(tools, "-m", "build", "--no-isolation", "--outdir", DIST, ROOT)
    (wheel,), (sdist,) = DIST.glob("*.whl"), DIST.glob("*.tar.gz")
    return wheel, sdist


def _installed(tools: Path, wheel: Path) -> Path:
    """The interpreter of an environment that has the wheel and what it asks for as it is pinned, and not even pip."""
    wheels = WORK / "wheels"
    _run(tools, *_PIP, "wheel", *_BY_HASH, "--wheel-dir", wheels, "--requirement", LOCKS / "run.txt")
    venv.create(WORK / "clean", with_pip=False)
    python = WORK / "clean" / "bin" / "python"
    # By name: a package that is installed by its path notes down where it lay.
    places = ("--no-index", "--find-links", wheels, "--find-links", wheel.parent)
    _run(tools, *_PIP, "--python", python, "install", *places, f"ascn-bot[semantic]=={_version(wheel)}")
    return python


def _materials(tools: Path, python: Path, wheel: Path) -> Path:
    """The bill of materials of an environment."""
    project = WORK / "pyproject.toml"
    stated = (
        (ROOT / "pyproject.toml").read_text("utf-8").replace('dynamic = ["version"]', f'version = "{_version(wheel)}"')
    )
    project.write_text(stated, "utf-8")
    file = DIST / f"ascn_bot-{_version(wheel)}.cdx.json"
    options = ("--pyproject", project, "--output-reproducible", "--validate", "--output-file", file)
    _run(tools.with_name("cyclonedx-py"), "environment", *options, python)
    return file


def _version(wheel: Path) -> str:
    return wheel.name.split("-")[1]


def _try(command: Path) -> None:
    """Asks the installed command, in a folder that has nothing of the project in it."""
    elsewhere = WORK / "elsewhere"
    elsewhere.mkdir()
    _say(_said(command, "--version", folder=elsewhere))
    _said(command, "check", folder=elsewhere)
    answer = _said(command, "ask", QUESTION, folder=elsewhere)
    if ANSWER not in answer:
        sys.exit(f"The installed wheel answers {QUESTION!r} with:\n{answer}")
    _say(f"{QUESTION} … {ANSWER}")


def _run(*command: str | Path) -> None:
    _checked(subprocess.run(command, cwd=ROOT, env=_environment(), check=False))  # noqa: S603


def _said(*command: str | Path, folder: Path = ROOT) -> str:
    done = subprocess.run(  # noqa: S603
        command, cwd=folder, env=_environment(), stdout=subprocess.PIPE, encoding="utf-8", check=False
    )
    _checked(done)
    return done.stdout.strip()


def _checked(done: subprocess.CompletedProcess[Any]) -> None:
    if done.returncode:
        sys.exit(f"No release: this ended with {done.returncode}: {' '.join(map(str, done.args))}")


def _environment() -> dict[str, str]:
    """Without what would have an environment see modules or settings that are not its own."""
    return {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "ASCN_", "TELEGRAM_"))}


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
