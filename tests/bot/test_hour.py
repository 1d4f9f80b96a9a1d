"""A busy group's hour, played whole: whoever asks is answered, and Telegram refuses nothing."""

import io
import re

from bot.settings import Settings
from tests.bot.hour import FLOOD, play
from tests.botapi import BotApiServer


async def test_an_hour_of_a_busy_group_is_answered_whole(server: BotApiServer, settings: Settings) -> None:
    transcript = io.StringIO()
    hour = await play(server, settings, transcript)
    room = server.room(hour.group)
    asked = {number: message for number, message in room.messages.items() if message.get("text", "")[:5] == "/ask "}
    answered = {message.reply_to_message_id for message in room.sent.values()}
    passed_over = [message["from"]["first_name"] for number, message in asked.items() if number not in answered]
    assert set(passed_over) == {hour.flooder}
    assert len(passed_over) < FLOOD / 2
    assert len(re.findall("^── minute", transcript.getvalue(), re.MULTILINE)) == 16
    assert [call.description for call in server.calls if not call.ok] == []
