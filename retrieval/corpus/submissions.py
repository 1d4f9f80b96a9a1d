"""What somebody hands in to be added to a corpus, read as the corpus will read it."""

import re
from pathlib import PurePath

from retrieval.corpus.articles import KINDS, PACKED
from retrieval.corpus.confinement import ConfinedReader
from retrieval.corpus.folder import document_of
from retrieval.corpus.formats import READERS
from retrieval.corpus.records import Submission, UnreadableError, check_size, document_id
from retrieval.passages import passages_of
from retrieval.text import clean

_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s+html|html)\b", re.I | re.S
)
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"


def read_submission(name: str, data: bytes) -> Submission:
    """The document in a file, which is called so by whoever sent it; always read in a process of its own.

    Raises UndecodableError and UnreadableError.
    """
    check_size(len(data))
    if not data.strip():
        raise UnreadableError("is empty")
    suffix = kind_of(name, data)
    with ConfinedReader() as confined:
        document = document_of(document_id(name), confined.read_article(suffix, data))
    return Submission(document, suffix, len(passages_of(document)))


def kind_of(name: str, data: bytes) -> str:
    """What a file is by its first bytes, and only between plain kinds by its name.

    Raises UnreadableError for what is none of `KINDS`.
    """
    suffix = PurePath(clean(name)).suffix.lower()
    if data.lstrip().startswith(b"%PDF-"):
        return ".pdf"
    if data.startswith(b"PK\x03\x04") or (suffix == ".docx" and data.startswith(_OLD_OR_LOCKED)):
        return ".docx"
    if _HTML.match(data[:4096]):
        return ".html"
    if suffix in PACKED:
        raise UnreadableError(f"is no {suffix} file, though it is named so; save the article as plain text")
    if suffix not in READERS:
        raise UnreadableError(f"is not one of {', '.join(KINDS)}; rename or convert it")
    return suffix
