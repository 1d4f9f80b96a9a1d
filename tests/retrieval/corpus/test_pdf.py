"""A PDF gives its paragraphs, or the reason why it gives none and what would mend it."""

import zlib

import pytest

from retrieval.corpus.pdf import read_pdf
from retrieval.corpus.records import UnreadableError
from tests.retrieval.packing import locked, pdf

LONG = "Mạng lưới đô thị thông minh ASEAN được thành lập năm 2018 tại"
VIETNAMESE = (LONG, "Singapore với 26 thành phố.", LONG, "Băng Cốc.")


def test_lines_become_paragraphs_which_end_where_a_line_is_short() -> None:
    assert read_pdf(pdf(VIETNAMESE)).lines == (
        f"{LONG} Singapore với 26 thành phố.",
        f"{LONG} Băng Cốc.",
    )


def test_a_paragraph_goes_on_over_the_page_and_past_what_stands_on_every_page() -> None:
    first = ("ASCN Report 2021", *VIETNAMESE[2:], LONG, "1")
    second = ("ASCN Report 2021", "và các nước khác.", LONG, "Hà Nội.", "2")
    assert read_pdf(pdf(first, second)).lines == (
        f"{LONG} Băng Cốc.",
        f"{LONG} và các nước khác.",
        f"{LONG} Hà Nội.",
    )


def test_a_word_that_was_broken_is_whole_and_chinese_goes_on_without_a_blank() -> None:
    broken = ("The members agreed on a long plan of coopera-", "tion among their cities.")
    assert read_pdf(pdf(broken)).lines == ("The members agreed on a long plan of cooperation among their cities.",)
    chinese = "东盟智慧城市网络成员国代表在会议上一致同意继续推动城市之间的合作与发展"
    assert read_pdf(pdf((chinese, "并加强交流。"))).lines == (f"{chinese}并加强交流。",)


def test_what_is_locked_only_against_changes_is_read_as_if_it_were_not() -> None:
    assert read_pdf(locked(pdf(VIETNAMESE), "")) == read_pdf(pdf(VIETNAMESE))


def bomb() -> bytes:
    """100 MB of blanks as the first page's content."""
    packed = zlib.compress(b" " * 100_000_000)
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
    return pdf(VIETNAMESE).replace(b"7 0 obj\n<<", b"7 0 obj\n" + stream + b"\nendobj\n8 0 obj\n<<")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (locked(pdf(VIETNAMESE), "secret"), "is locked by a password; save it without one"),
        (pdf(()), "holds no text, only pictures (a scan?); have its text recognised, or save it as plain text"),
        (bomb(), "unpacks to more than can be read; keep only the article"),
        (b"%PDF-1.7", "is a damaged PDF; save it anew, or as plain text"),
        (pdf(VIETNAMESE)[:400], "is a damaged PDF; save it anew, or as plain text"),
    ],
    ids=["locked", "a scan", "a bomb", "no more than a beginning", "cut off"],
)
def test_what_cannot_be_read_is_refused_with_a_mend(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read_pdf(data)
    assert str(refused.value) == reason
