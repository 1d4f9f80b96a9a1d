"""Whatever is asked, an answer comes of bounded work; `python -m tests.retrieval.hostile` prints how long it takes."""

import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from heapq import heappop, heappush

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.answers import LONGEST_QUESTION, Answerer
from retrieval.bm25 import MOST_TERMS
from retrieval.records import Answer
from retrieval.text import clean
from tests.quality.measure import questions
from tests.retrieval.hostile import FIXED, REPEATED, examples, processor_times

ORDINARY = [question["text"] for question in questions()]
PIECES = (
    st.sampled_from([*REPEATED.values(), "\n", " "])
    | st.sampled_from(ORDINARY)
    | st.text(st.characters(), max_size=30)
    | st.text(st.characters(categories=["Lo", "Mn", "Nd", "Cf", "So"]), max_size=30)
)
REPEATED_PIECES = st.tuples(PIECES, st.sampled_from([1, 1, 1, 2, 10, 500, 4096])).map(
    lambda repeat: (repeat[0] * repeat[1])[:LONGEST_QUESTION]
)
QUESTIONS = st.lists(REPEATED_PIECES, max_size=8).map(lambda parts: "".join(parts)[-LONGEST_QUESTION:])
PARTS = range(examples(1, nightly=20))
"""So that a long run shows how far it is, and what generates the questions forgets them in between."""
GENERATED = settings(deadline=None, suppress_health_check=list(HealthCheck))


class Slowest:
    """The questions that took the longest; with `pytest -s` they are asked again, and that is printed.

    The first time anything may have come in between: a collection of garbage, a dictionary that is loaded once.
    """

    def __init__(self) -> None:
        self.asked = 0
        self._longest: list[tuple[float, int, Answerer, str]] = []

    def note(self, seconds: float, answering: Answerer, question: str) -> None:
        """Keeps the ten that took the longest."""
        self.asked += 1
        heappush(self._longest, (seconds, self.asked, answering, question))
        if len(self._longest) > 10:
            heappop(self._longest)

    def __str__(self) -> str:
        first = 1000 * max(one[0] for one in self._longest)
        again = max(processor_times(answering, {"": question})[""] for *_, answering, question in self._longest)
        return f"{self.asked} generated questions, the slowest took {first:.0f} ms, and asked again {again:.0f} ms"


@pytest.fixture(scope="module")
def slowest() -> Iterator[Slowest]:
    slowest = Slowest()
    yield slowest
    if slowest.asked:
        sys.stdout.write(f"\n{slowest}\n")


def assert_answered(answering: Answerer, question: str, slowest: Slowest) -> None:
    began = time.process_time()
    answer = answering.answer(question)
    slowest.note(time.process_time() - began, answering, question)
    assert_bounded(answering, answer)


def assert_bounded(answering: Answerer, answer: Answer) -> None:
    """The question was cut to what is read, few of its terms are looked up, and the quotes are verbatim."""
    text = answer.question.text
    assert text == clean(text)
    assert len(unicodedata.normalize("NFKC", text)) <= LONGEST_QUESTION
    for quote in answer.quotes:
        groups = answering.index_of(quote.hit).groups(answer.question)
        # Twice: where Vietnamese is met by its sounds, so are the dictionary's translations.
        assert max(Counter(group.index.field.name for group in groups).values(), default=0) <= 2 * MOST_TERMS
        assert quote.text in quote.hit.passage.text


@pytest.mark.parametrize("name", FIXED)
def test_every_fixed_question_is_answered_or_refused(seed_answerer: Answerer, name: str) -> None:
    assert_bounded(seed_answerer, seed_answerer.answer(FIXED[name]))


@pytest.mark.parametrize("part", PARTS)
@settings(GENERATED, max_examples=examples(200, nightly=5_000))
@given(question=QUESTIONS)
def test_every_generated_question_is_answered_or_refused(
    seed_answerer: Answerer, slowest: Slowest, part: int, question: str
) -> None:
    assert_answered(seed_answerer, question, slowest)


@pytest.mark.parametrize("part", PARTS)
@settings(GENERATED, max_examples=examples(50, nightly=500))
@given(question=QUESTIONS | st.sampled_from(list(FIXED.values())))
def test_every_generated_question_is_answered_or_refused_by_meaning(
    meaning_answerer: Answerer, slowest: Slowest, part: int, question: str
) -> None:
    assert_answered(meaning_answerer, question, slowest)


def test_there_are_as_many_fixed_questions_as_were_promised() -> None:
    assert len(FIXED) >= 200
