"""A question is read for its concepts and numbers, and it is known how much of it that leaves unread."""

import pytest

from retrieval.bridges.concepts import default_glossary
from retrieval.reading import Reading, read
from tests.retrieval.making import asked


def reading_of(text: str) -> Reading:
    return read(asked(text), default_glossary())


def test_one_thing_is_one_concept_in_every_language() -> None:
    questions = ("Bình Dương?", "平阳?", "平陽?", "Binh Duong?")
    assert len({reading_of(text).concepts for text in questions}) == 1


@pytest.mark.parametrize(
    ("text", "known"), [("ASEAN", 1.0), ("ASEAN xyzzy", 0.5), ("xyzzy", 0.0), ("", 0.0), ("什么", 0.0), ("?!", 0.0)]
)
def test_what_names_no_concept_is_unread(text: str, known: float) -> None:
    reading = reading_of(text)
    assert reading.words - reading.unread == known * reading.words


def test_a_word_in_latin_letters_that_is_no_concept_may_be_a_name() -> None:
    assert reading_of("Who is Marten Kuipers of ASEAN, 2022?").names == {"marten", "kuipers"}
    assert reading_of("Marten Kuipers是谁").names == {"marten", "kuipers"}


def test_the_rest_is_the_question_without_its_concepts() -> None:
    assert reading_of("ASEAN xyzzy").rest.text.split() == ["xyzzy"]


def test_numbers_are_read_in_the_questions_language() -> None:
    assert reading_of("Hội nghị lần thứ tư năm 2021").numbers == {"4", "2021"}


def test_the_possessive_s_is_no_word_and_names_nothing() -> None:
    reading = reading_of("Who is Vietnam's minister?")
    assert (reading.words, reading.unread) == (2, 0)
    assert [naming.written for naming in reading.namings] == ["Vietnam", "minister"]
