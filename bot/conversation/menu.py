"""The list of commands that Telegram's clients offer while one types."""

import logging

from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from bot.speech.phrases import Phrases, ReplyLanguage, phrases

_LOG = logging.getLogger(__name__)
# None is the list for everyone whose language has none of its own; Telegram knows no scripts of Chinese.
_CLIENTS: tuple[tuple[str | None, ReplyLanguage], ...] = ((None, "en"), ("vi", "vi"), ("zh", "zh-Hans"), ("en", "en"))


async def offer_commands(bot: Bot) -> None:
    """Tells Telegram the commands in every language, for private chats and groups; a failure is only logged."""
    try:
        for client, language in _CLIENTS:
            commands = _commands(phrases(language))
            for scope in (BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()):
                await bot.set_my_commands(commands, scope, client)
    except TelegramError as error:
        _LOG.warning("the list of commands could not be set: %s", type(error).__name__)


def _commands(words: Phrases) -> list[BotCommand]:
    return [
        BotCommand("ask", words.menu_ask),
        BotCommand("sources", words.menu_sources),
        BotCommand("language", words.menu_language),
        BotCommand("help", words.menu_help),
    ]
