"""Which year a question is about: one that it names, or this year, last year, next year."""

from datetime import date
from functools import cache

from retrieval.bridges.glossary import Concept, Glossary
from retrieval.numbers import is_year, numbers_in
from retrieval.records import Question
from retrieval.tables import table


def year_asked(question: Question, today: date) -> int | None:
    """The latest year that the question names, None where it names none."""
    named = [int(number) for number in numbers_in(question.text, question.document_language) if is_year(number)]
    relative = [today.year + int(offset) for offset in _relative_years().concepts(question.text)]
    return max([*named, *relative], default=None)


@cache
def _relative_years() -> Glossary:
    """The ways to say this year, last year and next year; a concept's id is what to add to this year."""
    return Glossary(
        Concept(offset, {language: tuple(names) for language, names in rows.items()})
        for offset, rows in table("times").items()
    )
