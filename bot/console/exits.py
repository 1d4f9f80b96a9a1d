"""How a command ends."""

from collections.abc import Mapping

FOUND, NOT_FOUND, USAGE, CANNOT_GO_ON = 0, 1, 2, 3

MEANINGS: Mapping[int, str] = {
    FOUND: "done, found, or ready",
    NOT_FOUND: "nothing found, below the floor, not ready, or interrupted",
    USAGE: "wrong usage, setting, token or corpus, or an output that cannot be written",
    CANNOT_GO_ON: "Telegram gives this process nothing any more",
}
"""What each exit code says, as `--help`, the man page and the README tell it."""


class UsageError(Exception):
    """Raised when a command is given something it cannot use; the message is one sentence."""
