"""Whole messages, letter by letter, and where one is cut when it does not fit."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from bot.corpus.catalogue import Catalogue
from bot.corpus.library import Reload
from bot.speech.phrases import phrases
from bot.speech.rendering import (
    answer_html,
    by_source,
    credit_text,
    date_text,
    ellipses,
    in_brackets,
    in_language_text,
    is_foreign,
    language_name,
    older_text,
    plain,
    reload_failed_html,
    reload_html,
    sources_html,
    with_remarks,
)
from retrieval.corpus.records import Problem
from retrieval.records import Answer, Document, Hit, Passage, Question, Quote

EN = phrases("en")
NOON = 1_630_324_800
"""30 August 2021, 12:00 UTC."""
DATED = Document(
    "a", "vi", (), title="Một & hai", url="https://e.org/?a&b", publisher="TTXVN", published=date(2021, 8, 30)
)
UNDATED = Document("b.c", "en", (), author="Ada <L>")
INFERRED = replace(DATED, title="Ba", url=None, date_basis="inferred")
ROOM = 4096 - 256
BYTES = 32_000


def quote(document: Document, text: str, best: tuple[int, int] = (0, 0)) -> Quote:
    hit = Hit(Passage(document, 1, text), score=1.0, coverage=1.0, nearness=None, shares=())
    return Quote(hit, text, best, begins_inside=False, ends_inside=False)


def answer(*quotes: Quote, found: bool = True, nearest: tuple[Document, ...] = ()) -> Answer:
    return Answer(Question("?", "en"), found, quotes, 0.3, nearest)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_an_answer_names_each_source_its_date_and_language_and_parts_it_from_the_next() -> None:
    shown = answer(quote(DATED, "A. <B>. C", (3, 7)), quote(UNDATED, "D"), quote(INFERRED, "E"), quote(DATED, "F"))
    assert answer_html(shown, EN) == (
        '<a href="https://e.org/?a&amp;b"><b>Một &amp; hai</b></a>\n'
        f'TTXVN · <tg-time unix="{NOON}" format="D">30 August 2021</tg-time> · in Vietnamese\n'
        "<blockquote expandable>A. <b>&lt;B&gt;.</b> C</blockquote>\n"
        "<blockquote expandable>F</blockquote>\n\n"
        "<b>b.c</b>\n"
        "by Ada &lt;L&gt; · date not stated\n"
        "<blockquote expandable>D</blockquote>\n\n"
        "<b>Ba</b>\n"
        f'TTXVN · <tg-time unix="{NOON}" format="D">30 August 2021</tg-time> ({EN.date_inferred}) · in Vietnamese\n'
        "<blockquote expandable>E</blockquote>"
    )


def test_an_answer_begins_with_the_remark_that_all_is_older() -> None:
    older = replace(answer(quote(UNDATED, "D")), year=2025, newest=DATED)
    assert answer_html(older, EN) == (
        "No article here is from 2025; the newest is dated 30 August 2021.\n\n"
        "<b>b.c</b>\nby Ada &lt;L&gt; · date not stated\n<blockquote expandable>D</blockquote>"
    )


def test_where_nothing_was_found_the_nearest_documents_are_named() -> None:
    shown = answer_html(answer(found=False, nearest=(UNDATED, DATED)), EN)
    entry = "• <b>b.c</b>\nEnglish · by Ada &lt;L&gt; · date not stated"
    assert shown == "\n".join(
        [
            EN.nothing_found,
            EN.nothing_found_but,
            entry,
            '• <a href="https://e.org/?a&amp;b"><b>Một &amp; hai</b></a>',
            f'Vietnamese · TTXVN · <tg-time unix="{NOON}" format="D">30 August 2021</tg-time>',
        ]
    )
    older = replace(answer(found=False, nearest=(UNDATED,)), year=2025, newest=DATED)
    remark = "No article here is from 2025; the newest is dated 30 August 2021."
    assert answer_html(older, EN) == "\n".join([EN.nothing_found, remark, EN.nothing_found_but, entry])


def test_where_there_is_no_document_at_all_that_is_said() -> None:
    words = replace(EN, no_documents="No <articles>")
    assert answer_html(answer(found=False), words) == sources_html([], words) == "No &lt;articles&gt;"


@pytest.mark.parametrize(("year", "newest"), [(None, DATED), (2025, None), (None, None)])
def test_nothing_is_called_older_without_a_year_and_a_document(year: int | None, newest: Document | None) -> None:
    assert older_text(replace(answer(), year=year, newest=newest), EN) == ""


@pytest.mark.parametrize(
    ("again", "late", "expected"),
    [
        (False, False, "<b>x</b>"),
        (True, False, "Again &amp;\n\n<b>x</b>"),
        (False, True, "Late &lt;\n\n<b>x</b>"),
        (True, True, "Again &amp;\n\nLate &lt;\n\n<b>x</b>"),
    ],
)
def test_remarks_on_the_delivery_stand_before_the_message(again: bool, late: bool, expected: str) -> None:
    assert with_remarks("<b>x</b>", replace(EN, sent_again="Again &", answered_late="Late <"), again, late) == expected


def test_a_message_without_its_markup_is_its_text() -> None:
    assert plain('<a href="x"><b>a &amp; b</b></a> &lt;c&gt;') == "a & b <c>"


def test_sources_are_listed_from_the_newest_to_those_without_a_date() -> None:
    days = [None, date(2020, 1, 1), None, date(2022, 1, 1), date(2021, 1, 1)]
    listed = [Document(f"d{number}", "en", (), published=day) for number, day in enumerate(days)]
    lines = plain(sources_html(listed, EN)).split("\n")
    assert lines[0] == EN.sources.format(count=5)
    assert lines[1::2] == ["• d3", "• d4", "• d1", "• d0", "• d2"]
    assert lines[2::2][0] == f"English · {EN.publisher_unknown} · 1 January 2022"


@pytest.mark.parametrize(
    ("count", "last"), [(20, f"English · {EN.publisher_unknown} · date not stated"), (21, "… and 1 more")]
)
def test_twenty_sources_are_listed_and_of_more_the_number(count: int, last: str) -> None:
    listed = [Document(f"d{number}", "en", ()) for number in range(count)]
    lines = plain(sources_html(listed, EN)).split("\n")
    assert (len([line for line in lines if line.startswith("•")]), lines[-1]) == (20, last)


def test_a_reload_is_reported_line_by_line() -> None:
    catalogue = Catalogue((DATED, UNDATED), ("1", "2"), 31, (Problem("<x>.pdf", "is no <text>"),), by_meaning=True)
    done = Reload(catalogue, (DATED,), (UNDATED, DATED), (INFERRED,), 1.26)
    assert reload_html(done, EN) == "\n".join(
        [
            "Reloaded: 2 articles, 31 passages, in 1.3 s.",
            "<b>Added: 1</b>",
            "• Một &amp; hai",
            "<b>Changed: 2</b>",
            "• b.c",
            "• Một &amp; hai",
            "<b>Removed: 1</b>",
            "• Ba",
            "<b>Left out: 1</b>",
            "• &lt;x&gt;.pdf – is no &lt;text&gt;",
        ]
    )


@pytest.mark.parametrize(("count", "rest"), [(0, []), (20, []), (21, ["• … + 1"]), (50, ["• … + 30"])])
def test_a_report_lists_twenty_of_a_kind_and_of_more_the_number(count: int, rest: list[str]) -> None:
    added = tuple(Document(f"d{number}", "en", ()) for number in range(count))
    lines = reload_html(Reload(Catalogue((), (), 0, (), by_meaning=False), added, (), (), 0.0), EN).split("\n")[1:]
    heading = [f"<b>Added: {count}</b>"] if count else []
    assert lines == [*heading, *(f"• d{number}" for number in range(min(count, 20))), *rest]


def test_why_a_reload_failed_is_said_no_longer_than_a_title() -> None:
    assert reload_failed_html("gone " * 50, EN) == EN.reload_failed.format(reason="gone " * 39 + "gone …")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("x" * 200, "x" * 200),
        ("x" * 201, "x" * 200 + " …"),
        ("a b " + "x" * 197, "a b …"),
        ("x" * 199 + " y", "x" * 199 + " …"),
    ],
    ids=["as long as shown", "longer", "cut at its last blank", "cut at its end"],
)
def test_a_name_longer_than_two_hundred_is_cut_at_a_blank(name: str, shown: str) -> None:
    assert sources_html([Document(name, "en", ())], EN).split("\n")[1] == f"• <b>{shown}</b>"
    assert f"\n{shown} · date" in answer_html(answer(quote(replace(UNDATED, publisher=name), "D")), EN)


@pytest.mark.parametrize(("length", "linked"), [(600, True), (601, False)])
def test_an_address_is_left_out_beyond_six_hundred_bytes_in_markup(length: int, linked: bool) -> None:
    address = "https://e.org/&đ"  # in markup & takes 5 bytes, and đ takes 2
    document = replace(UNDATED, url=address + "a" * (length - 14 - 5 - 2))
    assert ('<a href="https://e.org/&amp;' in sources_html([document], EN)) is linked


def test_quotes_in_an_address_do_not_end_it() -> None:
    assert '<a href="https://e.org/&quot;&#x27;">' in sources_html([replace(UNDATED, url="https://e.org/\"'")], EN)


@pytest.mark.parametrize(
    ("day", "seconds"),
    [
        (date(1970, 1, 1), None),
        (date(1970, 1, 2), 86_400 + 43_200),
        (date(2021, 8, 30), NOON),
        (date(2038, 1, 18), 2_147_428_800),
        (date(2038, 1, 19), None),
    ],
)
def test_a_date_is_an_entity_where_telegram_can_hold_it(day: date, seconds: int | None) -> None:
    html = sources_html([replace(UNDATED, published=day)], EN)
    text = f"{day.day} {day:%B} {day.year}"
    assert html.endswith(f' · <tg-time unix="{seconds}" format="D">{text}</tg-time>' if seconds else f" · {text}")


@pytest.mark.parametrize("day", [None, date(1969, 7, 20)])
def test_a_date_that_was_inferred_is_called_so_and_none_where_there_is_none(day: date | None) -> None:
    html = sources_html([replace(UNDATED, published=day, date_basis="inferred")], EN)
    assert html.endswith(f" · 20 July 1969 ({EN.date_inferred})" if day else " · date not stated")


def test_a_credit_is_the_publisher_else_the_author_else_that_neither_is_known() -> None:
    both = replace(UNDATED, publisher="VNA")
    credits_ = [credit_text(document, EN) for document in (both, UNDATED, replace(UNDATED, author=None))]
    assert credits_ == ["VNA", "by Ada <L>", EN.publisher_unknown]


def test_a_date_is_written_as_each_language_does() -> None:
    shown = [date_text(DATED, phrases(language)) for language in ("vi", "zh-Hans", "en")]
    assert shown == ["30 tháng 8, 2021", "2021年8月30日", "30 August 2021"]


def test_a_language_is_named_in_the_readers_own_and_one_unknown_by_its_code() -> None:
    assert [language_name(language, EN) for language in ("vi", "zh", "qqx")] == ["Vietnamese", "Chinese", "qqx"]
    assert language_name("vi", phrases("vi")) == "Tiếng Việt"


def test_the_language_of_a_document_is_written_as_inside_a_sentence() -> None:
    chinese = Document("a", "zh", ())
    shown = [in_language_text(chinese, phrases(language)) for language in ("vi", "en", "th")]
    assert shown == ["bài viết bằng tiếng Trung", "in Chinese", "เป็นภาษาจีน"]


def test_a_remark_stands_in_the_brackets_of_its_language() -> None:
    shown = [in_brackets("x", phrases(language)) for language in ("en", "vi", "zh-Hans", "zh-Hant")]
    assert shown == [" (x)", " (x)", "\uff08x\uff09", "\uff08x\uff09"]


@pytest.mark.parametrize(("language", "foreign"), [("vi", True), ("zh-Hant", True), ("en", False)])
def test_a_document_is_foreign_to_a_question_in_another_language(language: str, foreign: bool) -> None:
    assert is_foreign(UNDATED, Question("?", language)) is foreign  # type: ignore[arg-type]


def test_quotes_are_grouped_by_source_in_the_order_of_their_first() -> None:
    one, other, third = quote(DATED, "A"), quote(UNDATED, "B"), quote(DATED, "C")
    assert by_source([one, other, third]) == [(DATED, [one, third]), (UNDATED, [other])]


@pytest.mark.parametrize(("begins", "before"), [(True, "… "), (False, "")])
@pytest.mark.parametrize(("ends", "after"), [(True, " …"), (False, "")])
def test_a_quote_shows_where_words_are_left_out(begins: bool, before: str, ends: bool, after: str) -> None:
    cut = replace(quote(UNDATED, "D"), begins_inside=begins, ends_inside=ends)
    assert ellipses(cut) == (before, after)
    assert f"<blockquote expandable>{before}D{after}</blockquote>" in answer_html(answer(cut), EN)


@pytest.mark.parametrize(
    ("best", "shown"),
    [((0, 0), "abc"), ((1, 1), "abc"), ((0, 3), "abc"), ((0, 2), "<b>ab</b>c"), ((2, 3), "ab<b>c</b>")],
)
def test_only_a_part_of_a_quote_is_bold(best: tuple[int, int], shown: str) -> None:
    assert f"<blockquote expandable>{shown}</blockquote>" in answer_html(answer(quote(UNDATED, "abc", best)), EN)


def text_of(quotes: Sequence[Quote]) -> str:
    return plain(answer_html(answer(*quotes), EN))


@pytest.mark.parametrize("sign", ["x", "\U0001f389"], ids=["one unit", "two units"])
def test_an_answer_fills_its_room_to_the_last_unit_and_not_beyond(sign: str) -> None:
    first = quote(UNDATED, "D")
    left = ROOM - units(text_of([first])) - 1  # a line break comes before the second
    fitting = sign * (left // units(sign))
    padding = "y" * (left % units(sign))
    assert units(text_of([first, quote(UNDATED, fitting + padding)])) == ROOM
    assert text_of([first, quote(UNDATED, fitting + padding + "z")]) == text_of([first])


def test_the_markup_of_an_answer_fills_its_room_to_the_last_byte_and_not_beyond() -> None:
    linked = [Document(f"d{number}", "en", (), url="https://e.org/" + "a" * 586) for number in range(40)]
    quotes = [quote(document, "D") for document in linked]
    without = answer_html(answer(*quotes), EN)
    left = BYTES - len(without.encode()) - len("\n<blockquote expandable></blockquote>")
    filling = "&" * (left // 5) + "x" * (left % 5)  # an ampersand takes five bytes in markup
    assert len(answer_html(answer(*quotes, quote(linked[-1], filling)), EN).encode()) == BYTES
    assert answer_html(answer(*quotes, quote(linked[-1], filling + "x")), EN) == without


def reported(*reasons: str) -> list[str]:
    """The lines of a report of files that were left out, by the reasons in it."""
    problems = tuple(Problem("f", reason) for reason in reasons)
    html = reload_html(Reload(Catalogue((), (), 0, problems, by_meaning=False), (), (), (), 0.0), EN)
    return [line.removeprefix("• f – ") for line in html.split("\n")[2:]]


def test_a_report_fills_its_room_to_the_last_unit_line_breaks_included() -> None:
    lines = ["y" * 190] * 19
    head = units("Reloaded: 0 articles, 0 passages, in 0.0 s.\nLeft out: 20\n")
    left = ROOM - head - 19 * (190 + 6) - 19  # what is before each reason takes six units
    assert 0 < left < 190
    assert reported(*lines, "z" * (left - 6)) == [*lines, "z" * (left - 6)]
    assert reported(*lines, "z" * (left - 5)) == lines


def test_a_list_of_sources_that_does_not_fit_says_how_many_are_missing() -> None:
    listed = [Document("x" * 199 + str(number % 10), "en", (), publisher="y" * 200) for number in range(20)]
    lines = plain(sources_html(listed, EN)).split("\n")
    assert (len(lines), lines[-1]) == (1 + 2 * 8 + 1, "… and 12 more")


def test_a_list_of_sources_fills_its_room_to_the_last_unit_line_breaks_included() -> None:
    first = [Document("x" * 199 + str(number), "en", (), publisher="y" * 200) for number in range(8)]

    def listed(length: int) -> str:
        return plain(sources_html([*first, Document("z" * 150, "en", (), publisher="y" * length)], EN))

    left = ROOM - units("\n" + EN.and_more.format(count=9)) - units(listed(1)) + 1
    assert 0 < left < 200
    assert listed(left).count("•") == 9
    assert listed(left + 1).split("\n")[-1] == "… and 1 more"


def test_quotation_marks_in_a_text_take_no_room_of_markup() -> None:
    assert "<b>\"a\" 'b'</b>" in sources_html([Document("\"a\" 'b'", "en", ())], EN)
