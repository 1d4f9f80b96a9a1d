"""`ascn-bot health` says what the bot at ASCN_BOT_WEB says of itself."""

import asyncio
import json
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from bot.console import probe
from bot.console.probe import NotReadyError
from bot.settings import Address, Settings
from tests.bot.commands import Commands

READY = {"ready": True, "polling": "ok", "corpus": "ok", "database": "ok", "waiting": 0}


class Page(ThreadingHTTPServer):
    """Answers /readyz on loopback as a test wants it."""

    status, body = 200, json.dumps(READY).encode()

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def web(self) -> str:
        """The setting."""
        return f"127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Page

    def do_GET(self) -> None:
        forwarded = {"X-Forwarded-For", "Forwarded"} & set(self.headers)
        self.send_response(404 if self.path != "/readyz" or forwarded else self.server.status)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing."""


@pytest.fixture
def page() -> Iterator[Page]:
    with Page() as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_bot_that_is_ready_exits_with_0(command: Commands, page: Page) -> None:
    done = command("health", ASCN_BOT_WEB=page.web)
    assert (done.returncode, done.stdout, done.stderr) == (0, "ready\n", "")


async def test_so_does_the_real_one(origin: str, command: Commands) -> None:
    done = await asyncio.to_thread(command, "health", ASCN_BOT_WEB=origin.removeprefix("http://"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "ready\n", "")


async def test_one_that_telegram_does_not_speak_to_is_told_in_one_line(
    origin: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.health._SECONDS_OF_SILENCE", 0.0)
    assert settings.web is not None
    with pytest.raises(NotReadyError, match=r"^Not ready: polling: Telegram has been silent for \d+ s\.$"):
        await asyncio.to_thread(probe.probe, settings.web)


def test_what_is_not_ready_is_told_in_one_line(command: Commands, page: Page) -> None:
    found = READY | {
        "ready": False,
        "polling": "no answer from\nTelegram for 95 s.",
        "corpus": "not read yet",
        "waiting": 7,
    }
    page.status, page.body = 503, json.dumps(found).encode()
    done = command("health", ASCN_BOT_WEB=page.web)
    said = "ascn-bot: Not ready: polling: no answer from Telegram for 95 s; corpus: not read yet.\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.1", "localhost"])  # noqa: S104
def test_a_bot_that_listens_everywhere_is_asked_on_loopback(host: str, page: Page) -> None:
    probe.probe(Address(host, page.server_port))


def test_so_is_one_that_listens_everywhere_by_ipv6() -> None:
    with pytest.raises(NotReadyError, match=r"^::1 port 9 does not answer: "):
        probe.probe(Address("::", 9))


@pytest.mark.parametrize("body", [b"", b"<!doctype html>", b"[]", b"{}", b"\xff", b'"ready"'])
def test_another_server_is_no_bot_that_is_ready(body: bytes, page: Page) -> None:
    page.body = body
    with pytest.raises(NotReadyError, match=r"is no ascn-bot; compare ASCN_BOT_WEB\.$"):
        probe.probe(Address("127.0.0.1", page.server_port))


def test_a_bot_that_gives_no_reason_is_not_ready_either(page: Page) -> None:
    page.body = b'{"ready": false}'
    with pytest.raises(NotReadyError, match=r"^Not ready: the bot does not say why\.$"):
        probe.probe(Address("127.0.0.1", page.server_port))


def test_a_bot_that_does_not_run_exits_with_1(command: Commands) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    done = command("health", ASCN_BOT_WEB=f"127.0.0.1:{port}")
    assert (done.returncode, done.stderr) == (
        1,
        f"ascn-bot: 127.0.0.1 port {port} does not answer: Connection refused.\n",
    )


def test_a_bot_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(NotReadyError, match="timed out"):
        probe.probe(Address("127.0.0.1", silent.getsockname()[1]))


def test_without_the_setting_there_is_nobody_to_ask(command: Commands) -> None:
    done = command("health")
    assert done.returncode == 2
    assert done.stderr.startswith("ascn-bot: ASCN_BOT_WEB is not set; ")
