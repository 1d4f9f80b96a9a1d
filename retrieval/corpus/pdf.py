"""What a .pdf says: its lines put together to paragraphs, without what every page repeats."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from io import BytesIO

from retrieval.corpus.formats import Page
from retrieval.corpus.records import UnreadableError
from retrieval.corpus.wrapping import joined

_FULL = 0.8
"""A line at least this share of the page's long ones goes on in the next; a shorter one ends its paragraph."""
_NUMBER = re.compile(r"\W*\d*\W*")


def read_pdf(data: bytes) -> Page:
    """A PDF: the text that it holds, paragraph by paragraph; pictures are not read.

    What it states of itself is passed over: a title is mostly a file's name, a date that of the export.
    """
    pages = [[line.strip() for line in text.splitlines() if line.strip()] for text in _texts(data)]
    if not any(pages):
        raise UnreadableError(
            "holds no text, only pictures (a scan?); have its text recognised, or save it as plain text"
        )
    return Page(tuple(_paragraphs(_without_margins(pages))))


def _texts(data: bytes) -> list[str]:
    """The text of each page."""
    from pypdf import PdfReader  # 0.3 s to import, and most corpora hold no PDF
    from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError

    try:
        reader = PdfReader(BytesIO(data))
        # Many a file is locked only against changes, with an empty password to read it.
        if reader.is_encrypted and not reader.decrypt(""):
            raise FileNotDecryptedError
        return [page.extract_text() for page in reader.pages]
    except (DependencyError, FileNotDecryptedError) as error:
        raise UnreadableError("is locked by a password; save it without one") from error
    except LimitReachedError as error:
        raise UnreadableError("unpacks to more than can be read; keep only the article") from error
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # a broken file breaks the library in any place
        raise UnreadableError("is a damaged PDF; save it anew, or as plain text") from error


def _without_margins(pages: Sequence[list[str]]) -> list[list[str]]:
    """The pages without the numbers and names that stand over or under each of them."""
    edges = Counter(key for lines in pages for key in {_key(line) for line in (*lines[:1], *lines[-1:])})
    repeated = {key for key, count in edges.items() if count > 1 and 2 * count >= len(pages)} | {""}
    return [
        [line for place, line in enumerate(lines) if place not in (0, len(lines) - 1) or _key(line) not in repeated]
        for lines in pages
    ]


def _key(line: str) -> str:
    """What is the same of it on every page: all but the numbers."""
    return re.sub(r"\d+", "", line).strip() if not _NUMBER.fullmatch(line) else ""


def _paragraphs(pages: Iterable[Sequence[str]]) -> Iterable[str]:
    paragraph: list[str] = []
    for lines in pages:
        long = sorted(map(len, lines))[len(lines) * 3 // 4] if lines else 0
        for line in lines:
            paragraph.append(line)
            if len(line) < _FULL * long:
                yield joined(paragraph, hyphenated=True)
                paragraph = []
    if paragraph:
        yield joined(paragraph, hyphenated=True)
