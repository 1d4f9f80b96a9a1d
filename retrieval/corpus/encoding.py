"""What a file's bytes say, whichever encoding they were saved in."""

import codecs

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x7fELF",
    b"\xd0\xcf\x11\xe0",
)
_NUL_SHARE = 0.05
"""Above this share of NULs bytes are UTF-16 without a mark, or no text: strict UTF-8 would accept them."""
_GARBAGE_SHARE = 0.01
"""Above this share of replacement and C1 characters a decoding is taken for wrong."""


class UndecodableError(ValueError):
    """Raised when bytes are no text in any encoding we can tell."""


def decode(data: bytes) -> str:
    """The text of `data`, tried in order: byte-order mark, UTF-16 by its NULs, strict UTF-8, a detector.

    Raises UndecodableError when the bytes are binary or the best guess is garbage.
    """
    if data.startswith(_BINARY):
        raise UndecodableError("is not text; save it as plain text, .md or .html")
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
        raise UndecodableError("is not text; save it as plain text, .md or .html")
    return data.decode("utf-16-le" if odd > even else "utf-16-be", "replace")


def _decode_unmarked(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        guess = from_bytes(data).best()
        if guess is None:
            raise UndecodableError("is in no encoding we can tell; save it as UTF-8") from None
        return str(guess)


def _nul_share(data: bytes) -> float:
    return data.count(0) / max(len(data), 1)


def _garbage_share(text: str) -> float:
    garbage = sum(character == "\ufffd" or "\x7f" <= character <= "\x9f" for character in text)
    return garbage / max(len(text), 1)
