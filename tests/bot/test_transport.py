"""HTTP to Telegram fails in the framework's words, sends files whole, and tells what may have arrived."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from aiohttp import web
from telegram import Bot, InputFile
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TimedOut
from telegram.request import HTTPXRequest, RequestData
from telegram.request._requestparameter import RequestParameter

from bot.delivery.transport import ProxyError, Transport, is_of_transport, may_have_arrived, proxy_for

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
OK = b'{"ok": true, "result": true}'
SETTINGS = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    application = web.Application(client_max_size=10**8)
    application.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(application)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def listening(
    talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[str]:
    """A server that speaks no HTTP."""
    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.fixture
async def transport() -> AsyncIterator[Transport]:
    async with Transport() as transport:
        yield transport


async def failure(asking: Awaitable[object]) -> NetworkError:
    with pytest.raises(NetworkError) as raised:
        await asking
    assert is_of_transport(raised.value)
    return raised.value


async def test_what_is_posted_arrives_as_the_framework_itself_would_send_it() -> None:
    seen = []

    async def handler(request: web.Request) -> web.Response:
        form = await request.post()
        fields = {name: value if isinstance(value, str) else _read(value) for name, value in form.items()}
        seen.append((request.method, request.path, request.headers["User-Agent"], fields))
        return web.Response(body=OK)

    def _read(value: object) -> tuple[str, str, bytes]:
        assert isinstance(value, web.FileField)
        return value.filename, value.content_type, value.file.read()

    content = bytes(range(256)) * 10_000
    picture = InputFile(content, filename="biểu đồ 1.png", attach=True)
    plain = RequestData([RequestParameter("chat_id", -1, None), RequestParameter("text", "Đà Nẵng & 岘港 +1\n", None)])
    with_file = RequestData(
        [
            RequestParameter("caption", 'a "quoted" name', None),
            RequestParameter("media", [{"type": "photo", "media": picture.attach_uri}], [picture]),
        ]
    )
    async with serving(handler) as origin, Transport() as ours, HTTPXRequest() as theirs:
        for data in (plain, with_file, None):
            for transport in (ours, theirs):
                assert await transport.do_request(f"{origin}/bot1:a/sendIt", "POST", data) == (200, OK)
    assert seen[0::2] == seen[1::2]
    assert seen[2][3][str(picture.attach_name)] == ("biểu đồ 1.png", "image/png", content)


async def test_a_file_is_fetched_whole(transport: Transport) -> None:
    content = bytes(range(256)) * 20_000

    async def handler(request: web.Request) -> web.Response:
        assert request.method == "GET"
        return web.Response(body=content)

    async with serving(handler) as origin:
        assert await transport.retrieve(f"{origin}/file/bot1:a/x") == content


@pytest.mark.parametrize(
    ("status", "description", "error"),
    [
        (400, "Bad Request: chat not found", BadRequest),
        (401, "Unauthorized", InvalidToken),
        (404, "Not Found", InvalidToken),
        (429, "Too Many Requests", RetryAfter),
        (500, "Internal Server Error", NetworkError),
        (502, "Bad Gateway", NetworkError),
        (302, "Found", NetworkError),
    ],
)
async def test_what_the_server_refuses_is_an_error_in_the_frameworks_words(
    transport: Transport, status: int, description: str, error: type[Exception]
) -> None:
    async def handler(request: web.Request) -> web.Response:
        body: dict[str, object] = {"ok": False, "error_code": status, "description": description}
        if status == 429:
            body["parameters"] = {"retry_after": 7}
        return web.json_response(body, status=status, headers={"Location": "/elsewhere"})

    async with serving(handler) as origin:
        with pytest.raises(error) as raised:
            await transport.post(f"{origin}/bot1:a/getMe")
    assert not is_of_transport(raised.value)
    assert not may_have_arrived(raised.value)


async def test_where_nobody_listens_nothing_has_arrived(transport: Transport) -> None:
    async def leave(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with listening(leave) as origin:
        pass
    assert not may_have_arrived(await failure(transport.post(f"{origin}/bot1:a/getMe")))


async def test_where_the_name_is_unknown_nothing_has_arrived(transport: Transport) -> None:
    assert not may_have_arrived(await failure(transport.post("http://nowhere.invalid/bot1:a/getMe")))


async def test_where_the_certificate_is_not_to_be_trusted_nothing_has_arrived(transport: Transport) -> None:
    async def leave(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with listening(leave) as origin:
        error = await failure(transport.post(f"{origin.replace('http:', 'https:')}/bot1:a/getMe"))
    assert not may_have_arrived(error)


async def test_a_connection_that_breaks_off_may_have_brought_what_was_sent(transport: Transport) -> None:
    async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    async with listening(break_off) as origin:
        assert may_have_arrived(await failure(transport.post(f"{origin}/bot1:a/sendMessage")))


@pytest.mark.parametrize("answer", [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", b"no HTTP at all\r\n\r\n"])
async def test_an_answer_that_is_none_comes_of_what_may_have_arrived(transport: Transport, answer: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    async with listening(talk) as origin:
        assert may_have_arrived(await failure(transport.post(f"{origin}/bot1:a/sendMessage")))


async def test_a_server_that_does_not_answer_in_time_may_have_heard(transport: Transport) -> None:
    async def handler(request: web.Request) -> web.Response:
        await asyncio.sleep(1)
        return web.Response(body=OK)

    async with serving(handler) as origin:
        error = await failure(transport.post(f"{origin}/bot1:a/sendMessage", read_timeout=0.1))
        assert isinstance(error, TimedOut)
        assert may_have_arrived(error)
        async with Transport(read_seconds=0.1) as impatient:
            assert impatient.read_timeout == 0.1
            assert isinstance(await failure(impatient.post(f"{origin}/bot1:a/sendMessage")), TimedOut)
        assert await transport.post(f"{origin}/bot1:a/sendMessage", read_timeout=None) is True


async def test_who_waits_too_long_for_a_connection_has_sent_nothing(transport: Transport) -> None:
    async def handler(request: web.Request) -> web.Response:
        await asyncio.sleep(0.5)
        return web.Response(body=OK)

    async with serving(handler) as origin:
        first = asyncio.create_task(transport.post(f"{origin}/bot1:a/sendMessage"))
        await asyncio.sleep(0.05)
        hurried = transport.post(f"{origin}/bot1:a/sendMessage", pool_timeout=0.05, connect_timeout=0.05)
        error = await failure(hurried)
        assert isinstance(error, TimedOut)
        assert not may_have_arrived(error)
        assert await first is True


async def test_a_server_that_reads_an_upload_slowly_has_the_time_for_it(transport: Transport) -> None:
    async def handler(request: web.Request) -> web.Response:
        await asyncio.sleep(0.3)
        await request.read()
        return web.Response(body=OK)

    picture = InputFile(bytes(5_000_000), filename="a.png", attach=True)
    data = RequestData([RequestParameter("photo", picture.attach_uri, [picture])])
    async with serving(handler) as origin:
        assert await transport.post(f"{origin}/bot1:a/sendPhoto", data, read_timeout=1) is True


async def test_an_upload_that_nobody_reads_is_given_up(transport: Transport) -> None:
    async def hear_nothing(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(5)
        writer.transport.abort()

    picture = InputFile(bytes(20_000_000), filename="a.png", attach=True)
    data = RequestData([RequestParameter("photo", picture.attach_uri, [picture])])
    async with listening(hear_nothing) as origin:
        sent = transport.post(f"{origin}/bot1:a/sendPhoto", data, 0.2, 0.2, 0.2, 0.2)
        assert isinstance(await asyncio.wait_for(failure(sent), 3), TimedOut)


async def test_connections_are_used_again(transport: Transport) -> None:
    peers = set()

    async def handler(request: web.Request) -> web.Response:
        assert request.transport is not None
        peers.add(request.transport.get_extra_info("peername"))
        return web.Response(body=OK)

    async with serving(handler) as origin:
        for _ in range(10):
            await transport.post(f"{origin}/bot1:a/getMe")
    assert len(peers) == 1


async def test_what_is_not_open_or_closed_says_so_and_can_be_opened_again() -> None:
    transport = Transport()
    with pytest.raises(RuntimeError, match="not open"):
        await transport.do_request("http://127.0.0.1", "GET")
    await transport.shutdown()
    for _ in range(2):
        await transport.initialize()
        await transport.initialize()
        await transport.shutdown()
        await transport.shutdown()
        with pytest.raises(RuntimeError, match="not open"):
            await transport.do_request("http://127.0.0.1", "GET")


@pytest.mark.parametrize("scheme", ["http://", ""], ids=["as an address", "as a host and a port"])
@pytest.mark.parametrize("setting", ["HTTP_PROXY", "ALL_PROXY", "http_proxy"])
async def test_a_proxy_of_the_environment_is_gone_through(
    monkeypatch: pytest.MonkeyPatch, setting: str, scheme: str
) -> None:
    async def proxy(request: web.Request) -> web.Response:
        assert request.headers["Host"] == "telegram.invalid"
        return web.Response(body=OK)

    async with serving(proxy) as origin, Transport() as transport:
        monkeypatch.setenv(setting, origin.replace("http://", scheme))
        assert await transport.post("http://telegram.invalid/bot1:a/getMe") is True


async def test_what_needs_no_proxy_goes_without(monkeypatch: pytest.MonkeyPatch) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(body=OK)

    async with serving(handler) as origin, Transport() as transport:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        assert await transport.post(f"{origin}/bot1:a/getMe") is True


def test_a_proxy_that_speaks_no_http_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://me:SECRET@127.0.0.1:1080")
    with pytest.raises(ProxyError, match=r"^socks5: is no proxy") as raised:
        proxy_for("https", "api.telegram.org")
    assert "SECRET" not in str(raised.value)


async def test_a_connection_is_not_used_once_the_server_may_have_closed_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were it, nobody could tell whether what was sent had arrived."""
    monkeypatch.setattr("bot.delivery.transport._KEPT_IDLE", 0.05)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(TimeoutError, asyncio.IncompleteReadError):
            while await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 0.2):
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(OK) + OK)
        writer.close()

    async with listening(talk) as origin, Transport() as transport:
        for _ in range(3):
            assert await transport.retrieve(f"{origin}/bot1:a/getMe")
            time.sleep(0.25)  # noqa: ASYNC251 - the loop is kept from seeing that the server has closed it


async def test_no_words_of_an_error_hold_the_token(transport: Transport) -> None:
    async def handler(request: web.Request) -> web.Response:
        await asyncio.sleep(1)
        return web.Response(body=OK)

    async with serving(handler) as origin:
        for address in (origin, "http://127.0.0.1:9", "http://127.0.0.1:99999"):
            with pytest.raises(NetworkError) as raised:
                await transport.post(f"{address}/bot12345678:SECRET/getMe", read_timeout=0.05)
            assert "SECRET" not in str(raised.value)


async def test_the_framework_works_with_it() -> None:
    async def handler(request: web.Request) -> web.Response:
        me = {"id": 1, "is_bot": True, "first_name": "Bot", "username": "a_bot"}
        return web.json_response({"ok": True, "result": me})

    async with serving(handler) as origin:
        bot = Bot("1:a", base_url=f"{origin}/bot", request=Transport(8), get_updates_request=Transport())
        async with bot:
            answers = await asyncio.gather(*(bot.get_me() for _ in range(50)))
    assert {me.username for me in answers} == {"a_bot"}
