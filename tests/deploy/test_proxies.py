"""nginx and Caddy, as deploy/ sets them up, before the real webhook: who comes through to what, and what is logged."""

import asyncio
import json
import os
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession, web
from yarl import URL

from bot.application import Service
from bot.settings import Address, Settings, WebhookSettings
from tests.bot.test_webhook import HEADER, SECRET, question, registered
from tests.botapi import BotApiServer, Chat, Person
from tests.deploy.ports import free_port

DEPLOY = Path(__file__).parents[2] / "deploy"
NAME = "bot.example.org"
PROXIES = ("nginx", "caddy")
LARGE = b"x" * 1_100_000
QUESTION = "Becamex IDC"
INWARD = ["/metrics", "/readyz", "/metrics/", "/readyz/x", "//metrics", "/%6Detrics", "/a/../readyz", "/metrics?a=b"]

NGINX = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
{user}
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/ascn-bot.conf;
}}
"""


class Reader:
    """Stands in for the web pages of the bot: says of each request that it came, and keeps it."""

    def __init__(self) -> None:
        self.came: list[tuple[str, Mapping[str, str]]] = []
        app = web.Application(client_max_size=2**22)
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None)

    async def begin(self) -> None:
        """Listens."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"127.0.0.1:{self._runner.addresses[0][1]}"

    async def end(self) -> None:
        """Listens no longer."""
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        await request.read()
        self.came.append((request.raw_path, dict(request.headers)))
        return web.Response()


@dataclass(frozen=True)
class Outside:
    """The world, which sees the proxy alone."""

    session: ClientSession
    http: int
    https: int
    trusted: ssl.SSLContext
    folder: Path

    async def get(self, path: str, scheme: str = "https", **headers: str) -> tuple[int, Mapping[str, str]]:
        """Status and headers of a page."""
        return await self.ask("GET", path, scheme, b"", headers)

    async def post(self, path: str, body: bytes, **headers: str) -> int:
        """The status that a post is answered with."""
        status, _ = await self.ask("POST", path, "https", body, headers)
        return status

    async def ask(
        self, method: str, path: str, scheme: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str]]:
        """Status and headers of what is answered."""
        port, told = (self.https, self.trusted) if scheme == "https" else (self.http, True)
        async with self.session.request(
            method,
            URL(f"{scheme}://127.0.0.1:{port}{path}", encoded=True),
            data=BytesIO(body),
            headers={"Host": NAME, **headers},
            ssl=told,
            server_hostname=NAME if scheme == "https" else None,
            allow_redirects=False,
        ) as response:
            return response.status, response.headers

    def written(self) -> str:
        """All that the proxy has written into any file."""
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        return "\n".join(path.read_text("utf-8", "replace") for path in files)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a certificate for the name, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed; it makes the certificate of the proxies")
    folder = tmp_path_factory.mktemp("certificate")
    kind = ("-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2")
    whose = ("-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}")
    files = ("-keyout", "privkey.pem", "-out", "fullchain.pem")
    subprocess.run([openssl, "req", *kind, *whose, *files], cwd=folder, check=True, capture_output=True)  # noqa: S603
    return folder


@pytest.fixture
def webhook(server: BotApiServer) -> WebhookSettings:
    address = Address("127.0.0.1", free_port())
    server.pusher.proxied_to = f"http://{address.host}:{address.port}"
    return WebhookSettings(f"https://{NAME}/telegram", SECRET, address)


@pytest.fixture
def settings(settings: Settings, webhook: WebhookSettings) -> Settings:
    return replace(settings, webhook=webhook, web=Address("127.0.0.1", free_port()), public_url=f"https://{NAME}")


@pytest.fixture
async def bot(bot: Service, server: BotApiServer) -> Service:
    """The bot once Telegram knows where to post."""
    await registered(server)
    return bot


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    reader = Reader()
    await reader.begin()
    yield reader
    await reader.end()


@pytest.fixture(params=PROXIES)
async def outside(
    request: pytest.FixtureRequest, tmp_path: Path, certificate: Path, webhook: WebhookSettings, reader: Reader
) -> AsyncIterator[Outside]:
    """The world before a proxy, before the bot's webhook and the stand-in of its pages."""
    async with proxied(request.param, tmp_path, certificate, webhook, reader.address) as world:
        reader.came.clear()
        yield world


