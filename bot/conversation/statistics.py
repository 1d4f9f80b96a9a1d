"""What the bot has done in the last days, as administrators see it."""

import asyncio

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LoginUrl, Update
from telegram.error import BadRequest

from bot.conversation.context import Context
from bot.delivery.sending import Outbox
from bot.speech.addresses import PublicReader
from bot.speech.phrases import Phrases
from bot.speech.reports import fits_under_a_picture, stats_heading_html, stats_html
from bot.speech.wording import words_for
from bot.storage.statistics import Figures, Statistics
from bot.storage.store import Store

_DAYS = 14


class StatisticsReport:
    """The handler of `/stats`."""

    def __init__(
        self, statistics: Statistics, store: Store, outbox: Outbox, reader: PublicReader | None = None
    ) -> None:
        self._statistics = statistics
        self._store = store
        self._outbox = outbox
        self._reader = reader

    async def tell(self, update: Update, context: Context) -> None:
        """`/stats`: a picture and the figures, under it where there is room for them, else behind it."""
        message = update.effective_message
        if message is None:
            return
        words = await words_for(self._store, message)
        figures = await self._statistics.figures(_DAYS)
        picture, html = await asyncio.to_thread(_picture, figures), stats_html(figures, words)
        under, behind = (html, None) if fits_under_a_picture(html) else (stats_heading_html(figures, words), html)
        keyboard = self._login(words)
        try:
            await self._outbox.reply_with_photo(message, words, picture, under, keyboard)
        except BadRequest:  # a group may let nobody send pictures
            behind = html
        if behind is not None:
            await self._outbox.reply(message, words, behind, keyboard)

    def _login(self, words: Phrases) -> InlineKeyboardMarkup | None:
        """The way to the figures of the web reader, which learns from Telegram who has pressed."""
        if self._reader is None:
            return None
        button = InlineKeyboardButton(words.web_figures, login_url=LoginUrl(self._reader.login))
        return InlineKeyboardMarkup([[button]])


def _picture(figures: Figures) -> bytes:
    # Only here, for few who run the bot ever ask for it.
    from bot.speech.chart import chart

    return chart(figures)
