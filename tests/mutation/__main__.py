"""How many small changes to the code the tests notice: `python -m tests.mutation [--most NUMBER] [FILE ...]`."""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Judges the mutants in a copy of the project."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("--most", type=int, default=60, help="mutants of a file, chosen by lot with a fixed seed")
    parser.add_argument("files", nargs="*", help="as in targets.py; all where none is named")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", ".*_cache", "__pycache__"))
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "tests.mutation.judging", str(given.most), *given.files], cwd=copy, check=False
        )
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
