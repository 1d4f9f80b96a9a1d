"""What the bot's administrators are told of besides the log, wherever in the bot it is noticed."""

from enum import Enum, auto


class Trouble(Enum):
    """A kind of trouble that somebody should look into; what passes by itself, as the weather of a network, is none."""

    FAILED = auto()
    """A handler, or the database under it."""
    SET_ASIDE = auto()
    """An update that could not be read or handled."""
    GIVEN_UP = auto()
    """A question that took too long, or that the process died of too often."""
    EDITION_LOST = auto()
    """The process that has read the corpus."""
    BACKUP_FAILED = auto()
    WEBHOOK = auto()
    """Telegram cannot post."""
    DATABASE_MOVED = auto()
    """It was damaged, and something else is in its place."""


def told(trouble: Trouble, about: str = "") -> dict[str, object]:
    """The `extra` of a log record that administrators are to be told of: `about` is the kind and place of an error, as
    `logs.describe` makes it, and nobody's words.
    """
    return {"trouble": trouble, "about": about}
