"""One afternoon: a private chat, a group, a topic, a stranger and an administrator, one after another."""

from pathlib import Path

import pytest

from tests.bot.reloading import reload
from tests.botapi import BotApiServer, Person

pytestmark = pytest.mark.usefixtures("bot")
NEWS = (
    "Kuching khai trương trung tâm điều hành\n\n" + "Kuching đã khai trương trung tâm điều hành đô thị đầu tiên. " * 3
)


async def test_a_whole_conversation(server: BotApiServer, alice: Person, admin: Person, corpus: Path) -> None:
    said: list[tuple[str, str]] = []
    bob = server.person(first_name="Bob", language_code="vi")
    private, office = server.private_chat(alice), server.private_chat(admin)
    group = server.group("Đô thị", members=[alice, bob])
    forum = server.supergroup("Forum", members=[bob], forum=True, topics=["平阳"])
    topic = server.topic(forum, "平阳")

    await server.say(private, alice, "/start")
    said.append(("private", (await server.reply(private)).text.split(".")[0]))
    await server.say(private, alice, "ASCN có bao nhiêu đô thị thành viên?")
    said.append(("private", (await server.reply(private)).text.split("\n")[2][:70]))
    await server.say(private, alice, "/reload")
    said.append(("a stranger", (await server.reply(private)).text))

    wondered = await server.say(group, bob, "2020年年会由谁主持?")
    await server.say(group, alice, "/ask", reply_to=wondered)
    said.append(("group", (await server.reply(group)).text.split("\n")[1]))

    await server.say(forum, bob, "/ask 平阳共有多少个投资项目?", thread=topic)
    answer = await server.reply(forum)
    said.append(("topic", f"{answer.thread_id == topic} {answer.text.split(chr(10))[1]}"))

    (corpus / "kuching.txt").write_text(NEWS, "utf-8")
    report = await reload(server, office, admin)
    said.append(("an administrator", report.split("\n")[-1]))
    await server.say(private, alice, "Kuching khai trương gì?")
    said.append(("private", (await server.reply(private)).text.split("\n")[0]))

    assert said == [
        (
            "private",
            "Hello! I answer questions about the ASEAN Smart Cities Network (ASCN) with quotes from articles, "
            "each with its source and date",
        ),
        ("private", "ASCN chính thức được thành lập từ tháng 4/2018 tại Hội nghị Cấp cao Hi"),
        ("a stranger", "Only the bot's administrators can use this command."),
        ("group", "越通社 · 2020年7月17日（根据文章内容推断）"),
        ("topic", "True 作者：芳黎 · 2022年6月20日"),
        ("an administrator", "• Kuching khai trương trung tâm điều hành"),
        ("private", "Kuching khai trương trung tâm điều hành"),
    ]
