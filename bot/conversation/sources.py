"""Which articles there are: all, or those that fit a word, page by page."""

import re

from telegram import CallbackQuery, InlineKeyboardMarkup, Message, Update

from bot.conversation.addressing import question_behind_command
from bot.conversation.context import Context
from bot.conversation.pages import Page
from bot.conversation.presses import acknowledge
from bot.conversation.rights import by_name, is_private
from bot.corpus.library import Library
from bot.delivery.sending import Outbox
from bot.speech.addresses import PublicReader
from bot.speech.finding import fits
from bot.speech.phrases import Phrases
from bot.speech.rendering import newest_first, sources_html
from bot.speech.wording import words_for, words_in
from bot.storage.store import Store
from retrieval.folding import folded

_BUTTON = "sources:"
_LONGEST_SOUGHT = 34
"""Bytes of what is sought: with it, four digits of a page and sixteen of a person a button's data have 64, which is all
that Telegram takes."""
_ANYBODY = 0


class Sources:
    """The handlers of `/sources` and of its pages."""

    def __init__(self, library: Library, store: Store, outbox: Outbox, reader: PublicReader | None = None) -> None:
        self._library = library
        self._store = store
        self._outbox = outbox
        self._reader = reader

    async def tell(self, update: Update, context: Context) -> None:
        """`/sources`: the documents with language, publisher and date; with words behind it those that have them."""
        if message := update.effective_message:
            words = await words_for(self._store, message)
            sought = _cut(folded(question_behind_command(message)))
            html, keyboard = self._page(1, _owner(message), sought, words)
            await self._outbox.reply(message, words, html, keyboard)

    async def turn(self, update: Update, context: Context) -> None:
        """A press of a page's button: the list as it is now; in a group only who asked may."""
        query = update.callback_query
        if query is None or query.message is None or (asked := _asked(query)) is None:
            return
        page, owner, sought = asked
        words = await words_in(self._store, query.message.chat, query.from_user)
        if owner not in (_ANYBODY, query.from_user.id):
            await acknowledge(query, words.not_your_pages)
            return
        await acknowledge(query)
        if query.message.is_accessible:
            html, keyboard = self._page(page, owner, sought, words)
            await self._outbox.edit(query.message, html, keyboard)

    def _page(self, wanted: int, owner: int, sought: str, words: Phrases) -> tuple[str, InlineKeyboardMarkup | None]:
        fitting = [document for document in self._library.catalogue.documents if fits(document, sought)]
        page = Page.of(wanted, len(fitting))
        html = sources_html(page.cut(newest_first(fitting)), words, len(fitting), sought, self._reader)
        return html, page.buttons(f"{_BUTTON}{{page}}:{owner}:{sought}")


def sources_pattern() -> str:
    """What the data of a page's button look like; any other press is not ours."""
    return rf"(?as)^{_BUTTON}(\d{{1,4}}):(\d{{1,16}}):(.*)\Z"


def _asked(query: CallbackQuery) -> tuple[int, int, str] | None:
    """Page, owner and what is sought, as a button says it."""
    found = re.match(sources_pattern(), query.data or "")
    return (int(found[1]), int(found[2]), _cut(folded(found[3]))) if found else None


def _owner(message: Message) -> int:
    """Who may turn the pages; who wrote as the group presses under another name."""
    person = by_name(message)
    return _ANYBODY if person is None or is_private(message.chat) else person.id


def _cut(sought: str) -> str:
    return sought.encode("utf-8")[:_LONGEST_SOUGHT].decode("utf-8", "ignore").strip()
