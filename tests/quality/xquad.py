"""XQuAD as passage retrieval, from a folder with `vi.passages.jsonl`, `vi.questions.jsonl` and so on.

A pair is `en>vi`: English questions, Vietnamese passages. Weights are chosen on the first half of the questions, and
the second confirms. `python -m tests.quality.xquad DIR` prints how often the right passage comes first, pair by pair,
also with one typing error in each question.
"""

import random
import sys
from collections.abc import Callable
from pathlib import Path

from bot.corpus.vectors import VectorStore
from retrieval.answers import Answerer
from retrieval.bridges.glossary import Glossary
from retrieval.bridges.meaning import Encoder, encoder
from retrieval.records import Document
from tests.quality.measure import VECTORS, json_lines

PAIRS = ("vi>vi", "vi-plain>vi", "zh>zh", "zh-Hant>zh", "en>en", "en>vi", "en>zh", "vi>zh", "zh>vi", "th>vi", "th>zh")


def answerer(folder: Path, pair: str, encode: Encoder | None, glossary: Glossary | None = None) -> Answerer:
    """The answerer on the passages of a pair."""
    target = pair.split(">")[1]
    rows = json_lines(folder / f"{target}.passages.jsonl")
    documents = [Document(row["id"], target, (row["text"],)) for row in rows]  # type: ignore[arg-type]
    return Answerer(documents, encode, VectorStore(VECTORS), glossary=glossary)


def questions(folder: Path, pair: str) -> list[tuple[str, str]]:
    """The questions of a pair, each with the document that answers it."""
    rows = json_lines(folder / f"{pair.split('>')[0]}.questions.jsonl")
    return [(row["text"], row["passage"]) for row in rows]


def with_typing_error(text: str, seed: int) -> str:
    """The text with one letter left out, doubled, swapped with the next or replaced by another one of the text."""
    letters = [i for i, character in enumerate(text[:-1]) if character.isalpha() and text[i + 1].isalpha()]
    if not letters:
        return text
    chance = random.Random(seed)  # noqa: S311 – the same errors every time
    i = chance.choice(letters)
    this, following = text[i], text[i + 1]
    put = chance.choice([following, this * 2 + following, following + this, text[chance.choice(letters)] + following])
    return text[:i] + put + text[i + 2 :]


def right_first(folder: Path, pair: str, encode: Encoder | None, typed: Callable[[str, int], str]) -> float:
    """The share of a pair's questions, as they are typed, whose right passage comes first."""
    answering, asked = answerer(folder, pair, encode), questions(folder, pair)
    firsts = [answering.answer(typed(text, seed), top=1).quotes for seed, (text, _) in enumerate(asked)]
    right = [
        bool(quotes) and quotes[0].document.id == document for quotes, (_, document) in zip(firsts, asked, strict=True)
    ]
    return sum(right) / len(right)


def main() -> None:
    """Prints the table, by words and meaning and by words alone."""
    if len(sys.argv) != 2:
        sys.exit("Name the folder: python -m tests.quality.xquad DIR")
    sys.stdout.write(f"{'':14}{'meaning':>10}{'words alone':>13}{'one typing error:':>20} meaning, words alone\n")
    for pair in PAIRS:
        shares = [
            right_first(Path(sys.argv[1]), pair, encode, typed)
            for typed in (lambda text, _: text, with_typing_error)
            for encode in (encoder(), None)
        ]
        sys.stdout.write(f"{pair:14}{shares[0]:10.3f}{shares[1]:13.3f}{shares[2]:20.3f}{shares[3]:13.3f}\n")


if __name__ == "__main__":
    main()
