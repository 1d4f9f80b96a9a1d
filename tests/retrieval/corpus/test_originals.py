"""The file behind a document: as it came, and what of it is no part of the document."""

from pathlib import Path

import pytest

from bot.settings import DEFAULT_CORPUS
from retrieval.corpus.cleaning import without_end_mark
from retrieval.corpus.folder import Corpus, read_corpus
from retrieval.corpus.originals import OriginalGoneError, left_out, original_of
from retrieval.corpus.records import UNAMENDED, AddedFile, Amendments, Original
from retrieval.records import Document

PAGE = (
    "Trang chủ\nThời sự\n\nHuế mở trung tâm điều hành đô thị thông minh\n30/08/2021\n\n"
    "Thành phố Huế vừa khai trương trung tâm điều hành đô thị thông minh, phục vụ hơn năm trăm nghìn người dân.\n"
    "Trung tâm kết nối bốn trăm camera và nhận phản ánh của người dân qua một ứng dụng trên điện thoại./.\n\n"
    "Chia sẻ\nBình luận\n"
)


def read(folder: Path, amendments: Amendments = UNAMENDED) -> tuple[Corpus, Document]:
    corpus = read_corpus(folder, amendments=amendments)
    return corpus, corpus.documents[0]


def test_a_document_leads_back_to_the_bytes_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "hue.txt").write_text(PAGE)
    corpus, document = read(tmp_path)
    assert original_of(document, tmp_path, UNAMENDED, corpus.readings) == Original("hue.txt", PAGE.encode())


def test_so_does_one_that_was_added_from_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "3f.txt").write_text(PAGE)
    amendments = Amendments(added=(AddedFile("Huế", tmp_path / "3f.txt"),))
    corpus, document = read(tmp_path / "folder", amendments)
    assert original_of(document, tmp_path / "folder", amendments, corpus.readings).name == "Huế.txt"


@pytest.mark.parametrize("change", ["changed", "gone", "folder gone", "a link"])
def test_a_file_that_is_not_what_was_read_is_not_shown_for_it(tmp_path: Path, change: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "hue.txt").write_text(PAGE)
    corpus, document = read(folder)
    if change == "changed":
        (folder / "hue.txt").write_text(PAGE.replace("Huế", "Vinh"))
    elif change == "a link":
        (folder / "hue.txt").rename(tmp_path / "hue.txt")
        (folder / "hue.txt").symlink_to(tmp_path / "hue.txt")
    else:
        (folder / "hue.txt").unlink()
    if change == "folder gone":
        folder.rmdir()
    with pytest.raises(OriginalGoneError):
        original_of(document, folder, UNAMENDED, corpus.readings)


def test_a_changed_sidecar_is_a_change(tmp_path: Path) -> None:
    (tmp_path / "hue.txt").write_text(PAGE)
    (tmp_path / "hue.toml").write_text('publisher = "VietnamPlus"')
    corpus, document = read(tmp_path)
    (tmp_path / "hue.toml").write_text('publisher = "Nhân Dân"')
    with pytest.raises(OriginalGoneError):
        original_of(document, tmp_path, UNAMENDED, corpus.readings)


def test_what_was_cut_are_the_lines_around_the_article(tmp_path: Path) -> None:
    (tmp_path / "hue.txt").write_text(PAGE)
    _, document = read(tmp_path)
    cut = left_out(Original("hue.txt", PAGE.encode()), document)
    assert cut == ("Trang chủ", "Thời sự", "30/08/2021", "Chia sẻ", "Bình luận")


def test_what_was_kept_and_what_was_cut_are_together_every_line_of_the_seeds() -> None:
    corpus = read_corpus(DEFAULT_CORPUS)
    for document in corpus.documents:
        original = original_of(document, DEFAULT_CORPUS, UNAMENDED, corpus.readings)
        lines = {" ".join(line.split()) for line in original.data.decode().splitlines() if line.strip()}
        cut = left_out(original, document)
        assert {without_end_mark(line) for line in lines - set(cut)} == {*document.paragraphs, document.title}


def test_of_a_file_that_can_no_longer_be_read_nothing_is_told() -> None:
    assert left_out(Original("broken.pdf", b"%PDF-1.7 broken"), Document("broken", "en", ())) == ()
