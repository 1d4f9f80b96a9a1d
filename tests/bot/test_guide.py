"""Greeting, help, sources, and the choice of language."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.application import serving
from bot.conversation.menu import OF_ADMINISTRATORS
from bot.settings import Settings
from bot.speech.phrases import phrases
from tests.botapi import BotApiServer, Chat, Person, Press


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    ("client", "greeting"),
    [
        ("vi", "Chào bạn!"),
        ("zh-hans", "您好！我用"),
        ("zh-hant", "您好！我以"),
        ("en", "Hello!"),
        ("th", "สวัสดี!"),
        ("de", "Hello!"),
    ],
)
async def test_start_greets_in_the_language_of_the_persons_telegram(
    server: BotApiServer, client: str, greeting: str
) -> None:
    person = server.person(first_name="Kim", language_code=client)
    chat = server.private_chat(person)
    await server.say(chat, person, "/start")
    assert (await server.reply(chat)).text.startswith(greeting)


@pytest.mark.usefixtures("bot")
async def test_start_in_a_group_says_how_to_ask_there(server: BotApiServer, alice: Person) -> None:
    group = server.group("Cities", members=[alice], admins=[])
    await server.say(group, alice, "/start")
    assert (await server.reply(group)).text.startswith("Hello everyone! To ask")


@pytest.mark.usefixtures("bot")
async def test_help_names_every_command(server: BotApiServer, private: Chat, alice: Person) -> None:
    await server.say(private, alice, "/help")
    text = (await server.reply(private)).text
    assert [
        command for command in ("/ask", "/sources", "/language", "/privacy", "/forget", "/help") if command not in text
    ] == []


@pytest.mark.usefixtures("bot")
async def test_help_names_what_else_the_bot_does_and_to_administrators_their_commands(
    server: BotApiServer, private: Chat, alice: Person, admin: Person
) -> None:
    office = server.private_chat(admin)
    for person, chat in ((alice, private), (admin, office)):
        await server.say(chat, person, "/help")
    everyones, administrators = (await server.reply(private)).text, (await server.reply(office)).text
    assert everyones.count("@ascn_test_bot") == 2
    assert administrators.startswith(everyones)
    assert [name for name in OF_ADMINISTRATORS if f"/{name} – " not in administrators or f"/{name}" in everyones] == []


@pytest.mark.usefixtures("bot")
async def test_sources_lists_the_documents_newest_first(server: BotApiServer, private: Chat, alice: Person) -> None:
    await server.say(private, alice, "/sources")
    lines = (await server.reply(private)).text.split("\n")
    assert lines[0] == "The articles (5):"
    assert lines[2::2] == [
        "Vietnamese · Vietnam+ · 4 December 2022",
        "Chinese · by 芳黎 · 20 June 2022",
        "Vietnamese · TTXVN/Vietnam+ · 30 August 2021",
        "Chinese · 越通社 · 17 July 2020 (inferred from the text)",
        "Vietnamese · publisher not stated · 28 April 2018",
    ]


@pytest.mark.parametrize("files", [[], ["a.txt", "b.md"]], ids=["no file", "empty files"])
async def test_a_bot_without_any_article_starts_and_says_that_there_are_none(
    server: BotApiServer, private: Chat, alice: Person, settings: Settings, tmp_path: Path, files: list[str]
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for name in files:
        (empty / name).touch()
    async with serving(replace(settings, corpus=empty)):
        for said in ("Becamex IDC", "/sources"):
            await server.say(private, alice, said)
            assert (await server.reply(private)).text == "There are no articles yet."


@pytest.mark.usefixtures("bot")
async def test_the_chosen_language_is_used_whatever_the_question(
    server: BotApiServer, private: Chat, alice: Person
) -> None:
    await server.say(private, alice, "/language")
    menu = await server.reply(private)
    press = await server.press(menu, "简体中文", by=alice)
    await server.answer(press)
    assert (await server.edited(menu)).text == "好的，今后我用简体中文回复。引文保持原文。"
    await server.say(private, alice, "Who painted the Mona Lisa?")
    assert (await server.reply(private)).text.startswith("文章库中没有这个问题的答案。")


@pytest.mark.usefixtures("bot")
async def test_following_the_question_can_be_chosen_again(server: BotApiServer, private: Chat, alice: Person) -> None:
    for button in ("language:vi", "language:question"):
        await server.say(private, alice, "/language")
        menu = await server.reply(private)
        await server.answer(await server.press(menu, button, by=alice))
        await server.edited(menu)
    await server.say(private, alice, "明天会下雨吗?")
    assert (await server.reply(private)).text.startswith("文章库中没有这个问题的答案。")


@pytest.mark.usefixtures("bot")
async def test_an_expired_press_is_obeyed_all_the_same(server: BotApiServer, private: Chat, alice: Person) -> None:
    await server.say(private, alice, "/language")
    menu = await server.reply(private)
    await server.press(menu, "Tiếng Việt", by=alice, expired=True)
    assert (await server.edited(menu)).text.startswith("Từ giờ tôi trả lời bằng tiếng Việt.")


@pytest.mark.usefixtures("bot")
async def test_in_a_group_only_its_administrators_choose(server: BotApiServer, alice: Person) -> None:
    bob = server.person(first_name="Bob", language_code="en")
    group = server.group("Cities", members=[alice, bob], admins=[bob])
    await server.say(group, alice, "/language")
    assert (await server.reply(group)).text == "In a group only its administrators can change the language."
    await server.say(group, bob, "/language")
    menu = await server.reply(group)
    refused = await server.answer(await server.press(menu, "Tiếng Việt", by=alice))
    assert refused["text"] == "In a group only its administrators can change the language."
    await server.answer(await server.press(menu, "Tiếng Việt", by=bob))
    assert (await server.edited(menu)).text.startswith("Từ giờ tôi trả lời bằng tiếng Việt.")


@pytest.mark.usefixtures("bot")
async def test_an_anonymous_administrator_of_a_group_chooses(server: BotApiServer, alice: Person) -> None:
    group = server.supergroup("Cities", members=[alice], admins=[alice])
    await server.say(group, alice, "/language", anonymous=True)
    menu = await server.reply(group)
    await server.answer(await server.press(menu, "Tiếng Việt", by=alice))
    assert (await server.edited(menu)).text.startswith("Từ giờ tôi trả lời bằng tiếng Việt.")


@pytest.mark.usefixtures("bot")
async def test_the_spinner_ends_even_where_the_right_cannot_be_looked_up(server: BotApiServer, alice: Person) -> None:
    group = server.group("Cities", members=[alice], admins=[alice])
    await server.say(group, alice, "/language")
    menu = await server.reply(group)
    server.fail("getChatMember", status=500, description="Internal Server Error")
    answer = await server.answer(await server.press(menu, "Tiếng Việt", by=alice))
    assert answer["text"] == "Sorry, something went wrong. Please ask again."


@pytest.mark.usefixtures("bot")
async def test_a_choice_in_a_message_too_old_to_change_is_confirmed_at_the_button(
    server: BotApiServer, private: Chat, alice: Person
) -> None:
    await server.say(private, alice, "/language")
    menu = await server.reply(private)
    del server.room(private).messages[menu.message_id]
    answer = await server.answer(await server.press(menu, "Tiếng Việt", by=alice))
    assert answer["text"].startswith("Từ giờ tôi trả lời bằng tiếng Việt.")
    assert server.called("editMessageText") == []


@pytest.mark.usefixtures("bot")
async def test_the_same_choice_twice_is_no_failure(server: BotApiServer, private: Chat, alice: Person) -> None:
    await server.say(private, alice, "/language")
    menu = await server.reply(private)
    first, second = [await server.press(menu, "English", by=alice) for _ in range(2)]
    await server.answer(first)
    await server.answer(second)
    await server.quiet(private)


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("data", ["language:klingon", "something:else"])
async def test_a_press_of_a_button_that_is_no_longer_ours_ends_its_spinner(
    server: BotApiServer, private: Chat, alice: Person, data: str
) -> None:
    await server.say(private, alice, "/language")
    menu = await server.reply(private)
    server.methods.waiting.add("old")
    press = {"id": "old", "from": alice.json(), "message": menu.json, "data": data, "chat_instance": "1"}
    await server.inject({"callback_query": press})
    answer = await server.answer(Press("old", data, alice, menu, None))
    assert "text" not in answer


async def test_the_choice_outlives_a_restart(
    server: BotApiServer, private: Chat, alice: Person, settings: Settings
) -> None:
    async with serving(settings):
        await server.say(private, alice, "/language")
        menu = await server.reply(private)
        await server.answer(await server.press(menu, "繁體中文", by=alice))
        await server.edited(menu)
    async with serving(settings):
        await server.say(private, alice, "/help")
        assert (await server.reply(private)).text.startswith(phrases("zh-Hant").help)


@pytest.mark.usefixtures("bot")
async def test_a_button_that_is_not_ours_changes_nothing(server: BotApiServer, private: Chat, alice: Person) -> None:
    await server.say(private, alice, "/language")
    menu = await server.reply(private)
    message = {**menu.json}
    await server.inject(
        {
            "callback_query": {
                "id": "1",
                "from": alice.json(),
                "message": message,
                "data": "language:../../etc",
                "chat_instance": "1",
            }
        }
    )
    await server.quiet(private)
