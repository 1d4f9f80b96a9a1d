"""What a question names: concepts of the glossary, names it does not know, and numbers."""

from dataclasses import dataclass
from functools import lru_cache

from retrieval.analysers import latin_tokens
from retrieval.asking import kinds_asked
from retrieval.bridges.glossary import Glossary, Naming
from retrieval.content import content_runs, word_count
from retrieval.numbers import numbers_in
from retrieval.records import Question


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question names."""

    namings: tuple[Naming, ...]
    """What it names, each thing once."""
    names: frozenset[str]
    """Words in Latin letters without marks that are no concept: it may be that a passage has them as names."""
    numbers: frozenset[str]
    kinds: frozenset[str]
    """The kinds of answer it asks for."""
    words: float
    """How many words it has that are no function words."""
    unread: float
    """How many of them name no concept."""
    rest: Question
    """The question without what names a concept."""

    @property
    def concepts(self) -> frozenset[frozenset[str]]:
        """The concepts of each naming."""
        return frozenset(naming.ids for naming in self.namings)


@lru_cache(maxsize=64)
def read(question: Question, glossary: Glossary) -> Reading:
    """The question, read with a glossary."""
    namings, unnamed = glossary.named(question.text)
    rest = Question(unnamed, question.language)
    words, unread = word_count(content_runs(question)), word_count(content_runs(rest))
    tokens = {token for run in content_runs(rest) for token in latin_tokens(run.lower())}
    return Reading(
        namings=tuple({naming.ids: naming for naming in namings}.values()),
        names=frozenset(token for token in tokens if not token[0].isdigit()),
        numbers=numbers_in(question.text, question.document_language),
        kinds=kinds_asked(question),
        words=words,
        unread=min(unread, words),
        rest=rest,
    )
