"""From an answer to what Telegram shows: pure, and the only place that escapes markup and counts lengths."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from html import escape, unescape
from typing import TypeVar

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from bot.corpus.library import Reload
from bot.speech.addresses import PublicReader
from bot.speech.phrases import Phrases
from retrieval.corpus.records import Submission, much_cut
from retrieval.records import Answer, Document, Passage, Question, Quote

LONGEST_MESSAGE = 4096
"""UTF-16 units that Telegram takes in one message, after its markup is read."""
FOR_REMARKS = 256
"""Of a message or a caption, for remarks on its delivery."""
_ROOM = LONGEST_MESSAGE - FOR_REMARKS
"""How much of that a text may fill."""
MOST_BYTES = 32_000
"""Telegram takes 32,768 bytes in one message, its markup included; the rest is for a last line."""
_FIRST_DAY, _LAST_DAY = date(1970, 1, 2), date(2038, 1, 18)
"""Days that Telegram's date entity can hold, a signed count of 32 bits."""
_TAG = re.compile("<[^>]*>")
_PRESSABLE = re.compile(r"(?<![\w/<>])[/@](?=\w)", re.ASCII)
"""Where Telegram would make a command or a mention of a document's words: to press, or to call somebody by."""
_WORD_JOINER = "\u2060"
_LONGEST_NAME = 200
_LONGEST_LINK = 600
"""Bytes of an address in markup; a longer one is left out, for half an address leads nowhere."""
_MOST_LISTED = 20
"""Lines of one list. With at most four entities a line a message stays below Telegram's hundred."""
_Cited = TypeVar("_Cited", Quote, Passage)


@dataclass(frozen=True, slots=True)
class _Block:
    """A piece of a message that is shown whole or not at all: its markup, and its length once that is read."""

    html: str
    length: int


def answer_html(
    answer: Answer, phrases: Phrases, earlier: Question | None = None, reader: PublicReader | None = None
) -> str:
    """The message that answers a question: quotes with their sources, or that there is none.

    Where it goes on from an `earlier` one, it says so. Documents that it only names lead to the `reader`.
    """
    if not answer.found:
        return nothing_found_html(answer, phrases, earlier, reader)
    blocks = _by_source(answer.quotes, _quote_block, answer.question, phrases)
    remarks = filter(None, [going_on_text(answer, earlier, phrases), older_text(answer, phrases)])
    return _joined([*(_quoted(f"{remark}\n\n") for remark in remarks), *blocks], "")


def passages_html(passages: Iterable[Passage], question: Question, phrases: Phrases, folded: bool) -> str:
    """Whole passages with their sources; folded, clients show three lines of each until it is pressed."""
    tag = "blockquote expandable" if folded else "blockquote"
    return _joined(_by_source(passages, lambda passage: _wrapped(tag, _quoted(passage.text)), question, phrases), "")


def nothing_found_html(
    answer: Answer, phrases: Phrases, earlier: Question | None = None, reader: PublicReader | None = None
) -> str:
    """The message that says the corpus is silent, and what it does hold."""
    if not answer.nearest:
        return escape(phrases.no_documents)
    lines = [
        going_on_text(answer, earlier, phrases),
        phrases.nothing_found,
        older_text(answer, phrases),
        phrases.nothing_found_but,
    ]
    nearest = (_source_block(document, phrases, reader) for document in answer.nearest)
    return _joined([*map(_quoted, filter(None, lines)), *nearest], "\n")


def going_on_text(answer: Answer, earlier: Question | None, phrases: Phrases) -> str:
    """Which earlier question the answer's goes on from, where it does; else nothing."""
    if earlier is None or not answer.question.subject:
        return ""
    return phrases.going_on.format(question=shortened(earlier.text))


def title_text(document: Document) -> str:
    """A document's name, cut where it is too long to show whole."""
    return shortened(document.name)


def offer_text(quote: Quote, phrases: Phrases) -> str:
    """What a quote is shown by before it is sent: its date, its publisher and how it begins."""
    before, after = ellipses(quote)
    words = before + " ".join(quote.text.split()) + after
    return shortened(f"{date_text(quote.document, phrases)} · {credit_text(quote.document, phrases)} · {words}")


def older_text(answer: Answer, phrases: Phrases) -> str:
    """That every source is older than the year asked about, where that is so; else nothing."""
    if answer.year is None or answer.newest is None:
        return ""
    return phrases.sources_older.format(year=answer.year, date=date_text(answer.newest, phrases))


