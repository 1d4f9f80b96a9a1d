"""What is handed in is told by its bytes, named by its name alone, and read as a file of the folder is."""

from pathlib import Path

import pytest

from retrieval.corpus.folder import Corpus, read_corpus
from retrieval.corpus.records import AddedFile, Amendments, Problem, UnreadableError, document_id
from retrieval.corpus.submissions import kind_of, read_submission
from tests.retrieval.corpus.test_folder import PAGE
from tests.retrieval.making import ARTICLE
from tests.retrieval.packing import docx, pdf


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.txt", b"x", ".txt"),
        ("a.MD", b"x", ".md"),
        ("a.htm", b"x", ".htm"),
        ("a.txt", b" \n<!doctype HTML><p>", ".html"),
        ("a.pdf", b'\xef\xbb\xbf<?xml version="1.0"?><!-- x --><html lang="vi">', ".html"),
        ("a.txt", pdf(("x",)), ".pdf"),
        ("", pdf(("x",)), ".pdf"),
        ("a.html", docx("x"), ".docx"),
        ("a.docx", b"\xd0\xcf\x11\xe0", ".docx"),
    ],
)
def test_a_kind_is_told_by_the_bytes_and_else_by_the_name(name: str, data: bytes, kind: str) -> None:
    assert kind_of(name, data) == kind


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a.exe", "is not one of .txt, .md, .html, .htm, .pdf, .docx; rename or convert it"),
        ("", "is not one of .txt, .md, .html, .htm, .pdf, .docx; rename or convert it"),
        ("a.pdf", "is no .pdf file, though it is named so; save the article as plain text"),
    ],
)
def test_what_is_of_no_kind_is_refused(name: str, reason: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        kind_of(name, b"x")
    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("Đô thị.txt", "Đô thị"),
        ("../../etc/passwd.txt", "passwd"),
        ("..\\..\\a.b.md", "a.b"),
        ("/etc/passwd", "passwd"),
        ("..", "document"),
        ("", "document"),
        (".txt", "txt"),
        ("a\0b\n\u202ec.txt", "ab c"),
        ("x" * 300 + ".txt", "x" * 100),
        ("CON", "CON"),
    ],
)
def test_a_name_is_only_a_name(name: str, id_: str) -> None:
    assert document_id(name) == id_


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", ARTICLE.encode()),
        ("a.pdf", pdf((ARTICLE,))),
        ("a.docx", docx(ARTICLE)),
        ("a.html", PAGE.format("").encode()),
    ],
    ids=["txt", "pdf", "docx", "html"],
)
def test_what_is_handed_in_is_read_as_the_corpus_will_read_it(tmp_path: Path, name: str, data: bytes) -> None:
    handed = read_submission(name, data)
    (tmp_path / f"kept{handed.suffix}").write_bytes(data)
    (folder := tmp_path / "folder").mkdir()
    added = AddedFile("a", tmp_path / f"kept{handed.suffix}")
    assert read_corpus(folder, amendments=Amendments(added=(added,))) == Corpus((handed.document,), ())
    assert handed.passages >= 1
    (folder / name).write_bytes(data)
    assert read_corpus(folder) == Corpus((handed.document,), ())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"a" * 5_000_001, "is larger than 5 MB; split it into articles"),
        (b"*** --- ***", "holds no running text; is the article in it?"),
        (b"<html><body></body></html>", "has no article text that could be taken out; save the article as plain text"),
    ],
    ids=["nothing", "blanks", "large", "no words", "no text"],
)
def test_what_holds_no_article_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read_submission("a.txt", data)
    assert str(refused.value) == reason


def test_a_folder_is_served_without_what_was_removed_and_with_what_was_added(tmp_path: Path) -> None:
    (folder := tmp_path / "folder").mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.txt").write_text(f"Bài {name}: {ARTICLE}", "utf-8")
    (folder / "a.toml").write_text('title = "Its own"')
    (tmp_path / "1.txt").write_text(f"Bài new: {ARTICLE}", "utf-8")
    amendments = Amendments(
        frozenset({"b"}),
        (AddedFile("a", tmp_path / "1.txt"), AddedFile("lost", tmp_path / "2.txt")),
    )
    corpus = read_corpus(folder, amendments=amendments)
    assert [(document.id, document.title, document.paragraphs) for document in corpus.documents] == [
        ("c", None, (f"Bài c: {ARTICLE}",)),
        ("a", None, (f"Bài new: {ARTICLE}",)),
    ]
    assert corpus.problems == (Problem("lost.txt", "is gone; put it back, or remove it"),)


def test_however_many_comments_a_page_begins_with_its_kind_is_told_at_once() -> None:
    comments = b"<!-- a -->\n" * 60
    assert kind_of("a.md", comments + b"<html>") == ".html"
    assert kind_of("a.md", comments + b"<div>") == ".md"
