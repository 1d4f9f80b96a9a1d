"""What `check` and `evaluate` show in a terminal: tables, and what follows from them."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.checking import PROBLEMS, Finding
from bot.corpus.editions import Edition
from retrieval.records import Document

_MOST_FILES = 5
"""Named where the same is wrong with many."""
_INDENT = 2


def check_report(edition: Edition, findings: Sequence[Finding]) -> RenderableType:
    """The documents of a corpus in a table, and under it what is wrong or doubtful, with its mend."""
    table = Table(expand=True)
    for column in ("Document", "Lang.", "Date", "Publisher", "Passages", "Kept", "Cut"):
        table.add_column(column, justify="right" if column in ("Passages", "Kept", "Cut") else "left")
    for document in edition.documents:
        table.add_row(*_row(document, edition.answerer.passages_in(document)))
    groups = dict.fromkeys(finding.group for finding in findings)
    found = (_group(group, [finding for finding in findings if finding.group == group]) for group in groups)
    return Group(
        table, *found, Text(f"Documents: {len(edition.documents)}. Problems: {len(edition.problems)}.", style="bold")
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


def _group(name: str, findings: Sequence[Finding]) -> RenderableType:
    """A heading, and each thing found once, however many files have it."""
    files: dict[tuple[str, str], list[str]] = {}
    for finding in findings:
        files.setdefault((finding.said, finding.mend), []).append(finding.file)
    style = "bold red" if name in PROBLEMS else "bold yellow"
    lines: list[RenderableType] = [Text(f"{name}: {len(findings)}", style=style)]
    for (said, mend), named in files.items():
        lines.append(_indented(Text(f"{_listed(named)}: {said}"), 1))
        if mend:
            lines.append(_indented(Text(f"→ {mend}", style="green"), 2))
    return Group(*lines, Text(""))


def _listed(names: Sequence[str]) -> str:
    shown, more = ", ".join(names[:_MOST_FILES]), len(names) - _MOST_FILES
    return f"{shown} and {more} more" if more > 0 else shown


def _indented(text: Text, levels: int) -> RenderableType:
    return Padding.indent(text, _INDENT * levels)
