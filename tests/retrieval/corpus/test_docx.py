"""A word processor's file gives what a reader sees of it, or the reason why it gives nothing."""

import pytest

from retrieval.corpus.docx import read_docx
from retrieval.corpus.formats import Page
from retrieval.corpus.records import UnreadableError
from tests.retrieval.packing import docx, zipped

DAMAGED = "is a damaged .docx; save it anew, or as plain text"


def test_each_paragraph_is_a_line_and_the_title_is_what_is_styled_as_one() -> None:
    assert read_docx(docx("One & two", "", "三", title="Đô thị")) == Page(("Đô thị", "One & two", "", "三"), "Đô thị")
    assert read_docx(docx("One")) == Page(("One",))


def test_cells_tabs_and_breaks_are_read_and_what_is_deleted_doubled_or_hidden_is_not() -> None:
    markup = """
      <w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/>
      <w:t>c</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>
      <w:p><w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>
      <w:tbl><w:tr><w:tc><w:p><w:r><w:t>cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
      <w:p><w:r><w:t>beside</w:t><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></w:r></w:p>
    """
    assert read_docx(docx("One", markup=markup)).lines == ("One", "a b", "c", "", "cell", "beside")


def test_the_text_is_found_where_the_file_says_it_is() -> None:
    assert read_docx(docx("One", part="word/document2.xml")).lines == ("One",)


def laughing() -> bytes:
    """Entities that each say another ten times."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE w [<!ENTITY e0 "ha">{entities}]><w><p><t>&e9;</t></p></w>'
    return zipped({"[Content_Types].xml": TYPES, "word/document.xml": bomb})


TYPES = (
    '<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
OUTSIDE = '<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/hostname">]><w><p><t>&e;</t></p></w>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xd0\xcf\x11\xe0" * 9, "is locked by a password, or of an old kind; save it as .docx without one"),
        (b"PK\x03\x04", DAMAGED),
        (docx("One")[:300], DAMAGED),
        (zipped({"a.txt": "x"}), DAMAGED),
        (
            zipped({"[Content_Types].xml": "<Types/>"}),
            "is not a .docx, though packed like one; save the article as .docx or plain text",
        ),
        (zipped({"[Content_Types].xml": TYPES}), DAMAGED),
        (docx(""), "holds no text, only pictures; have its text recognised, or save it as plain text"),
        (docx("a" * 30_000_000), "unpacks to more than 20 MB; keep only the article"),
        (docx("", markup="<w:p>" * 400 + "</w:p>" * 400), DAMAGED),
        (docx("", markup="<w:p>"), DAMAGED),
        (laughing(), DAMAGED),
        (zipped({"[Content_Types].xml": TYPES, "word/document.xml": OUTSIDE}), DAMAGED),
    ],
    ids=["old", "head", "cut", "zip", "other", "partless", "empty", "bomb", "deep", "broken", "laughs", "outside"],
)
def test_what_cannot_be_read_is_refused_with_a_mend(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read_docx(data)
    assert str(refused.value) == reason


def test_a_part_with_a_password_is_said_to_have_one() -> None:
    data = bytearray(docx("One"))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(signature)
        while place >= 0:
            data[place + flags] |= 1
            place = data.find(signature, place + 1)
    with pytest.raises(UnreadableError, match=r"^is locked by a password"):
        read_docx(bytes(data))
