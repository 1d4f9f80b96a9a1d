"""The tables in data/, each read once, and the dictionaries, each read where it lies on the disk."""

import tomllib
from functools import cache
from importlib.resources import as_file, files
from typing import Any, Protocol, TypeVar


@cache
def table(name: str) -> dict[str, Any]:
    """The content of data/`name`.toml."""
    return tomllib.loads(files("retrieval.data").joinpath(f"{name}.toml").read_text("utf-8"))


class _Mapped(Protocol):
    def mmap(self, path: str) -> object: ...


_Trie = TypeVar("_Trie", bound=_Mapped)


def dictionary(name: str, trie: _Trie) -> _Trie:
    """The trie, with the content of data/`name`.marisa, which every process of the machine shares."""
    with as_file(files("retrieval.data") / f"{name}.marisa") as path:
        trie.mmap(str(path))
    return trie
