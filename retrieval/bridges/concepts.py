"""The concepts a corpus is read with: the project's glossary, the names of CLDR, and an administrator's own rows."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from retrieval.bridges.glossary import Concept, Glossary, read_glossary
from retrieval.bridges.names import cldr_concepts


@cache
def default_glossary() -> Glossary:
    """What is known without an administrator's rows."""
    return Glossary(_default_concepts())


def glossary_with(rows: Iterable[Concept]) -> Glossary:
    """What is known, with an administrator's rows added."""
    own = tuple(rows)
    return Glossary((*_default_concepts(), *own)) if own else default_glossary()


@cache
def _default_concepts() -> tuple[Concept, ...]:
    text = files("retrieval.data").joinpath("glossary.tsv").read_text("utf-8")
    return (*read_glossary(text, "glossary "), *cldr_concepts())
