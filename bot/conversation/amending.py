"""How administrators change the corpus from a chat: a document handed in, `/remove`, `/undo`, and their buttons."""

import asyncio
import logging
from collections.abc import Awaitable
from pathlib import PurePath

from telegram import Bot, Document, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update, User
from telegram.error import TelegramError

from bot.conversation.addressing import question_behind_command
from bot.conversation.administration import ProgressMessage, outcome
from bot.conversation.context import Context
from bot.conversation.presses import acknowledge
from bot.corpus.catalogue import Catalogue
from bot.corpus.library import Library, Reload
from bot.corpus.nursery import EditionFailedError
from bot.delivery.sending import Outbox
from bot.speech.phrases import Phrases
from bot.speech.rendering import fitting_html, question_html, refused_html, submission_html, undo_html
from bot.speech.wording import words_for, words_in
from bot.storage.changes import Change, Changes, ProposalGoneError
from bot.storage.database import DatabaseError
from bot.storage.store import Store
from retrieval.corpus.encoding import UndecodableError
from retrieval.corpus.records import Submission, UnreadableError, check_size, document_id
from retrieval.likeness import NEARLY_THE_SAME, likeness, sketch
from retrieval.records import Document as CorpusDocument

_LOG = logging.getLogger(__name__)
_BUTTON = "change"
_APPLY, _DISCARD, _UNDO, _LEAVE = "apply", "discard", "undo", "leave"
_SECONDS_TO_DOWNLOAD = 60.0


class Amending:
    """The handlers of what changes the corpus."""

    def __init__(
        self, library: Library, store: Store, changes: Changes, outbox: Outbox, admins: frozenset[int]
    ) -> None:
        self._library = library
        self._store = store
        self._changes = changes
        self._outbox = outbox
        self._admins = admins

    async def handed_in(self, update: Update, context: Context) -> None:
        """A document: shows what it would be in the corpus, with buttons to add it or not."""
        message = update.effective_message
        if message is None or message.document is None or message.from_user is None:
            return
        words, name = await words_for(self._store, message), message.document.file_name or ""
        try:
            content = await _fetched(context.bot, message.document)
            submission = await asyncio.to_thread(_read, name, content)
        except (UnreadableError, UndecodableError) as error:
            _LOG.info("a document was handed in that cannot be added")
            await self._outbox.reply(message, words, refused_html(document_id(name), str(error), words))
            return
        document = submission.document
        number = await self._changes.propose_adding(
            message.from_user.id, document.id, document.name, content, submission.suffix
        )
        _LOG.info("change %d of the corpus was proposed: a document to be added", number)
        buttons = _buttons(message.from_user, number, (words.button_add, _APPLY), (words.button_discard, _DISCARD))
        await self._outbox.reply(message, words, self._shown(submission, words), buttons)

    async def remove(self, update: Update, context: Context) -> None:
        """`/remove NAME`: asks whether the document of that id, or with that in its title, is to be removed."""
        message = update.effective_message
        if message is None or message.from_user is None:
            return
        words, name = await words_for(self._store, message), question_behind_command(message)
        found = self._fitting(name)
        if not name or len(found) != 1:
            several = fitting_html(found, words) if found else words.none_fits
            await self._outbox.reply(message, words, several if name else words.remove_how)
            return
        number = await self._changes.propose_removing(message.from_user.id, found[0].id, found[0].name)
        _LOG.info("change %d of the corpus was proposed: a document to be removed", number)
        buttons = _buttons(message.from_user, number, (words.button_remove, _APPLY), (words.button_leave, _DISCARD))
        await self._outbox.reply(message, words, question_html(words.remove_asked, found[0], words), buttons)

    async def undo(self, update: Update, context: Context) -> None:
        """`/undo`: tells the last change that was made here, and asks whether it is to be undone."""
        message = update.effective_message
        if message is None or message.from_user is None:
            return
        words, last = await words_for(self._store, message), await self._changes.last()
        if last is None:
            await self._outbox.reply(message, words, words.nothing_to_undo)
            return
        question = words.undo_add_asked if last.kind == "add" else words.undo_remove_asked
        buttons = _buttons(message.from_user, last.number, (words.button_undo, _UNDO), (words.button_leave, _LEAVE))
        await self._outbox.reply(message, words, undo_html(question, last.title, last.at, words), buttons)

    async def pressed(self, update: Update, context: Context) -> None:
        """A press of one of those buttons by the administrator whom they were shown to.

        In the chat's turn: a press that a crash has come upon is carried out after it, unless it had been. One in a
        message that Telegram no longer shows, which could not tell its end, comes too late.
        """
        query = update.callback_query
        if query is None or query.data is None or query.message is None:
            return
        words = await words_in(self._store, query.message.chat, query.from_user)
        _, verb, number, person = query.data.split(":")
        if query.from_user.id not in self._admins or query.from_user.id != int(person):
            await acknowledge(query, words.not_your_buttons)
            return
        if not isinstance(query.message, Message) or not query.message.is_accessible:
            await acknowledge(query, words.offer_expired)
            return
        change = await self._pending(verb, int(number))
        if change is None or (verb == _APPLY and change.author != query.from_user.id):
            if not await acknowledge(query, words.decided_already):  # a press from before a crash, perhaps
                await self._outbox.edit(query.message, words.decided_already)
            return
        running = self._library.reloading_for
        if running is not None and verb in (_APPLY, _UNDO):
            await acknowledge(query, words.reload_running.format(seconds=round(running)))
            return
        await acknowledge(query)
        if verb in (_DISCARD, _LEAVE):
            await self._leave(query.message, change, words)
        else:
            await self._carry_out(query.message, verb, change, query.from_user.id, words)
        await self._tidy()

    async def _pending(self, verb: str, number: int) -> Change | None:
        """The change that a button speaks of, where it can still be decided on."""
        if verb in (_UNDO, _LEAVE):
            last = await self._changes.last()
            return last if last is not None and last.number == number else None
        change = await self._changes.change(number)
        return None if change is None or change.applied else change

    async def _leave(self, message: Message, change: Change, words: Phrases) -> None:
        await self._outbox.edit(message, words.left_as_it_was)
        await self._changes.discard(change.number)

    async def _carry_out(self, message: Message, verb: str, change: Change, author: int, words: Phrases) -> None:
        """Reads the corpus as it will be, telling how far that is, and serves it; else the buttons stay, unless there
        is nothing left to decide on.
        """
        progress = ProgressMessage(self._outbox, message, words)
        await progress.begin()
        try:
            done, report = await outcome(self._renewal(progress, verb, change, author), words)
        except ProposalGoneError:
            _LOG.info("change %d of the corpus was forgotten before it could be served", change.number)
            await self._end(progress, message, words.offer_expired, None, words)
            return
        if done is not None:
            catalogue = done.catalogue
            _LOG.info(
                "change %d of the corpus: %s; %d documents, %d passages",
                *(change.number, change.kind if verb == _APPLY else f"{change.kind} undone"),
                *(len(catalogue.documents), catalogue.passages),
            )
        await self._end(progress, message, report, message.reply_markup if done is None else None, words)

    async def _end(
        self,
        progress: ProgressMessage,
        message: Message,
        report: str,
        again: InlineKeyboardMarkup | None,
        words: Phrases,
    ) -> None:
        if not await progress.finish(report, again):
            await self._outbox.reply(message, words, report, again)

    def _renewal(self, progress: ProgressMessage, verb: str, change: Change, author: int) -> Awaitable[Reload]:
        async def keep(catalogue: Catalogue) -> None:
            if verb == _UNDO:
                await self._changes.undo(change.number, author, catalogue)
                return
            if change.kind == "add":
                _make_sure_it_is_served(change, catalogue)
            await self._changes.apply(change.number, author, catalogue)

        with_, without = (None, change) if verb == _UNDO else (change, None)
        last_one = len(self._library.catalogue.documents) <= 1  # which may be removed
        return self._library.amend(
            lambda: self._changes.amendments(with_, without), keep, progress.show, force=last_one
        )

    async def _tidy(self) -> None:
        try:
            await self._changes.tidy()
        except (DatabaseError, OSError) as error:
            _LOG.warning("files that are no longer needed could not be removed: %s", error)

    def _shown(self, submission: Submission, words: Phrases) -> str:
        """What a submission would change, in words."""
        own, others = sketch(submission.document), []
        replaced = None
        catalogue = self._library.catalogue
        for document, other in zip(catalogue.documents, catalogue.sketches, strict=True):
            if document.id == submission.document.id:
                replaced = document
            else:
                others.append((likeness(own, other), document))
        nearest = max(others, key=lambda pair: pair[0], default=None)
        alike = nearest[1] if nearest is not None and nearest[0] >= NEARLY_THE_SAME else None
        return submission_html(submission, replaced, alike, words)

    def _fitting(self, name: str) -> list[CorpusDocument]:
        """The document with that id, else those with it in their id or title."""
        documents, part = self._library.catalogue.documents, name.casefold()
        exact = [document for document in documents if document.id == name]
        return exact or [
            document for document in documents if part in f"{document.id}\n{document.title or ''}".casefold()
        ]


