"""A question that goes on from the one before: "and in 2022?" keeps its subject."""

import re
from dataclasses import replace
from functools import cache

from retrieval.bridges.glossary import Glossary, Naming
from retrieval.content import content_runs, word_count
from retrieval.numbers import is_year, numbers_in
from retrieval.records import Question
from retrieval.spelling import is_unmarked, to_simplified, without_marks
from retrieval.tables import table
from retrieval.text import shortened

_MOST_WORDS = 4
"""Of content; what has more, has a subject of its own."""
_LONGEST, _LONGEST_SUBJECT = 200, 500
"""Characters of a question that goes on, and of the subject that questions gather which go on from each other."""
_REPLACED = ("territory", "month", "language")
"""Kinds of names of which a question is about one at a time, as the ids of the concepts call them."""
_TAKEN_FOR_EACH_OTHER = {"id": ("id", "ms"), "ms": ("id", "ms")}
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SIGNS = " \t\n?!.,;:\uff1f\uff01。\uff0c\uff1b\uff1a…"


def going_on(question: Question, earlier: Question, glossary: Glossary) -> Question:
    """The question with the subject of the earlier one, where it goes on from that; else as it is.

    A year, a country, a month that it names takes the place of the earlier one's.
    """
    fragment = _fragment(question)
    if fragment is None:
        return question
    subject = _without_replaced(earlier, fragment, glossary)
    language = earlier.language if question.language == "und" else question.language
    return replace(question, subject=subject, language=language)


def _fragment(question: Question) -> Question | None:
    """What a question that goes on asks for anew; None where it stands by itself."""
    if len(question.text) > _LONGEST:
        return None
    text = to_simplified(question.text).casefold().strip(_SIGNS)
    begins, ends = _marks_of_going_on(question.document_language, is_unmarked(text))
    rest = ends.sub("", begins.sub("", text)).strip(_SIGNS)
    fragment = replace(question, text=rest)
    words = word_count(content_runs(fragment))
    marked = rest != text
    return fragment if (words <= _MOST_WORDS if marked else 0 < words == _numbers(fragment)) else None


def _numbers(question: Question) -> float:
    """How many of the question's words are numbers."""
    return sum(word_count([run]) for run in content_runs(question) if not any(map(str.isalpha, run)))


def _without_replaced(earlier: Question, fragment: Question, glossary: Glossary) -> str:
    """The earlier question's words, less those that the fragment has something else for."""
    text = " ".join(filter(None, [earlier.subject, earlier.text])).strip(_SIGNS)
    kinds = {kind for naming in glossary.named(fragment.text)[0] for kind in _kinds(naming)}
    for naming in glossary.named(text)[0]:
        if kinds & _kinds(naming):
            text = text.replace(naming.written, " ")
    if any(map(is_year, numbers_in(fragment.text, fragment.document_language))):
        text = _YEAR.sub(" ", text)
    return shortened(" ".join(text.split()), _LONGEST_SUBJECT)


def _kinds(naming: Naming) -> set[str]:
    return {identity.split()[0] for identity in naming.ids} & {*_REPLACED}


@cache
def _marks_of_going_on(language: str, unmarked: bool) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What such a question begins and ends with in its language; in any where the language is not known."""
    begins, ends = (_listed(part, language, unmarked) for part in ("begins", "ends"))
    return re.compile(rf"^(?:{begins})"), re.compile(rf"(?:{ends})$")


def _listed(part: str, language: str, unmarked: bool) -> str:
    by_language = table("continuing")[part]
    languages = list(by_language) if language == "und" else _TAKEN_FOR_EACH_OTHER.get(language, (language,))
    found = [(name, word) for name in languages for word in by_language.get(name, ())]
    if unmarked:
        found += [(name, without_marks(word)) for name, word in found]
    longest_first = sorted(found, key=lambda one: -len(one[1]))
    bounded = [re.escape(word) if name in ("zh", "th") else rf"\b{re.escape(word)}\b" for name, word in longest_first]
    return "|".join(bounded) or "(?!)"