@pytest.fixture(params=PROXIES)
async def visitors(
    request: pytest.FixtureRequest, tmp_path: Path, certificate: Path, webhook: WebhookSettings, settings: Settings
) -> AsyncIterator[Outside]:
    """The world before a proxy, before the bot's own pages."""
    assert settings.web is not None
    web_pages = f"{settings.web.host}:{settings.web.port}"
    async with proxied(request.param, tmp_path, certificate, webhook, web_pages) as world:
        yield world


@asynccontextmanager
async def proxied(
    name: str, tmp_path: Path, certificate: Path, webhook: WebhookSettings, pages: str
) -> AsyncIterator[Outside]:
    """The world before one of the proxies, which leads to the webhook and to the address of the pages."""
    command = shutil.which(name)
    if command is None:
        pytest.skip(f"{name} is not installed")
    folder = tmp_path / "proxy"
    folder.mkdir()
    trusted = ssl.create_default_context(cafile=certificate / "fullchain.pem")
    world = Outside(ClientSession(), free_port(), free_port(), trusted, folder)
    begin = {"nginx": nginx, "caddy": caddy}[name]
    async with world.session, begin(command, world, certificate, webhook, pages):
        await reached(world)
        yield world


@asynccontextmanager
async def nginx(
    command: str, world: Outside, certificate: Path, webhook: WebhookSettings, pages: str
) -> AsyncIterator[None]:
    """nginx with deploy/nginx.conf, of which only ports and folders are others."""
    others = {
        "listen [::]:80;": "",
        "listen [::]:443 ssl;": "",
        "listen 80;": f"listen 127.0.0.1:{world.http};",
        "listen 443 ssl;": f"listen 127.0.0.1:{world.https} ssl;",
        "127.0.0.1:8443;": f"127.0.0.1:{webhook.listen.port};",
        "127.0.0.1:8080;": f"{pages};",
        f"/etc/letsencrypt/live/{NAME}": str(certificate),
        "/var/log/nginx": str(world.folder),
    }
    user = "user root;" if os.getuid() == 0 else ""
    (world.folder / "ascn-bot.conf").write_text(replaced(DEPLOY / "nginx.conf", others), "utf-8")
    (world.folder / "nginx.conf").write_text(NGINX.format(folder=world.folder, user=user), "utf-8")
    with begun(world, [command, "-e", "stderr", "-p", str(world.folder), "-c", str(world.folder / "nginx.conf")]):
        yield


@asynccontextmanager
async def caddy(
    command: str, world: Outside, certificate: Path, webhook: WebhookSettings, pages: str
) -> AsyncIterator[None]:
    """Caddy with deploy/Caddyfile, told of other ports and of the certificate."""
    ports = f"admin off\n\thttp_port {world.http}\n\thttps_port {world.https}\n\tdefault_bind 127.0.0.1\n"
    files = f"tls {certificate / 'fullchain.pem'} {certificate / 'privkey.pem'}\n"
    begins = "{$ASCN_BOT_PUBLIC_URL} {\n"
    others = {"admin off\n": ports, begins: f"{begins}\t{files}"}
    file = world.folder / "Caddyfile"
    file.write_text(replaced(DEPLOY / "Caddyfile", others), "utf-8")
    told = {
        "ASCN_BOT_PUBLIC_URL": f"https://{NAME}",
        "UPSTREAM_WEBHOOK": f"127.0.0.1:{webhook.listen.port}",
        "UPSTREAM_WEB": pages,
        "HOME": str(world.folder),
        "XDG_DATA_HOME": str(world.folder),
        "XDG_CONFIG_HOME": str(world.folder),
    }
    with begun(world, [command, "run", "--config", str(file), "--adapter", "caddyfile"], told):
        yield


def replaced(file: Path, others: Mapping[str, str]) -> str:
    """A file's text with each of these replaced; every one stands in it."""
    text = file.read_text("utf-8")
    for old, new in others.items():
        assert old in text
        text = text.replace(old, new)
    return text


