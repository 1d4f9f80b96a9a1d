"""How the bot introduces itself: by the subject of its articles."""

from dataclasses import dataclass

from bot.speech.phrases import Phrases
from bot.subject import Subject


@dataclass(frozen=True, slots=True)
class Introduction:
    """The sentences that name what the bot is about, or an example from its articles."""

    start: str
    start_in_group: str
    how_to_ask: str
    how_to_try: str
    description: str
    short_description: str


def introduction(words: Phrases, subject: Subject | None) -> Introduction:
    """Those of the articles that come with the bot, or, without an example, those of another subject."""
    if subject is None:
        return Introduction(
            start=words.start,
            start_in_group=words.start_in_group,
            how_to_ask=words.how_to_ask,
            how_to_try=words.how_to_try,
            description=words.description,
            short_description=words.short_description,
        )
    name = subject.in_language(words.language)
    return Introduction(
        start=words.start_about.format(subject=name),
        start_in_group=words.start_in_group_about.format(subject=name),
        how_to_ask=words.how_to_ask_plain,
        how_to_try=words.how_to_try_plain,
        description=words.description_about.format(subject=name),
        short_description=words.short_description_about.format(subject=name),
    )
