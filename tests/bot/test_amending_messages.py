"""What an administrator is shown before the corpus is changed."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.speech.phrases import phrases
from bot.speech.rendering import fitting_html, plain, question_html, refused_html, submission_html, undo_html
from retrieval.corpus.records import Submission
from retrieval.records import Document

EN = phrases("en")
DATED = Document(
    "a<b", "vi", ("One & /two",), "T <b>", "VNA", published=date(2021, 8, 30), characters_kept=50, characters_cut=50
)
OTHER = Document("x", "en", (), "Other & @more")


def lines(document: Document, suffix: str = ".txt", passages: int = 7) -> list[str]:
    return plain(submission_html(Submission(document, suffix, passages), None, None, EN)).split("\n")


def test_a_submission_is_its_source_its_size_its_first_words_and_what_it_changes() -> None:
    assert lines(DATED) == [
        "• T <b>",
        "Vietnamese · VNA · 30 August 2021",
        "7 passages",
        "One & /\u2060two",
        "It would be a new article.",
    ]
    html = submission_html(Submission(DATED, ".txt", 7), OTHER, None, EN)
    assert "<b>T &lt;b&gt;</b>" in html
    assert "<blockquote>One &amp; /\u2060two</blockquote>\nIt would replace: Other &amp; @\u2060more" in html


@pytest.mark.parametrize(
    ("document", "suffix", "doubts"),
    [
        (DATED, ".txt", []),
        (replace(DATED, published=None), ".txt", ["⚠ date not stated"]),
        (replace(DATED, publisher=None), ".txt", ["⚠ publisher not stated"]),
        (
            replace(DATED, characters_cut=51),
            ".pdf",
            ["⚠ 50 % of the text would be cut away as menus, captions and the like"],
        ),
        (replace(DATED, characters_cut=5000), ".html", []),
    ],
)
def test_what_looks_doubtful_is_said(document: Document, suffix: str, doubts: list[str]) -> None:
    assert lines(document, suffix)[5:] == doubts


def test_a_date_that_was_inferred_says_so_and_a_like_article_is_named() -> None:
    inferred = submission_html(Submission(replace(DATED, date_basis="inferred"), ".txt", 1), None, OTHER, EN)
    assert "30 August 2021 (inferred from the text)" in plain(inferred)
    assert plain(inferred).endswith("\n⚠ nearly the same as: Other & @\u2060more")


def test_of_a_long_text_only_the_first_words_are_shown() -> None:
    (shown,) = [line for line in lines(replace(DATED, paragraphs=("word " * 50, "more " * 500))) if "word" in line]
    assert shown == "word " * 50 + " " + "more " * 29 + "…"


def test_a_refusal_names_the_file_and_the_reason() -> None:
    assert refused_html("a<b", "is /empty", EN) == f"{EN.not_addable}\n• a&lt;b – is /\u2060empty"


def test_the_documents_that_a_name_fits_are_listed_with_their_ids() -> None:
    shown = fitting_html([DATED, OTHER], EN)
    assert shown.startswith(f"{EN.several_fit}\n• <b>T &lt;b&gt;</b>\n<code>a&lt;b</code>\n• <b>Other")
    many = plain(fitting_html([OTHER] * 25, EN))
    assert (many.count("Other"), many.split("\n")[-1]) == (20, "… and 5 more")


def test_a_question_is_put_with_what_it_is_about() -> None:
    assert plain(question_html(EN.remove_asked, DATED, EN)) == (
        "Remove this article?\n• T <b>\nVietnamese · VNA · 30 August 2021"
    )
    at = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    assert undo_html(EN.undo_add_asked, "T & @x", at, EN) == (
        "This article was added on 22 Nov 2026, 09:30:00 UTC. Undo that?\n<b>T &amp; @\u2060x</b>"
    )
