"""sendPhoto takes an uploaded picture with a caption, and refuses what Telegram refuses."""

import struct

import pytest
from telegram import Bot, InputFile

from . import BotApiServer
from .asking import refusal


def png(width: int, height: int) -> bytes:
    """As much of a picture as tells its size."""
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", width, height) + bytes(20)


@pytest.mark.parametrize("attached", [False, True])
async def test_a_picture_stands_in_the_chat_with_its_caption(server: BotApiServer, bot: Bot, attached: bool) -> None:
    chat = server.private_chat(server.person())
    content = png(30, 20)
    sent = await bot.send_photo(chat.id, InputFile(content, attach=attached), caption="<b>Three</b>", parse_mode="HTML")
    seen = await server.reply(chat)
    assert (seen.photo, seen.text, [entity["type"] for entity in seen.entities]) == (content, "Three", ["bold"])
    assert [(size.width, size.height, size.file_size) for size in sent.photo] == [(30, 20, len(content))]
    assert "There is no text in the message to edit" in await refusal(bot.edit_message_text("x", chat.id, sent.id))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"no picture", "Image_process_failed"),
        (png(21, 1), "Photo_invalid_dimensions"),
        (png(9000, 1001), "Photo_invalid_dimensions"),
    ],
)
async def test_what_is_no_picture_to_telegram_is_refused(
    server: BotApiServer, bot: Bot, content: bytes, reason: str
) -> None:
    chat = server.private_chat(server.person())
    assert reason.casefold() in (await refusal(bot.send_photo(chat.id, content))).casefold()


async def test_a_caption_has_1024_characters_after_its_markup_is_read(server: BotApiServer, bot: Bot) -> None:
    chat = server.private_chat(server.person())
    await bot.send_photo(chat.id, png(9, 9), caption=f"<b>{'x' * 1024}</b>", parse_mode="HTML")
    assert "Caption: 1025 characters" in await refusal(bot.send_photo(chat.id, png(9, 9), caption="x" * 1025))
    assert len(server.violations) == 1
    server.violations.clear()


async def test_a_picture_by_its_address_or_number_is_not_known_here(server: BotApiServer, bot: Bot) -> None:
    chat = server.private_chat(server.person())
    await refusal(bot.send_photo(chat.id, "https://example.org/a.png"))
    assert len(server.violations) == 1
    server.violations.clear()
