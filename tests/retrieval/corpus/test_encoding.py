"""The same words come out, whichever encoding a file was saved in."""

import codecs
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.corpus.encoding import UndecodableError, decode

VIETNAMESE = (
    "Mạng lưới đô thị thông minh ASEAN có 26 đô thị thành viên đến từ 10 quốc gia, trong đó Việt Nam có Hà Nội, "
    "Đà Nẵng và Thành phố Hồ Chí Minh. Bộ Xây dựng là cơ quan đại diện quốc gia."
)
CHINESE = (
    "东盟智慧城市网络于2018年在新加坡举行的第32届东盟峰会上成立\uff0c旨在为各座城市建立一个合作平台\uff0c"
    "以分享有关发展可持续智慧城市的共同目标。越南建设部部长主持会议。"
)
TRADITIONAL = (
    "東盟智慧城市網絡於新加坡舉行的峰會上成立\uff0c旨在為各座城市建立一個合作平台\uff0c分享發展的共同目標。" * 2
)


@pytest.mark.parametrize("text", [VIETNAMESE, CHINESE, TRADITIONAL], ids=["vi", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_unicode_is_read_by_its_mark(text: str, mark: bytes, encoding: str) -> None:
    assert decode(mark + text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [VIETNAMESE, CHINESE], ids=["vi", "zh"])
def test_utf_16_without_a_mark_is_known_by_its_nuls(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("text", "encoding"), [(CHINESE, "gb18030"), (CHINESE, "gbk"), (TRADITIONAL, "big5")], ids=["18030", "gbk", "big5"]
)
def test_older_chinese_encodings_are_detected(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_the_older_vietnamese_encoding_is_detected() -> None:
    assert unicodedata.normalize("NFC", decode(windows_1258(VIETNAMESE))) == VIETNAMESE


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n1 0 obj",
        b"PK\x03\x04 a word processor's file",
        b"\x1f\x8b\x08 packed",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0 photograph",
        b"GIF89a",
        b"\x7fELF\x02\x01",
        b"\xd0\xcf\x11\xe0 an old word processor's file",
        bytes(range(256)) * 8,
        b"\x00\x00\x02\x03" * 200,
        b"\x00\x01\x02\x03" * 500,
        b"some words\x01\x1b" * 50,
        codecs.BOM_UTF8 + b"ab\x81" * 50,
        ("ab\x81" * 50).encode(),
    ],
    ids=lambda data: repr(data[:11]),
)
def test_what_is_no_text_is_refused_with_a_mend(data: bytes) -> None:
    with pytest.raises(UndecodableError, match="save it as"):
        decode(data)


@pytest.mark.parametrize("text", [VIETNAMESE, CHINESE], ids=["vi", "zh"])
def test_utf_8_that_breaks_off_inside_a_letter_is_never_read_as_other_letters(text: str) -> None:
    data = text.encode()
    broken = [data[:end] for end in range(len(data) - 40, len(data)) if not decodes(data[:end])]
    assert [found for part in broken if (found := decoded_or_none(part)) and not text.startswith(found)] == []


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=400))
def test_any_bytes_give_text_or_a_refusal(data: bytes) -> None:
    found = decoded_or_none(data)
    assert found is None or isinstance(found, str)


@settings(deadline=None, max_examples=150)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffd"), max_size=200))
def test_utf_8_always_comes_back_as_it_was(text: str) -> None:
    data = text.encode()
    assert decode(codecs.BOM_UTF8 + data) == text


def windows_1258(text: str) -> bytes:
    """Windows-1258 has the letters, and the five tones as marks behind them."""
    letters = []
    for letter in unicodedata.normalize("NFC", text):
        try:
            letter.encode("cp1258")
            letters.append(letter)
        except UnicodeEncodeError:
            decomposed = unicodedata.normalize("NFD", letter)
            tone = next(mark for mark in decomposed if mark in "\u0300\u0309\u0303\u0301\u0323")
            letters.append(unicodedata.normalize("NFC", decomposed.replace(tone, "")) + tone)
    return "".join(letters).encode("cp1258")


