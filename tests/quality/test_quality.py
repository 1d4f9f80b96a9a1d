"""The floors in baseline.toml: a run may lift a figure and its floor, never lower one unseen."""

import tomllib
from pathlib import Path

import pytest

from retrieval.bridges.meaning import encoder
from tests.quality import measure
from tests.quality.measure import answerer, figures, questions

BASELINE = tomllib.loads(Path(__file__).with_name("baseline.toml").read_text("utf-8"))


@pytest.mark.parametrize("way", ["meaning", "words"])
def test_no_figure_falls_below_its_floor(way: str, seed_vectors: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "VECTORS", seed_vectors)
    if way == "meaning" and encoder() is None:
        pytest.skip("the extra `semantic` is not installed")
    rates = figures(answerer(encoder() if way == "meaning" else None), questions())
    floors = BASELINE[way]
    assert {name for name in floors if name not in rates} == set()
    assert {name: round(rates[name].share, 3) for name in floors if rates[name].share < floors[name] - 0.0005} == {}


def test_every_language_has_its_floor() -> None:
    languages = {question["lang"] for question in questions() if question["documents"]}
    for way in ("meaning", "words"):
        named = {name.split()[-1] for name in BASELINE[way] if name.startswith(("same language ", "other language "))}
        assert named >= languages


def test_there_are_enough_questions_and_none_stands_twice() -> None:
    asked = questions()
    assert len(asked) >= 150
    assert len({question["text"].casefold() for question in asked}) == len(asked)
    assert sum(not question["documents"] for question in asked) >= 50
