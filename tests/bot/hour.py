"""An hour of a busy group on loopback: `python -m tests.bot.hour` plays it and prints its transcript.

Twenty people of three languages talk in two topics of a forum, ask, edit, go on asking, press buttons, come and go,
flood; an administrator hands in an article; the bot is stopped in the middle and begun again. Minutes are those of
the script: nothing waits but for the bot. Telegram's stand-in judges every call by the models of Bot API 10.3.
"""

import asyncio
import logging
import sys
import tempfile
from pathlib import Path
from typing import TextIO

from bot.application import serving
from bot.delivery.pace import Pace
from bot.settings import Settings
from tests.botapi import BotApiServer, Chat, SaidMessage, SentMessage

NAMES = {
    "vi": ("Bảo", "Linh", "Minh", "Hương", "Tuấn", "Ngọc", "Phúc"),
    "zh-hans": ("李伟", "王芳", "张敏", "刘洋", "陈静", "杨帆"),
    "en": ("Alice", "Ben", "Chitra", "Dewi", "Emma", "Farid", "Grace"),
}
CITIES, MEETINGS = "Cities", "Meetings"
ARTICLE = (
    "The harbour of Melaka goes digital\n\n3 March 2024\n\n"
    "The smart harbour of Melaka opened on 2 March 2024 after three years of work. Its cranes are steered from one "
    "room, and ships report their arrival by telephone.\n"
)
_WIDTH = 100
FLOOD = 30
"""Questions of one person at once; in a group a third as many are too many."""


class Hour:
    """The group, the bot, and a transcript of what both say."""

    def __init__(self, server: BotApiServer, settings: Settings, out: TextIO) -> None:
        self.server = server
        self.settings = settings
        self.out = out
        self.people = {
            name: server.person(first_name=name, language_code=language)
            for language, names in NAMES.items()
            for name in names
        }
        self.boss = server.person(min(settings.admins), first_name="Hạnh", language_code="vi")
        *members, last_but_one, last = self.people.values()
        self.late = last_but_one.first_name, last.first_name
        self.group = server.supergroup("ASCN friends", members, members[:1], forum=True, topics=[CITIES, MEETINGS])
        self.flooder = "杨帆"
        self.office = server.private_chat(self.boss)
        self._shown: dict[tuple[int, int], str] = {}
        self._names: dict[tuple[int, int], str] = {}

    def at(self, minute: int, what: str) -> None:
        """A new scene of the script."""
        print(f"\n── minute {minute}: {what}", file=self.out)

    async def say(
        self,
        who: str,
        text: str,
        topic: str | None = None,
        reply_to: SaidMessage | SentMessage | None = None,
        quote: str | None = None,
    ) -> SaidMessage:
        """Somebody writes in the group."""
        thread = self.server.topic(self.group, topic) if topic else None
        said = await self.server.say(self.group, self.people[who], text, thread=thread, reply_to=reply_to, quote=quote)
        self._print(f"{who}{f' in {topic}' if topic else ''}", text, said.message_id)
        return said

    async def edit(self, who: str, message: SaidMessage, text: str) -> None:
        """The author changes a message."""
        await self.server.edit_said(message, text)
        self._print(f"{who}, editing", text, message.message_id)

    async def answer(self) -> SentMessage:
        """The bot's next message in the group."""
        sent = await self.server.reply(self.group, within=20)
        await self.show()
        return sent

    async def show_last(self, count: int) -> None:
        """Prints the last messages of the bot in the group alone."""
        for message in [*self.server.room(self.group).sent.values()][:-count]:
            self._shown[self.group.id, message.message_id] = message.text
        await self.show()

    async def show(self) -> None:
        """Prints what the bot has said or changed since."""
        await self.server.settled(within=20)
        for chat in (self.group, self.office):
            for message in self.server.room(chat).sent.values():
                key = chat.id, message.message_id
                if self._shown.get(key) == message.text:
                    continue
                edited = " (edited)" if key in self._shown else ""
                self._shown[key] = message.text
                where = "bot, in private" if chat is self.office else "bot"
                asker = self._names.get((key[0], message.reply_to_message_id or 0))
                to = f" → {asker}" if asker else ""
                self._print(f"{where}{to}{edited}", message.text, message.message_id)

    def _print(self, who: str, text: str, number: int) -> None:
        self._names.setdefault((self.group.id, number), who.split(" in ")[0].split(",")[0])
        lines = [line[:_WIDTH] + ("…" if len(line) > _WIDTH else "") for line in text.split("\n") if line]
        shown = [*lines[:6], f"… {len(lines) - 6} more lines"] if len(lines) > 7 else lines
        print(f"{who}: {shown[0] if shown else ''}", *(f"    {line}" for line in shown[1:]), sep="\n", file=self.out)


