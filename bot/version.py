"""Which version this is."""

from importlib import metadata


def version() -> str:
    """The version that is installed, or that none is."""
    try:
        return metadata.version("ascn-bot")
    except metadata.PackageNotFoundError:
        return "not installed"
