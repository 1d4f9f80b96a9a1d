"""What administrators read: figures, questions without an answer, why an answer is as it is, what went wrong."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from html import escape
from typing import Literal

from babel.dates import format_date
from babel.numbers import format_decimal
from babel.units import format_unit

from bot.speech.phrases import Phrases
from bot.speech.rendering import FOR_REMARKS, LONGEST_MESSAGE, MOST_BYTES, language_name, plain, units
from bot.storage.statistics import LONGER, Figures
from bot.storage.unanswered import Unanswered
from retrieval.records import Answer, Hit, Quote

LONGEST_CAPTION = 1024
"""UTF-16 units that Telegram takes under a picture, after its markup is read."""
_OTHER_CODES = {"tl": "fil"}
"""Of languages that CLDR calls otherwise."""
_SPELT_OUT_SHORT = {
    "duration-second": ("vi", "zh_Hans", "zh_Hant", "ms"),
    "duration-hour": ("vi", "zh_Hans", "zh_Hant", "fil"),
}
"""Where CLDR's short name of a unit is the word itself, and Babel has no long one, or a stiff or a wrong one."""
_LONGEST_TERM, _LONGEST_LIST = 24, 120
_MOST_TERMS = 12
"""Of a hit, those that add most to its score."""


def stats_html(figures: Figures, words: Phrases) -> str:
    """What was counted, as a text."""
    lines = [_summary(figures, words)]
    if figures.languages:
        lines += ["", *_by_language(figures, words), "", words.stats_days]
        lines += [
            f"{_day(day.day, words)}: {_number(day.found, words)} + {_number(day.missing, words)}"
            for day in figures.days
            if day.found + day.missing
        ]
    return escape("\n".join([*lines, "", *_totals(figures, words)]), quote=False)


def stats_lines(figures: Figures, words: Phrases) -> list[str]:
    """The same without the days, line by line."""
    return [_summary(figures, words), *_by_language(figures, words), *_totals(figures, words)]


def _by_language(figures: Figures, words: Phrases) -> Iterator[str]:
    if figures.languages:
        listed = (f"{_language(code, words)} {_number(count, words)}" for code, count in figures.languages)
        yield words.stats_languages.format(list=", ".join(listed))


def _totals(figures: Figures, words: Phrases) -> Iterator[str]:
    half, most = figures.latency(50), figures.latency(95)
    if half is not None and most is not None:
        yield words.stats_latency.format(half=_seconds(half, words), most=_seconds(most, words))
    if any(figures.votes):
        helpful, unhelpful = figures.votes
        yield f"👍 {_number(helpful, words)} · 👎 {_number(unhelpful, words)}"
    yield words.reloads.of(figures.reloads)


def stats_heading_html(figures: Figures, words: Phrases) -> str:
    """The first of these lines, for under a picture that has no room for all."""
    return escape(_summary(figures, words), quote=False)


def fits_under_a_picture(html: str) -> bool:
    """Whether Telegram takes it as a caption, also with remarks on its delivery."""
    return units(plain(html)) <= LONGEST_CAPTION - FOR_REMARKS


def unanswered_html(page: Sequence[Unanswered], total: int, days: int, words: Phrases) -> str:
    """One page of what was asked in vain."""
    if not page:
        return escape(words.unanswered_none.format(days=words.days.of(days)), quote=False)
    heading = words.unanswered.format(days=words.days.of(days), count=_number(total, words))
    # As code, in which nothing can be pressed, and which a touch copies.
    asked = (
        f"{_number(one.times, words)}× · {_day(one.last, words)} · <code>{escape(one.words, quote=False)}</code>"
        for one in page
    )
    return _fitting([escape(heading, quote=False), *asked])


def alarm_html(said: str, about: str, times: int, words: Phrases) -> str:
    """One line on what went wrong, where, and how often."""
    place = f"\n<code>{escape(about, quote=False)}</code>" if about else ""
    return f"⚠️ {escape(said, quote=False)}{place}" + (f"\n{_number(times, words)}×" if times > 1 else "")


def explanation_html(answer: Answer, words: Phrases) -> str:
    """Why each quote stands where it does, as `ascn-bot ask --explain` tells it."""
    threshold = format_decimal(answer.threshold, "0.00", words.locale)
    heading = words.tried.format(language=_language(answer.question.language, words), threshold=threshold)
    mark = "✅" if answer.found else "❌"
    return _fitting([f"{mark} {escape(heading, quote=False)}", *map(_explained, answer.quotes)])


def _explained(quote: Quote) -> str:
    hit = quote.hit
    lines = [f"{_cut(quote.document.id, 40)}, passage {quote.passage.number}", *_numbers(hit)]
    named = (("concepts", [*map("=".join, map(sorted, hit.concepts))]), ("names", hit.names), ("numbers", hit.numbers))
    lines += [f"{what}: {_cut(', '.join(sorted(those)), _LONGEST_LIST)}" for what, those in named if those]
    strongest = sorted(hit.shares, key=lambda share: share.score, reverse=True)
    lines += [
        f"{share.score:5.2f} {share.idf:5.2f} {share.field}: {_cut(share.term, _LONGEST_TERM)}"
        for share in strongest[:_MOST_TERMS]
    ]
    if len(strongest) > _MOST_TERMS:
        lines.append(f"… + {len(strongest) - _MOST_TERMS}")
    return "<pre>" + escape("\n".join(filter(None, lines)), quote=False) + "</pre>"


def _numbers(hit: Hit) -> list[str]:
    near = "" if hit.nearness is None else f", nearness {hit.nearness:.2f}, meaning {hit.meaning:.2f}"
    signs = () if hit.signs is None else ((name, value) for name, value in hit.signs._asdict().items() if value)
    return [
        f"evidence {hit.evidence:.2f}, standing {hit.standing:.2f}",
        f"score {hit.score:.2f}, coverage {hit.coverage:.2f}{near}",
        ", ".join(f"{name} {value:.2f}" for name, value in signs),
    ]


def _summary(figures: Figures, words: Phrases) -> str:
    return words.stats.format(
        days=words.days.of(len(figures.days)),
        date=format_date(figures.days[-1].day, "long", words.locale),
        questions=words.questions.of(figures.found + figures.missing),
        found=f"🟩 {_number(figures.found, words)}",  # in the colours of the picture
        missing=f"🟧 {_number(figures.missing, words)}",
    )


def _language(code: str, words: Phrases) -> str:
    """A language's name, or its script's; a question's may be none."""
    return language_name(_OTHER_CODES.get(code, code.replace("-", "_")), words)


def _seconds(milliseconds: int, words: Phrases) -> str:
    number, unit = (1, "duration-hour") if milliseconds == LONGER else (milliseconds / 1000, "duration-second")
    length: Literal["short", "long"] = "short" if words.locale in _SPELT_OUT_SHORT[unit] else "long"
    return format_unit(number, unit, length, locale=words.locale)


def _day(day: date, words: Phrases) -> str:
    return format_date(day, "d MMM", words.locale)


def _number(count: int, words: Phrases) -> str:
    return format_decimal(count, locale=words.locale)


def _fitting(blocks: Iterable[str]) -> str:
    """As many of the blocks as one message takes."""
    room, room_in_bytes, fitting = LONGEST_MESSAGE - FOR_REMARKS, MOST_BYTES, list[str]()
    for block in blocks:
        room -= units(plain(block)) + 1
        room_in_bytes -= len(block.encode("utf-8")) + 1
        if room < 0 or room_in_bytes < 0:
            break
        fitting.append(block)
    return "\n".join(fitting)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}…"