async def first_half(hour: Hour) -> None:
    """Until the bot is stopped."""
    server = hour.server
    hour.at(0, "the bot is added")
    server.room(hour.group).statuses[server.bot.id] = "left"
    await server.bot_becomes(hour.group, "member", hour.people["Bảo"])
    await hour.answer()

    hour.at(2, "three languages ask, side by side")
    await hour.say("Linh", "/ask ASCN có bao nhiêu đô thị thành viên?", CITIES)
    vietnamese = await hour.answer()
    await hour.say("李伟", "/ask 平阳共有多少个投资项目", MEETINGS)
    await hour.answer()
    asked = await hour.say("Emma", "/ask When was ASCN founded?")
    english = await hour.answer()

    hour.at(6, "they talk among themselves, and the bot keeps quiet")
    for who, text in (("Ben", "Lunch at twelve?"), ("王芳", "我晚一点到"), ("Minh", "Ok, để mình đặt bàn")):
        await hour.say(who, text, CITIES)
    await server.quiet(hour.group)

    hour.at(9, "one goes on asking, in reply to an answer")
    await hour.say("Linh", "còn Brunei thì sao?", CITIES, reply_to=vietnamese)
    await hour.answer()

    hour.at(12, "a question is edited, and so is its answer")
    await hour.edit("Emma", asked, "/ask Who chaired ASCN in 2021?")
    await server.edited(english, within=20)
    await hour.show()

    hour.at(15, "one asks with another's message")
    wondered = await hour.say("Chitra", "Does anybody know how many projects Binh Duong has?", MEETINGS)
    await hour.say("Dewi", "/ask@ascn_test_bot", MEETINGS, reply_to=wondered)
    await hour.answer()

    hour.at(18, "an administrator has it answer every question in one topic")
    await server.bot_becomes(hour.group, "administrator", hour.people["Bảo"])
    thread = server.topic(hour.group, MEETINGS)
    await server.say(hour.group, hour.people["Bảo"], "/mode", thread=thread)
    menu = await hour.answer()
    button = next(button["text"] for button in menu.buttons if "questions" in button["callback_data"])
    await server.answer(await server.press(menu, button, by=hour.people["Tuấn"]))
    await server.answer(await server.press(menu, button, by=hour.people["Bảo"]))
    await hour.show()
    await hour.say("张敏", "东盟智慧城市网络是哪一年成立的\uff1f", MEETINGS)
    await hour.answer()
    await hour.say("刘洋", "今天晚上谁做饭\uff1f", MEETINGS)
    await server.quiet(hour.group)

    hour.at(22, "a question that the articles hold no answer to")
    await hour.say("Ben", "/ask Who painted the Mona Lisa?")
    await hour.answer()


