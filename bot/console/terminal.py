"""The same answers for a terminal: coloured and wrapped, or as JSON."""

import json
import re
import sys
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.console.exits import UsageError
from bot.corpus.editions import Edition
from bot.speech.introduction import introduction
from bot.speech.phrases import Phrases, phrases, reply_language
from bot.speech.rendering import (
    by_source,
    credit_text,
    date_text,
    ellipses,
    going_on_text,
    in_brackets,
    in_language_text,
    is_foreign,
    language_name,
    newest_first,
    older_text,
)
from bot.subject import Subject
from retrieval.records import Answer, Document, Question, Quote

Answered = TypeVar("Answered")
_WIDEST = 100
"""Columns; longer lines are tiring to read."""
_COMMAND = re.compile(r"/[A-Za-z]\w*")
_COMMAND_TO_ASK = re.compile(r"^/ask\s+")
# A line may end after any Chinese character, but not before the signs that close behind it.
_UNBROKEN = re.compile(r"[\u3400-\u9fff][^\w\s(\uff08\u201c《「『]*\s*|[^\s\u3400-\u9fff]+\s*|\s+")


def console(**options: Any) -> Console:
    """A console no wider than one likes to read, and as wide as that where the output is no terminal."""
    plain = Console(highlight=False, **options)
    plain.width = min(plain.width, _WIDEST) if plain.is_terminal else _WIDEST
    return plain


def converse(
    edition: Edition,
    screen: Console,
    lines: Iterable[str],
    locale: str | None,
    live: bool,
    top: int = 3,
    subject: Subject | None = None,
) -> None:
    """A conversation: each line a question, until the lines or the person's patience end.

    The bot greets in the language of `locale` and then speaks that of the questions; where it is not `live`, it
    says how it could be.
    """
    words = phrases(reply_language(None, None, locale))
    screen.print(Text(introduction(words, subject).start, style="bold"))
    screen.print(Text(words.in_terminal if live else f"{words.in_terminal}\n{words.go_live}", style="dim"), end="\n\n")
    earlier = None
    for line in lines:
        question = line.strip()
        if question in ("/quit", "/exit"):
            break
        if (said := _said_to_command(question, edition, words, subject)) is not None:
            screen.print(said, end="\n\n")
            continue
        if question := _COMMAND_TO_ASK.sub("", question):
            answer = edition.answerer.answer(question, top, earlier=earlier)
            words = phrases(reply_language(None, answer.question.language, locale))
            if remark := going_on_text(answer, earlier, words):
                screen.print(Text(remark, style="dim"))
            screen.print(render(answer, words, screen.width))
            earlier = answer.question


def _said_to_command(typed: str, edition: Edition, words: Phrases, subject: Subject | None) -> RenderableType | None:
    """What a command shows; None for a question, also one behind `/ask`."""
    command, _, rest = typed.partition(" ")
    if command == "/sources":
        return _sources(edition.documents, words)
    if command in ("/help", "/start"):
        return Text(f"{introduction(words, subject).start}\n{words.in_terminal}")
    if command == "/ask":
        return None if rest.strip() else Text(introduction(words, subject).how_to_ask)
    return Text(words.in_terminal) if _COMMAND.fullmatch(command) else None


def asked_for(screen: Console, question: str, default: str, read: Callable[[str], Answered]) -> Answered:
    """What a person answers at a prompt, asked again until `read` takes it.

    Raises KeyboardInterrupt where the person ends the input instead.
    """
    from rich.prompt import Prompt

    while True:
        try:
            return read(Prompt.ask(Text(question), default=default, console=screen, show_default=bool(default)))
        except UsageError as error:
            screen.print(str(error), style="red", markup=False)
        except EOFError:
            raise KeyboardInterrupt from None


def read_questions(screen: Console) -> Iterable[str]:
    """What a person types at a prompt, or the lines of a pipe, each shown as if typed."""
    prompt = Text("› ", style="bold cyan")
    if sys.stdin.isatty():
        while True:
            try:
                yield screen.input(prompt)
            except (EOFError, KeyboardInterrupt):
                return
    for line in sys.stdin:
        if line.strip():
            screen.print(prompt + Text(line.strip(), style="default"))
        yield line


def render(answer: Answer, words: Phrases, width: int, always: bool = False) -> RenderableType:
    """An answer as a terminal `width` columns wide shows it.

    `always` shows quotes that are not evidence enough, too.
    """
    if not answer.found and not (always and answer.quotes):
        return _nothing_found(answer, words)
    question, older = answer.question, older_text(answer, words)
    return Group(
        *([Text(older), Text("")] if older else []),
        *(_source_of_quotes(document, quotes, question, words, width) for document, quotes in by_source(answer.quotes)),
    )


def explain(answer: Answer) -> RenderableType:
    """Why each quote stands where it does: its evidence against the bar, and what each term and the meaning add."""
    return Group(
        Text(f"Language of the question: {answer.question.language}. Evidence needed: {answer.threshold:.2f}."),
        *(_explained(quote) for quote in answer.quotes),
    )


