"""A file of each kind gives its lines, and what its own markup states."""

from datetime import date

import pytest

from retrieval.corpus.formats import READERS, Page, read_html, read_markdown, read_text
from retrieval.corpus.records import HTML, UnreadableError
from tests.retrieval.corpus.test_folder import PAGE

DEEP = "<div>" * 300 + "<p>text</p>" + "</div>" * 300


def test_a_plain_text_is_its_lines() -> None:
    assert read_text("one\n\n two ") == Page(("one", "", " two "))


def test_a_markdown_file_is_its_headings_paragraphs_and_entries() -> None:
    text = "## Two\n# One *bold*  title\n# Another\n\ntext\nand `more`\\\nof<br>it\n\n- entry\n\n![picture](x.png)\n"
    lines = ("Two", "One bold  title", "Another", "text and more ofit", "entry", "picture")
    assert read_markdown(text) == Page(lines, title="One bold title")


def test_a_markdown_file_without_a_first_heading_has_no_title() -> None:
    assert read_markdown("## Two\n\ntext") == Page(("Two", "text"))
    assert read_markdown("") == Page(())


def test_a_page_is_its_main_text_with_what_its_head_states() -> None:
    page = read_html(PAGE.format(""))
    assert (page.title, page.publisher, page.author, page.url, page.published) == (
        *("Smart cities meet", "The Daily", "Ada Lovelace", "https://daily.example/a"),
        date(2022, 3, 4),
    )
    text = [line for line in page.lines if line != "Smart cities meet"]
    assert [line.split()[0] for line in text] == ["Mayors", "The", "A"]


def test_a_page_that_states_nothing_gives_its_text_alone() -> None:
    body = PAGE[PAGE.index("<article>") : PAGE.index("<footer>")].replace("<h1>Smart cities meet</h1>", "").format("")
    page = read_html(f"<html><body>{body}</body></html>")
    assert (page.publisher, page.author, page.url, page.published) == (None, None, None, None)
    assert len(page.lines) == 3


def test_comments_under_a_page_are_no_text() -> None:
    comment = (
        '<div id="comments" class="comments"><p>I was there and I can say that it was not like that at all.</p></div>'
    )
    page = read_html(PAGE.format("").replace("</article>", f"</article>{comment}"))
    assert "I was there" not in "\n".join(page.lines)


@pytest.mark.parametrize("html", ["", "<", "<html><body></body></html>"])
def test_a_page_without_text_is_refused_with_a_mend(html: str) -> None:
    with pytest.raises(
        UnreadableError, match=r"^has no article text that could be taken out; save the article as plain text$"
    ):
        read_html(html)


def test_a_page_nested_deeper_than_its_parser_reads_is_refused_with_a_mend() -> None:
    with pytest.raises(
        UnreadableError, match=r"^is nested so deep that text would be lost; save the article as plain text$"
    ):
        read_html(PAGE.format("").replace("<article>", "<article>" + DEEP))


def test_html_is_called_html_or_htm() -> None:
    assert {suffix for suffix, read in READERS.items() if read is read_html} == HTML == {".html", ".htm"}
