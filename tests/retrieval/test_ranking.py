"""Several languages become one list without their scores being held against each other."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.ranking import EQUALLY_GOOD, Ranked, merge
from retrieval.records import Hit
from tests.retrieval.making import hit

ALL = 100
standings = st.lists(st.floats(-20, 20), max_size=6)


def standing(language: str, *values: float) -> list[Hit]:
    """Hits of a language, each in a document of its own, with these standings and unlike scores."""
    made = [hit(language, score=9.0 - i, coverage=0.5) for i in range(len(values))]  # type: ignore[arg-type]
    return [replace(found, standing=value) for found, value in zip(made, values, strict=True)]


def passages(hits: list[Hit]) -> list[str]:
    return [found.passage.document.id for found in hits]


def test_no_hits_merge_into_none() -> None:
    assert [merge({}, ALL), merge({"vi": Ranked([], True), "zh": Ranked([], False)}, ALL)] == [[], []]


@pytest.mark.parametrize("own", [True, False])
def test_the_hit_of_the_higher_standing_goes_first_whatever_its_score(own: bool) -> None:
    low, high = standing("vi", 1.0), standing("zh", 2.0)
    low = [replace(low[0], score=900.0)]
    assert merge({"vi": Ranked(low, own), "zh": Ranked(high, own)}, ALL) == [*high, *low]


def test_of_two_about_as_good_the_one_in_the_questions_language_leads() -> None:
    vi, zh = standing("vi", 1.0), standing("zh", 1.0 + EQUALLY_GOOD / 2)
    assert merge({"vi": Ranked(vi, True), "zh": Ranked(zh, False)}, ALL) == [*vi, *zh]
    assert merge({"vi": Ranked(vi, False), "zh": Ranked(zh, True)}, ALL) == [*zh, *vi]


def test_a_foreign_hit_that_is_clearly_better_leads() -> None:
    vi, zh = standing("vi", 1.0), standing("zh", 1.0 + 2 * EQUALLY_GOOD)
    assert merge({"vi": Ranked(vi, True), "zh": Ranked(zh, False)}, ALL) == [*zh, *vi]


def test_only_the_lead_is_given_away() -> None:
    vi, zh = standing("vi", 5.0, 1.0), standing("zh", 1.0 + EQUALLY_GOOD / 2)
    assert merge({"vi": Ranked(vi, True), "zh": Ranked(zh, False)}, ALL) == [vi[0], zh[0], vi[1]]


def test_the_order_of_the_languages_given_does_not_matter() -> None:
    vi, zh = Ranked(standing("vi", 0.5, 0.1), False), Ranked(standing("zh", 0.5, 0.3), False)
    assert merge({"vi": vi, "zh": zh}, ALL) == merge({"zh": zh, "vi": vi}, ALL)


@pytest.mark.parametrize("most", [0, 1, 3, 7])
def test_no_more_come_than_were_asked_for_and_they_are_the_first(most: int) -> None:
    ranked = {"vi": Ranked(standing("vi", 3.0, 2.0, 1.0), True), "zh": Ranked(standing("zh", 2.5), False)}
    assert merge(ranked, most) == merge(ranked, ALL)[:most]
    assert len(merge(ranked, most)) == min(most, 4)


@settings(deadline=None, max_examples=150)
@given(standings, standings, st.booleans())
def test_every_hit_stays_once_and_behind_the_first_none_stands_above_the_one_before(
    vietnamese: list[float], chinese: list[float], own: bool
) -> None:
    vi, zh = standing("vi", *vietnamese), standing("zh", *chinese)
    merged = merge({"vi": Ranked(vi, own), "zh": Ranked(zh, not own)}, ALL)
    assert sorted(passages(merged)) == sorted(passages([*vi, *zh]))
    values = [found.standing for found in merged]
    assert values[1:] == sorted(values[1:], reverse=True)
    assert values[:1] >= [max(values, default=0.0) - EQUALLY_GOOD][: len(values)]