def _explained(quote: Quote) -> RenderableType:
    hit = quote.hit
    near = "" if hit.nearness is None else f", nearness {hit.nearness:.2f}"
    signs = "" if hit.signs is None else ", ".join(f"{name} {value:.2f}" for name, value in hit.signs._asdict().items())
    title = f"{quote.document.id}, passage {quote.passage.number}: evidence {hit.evidence:.2f}"
    table = Table(
        title=f"{title} (coverage {hit.coverage:.2f}{near})",
        title_justify="left",
        caption=signs,
        caption_justify="left",
    )
    for column in ("Field", "Term", "Idf", "Share"):
        table.add_column(column, justify="right" if column in ("Idf", "Share") else "left")
    if hit.nearness is not None:
        table.add_row("meaning", "", "", f"{hit.meaning:.2f}")
    for share in hit.shares:
        table.add_row(share.field, share.term, f"{share.idf:.2f}", f"{share.score:.2f}")
    return table


def answer_json(answer: Answer, milliseconds: float, always: bool, explained: bool) -> dict[str, Any]:
    """An answer as one JSON object."""
    quotes = answer.quotes if answer.found or always else ()
    return {
        "question": answer.question.text,
        "language": answer.question.language,
        "found": answer.found,
        "answers": [_quote_json(quote, explained) for quote in quotes],
        "milliseconds": round(milliseconds, 2),
    }


def print_json(record: dict[str, Any]) -> None:
    """One object, one line, at once; letters that the output cannot show are escaped."""
    plain = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    sys.stdout.write(json.dumps(record, ensure_ascii=not plain) + "\n")
    sys.stdout.flush()


def _source_of_quotes(
    document: Document, quotes: list[Quote], question: Question, words: Phrases, width: int
) -> RenderableType:
    details = [credit_text(document, words), _dated(document, words)]
    if is_foreign(document, question):
        details.append(in_language_text(document, words))
    head = Text.assemble((document.name, "bold green"), "\n", (" · ".join(details), "dim"))
    shown = [_quote(quote, width) for quote in quotes]
    return Group(head, *(part for quote in shown for part in (quote, Text(""))))


def _quote(quote: Quote, width: int) -> RenderableType:
    before, after = ellipses(quote)
    shown = Text.assemble(before, quote.text.replace("\n", " "), after)
    start, end = (position + len(before) for position in quote.best)
    shown.stylize("bold", start, end)
    # A style of its own for the bar: as the base style it would colour the words, too.
    return beginning_each_line(shown, Text("│ ", style="green"), width)


def beginning_each_line(text: Text, mark: Text, width: int) -> Text:
    """A text broken into lines `width` columns wide, each with the same mark before it."""
    lines = text.divide(_line_starts(text.plain, width - mark.cell_len))
    for line in lines:
        line.rstrip()
    return Text("\n").join(Text.assemble(mark, line) for line in lines)


def _line_starts(text: str, width: int) -> list[int]:
    """Where lines begin, the first apart; rich alone would break Chinese only at blanks."""
    starts, line = [0], ""
    for piece in _UNBROKEN.finditer(text):
        if line and cell_len(line + piece.group().rstrip()) > width:
            starts.append(piece.start())
            line = ""
        line += piece.group()
    return starts[1:]


def _nothing_found(answer: Answer, words: Phrases) -> RenderableType:
    if not answer.nearest:
        return Text(words.no_documents)
    lines = (words.nothing_found, older_text(answer, words), words.nothing_found_but)
    heading = Text("\n".join(filter(None, lines)))
    return Group(heading, *(_source(document, words) for document in answer.nearest), Text(""))


def _sources(documents: tuple[Document, ...], words: Phrases) -> RenderableType:
    listed = [_source(document, words) for document in newest_first(documents)]
    return Group(*listed) if listed else Text(words.no_documents)


def _source(document: Document, words: Phrases) -> Text:
    details = [language_name(document.language, words), credit_text(document, words), _dated(document, words)]
    return Text.assemble("• ", (document.name, "bold"), "\n  ", (" · ".join(details), "dim"))


def _dated(document: Document, words: Phrases) -> str:
    inferred = in_brackets(words.date_inferred, words) if document.date_basis == "inferred" else ""
    return date_text(document, words) + inferred


def _quote_json(quote: Quote, explained: bool) -> dict[str, Any]:
    document, hit = quote.document, quote.hit
    record: dict[str, Any] = {
        "document": document.id,
        "title": document.title,
        "publisher": document.publisher,
        "date": document.published.isoformat() if document.published else None,
        "date_basis": document.date_basis,
        "url": document.url,
        "language": document.language,
        "passage": quote.passage.number,
        "quote": quote.text,
        "score": round(hit.score, 4),
    }
    if explained:
        record["evidence"] = round(hit.evidence, 4)
        record["coverage"] = round(hit.coverage, 4)
        record["nearness"] = None if hit.nearness is None else round(hit.nearness, 4)
        record["standing"] = round(hit.standing, 4)
        record["signs"] = {} if hit.signs is None else {k: round(v, 4) for k, v in hit.signs._asdict().items()}
        record["meaning"] = round(hit.meaning, 4)
        record["terms"] = [
            {
                "field": share.field,
                "term": share.term,
                "idf": round(share.idf, 4),
                "share": round(share.score, 4),
            }
            for share in hit.shares
        ]
    return record
