"""Whole messages to administrators, letter by letter."""

from datetime import date

from bot.speech.phrases import phrases
from bot.speech.reports import alarm_html, explanation_html, fits_under_a_picture, stats_html, unanswered_html
from bot.storage.statistics import Day, Figures
from bot.storage.unanswered import Unanswered
from retrieval.records import Answer, Document, Hit, Passage, Question, Quote, Signs, TermShare

EN = phrases("en")


def test_figures_name_every_day_on_which_somebody_asked() -> None:
    days = (Day(date(2026, 5, 1), 2, 1), Day(date(2026, 5, 2), 0, 0), Day(date(2026, 5, 3), 1, 1))
    figures = Figures(days, (("vi", 3), ("tl", 1), ("zh-Hant", 1)), ((100, 5),), 2, votes=(3, 1))
    assert stats_html(figures, EN) == (
        "The last 3 days, until 3 May 2026: 5 questions, 🟩 3 answered, 🟧 2 not.\n\n"
        "By language: Vietnamese 3, Filipino 1, Traditional Chinese 1\n\n"
        "By day (answered + not):\n1 May: 2 + 1\n3 May: 1 + 1\n\n"
        "Half of the answers came within 0.1 seconds, 95 of 100 within 0.1 seconds.\n"
        "👍 3 · 👎 1\n"
        "Articles reloaded 2 times."
    )


def test_without_questions_there_is_neither_a_day_nor_a_speed() -> None:
    figures = Figures((Day(date(2026, 5, 1), 0, 0),), (), (), 0)
    assert stats_html(figures, EN) == (
        "The last 1 day, until 1 May 2026: 0 questions, 🟩 0 answered, 🟧 0 not.\n\nArticles reloaded 0 times."
    )


def test_a_caption_has_room_for_what_telegram_takes_less_the_remarks() -> None:
    assert [fits_under_a_picture("x" * length) for length in (768, 769)] == [True, False]


def test_what_was_asked_in_vain_is_told_with_its_number_and_its_last_day() -> None:
    page = [Unanswered("Who <b>?", 1200, date(2026, 5, 3)), Unanswered("Why?", 1, date(2026, 4, 30))]
    assert unanswered_html(page, 12, 30, EN) == (
        "Asked in the last 30 days without an answer (12):\n"
        "1,200× · 3 May · <code>Who &lt;b&gt;?</code>\n"
        "1× · 30 Apr · <code>Why?</code>"
    )
    assert unanswered_html([], 0, 1, EN) == "In the last 1 day every question found an answer."


def test_an_error_is_told_with_its_place_and_from_the_second_on_its_number() -> None:
    assert alarm_html("It <failed>", "ValueError at <a>", 1, EN) == (
        "⚠️ It &lt;failed&gt;\n<code>ValueError at &lt;a&gt;</code>"
    )
    assert alarm_html("It failed", "", 2, EN) == "⚠️ It failed\n2×"


def explained(hit: Hit) -> list[str]:
    quote = Quote(hit, "Words.", (0, 6), begins_inside=False, ends_inside=False)
    return explanation_html(Answer(Question("?", "vi"), True, (quote,), 0.35), EN).split("\n")


def test_an_explanation_is_what_was_weighed_and_the_terms_that_add_most() -> None:
    shares = (TermShare("words", "đô", 1.5, 2.0), TermShare("marks", "t" * 30, 0.25, 3.0))
    hit = Hit(
        Passage(Document("d<", "vi", ()), 7, "Words."),
        *(12.0, 0.5, 0.75, shares),
        meaning=1.25,
        concepts=frozenset({frozenset({"b", "a"}), frozenset({"c"})}),
        names=frozenset({"Huế", "Đà"}),
        numbers=frozenset({"2021"}),
        signs=Signs(*[0.5, 0.25], *[0.0] * (len(Signs._fields) - 2)),
        standing=0.2,
        evidence=0.9,
    )
    assert explained(hit) == [
        "✅ Language of the question: Vietnamese. Evidence needed: 0.35.",
        "<pre>d&lt;, passage 7",
        "evidence 0.90, standing 0.20",
        "score 12.00, coverage 0.50, nearness 0.75, meaning 1.25",
        "coverage 0.50, nearness 0.25",
        "concepts: a=b, c",
        "names: Huế, Đà",
        "numbers: 2021",
        f" 3.00  0.25 marks: {'t' * 24}…",
        " 2.00  1.50 words: đô</pre>",
    ]


def test_of_many_terms_it_says_how_many_more_there_are_and_without_an_encoder_nothing_of_meaning() -> None:
    shares = tuple(TermShare("words", str(number), 1.0, float(number)) for number in range(13))
    lines = explained(Hit(Passage(Document("d" * 41, "vi", ()), 1, "Words."), 1.0, 1.0, None, shares))
    assert lines[1:4] == [f"<pre>{'d' * 40}…, passage 1", "evidence 0.00, standing 0.00", "score 1.00, coverage 1.00"]
    assert lines[4:] == [*(f"{n:5.2f}  1.00 words: {n}" for n in range(12, 0, -1)), "… + 1</pre>"]
