"""Whatever a corpus holds, what goes out is markup Telegram takes, within its limits."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.corpus.catalogue import Catalogue
from bot.corpus.library import Reload
from bot.speech.phrases import REPLY_LANGUAGES, ReplyLanguage, phrases
from bot.speech.rendering import answer_html, reload_failed_html, reload_html, sources_html, with_remarks
from retrieval.corpus.records import Problem
from retrieval.records import Answer, Document, Hit, Passage, Question, Quote
from tests.botapi.html import parse_html

texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=700)
odd_texts = st.one_of(
    texts,
    st.text("<>&\"'/abc;#🎉𠮷đô的\u0301\u202e", min_size=1, max_size=700),
    st.sampled_from(["𠮷" * 6000, "🎉" * 6000, "<b>" * 2000, "&amp;" * 1200, "Ann " * 1250, "đô thị " * 850]),
)
addresses = st.one_of(
    st.just("https://example.org/?a=1&b='\"<x>"),
    st.sampled_from(["&", "đ", "𠮷", "a"]).flatmap(
        lambda sign: st.integers(1, 6000).map(lambda length: "https://example.org/" + sign * length)
    ),
)
documents = st.builds(
    Document,
    id=odd_texts,
    language=st.sampled_from(["vi", "zh", "en", "und"]),
    paragraphs=st.just(()),
    title=st.none() | odd_texts,
    publisher=st.none() | odd_texts,
    author=st.none() | odd_texts,
    url=st.none() | addresses,
    published=st.none() | st.dates(),
    date_basis=st.sampled_from(["published", "inferred"]),
)


def quote(document: Document, text: str) -> Quote:
    hit = Hit(Passage(document, 1, text), score=1.0, coverage=1.0, nearness=None, shares=())
    return Quote(hit, text[:600], best=(0, 1), begins_inside=True, ends_inside=True)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(documents, odd_texts), max_size=5), st.booleans(), st.sampled_from(REPLY_LANGUAGES))
def test_an_answer_fits_into_one_message(
    sources: list[tuple[Document, str]], found: bool, language: ReplyLanguage
) -> None:
    quotes = tuple(quote(document, text) for document, text in sources)
    nearest = tuple(document for document, _ in sources)
    answer = Answer(Question("?", "vi"), found and bool(quotes), quotes, 0.3, nearest)
    html = with_remarks(answer_html(answer, phrases(language)), phrases(language), again=True, late=True)
    parsed = parse_html(html)
    assert 0 < units(parsed.text) <= 4096
    assert len(html.encode("utf-8")) <= 32768
    assert len(parsed.entities) <= 100


@settings(deadline=None, max_examples=100)
@given(st.lists(documents, max_size=60), st.sampled_from(REPLY_LANGUAGES))
def test_the_list_of_sources_fits_into_one_message(listed: list[Document], language: ReplyLanguage) -> None:
    html = sources_html(listed, phrases(language))
    parsed = parse_html(html)
    assert 0 < units(parsed.text) <= 4096
    assert len(html.encode("utf-8")) <= 32768
    assert len(parsed.entities) <= 100


@settings(deadline=None, max_examples=100)
@given(
    st.lists(documents, max_size=40),
    st.lists(st.builds(Problem, file=odd_texts, reason=odd_texts), max_size=40),
    st.sampled_from(REPLY_LANGUAGES),
)
def test_the_report_of_a_reload_fits_into_one_message(
    listed: list[Document], problems: list[Problem], language: ReplyLanguage
) -> None:
    catalogue = Catalogue(tuple(listed), (), 9, tuple(problems), by_meaning=True)
    html = reload_html(Reload(catalogue, tuple(listed), tuple(listed), tuple(listed), 1.0), phrases(language))
    parsed = parse_html(html)
    assert 0 < units(parsed.text) <= 4096
    assert len(html.encode("utf-8")) <= 32768
    assert len(parsed.entities) <= 100


def test_a_list_too_long_says_how_many_are_missing() -> None:
    listed = [Document(f"d{number}", "vi", (), published=date(2020, 1, 1)) for number in range(50)]
    assert sources_html(listed, phrases("en")).endswith("… and 30 more")


def test_quotes_from_one_source_name_it_once() -> None:
    document = Document("d", "vi", (), title="Tiêu đề", publisher="TTXVN", published=date(2021, 8, 30))
    answer = Answer(Question("?", "vi"), True, (quote(document, "Một."), quote(document, "Hai.")), 0.3)
    assert parse_html(answer_html(answer, phrases("vi"))).text == (
        "Tiêu đề\nTTXVN · 30 tháng 8, 2021\n… Một. …\n… Hai. …"
    )


def test_a_link_stands_on_the_title_where_the_source_has_one() -> None:
    document = Document("d", "vi", (), title="Tiêu đề", url="https://example.org/a?b=1&c=2")
    answer = Answer(Question("?", "vi"), True, (quote(document, "Một."),), 0.3)
    assert '<a href="https://example.org/a?b=1&amp;c=2"><b>Tiêu đề</b></a>' in answer_html(answer, phrases("vi"))


def test_the_sentence_that_answers_best_is_bold() -> None:
    document = Document("d", "vi", (), title="Tiêu đề", published=date(2021, 8, 30))
    text = "Một & hai. Ba < bốn. Năm."
    hit = Hit(Passage(document, 1, text), score=1.0, coverage=1.0, nearness=None, shares=())
    bold = Quote(hit, text, best=(11, 20), begins_inside=False, ends_inside=True)
    html = answer_html(Answer(Question("?", "vi"), True, (bold,), 0.3), phrases("vi"))
    assert "<blockquote expandable>Một &amp; hai. <b>Ba &lt; bốn.</b> Năm. …</blockquote>" in html
    alone = Quote(hit, text[11:20], best=(0, 9), begins_inside=False, ends_inside=False)
    html = answer_html(Answer(Question("?", "vi"), True, (alone,), 0.3), phrases("vi"))
    assert "<blockquote expandable>Ba &lt; bốn.</blockquote>" in html


@pytest.mark.parametrize("found", [True, False])
@pytest.mark.parametrize(
    ("language", "remark"),
    [
        ("vi", "Kho chưa có bài nào của năm 2025; bài mới nhất ra ngày 5 tháng 12, 2022."),
        ("zh-Hans", "库中没有2025年的文章\uff0c最新一篇发布于2022年12月5日。"),
        ("zh-Hant", "庫中沒有2025年的文章\uff0c最新一篇發布於2022年12月5日。"),
        ("en", "No article here is from 2025; the newest is dated 5 December 2022."),
    ],
)
def test_an_answer_says_that_every_source_is_older_than_was_asked(
    found: bool, language: ReplyLanguage, remark: str
) -> None:
    newest = Document("d", "vi", (), title="Tiêu đề", published=date(2022, 12, 5))
    answer = Answer(Question("?", "vi"), found, (quote(newest, "Một."),), 0.3, (newest,), year=2025, newest=newest)
    assert remark in parse_html(answer_html(answer, phrases(language))).text.split("\n")


def test_quotes_from_one_source_stand_together_where_the_first_of_them_stood() -> None:
    one, other = (Document(name, "vi", (), title=name, published=date(2021, 8, 30)) for name in ("Một", "Hai"))
    quotes = (quote(one, "A."), quote(other, "B."), quote(one, "C."))
    text = parse_html(answer_html(Answer(Question("?", "vi"), True, quotes, 0.3), phrases("vi"))).text
    lines = [line for line in text.split("\n") if line and "2021" not in line]
    assert lines == ["Một", "… A. …", "… C. …", "Hai", "… B. …"]


def test_a_long_line_of_authors_is_shortened_and_the_quote_still_shown() -> None:
    document = Document("d", "en", (), title="Title", publisher="Ann " * 1250)
    answer = Answer(Question("?", "en"), True, (quote(document, "One."),), 0.3)
    lines = parse_html(answer_html(answer, phrases("en"))).text.split("\n")
    assert lines[1].endswith("Ann … · date not stated")
    assert lines[2] == "… One. …"


@pytest.mark.parametrize(
    ("address", "linked"), [("https://e.org/" + "a" * 500, True), ("https://e.org/" + "&" * 500, False)]
)
def test_an_address_too_long_in_markup_is_left_out(address: str, linked: bool) -> None:
    document = Document("d", "vi", (), title="Tiêu đề", url=address)
    assert ("<a " in sources_html([document], phrases("vi"))) == linked


def test_a_passage_in_traditional_words_of_a_chinese_document_is_not_called_foreign() -> None:
    document = Document("d", "zh", (), title="平阳")
    answer = Answer(Question("?", "zh-Hant"), True, (quote(document, "平阳。"),), 0.3)
    assert "原文為" not in answer_html(answer, phrases("zh-Hant"))


def test_the_reason_of_a_failed_reload_is_no_markup() -> None:
    html = reload_failed_html("The corpus folder /a<b>&c is gone.", phrases("en"))
    assert parse_html(html).text.endswith("The corpus folder /a<b>&c is gone.")
