"""An answer as something to choose from a list, or to leave in a chat that the bot is not in."""

from dataclasses import replace

from telegram import InlineKeyboardMarkup, InlineQueryResultArticle, InputTextMessageContent
from telegram.constants import ParseMode

from bot.conversation.buttons import Rows, sources_of
from bot.delivery.sending import NO_PREVIEW
from bot.speech.addresses import PublicReader
from bot.speech.phrases import Phrases
from bot.speech.rendering import answer_html, offer_text, plain, title_text
from retrieval.records import Answer, PassageReference, Quote
from retrieval.references import compact


def offer(
    answer: Answer, quote: Quote, reference: PassageReference, words: Phrases, reader: PublicReader | None = None
) -> InlineQueryResultArticle:
    """One quote of an answer, shown by title, date, publisher and beginning; sent, it is the answer with it alone, and
    with the way to where it stands in the `reader`."""
    html = answer_html(replace(answer, quotes=(quote,)), words)
    source = sources_of([quote.passage], words, reader, apart=False) if reader else ()
    return _article(compact(reference), title_text(quote.document), html, offer_text(quote, words), source)


def remark(html: str) -> InlineQueryResultArticle:
    """A sentence of the bot's own."""
    return _article("remark", plain(html), html)


def _article(
    identifier: str,
    title: str,
    html: str,
    description: str | None = None,
    source: Rows = (),
) -> InlineQueryResultArticle:
    content = InputTextMessageContent(html, ParseMode.HTML, link_preview_options=NO_PREVIEW)
    buttons = InlineKeyboardMarkup(source) if source else None
    return InlineQueryResultArticle(identifier, title, content, buttons, description=description)
