"""A folder becomes documents; what cannot be used is named with its reason, and the rest load."""

import os
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path, PosixPath
from typing import Any
from unittest.mock import patch

import pytest

from retrieval.answers import Answerer
from retrieval.bridges.concepts import glossary_with
from retrieval.corpus.articles import read_article
from retrieval.corpus.cleaning import Article
from retrieval.corpus.confinement import ConfinedReader
from retrieval.corpus.folder import Corpus, inventory, read_corpus
from retrieval.corpus.records import LARGEST_FILE, AddedFile, Amendments, CorpusError, Problem
from retrieval.records import Document
from retrieval.text import clean
from tests.retrieval.corpus.test_encoding import CHINESE, windows_1258
from tests.retrieval.making import ARTICLE

PAGE = """<html><head><title>Smart cities meet</title>
<meta property="og:site_name" content="The Daily"><meta name="author" content="Ada Lovelace">
<link rel="canonical" href="https://daily.example/a"><meta property="article:published_time" content="2022-03-04">
</head><body><nav><a href="/">Home</a> <a href="/news">News</a></nav><article><h1>Smart cities meet</h1>
<p>Mayors of twenty-six cities met in the capital and agreed that the network would share its data with citizens.</p>
<p>The second day was spent on transport, on water, and on the question of who pays for all that in the end.</p>
<p>A third paragraph says that the next meeting will be held in another city, which has yet to be chosen.{}</p>
</article><footer>Copyright The Daily</footer></body></html>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "corpus"
    inside.mkdir()
    return inside


def with_good(folder: Path) -> Path:
    (folder / "good.txt").write_text(ARTICLE, "utf-8")
    return folder


def only_problem(folder: Path) -> Problem:
    """The one problem of a folder in which good.txt still loads."""
    corpus = read_corpus(with_good(folder))
    assert [document.id for document in corpus.documents] == ["good"]
    (problem,) = corpus.problems
    return problem


def plain(name: str, **stated: Any) -> Document:
    """What becomes of ARTICLE, where it comes with these statements."""
    return replace(Document(name, "vi", (ARTICLE,), characters_kept=len(ARTICLE)), **stated)


# The seeds


def test_the_seeds_say_who_wrote_them_and_when(seeds: Corpus) -> None:
    assert seeds.problems == ()
    assert [
        (d.id[:3], d.language, d.publisher, d.author, d.published, d.date_basis, d.url, d.licence)
        for d in seeds.documents
    ] == [
        ("000", "zh", "越通社", None, date(2020, 7, 17), "inferred", None, None),
        ("001", "vi", "TTXVN/Vietnam+", None, date(2021, 8, 30), "published", None, None),
        ("002", "vi", None, None, date(2018, 4, 28), "published", None, None),
        ("003", "vi", "Vietnam+", None, date(2022, 12, 4), "published", None, None),
        ("004", "zh", None, "芳黎", date(2022, 6, 20), "published", None, None),
    ]


def test_the_seeds_have_their_headlines(seeds: Corpus) -> None:
    assert [d.title for d in seeds.documents] == [
        "2020东盟轮值主席年:发展可持续的智慧城市",
        "Việt Nam thúc đẩy hợp tác trong mạng lưới đô thị thông minh ASEAN",
        "Việt Nam cử 3 thành phố tham gia Mạng lưới thành phố thông minh ASEAN",
        "ASEAN hợp tác phát triển thành phố thông minh",
        "平阳朝着建设发展、透明、以人民-企业为中心的社会的目标迈进",
    ]


@pytest.mark.parametrize(
    "words",
    [
        *("Vietnamese |", "Báo In", "Clock", "Trang chủ", "ĐÁNH GIÁ", "đánh giá cho bài viết", "Ý kiến bình luận"),
        *("BẠN CÓ THỂ", "Return to top", "Quay lên trên", "Tin mới", "Tin cùng chuyên mục", "phút trước", "giờ trước"),
        *("Bitcoin", "Hyundai", "Vingroup", "Điện Biên Phủ", "Argentina", "dược liệu", "dòng vốn FDI", "Ảnh:", "Ảnh 1"),
        *("Theo TTXVN", "Theo Vietnam+", "Việt NamĐưa", "2023Tăng trưởng", "Một góc trung tâm", "intNumViewTotal"),
        *(
            "更多\n",
            "图自",
            "附图",
            "ảnh 1",
            "保加利亚",
            "委内瑞拉",
            "斯里兰卡",
            "特赦",
            "防务展",
            "芳黎",
            "分享\n",
            "14:04",
        ),
    ],
)
def test_no_menu_caption_or_teaser_of_the_seeds_survives(seeds: Corpus, words: str) -> None:
    body = "\n".join("\n".join(document.paragraphs) + "\n" for document in seeds.documents)
    assert words not in body


@pytest.mark.parametrize(
    ("number", "first", "last"),
    [
        (0, "越通社河内——本着2020东盟轮值主席年", "并促进东盟与合作伙伴之间的关系。"),
        (1, "Ngày 30/8, Hội nghị thường niên", "tịch Mạng lưới đô thị thông minh ASEAN."),
        (2, "Phát biểu tại phiên họp toàn thể", "phiên họp hẹp của Hội nghị Cấp cao ASEAN 32."),
        (3, "Trong Tuyên bố Phnom Penh", "thành phố thông minh, linh hoạt và bền vững."),
        (4, "值将于 2022 年 6 月 20 日至 21 日", "省内周末购物娱乐场所)。"),
    ],
)
def test_the_seeds_are_kept_from_their_first_sentence_to_their_last(
    seeds: Corpus, number: int, first: str, last: str
) -> None:
    paragraphs = seeds.documents[number].paragraphs
    assert (paragraphs[0][: len(first)], paragraphs[-1][-len(last) :]) == (first, last)


# Folders and progress


def test_an_empty_folder_is_an_empty_corpus(folder: Path) -> None:
    assert read_corpus(folder) == Corpus((), ())


def test_a_missing_folder_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"corpus folder .*nowhere cannot be read: No such file"):
        read_corpus(tmp_path / "nowhere")


def test_a_file_in_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CorpusError, match="Not a directory"):
        read_corpus(tmp_path / "file")


def test_documents_come_in_the_order_of_their_names(folder: Path) -> None:
    for name in ("c", "a", "b"):
        (folder / f"{name}.txt").write_text(ARTICLE, "utf-8")
    assert read_corpus(folder) == Corpus((plain("a"), plain("b"), plain("c")), ())


def test_progress_counts_files_to_the_last(folder: Path) -> None:
    calls: list[tuple[int, int]] = []
    (with_good(folder) / "bad.pdf").write_bytes(b"%PDF")
    read_corpus(folder, lambda done, total: calls.append((done, total)))
    assert calls == [(0, 2), (1, 2), (2, 2)]


def test_hidden_files_are_nobodys_business(folder: Path) -> None:
    (folder / ".DS_Store").write_bytes(b"\x00" * 10)
    assert read_corpus(with_good(folder)) == Corpus((plain("good"),), ())


# Formats


def test_a_suffix_in_capitals_is_the_same(folder: Path) -> None:
    (folder / "a.TXT").write_text(ARTICLE, "utf-8")
    assert read_corpus(folder) == Corpus((plain("a"),), ())


def test_markdown_gives_its_heading_and_paragraphs_without_signs(folder: Path) -> None:
    (folder / "a.md").write_text(f"# Một *tiêu đề*\n\n{ARTICLE[:60]}**{ARTICLE[60:]}**\n", "utf-8")
    (document,) = read_corpus(folder).documents
    assert (document.title, document.paragraphs, document.language) == ("Một tiêu đề", (ARTICLE,), "vi")


@pytest.mark.usefixtures("in_one_process")
def test_html_gives_its_article_and_what_its_head_states(folder: Path) -> None:
    (folder / "a.html").write_text(PAGE.format(""), "utf-8")
    (document,) = read_corpus(folder).documents
    assert (
        document.title,
        document.publisher,
        document.author,
        document.url,
        document.published,
        document.date_basis,
        document.language,
        [paragraph.split()[0] for paragraph in document.paragraphs],
    ) == (
        *("Smart cities meet", "The Daily", "Ada Lovelace", "https://daily.example/a"),
        *(date(2022, 3, 4), "published", "en", ["Mayors", "The", "A"]),
    )


@pytest.mark.usefixtures("in_one_process")
def test_xhtml_with_a_declaration_is_html(folder: Path) -> None:
    (folder / "a.htm").write_text('<?xml version="1.0" encoding="utf-8"?>\n' + PAGE.format(""), "utf-8")
    assert [document.title for document in read_corpus(folder).documents] == ["Smart cities meet"]


@pytest.mark.usefixtures("in_one_process")
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", "# A head&#8238;line\n\n" + ARTICLE[:-1] + " e&#769;&#8238;.\n"),
        ("a.html", PAGE.format(" An e&#769; and &#8238;more.")),
    ],
)
def test_what_entities_stand_for_is_cleaned_too(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, "utf-8")
    (document,) = read_corpus(folder).documents
    words = "\n".join([document.name, *document.paragraphs])
    assert words == clean(words)


# Files that cannot be used


@pytest.mark.usefixtures("in_one_process")
@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b" \n\t\r\n", "is empty"),
        ("a.txt", b"%PDF-1.7", "is a PDF, not text; save it as plain text, .md or .html"),
        (
            "a.txt",
            b"PK\x03\x04",
            "is a zip archive or a word processor's file, not text; save it as plain text, .md or .html",
        ),
        ("a.md", b"\x00\x00\x02\x03" * 99, "is not text; save it as plain text, .md or .html"),
        (
            "a.txt",
            ARTICLE.encode()[: ARTICLE.encode().rindex("đ".encode()) + 1],
            "is in no encoding we can tell; save it as UTF-8",
        ),
        ("a.txt", "东盟智慧城市网络。".encode()[:-1] * 9, "is in no encoding we can tell; save it as UTF-8"),
        ("a.txt", b"a" * (LARGEST_FILE + 1), "is larger than 5 MB; split it into articles"),
        ("a.txt", b"*** --- ***", "holds no running text; is the article in it?"),
        (
            "a.html",
            b"<html><body></body></html>",
            "has no article text that could be taken out; save the article as plain text",
        ),
        ("a.html", b"<", "has no article text that could be taken out; save the article as plain text"),
        ("a.pdf", b"%PDF-1.7", "is a damaged PDF; save it anew, or as plain text"),
        ("a.docx", b"PK\x03\x04", "is a damaged .docx; save it anew, or as plain text"),
        ("a.csv", b"a,b", "is not one of .txt, .md, .html, .htm, .pdf, .docx; rename or convert it"),
        ("README", b"Read me", "is not one of .txt, .md, .html, .htm, .pdf, .docx; rename or convert it"),
    ],
    ids=lambda value: repr(value[:12]),
)
def test_a_file_that_cannot_be_used_is_named_and_the_rest_load(
    folder: Path, name: str, data: bytes, reason: str
) -> None:
    (folder / name).write_bytes(data)
    assert only_problem(folder) == Problem(name, reason)


def test_a_folder_among_the_files_is_named(folder: Path) -> None:
    (folder / "a.txt").mkdir()
    assert only_problem(folder) == Problem("a.txt", "is a folder; documents stand beside one another in one folder")


def test_a_link_out_of_the_folder_is_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(ARTICLE, "utf-8")
    (folder / "a.txt").symlink_to(tmp_path / "secret.txt")
    assert only_problem(folder) == Problem(
        "a.txt", "is a link that leads out of the corpus folder; put the file itself there"
    )


def test_a_folder_whose_name_only_begins_alike_is_outside(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "corpus2").mkdir()
    (tmp_path / "corpus2" / "secret.txt").write_text(ARTICLE, "utf-8")
    (folder / "a.txt").symlink_to("../corpus2/secret.txt")
    assert only_problem(folder).reason.startswith("is a link that leads out")


def test_a_link_inside_the_folder_is_read(folder: Path) -> None:
    (folder / "a.txt").symlink_to("good.txt")
    assert read_corpus(with_good(folder)) == Corpus((plain("a"), plain("good")), ())


def test_a_corpus_folder_that_is_itself_a_link_is_read(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(with_good(folder))
    assert read_corpus(tmp_path / "link") == Corpus((plain("good"),), ())


def test_a_link_to_nothing_is_named(folder: Path) -> None:
    (folder / "a.txt").symlink_to("gone.txt")
    assert only_problem(folder) == Problem("a.txt", "is a link that leads nowhere; remove it")


def test_links_that_lead_to_each_other_are_named(folder: Path) -> None:
    (folder / "a.txt").symlink_to("a.txt")
    assert only_problem(folder).file == "a.txt"


OUT = "is a link that leads out of the corpus folder; put the file itself there"
NOWHERE = "is a link that leads nowhere; remove it"
FOLDER = "is a folder; documents stand beside one another in one folder"


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("/etc/passwd", OUT),
        ("/proc/self/environ", OUT),
        ("/dev/zero", OUT),
        ("/dev/stdin", OUT),
        ("../secret.txt", OUT),
        ("./../secret.txt", OUT),
        ("../corpus/../secret.txt", OUT),
        ("../other/secret.txt", OUT),
        ("link.txt", OUT),
        ("inner/secret.txt", OUT),
        ("inner/../secret.txt", OUT),
        ("..", FOLDER),
        (".", FOLDER),
        ("/", FOLDER),
        ("inner", FOLDER),
        ("../nobody.txt", NOWHERE),
    ],
)
def test_no_way_leads_out_of_the_folder(folder: Path, tmp_path: Path, target: str, reason: str) -> None:
    (tmp_path / "secret.txt").write_text(ARTICLE, "utf-8")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "secret.txt").write_text(ARTICLE, "utf-8")
    (folder / ".link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / ".inner").symlink_to(tmp_path / "other")
    (folder / "a.txt").symlink_to(target.replace("inner", ".inner").replace("link.txt", ".link.txt"))
    assert only_problem(folder) == Problem("a.txt", reason)


def test_a_socket_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)  # the name of a socket may be no longer than a hundred characters
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("a.txt")
        assert only_problem(folder) == Problem("a.txt", "is not a plain file")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "gbk"])
def test_a_chinese_file_is_read_whichever_encoding_it_was_saved_in(folder: Path, encoding: str) -> None:
    (folder / "a.txt").write_bytes(CHINESE.encode(encoding))
    assert [document.paragraphs for document in read_corpus(folder).documents] == [(CHINESE,)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1258"])
def test_a_vietnamese_file_is_read_whichever_encoding_it_was_saved_in(folder: Path, encoding: str) -> None:
    data = windows_1258(ARTICLE) if encoding == "cp1258" else ARTICLE.encode(encoding)
    (folder / "a.txt").write_bytes(data)
    assert read_corpus(folder) == Corpus((plain("a"),), ())


def test_a_pipe_is_named_and_does_not_hang(folder: Path) -> None:
    os.mkfifo(folder / "a.txt")
    assert only_problem(folder) == Problem("a.txt", "is not a plain file")


def test_of_two_files_of_one_name_the_first_is_taken(folder: Path) -> None:
    (folder / "good.md").write_text(f"# Title\n\n{ARTICLE}", "utf-8")
    corpus = read_corpus(with_good(folder))
    assert [document.title for document in corpus.documents] == ["Title"]
    assert corpus.problems == (Problem("good.txt", "has the same name as another file, good; rename one of them"),)


class GrowingPath(PosixPath):
    """A path whose file someone else writes to as soon as we have looked at it."""

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        looked = super().stat(follow_symlinks=follow_symlinks)
        if self.suffix == ".txt":
            os.utime(self, ns=(looked.st_atime_ns, looked.st_mtime_ns + 1))
        return looked


def test_a_file_that_changes_while_it_is_read_is_left_out(folder: Path) -> None:
    changed = Problem("good.txt", "changed while it was read; reload once it is complete")
    assert read_corpus(GrowingPath(with_good(folder))) == Corpus((), (changed,))


def test_a_file_name_is_shown_in_one_harmless_line(folder: Path) -> None:
    (folder / "a\nb\u202e\x1b[1m.txt").write_bytes(b"")
    assert only_problem(folder).file == "a b[1m.txt"


@pytest.mark.parametrize("name", [b"a\nb\xe2\x80\xae.txt", b"\xff.txt"], ids=["controls", "not UTF-8"])
def test_a_document_that_is_called_by_its_file_has_a_clean_name(folder: Path, name: bytes) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text(ARTICLE, "utf-8")
    (document,) = read_corpus(folder).documents
    assert document.name == clean(document.name).replace("\n", " ")


# Sidecars


def test_a_sidecar_says_what_the_page_does_not(folder: Path) -> None:
    (with_good(folder) / "good.toml").write_text(
        'title = "Tiêu đề"\npublisher = "VNA"\nauthor = "A"\nurl = "https://vna.example/1"\nlicence = "CC BY 4.0"\n'
        'language = "en"\npublished = 2021-08-30\n',
        "utf-8",
    )
    assert read_corpus(folder) == Corpus(
        (
            plain(
                "good",
                language="en",
                title="Tiêu đề",
                publisher="VNA",
                author="A",
                url="https://vna.example/1",
                licence="CC BY 4.0",
                published=date(2021, 8, 30),
                date_basis="published",
            ),
        ),
        (),
    )


@pytest.mark.usefixtures("in_one_process")
def test_a_sidecar_outweighs_the_page(folder: Path) -> None:
    (folder / "a.html").write_text(PAGE.format(""), "utf-8")
    (folder / "a.toml").write_text('title = "Better"\npublished = 2020-01-02\n')
    (document,) = read_corpus(folder).documents
    assert (document.title, document.published, document.publisher) == ("Better", date(2020, 1, 2), "The Daily")


def test_an_empty_sidecar_says_nothing(folder: Path) -> None:
    (with_good(folder) / "good.toml").write_text("# nothing yet\n")
    assert read_corpus(folder) == Corpus((plain("good"),), ())


def test_a_sidecar_of_no_document_is_named(folder: Path) -> None:
    (folder / "godo.toml").write_text('title = "x"')
    assert only_problem(folder) == Problem("godo.toml", "belongs to no document of that name")


def test_a_sidecar_of_a_file_that_failed_is_no_second_problem(folder: Path) -> None:
    (folder / "a.txt").write_bytes(b"")
    (folder / "a.toml").write_text('title = "x"')
    assert only_problem(folder) == Problem("a.txt", "is empty")


@pytest.mark.parametrize(
    ("toml", "reason"),
    [
        ("title", "is not readable as TOML: "),
        ('title = "a"\ntitle = "b"', "is not readable as TOML: "),
        ('titel = "x"', "has an unknown key 'titel'; known are title, "),
        ('title = ""', "title must be a text in quotes"),
        ("title = 5", "title must be a text in quotes"),
        ("[title]\nx = 1", "title must be a text in quotes"),
        ('published = "2021-08-30"', "published must be a date without quotes, as in published = 2021-08-30"),
        ("published = 2021-08-30T10:00:00", "published must be a date without quotes"),
        ("published = 2021", "published must be a date without quotes"),
        ('language = "fr"', "language must be one of vi, zh, en, id, ms, th, tl, und, not 'fr'"),
        ('url = "javascript:alert(1)"', "url must begin with https:// or http://"),
    ],
)
def test_a_sidecar_that_cannot_be_used_names_the_key_and_the_mend(folder: Path, toml: str, reason: str) -> None:
    (folder / "a.txt").write_text(ARTICLE, "utf-8")
    (folder / "a.toml").write_text(toml)
    assert only_problem(folder).reason.startswith(reason)


@pytest.mark.parametrize("data", [b"title = '\xff'", b"PK\x03\x04"])
def test_a_sidecar_that_is_no_text_is_a_problem(folder: Path, data: bytes) -> None:
    (folder / "a.txt").write_text(ARTICLE, "utf-8")
    (folder / "a.toml").write_bytes(data)
    assert only_problem(folder).reason.startswith("is not readable as TOML")


def test_a_folder_in_place_of_a_sidecar_is_a_problem(folder: Path) -> None:
    (folder / "a.txt").write_text(ARTICLE, "utf-8")
    (folder / "a.toml").mkdir()
    assert only_problem(folder).reason.startswith("is not a plain file")


def test_a_sidecar_nested_beyond_reason_is_a_problem(folder: Path) -> None:
    (folder / "a.txt").write_text(ARTICLE, "utf-8")
    (folder / "a.toml").write_text("title = " + "[" * 100_000)
    assert only_problem(folder).file.startswith("a.")


def test_a_sidecar_that_is_a_link_out_of_the_folder_is_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.toml").write_text('title = "secret"')
    (with_good(folder) / "good.toml").symlink_to(tmp_path / "secret.toml")
    assert [document.title for document in read_corpus(folder).documents] in ([], [None])


def test_a_pipe_in_place_of_a_sidecar_does_not_hang(folder: Path) -> None:
    os.mkfifo(with_good(folder) / "good.toml")
    reading = "import sys, pathlib, retrieval.corpus.folder as c; c.read_corpus(pathlib.Path(sys.argv[1]))"
    root = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-c", reading, folder], cwd=root, check=True, timeout=10)  # noqa: S603


def test_the_words_of_a_sidecar_are_cleaned_as_those_of_a_page(folder: Path) -> None:
    (with_good(folder) / "good.toml").write_text('title = "Đo\u0302 thị\\u202e"\npublisher = "V\\u0000NA"', "utf-8")
    (document,) = read_corpus(folder).documents
    assert (document.title, document.publisher) == ("Đô thị", "VNA")


def test_a_sidecar_with_its_suffix_in_capitals_is_not_ignored_in_silence(folder: Path) -> None:
    (with_good(folder) / "good.TOML").write_text('title = "Tiêu đề"', "utf-8")
    corpus = read_corpus(folder)
    assert (corpus.documents[0].title, corpus.problems) != (None, ())


def test_a_sidecar_with_a_byte_order_mark_is_read(folder: Path) -> None:
    (with_good(folder) / "good.toml").write_text('title = "Tiêu đề"', "utf-8-sig")
    assert [document.title for document in read_corpus(folder).documents] == ["Tiêu đề"]


def test_a_bad_sidecar_is_named_by_its_own_name(folder: Path) -> None:
    (folder / "a.txt").write_text(ARTICLE, "utf-8")
    (folder / "a.toml").write_text('titel = "x"')
    problem = only_problem(folder)
    assert "a.toml" in problem.file + problem.reason


def test_a_glossary_beside_the_documents_adds_its_rows(folder: Path) -> None:
    with_good(folder)
    (folder / "glossary.tsv").write_text("# ours\nvi\tzh\tkind\nZzyzx\t某某地方名\tcity\n", "utf-8")
    corpus = read_corpus(folder)
    assert [concept.names["zh"] for concept in corpus.concepts] == [("某某地方名",)]
    assert (corpus.problems, [document.id for document in corpus.documents]) == ((), ["good"])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("# nothing but a note\n", "needs a first line that names its columns, with tabs between: kind, vi, zh, en"),
        ("kind\tvi\tlo\ncity\tHuế\tເວ້\n", "'lo' is none of them"),
    ],
)
def test_a_glossary_that_cannot_be_used_is_named_and_the_rest_load(folder: Path, text: str, reason: str) -> None:
    with_good(folder)
    (folder / "glossary.tsv").write_text(text, "utf-8")
    corpus = read_corpus(folder)
    assert [problem.file for problem in corpus.problems] == ["glossary.tsv"]
    assert reason in corpus.problems[0].reason
    assert ([document.id for document in corpus.documents], corpus.concepts) == (["good"], ())


def test_the_folders_own_words_bridge_two_languages(folder: Path) -> None:
    (folder / "a.txt").write_text("位于某某地方名的数据中心已经建成并投入使用\uff0c为当地居民提供服务。" * 3, "utf-8")
    (folder / "glossary.tsv").write_text("vi\tzh\nXứ Mù Khơi\t某某地方名\n", "utf-8")
    corpus = read_corpus(folder)
    answering = Answerer(corpus.documents, glossary=glossary_with(corpus.concepts))
    (hit,) = answering.ranked("Xứ Mù Khơi ở đâu?")["zh"].hits[:1]
    assert hit.concepts == {frozenset({"glossary.tsv 1"})}


@pytest.mark.parametrize(
    ("name", "size", "confined"),
    [
        ("a.txt", 64_000, False),
        ("a.txt", 64_001, True),
        ("a.md", 64_001, True),
        ("a.html", 1, True),
        ("a.htm", 1, True),
        ("a.pdf", 1, True),
        ("a.docx", 1, True),
    ],
)
def test_pages_and_long_texts_are_read_in_a_process_of_their_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, size: int, confined: bool
) -> None:
    handed: list[tuple[str, int]] = []

    class Noting(ConfinedReader):
        def read_article(self, suffix: str, data: bytes) -> Article:
            handed.append((suffix, len(data)))
            return Article((ARTICLE,))

    monkeypatch.setattr("retrieval.corpus.folder.ConfinedReader", Noting)
    (folder / name).write_bytes((b"x." * size)[:size])
    assert [document.id for document in read_corpus(folder).documents] == ["a"]
    assert handed == ([(Path(name).suffix, size)] if confined else [])


def test_a_sidecar_without_a_byte_says_nothing(folder: Path) -> None:
    (with_good(folder) / "good.toml").touch()
    assert read_corpus(folder) == Corpus((plain("good"),), ())


def test_what_the_system_refuses_is_said_in_its_words(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: str, flags: int) -> int:
        raise OSError(5, "Input/output error", path)

    with_good(folder)
    monkeypatch.setattr("retrieval.corpus.files._without_following", refused)
    assert read_corpus(folder) == Corpus((), (Problem("good.txt", "cannot be read: Input/output error"),))


def test_what_the_page_states_comes_with_what_was_kept_and_cut(folder: Path) -> None:
    text = f"Home | News | Sport\nCities\n30/08/2021\nBy Ada\n{ARTICLE}\nSource: VNA\n"
    (folder / "a.txt").write_text(text, "utf-8")
    assert read_corpus(folder).documents == (
        plain(
            "a",
            title="Cities",
            publisher="VNA",
            author="Ada",
            published=date(2021, 8, 30),
            date_basis="published",
            characters_cut=len(text) - len(ARTICLE),
        ),
    )


def test_an_inventory_stays_as_long_as_no_file_is_written(folder: Path) -> None:
    (folder / "a.txt").write_text(ARTICLE, "utf-8")
    before = inventory(folder)
    assert inventory(folder) == before
    (folder / "a.txt").write_text(ARTICLE, "utf-8")
    assert inventory(folder) != before


@pytest.mark.parametrize("name", ["b.txt", "b.toml", "glossary.tsv", "b.exe"])
def test_an_inventory_tells_of_every_file(folder: Path, name: str) -> None:
    (folder / "a.txt").write_text(ARTICLE, "utf-8")
    before = inventory(folder)
    (folder / name).write_text("")
    assert inventory(folder) != before


def test_an_inventory_tells_of_amendments_and_of_what_cannot_be_read(folder: Path, tmp_path: Path) -> None:
    (folder / "a.txt").write_text(ARTICLE, "utf-8")
    (folder / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    states = [
        inventory(folder),
        inventory(folder, Amendments(frozenset({"a"}))),
        inventory(folder, Amendments(added=(AddedFile("b", folder / "a.txt"),))),
        inventory(folder, Amendments(added=(AddedFile("b", folder / "c.txt"),))),
    ]
    assert len(set(states)) == len(states)


def test_what_is_known_of_a_file_is_not_read_out_of_it_again(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE)
    (tmp_path / "b.txt").write_text(ARTICLE)
    before = read_corpus(tmp_path)
    (tmp_path / "b.txt").write_text(ARTICLE.replace("26", "27"))
    (tmp_path / "b.toml").write_text('title = "B"')
    (tmp_path / "c.md").write_text(ARTICLE)
    with patch("retrieval.corpus.folder.read_article", wraps=read_article) as reading:
        after = read_corpus(tmp_path, known=before.readings)
    assert [call.args[0] for call in reading.call_args_list] == [".txt", ".md"]
    anew = read_corpus(tmp_path)
    assert (after, after.readings) == (anew, anew.readings)


def test_many_files_are_read_by_several_processes_as_by_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        (folder / f"{number:02}.txt").write_text(f"{ARTICLE}\nVà thêm câu thứ {number} của bài.", "utf-8")
    (folder / "03.html").write_text(PAGE, "utf-8")
    (folder / "05.txt").write_bytes(b"")
    (folder / "07.txt").write_bytes(b"\x00\xff\xfe\xfd")
    (folder / "09.toml").write_text("published = 'soon'", "utf-8")
    (folder / "glossary.tsv").write_text("kind\tvi\ten\ncity\tBình Dương\tKotabaru\n", "utf-8")
    told: list[tuple[int, int]] = []
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    by_one = read_corpus(folder)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr("retrieval.parallel._WORTH_A_FORK", 5)
    with patch("os.fork", wraps=os.fork) as forking:
        by_several = read_corpus(folder, lambda done, total: told.append((done, total)))
    assert forking.call_count == 2
    assert (by_several, by_several.readings) == (by_one, by_one.readings)
    assert [problem.file for problem in by_one.problems] == ["03.txt", "05.txt", "07.txt", "09.toml"]
    assert told == [(done, 22) for done in range(23)]
    with patch("os.fork", wraps=os.fork) as forking:
        assert read_corpus(folder, known=by_one.readings) == by_one
    assert forking.call_count == 0
