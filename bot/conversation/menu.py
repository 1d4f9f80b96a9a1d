"""What Telegram's clients show of the bot: the commands they offer while one types, and what it says it is."""

import hashlib
import logging
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import TelegramError

from bot.speech.introduction import introduction
from bot.speech.phrases import REPLY_LANGUAGES, Phrases, ReplyLanguage, phrases
from bot.storage.database import DatabaseError
from bot.storage.store import Store
from bot.subject import Subject

_LOG = logging.getLogger(__name__)
# None is for everyone whose language has nothing of its own; Telegram knows no scripts of Chinese.
_CLIENTS: dict[str | None, ReplyLanguage] = {
    None: "en",
    "zh": "zh-Hans",
    **{language: language for language in REPLY_LANGUAGES if "-" not in language},
}
IN_GROUPS = ("ask", "sources", "privacy", "forget", "help")
IN_PRIVATE = ("ask", "sources", "language", "privacy", "forget", "help")
GROUP_ADMINISTRATORS = ("ask", "sources", "language", "mode", "privacy", "forget", "help")
OF_ADMINISTRATORS = ("stats", "unanswered", "try", "reload", "remove", "undo")
ADMINISTRATORS = (*IN_PRIVATE, *OF_ADMINISTRATORS)
"""The bot's own, each in the private chat with it."""


class _Menu(NamedTuple):
    """One thing that Telegram is told in one language."""

    client: str | None
    scope: BotCommandScope | None
    """Whose commands; None where it is the description, which is the same for all."""
    commands: tuple[str, ...] = ()
    ephemeral: bool = False
    """Whether only the asker and the bot see `/ask`."""
    subject: Subject | None = None
    """What the description says that the bot is about."""


async def offer(
    bot: Bot, store: Store, admins: frozenset[int], ephemeral: bool = False, subject: Subject | None = None
) -> None:
    """Tells Telegram commands and descriptions in every language, unless it has been told the same before.

    Where `ephemeral` is on, `/ask` in groups is between the asker and the bot. What fails is only logged, and tried
    again at the next start.
    """
    menus = list(_menus(admins, ephemeral, subject))
    digest = _digest(bot, menus)
    try:
        if await store.menus_told() == digest:
            return
        told = [await _told(bot, menu) or isinstance(menu.scope, BotCommandScopeChat) for menu in menus]
        if all(told):
            await store.keep_menus_told(digest)
    except DatabaseError as error:
        _LOG.warning("whether the menus are set could not be kept: %s", error)


def listed(names: Iterable[str], words: Phrases) -> Iterator[str]:
    """Commands with what they do, a line each."""
    return (f"/{name} – {getattr(words, f'menu_{name}')}" for name in names)


def _menus(admins: frozenset[int], ephemeral: bool, subject: Subject | None) -> Iterator[_Menu]:
    for client in _CLIENTS:
        yield _Menu(client, None, subject=subject)
        yield _Menu(client, BotCommandScopeAllPrivateChats(), IN_PRIVATE)
        yield _Menu(client, BotCommandScopeAllGroupChats(), IN_GROUPS, ephemeral)
        yield _Menu(client, BotCommandScopeAllChatAdministrators(), GROUP_ADMINISTRATORS, ephemeral)
        for admin in sorted(admins):
            yield _Menu(client, BotCommandScopeChat(admin), ADMINISTRATORS)


async def _told(bot: Bot, menu: _Menu) -> bool:
    """Whether Telegram could be told."""
    words = phrases(_CLIENTS[menu.client])
    try:
        if menu.scope is None:
            says = introduction(words, menu.subject)
            await bot.set_my_description(says.description, menu.client)
            await bot.set_my_short_description(says.short_description, menu.client)
        else:
            await bot.set_my_commands(_commands(menu, words), menu.scope, menu.client)
    except TelegramError as error:
        # An administrator who has never written to the bot has no chat with it yet.
        _LOG.warning("a menu could not be set: %s", type(error).__name__)
        return False
    return True


def _commands(menu: _Menu, words: Phrases) -> list[BotCommand]:
    return [_command(name, words, ephemeral=menu.ephemeral and name == "ask") for name in menu.commands]


def _command(name: str, words: Phrases, *, ephemeral: bool) -> BotCommand:
    if ephemeral:  # which the framework has no word for yet
        return BotCommand(name, words.menu_ask_ephemeral, api_kwargs={"is_ephemeral": True})
    return BotCommand(name, getattr(words, f"menu_{name}"))


def _digest(bot: Bot, menus: list[_Menu]) -> str:
    """A name for all that would be said: the same, the same digest."""
    said = [(bot.id, menu.client, menu.scope and menu.scope.to_dict(), _shown(menu)) for menu in menus]
    return hashlib.sha256(repr(said).encode("utf-8")).hexdigest()


def _shown(menu: _Menu) -> list[tuple[str, str]]:
    words = phrases(_CLIENTS[menu.client])
    if menu.scope is None:
        says = introduction(words, menu.subject)
        return [(says.description, says.short_description)]
    return [(command.command, command.description) for command in _commands(menu, words)]
