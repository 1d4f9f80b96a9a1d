"""What reaches the bot from private chats, groups, topics and channels."""

import pytest
from telegram import Bot, ReplyParameters
from telegram.error import ChatMigrated, Forbidden

from . import BotApiServer, Chat
from .asking import post, refusal


async def test_privacy_mode_shows_commands_replies_and_service_messages_only(server: BotApiServer, bot: Bot) -> None:
    alice = server.person(first_name="Alice")
    group = server.group("Smart cities", members=[alice])
    await bot.send_message(group.id, "hello")
    own = await server.reply(group)
    other = await server.say(group, alice, "plain")
    heard = {
        "plain": other,
        "mention": await server.say(group, alice, "@ascn_test_bot hi"),
        "reply": await server.say(group, alice, "why?", reply_to=own),
        "reply to others": await server.say(group, alice, "why?", reply_to=other),
        "command": await server.say(group, alice, "/ask x"),
        "command for it": await server.say(group, alice, "/ask@ASCN_test_bot x"),
        "command for another": await server.say(group, alice, "/ask@other_bot x"),
        "service": await server.serve(group, alice, new_chat_title="Cities"),
    }
    assert [name for name, message in heard.items() if message.update_id is not None] == [
        "reply",
        "command",
        "command for it",
        "service",
    ]


async def test_an_admin_bot_and_one_without_privacy_hear_everything(server: BotApiServer) -> None:
    alice = server.person(first_name="Alice")
    group = server.group("Smart cities", members=[alice], admins=[server.bot])
    assert (await server.say(group, alice, "plain")).update_id is not None
    async with BotApiServer(privacy_mode=False) as open_server:
        group = open_server.group("Smart cities", members=[alice])
        assert (await open_server.say(group, alice, "plain")).update_id is not None


async def test_topics_keep_their_messages_apart(server: BotApiServer, bot: Bot) -> None:
    alice = server.person(first_name="Alice")
    forum = server.supergroup("Cities", members=[alice], forum=True, topics=["Hanoi"])
    hanoi = server.topic(forum, "Hanoi")
    said = await server.say(forum, alice, "/ask", thread=hanoi)
    assert (said.json["is_topic_message"], said.json["reply_to_message"]["message_id"]) == (True, hanoi)
    await bot.send_message(forum.id, "x", message_thread_id=hanoi)
    await bot.send_message(forum.id, "x", reply_parameters=ReplyParameters(said.message_id))
    await bot.send_message(forum.id, "x")
    assert [sent.thread_id for sent in await server.replies(forum, 3)] == [hanoi, hanoi, None]
    for thread in (1, 99):
        unknown = bot.send_message(forum.id, "x", message_thread_id=thread)
        assert await refusal(unknown) == "Message thread not found"


async def test_a_reply_in_a_plain_supergroup_has_a_thread_that_is_no_topic(server: BotApiServer) -> None:
    alice = server.person(first_name="Alice")
    group = server.supergroup("Cities", members=[alice])
    first = await server.say(group, alice, "/one")
    second = await server.say(group, alice, "/two", reply_to=first)
    assert second.json["message_thread_id"] == first.message_id
    assert "is_topic_message" not in second.json


async def test_updates_of_every_kind_reach_the_bot(server: BotApiServer, bot: Bot, chat: Chat) -> None:
    alice = server.person(chat.id)
    group = server.group("Cities", members=[alice], admins=[server.bot])
    channel = server.channel("News")
    post = await server.post(channel, "post")
    await server.edit_said(post, "post 2")
    await server.post(channel, "post", linked_group=group)
    await server.say(group, alice, "hidden", anonymous=True)
    await server.say(group, alice, "forwarded", forwarded_from=server.person(first_name="Bob"))
    await server.ask_as_guest(server.foreign_group("Elsewhere", [alice]), alice, "@ascn_test_bot hi")
    await server.type_inline(alice, "hanoi")
    updates = await bot.get_updates()
    kinds = [next(iter(set(update.to_dict()) - {"update_id"})) for update in updates]
    assert kinds == [
        "channel_post",
        "edited_channel_post",
        "message",
        "message",
        "message",
        "guest_message",
        "inline_query",
    ]
    assert updates[2].message is not None
    assert updates[2].message.is_automatic_forward
    assert updates[3].message is not None
    assert (updates[3].message.sender_chat, updates[3].message.from_user) != (None, None)


async def test_inline_and_guest_questions_are_answered_with_results(server: BotApiServer) -> None:
    alice = server.person(first_name="Alice")
    elsewhere = server.foreign_group("Elsewhere", [alice])
    guest = await server.ask_as_guest(elsewhere, alice, "@ascn_test_bot hi")
    content = {"message_text": "<b>hi</b>", "parse_mode": "HTML"}
    result = {"type": "article", "id": "1", "title": "hi", "input_message_content": content}
    await post(server, "answerGuestQuery", guest_query_id=guest.json["guest_query_id"], result=result)
    assert (await server.reply(elsewhere)).text == "hi"
    query = await server.type_inline(alice, "hanoi")
    await post(server, "answerInlineQuery", inline_query_id=query, results=[result])
    assert (await server.inline_answer(query))["results"] == [result]


async def test_a_migrated_group_refuses_with_its_new_id(server: BotApiServer, bot: Bot) -> None:
    group = server.group("Cities", members=[server.person()])
    new = await server.migrate(group)
    with pytest.raises(ChatMigrated) as raised:
        await bot.send_message(group.id, "x")
    assert raised.value.new_chat_id == new.id
    await bot.send_message(new.id, "x")
    updates = [update.message for update in await bot.get_updates()]
    assert [message and message.migrate_to_chat_id for message in updates] == [new.id, None]


async def test_a_bot_that_was_removed_is_told_and_shut_out(server: BotApiServer, bot: Bot, chat: Chat) -> None:
    alice = server.person(chat.id)
    group = server.group("Cities", members=[alice])
    for place, reason in ((chat, "was blocked by the user"), (group, "was kicked from the group chat")):
        await server.bot_becomes(place, "kicked", by=alice)
        with pytest.raises(Forbidden, match=f"bot {reason}"):
            await bot.send_message(place.id, "x")
    changes = [update.my_chat_member for update in await bot.get_updates()]
    assert [change and change.new_chat_member.status for change in changes] == ["kicked", "kicked"]


async def test_chats_and_members_can_be_asked_for(server: BotApiServer, bot: Bot) -> None:
    alice, boss = server.person(first_name="Alice"), server.person(first_name="Boss")
    group = server.group("Cities", members=[alice], admins=[boss])
    assert (await bot.get_chat(group.id)).title == "Cities"
    statuses = [(await bot.get_chat_member(group.id, who.id)).status for who in (alice, boss, server.bot)]
    assert statuses == ["member", "administrator", "member"]
    assert [admin.user.id for admin in await bot.get_chat_administrators(group.id)] == [boss.id]
    assert await refusal(bot.get_chat(1)) == "Chat not found"
    await bot.leave_chat(group.id)
    with pytest.raises(Forbidden):
        await bot.send_message(group.id, "x")
