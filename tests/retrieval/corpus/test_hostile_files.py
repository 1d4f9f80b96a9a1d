"""No file stops a corpus from loading: what takes too much, or is not what it says, is named with its reason."""

import gzip
import random
import resource
import signal
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from threading import Timer

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.corpus import confinement, folder
from retrieval.corpus.confinement import MOST_MEMORY, ConfinedReader
from retrieval.corpus.folder import Corpus, read_corpus
from retrieval.corpus.records import Problem, UnreadableError
from retrieval.text import clean
from tests.retrieval.corpus.test_folder import PAGE
from tests.retrieval.hostile import examples
from tests.retrieval.making import ARTICLE

SENTENCE = "A sentence of an article, long enough to be kept by everyone who cleans a page. "
NO_ARTICLE = "has no article text that could be taken out; save the article as plain text"
TOO_MUCH = "takes more than 5 s or 512 MB to read; keep only the article"
TOO_DEEP = "is nested so deep that text would be lost; save the article as plain text"
BOMBS = {
    "short lines.txt": b"a\n" * 1_000_000,
    "different lines.txt": "\n".join(SENTENCE[:30] + str(i) for i in range(100_000)).encode(),
    "paragraphs.html": b"<html><body>" + b"<p>some words</p>" * 250_000,
    "links.md": b"[a](b " * 500_000,
}
PAST_BOMBS = {
    "attributes.html": f"<p {' '.join(f'a{i}=0' for i in range(400_000))}>{SENTENCE * 3}".encode(),
    "the same attribute.html": b"<p " + b"a='' " * 900_000 + b">" + SENTENCE.encode() * 3,
    "quotes.md": b">" * 1_000_000,
    "lists.md": b"- " * 500_000,
    "stars.md": b"*a **b " * 5_000,
    "entities.html": b"&amp;" * 900_000,
    "unclosed.html": b"<" * 4_000_000,
    "comment.html": b"<!--" * 1_000_000,
    "one word.txt": b"x" * 1_000_000,
    "bytes.txt": random.Random(1).randbytes(3_000_000),  # noqa: S311
    "marks.txt": ("a" + "\u0301" * 1_000_000).encode(),
    "ligatures.txt": ("\ufdfa" * 300_000).encode(),
}
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(12))
    + "]>"
)
OUTSIDE = '<!DOCTYPE html [<!ENTITY secret SYSTEM "file://{}">]>'


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder in which good.txt loads, whatever is put beside it."""
    inside = tmp_path / "corpus"
    inside.mkdir()
    (inside / "good.txt").write_text(ARTICLE, "utf-8")
    return inside


def problems_beside_good(corpus: Path) -> list[Problem]:
    """The problems of the folder, in which what is good loads nevertheless."""
    found = read_corpus(corpus)
    assert {path.stem for path in corpus.glob("*good.*")} <= {document.id for document in found.documents}
    return list(found.problems)


@pytest.fixture
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confinement, "LONGEST_SECONDS", 2.0)


@pytest.mark.usefixtures("in_a_hurry")
@pytest.mark.parametrize("name", BOMBS)
def test_a_file_that_takes_too_much_is_given_up_and_the_rest_load(corpus: Path, name: str) -> None:
    (corpus / name).write_bytes(BOMBS[name])
    (corpus / "very good.html").write_text(PAGE.format(""), "utf-8")
    assert problems_beside_good(corpus) == [Problem(name, TOO_MUCH)]


@pytest.mark.parametrize("name", PAST_BOMBS)
def test_what_was_a_bomb_elsewhere_is_read_or_named(corpus: Path, name: str) -> None:
    (corpus / name).write_bytes(PAST_BOMBS[name])
    assert {problem.file for problem in problems_beside_good(corpus)} <= {name}


def test_a_busy_machine_costs_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confinement, "LONGEST_SECONDS", 0.5)
    with ConfinedReader() as confined:
        process = confined._started()
        process.send_signal(signal.SIGSTOP)
        Timer(1.0, process.send_signal, [signal.SIGCONT]).start()
        assert confined.read_article(".txt", ARTICLE.encode()).paragraphs == (ARTICLE,)


def test_the_process_that_reads_may_take_so_much_memory_and_no_more() -> None:
    with ConfinedReader() as confined:
        limits = resource.prlimit(confined._started().pid, resource.RLIMIT_AS)
    assert limits == (MOST_MEMORY, MOST_MEMORY)


@pytest.mark.usefixtures("in_one_process")
@pytest.mark.parametrize("depth", [300, 5000, 300_000])
def test_a_page_nested_deeper_than_its_parser_reads_is_no_empty_document(corpus: Path, depth: int) -> None:
    (corpus / "a.html").write_text("<div>" * depth + f"<p>{SENTENCE * 3}</p>")
    assert problems_beside_good(corpus) == [Problem("a.html", TOO_DEEP)]


@pytest.mark.usefixtures("in_one_process")
def test_a_page_of_which_a_part_is_nested_too_deep_is_not_read_in_part(corpus: Path) -> None:
    (corpus / "a.html").write_text(PAGE.format("</p>" + "<div>" * 300 + f"<p>{SENTENCE}"))
    assert problems_beside_good(corpus) == [Problem("a.html", TOO_DEEP)]


@pytest.mark.usefixtures("in_one_process")
def test_entities_are_not_multiplied(corpus: Path) -> None:
    (corpus / "a.html").write_text(LAUGHS + PAGE.format("&m;"))
    found = {document.id: document for document in read_corpus(corpus).documents}
    assert sum(map(len, found["a"].paragraphs)) < len(PAGE)


@pytest.mark.usefixtures("in_one_process")
def test_nothing_outside_the_file_is_read(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("the-secret-word")
    links = f'<img src="file://{tmp_path}/secret.txt"><iframe src="{tmp_path}/secret.txt"></iframe>'
    (corpus / "a.html").write_text(OUTSIDE.format(tmp_path / "secret.txt") + PAGE.format("&secret;" + links))
    assert "the-secret-word" not in repr(read_corpus(corpus))


def test_the_process_that_reads_sees_no_secret(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:the-token")
    with ConfinedReader() as confined:
        process = confined._started()
        assert b"the-token" not in Path(f"/proc/{process.pid}/environ").read_bytes()


def test_the_process_that_reads_ends_with_the_reading() -> None:
    with ConfinedReader() as confined:
        process = confined._started()
        assert process.poll() is None
    assert process.poll() is not None


def test_a_process_that_dies_costs_one_file() -> None:
    with ConfinedReader() as confined:
        confined._started().kill()
        with pytest.raises(UnreadableError, match="takes more than"):
            confined.read_article(".txt", ARTICLE.encode())
        assert confined.read_article(".txt", ARTICLE.encode()).paragraphs == (ARTICLE,)


def test_without_such_a_process_the_file_is_named(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (corpus / "a.html").write_text(PAGE.format(""), "utf-8")
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert problems_beside_good(corpus) == [
        Problem("a.html", "cannot be read: no process can be started to read it in")
    ]


# Types by their content


def zipped(text: str) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", text)
    return buffer.getvalue()


@pytest.mark.usefixtures("in_one_process")
@pytest.mark.parametrize("suffix", [".txt", ".html"])
@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (zipped(SENTENCE), "a zip archive or a word processor's file"),
        (gzip.compress(bytes(10**6)), "packed by gzip"),
        (b"%PDF-1.7\n%\xe2\xe3\n1 0 obj", "a PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a picture"),
        (b"GIF89a\x01\x00", "a picture"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "a picture or a recording"),
        (b"II*\x00\x08\x00", "a picture"),
        (b"BZh91AY&SY", "packed by bzip2"),
        (b"\xfd7zXZ\x00\x00", "packed by xz"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"Rar!\x1a\x07\x01", "a RAR archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old word processor's file"),
        (b"{\\rtf1\\ansi hello}", "a word processor's file"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_is_what_its_first_bytes_say(corpus: Path, suffix: str, data: bytes, kind: str) -> None:
    (corpus / f"a{suffix}").write_bytes(data)
    reason = f"is {kind}, not text; save it as plain text, .md or .html"
    assert problems_beside_good(corpus) == [Problem(f"a{suffix}", reason)]


def test_a_few_nuls_in_a_text_are_dropped(corpus: Path) -> None:
    (corpus / "a.txt").write_bytes(ARTICLE.replace(" ", "\0 ", 3).encode())
    assert [document.paragraphs for document in read_corpus(corpus).documents][:1] == [(ARTICLE,)]


@pytest.mark.usefixtures("in_one_process")
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize("name", ["a.txt", "a.html"])
def test_a_page_is_read_in_any_unicode(corpus: Path, name: str, encoding: str) -> None:
    (corpus / name).write_bytes((PAGE.format("") if name == "a.html" else ARTICLE).encode(encoding))
    assert problems_beside_good(corpus) == []


# The whole corpus


def test_what_is_beyond_the_size_of_a_corpus_is_named_file_by_file(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "LARGEST_CORPUS", len(ARTICLE.encode()) + 10)
    (corpus / "z.txt").write_text(ARTICLE, "utf-8")
    reason = "does not fit in a corpus of 0 MB; remove some"
    found = read_corpus(corpus)
    assert ([document.id for document in found.documents], found.problems) == (["good"], (Problem("z.txt", reason),))


# Generated files

TAGS = st.sampled_from(
    [
        *("<p>", "</p>", "<div>", "<table><tr><td>", "<!--", "-->", "<script>", "</script>", "<a href='", "<br>"),
        *("<title>", "<meta charset='gbk'>", "<time datetime='9999-99-99'>", "<![CDATA[", "<svg>", "<template>"),
        *('<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"x"', "&#0;", "&#x202e;"),
        *("# ", "> ", "- ", "```", "|", "[", "](", "*", "\n", "\n\n", "\t", "\x00", "\ufdfa", "\u2028"),
        *("ngày 31 tháng 2 năm 2021\n", "2021年13月40日\n", "Thứ Hai, 99/99/9999\n", "(Ảnh: ", "Theo TTXVN\n"),
    ]
)
WORDS = TAGS | st.sampled_from([SENTENCE, ARTICLE, "东盟智慧城市网络。"]) | st.text(st.characters(), max_size=40)
TEXTS = st.lists(st.tuples(WORDS, st.sampled_from([1, 1, 2, 40])), max_size=12).map(
    lambda parts: "".join(word * times for word, times in parts).encode("utf-8", "surrogatepass")
)
CUT_PAGES = st.integers(0, len(PAGE)).map(lambda end: PAGE[:end].encode())
ENCODED = st.sampled_from(["utf-16", "gb18030", "big5", "cp1258", "utf-32-be", "utf-7"]).map(
    lambda encoding: (PAGE + ARTICLE + "东盟智慧城市").encode(encoding, "replace")
)
FILES = st.binary(max_size=2000) | TEXTS | CUT_PAGES | ENCODED
NAMES = st.sampled_from([".txt", ".md", ".html"])


@pytest.mark.usefixtures("in_one_process")
@settings(deadline=None, max_examples=examples(60, nightly=2000), suppress_health_check=list(HealthCheck))
@given(name=NAMES, data=FILES)
def test_every_generated_file_is_read_or_named(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: bytes
) -> None:
    inside = tmp_path_factory.mktemp("corpus")
    (inside / f"a{name}").write_bytes(data)
    assert_read_or_named(read_corpus(inside))


def assert_read_or_named(found: Corpus) -> None:
    """One document with clean text in it, or one reason why there is none."""
    assert len(found.documents) + len(found.problems) == 1
    assert all(problem.reason for problem in found.problems)
    for document in found.documents:
        assert document.paragraphs
        assert all(text.strip() and text == clean(text) for text in document.paragraphs)
