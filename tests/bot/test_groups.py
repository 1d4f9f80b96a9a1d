"""In groups the bot speaks when spoken to, to the right message, in the right topic."""

import time

import pytest

from bot.application import Service
from bot.corpus.library import Library
from retrieval.records import Answer, Question
from tests.bot.choosing import choose_mode
from tests.botapi import BotApiServer, Chat, Json, Person

pytestmark = pytest.mark.usefixtures("bot")
QUESTION = "Becamex IDC"
TITLE = "平阳朝着建设发展、透明、以人民-企业为中心的社会的目标迈进"


def message_from(author: Json, chat: Chat, number: int, text: str) -> Json:
    """A message that the scene's people could not write."""
    kind = "bot_command" if text.startswith("/") else "mention"
    entity = {"type": kind, "offset": 0, "length": len(text.split()[0])}
    fields = {"message_id": 90000 + number, "date": int(time.time()), "text": text, "entities": [entity]}
    return fields | {"chat": chat.json(), "from": author}


@pytest.fixture
def bob(server: BotApiServer) -> Person:
    return server.person(first_name="Bob", language_code="vi")


@pytest.fixture
def group(server: BotApiServer, alice: Person, bob: Person) -> Chat:
    return server.group("Smart cities", members=[alice, bob], admins=[bob])


@pytest.fixture
async def open_group(server: BotApiServer, group: Chat, bob: Person, bot: Service) -> Chat:
    """A group in which the bot sees everything, and answers to its name."""
    server.privacy_mode = False
    await choose_mode(server, group, bob, "mode:mentions")
    return group


async def test_ask_answers_in_reply_to_the_question(server: BotApiServer, group: Chat, alice: Person) -> None:
    asked = await server.say(group, alice, f"/ask {QUESTION}")
    reply = await server.reply(group)
    assert reply.text.startswith(TITLE)
    assert reply.reply_to_message_id == asked.message_id


async def test_ask_in_reply_to_a_message_answers_that_message(
    server: BotApiServer, group: Chat, alice: Person, bob: Person
) -> None:
    wondered = await server.say(group, bob, "Becamex IDC là gì?")
    await server.say(group, alice, "/ask@ASCN_test_bot", reply_to=wondered)
    reply = await server.reply(group)
    assert reply.reply_to_message_id == wondered.message_id
    assert "Becamex IDC" in reply.text


async def test_ask_alone_explains_itself(server: BotApiServer, group: Chat, alice: Person) -> None:
    await server.say(group, alice, "/ask")
    assert (await server.reply(group)).text.startswith("Write your question after the command")


async def test_ask_under_the_bots_own_answer_explains_itself(server: BotApiServer, group: Chat, alice: Person) -> None:
    await server.say(group, alice, f"/ask {QUESTION}")
    answer = await server.reply(group)
    await server.say(group, alice, "/ask", reply_to=answer)
    assert (await server.reply(group)).text.startswith("Write your question after the command")


async def test_ask_of_another_bot_is_left_alone(server: BotApiServer, open_group: Chat, alice: Person) -> None:
    await server.say(open_group, alice, f"/ask@another_bot {QUESTION}")
    await server.quiet(open_group)


async def test_chatter_is_left_alone(server: BotApiServer, open_group: Chat, alice: Person, bob: Person) -> None:
    first = await server.say(open_group, alice, QUESTION)
    await server.say(open_group, bob, f"@somebody {QUESTION}", reply_to=first)
    await server.quiet(open_group)


async def test_an_unknown_command_in_a_group_is_left_alone(
    server: BotApiServer, open_group: Chat, alice: Person
) -> None:
    await server.say(open_group, alice, "/weather")
    await server.quiet(open_group)


async def test_a_mention_in_any_case_is_answered(server: BotApiServer, open_group: Chat, alice: Person) -> None:
    await server.say(open_group, alice, f"🎉 @ASCN_Test_Bot {QUESTION}")
    assert (await server.reply(open_group)).text.startswith(TITLE)


async def test_a_mention_by_name_is_answered(server: BotApiServer, open_group: Chat, alice: Person) -> None:
    entity = {"type": "text_mention", "offset": 0, "length": 3, "user": server.bot.json()}
    await server.say(open_group, alice, f"Bot {QUESTION}", entities=[entity])
    assert (await server.reply(open_group)).text.startswith(TITLE)


async def test_a_bare_mention_under_a_message_answers_that_message(
    server: BotApiServer, open_group: Chat, alice: Person, bob: Person
) -> None:
    wondered = await server.say(open_group, bob, QUESTION)
    await server.say(open_group, alice, "@ascn_test_bot", reply_to=wondered)
    assert (await server.reply(open_group)).reply_to_message_id == wondered.message_id


async def test_a_reply_to_the_bot_is_a_question_even_in_privacy_mode(
    server: BotApiServer, group: Chat, alice: Person
) -> None:
    await server.say(group, alice, f"/ask {QUESTION}")
    answer = await server.reply(group)
    asked = await server.say(group, alice, "Ai chủ trì hội nghị ASCN năm 2021?", reply_to=answer)
    reply = await server.reply(group)
    assert reply.reply_to_message_id == asked.message_id
    assert "Brunei Darussalam" in reply.text


async def test_the_answer_stays_in_its_topic(server: BotApiServer, alice: Person) -> None:
    forum = server.supergroup("Forum", members=[alice], forum=True, topics=["Vietnam"])
    topic = server.topic(forum, "Vietnam")
    await server.say(forum, alice, f"/ask {QUESTION}", thread=topic)
    assert (await server.reply(forum)).thread_id == topic