def with_remarks(html: str, phrases: Phrases, again: bool, late: bool) -> str:
    """The message with a word before it where it may have arrived already, or answers late."""
    remarks = [*([phrases.sent_again] if again else []), *([phrases.answered_late] if late else [])]
    return "\n\n".join([*map(escape, remarks), html])


def asked_elsewhere(html: str, phrases: Phrases) -> str:
    """The message with a word before it where it answers what was asked in a group for one person alone."""
    return f"{escape(phrases.asked_elsewhere)}\n\n{html}"


def plain(html: str) -> str:
    """The message's text without its markup."""
    return unescape(_TAG.sub("", html))


def sources_html(
    documents: Sequence[Document],
    phrases: Phrases,
    total: int | None = None,
    sought: str = "",
    reader: PublicReader | None = None,
) -> str:
    """The list of documents, the newest first: all, or one page of those that there are in `total`, or were sought."""
    if not documents:
        return escape(phrases.sources_none.format(sought=sought) if sought else phrases.no_documents)
    heading = phrases.sources_found if sought else phrases.sources
    count = format_decimal(len(documents) if total is None else total, locale=phrases.locale)
    shown = [_source_block(document, phrases, reader) for document in newest_first(documents)[:_MOST_LISTED]]
    return _joined_with_rest([_quoted(heading.format(count=count, sought=sought))], shown, len(documents), phrases)


def newest_first(documents: Iterable[Document]) -> list[Document]:
    """The documents by their date, those without one last."""
    return sorted(documents, key=lambda document: (document.published is not None, document.published), reverse=True)


def reload_html(reload: Reload, phrases: Phrases) -> str:
    """The report of a reload: counts, what changed, what was left out and why."""
    catalogue = reload.catalogue
    counts = phrases.reload_done.format(
        articles=phrases.articles.of(len(catalogue.documents)),
        passages=phrases.passages.of(catalogue.passages),
        seconds=format_decimal(reload.seconds, "0.0", phrases.locale),
    )
    blocks = [_text(counts)]
    for heading, documents in (
        (phrases.added, reload.added),
        (phrases.changed, reload.changed),
        (phrases.removed, reload.removed),
    ):
        blocks += _list_blocks(heading, [document.name for document in documents])
    blocks += _list_blocks(phrases.left_out, [f"{problem.file} – {problem.reason}" for problem in catalogue.problems])
    return _joined(blocks, "\n")


def reload_failed_html(reason: str, phrases: Phrases) -> str:
    """The message that a reload failed, and why."""
    return _text(phrases.reload_failed.format(reason=shortened(reason))).html


def submission_html(submission: Submission, replaced: Document | None, alike: Document | None, phrases: Phrases) -> str:
    """What a document that was handed in would be in the corpus, what it would change, and what looks doubtful."""
    document = submission.document
    changes = _text(phrases.would_add)
    if replaced is not None:
        changes = _quoted(phrases.would_replace.format(title=shortened(replaced.name)))
    opening = shortened(" ".join(document.paragraphs)[: 2 * _LONGEST_NAME], 2 * _LONGEST_NAME - 1)
    return _joined(
        [
            _source_block(document, phrases),
            _text(phrases.passages.of(submission.passages)),
            _wrapped("blockquote", _quoted(opening)),
            changes,
            *(_quoted(f"⚠ {doubt}") for doubt in _doubts(submission, alike, phrases)),
        ],
        "\n",
    )


def _doubts(submission: Submission, alike: Document | None, phrases: Phrases) -> Iterator[str]:
    document = submission.document
    if document.published is None:
        yield phrases.date_unknown
    if document.publisher is None:
        yield phrases.publisher_unknown
    if percent := much_cut(document, submission.suffix):
        yield phrases.much_cut.format(percent=percent)
    if alike is not None:
        yield phrases.nearly_same.format(title=shortened(alike.name))


def refused_html(file: str, reason: str, phrases: Phrases) -> str:
    """That a document cannot be added, and why."""
    lines = [_text(phrases.not_addable), _quoted(f"• {shortened(file)} – {shortened(reason)}")]
    return _joined(lines, "\n")


def question_html(question: str, document: Document, phrases: Phrases) -> str:
    """A question to an administrator about a document."""
    return _joined([_text(question), _source_block(document, phrases)], "\n")


