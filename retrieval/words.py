"""The closed word lists that languages and analysers share."""

from functools import cache

from retrieval.tables import table


@cache
def words(name: str) -> frozenset[str]:
    """The list called `name` in data/words.toml; an underscore joins the syllables of one word."""
    return frozenset(table("words")[name].split())
