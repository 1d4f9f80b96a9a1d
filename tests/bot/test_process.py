"""The bot as its own process: it stops when told, and its token stands in no log."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.botapi import BotApiServer, Chat, Person


@asynccontextmanager
async def running(server: BotApiServer, data: Path, token: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-X",
        "dev",
        "-m",
        "bot",
        "run",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=os.environ
        | {
            "TELEGRAM_BOT_TOKEN": token,
            "TELEGRAM_BASE_URL": server.base_url,
            "TELEGRAM_BASE_FILE_URL": server.base_file_url,
            "ASCN_BOT_DATA": str(data),
            "ASCN_BOT_LOG_LEVEL": "DEBUG",
        },
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
    server: BotApiServer, private: Chat, alice: Person, tmp_path: Path
) -> None:
    async with running(server, tmp_path, server.token) as process:
        server.fail("sendMessage", status=500, description="Internal Server Error")
        await server.say(private, alice, "canary words nobody may see")
        await server.say(private, alice, "Becamex IDC")
        assert "Becamex IDC" in (await server.replies(private, within=30))[0].text
        process.send_signal(signal.SIGTERM)
        output = await output_after(process)
    assert process.returncode == 0
    assert "an update could not be handled: NetworkError at bot/sending.py" in output
    assert server.token not in output
    assert server.token.split(":")[1] not in output
    assert "canary" not in output
    assert "Becamex" not in output


async def test_without_network_it_waits_and_still_stops_when_told(server: BotApiServer, tmp_path: Path) -> None:
    server.drop("getMe", times=1000)
    async with running(server, tmp_path, server.token) as process:
        assert process.stdout is not None
        line = ""
        while "cannot be reached" not in line:
            line = (await asyncio.wait_for(process.stdout.readline(), timeout=20)).decode()
            assert line, "the process ended"
        process.send_signal(signal.SIGTERM)
        output = await output_after(process)
    assert "Telegram cannot be reached (NetworkError); trying again in 1 s" in line
    assert process.returncode == 0
    assert server.token not in line + output


async def test_a_token_telegram_does_not_know_is_one_line_without_the_token(
    server: BotApiServer, tmp_path: Path
) -> None:
    wrong = "999999999:AAwrong_wrong_wrong_wrong_wrong_wrong"
    async with running(server, tmp_path, wrong) as process:
        output = await output_after(process)
    assert process.returncode == 2
    assert "ascn-bot: TELEGRAM_BOT_TOKEN is not known to Telegram; ask @BotFather for it." in output
    assert wrong not in output
    assert "Traceback" not in output
