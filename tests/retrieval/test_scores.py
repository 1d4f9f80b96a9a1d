"""Scores are added up and the best are found, equals in the corpus's order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.scores import Scores, best, standardised, summed

VALUES = st.lists(st.sampled_from([0.0, 0.0, 0.0, 0.5, 1.0, 2.5]), max_size=40)


def scores(of: dict[int, float]) -> Scores:
    return Scores(np.array(list(of), dtype=np.int32), np.array(list(of.values())))


@given(VALUES, st.integers(1, 12), st.sampled_from([1, 60, 500]))
def test_the_best_are_those_of_a_stable_sort(values: list[float], most: int, times: int) -> None:
    values = values * times
    wanted = sorted(range(len(values)), key=lambda number: -values[number])[:most]
    assert best(np.array(values), most) == wanted


@given(VALUES, st.integers(1, 12), st.sampled_from([0, 1000, 20_000]))
def test_those_without_a_score_are_left_out_where_they_are_to_be(values: list[float], most: int, more: int) -> None:
    values = [*[0.0] * (more // 2), *values, *[0.0] * more]
    wanted = sorted((n for n, value in enumerate(values) if value), key=lambda number: -values[number])[:most]
    assert best(np.array(values), most, positive=True) == wanted


@pytest.mark.parametrize("size", [1023, 1024, 1025, 2047, 5000, 123_457])
def test_the_best_of_many_are_found_in_every_block(size: int) -> None:
    dice = np.random.default_rng(size)
    values = dice.integers(-50, 200, size) / 8
    wanted = sorted(range(size), key=lambda number: -values[number])[:10]
    assert best(values, 10) == wanted


def test_terms_add_up_each_with_its_weight() -> None:
    total = summed([scores({0: 1.0, 2: 2.0}), scores({2: 3.0})], [1.0, 0.5], 4)
    assert total.tolist() == [1.0, 0.0, 3.5, 0.0]
    assert summed([], [], 2).tolist() == [0.0, 0.0]


def test_the_scores_of_some_passages_leave_out_those_without() -> None:
    assert scores({1: 1.0, 5: 2.0}).of([0, 1, 5, 9]) == {1: 1.0, 5: 2.0}
    assert scores({}).of([0]) == {}


def test_equal_values_stand_on_their_mean() -> None:
    assert standardised(np.array([2.0, 2.0])).tolist() == [0.0, 0.0]
    assert standardised(np.array([1.0, 3.0])).tolist() == pytest.approx([-1.0, 1.0])
