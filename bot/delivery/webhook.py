"""Webhook: what Telegram posts is in the inbox before it is told that it was received."""

import asyncio
import hmac
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import unquote, urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from telegram import Bot, WebhookInfo
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.delivery.intake import Intake
from bot.delivery.receiving import ReceivingError, posted
from bot.listening import SECONDS_TO_SEND, served
from bot.logs import describe
from bot.settings import SettingsError, WebhookSettings
from bot.storage.database import DatabaseError
from bot.troubles import Trouble, told

_LOG = logging.getLogger(__name__)
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105
_LARGEST_BODY = 1_000_000
"""Bytes; the longest message makes an update of about 50,000."""
_CONNECTIONS_OF_TELEGRAM = 40
_SECONDS_BETWEEN_LOOKS = 60.0
"""At what Telegram says of the webhook: a bot that nobody posts to would else be silent and seem well."""

_Ask = Callable[[], Awaitable[object]]


class Webhook:
    """Listens for Telegram until it is cancelled, and hands on what is new."""

    def __init__(
        self,
        settings: WebhookSettings,
        bot: Bot,
        allowed: Sequence[str],
        intake: Intake,
        persistently: Callable[[_Ask], Awaitable[None]],
    ) -> None:
        self._settings = settings
        self._bot = bot
        self._allowed = allowed
        self._intake = intake
        self._persistently = persistently
        self._said: WebhookInfo | None = None
        self._heard = time.monotonic()
        self._path = unquote(urlsplit(settings.url).path) or "/"

    @property
    def heard(self) -> float:
        """When Telegram last posted, or said how its posts fare."""
        return self._heard

    async def run(self) -> None:
        """Listens, and only then tells Telegram where; comes back only by an error.

        Raises SettingsError where the address to listen on cannot be had, or Telegram does not take the public one,
        InvalidToken when it no longer knows the token, and ReceivingError when it posts elsewhere.
        The webhook stays set afterwards: Telegram keeps what comes until the bot is back.
        """
        async with served(self, self._settings.listen, "ASCN_BOT_WEBHOOK_LISTEN") as serving:
            await self._persistently(self._announce)
            _LOG.info("listening on %s:%d", self._settings.listen.host, self._settings.listen.port)
            while not serving.done():
                await self._look()
                await asyncio.wait({serving}, timeout=_SECONDS_BETWEEN_LOOKS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        # In this order: a stranger's body is not read, whatever else is wrong with it.
        if request.scope["path"] != self._path:
            return _refusal(404)
        if request.method != "POST":
            return _refusal(405)
        if not self._is_from_telegram(request):
            return _refusal(403)
        try:
            async with asyncio.timeout(SECONDS_TO_SEND):
                body = await _body(request)
        except (TimeoutError, ClientDisconnect):
            return _refusal(408)
        return _refusal(413) if body is None else await self._take_in(body)

    def _is_from_telegram(self, request: Request) -> bool:
        # As bytes, for compare_digest takes no text beyond ASCII.
        given = request.headers.get(_SECRET_HEADER, "").encode("latin-1")
        return hmac.compare_digest(given, self._settings.secret.encode("ascii"))

    async def _take_in(self, body: bytes) -> Response:
        """What cannot be read is received like any other: Telegram would send it again for a day."""
        try:
            await self._intake.take_in(posted(body, self._bot))
            self._heard = time.monotonic()
        except DatabaseError as error:
            _LOG.error(
                "%s Telegram is asked to send an update again.", error, extra=told(Trouble.FAILED, describe(error))
            )
            return _refusal(503)
        return Response()

    async def _announce(self) -> None:
        try:
            await self._bot.set_webhook(
                self._settings.url,
                secret_token=self._settings.secret,
                allowed_updates=self._allowed,
                drop_pending_updates=False,
                max_connections=_CONNECTIONS_OF_TELEGRAM,
            )
        except BadRequest as error:
            raise SettingsError(f"Telegram does not take ASCN_BOT_WEBHOOK_URL: {error.message}.") from error

    async def _look(self) -> None:
        """Says what Telegram complains of, if it is new."""
        try:
            says, said = await self._bot.get_webhook_info(), self._said
        except InvalidToken:
            raise
        except TelegramError as error:
            _LOG.warning("Telegram could not be asked about the webhook: %s", type(error).__name__)
            return
        # Not compared with our own: Telegram may spell it otherwise.
        if not says.url or (said is not None and says.url != said.url):
            raise ReceivingError("Another process uses this token and took the webhook; stop it, or use another token.")
        if said is not None and says.last_error_date != said.last_error_date:
            _LOG.error(
                "Telegram could not post an update: %s",
                says.last_error_message,
                extra=told(Trouble.WEBHOOK, says.last_error_message or ""),
            )
        self._said, self._heard = says, time.monotonic()


async def _body(request: Request) -> bytes | None:
    """The body; None where it is too long, which is known without reading it, or as soon as it is."""
    if int(request.headers.get("Content-Length", "0")) > _LARGEST_BODY:
        return None
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _LARGEST_BODY:
            return None
    return bytes(body)


def _refusal(status: int) -> Response:
    """Says nothing more, and ends the connection: what is still to come on it would have to be read."""
    return Response(status_code=status, headers={"Connection": "close"})
