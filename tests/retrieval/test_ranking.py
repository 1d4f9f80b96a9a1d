"""Several languages become one list without their scores being held against each other."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.ranking import EQUALLY_GOOD, Ranked, merge, threshold
from retrieval.records import Hit
from tests.retrieval.making import hit

ALL = 100
coverages = st.lists(st.integers(0, 4).map(lambda quarters: quarters / 4), max_size=6)
nearnesses = st.sampled_from([None, -0.5, 0.0, 0.4])


def own(*hits: Hit) -> Ranked:
    return Ranked(hits, own=True)


def foreign(*hits: Hit) -> Ranked:
    return Ranked(hits, own=False)


def passages(hits: list[Hit]) -> list[str]:
    """What the hits are of: merging adds their evidence, so that they are no longer equal to those given."""
    return [found.passage.document.id for found in hits]


def test_no_hits_merge_into_none() -> None:
    assert [merge({}, ALL), merge({"vi": own(), "zh": foreign()}, ALL)] == [[], []]


@pytest.mark.parametrize("ranked", [own, foreign])
def test_the_hit_that_is_likelier_goes_first_whatever_its_score(ranked: Callable[[Hit], Ranked]) -> None:
    low, high = hit("vi", score=90.0, coverage=0.2), hit("zh", score=0.1, coverage=0.9)
    assert passages(merge({"vi": ranked(low), "zh": ranked(high)}, ALL)) == passages([high, low])


def test_the_nearer_hit_goes_first_whatever_its_score() -> None:
    far, near = hit("vi", score=90.0, coverage=0.5, nearness=0.1), hit("zh", score=0.1, coverage=0.5, nearness=0.8)
    assert passages(merge({"vi": own(far), "zh": own(near)}, ALL)) == passages([near, far])


def test_at_equal_evidence_the_own_language_goes_first() -> None:
    hits = {language: hit(language, score=1.0, coverage=0.0) for language in ("vi", "zh", "en")}
    for asked in hits:
        ranked = {language: Ranked([found], language == asked) for language, found in hits.items()}
        merged = merge(ranked, ALL)
        assert len({found.evidence for found in merged}) == 1
        assert merged[0].passage == hits[asked].passage


def test_the_order_of_the_languages_given_does_not_matter() -> None:
    vi, zh = own(hit("vi", 1.0, 0.5)), own(hit("zh", 1.0, 0.5))
    assert merge({"vi": vi, "zh": zh}, ALL) == merge({"zh": zh, "vi": vi}, ALL)


def test_a_hit_that_covers_more_waits_for_a_better_one_of_its_language() -> None:
    first, second, other = hit("vi", 5.0, 0.1), hit("vi", 4.0, 0.9), hit("zh", 1.0, 0.5)
    assert passages(merge({"vi": own(first, second), "zh": own(other)}, ALL)) == passages([other, first, second])


def test_a_hit_that_covers_and_nears_nothing_is_no_evidence() -> None:
    (found,) = merge({"vi": own(hit("vi", 5.0, 0.0))}, ALL)
    assert found.evidence == 0.0


@pytest.mark.parametrize("most", [0, 1, 3, 7])
def test_no_more_come_than_were_asked_for_and_they_are_the_first(most: int) -> None:
    ranked = {"vi": own(*(hit("vi", 9.0 - i, 0.5) for i in range(3))), "zh": foreign(hit("zh", 1.0, 0.6))}
    assert merge(ranked, most) == merge(ranked, ALL)[:most]
    assert len(merge(ranked, most)) == min(most, 4)


@settings(deadline=None, max_examples=150)
@given(coverages, coverages, nearnesses, st.booleans())
def test_every_hit_stays_once_and_each_language_keeps_its_order(
    vietnamese: list[float], chinese: list[float], nearness: float | None, own_language: bool
) -> None:
    vi: list[Hit] = [hit("vi", 9.0 - i, coverage, nearness) for i, coverage in enumerate(vietnamese)]
    zh: list[Hit] = [hit("zh", 9.0 - i, coverage, nearness) for i, coverage in enumerate(chinese)]
    merged = passages(merge({"vi": Ranked(vi, own_language), "zh": Ranked(zh, not own_language)}, ALL))
    assert [name for name in merged if name.startswith("vi")] == passages(vi)
    assert [name for name in merged if name.startswith("zh")] == passages(zh)
    assert len(merged) == len(vi) + len(zh)


@settings(deadline=None, max_examples=150)
@given(coverages, coverages, nearnesses)
def test_evidence_is_a_probability_and_never_rises_down_the_list(
    vietnamese: list[float], chinese: list[float], nearness: float | None
) -> None:
    vi = [hit("vi", 9.0 - i, coverage, nearness) for i, coverage in enumerate(vietnamese)]
    zh = [hit("zh", 5.0 - i / 2, coverage, nearness) for i, coverage in enumerate(chinese)]
    evidence = [found.evidence for found in merge({"vi": own(*vi), "zh": foreign(*zh)}, ALL)]
    assert all(0 <= value <= 1 for value in evidence)
    assert evidence[1:] == sorted(evidence[1:], reverse=True)
    assert evidence[:1] >= [value - EQUALLY_GOOD for value in evidence[1:2]]


@settings(deadline=None, max_examples=100)
@given(st.floats(0.1, 50), st.floats(0.1, 50), st.floats(0, 1), nearnesses)
def test_a_score_and_its_lead_are_no_evidence(one: float, other: float, covered: float, nearness: float | None) -> None:
    low, high = sorted([one, other])
    alone = merge({"vi": own(hit("vi", high, covered, nearness))}, ALL)
    followed = merge({"vi": own(hit("vi", high, covered, nearness), hit("vi", low, 0.0, nearness))}, ALL)
    lower = merge({"vi": own(hit("vi", low, covered, nearness))}, ALL)
    assert alone[0].evidence == followed[0].evidence == lower[0].evidence


def test_both_ways_have_a_threshold() -> None:
    assert all(0 < threshold(by_meaning) < 1 for by_meaning in (True, False))