def fitting_html(documents: Sequence[Document], phrases: Phrases) -> str:
    """That a name fits several documents, and what each is called for certain."""
    shown = [
        _concatenated(
            _text("• "), _title_block(document, document.url), _text("\n"), _wrapped("code", _text(document.id))
        )
        for document in documents[:_MOST_LISTED]
    ]
    return _joined_with_rest([_text(phrases.several_fit)], shown, len(documents), phrases)


def undo_html(question: str, title: str, at: datetime, phrases: Phrases) -> str:
    """The question whether a change made then is to be undone."""
    when = f"{format_datetime(at, 'medium', tzinfo=UTC, locale=phrases.locale)} UTC"
    return _joined([_text(question.format(when=when)), _wrapped("b", _quoted(shortened(title)))], "\n")


def date_text(document: Document, phrases: Phrases) -> str:
    """The date of a document as its reader's language writes it, or that it is not stated."""
    if document.published is None:
        return phrases.date_unknown
    return format_date(document.published, "long", locale=phrases.locale)


def credit_text(document: Document, phrases: Phrases) -> str:
    """Who published a document, else who wrote it, else that neither is stated."""
    if document.publisher:
        return document.publisher
    return phrases.author.format(name=document.author) if document.author else phrases.publisher_unknown


def language_name(language: str, phrases: Phrases) -> str:
    """The name of a language in the reader's own."""
    name: str = Locale.parse(phrases.locale).languages.get(language, language)
    return name


def in_language_text(document: Document, phrases: Phrases) -> str:
    """That the document is in its language, as part of a line."""
    name = language_name(document.language, phrases)
    # CLDR has the Vietnamese names as they begin a line, "Tiếng Trung"; English has capitals everywhere.
    return phrases.in_language.format(language=name[:1].lower() + name[1:] if phrases.locale == "vi" else name)


def is_foreign(document: Document, question: Question) -> bool:
    """Whether the document is in another language than the question."""
    return document.language != question.document_language


def by_source(cited: Iterable[_Cited]) -> list[tuple[Document, list[_Cited]]]:
    """Quotes or passages by document, in the order in which each first appears, so that it is named once."""
    grouped: dict[Document, list[_Cited]] = {}
    for one in cited:
        grouped.setdefault(one.document, []).append(one)
    return list(grouped.items())


def ellipses(quote: Quote) -> tuple[str, str]:
    """What to set before and after a quote that is not its whole passage."""
    return "… " if quote.begins_inside else "", " …" if quote.ends_inside else ""


def _by_source(
    cited: Iterable[_Cited], show: Callable[[_Cited], _Block], question: Question, phrases: Phrases
) -> list[_Block]:
    """Quotes or passages, those of one source under its name."""
    blocks: list[_Block] = []
    for document, of_it in by_source(cited):
        parting = [_text("\n\n")] if blocks else []
        blocks += _source_and_words(parting, document, map(show, of_it), question, phrases)
    return blocks


def _source_and_words(
    parting: list[_Block], document: Document, cited: Iterable[_Block], question: Question, phrases: Phrases
) -> list[_Block]:
    """The source with its first words, behind what parts it from the one before; then each further ones."""
    details = [_credit_block(document, phrases), _date_block(document, phrases)]
    if is_foreign(document, question):
        details.append(_text(in_language_text(document, phrases)))
    first, *others = (_concatenated(_text("\n"), words) for words in cited)
    return [
        _concatenated(*parting, _title_block(document, document.url), _text("\n"), _list_of(details), first),
        *others,
    ]


def _quote_block(quote: Quote) -> _Block:
    """The quote, in bold the sentence that answers best where it is not all of it."""
    (start, end), (before, after) = quote.best, ellipses(quote)
    best = _quoted(quote.text[start:end])
    whole = _concatenated(
        _quoted(before + quote.text[:start]),
        _wrapped("b", best) if 0 < end - start < len(quote.text) else best,
        _quoted(quote.text[end:] + after),
    )
    return _wrapped("blockquote expandable", whole)


def _source_block(document: Document, phrases: Phrases, reader: PublicReader | None = None) -> _Block:
    """One line about a document, which leads to it in the reader where there is one, else to its publisher."""
    name = _text(language_name(document.language, phrases))
    details = _list_of([name, _credit_block(document, phrases), _date_block(document, phrases)])
    address = reader.of_document(document) if reader else document.url
    return _concatenated(_text("• "), _title_block(document, address), _text("\n"), details)


