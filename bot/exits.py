"""How a command ends."""

FOUND, NOT_FOUND, USAGE, CANNOT_GO_ON = 0, 1, 2, 3


class UsageError(Exception):
    """Raised when a command is given something it cannot use; the message is one sentence."""
