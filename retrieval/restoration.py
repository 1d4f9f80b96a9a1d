"""Gives Vietnamese typed without marks its marks back, as the corpus's own syllables have them."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from math import log

from retrieval.spelling import without_marks
from retrieval.words import words

_SYLLABLE = re.compile(r"[^\W\d_]+")
_BEGIN = ""
_UNSEEN_PAIR = 0.1
"""Counts as so many sightings of a pair never seen: the commoner syllable then decides."""


class MarkRestorer:
    """Knows how often each marked syllable, and each pair of neighbours, stands in the corpus."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._seen: Counter[str] = Counter()
        self._pairs: Counter[tuple[str, str]] = Counter()
        for text in texts:
            syllables = _SYLLABLE.findall(text.lower())
            self._seen.update(syllables)
            self._pairs.update(pairwise([_BEGIN, *syllables]))
        self._marked: dict[str, list[str]] = defaultdict(list)
        for word in sorted(words("vi")):  # in one order: of readings that fit alike the first is taken
            # Question words are rare in articles; here each counts as if it had been seen.
            syllables = word.split("_")
            self._seen.update(syllables)
            self._pairs.update(pairwise([_BEGIN, *syllables]))
        self._total = self._seen.total()
        for syllable in self._seen:
            self._marked[without_marks(syllable)].append(syllable)

    def restore(self, text: str) -> str:
        """The text with the likeliest marks; syllables that the corpus lacks stay as they are."""
        plain = [match.group().lower() for match in _SYLLABLE.finditer(text)]
        restored = iter(self._likeliest(plain))
        return _SYLLABLE.sub(lambda match: _in_case_of(match.group(), next(restored)), text)

    def _likeliest(self, plain: list[str]) -> list[str]:
        """The best path through the candidates of each syllable, by pairs of neighbours."""
        scores = {_BEGIN: 0.0}
        steps: list[dict[str, str]] = []
        for syllable in plain:
            reached: dict[str, float] = {}
            came_from: dict[str, str] = {}
            for marked in self._marked.get(syllable, [syllable]):
                fits = {before: score + self._fit(before, marked) for before, score in scores.items()}
                came_from[marked] = before = max(fits, key=fits.__getitem__)
                reached[marked] = fits[before]
            scores = reached
            steps.append(came_from)
        path = [max(scores, key=scores.__getitem__)]
        for came_from in reversed(steps):
            path.append(came_from[path[-1]])
        return path[-2::-1]

    def _fit(self, before: str, marked: str) -> float:
        pair = self._pairs[before, marked] + _UNSEEN_PAIR * (self._seen[marked] + 1) / self._total
        return log(pair / (self._seen[before] + 1))


def _in_case_of(typed: str, restored: str) -> str:
    """The restored syllable with capitals where the typed one had them; marks change no syllable's length."""
    pairs = zip(unicodedata.normalize("NFC", typed), restored, strict=False)
    return "".join(new.upper() if old.isupper() else new for old, new in pairs)
