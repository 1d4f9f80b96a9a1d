"""The closed word lists that languages and analysers share."""

import tomllib
from functools import cache
from importlib.resources import files


@cache
def words(name: str) -> frozenset[str]:
    """The list called `name` in data/words.toml; an underscore joins the syllables of one word."""
    return frozenset(_table()[name].split())


@cache
def _table() -> dict[str, str]:
    return tomllib.loads(files("retrieval.data").joinpath("words.toml").read_text("utf-8"))
