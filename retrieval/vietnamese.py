"""Vietnamese words as pyvi finds them, from pyvi's own trained model and without what pyvi loads beside it.

`from pyvi import ViTokenizer` costs 3 s and 118 MiB, nearly all of it scikit-learn, which the pickle around the model
asks for and no word needs. The model itself is one of CRFsuite, 0.6 MB.
"""

import pickle
import re
import string
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO, StringIO
from itertools import pairwise
from typing import Any, NamedTuple

from pycrfsuite import Tagger

# In pyvi's order: abbreviations, arrows and dots, addresses, numbers, signs, words.
_SYLLABLE = re.compile(
    r"[A-ZĐ]+\.|(?:Tp|Mr|Mrs|Ms|Dr|ThS)\."
    r"|==>|->|\.\.\.|>>|\n"
    r"|\w+://\S+|[a-zA-Z0-9_.+-]+@(?:[a-zA-Z0-9-]+\.)+[a-zA-Z0-9-]+"
    r"|\d+(?:[.,_]\d+)+|[^\w\s]|\w+"
)
_GOES_ON = "I_W"
_LONGEST_SYLLABLE = 32
"""Characters. What is longer is none, and is not kept: a hostile file could fill 100 MiB with it."""


class ModelError(ValueError):
    """pyvi's model is not packed as it was in the release this was written for."""


def tokenise(text: str) -> str:
    """What `pyvi.ViTokenizer.tokenize` returns, byte for byte: words between blanks, their syllables joined by _.

    Where an installed pyvi keeps its model otherwise, pyvi itself is asked, at the cost told above.
    """
    return _tokeniser()(text)


@cache
def _tokeniser() -> Callable[[str], str]:
    try:
        return Segmenter(_trained_model((files("pyvi") / "models" / "pyvi3.pkl").read_bytes())).tokenise
    except (OSError, ValueError):  # ModelError among them
        from pyvi import ViTokenizer

        return ViTokenizer.tokenize  # type: ignore[no-any-return]


class Segmenter:
    """Joins syllables to words by a trained model."""

    def __init__(self, model: bytes) -> None:
        # The tagger reads the bytes where they lie and does not keep them alive: freed, its tags are silently wrong.
        self._model = model
        self._tagger = Tagger()
        self._tagger.open_inmemory(model)
        words = (files("pyvi") / "models" / "words.txt").read_text("utf-8")
        self._seconds, self._thirds = _behind_the_first(words)

    def tokenise(self, text: str) -> str:
        """The text's words between blanks; a text without any comes back as it is."""
        syllables: list[str] = _SYLLABLE.findall(unicodedata.normalize("NFC", text))
        if not syllables:
            return text
        labels = self._tagger.tag(self._signs(syllables))
        rest = (
            f"_{syllable}" if label == _GOES_ON and _may_join(before, syllable) else f" {syllable}"
            for before, syllable, label in zip(syllables, syllables[1:], labels[1:], strict=False)
        )
        return syllables[0] + "".join(rest)

    def _signs(self, syllables: Sequence[str]) -> list[list[bytes]]:
        """What the model looks at, syllable by syllable; what is not so is left out, for it weighs nothing."""
        seen = [_seen(syllable) for syllable in syllables]
        signs = [
            [*one.itself, *before.to_following, *following.to_before]
            for before, one, following in zip([_NONE, *seen], seen, [*seen[1:], _NONE], strict=False)
        ]
        lower = [one.lower for one in seen]
        for i, (first, second) in enumerate(pairwise(lower)):
            if (seconds := self._seconds.get(first)) and f"\n{second}\n" in seconds:
                signs[i].append(b"+1:word.bi_gram()")
                signs[i + 1].append(b"-1:word.bi_gram()")
            if (thirds := self._thirds.get(first)) and f"\n{' '.join(lower[i + 1 : i + 3])}\n" in thirds:
                signs[i].append(b"+2:word.tri_gram()")
                signs[i + 2].append(b"-2:word.tri_gram()")
        return signs


def _behind_the_first(words: str) -> tuple[dict[str, str], dict[str, str]]:
    """What stands behind the first syllable of words of two, and of three, by that syllable, each in a line.

    It takes a fifth of the memory of a set.
    """
    seconds: defaultdict[str, str] = defaultdict(lambda: "\n")
    thirds = seconds.copy()
    for word in StringIO(f"{words}\n"):
        first, blank, rest = word.partition(" ")
        if blank and " " not in rest:
            seconds[first] += rest
        elif rest.count(" ") == 1:
            thirds[first] += rest
    return dict(seconds), dict(thirds)


class _Seen(NamedTuple):
    """What the model sees of a syllable."""

    lower: str
    itself: tuple[bytes, ...]
    to_before: tuple[bytes, ...]
    """To the syllable before it."""
    to_following: tuple[bytes, ...]


_NONE = _Seen("", (), (), ())


def _seen(syllable: str) -> _Seen:
    return _seen_before(syllable) if len(syllable) <= _LONGEST_SYLLABLE else _seen_before.__wrapped__(syllable)


@lru_cache(maxsize=1 << 14)
def _seen_before(syllable: str) -> _Seen:
    lower = syllable.lower()
    shape = (b"word.isupper()",) * syllable.isupper() + (b"word.istitle()",) * syllable.istitle()
    about = (f"word.lower():{lower}".encode(), *shape)
    return _Seen(
        lower,
        (b"bias", *about, *(b"word.isdigit()",) * syllable.isdigit()),
        tuple(b"+1:" + sign for sign in about),
        tuple(b"-1:" + sign for sign in about),
    )


def _may_join(before: str, syllable: str) -> bool:
    """pyvi joins no sign and no number, and no capitalised syllable to one that is not."""
    if syllable in string.punctuation or before in string.punctuation:
        return False
    if syllable[0].isdigit() or before[0].isdigit():
        return False
    return before[0].istitle() or not syllable[0].istitle()


class _Stub:
    """Stands for every class that the pickle names, so that none is imported."""

    def __init__(self, *arguments: Any) -> None:
        self.arguments = arguments
        self.state: dict[str, Any] = {}

    def __setstate__(self, state: Any) -> None:
        if isinstance(state, dict):
            self.state = state


class _Unpickler(pickle.Unpickler):
    """Reads what a pickle holds and runs nothing that it names."""

    def find_class(self, _module: str, _name: str) -> type[_Stub]:
        return _Stub


def _trained_model(pickled: bytes) -> bytes:
    """CRFsuite's model out of the pickle that pyvi keeps it in."""
    try:
        estimator = _Unpickler(BytesIO(pickled)).load()
        text, encoding = estimator.state["modelfile"].state["__FILE_RESOURCE_DATA__"].arguments
        model = text.encode(encoding)
    except (pickle.UnpicklingError, AttributeError, KeyError, ValueError, TypeError, EOFError, IndexError) as error:
        raise ModelError("pyvi's model is packed in a way that is not known") from error
    if not isinstance(model, bytes) or not model.startswith(b"lCRF"):
        raise ModelError("what pyvi's model file holds is no model of CRFsuite")
    return model
