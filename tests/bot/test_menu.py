"""Telegram is told what to offer people, in their language and by what they may do."""

from typing import Any

import pytest
from telegram import Bot, BotCommandScopeChat
from telegram.error import BadRequest

from bot.conversation.menu import ADMINISTRATORS, GROUP_ADMINISTRATORS, IN_GROUPS, IN_PRIVATE, offer
from bot.speech.phrases import REPLY_LANGUAGES, phrases
from bot.storage.database import Database
from bot.storage.store import Store
from tests.botapi import BotApiServer, Json
from tests.conftest import ADMIN_ID

CLIENTS = [None, "en", "id", "ms", "th", "tl", "vi", "zh"]
MENUS = len(CLIENTS) * 4


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database)


def told(server: BotApiServer, method: str) -> list[Json]:
    return [call.parameters for call in server.called(method) if call.ok]


async def test_each_language_and_each_kind_of_chat_has_its_commands(
    server: BotApiServer, me: Bot, store: Store
) -> None:
    await offer(me, store, frozenset({ADMIN_ID}))
    menus = {
        (menu["scope"]["type"], menu.get("language_code")): [command["command"] for command in menu["commands"]]
        for menu in told(server, "setMyCommands")
    }
    assert menus == {
        (scope, client): list(commands)
        for client in CLIENTS
        for scope, commands in {
            "all_private_chats": IN_PRIVATE,
            "all_group_chats": IN_GROUPS,
            "all_chat_administrators": GROUP_ADMINISTRATORS,
            "chat": ADMINISTRATORS,
        }.items()
    }
    assert {menu["scope"]["chat_id"] for menu in told(server, "setMyCommands") if menu["scope"]["type"] == "chat"} == {
        ADMIN_ID
    }


async def test_in_groups_ask_is_between_the_asker_and_the_bot_where_that_is_switched_on(
    server: BotApiServer, me: Bot, store: Store
) -> None:
    await offer(me, store, frozenset(), ephemeral=False)
    assert "is_ephemeral" not in str(told(server, "setMyCommands"))
    await offer(me, store, frozenset(), ephemeral=True)
    menus = told(server, "setMyCommands")[-3 * len(CLIENTS) :]
    hidden = [
        (menu["scope"]["type"], command["command"])
        for menu in menus
        for command in menu["commands"]
        if command.get("is_ephemeral")
    ]
    assert sorted(set(hidden)) == [("all_chat_administrators", "ask"), ("all_group_chats", "ask")]
    assert len(hidden) == 2 * len(CLIENTS)


@pytest.mark.parametrize("method", ["setMyDescription", "setMyShortDescription"])
async def test_each_language_has_its_description(server: BotApiServer, me: Bot, store: Store, method: str) -> None:
    await offer(me, store, frozenset())
    assert sorted(str(call.get("language_code")) for call in told(server, method)) == sorted(map(str, CLIENTS))


async def test_what_telegram_knows_it_is_not_told_again(server: BotApiServer, me: Bot, store: Store) -> None:
    await offer(me, store, frozenset())
    before = len(server.calls)
    await offer(me, store, frozenset())
    assert len(server.calls) == before
    await offer(me, store, frozenset({ADMIN_ID}))
    assert len(server.calls) > before


async def test_a_menu_that_fails_stops_no_other_and_is_told_at_the_next_start(
    server: BotApiServer, me: Bot, store: Store
) -> None:
    server.fail("setMyCommands", status=500, times=2)
    await offer(me, store, frozenset())
    assert len(told(server, "setMyCommands")) == len(CLIENTS) * 3 - 2
    await offer(me, store, frozenset())
    assert len(told(server, "setMyCommands")) == len(CLIENTS) * 6 - 2


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
def test_help_names_every_command_of_the_menus(language: str) -> None:
    help_text = phrases(language).help  # type: ignore[arg-type]
    assert [name for name in (*IN_PRIVATE, *GROUP_ADMINISTRATORS) if f"/{name}" not in help_text] == []


async def test_an_administrator_without_a_chat_has_the_menus_told_no_oftener(
    server: BotApiServer, me: Bot, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell = Bot.set_my_commands

    async def refused_by_strangers(bot: Bot, commands: Any, scope: Any = None, language_code: Any = None) -> bool:
        if isinstance(scope, BotCommandScopeChat):
            raise BadRequest("chat not found")
        return await tell(bot, commands, scope, language_code)

    monkeypatch.setattr(Bot, "set_my_commands", refused_by_strangers)
    for _ in range(2):
        await offer(me, store, frozenset({ADMIN_ID}))
    assert len(told(server, "setMyCommands")) == len(CLIENTS) * 3
