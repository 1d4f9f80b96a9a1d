"""What each part adds: the figures with everything, and without one part at a time. `make ablation` prints them.

With XQUAD=DIR, a folder with `vi.passages.jsonl`, `vi.questions.jsonl` and so on, R@1 on it as well, each half of
the questions by itself: weights were chosen on the first half, the second confirms.
"""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from retrieval.answers import Answerer
from retrieval.bridges.glossary import Glossary
from retrieval.bridges.meaning import encoder
from tests.quality import xquad
from tests.quality.measure import answerer, figures, questions

Change = Callable[[Answerer], None]
SHOWN = ("same language", "other language", "same language, among three", "other language, among three", "refused")


def without_field(name: str) -> Change:
    """Takes one field out of every index."""

    def change(answering: Answerer) -> None:
        for index in answering._indexes.values():
            index._own = [field for field in index._own if field.field.name != name]
            index._shared = [field for field in index._shared if field.field.name != name]
            if index._dictionary is not None and index._dictionary.terms.field.name == name:
                index._dictionary = None

    return change


def without_dictionary(answering: Answerer) -> None:
    """Takes CC-CEDICT out."""
    for index in answering._indexes.values():
        index._dictionary = None


def without_marks(answering: Answerer) -> None:
    """Leaves Vietnamese typed without marks as it was typed."""
    answering._marks = None


def without_meaning(answering: Answerer) -> None:
    """Searches by words alone."""
    answering._encoder = None
    for index in answering._indexes.values():
        index._meaning = None


def nothing(answering: Answerer) -> None:
    """Leaves all as it is."""


WITHOUT_GLOSSARY = "- glossary and CLDR"
PARTS: dict[str, Change] = {
    "everything": nothing,
    "- meaning": without_meaning,
    WITHOUT_GLOSSARY: nothing,
    "- Hán-Việt readings": without_field("sounds"),
    "- CC-CEDICT": without_dictionary,
    "- names and numbers": without_field("names"),
    "- restored marks": without_marks,
    "- pyvi and jieba words": without_field("words"),
    "- English 4-grams": without_field("grams"),
}


def glossary_for(name: str) -> Glossary | None:
    """The glossary to build with: an empty one where it is what is left out."""
    return Glossary(()) if name == WITHOUT_GLOSSARY else None


def seed_rows() -> Iterator[str]:
    """The figures on the seed questions, a row a part."""
    yield f"{'':24}" + "".join(f"{name.replace('language', 'l.'):>24}" for name in SHOWN)
    for name, change in PARTS.items():
        answering = answerer(encoder(), glossary_for(name))
        change(answering)
        rates = figures(answering, questions())
        yield f"{name:24}" + "".join(f"{rates[shown].share:24.3f}" for shown in SHOWN)


def xquad_rows(folder: Path) -> Iterator[str]:
    """R@1 on XQuAD, first and second half of the questions, a row a part."""
    yield f"{'':24}" + "".join(f"{pair:>14}" for pair in xquad.PAIRS)
    for name in PARTS:
        yield f"{name:24}" + "".join(f"{_halves(folder, pair, name):>14}" for pair in xquad.PAIRS)


def _halves(folder: Path, pair: str, name: str) -> str:
    answering = xquad.answerer(folder, pair, encoder(), glossary_for(name))
    PARTS[name](answering)
    hits = [
        bool(quotes := answering.answer(text, 1).quotes) and quotes[0].document.id == document
        for text, document in xquad.questions(folder, pair)
    ]
    half = len(hits) // 2
    return f"{sum(hits[:half]) / half:.3f} {sum(hits[half:]) / (len(hits) - half):.3f}"


def main() -> None:
    """Prints each row as it is measured."""
    folder = os.environ.get("XQUAD")
    for row in xquad_rows(Path(folder)) if folder else seed_rows():
        sys.stdout.write(row + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
