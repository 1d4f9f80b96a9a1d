"""The tables in data/, each read once."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """The content of data/`name`.toml."""
    return tomllib.loads(files("retrieval.data").joinpath(f"{name}.toml").read_text("utf-8"))
