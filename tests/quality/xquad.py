"""XQuAD as passage retrieval, from a folder with `vi.passages.jsonl`, `vi.questions.jsonl` and so on.

A pair is `en>vi`: English questions, Vietnamese passages. Weights are chosen on the first half of the questions, and
the second confirms.
"""

from pathlib import Path

from bot.corpus.vectors import VectorStore
from retrieval.answers import Answerer
from retrieval.bridges.glossary import Glossary
from retrieval.bridges.meaning import Encoder
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