def decodes(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def decoded_or_none(data: bytes) -> str | None:
    try:
        return decode(data)
    except UndecodableError:
        return None


MEND = "save it as plain text, .md or .html"


@pytest.mark.parametrize(
    ("beginning", "kind"),
    [
        (b"%PDF", "a PDF"),
        (b"PK\x03\x04", "a zip archive or a word processor's file"),
        (b"PK\x05\x06", "an empty zip archive"),
        (b"\x1f\x8b", "packed by gzip"),
        (b"BZh", "packed by bzip2"),
        (b"\xfd7zXZ\x00", "packed by xz"),
        (b"(\xb5/\xfd", "packed by zstd"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"Rar!\x1a\x07", "a RAR archive"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"GIF8", "a picture"),
        (b"RIFF", "a picture or a recording"),
        (b"II*\x00", "a picture"),
        (b"MM\x00*", "a picture"),
        (b"\x7fELF", "a program"),
        (b"\xd0\xcf\x11\xe0", "an old word processor's file"),
        (b"{\\rtf", "a word processor's file"),
    ],
)
def test_what_a_file_is_by_its_first_bytes_is_said(beginning: bytes, kind: str) -> None:
    with pytest.raises(UndecodableError, match=f"^is {kind}, not text; {MEND}$"):
        decode(beginning + b" and more")


def test_bytes_that_are_neither_text_nor_known_are_refused_with_a_mend() -> None:
    with pytest.raises(UndecodableError, match=f"^is not text; {MEND}$"):
        decode(b"\x00\x00\x02\x03" * 99)


@pytest.mark.parametrize("data", [CHINESE.encode()[:-1], ("ab\x81" * 50).encode()], ids=["broken off", "controls"])
def test_an_encoding_that_cannot_be_told_is_refused_with_a_mend(data: bytes) -> None:
    with pytest.raises(UndecodableError, match=r"^is in no encoding we can tell; save it as UTF-8$"):
        decode(data)


@pytest.mark.parametrize(("nuls", "text"), [(5, "a\x00" * 5 + "a" * 90), (6, None)])
def test_one_nul_in_twenty_is_still_utf_8(nuls: int, text: str | None) -> None:
    found = decoded_or_none(b"a\x00" * nuls + b"a" * (100 - 2 * nuls))
    assert (found == "a\x00" * 5 + "a" * 90) == (text is not None)


@pytest.mark.parametrize(("even", "decodes_as"), [(24, "utf-16-le"), (26, None)])
def test_nuls_on_both_sides_are_no_utf_16(even: int, decodes_as: str | None) -> None:
    """A hundred NULs behind letters, and some before others."""
    data = b"a\x00" * 100 + b"\x00a" * even
    assert decoded_or_none(data) == (data.decode(decodes_as) if decodes_as else None)


@pytest.mark.parametrize("garbage", ["\x7f", "\x80", "\x9f", "\ufffd"], ids=ascii)
def test_of_a_hundred_characters_one_may_be_garbage(garbage: str) -> None:
    assert decode((garbage + "a" * 99).encode()) == garbage + "a" * 99
    assert decoded_or_none((garbage + "a" * 98).encode()) is None


@pytest.mark.parametrize("harmless", ["~", "\xa0"], ids=ascii)
def test_what_stands_beside_the_controls_is_no_garbage(harmless: str) -> None:
    assert decode((harmless * 50).encode()) == harmless * 50


def test_nothing_is_the_empty_text() -> None:
    assert decode(b"") == ""


def test_a_letter_that_breaks_off_behind_a_mark_is_one_sign_of_garbage() -> None:
    assert decode(codecs.BOM_UTF8 + b"a" * 200 + b"\xe4\xb8") == "a" * 200 + "\ufffd"
    assert decode(codecs.BOM_UTF16_LE + "a".encode("utf-16-le") * 200 + b"\x61") == "a" * 200 + "\ufffd"
