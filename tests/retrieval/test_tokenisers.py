"""The libraries that find words give the same ones whoever asks, and however many ask at once."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest

from retrieval.tokenisers import english_stem

WORDS = ["".join(parts) for parts in product(("nation", "organ", "hope"), ("al", "iz", "ful"), ("ation", "ing", "ed"))]


@pytest.fixture
def hurried_threads() -> Iterator[None]:
    """Threads that take turns as often as they can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("hurried_threads")
def test_questions_side_by_side_do_not_stem_each_others_words() -> None:
    stem = english_stem.__wrapped__
    expected = [stem(word) for word in WORDS] * 20
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: [stem(word) for word in WORDS * 20], range(8)))
    assert found == [expected] * 8


def test_what_is_too_long_for_a_word_is_its_own_stem() -> None:
    assert (english_stem("cities"), english_stem("nation" * 700)) == ("citi", "nation" * 700)
