"""Updates by webhook: only Telegram's are taken, each once, and each is on disk before it hears 200."""

import asyncio
import json
import logging
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientOSError, ClientSession, TCPConnector
from telegram import Bot
from telegram.error import InvalidToken

from bot.application import UPDATES, Service, serving
from bot.delivery.receiving import ReceivingError
from bot.settings import Address, Settings, SettingsError, WebhookSettings
from bot.speech.phrases import phrases
from tests.bot.test_process import output_after, running
from tests.botapi import BotApiServer, Chat, Person

URL = "https://bot.example.org/telegram"
SECRET = "s3cret_of-the-webhook_0123456789"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
QUESTION = "Becamex IDC"
SET_ASIDE = "an update could not be read, and was set aside: "


@pytest.fixture
def origin(server: BotApiServer) -> str:
    """Where the bot listens, and where the proxy before it leads."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        server.pusher.proxied_to = f"http://127.0.0.1:{free.getsockname()[1]}"
    return server.pusher.proxied_to


@pytest.fixture
def webhook(origin: str) -> WebhookSettings:
    return WebhookSettings(URL, SECRET, Address("127.0.0.1", int(origin.rpartition(":")[2])))


@pytest.fixture
def settings(settings: Settings, webhook: WebhookSettings) -> Settings:
    return replace(settings, webhook=webhook)


@pytest.fixture
async def bot(bot: Service, server: BotApiServer) -> Service:
    """The bot once Telegram knows where to post."""
    await registered(server)
    return bot


@pytest.fixture
async def telegram(origin: str) -> AsyncIterator[ClientSession]:
    """Whoever posts to the bot's own address."""
    async with ClientSession(origin, connector=TCPConnector(limit=50)) as session:
        yield session


async def locked(other: sqlite3.Connection) -> None:
    """Nobody else can write from now on; the bot, in the same loop, may first have to finish what it writes."""
    while not other.in_transaction:
        with suppress(sqlite3.OperationalError):
            other.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(0.01)


async def registered(server: BotApiServer) -> None:
    async with asyncio.timeout(20):
        while not server.queue.webhook:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def post(telegram: ClientSession, body: object, secret: str | None = SECRET, **headers: str) -> int:
    data = body if isinstance(body, bytes | BytesIO) else json.dumps(body).encode()
    given = headers if secret is None else {HEADER: secret, **headers}
    async with telegram.post("/telegram", data=data, headers=given) as response:
        assert await response.read() == b""
        return response.status


def question(update_id: int, chat: Chat, by: Person, text: str = QUESTION) -> dict[str, Any]:
    message = {"message_id": update_id, "date": int(time.time()), "chat": chat.json(), "from": by.json(), "text": text}
    return {"update_id": update_id, "message": message}


def kept(settings: Settings) -> list[tuple[int, str, str | None]]:
    """What the inbox has of each update: its id, its state, and why it cannot be handled."""
    with closing(sqlite3.connect(settings.data / "bot.sqlite3")) as database:
        return database.execute("SELECT update_id, state, reason FROM inbox ORDER BY number").fetchall()


@pytest.mark.usefixtures("bot")
async def test_a_question_that_is_posted_is_answered(server: BotApiServer, private: Chat, alice: Person) -> None:
    await server.say(private, alice, QUESTION)
    assert QUESTION in (await server.reply(private)).text
    await server.quiet(private)
    assert server.pusher.statuses == [200]
    assert server.called("getUpdates") == []
    assert [call.parameters for call in server.called("setWebhook")] == [
        {
            "url": URL,
            "secret_token": SECRET,
            "allowed_updates": UPDATES,
            "drop_pending_updates": False,
            "max_connections": 40,
        }
    ]


async def test_what_is_asked_while_the_bot_is_away_is_answered_when_it_is_back(
    server: BotApiServer, private: Chat, alice: Person, settings: Settings
) -> None:
    async with serving(settings):
        await registered(server)
    await server.say(private, alice, QUESTION)
    assert server.called("deleteWebhook") == []
    async with serving(settings):
        assert QUESTION in (await server.reply(private)).text
    assert set(server.pusher.statuses) == {0, 200}


async def test_polling_takes_the_webhook_away_and_loses_nothing(
    server: BotApiServer, private: Chat, alice: Person, settings: Settings
) -> None:
    async with serving(settings):
        await registered(server)
    await server.say(private, alice, QUESTION)
    async with serving(replace(settings, webhook=None)):
        assert QUESTION in (await server.reply(private)).text
    assert server.queue.webhook == ""


async def test_a_flood_when_the_webhook_is_set_is_waited_for(
    server: BotApiServer, private: Chat, alice: Person, settings: Settings
) -> None:
    server.fail("setWebhook", parameters={"retry_after": 1})
    async with serving(settings):
        await server.say(private, alice, QUESTION)
        assert QUESTION in (await server.reply(private)).text


