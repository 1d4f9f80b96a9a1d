"""What `check` and `evaluate` show in a terminal: tables, and what follows from them."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.console.checking import NONE_AT_ALL, PROBLEMS, Finding
from bot.console.evaluation import ALL, Case, Figures, Rate, reason, worst
from bot.console.scaffold import ARTICLES, QUESTIONS
from bot.console.terminal import beginning_each_line
from bot.corpus.editions import Edition
from retrieval.records import Document, Quote

_MOST_FILES = 5
"""Named where the same is wrong with many."""
_INDENT = 2
_MOST_CASES = 10
_BAR = 40
"""Columns of a bar that is full."""
_LONGEST_QUOTE = 120
_COLUMNS = ("Questions", "First right", "Among three", "Quote holds", "Refused rightly", "Refused wrongly")


def next_steps(folder: Path, written: Sequence[Path], kept: Sequence[Path]) -> RenderableType:
    """What was made for a new corpus, and what is to be done with it."""
    steps = (
        (f"Put your articles into {folder / ARTICLES}, a file each, and see what is read:", "ascn-bot check"),
        (f"Ask, and measure by questions of your own in {folder / QUESTIONS}:", "ascn-bot chat"),
        (f"Write a token of @BotFather into {folder / '.env'}, and serve Telegram:", "ascn-bot run"),
    )
    lines = [
        *(Text(f"Written: {path}") for path in written),
        *(Text(f"There already, and left as it is: {path}", style="yellow") for path in kept),
        Text(f"\nWhat to do next, in that folder (cd {shlex.quote(str(folder))}):"),
    ]
    for number, (what, command) in enumerate(steps, start=1):
        lines += [Text(f"{number}. {what}"), Text(f"   {command}", style="bold")]
    return Group(*lines)


def check_report(edition: Edition, findings: Sequence[Finding], width: int) -> RenderableType:
    """The documents of a corpus in a table, and under it what is wrong or doubtful, with its mend."""
    table = Table(expand=True)
    for column in ("Document", "Lang.", "Date", "Publisher", "Passages", "Kept", "Cut"):
        table.add_column(column, justify="right" if column in ("Passages", "Kept", "Cut") else "left")
    for document in edition.documents:
        table.add_row(*_row(document, edition.answerer.passages_in(document)))
    groups = dict.fromkeys(finding.group for finding in findings)
    found = (_group(group, [each for each in findings if each.group == group], width) for group in groups)
    return Group(
        *([table] if edition.documents else []),
        *found,
        Text(f"Documents: {len(edition.documents)}. Problems: {len(edition.problems)}.", style="bold"),
    )


def _row(document: Document, passages: int) -> tuple[str, ...]:
    return (
        f"{document.id}\n{document.title or '(no title)'}",
        document.language,
        f"{document.published or 'not stated'}\n{document.date_basis or ''}",
        document.publisher or (f"by {document.author}" if document.author else "not stated"),
        str(passages),
        str(document.characters_kept),
        str(document.characters_cut),
    )


def _group(name: str, findings: Sequence[Finding], width: int) -> RenderableType:
    """A heading, and each thing found once, however many files have it."""
    files: dict[tuple[str, str], list[str]] = {}
    for finding in findings:
        files.setdefault((finding.said, finding.mend), []).append(finding.file)
    style = "bold red" if name in PROBLEMS else "bold yellow"
    lines: list[RenderableType] = [Text(name if name == NONE_AT_ALL else f"{name}: {len(findings)}", style=style)]
    for (said, mend), named in files.items():
        lines.append(_indented(Text(f"{_listed(named)}: {said}"), 1, width))
        if mend:
            lines.append(_indented(Text(f"→ {mend}", style="green"), 2, width))
    return Group(*lines, Text(""))


def _listed(names: Sequence[str]) -> str:
    shown, more = ", ".join(names[:_MOST_FILES]), len(names) - _MOST_FILES
    return f"{shown} and {more} more" if more > 0 else shown


def _indented(text: Text, levels: int, width: int) -> Text:
    return beginning_each_line(text, Text(" " * _INDENT * levels), width)


def evaluation_report(figures: Mapping[str, Figures], cases: Sequence[Case], width: int) -> RenderableType:
    """Figures by language as a table and as bars, and under them the worst cases with their reasons."""
    table = Table()
    table.add_column("Language")
    for column in _COLUMNS:
        table.add_column(column, justify="right")
    for language, counted in figures.items():
        rates = (counted.first, counted.among, counted.holds, counted.refused, counted.refused_wrongly)
        style = "bold" if language == ALL else ""
        table.add_row(language, str(counted.questions), *map(_share, rates), style=style)
    bars = _bars(figures)
    heading = Text("Shares of the questions, and how many of how many")
    return Group(
        heading, table, *([Text("\nFirst right"), *bars] if bars else []), Text(""), *_worst(worst(cases), width)
    )


def evaluation_json(figures: Mapping[str, Figures], cases: Sequence[Case]) -> dict[str, Any]:
    """The same as one JSON object, with every case."""
    measures = ("first", "among", "holds", "refused", "refused_wrongly")
    return {
        "figures": {
            language: {
                "questions": counted.questions,
                **{measure: _rate_json(getattr(counted, measure)) for measure in measures},
            }
            for language, counted in figures.items()
        },
        "cases": [_case_json(case) for case in cases],
    }


def _rate_json(rate: Rate) -> dict[str, Any]:
    return {"right": rate.right, "of": rate.of, "share": round(rate.share, 4) if rate.of else None}


def _case_json(case: Case) -> dict[str, Any]:
    shown = case.shown
    return {
        "id": case.label.id,
        "text": case.label.text,
        "language": case.language,
        "right": case.right,
        "found": case.answer.found,
        "place": case.place,
        "holds": case.holds,
        "document": shown.document.id if shown else None,
        "quote": shown.text if shown else None,
        "evidence": round(case.evidence, 4),
        "threshold": round(case.answer.threshold, 4),
        "reason": None if case.right else reason(case),
    }


def _share(rate: Rate) -> str:
    return f"{rate.share:.2f}  {rate.right}/{rate.of}" if rate.of else "–"


def _bars(figures: Mapping[str, Figures]) -> list[RenderableType]:
    width = max(map(len, figures))
    return [
        Text.assemble(
            f"{language:>{width}} ",
            ("█" * round(_BAR * counted.first.share), "green"),
            ("░" * (_BAR - round(_BAR * counted.first.share)), "dim"),
            f" {counted.first.share:.2f}",
        )
        for language, counted in figures.items()
        if counted.first.of
    ]


def _worst(wrong: Sequence[Case], width: int) -> list[RenderableType]:
    if not wrong:
        return [Text("Every question was answered rightly, or rightly refused.")]
    lines: list[RenderableType] = [Text(f"What went wrong, the worst first: {len(wrong)}", style="bold red")]
    for case in wrong[:_MOST_CASES]:
        lines.append(_indented(Text(f"{case.label.id} ({case.language}): {case.label.text}", style="bold"), 1, width))
        if case.shown:
            lines.append(_indented(Text(_shown(case, case.shown)), 2, width))
        lines.append(_indented(Text(f"→ {reason(case)}"), 2, width))
    if len(wrong) > _MOST_CASES:
        lines.append(_indented(Text(f"and {len(wrong) - _MOST_CASES} more; --json has them all"), 1, width))
    return lines


def _shown(case: Case, quote: Quote) -> str:
    """Where the first quote comes from, and how it begins."""
    document, words = quote.document, " ".join(quote.text.split())
    cut = words if len(words) <= _LONGEST_QUOTE else f"{words[:_LONGEST_QUOTE]}…"
    source = " · ".join(filter(None, (document.name, document.publisher, str(document.published or ""))))
    return f"{'best, but not shown' if case.refused else 'shown'}: {source}: “{cut}”"
