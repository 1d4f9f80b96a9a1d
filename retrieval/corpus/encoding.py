"""What a file's bytes say, whichever encoding they were saved in."""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KINDS = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip archive or a word processor's file",
    b"PK\x05\x06": "an empty zip archive",
    b"\x1f\x8b": "packed by gzip",
    b"BZh": "packed by bzip2",
    b"\xfd7zXZ\x00": "packed by xz",
    b"(\xb5/\xfd": "packed by zstd",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"RIFF": "a picture or a recording",
    b"II*\x00": "a picture",
    b"MM\x00*": "a picture",
    b"\x7fELF": "a program",
    b"\xd0\xcf\x11\xe0": "an old word processor's file",
    b"{\\rtf": "a word processor's file",
}
"""What a file is by its first bytes, whatever its name says."""
_NO_TEXT = "is not text; save it as plain text, .md or .html"
_NUL_SHARE = 0.05
"""Above this share of NULs bytes are UTF-16 without a mark, or no text: strict UTF-8 would accept them."""
_GARBAGE_SHARE = 0.01
"""Above this share of replacement and control characters a decoding is taken for wrong."""
_GARBAGE = re.compile("[\ufffd\x01-\x08\x0e-\x1f\x7f-\x9f]")


class UndecodableError(ValueError):
    """Raised when bytes are no text in any encoding we can tell."""


def decode(data: bytes) -> str:
    """The text of `data`, tried in order: byte-order mark, UTF-16 by its NULs, strict UTF-8, a detector.

    Raises UndecodableError when the bytes are binary or the best guess is garbage.
    """
    for beginning, kind in _KINDS.items():
        if data.startswith(beginning):
            raise UndecodableError(f"is {kind}, not text; save it as plain text, .md or .html")
    text = _decode_by_mark(data)
    if text is None:
        text = _decode_utf16(data) if _nul_share(data) > _NUL_SHARE else _decode_unmarked(data)
    if _garbage_share(text) > _GARBAGE_SHARE:
        raise UndecodableError("is in no encoding we can tell; save it as UTF-8")
    return text


def _decode_by_mark(data: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    return None


def _decode_utf16(data: bytes) -> str:
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if min(even, odd) * 4 > max(even, odd):
        raise UndecodableError(_NO_TEXT)
    return data.decode("utf-16-le" if odd > even else "utf-16-be", "replace")


def _decode_unmarked(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes  # only here: what is UTF-8 needs no guess

        guess = from_bytes(data).best()
        if guess is None:
            raise UndecodableError("is in no encoding we can tell; save it as UTF-8") from None
        return str(guess)


def _nul_share(data: bytes) -> float:
    return data.count(0) / max(len(data), 1)


def _garbage_share(text: str) -> float:
    return len(_GARBAGE.findall(text)) / max(len(text), 1)