async def test_an_address_that_telegram_does_not_take_is_one_sentence(server: BotApiServer, settings: Settings) -> None:
    server.fail("setWebhook", status=400, description="Bad Request: bad webhook: IP address 10.0.0.1 is reserved")
    with pytest.raises(SettingsError) as raised:
        async with serving(settings) as service:
            await service.receiving
    assert str(raised.value) == (
        "Telegram does not take ASCN_BOT_WEBHOOK_URL: Bad webhook: ip address 10.0.0.1 is reserved."
    )


async def test_a_port_that_is_taken_is_one_sentence(settings: Settings, webhook: WebhookSettings) -> None:
    with socket.create_server((webhook.listen.host, webhook.listen.port)), pytest.raises(SettingsError) as raised:
        async with serving(settings) as service:
            await service.receiving
    assert str(raised.value).startswith("ASCN_BOT_WEBHOOK_LISTEN cannot be listened on: Address already in use")
    assert str(webhook.listen.port) in str(raised.value)


async def test_when_another_process_takes_the_webhook_it_says_so_and_ends(
    server: BotApiServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.webhook._SECONDS_BETWEEN_LOOKS", 0.05)
    async with serving(settings) as service:
        await registered(server)
        async with Bot(server.token, base_url=server.base_url) as other:
            await other.delete_webhook()
        with pytest.raises(ReceivingError, match="Another process uses this token and took the webhook"):
            await asyncio.wait_for(service.receiving, timeout=5)


async def test_a_token_revoked_while_updates_are_posted_ends_it(
    server: BotApiServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.webhook._SECONDS_BETWEEN_LOOKS", 0.05)
    async with serving(settings) as service:
        server.fail("getWebhookInfo", status=500)
        server.fail("getWebhookInfo", status=401, description="Unauthorized")
        with pytest.raises(InvalidToken):
            await asyncio.wait_for(service.receiving, timeout=5)


async def test_what_telegram_complains_of_is_logged_once_and_told_the_administrators(
    server: BotApiServer,
    settings: Settings,
    admin: Person,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    office = server.private_chat(admin)
    monkeypatch.setattr("bot.delivery.webhook._SECONDS_BETWEEN_LOOKS", 0.05)
    server.pusher.last_error = {"last_error_date": 1, "last_error_message": "Connection refused"}
    async with serving(settings):
        await asyncio.sleep(0.5)
        server.pusher.last_error = {"last_error_date": 2, "last_error_message": "SSL error"}
        assert (await server.reply(office)).text == f"⚠️ {phrases('en').alarm_webhook}\nSSL error"
    said = [record.getMessage() for record in caplog.records if record.name == "bot.delivery.webhook"]
    assert [line for line in said if "could not" in line] == ["Telegram could not post an update: SSL error"]


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("secret", [None, "", SECRET[:-1], SECRET + "0", SECRET.upper(), "ж" * 32, "é" * 32])
async def test_whoever_does_not_know_the_secret_is_refused(
    telegram: ClientSession, server: BotApiServer, private: Chat, alice: Person, settings: Settings, secret: str | None
) -> None:
    assert await post(telegram, question(1, private, alice), secret) == 403
    await server.quiet(private)
    assert kept(settings) == []


@pytest.mark.usefixtures("bot")
async def test_only_a_post_to_the_one_path_is_taken(telegram: ClientSession) -> None:
    known = {HEADER: SECRET}
    for path in ("/", "/telegram/", "/telegram/x"):
        async with telegram.post(path, data=b"{}", headers=known) as response:
            assert (response.status, await response.read()) == (404, b"")
    for method in ("GET", "HEAD", "PUT", "OPTIONS"):
        async with telegram.request(method, "/telegram", headers=known) as response:
            assert (response.status, await response.read()) == (405, b"")


@pytest.mark.usefixtures("bot")
async def test_ten_thousand_forged_posts_leave_no_trace(
    telegram: ClientSession,
    server: BotApiServer,
    private: Chat,
    alice: Person,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    forged = json.dumps(question(1, private, alice, "canary")).encode()
    numbers = iter(range(10_000))

    async def forge() -> set[int]:
        return {await post(telegram, forged, f"{number:032}") for number in numbers}

    with caplog.at_level(logging.DEBUG, "bot"), caplog.at_level(logging.DEBUG, "uvicorn.error"):
        statuses = await asyncio.gather(*[forge() for _ in range(50)])
    assert set.union(*statuses) == {403}
    assert [record for record in caplog.records if record.name.partition(".")[0] in {"bot", "uvicorn"}] == []
    await server.say(private, alice, QUESTION)
    assert QUESTION in (await server.reply(private)).text
    await server.quiet(private)
    assert len(kept(settings)) == 1


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    ("secret", "length", "status"),
    [
        ("wrong", "Content-Length: 50000000", 403),
        ("wrong", "Transfer-Encoding: chunked", 403),
        (SECRET, "Content-Length: 50000000", 413),
        (SECRET, "Content-Length: 1000001", 413),
    ],
)
async def test_what_is_refused_is_refused_before_its_body_comes(
    webhook: WebhookSettings, secret: str, length: str, status: int
) -> None:
    reader, writer = await asyncio.open_connection(webhook.listen.host, webhook.listen.port)
    writer.write(f"POST /telegram HTTP/1.1\r\nHost: x\r\n{HEADER}: {secret}\r\n{length}\r\n\r\n".encode())
    answer = await asyncio.wait_for(reader.read(), timeout=5)
    writer.close()
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())


@pytest.mark.usefixtures("bot")
async def test_a_body_that_tells_no_length_is_refused_once_it_is_too_long(webhook: WebhookSettings) -> None:
    _, writer = await asyncio.open_connection(webhook.listen.host, webhook.listen.port)
    writer.write(
        f"POST /telegram HTTP/1.1\r\nHost: x\r\n{HEADER}: {SECRET}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    )
    sent = 0
    with suppress(ConnectionError):
        while sent < 50_000_000:
            writer.write(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
            await writer.drain()
            sent += 0x10000
    writer.close()
    assert 1_000_000 <= sent < 15_000_000  # what the kernel buffers on loopback is counted


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"update_id": 7, "message": ', "JSONDecodeError"),
        (b'{"update_id": 7, "message": "\xff\xfe"}', "UnicodeDecodeError"),
        (b'{"update_id": 7, "message": ' + b"[" * 100_000, "RecursionError"),
        (b'{"update_id": 7, "message": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001, "RecursionError"),
        (b"", None),
        (b"hello", None),
        (b"[" * 100_000, None),
        (b"null", None),
        (b"[]", None),
        (b"{}", None),
        (b'{"update_id": "7"}', None),
        (b'{"update_id": true}', None),
        (b'{"update_id": -7}', None),
    ],
    ids=lambda value: repr(value)[:40],
)
async def test_what_cannot_be_read_is_received_set_aside_and_holds_up_nobody(
    telegram: ClientSession,
    server: BotApiServer,
    private: Chat,
    alice: Person,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    body: bytes,
    reason: str | None,
) -> None:
    assert [await post(telegram, body) for _ in range(2)] == [200, 200]
    said = [record.getMessage() for record in caplog.records if record.name.startswith("bot.delivery")]
    assert [line.removeprefix(SET_ASIDE) for line in said] == ([reason] if reason else [])
    assert kept(settings) == ([(7, "set aside", reason)] if reason else [])
    await server.say(private, alice, QUESTION)
    assert QUESTION in (await server.reply(private)).text


@pytest.mark.usefixtures("bot")
async def test_an_update_with_types_swapped_does_not_take_its_neighbours_along(
    telegram: ClientSession, server: BotApiServer, private: Chat, alice: Person
) -> None:
    swapped: list[object] = [None, True, 7, -1, 2**70, "x", [], [[]], {}, {"id": "x"}]
    sound = question(1, private, alice)["message"]
    damaged = [{"message": value} for value in swapped]
    damaged += [{"message": sound | {field: value}} for field in sound for value in swapped if field != "text"]
    damaged += [{"callback_query": value} for value in swapped]
    for number, update in enumerate(damaged, start=1):
        assert await post(telegram, {"update_id": number} | update) == 200
    await server.say(private, alice, "/weather")
    async with asyncio.timeout(10):
        while not (await server.reply(private)).text.startswith("I do not know that command."):
            pass


@pytest.mark.usefixtures("bot")
async def test_a_content_type_with_a_charset_is_as_good(
    telegram: ClientSession, server: BotApiServer, private: Chat, alice: Person
) -> None:
    sent = await post(telegram, question(1, private, alice), **{"Content-Type": "application/json; charset=utf-8"})
    assert sent == 200
    assert QUESTION in (await server.reply(private)).text


@pytest.mark.usefixtures("bot")
async def test_halves_of_letters_in_a_question_are_passed_over(
    telegram: ClientSession, server: BotApiServer, private: Chat, alice: Person
) -> None:
    assert await post(telegram, question(1, private, alice, f"\ud83c {QUESTION} \udc00")) == 200
    assert QUESTION in (await server.reply(private)).text


@pytest.mark.usefixtures("bot")
async def test_an_update_posted_again_and_again_is_answered_once(
    telegram: ClientSession, server: BotApiServer, private: Chat, alice: Person
) -> None:
    update = question(1, private, alice)
    at_once = await asyncio.gather(*[post(telegram, update) for _ in range(10)])
    assert QUESTION in (await server.reply(private)).text
    later = [await post(telegram, update) for _ in range(10)]
    assert set(at_once + later) == {200}
    await server.quiet(private)


@pytest.mark.usefixtures("bot")
async def test_while_the_database_is_locked_telegram_keeps_the_question(
    server: BotApiServer, private: Chat, alice: Person, settings: Settings
) -> None:
    with closing(sqlite3.connect(settings.data / "bot.sqlite3", timeout=0, isolation_level=None)) as other:
        await locked(other)
        await server.say(private, alice, QUESTION)
        assert await server.changes.until(lambda: bool(server.pusher.statuses), 1) is False
        async with asyncio.timeout(10):
            while not server.pusher.statuses:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert server.pusher.statuses == [503]
        other.execute("ROLLBACK")
    assert QUESTION in (await server.reply(private, within=10)).text
    await server.quiet(private)


@pytest.mark.usefixtures("bot")
async def test_those_who_send_slowly_hold_up_nobody_and_are_shut_out(
    server: BotApiServer,
    private: Chat,
    alice: Person,
    webhook: WebhookSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.delivery.webhook.SECONDS_TO_SEND", 1.0)
    monkeypatch.setattr("bot.listening.SECONDS_TO_SEND", 1.0)
    begun = "POST /telegram HTTP/1.1\r\nHost: x\r\n"
    half = f"{begun}{HEADER}: {SECRET}\r\nContent-Length: 100\r\n\r\n{{"
    stalled = [await asyncio.open_connection(webhook.listen.host, webhook.listen.port) for _ in range(60)]
    for (_, writer), words in zip(stalled, ["", begun, half] * 20, strict=True):
        writer.write(words.encode())
    await server.say(private, alice, QUESTION)
    assert QUESTION in (await server.reply(private, within=0.9)).text
    answers = await asyncio.wait_for(asyncio.gather(*[ended(reader) for reader, _ in stalled]), timeout=5)
    for _, writer in stalled:
        writer.close()
    assert [answer[:12] for answer in answers] == [b"", b"", b"HTTP/1.1 408"] * 20


async def ended(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read()
    except ConnectionError:
        return b""


async def test_who_never_ends_sending_does_not_keep_the_bot_from_stopping(
    settings: Settings, server: BotApiServer, webhook: WebhookSettings
) -> None:
    async with serving(settings):
        await registered(server)
        _, writer = await asyncio.open_connection(webhook.listen.host, webhook.listen.port)
        writer.write(f"POST /telegram HTTP/1.1\r\nHost: x\r\n{HEADER}: {SECRET}\r\nContent-Length: 9\r\n\r\n".encode())
        await asyncio.sleep(0.1)
        began = time.monotonic()
    writer.close()
    assert time.monotonic() - began < 5


async def test_killed_after_it_took_a_question_it_answers_when_it_is_back(
    server: BotApiServer, private: Chat, alice: Person, data_folder: Path, origin: str
) -> None:
    server.hang("sendMessage", 60)
    async with running(server, data_folder, server.token, **environment(origin)) as process:
        await server.say(private, alice, QUESTION)
        await server.settled(within=60)
        process.kill()
    async with running(server, data_folder, server.token, **environment(origin)) as process:
        assert QUESTION in (await server.reply(private, within=60)).text
        await server.quiet(private)


async def test_neither_token_nor_secret_stands_in_the_log(
    server: BotApiServer, private: Chat, alice: Person, data_folder: Path, origin: str, telegram: ClientSession
) -> None:
    async with running(server, data_folder, server.token, **environment(origin)) as process:
        server.fail("setWebhook", parameters={"retry_after": 1})
        await server.say(private, alice, QUESTION)
        await server.reply(private, within=60)
        assert await post(telegram, b"canary", "canary" * 6) == 403
        assert await post(telegram, b'{"canary"') == 200
        with suppress(ClientOSError):  # it may be cut off before it has read the refusal
            assert await post(telegram, BytesIO(b"canary" * 200_000)) == 413
        process.send_signal(signal.SIGTERM)
        output = await output_after(process)
    assert process.returncode == 0
    assert f"listening on {origin.removeprefix('http://')}" in output
    for secret in (SECRET, server.token, server.token.split(":")[1], "canary", QUESTION, "Traceback"):
        assert secret not in output


def environment(origin: str) -> dict[str, str]:
    return {
        "ASCN_BOT_WEBHOOK_URL": URL,
        "ASCN_BOT_WEBHOOK_SECRET": SECRET,
        "ASCN_BOT_WEBHOOK_LISTEN": origin.removeprefix("http://"),
    }


def test_polling_brings_no_web_server_along() -> None:
    code = "import sys, bot.application; print({'uvicorn', 'starlette', 'bot.delivery.webhook'} & sys.modules.keys())"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "set()\n"  # noqa: S603
