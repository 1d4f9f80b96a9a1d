"""An answer as something to choose from a list, or to leave in a chat that the bot is not in."""

from dataclasses import replace

from telegram import InlineQueryResultArticle, InputTextMessageContent
from telegram.constants import ParseMode

from bot.delivery.sending import NO_PREVIEW
from bot.speech.phrases import Phrases
from bot.speech.rendering import answer_html, offer_text, plain, title_text
from retrieval.records import Answer, PassageReference, Quote
from retrieval.references import compact


def offer(answer: Answer, quote: Quote, reference: PassageReference, words: Phrases) -> InlineQueryResultArticle:
    """One quote of an answer, shown by title, date, publisher and beginning; sent, it is the answer with it alone."""
    html = answer_html(replace(answer, quotes=(quote,)), words)
    return _article(compact(reference), title_text(quote.document), html, offer_text(quote, words))


def remark(html: str) -> InlineQueryResultArticle:
    """A sentence of the bot's own."""
    return _article("remark", plain(html), html)


def _article(identifier: str, title: str, html: str, description: str | None = None) -> InlineQueryResultArticle:
    content = InputTextMessageContent(html, ParseMode.HTML, link_preview_options=NO_PREVIEW)
    return InlineQueryResultArticle(identifier, title, content, description=description)
