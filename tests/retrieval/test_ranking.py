"""Several languages become one list without their scores being held against each other."""

from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.ranking import merge, threshold
from retrieval.records import Hit
from tests.retrieval.making import hit

coverages = st.lists(st.integers(0, 4).map(lambda quarters: quarters / 4), max_size=6)


def test_no_hits_merge_into_none() -> None:
    assert [merge({}, "vi"), merge({"vi": [], "zh": []}, "vi")] == [[], []]


def test_the_hit_that_covers_more_goes_first_whatever_its_score() -> None:
    low, high = hit("vi", score=90.0, coverage=0.2), hit("zh", score=0.1, coverage=0.9)
    assert merge({"vi": [low], "zh": [high]}, preferred="vi") == [high, low]


def test_at_equal_coverage_the_preferred_language_goes_first() -> None:
    vi, zh, en = (hit(language, score=1.0, coverage=0.5) for language in ("vi", "zh", "en"))
    ranked = {"vi": [vi], "zh": [zh], "en": [en]}
    assert [merge(ranked, preferred)[0] for preferred in ("vi", "zh", "en")] == [vi, zh, en]


def test_the_order_of_the_languages_given_does_not_matter() -> None:
    vi, zh = hit("vi", 1.0, 0.5), hit("zh", 1.0, 0.5)
    assert merge({"vi": [vi], "zh": [zh]}, "en") == merge({"zh": [zh], "vi": [vi]}, "en")


def test_a_hit_that_covers_more_waits_for_a_better_one_of_its_language() -> None:
    first, second, other = hit("vi", 5.0, 0.3), hit("vi", 4.0, 0.9), hit("zh", 1.0, 0.5)
    assert merge({"vi": [first, second], "zh": [other]}, "vi") == [other, first, second]


@settings(deadline=None, max_examples=150)
@given(coverages, coverages, st.sampled_from(["vi", "zh", "en"]))
def test_every_hit_stays_once_and_each_language_keeps_its_order(
    vietnamese: list[float], chinese: list[float], preferred: str
) -> None:
    vi: list[Hit] = [hit("vi", float(-i), coverage) for i, coverage in enumerate(vietnamese)]
    zh: list[Hit] = [hit("zh", float(-i), coverage) for i, coverage in enumerate(chinese)]
    merged = merge({"vi": vi, "zh": zh}, preferred)
    assert [found for found in merged if found in vi] == vi
    assert [found for found in merged if found in zh] == zh
    assert len(merged) == len(vi) + len(zh)


def test_each_language_has_a_threshold_and_others_share_one() -> None:
    known = {language: threshold(language) for language in ("vi", "zh", "en", "und")}
    assert all(0 < value < 1 for value in known.values())
    assert [threshold(language) for language in ("id", "ms", "th", "tl")] == [known["und"]] * 4
