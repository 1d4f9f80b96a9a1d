"""What was asked in vain, page by page, for administrators."""

import re

from telegram import InlineKeyboardMarkup, Update

from bot.conversation.context import Context
from bot.conversation.pages import Page
from bot.conversation.presses import acknowledge
from bot.conversation.rights import is_private
from bot.delivery.sending import Outbox
from bot.speech.phrases import Phrases
from bot.speech.reports import unanswered_html
from bot.speech.wording import words_for, words_in
from bot.storage.store import Store
from bot.storage.unanswered import UnansweredLog

_BUTTON = "unanswered:"


class UnansweredList:
    """The handlers of `/unanswered` and of its pages; in private alone, for in a group others would read along."""

    def __init__(self, log: UnansweredLog, admins: frozenset[int], store: Store, outbox: Outbox) -> None:
        self._log = log
        self._admins = admins
        self._store = store
        self._outbox = outbox

    async def tell(self, update: Update, context: Context) -> None:
        """`/unanswered`: what was asked most and newest, first."""
        message = update.effective_message
        if message is None or message.from_user is None:
            return
        words = await words_for(self._store, message)
        if not self._log.days:
            await self._outbox.reply(message, words, words.unanswered_off)
        elif not is_private(message.chat):
            await self._outbox.reply(message, words, words.only_in_private)
        else:
            html, keyboard = await self._page(1, message.from_user.id, words)
            await self._outbox.reply(message, words, html, keyboard)

    async def turn(self, update: Update, context: Context) -> None:
        """A press of a page's button, by the administrator who asked, as long as they are one."""
        query = update.callback_query
        found = query and re.match(unanswered_pattern(), query.data or "")
        if query is None or query.message is None or not found:
            return
        words = await words_in(self._store, query.message.chat, query.from_user)
        if query.from_user.id != int(found[2]) or query.from_user.id not in self._admins:
            await acknowledge(query, words.admins_only)
            return
        await acknowledge(query)
        if query.message.is_accessible and is_private(query.message.chat) and self._log.days:
            html, keyboard = await self._page(int(found[1]), query.from_user.id, words)
            await self._outbox.edit(query.message, html, keyboard)

    async def _page(self, wanted: int, owner: int, words: Phrases) -> tuple[str, InlineKeyboardMarkup | None]:
        questions = await self._log.questions()
        page = Page.of(wanted, len(questions))
        html = unanswered_html(page.cut(questions), len(questions), self._log.days, words)
        return html, page.buttons(f"{_BUTTON}{{page}}:{owner}")


def unanswered_pattern() -> str:
    """What the data of a page's button look like; any other press is not ours."""
    return rf"(?a)^{_BUTTON}(\d{{1,4}}):(\d{{1,16}})\Z"
