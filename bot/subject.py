"""What the articles are about, as the bot's own sentences name it."""

import re
from dataclasses import dataclass

from retrieval.records import NAMED_LANGUAGES

LONGEST_SUBJECT = 60
"""Characters; Telegram takes 120 in the line in which the longest language says it."""


class SubjectError(ValueError):
    """Raised where a subject cannot be used; the message tells the mend."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A name, and what languages call it that have another."""

    name: str
    translations: tuple[tuple[str, str], ...] = ()
    """By language; zh is Chinese in either script."""

    def in_language(self, language: str) -> str:
        """What it is called there."""
        called = dict(self.translations)
        return called.get(language) or called.get(language.split("-")[0]) or self.name


def read_subject(text: str) -> Subject:
    """The subject in `Penang Hill | ms: Bukit Bendera | zh: 升旗山`.

    Raises SubjectError.
    """
    name, *others = (" ".join(part.split()) for part in text.split("|"))
    translations = []
    for other in others:
        code, colon, called = (part.strip() for part in other.partition(":"))
        if not colon or code not in NAMED_LANGUAGES:
            raise SubjectError(f"each name behind a | begins with one of {', '.join(NAMED_LANGUAGES)} and a colon")
        translations.append((code, called))
    for each in (name, *(called for _, called in translations)):
        _check(each)
    return Subject(name, tuple(translations))


def _check(name: str) -> None:
    if not 0 < len(name) <= LONGEST_SUBJECT:
        raise SubjectError(f"a name has 1 to {LONGEST_SUBJECT} characters, and {name[:20]!r}… has {len(name)}")
    if re.search(r"[\x00-\x1f\x7f{}\"'\\$#]", name):
        raise SubjectError("a name holds no quotation marks, braces, #, $ or \\")