def _title_block(document: Document, leads_to: str | None) -> _Block:
    title = _wrapped("b", _quoted(shortened(document.name)))
    address = escape(leads_to or "")
    if address and _bytes(address) <= _LONGEST_LINK:
        return _Block(f'<a href="{address}">{title.html}</a>', title.length)
    return title


def _credit_block(document: Document, phrases: Phrases) -> _Block:
    return _quoted(shortened(credit_text(document, phrases)))


def _date_block(document: Document, phrases: Phrases) -> _Block:
    """The date as an entity that clients show in their reader's language; noon in UTC is one day nearly everywhere."""
    shown = _text(date_text(document, phrases))
    if document.published is None or not _FIRST_DAY <= document.published <= _LAST_DAY:
        return _with_basis(shown, document, phrases)
    noon = int(datetime.combine(document.published, time(12), UTC).timestamp())
    dated = _Block(f'<tg-time unix="{noon}" format="D">{shown.html}</tg-time>', shown.length)
    return _with_basis(dated, document, phrases)


def _with_basis(dated: _Block, document: Document, phrases: Phrases) -> _Block:
    if document.published is None or document.date_basis != "inferred":
        return dated
    return _concatenated(dated, _text(in_brackets(phrases.date_inferred, phrases)))


def in_brackets(text: str, phrases: Phrases) -> str:
    """A remark behind something, in the brackets of the language."""
    return f"\uff08{text}\uff09" if phrases.locale.startswith("zh") else f" ({text})"


def _list_blocks(heading: str, entries: Sequence[str]) -> list[_Block]:
    if not entries:
        return []
    shown = [_quoted(f"• {shortened(entry)}") for entry in entries[:_MOST_LISTED]]
    rest = [_text(f"• … + {len(entries) - _MOST_LISTED}")] if len(entries) > _MOST_LISTED else []
    return [_wrapped("b", _text(heading.format(count=len(entries)))), *shown, *rest]


def _joined_with_rest(heading: list[_Block], blocks: Sequence[_Block], total: int, phrases: Phrases) -> str:
    """As many blocks as fit, and how many there are beyond them."""
    room = _ROOM - units(phrases.and_more.format(count=total)) - 1
    fitting = _fitting([*heading, *blocks], "\n", room)
    missing = total - (len(fitting) - len(heading))
    rest = [_text(phrases.and_more.format(count=missing))] if missing else []
    return "\n".join(block.html for block in [*fitting, *rest])


def _joined(blocks: Sequence[_Block], separator: str) -> str:
    return separator.join(block.html for block in _fitting(blocks, separator, _ROOM))


def _fitting(blocks: Sequence[_Block], separator: str, room: int) -> list[_Block]:
    """The first blocks that together are at most `room` long, and with their markup no more than Telegram takes."""
    fitting: list[_Block] = []
    bytes_left = MOST_BYTES - _bytes(separator) * len(blocks)
    for block in blocks:
        room -= block.length + (len(separator) if fitting else 0)
        bytes_left -= _bytes(block.html)
        if room < 0 or bytes_left < 0:
            break
        fitting.append(block)
    return fitting


def _list_of(blocks: Iterable[_Block]) -> _Block:
    """Blocks in one line, parted by dots."""
    first, *others = blocks
    return _concatenated(first, *(part for block in others for part in (_text(" · "), block)))


def _concatenated(*blocks: _Block) -> _Block:
    return _Block("".join(block.html for block in blocks), sum(block.length for block in blocks))


def _text(text: str) -> _Block:
    return _Block(escape(text, quote=False), units(text))


def _quoted(text: str) -> _Block:
    """A document's words, of which nothing can be pressed: an unseen sign parts each / and @ from what follows."""
    return _text(_PRESSABLE.sub(rf"\g<0>{_WORD_JOINER}", text))


def _wrapped(tag: str, block: _Block) -> _Block:
    return _Block(f"<{tag}>{block.html}</{tag.split()[0]}>", block.length)


def units(text: str) -> int:
    """The length of a text as Telegram counts it, in UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _bytes(text: str) -> int:
    return len(text.encode("utf-8"))


def shortened(text: str, most: int = _LONGEST_NAME) -> str:
    """A text cut at a blank where it is too long to show whole."""
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0] + " …"