async def second_half(hour: Hour) -> None:
    """From the bot's next start."""
    server = hour.server
    hour.at(31, "the bot is back, and answers what was asked meanwhile")
    for _ in range(3):
        await hour.answer()

    hour.at(34, "somebody floods the group; the others are answered")
    for number in range(FLOOD):
        await server.say(hour.group, hour.people[hour.flooder], f"/ask Becamex IDC {number}")
    other = await hour.say("Chitra", "/ask Who chaired ASCN in 2021?")
    room = server.room(hour.group)
    last = lambda: [*room.sent.values()][-1].reply_to_message_id == other.message_id  # noqa: E731
    assert await server.changes.until(last, 60)
    print(f"(after {len(room.sent) - room.read - 2} answers:)", file=hour.out)
    room.read = len(room.sent)
    await hour.show_last(2)

    hour.at(40, "two come, one goes")
    for name in (*hour.late,):
        server.room(hour.group).join(hour.people[name], "member")
        await server.serve(hour.group, hour.people[name], new_chat_members=[hour.people[name].json()])
    await server.serve(hour.group, hour.people["Ben"], left_chat_member=hour.people["Ben"].json())
    await hour.say(hour.late[0], "/start@ascn_test_bot")
    await hour.answer()

    hour.at(44, "an administrator hands in an article, and adds it")
    await server.send_file(hour.office, hour.boss, "melaka.txt", ARTICLE.encode())
    offered = await server.reply(hour.office, within=30)
    await hour.show()
    await server.answer(await server.press(offered, offered.buttons[0]["text"], by=hour.boss))
    added = await server.edited(offered, within=60)
    while "Melaka" not in added.text and "1" not in added.text:
        added = await server.edited(added, within=60)
    await hour.show()
    await hour.say("Dewi", "/ask When did the smart harbour of Melaka open?", CITIES)
    answer = await hour.answer()

    hour.at(50, "buttons: more passages, by whoever asked alone")
    button = next((each["text"] for each in answer.buttons if "callback_data" in each), None)
    if button is not None:
        refused = await server.answer(await server.press(answer, button, by=hour.people["Alice"]))
        print(f"(to Alice alone: {refused['text']})", file=hour.out)
        await server.answer(await server.press(answer, button, by=hour.people["Dewi"]))
    await hour.show()

    hour.at(55, "the articles are read anew while people ask")
    await server.say(hour.office, hour.boss, "/reload")
    for who, text in (("Linh", "/ask Becamex IDC là gì?"), ("陈静", "/ask 平阳"), ("Grace", "/ask Who chairs ASCN?")):
        await hour.say(who, text)
    for _ in range(3):
        await hour.answer()
    await server.changes.until(
        lambda: "passages" in _last(server, hour.office) or "đoạn" in _last(server, hour.office), 60
    )
    await hour.show()
    hour.at(60, "the hour is over")


def _last(server: BotApiServer, chat: Chat) -> str:
    return [*server.room(chat).sent.values()][-1].text


async def play(server: BotApiServer, settings: Settings, out: TextIO) -> Hour:
    """Plays the hour; every wait in it ends by itself and says what was missing."""
    pace = Pace(per_second=1000, seconds_in_chat=0.0, per_minute_in_group=1000)
    hour = Hour(server, settings, out)
    async with serving(settings, pace):
        await first_half(hour)
    hour.at(27, "the bot is stopped; three ask all the same")
    for who, text in (
        ("Hương", "/ask Ai chủ trì hội nghị ASCN năm 2021?"),
        ("Emma", "/ask Becamex IDC"),
        ("陈静", "/ask 平阳"),
    ):
        await hour.say(who, text)
    async with serving(settings, pace):
        await second_half(hour)
    return hour


async def main() -> None:
    """Plays it on the seeds and prints the transcript."""
    logging.disable()
    with tempfile.TemporaryDirectory() as data:
        async with BotApiServer(username="ascn_test_bot") as server:
            settings = Settings(
                token=server.token,
                base_url=server.base_url,
                base_file_url=server.base_file_url,
                admins=frozenset({4242}),
                data=Path(data),
            )
            await play(server, settings, sys.stdout)
            print(f"{len(server.calls)} calls, {len(server.violations)} not as Bot API 10.3 has them")  # noqa: T201
            sys.exit(bool(server.violations))


if __name__ == "__main__":
    asyncio.run(main())
