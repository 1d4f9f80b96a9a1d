"""Which documents fit a few words, whatever language they are in."""

from functools import cache, lru_cache

from bot.speech.phrases import REPLY_LANGUAGES, phrases
from bot.speech.rendering import language_name
from retrieval.folding import folded
from retrieval.records import Document


def fits(document: Document, sought: str) -> bool:
    """Whether every word of what is sought, which is folded, stands in the title, publisher, language or year."""
    return not sought or all(word in _told_of(document) for word in sought.split())


@lru_cache(maxsize=10_000)
def _told_of(document: Document) -> str:
    """What the list says of a document, in every language."""
    year = str(document.published.year) if document.published else ""
    credit = (document.publisher or "", document.author or "")
    return folded(" ".join((document.name, *credit, year, _names_of(document.language))))


@cache
def _names_of(language: str) -> str:
    """What the language is called in all that the bot speaks."""
    return " ".join([language, *(language_name(language, phrases(code)) for code in REPLY_LANGUAGES)])
