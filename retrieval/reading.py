"""What a question names: concepts of the glossary and numbers; and how much of it that leaves unread."""

from dataclasses import dataclass
from functools import lru_cache

from retrieval.bridges.concepts import default_glossary
from retrieval.content import content_runs, word_count
from retrieval.numbers import numbers_in
from retrieval.records import Question


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question names."""

    concepts: frozenset[str]
    numbers: frozenset[str]
    rest: Question
    """The question without what names a concept."""
    known: float
    """Share of its words that the glossary knows, 0 to 1."""


@lru_cache(maxsize=64)
def read(question: Question) -> Reading:
    """The question, read with the glossary."""
    glossary = default_glossary()
    rest = Question(glossary.rest(question.text), question.language)
    words, unread = word_count(content_runs(question)), word_count(content_runs(rest))
    return Reading(
        concepts=frozenset(glossary.concepts(question.text)),
        numbers=numbers_in(question.text, question.document_language),
        rest=rest,
        known=max(0.0, 1 - unread / words) if words else 0.0,
    )
