"""The bot as its own process: it stops when told, and its token stands in no log."""

import asyncio
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

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


def states(data_folder: Path) -> set[str]:
    """Those that the updates in the inbox are in."""
    with closing(sqlite3.connect(data_folder / "bot.sqlite3")) as database:
        return {state for (state,) in database.execute("SELECT state FROM inbox")}


async def reached(data_folder: Path, wanted: set[str]) -> None:
    """Returns once they are these."""
    async with asyncio.timeout(10):
        while states(data_folder) != wanted:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_it_answers_ends_in_time_on_sigterm_with_what_it_is_sending_and_logs_neither_token_nor_question(
    server: BotApiServer, private: Chat, alice: Person, data_folder: Path
) -> None:
    async with running(server, data_folder, server.token) as process:
        server.fail("sendMessage", status=400, description="Bad Request: something new")
        await server.say(private, alice, "canary words nobody may see")
        await server.say(private, alice, "Becamex IDC")
        sorry, answer = await server.replies(private, 2, within=30)
        assert sorry.text == "Sorry, something went wrong. Please ask again."
        assert "Becamex IDC" in answer.text
        kept = b"".join(file.read_bytes() for file in data_folder.rglob("*") if file.is_file())
        command = Path(f"/proc/{process.pid}/cmdline").read_bytes()
        await reached(data_folder, {"done"})
        server.hang("sendMessage", seconds=1)
        await server.say(private, alice, "Becamex IDC")
        await reached(data_folder, {"done", "sending"})
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        output = await output_after(process)
        assert time.monotonic() - began < 5
    assert process.returncode == 0
    assert (await server.reply(private)).text == answer.text
    assert states(data_folder) == {"done"}
    assert server.token.encode() not in kept + command
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


@pytest.mark.parametrize("status", [401, 404])
async def test_a_token_telegram_does_not_know_is_one_line_without_the_token(
    server: BotApiServer, data_folder: Path, status: int
) -> None:
    wrong = "999999999:AAwrong_wrong_wrong_wrong_wrong_wrong"
    if status == 404:
        wrong = server.token
        server.fail("getMe", status=404, description="Not Found")
    async with running(server, data_folder, wrong) as process:
        output = await output_after(process)
    assert process.returncode == 2
    assert "ascn-bot: TELEGRAM_BOT_TOKEN is not known to Telegram; ask @BotFather for it." in output
    assert wrong not in output
    assert "Traceback" not in output
    assert "Unclosed" not in output


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


async def test_a_second_process_with_the_same_token_or_data_folder_is_named_in_one_line(
    server: BotApiServer, private: Chat, alice: Person, data_folder: Path
) -> None:
    server.fail("getUpdates", status=409, description="Conflict: terminated by other getUpdates request")
    async with running(server, data_folder, server.token) as process:
        await server.say(private, alice, "Becamex IDC")
        await server.reply(private, within=30)
        async with running(server, data_folder, server.token, ASCN_BOT_LOG_LEVEL="INFO") as second:
            refused = await output_after(second)
        await server.say(private, alice, "Becamex IDC")
        await server.reply(private)
        process.send_signal(signal.SIGTERM)
        output = await output_after(process)
    assert (process.returncode, second.returncode) == (0, 2)
    assert output.count("another process uses this token") == 1
    assert refused == (
        f"ascn-bot: Another process uses the data folder {data_folder}; "
        "stop it, or name another one in ASCN_BOT_DATA.\n"
    )


async def test_who_finds_the_token_in_use_from_the_start_on_leaves_with_one_line(
    server: BotApiServer, tmp_path: Path
) -> None:
    server.fail("getUpdates", times=50, status=409, description="Conflict: terminated by other getUpdates request")
    empty = {"ASCN_BOT_CORPUS": str(tmp_path), "ASCN_BOT_LOG_LEVEL": "INFO"}
    async with running(server, tmp_path / "data", server.token, **empty) as process:
        output = await output_after(process)
    assert process.returncode == 3
    assert output.splitlines()[-1] == (
        "ascn-bot: Another process uses this token; stop it first, or use another token."
    )
    assert output.count("another process uses this token") == 1
    assert "Traceback" not in output


async def test_a_data_folder_that_cannot_be_written_to_is_one_line(server: BotApiServer) -> None:
    async with running(server, Path("/proc"), server.token, ASCN_BOT_LOG_LEVEL="INFO") as process:
        output = await output_after(process)
    assert process.returncode == 2
    assert output == "ascn-bot: The data folder /proc cannot be written to: No such file or directory.\n"


async def test_an_address_that_is_no_telegram_is_one_line(server: BotApiServer, data_folder: Path) -> None:
    server.fail("getMe", status=400, description="Bad Request")
    async with running(server, data_folder, server.token) as process:
        output = await output_after(process)
    assert process.returncode == 2
    assert "ascn-bot: TELEGRAM_BASE_URL leads to something that is not a Bot API server." in output
    assert "Traceback" not in output
