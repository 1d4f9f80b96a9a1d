"""From the bytes of a file to the article in it."""

from collections.abc import Callable
from dataclasses import replace

from retrieval.corpus.cleaning import Article, clean_page
from retrieval.corpus.docx import read_docx
from retrieval.corpus.encoding import decode
from retrieval.corpus.formats import READERS, Page
from retrieval.corpus.pdf import read_pdf
from retrieval.corpus.records import HTML, UnreadableError
from retrieval.text import clean

PACKED: dict[str, Callable[[bytes], Page]] = {".pdf": read_pdf, ".docx": read_docx}
"""Kinds of files that are no text themselves."""
KINDS = (*READERS, *PACKED)
"""What the name of a document's file ends in."""
RISKY = HTML | PACKED.keys()
"""Kinds whose readers a small file can keep busy for long."""
_MOST_CHARACTERS = 5_000_000
"""Of what was packed; as many as a plain file may have."""


def read_article(suffix: str, data: bytes) -> Article:
    """The article in a file of one of the `KINDS`; what the page states outweighs what its lines tell.

    Raises UndecodableError and UnreadableError.
    """
    page, characters = _packed(suffix, data) if suffix in PACKED else _plain(suffix, data)
    # Characters written as entities come out of the markup only now.
    article = clean_page([clean(line) for line in page.lines])
    if not article.paragraphs:
        raise UnreadableError("holds no running text; is the article in it?")
    return replace(
        article,
        title=_cleaned(page.title) or article.title,
        publisher=_cleaned(page.publisher) or article.publisher,
        author=_cleaned(page.author) or article.author,
        url=page.url,
        published=page.published or article.published,
        date_basis="published" if page.published else article.date_basis,
        characters=characters,
    )


def lines_of(suffix: str, data: bytes) -> list[str]:
    """Every line of the page in a file of one of the `KINDS`, as it reads; raises what `read_article` does."""
    page, _ = _packed(suffix, data) if suffix in PACKED else _plain(suffix, data)
    return [text for line in page.lines if (text := " ".join(clean(line).split()))]


def _plain(suffix: str, data: bytes) -> tuple[Page, int]:
    """The page, and how many characters the file has."""
    text = clean(decode(data))
    return READERS[suffix](text), len(text)


def _packed(suffix: str, data: bytes) -> tuple[Page, int]:
    page = PACKED[suffix](data)
    characters = sum(map(len, page.lines))
    if characters > _MOST_CHARACTERS:
        raise UnreadableError(f"holds more than {_MOST_CHARACTERS // 1_000_000} MB of text; split it into articles")
    return page, characters


def _cleaned(text: str | None) -> str | None:
    return clean(text).strip() if text else None
