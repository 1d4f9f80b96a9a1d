"""What a file of each kind says: its lines, and what its own markup tells about it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from retrieval.corpus.records import UnreadableError
from retrieval.corpus.wrapping import unwrapped


@dataclass(frozen=True, slots=True)
class Page:
    """The text of a file as lines, with what its markup states beside the text."""

    lines: tuple[str, ...]
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    url: str | None = None
    published: date | None = None


def read_text(text: str) -> Page:
    """A plain text file: its lines, or its paragraphs where they were broken to a width."""
    return Page(tuple(unwrapped(text.splitlines())))


def read_markdown(text: str) -> Page:
    """A Markdown file: each heading, paragraph and list item a line; the first heading of level one the title."""
    from markdown_it import MarkdownIt  # as long to import as all else here, and most corpora hold no Markdown

    tokens = MarkdownIt("commonmark").parse(text)
    lines, title = [], None
    for opening, inline in pairwise(tokens):
        if inline.type != "inline":
            continue
        line = "".join(_plain(child.type, child.content) for child in inline.children or ())
        if title is None and opening.tag == "h1":
            title = " ".join(line.split())
        lines.append(line)
    return Page(tuple(lines), title=title)


def read_html(text: str) -> Page:
    """An HTML page: its main text by trafilatura, and the title, date and names its head states."""
    import trafilatura  # 0.6 s to import, and most corpora hold no HTML

    if _is_too_deep(text):
        raise UnreadableError("is nested so deep that text would be lost; save the article as plain text")
    found = trafilatura.bare_extraction(text, with_metadata=True, include_comments=False, favor_precision=True)
    if not isinstance(found, trafilatura.settings.Document) or not (body := found.text):
        raise UnreadableError("has no article text that could be taken out; save the article as plain text")
    return Page(
        lines=tuple(body.splitlines()),
        title=found.title,
        publisher=found.sitename,
        author=found.author,
        url=found.url,
        published=date.fromisoformat(found.date) if found.date else None,
    )


READERS: dict[str, Callable[[str], Page]] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".html": read_html,
    ".htm": read_html,
}


def _is_too_deep(text: str) -> bool:
    """Whether libxml2 drops what is nested deeper than 256 elements, which it does without an error."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8")
    with suppress(etree.XMLSyntaxError):
        etree.fromstring(text.encode(), parser)
    return any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)


def _plain(kind: str, content: str) -> str:
    return " " if kind in ("softbreak", "hardbreak") else "" if kind == "html_inline" else content
