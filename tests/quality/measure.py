"""How well the bot answers its own labelled questions: `make quality` prints the table.

A first answer is right when its document is one of the labelled ones and its quote holds a labelled answer. A
question without documents is right when it is refused. Figures are shares, 0 to 1.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bot.console.evaluation import Rate, folded
from bot.corpus.vectors import VectorStore
from bot.settings import DEFAULT_CORPUS
from retrieval.answers import Answerer
from retrieval.bridges.glossary import Glossary
from retrieval.bridges.meaning import Encoder, encoder
from retrieval.corpus.folder import read_corpus
from retrieval.records import Answer, Quote

QUESTIONS = Path(__file__).with_name("questions.jsonl")
VECTORS = Path("data") / "vectors.sqlite3"
"""Where a bot run in this folder keeps them; a measurement shares what it computed."""

Question = dict[str, Any]


def json_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a file that has one a line."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def questions() -> list[Question]:
    """Our own labelled questions."""
    return json_lines(QUESTIONS)


def answerer(encode: Encoder | None, glossary: Glossary | None = None) -> Answerer:
    """The bot's answerer on the seeds, by words and meaning or by words alone."""
    return Answerer(read_corpus(DEFAULT_CORPUS).documents, encode, VectorStore(VECTORS), glossary=glossary)


def holds(quote: Quote, question: Question) -> bool:
    """Whether a quote is a right one."""
    words = folded(quote.text)
    return quote.document.id in question["documents"] and any(folded(text) in words for text in question["answers"])


def figures(answering: Answerer, asked: Iterable[Question]) -> dict[str, Rate]:
    """The rates by kind and language: first answer right, right among three, refused."""
    rates: dict[str, Rate] = defaultdict(Rate)
    for question in asked:
        answer = answering.answer(question["text"])
        for name, right in _judged(answer, question, kind_of(question, answering)):
            rates[name].count(right)
    return dict(sorted(rates.items()))


def kind_of(question: Question, answering: Answerer) -> str:
    """Whether a document answers it in its own language, only one in another does, or it is to be refused."""
    if not question["documents"]:
        return "refused"
    languages = {document.language for document in answering.documents if document.id in question["documents"]}
    return "same language" if question["lang"][:2] in languages else "other language"


def _judged(answer: Answer, question: Question, kind: str) -> Iterator[tuple[str, bool]]:
    if kind == "refused":
        yield kind, not answer.found
        yield f"{kind} {question['kind']}", not answer.found
        return
    first = answer.found and holds(answer.quotes[0], question)
    yield kind, first
    yield f"{kind} {question['lang']}", first
    yield f"{kind}, among three", any(holds(quote, question) for quote in answer.quotes)
    yield "answerable, refused", not answer.found


def main() -> None:
    """Prints the figures by words and meaning, and by words alone."""
    by_both = figures(answerer(encoder()), questions())
    by_words = figures(answerer(None), questions())
    rows = [f"{name:32}{rate.of:5}{rate.share:12.3f}{by_words[name].share:12.3f}" for name, rate in by_both.items()]
    sys.stdout.write("\n".join([f"{'':32}{'n':>5}{'meaning':>12}{'words alone':>12}", *rows]) + "\n")


if __name__ == "__main__":
    main()