def change_pattern() -> str:
    """What the data of one of these buttons looks like."""
    return rf"^{_BUTTON}:({_APPLY}|{_DISCARD}|{_UNDO}|{_LEAVE}):[0-9]{{1,18}}:[0-9]{{1,18}}\Z"


def _buttons(person: User, number: int, *labels: tuple[str, str]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(label, callback_data=f"{_BUTTON}:{verb}:{number}:{person.id}")
                for label, verb in labels
            ]
        ]
    )


def _read(name: str, content: bytes) -> Submission:
    from retrieval.corpus.submissions import read_submission  # only where a file comes: it brings their readers along

    return read_submission(name, content)


async def _fetched(bot: Bot, document: Document) -> bytes:
    """The document's bytes; one that is too large is not asked for.

    Raises UnreadableError.
    """
    check_size(document.file_size or 0)
    try:
        file = await bot.get_file(document.file_id)
        check_size(file.file_size or 0)
        return bytes(await file.download_as_bytearray(read_timeout=_SECONDS_TO_DOWNLOAD))
    except TelegramError as error:
        _LOG.warning("a document could not be fetched from Telegram: %s", type(error).__name__)
        raise UnreadableError("cannot be fetched from Telegram; send it again") from error


def _make_sure_it_is_served(change: Change, catalogue: Catalogue) -> None:
    """Raises EditionFailedError where the document to be added is left out."""
    if change.document not in (document.id for document in catalogue.documents):
        name = change.document + PurePath(change.file or "").suffix
        reasons = [problem.reason for problem in catalogue.problems if problem.file == name]
        raise EditionFailedError(f"{name} {', '.join(reasons)}")