@contextmanager
def begun(world: Outside, command: list[str], told: Mapping[str, str] | None = None) -> Iterator[None]:
    """A proxy's process for the length of a `with`; what it says goes into a file of its folder."""
    with (world.folder / "output").open("wb") as output:
        process = subprocess.Popen(  # noqa: S603
            command, stdout=output, stderr=subprocess.STDOUT, env=os.environ | dict(told or {})
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait()


async def reached(world: Outside) -> None:
    """Returns once the proxy answers."""
    async with asyncio.timeout(10):
        while True:
            try:
                await world.get("/")
                return
            except ClientError:
                await asyncio.sleep(0.02)


@pytest.mark.usefixtures("bot")
async def test_telegram_posts_through_the_proxy_and_nobody_without_the_secret(
    outside: Outside, server: BotApiServer, private: Chat, alice: Person, reader: Reader
) -> None:
    update = json.dumps(question(1, private, alice)).encode()
    assert await outside.post("/telegram", update) == 403
    assert await outside.post("/telegram", update, **{HEADER: SECRET[:-1]}) == 403
    assert await outside.post("/telegram", update, **{HEADER: SECRET}) == 200
    assert QUESTION in (await server.reply(private)).text
    await server.quiet(private)
    assert reader.came == []
    assert SECRET not in outside.written()


@pytest.mark.parametrize("path", ["/", "/documents", "/documents/x%20y", "/telegram/", "/telegram/x", "/healthz"])
async def test_every_other_path_is_the_readers_as_it_was_asked_for(outside: Outside, reader: Reader, path: str) -> None:
    assert (await outside.get(f"{path}?q=a%20b"))[0] == 200
    assert [came for came, _ in reader.came] == [f"{path}?q=a%20b"]


@pytest.mark.parametrize("path", INWARD)
async def test_what_is_for_this_machine_alone_is_not_there(outside: Outside, reader: Reader, path: str) -> None:
    assert (await outside.get(path))[0] == 404
    assert reader.came == []


@pytest.mark.usefixtures("bot")
async def test_a_body_of_more_than_a_megabyte_is_refused(outside: Outside, reader: Reader) -> None:
    assert await outside.post("/telegram", LARGE, **{HEADER: SECRET}) == 413
    assert await outside.post("/documents", LARGE) == 413
    assert reader.came == []


async def test_the_bot_learns_who_asks_from_the_proxy_and_not_from_a_stranger(outside: Outside, reader: Reader) -> None:
    await outside.get(
        "/", **{"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9", "X-Forwarded-Proto": "x"}
    )
    (_, headers) = reader.came[0]
    assert headers["Host"] == NAME
    assert headers["X-Forwarded-For"] == "127.0.0.1"
    assert headers["X-Forwarded-Proto"] == "https"
    assert "Forwarded" not in headers


@pytest.mark.usefixtures("bot")
async def test_the_bots_own_pages_are_there_and_its_figures_are_not(visitors: Outside) -> None:
    assert [(await visitors.get(path))[0] for path in ("/", "/documents", "/healthz")] == [200, 200, 200]
    assert [(await visitors.get(path))[0] for path in INWARD] == [404] * len(INWARD)
    assert (await visitors.get("/?q=Becamex%20IDC"))[1]["Strict-Transport-Security"] == "max-age=31536000"


async def test_nothing_is_told_without_encryption(outside: Outside, reader: Reader) -> None:
    status, headers = await outside.get("/documents?q=a", scheme="http")
    assert (status // 100, headers["Location"].partition("?")[0].replace(f":{outside.https}", "")) == (
        3,
        f"https://{NAME}/documents",
    )
    assert reader.came == []
    _, headers = await outside.get("/")
    assert headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.usefixtures("bot")
async def test_no_question_reaches_a_log_whatever_goes_wrong(outside: Outside) -> None:
    told = {"Referer": f"https://{NAME}/?q=canary", "Cookie": "canary", "User-Agent": "canary"}
    assert (await outside.get("/documents?q=canary", **told))[0] == 200
    assert (await outside.get("/metrics?q=canary", **told))[0] == 404
    assert await outside.post("/?q=canary", LARGE, **told) == 413
    assert (await outside.get("/?q=canary", scheme="http", **told))[0] // 100 == 3
    statuses = [(await outside.get("/?q=canary", **told))[0] for _ in range(60)]
    assert set(statuses) <= {200, 429}
    assert "canary" not in outside.written()


async def test_no_question_reaches_a_log_while_the_bot_is_away(outside: Outside, reader: Reader) -> None:
    await reader.end()
    assert (await outside.get("/?q=canary", Cookie="canary"))[0] == 502
    assert await outside.post("/telegram?q=canary", b"canary", **{HEADER: "canary"}) == 502
    assert "canary" not in outside.written()
