"""Which version this is."""


def version() -> str:
    """The version that is installed, or that none is."""
    from importlib import metadata

    try:
        return metadata.version("ascn-bot")
    except metadata.PackageNotFoundError:
        return "not installed"
