"""How well labelled questions are answered: what is right of each, figures by language, and what went worst."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.console.labels import Label
from retrieval.answers import Answerer
from retrieval.records import Answer, Quote

ALL = "all"
"""Stands for every language in the figures."""
_AMONG = 3
"""Quotes that an answer shows."""
_LOOKED_AT = 10
"""Quotes among which the right document is looked for, to tell how far it was."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question, answered."""

    label: Label
    answer: Answer
    """With more quotes than are shown."""
    place: int | None
    """The first quote that is of a right document, counted from 1; None: it is not among them."""
    holds: bool | None
    """Whether the first quote is of a right document and has the words wanted; None: none are wanted."""

    @property
    def language(self) -> str:
        """The question's, as it was labelled or else as it seems."""
        return self.label.language or self.answer.question.language

    @property
    def refused(self) -> bool:
        """Whether the bot says that it found nothing."""
        return not self.answer.found

    @property
    def first_right(self) -> bool:
        """Whether what is shown first is right, or rightly nothing is shown."""
        return self.refused if not self.label.documents else self.answer.found and self.place == 1

    @property
    def right(self) -> bool:
        """Whether nothing at all is wrong with it."""
        return self.first_right and self.holds is not False

    @property
    def shown(self) -> Quote | None:
        """The first quote, shown or not."""
        return self.answer.quotes[0] if self.answer.quotes else None

    @property
    def evidence(self) -> float:
        """That of the first quote."""
        return self.shown.hit.evidence if self.shown else 0.0

    @property
    def amiss(self) -> float:
        """How wrong it is: how far the evidence was on the wrong side, least where the quote alone lacks its words."""
        return abs(self.evidence - self.answer.threshold) if not self.first_right else -1.0


@dataclass(slots=True)
class Rate:
    """How many of how many."""

    right: int = 0
    of: int = 0

    def count(self, right: bool) -> None:
        """One more."""
        self.right += right
        self.of += 1

    @property
    def share(self) -> float:
        """The share, 0 to 1; 0 of nothing."""
        return self.right / self.of if self.of else 0.0


@dataclass(slots=True)
class Figures:
    """What was counted of the questions in one language."""

    questions: int = 0
    first: Rate = field(default_factory=Rate)
    """Of those that an article answers, the first quote is of it."""
    among: Rate = field(default_factory=Rate)
    """The same, of one of the quotes shown."""
    holds: Rate = field(default_factory=Rate)
    """Of those labelled with words, the first quote has them."""
    refused: Rate = field(default_factory=Rate)
    """Of those that no article answers, refused."""
    refused_wrongly: Rate = field(default_factory=Rate)
    """Of those that an article answers, refused all the same."""

    def count(self, case: Case) -> None:
        """One more question."""
        self.questions += 1
        if not case.label.documents:
            self.refused.count(case.refused)
            return
        self.first.count(case.first_right)
        self.among.count(case.answer.found and case.place is not None and case.place <= _AMONG)
        self.refused_wrongly.count(case.refused)
        if case.holds is not None:
            self.holds.count(case.holds)


def ask(answerer: Answerer, labels: Iterable[Label]) -> list[Case]:
    """Each question, answered and judged."""
    return [_judged(label, answerer.answer(label.text, _LOOKED_AT)) for label in labels]


def figures(cases: Sequence[Case]) -> dict[str, Figures]:
    """What was counted by language, and of all."""
    counted = {language: Figures() for language in (*sorted({case.language for case in cases}), ALL)}
    for case in cases:
        counted[case.language].count(case)
        counted[ALL].count(case)
    return counted


def worst(cases: Iterable[Case]) -> list[Case]:
    """What is wrong, the worst first: what is shown with much confidence or refused for want of much evidence."""
    return sorted((case for case in cases if not case.right), key=lambda case: case.amiss, reverse=True)


def reason(case: Case) -> str:
    """Why it went wrong, as short as can be."""
    weighed = f"evidence {case.evidence:.2f} of {case.answer.threshold:.2f} needed"
    read_as = case.answer.question.language
    parts = []
    if not case.label.documents:
        parts.append(f"answered, though no article does: {weighed}{_shared(case)}")
    elif case.first_right:
        parts.append("the right article, but its quote lacks the words wanted")
    elif case.place is None:
        said = "refused" if case.refused else "another article is shown"
        parts.append(f"{said}: {weighed}; {_named(case)} is not among the {_LOOKED_AT} best")
    elif case.place > 1:
        said = "refused" if case.refused else "another article is shown"
        parts.append(f"{said}: {weighed}; {_named(case)} comes at place {case.place}")
    else:
        parts.append(f"refused, though the right article came first: {weighed}")
    if case.language.split("-")[0] != read_as.split("-")[0]:
        unread = read_as == "und"
        parts.append(
            "the language of the question could not be told" if unread else f"the question was read as {read_as}"
        )
    return "; ".join(parts)


def _named(case: Case) -> str:
    return " or ".join(sorted(case.label.documents))


def _shared(case: Case) -> str:
    """The terms that speak most for what is shown."""
    shares = sorted(case.shown.hit.shares if case.shown else (), key=lambda share: share.score, reverse=True)
    terms = list(dict.fromkeys(share.term for share in shares))[:3]
    return f", by {', '.join(terms)}" if terms else ""


def _judged(label: Label, answer: Answer) -> Case:
    places = (place for place, quote in enumerate(answer.quotes, start=1) if quote.document.id in label.documents)
    place = next(places, None)
    holds = None
    if label.documents and label.answers:
        words = folded(answer.quotes[0].text) if answer.quotes else ""
        holds = answer.found and place == 1 and any(folded(wanted) in words for wanted in label.answers)
    return Case(label, answer, place, holds)


def folded(text: str) -> str:
    """A text as it is compared: however it is spelled in Unicode, spaced or capitalised."""
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()
