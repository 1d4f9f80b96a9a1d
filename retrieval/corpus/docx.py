"""What a .docx says: its paragraphs, and the title that its styles mark."""

from collections.abc import Iterator
from io import BytesIO
from itertools import takewhile
from typing import Any
from zipfile import ZipFile

from retrieval.corpus.formats import Page
from retrieval.corpus.records import UnreadableError

_LARGEST_PART = 20_000_000
"""Bytes of one part of the file, unpacked; a book of a thousand pages has half of that."""
_MOST_PARTS = 10_000
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_LOCKED = "is locked by a password, or of an old kind; save it as .docx without one"
_DAMAGED = "is a damaged .docx; save it anew, or as plain text"
_BESIDE = frozenset({"Fallback", "moveFrom", "txbxContent", "pPr"})
"""Text that the same file says a second time, no longer says, or says in a box beside the article; tab stops."""


def read_docx(data: bytes) -> Page:
    """A word processor's file: each paragraph, heading and cell a line; deleted words, notes and boxes are not read."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableError(_LOCKED)
    try:
        with ZipFile(BytesIO(data)) as parts:
            body = _tree(_unpacked(parts, _main_part(parts)))
    except (UnreadableError, MemoryError, RecursionError):
        raise
    except Exception as error:  # a broken archive breaks zipfile, zlib or lxml in any place
        raise UnreadableError(_DAMAGED) from error
    paragraphs = [(text, style) for found in _named(body, "p") for text, style in _lines(found)]
    if not any(text.strip() for text, _ in paragraphs):
        raise UnreadableError("holds no text, only pictures; have its text recognised, or save it as plain text")
    titles = (" ".join(text.split()) for text, style in paragraphs if style in ("Title", "Heading1"))
    return Page(tuple(text for text, _ in paragraphs), title=next(filter(None, titles), None))


def _main_part(parts: ZipFile) -> str:
    """The part with the text: `word/document.xml`, unless the table of contents names another."""
    if len(parts.infolist()) > _MOST_PARTS:
        raise UnreadableError(_DAMAGED)
    for entry in _named(_tree(_unpacked(parts, "[Content_Types].xml")), "Override"):
        if entry.get("ContentType") == _MAIN:
            return str(entry.get("PartName", "")).lstrip("/")
    raise UnreadableError("is not a .docx, though packed like one; save the article as .docx or plain text")


def _unpacked(parts: ZipFile, name: str) -> bytes:
    """One part, read no further than a part may be: what the archive says of its size may be a lie."""
    if parts.getinfo(name).flag_bits & 1:
        raise UnreadableError(_LOCKED)
    with parts.open(name) as part:
        content = part.read(_LARGEST_PART + 1)
    if len(content) > _LARGEST_PART:
        raise UnreadableError(f"unpacks to more than {_LARGEST_PART // 1_000_000} MB; keep only the article")
    return content


def _tree(content: bytes) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    tree = etree.fromstring(content, parser)
    if tree.getroottree().docinfo.doctype:
        raise UnreadableError(_DAMAGED)  # no word processor writes one, but bombs have it
    return tree


def _named(tree: Any, name: str) -> Iterator[Any]:
    """The elements of a name in whichever namespace, for there are two kinds of .docx; not those said beside."""
    for found in tree.iter(f"{{*}}{name}"):
        if not any(_name(outer) in _BESIDE for outer in found.iterancestors()):
            yield found


def _lines(paragraph: Any) -> Iterator[tuple[str, str]]:
    """The lines of a paragraph, each with the paragraph's style."""
    style = next((_attribute(found, "val") for found in paragraph.iterfind("{*}pPr/{*}pStyle")), "")
    signs = paragraph.iter("{*}t", "{*}tab", "{*}br", "{*}cr")
    text = "".join(_said(sign) for sign in signs if _is_in(paragraph, sign))
    for line in text.split("\n"):
        yield line, style


def _is_in(paragraph: Any, sign: Any) -> bool:
    inner = takewhile(lambda outer: outer is not paragraph, sign.iterancestors())
    return not any(_name(outer) in _BESIDE for outer in inner)


def _said(found: Any) -> str:
    return {"t": found.text or "", "tab": " "}.get(_name(found), "\n")


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _attribute(element: Any, name: str) -> str:
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")
