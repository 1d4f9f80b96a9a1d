"""Questions with what is right for each, as somebody wrote them into a file to measure their own articles by."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from bot.console.exits import UsageError
from bot.console.lines import written_lines
from retrieval.records import NAMED_LANGUAGES

_KEYS = ("id", "text", "document", "answer", "lang")
_MOST_SHOWN = 10
"""Mistakes that are named at once."""


@dataclass(frozen=True, slots=True)
class Label:
    """A question, and what is right for it."""

    id: str
    text: str
    documents: frozenset[str]
    """Ids of those that answer it; empty where it must be refused."""
    answers: tuple[str, ...] = ()
    """Words of which the quote must hold one, where any are given."""
    language: str | None = None
    """None: as it seems to be."""


class _LabelError(ValueError):
    """Raised for one line; the message follows the number of it, and ends as a sentence."""


def read_labels(path: Path, known: Collection[str]) -> list[Label]:
    """The questions of a file, one JSON object a line, on documents of which the ids are `known`.

    Raises UsageError, a line for each mistake.
    """
    labels: list[Label] = []
    mistakes: list[str] = []
    seen: dict[str, int] = {}
    for number, line in written_lines(path, str(path)):
        try:
            label = _label(line, known)
            if label.id in seen:
                raise _LabelError(f"has the id {label.id!r} of line {seen[label.id]}; give it another.")
        except _LabelError as error:
            mistakes.append(f"{path}, line {number} {error}")
        else:
            seen[label.id] = number
            labels.append(label)
    if mistakes:
        more = [f"… and {len(mistakes) - _MOST_SHOWN} lines more."] * (len(mistakes) > _MOST_SHOWN)
        raise UsageError("\n".join([*mistakes[:_MOST_SHOWN], *more]))
    if not labels:
        raise UsageError(f'{path} holds no question; write one a line: {{"id": "1", "text": "…", "document": null}}.')
    return labels


def _label(line: str, known: Collection[str]) -> Label:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _LabelError(f"is not JSON: {error}.") from error
    if not isinstance(row, dict):
        raise _LabelError('is no JSON object; it begins with { and ends with }, as in {"id": "1", …}.')
    _check_keys(row)
    return Label(
        id=str(row["id"]),
        text=_text(row, "text"),
        documents=frozenset(_documents(row["document"], known)),
        answers=tuple(_texts(row.get("answer"), "answer")),
        language=_language(row.get("lang")),
    )


def _check_keys(row: Mapping[str, Any]) -> None:
    for key in row:
        if key not in _KEYS:
            near = get_close_matches(key, _KEYS, 1)
            meant = f"is {near[0]!r} meant?" if near else f"known are {', '.join(_KEYS)}."
            raise _LabelError(f"has an unknown key {key!r}; {meant}")
    for key in ("id", "text", "document"):
        if key not in row:
            null = "; it is null where no article answers" if key == "document" else ""
            raise _LabelError(f'lacks "{key}"{null}.')
    if isinstance(row["id"], bool) or not isinstance(row["id"], str | int) or not str(row["id"]).strip():
        raise _LabelError("has an id that is neither a text nor a whole number.")


def _documents(value: Any, known: Collection[str]) -> Iterator[str]:
    named = _texts(value, "document")
    if value is not None and not named:
        raise _LabelError("names no document; write null where no article answers.")
    for name in named:
        if name not in known:
            near = get_close_matches(name, known, 1, cutoff=0.3)
            raise _LabelError(
                f"names a document that is not there, {name!r}" + (f"; is {near[0]!r} meant?" if near else ".")
            )
        yield name


def _language(value: Any) -> str | None:
    if value is not None and value not in NAMED_LANGUAGES:
        raise _LabelError(f"has a lang that is none of {', '.join(NAMED_LANGUAGES)}.")
    return None if value is None else str(value)


def _text(row: Mapping[str, Any], key: str) -> str:
    if not isinstance(row[key], str) or not row[key].strip():
        raise _LabelError(f'has a "{key}" that is no text in quotes.')
    return str(row[key])


def _texts(value: Any, key: str) -> list[str]:
    """One text or several; none for null."""
    texts = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(text, str) and text.strip() for text in texts):
        raise _LabelError(f'has a "{key}" that is neither a text in quotes nor a list of such nor null.')
    return texts
