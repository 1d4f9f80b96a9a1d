"""One list out of several languages, and whether its best is evidence enough to answer."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from retrieval.records import Hit


def merge(ranked: Mapping[str, Sequence[Hit]], preferred: str) -> list[Hit]:
    """The hits of all languages in one list, each language's own order kept.

    Scores of two languages say nothing against each other, so at every step the language goes first whose next
    hit covers more of the question; where they cover the same, the preferred one, then by name.
    """
    waiting = {language: list(reversed(hits)) for language, hits in ranked.items() if hits}
    merged: list[Hit] = []
    while waiting:
        language = max(waiting, key=lambda name: (waiting[name][-1].coverage, name == preferred, name))
        merged.append(waiting[language].pop())
        if not waiting[language]:
            del waiting[language]
    return merged


def threshold(language: str) -> float:
    """The coverage from which a passage of the language is evidence; data/thresholds.toml says how it was chosen."""
    return _thresholds().get(language, _thresholds()["und"])


@cache
def _thresholds() -> dict[str, float]:
    table = tomllib.loads(files("retrieval.data").joinpath("thresholds.toml").read_text("utf-8"))
    return {language: float(value) for language, value in table["coverage"].items()}
