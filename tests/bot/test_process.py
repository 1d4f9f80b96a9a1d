"""The bot as its own process: it stops when told, and its token stands in no log."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bot.environment import environment
from tests.botapi import BotApiServer, Chat, Person


@asynccontextmanager
async def running(
    server: BotApiServer, data_folder: Path, token: str, **more: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-X",
        "dev",
        "-m",
        "bot",
        "run",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=environment(server, data_folder, token, **{"ASCN_BOT_LOG_LEVEL": "DEBUG", **more}),
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def output_after(process: asyncio.subprocess.Process) -> str:
    output, _ = await asyncio.wait_for(process.communicate(), timeout=20)
    return output.decode("utf-8", "replace")


async def test_it_answers_stops_on_sigterm_and_logs_neither_token_nor_question(
    server: BotApiServer, private: Chat, alice: Person, data_folder: Path
) -> None:
    async with running(server, data_folder, server.token) as process:
        server.fail("sendMessage", status=400, description="Bad Request: something new")
        await server.say(private, alice, "canary words nobody may see")
        await server.say(private, alice, "Becamex IDC")
        sorry, answer = await server.replies(private, 2, within=30)
        assert sorry.text == "Sorry, something went wrong. Please ask again."
        assert "Becamex IDC" in answer.text
        process.send_signal(signal.SIGTERM)
        output = await output_after(process)
    assert process.returncode == 0
    assert "an update could not be handled: BadRequest at bot/delivery/sending.py" in output
    assert server.token not in output
    assert server.token.split(":")[1] not in output
    assert "canary" not in output
    assert "Becamex" not in output


async def test_without_network_it_waits_and_still_stops_when_told(server: BotApiServer, data_folder: Path) -> None:
    server.drop("getMe", times=1000)
    async with running(server, data_folder, server.token) as process:
        assert process.stdout is not None
        line = ""
        while "cannot be reached" not in line:
            line = (await asyncio.wait_for(process.stdout.readline(), timeout=20)).decode()
            assert line, "the process ended"
        process.send_signal(signal.SIGTERM)
        output = await output_after(process)
    assert f"reached at TELEGRAM_BASE_URL, {server.origin} (NetworkError); trying again in 1 s" in line
    assert process.returncode == 0
    assert server.token not in line + output


async def test_a_token_telegram_does_not_know_is_one_line_without_the_token(
    server: BotApiServer, data_folder: Path
) -> None:
    wrong = "999999999:AAwrong_wrong_wrong_wrong_wrong_wrong"
    async with running(server, data_folder, wrong) as process:
        output = await output_after(process)
    assert process.returncode == 2
    assert "ascn-bot: TELEGRAM_BOT_TOKEN is not known to Telegram; ask @BotFather for it." in output
    assert wrong not in output
    assert "Traceback" not in output


async def test_a_token_revoked_while_running_ends_the_process_with_one_line(
    server: BotApiServer, private: Chat, alice: Person, data_folder: Path
) -> None:
    async with running(server, data_folder, server.token) as process:
        await server.say(private, alice, "Becamex IDC")
        await server.reply(private, within=30)
        server.fail("getUpdates", times=1000, status=401, description="Unauthorized")
        await server.say(private, alice, "/start")  # lets the poll that waits return
        output = await output_after(process)
    assert process.returncode == 2
    assert output.count("ascn-bot: TELEGRAM_BOT_TOKEN is not known to Telegram; ask @BotFather for it.") == 1
    assert server.token not in output
    assert "Traceback" not in output


async def test_a_second_process_with_the_same_token_is_named_in_one_line(
    server: BotApiServer, private: Chat, alice: Person, data_folder: Path
) -> None:
    server.fail("getUpdates", status=409, description="Conflict: terminated by other getUpdates request")
    async with running(server, data_folder, server.token) as process:
        await server.say(private, alice, "Becamex IDC")
        await server.reply(private, within=30)
        process.send_signal(signal.SIGTERM)
        output = await output_after(process)
    assert output.count("another process uses this token") == 1


async def test_an_address_that_is_no_telegram_is_one_line(server: BotApiServer, data_folder: Path) -> None:
    server.fail("getMe", status=400, description="Bad Request")
    async with running(server, data_folder, server.token) as process:
        output = await output_after(process)
    assert process.returncode == 2
    assert "ascn-bot: TELEGRAM_BASE_URL leads to something that is not a Bot API server." in output
    assert "Traceback" not in output