async def test_the_answer_to_the_general_topic_names_no_topic(server: BotApiServer, alice: Person) -> None:
    forum = server.supergroup("Forum", members=[alice], forum=True, topics=["Vietnam"])
    await server.say(forum, alice, f"/ask {QUESTION}")
    assert (await server.reply(forum)).thread_id is None


async def test_no_topic_is_named_where_a_message_of_the_general_one_tells_it(
    server: BotApiServer, alice: Person
) -> None:
    forum = server.supergroup("Forum", members=[alice], forum=True)
    said = message_from(alice.json(), forum, 1, f"/ask {QUESTION}")
    await server.inject({"message": said | {"message_thread_id": 1, "is_topic_message": True}})
    assert (await server.reply(forum)).thread_id is None
    assert "message_thread_id" not in server.called("sendMessage")[0].parameters


async def test_the_first_message_of_a_topic_is_not_a_message_to_reply_to(server: BotApiServer, alice: Person) -> None:
    server.privacy_mode = False
    forum = server.supergroup("Forum", members=[alice], forum=True)
    topic = server.add_topic(forum, "By the bot", by=server.bot)
    await server.say(forum, alice, QUESTION, thread=topic)
    await server.quiet(forum)


async def test_what_a_channel_forwards_into_its_group_is_left_alone(server: BotApiServer, alice: Person) -> None:
    server.privacy_mode = False
    group = server.supergroup("Readers", members=[alice], admins=[alice])
    await choose_mode(server, group, alice, "mode:questions")
    for text in (f"@ascn_test_bot {QUESTION}", f"/ask {QUESTION}", "/sources", "/reload"):
        await server.post(server.channel("News"), text, linked_group=group)
    await server.quiet(group)


async def test_what_another_bot_says_is_left_alone(server: BotApiServer, open_group: Chat) -> None:
    other = server.person(4711, first_name="Other bot").json() | {"is_bot": True}
    for number, text in enumerate(("/ask Becamex IDC", "/start", "@ascn_test_bot Becamex IDC")):
        await server.inject({"message": message_from(other, open_group, number, text)})
    await server.quiet(open_group)


@pytest.mark.parametrize("account", [1087968824, 136817688])
async def test_who_writes_as_the_group_or_as_a_channel_is_answered(
    server: BotApiServer, open_group: Chat, account: int
) -> None:
    shared = server.person(account, first_name="Group").json() | {"is_bot": True}
    await server.inject({"message": message_from(shared, open_group, 1, "/ask Becamex IDC")})
    assert (await server.reply(open_group)).text.startswith(TITLE)


async def test_only_the_marked_place_of_a_name_is_cut_out(
    server: BotApiServer, open_group: Chat, alice: Person, bot: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    answer = Library.answer

    async def watched(library: Library, question: str, earlier: Question | None = None) -> Answer:
        seen.append(question)
        return await answer(library, question, earlier)

    monkeypatch.setattr(Library, "answer", watched)
    asked = "IDC Becamex IDC"
    entity = {"type": "text_mention", "offset": 0, "length": 3, "user": server.bot.json()}
    await server.say(open_group, alice, asked, entities=[entity])
    assert "Becamex IDC" in (await server.reply(open_group)).text
    assert seen == ["Becamex IDC"]


async def test_a_mention_with_signs_alone_under_a_message_answers_that_message(
    server: BotApiServer, open_group: Chat, alice: Person, bob: Person
) -> None:
    wondered = await server.say(open_group, bob, QUESTION)
    await server.say(open_group, alice, "@ascn_test_bot ???", reply_to=wondered)
    assert (await server.reply(open_group)).reply_to_message_id == wondered.message_id


async def test_ask_in_reply_to_a_quoted_part_answers_that_part(
    server: BotApiServer, group: Chat, alice: Person, bob: Person
) -> None:
    wondered = await server.say(group, bob, "Who painted the Mona Lisa? Becamex IDC là gì?")
    await server.say(group, alice, "/ask", reply_to=wondered, quote="Becamex IDC")
    reply = await server.reply(group)
    assert reply.reply_to_message_id == wondered.message_id
    assert reply.text.startswith(TITLE)


@pytest.mark.parametrize("command", ["/ask", "/ask@ascn_test_bot"])
async def test_a_question_under_a_picture_is_answered(
    server: BotApiServer, open_group: Chat, alice: Person, command: str
) -> None:
    entity = {"type": "bot_command", "offset": 0, "length": len(command)}
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]
    await server.serve(open_group, alice, photo=photo, caption=f"{command} {QUESTION}", caption_entities=[entity])
    assert (await server.reply(open_group)).text.startswith(TITLE)


async def test_a_picture_with_a_question_for_another_bot_is_left_alone(
    server: BotApiServer, open_group: Chat, alice: Person
) -> None:
    entity = {"type": "bot_command", "offset": 0, "length": 16}
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]
    await server.serve(
        open_group, alice, photo=photo, caption=f"/ask@another_bot {QUESTION}", caption_entities=[entity]
    )
    await server.quiet(open_group)


async def test_a_question_deleted_meanwhile_is_answered_all_the_same(
    server: BotApiServer, group: Chat, alice: Person
) -> None:
    asked = await server.say(group, alice, f"/ask {QUESTION}")
    del server.room(group).messages[asked.message_id]
    assert (await server.reply(group)).text.startswith(TITLE)
