"""The file that a document was read from, and what of it is no part of the document."""

from collections.abc import Mapping
from pathlib import Path, PurePath

from retrieval.corpus.articles import lines_of
from retrieval.corpus.cleaning import without_end_mark
from retrieval.corpus.encoding import UndecodableError
from retrieval.corpus.files import bytes_of, digest_of, document_bytes, sources_in
from retrieval.corpus.records import Amendments, CorpusError, Original, UnreadableError
from retrieval.records import Document


class OriginalGoneError(Exception):
    """Raised where a document's file is gone, or is no longer the one that the document was read from."""


def original_of(document: Document, folder: Path, amendments: Amendments, readings: Mapping[str, Document]) -> Original:
    """The file behind a document; `readings` tell what it was read from.

    Raises OriginalGoneError.
    """
    try:
        for source in sources_in(folder, amendments):
            if source.id == document.id:
                data = document_bytes(source.folder, source.path)
                beside = bytes_of(folder, source.sidecar, may_be_empty=True) if source.sidecar else b""
                if readings.get(digest_of(source, data, beside)) == document:
                    return Original(source.shown, data)
    except (CorpusError, UnreadableError, OSError) as error:
        raise OriginalGoneError from error
    raise OriginalGoneError


def left_out(original: Original, document: Document) -> tuple[str, ...]:
    """The lines of a document's file that are neither its title nor in its paragraphs, in their order.

    What is packed may keep whoever asks busy for long: the time is for the caller to limit.
    """
    kept = {*document.paragraphs, document.title}
    try:
        lines = lines_of(PurePath(original.name).suffix.lower(), original.data)
    except (UndecodableError, UnreadableError):
        return ()
    return tuple(line for line in lines if without_end_mark(line) not in kept)
