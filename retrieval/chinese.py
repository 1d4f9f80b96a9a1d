"""Chinese words as jieba finds them, its dictionary packed into a trie that is read where it lies on the disk.

jieba writes its 349,046 words into a dict at every start, which takes a second and 60 MiB. The same words in a trie
take 1.7 MB, which every process of the machine shares.
"""

import tempfile
from collections.abc import Iterable
from functools import cache

import jieba
from marisa_trie import RecordTrie

from retrieval.tables import dictionary

LONGEST_WORD = 16
"""Characters of the longest in the dictionary; to look further would take the square of a run's length."""
_FREQUENCY = "<I"
_TOTAL = f"all words of jieba {jieba.__version__}"
"""Under which the sum of all frequencies stands, and by which another release's dictionary is known; no run of letters
has blanks."""


def segments(run: str) -> list[str]:
    """What `jieba.lcut` returns: the words of a run, nothing left out and nothing twice."""
    words: list[str] = _tokeniser().lcut(run)
    return words


def is_word(text: str) -> bool:
    """Whether jieba's dictionary has it."""
    return bool(_tokeniser().FREQ.get(text))


@cache
def _tokeniser() -> jieba.Tokenizer:
    """On the packed dictionary, or on jieba's own, at the cost told above, where it is of another release."""
    jieba.setLogLevel("WARNING")
    words = dictionary("jieba", RecordTrie(_FREQUENCY))
    return Tokeniser(words) if _TOTAL in words else unpacked()


class Tokeniser(jieba.Tokenizer):  # type: ignore[misc]
    """jieba's own, which looks its words up in a trie."""

    def __init__(self, words: "RecordTrie[tuple[int]]") -> None:
        super().__init__()
        self._words = words
        self.FREQ = _Frequencies(words)
        self.total = self.FREQ.get(_TOTAL)
        self.initialized = True

    def get_DAG(self, sentence: str) -> dict[int, list[int]]:  # noqa: N802
        """Where each word ends that begins at a character; the character itself where none does."""
        return {
            start: [start + len(word) - 1 for word in self._words.prefixes(sentence[start : start + LONGEST_WORD])]
            or [start]
            for start in range(len(sentence))
        }


class _Frequencies:
    """As much of a dict as jieba asks of it."""

    def __init__(self, words: "RecordTrie[tuple[int]]") -> None:
        self._words = words

    def get(self, word: str) -> int | None:
        """How often jieba has seen a word, None where it does not know it."""
        found = self._words.get(word)
        return found[0][0] if found else None


def packed(words: Iterable[tuple[str, int]], total: int) -> "RecordTrie[tuple[int]]":
    """Words and their frequencies as `Tokeniser` asks for them; jieba makes nothing of those that it has never seen."""
    rows = [(word, (frequency,)) for word, frequency in words if frequency]
    return RecordTrie(_FREQUENCY, [*rows, (_TOTAL, (total,))])


def unpacked() -> jieba.Tokenizer:
    """jieba as it comes."""
    # jieba would read its cache from a name that anyone on the machine can foresee; a folder of ours, gone at once.
    with tempfile.TemporaryDirectory() as private:
        jieba.dt.tmp_dir = private
        jieba.dt.initialize()
    return jieba.dt
