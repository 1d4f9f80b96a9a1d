"""The Bot API over HTTP on loopback: what a bot's process talks to instead of api.telegram.org."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from .faults import Fault, Faults
from .judge import fault_in_result, judged_call, methods, returns_only_true
from .pushing import Pusher
from .records import Call, Json, RefusedError, ViolationError
from .watching import Watching

_ATTACHED = "attach://"
TOKEN = "123456789:AAtestTokenOfNobodyAtAll_0123456789-ab"  # gitleaks:allow


class BotApiServer(Watching):
    """A Telegram of one bot, for the length of an `async with`."""

    def __init__(self, token: str = TOKEN, *, username: str = "ascn_test_bot", privacy_mode: bool = True) -> None:
        super().__init__(token, username, privacy_mode=privacy_mode)
        self.token, self.username = token, username
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self.origin = ""
        self.pusher = Pusher(self.queue)
        self._faults = Faults()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(methods)  # imports aiogram
        app = web.Application(client_max_size=2**26)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        # A poll ends with its connection: the bot may have been killed.
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.5, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.origin = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.queue.close()
        await self.pusher.stop()
        if self._runner:
            await self._runner.cleanup()

    @property
    def base_url(self) -> str:
        """TELEGRAM_BASE_URL for the bot."""
        return f"{self.origin}/bot"

    @property
    def base_file_url(self) -> str:
        """TELEGRAM_FILE_BASE_URL for the bot."""
        return f"{self.origin}/file/bot"

    def called(self, method: str) -> list[Call]:
        """The calls of one method, the refused ones included."""
        return [call for call in self.calls if call.method == method]

    def fail(
        self,
        method: str,
        times: int = 1,
        *,
        status: int = 429,
        description: str = "",
        parameters: Json | None = None,
    ) -> None:
        """Refuse the next calls of the method, by default for flooding; `*` is any but getUpdates."""
        if status == 429:
            parameters = {"retry_after": 1} | (parameters or {})
            description = description or f"Too Many Requests: retry after {parameters['retry_after']}"
        self._faults.add(method, Fault("refuse", status, description, parameters), times)

    def hang(self, method: str, seconds: float, times: int = 1) -> None:
        """Answer the next calls of the method only after a while."""
        self._faults.add(method, Fault("hang", seconds=seconds), times)

    def drop(self, method: str, times: int = 1) -> None:
        """Cut the connection of the next calls before they take effect."""
        self._faults.add(method, Fault("drop"), times)

    def lose(self, method: str, times: int = 1) -> None:
        """Let the next calls take effect, but never let the bot hear of it."""
        self._faults.add(method, Fault("lose"), times)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        call = Call(request.match_info["method"], {}, False, None, None, time.monotonic())
        fault = self._faults.take(call.method)
        try:
            self._authorise(request)
            call = replace(call, parameters=await _fields(request))
            await self._befall(fault, request)
            call = replace(call, parameters=judged_call(call.method, call.parameters))
            call = replace(call, ok=True, response=await self._done(call))
        except RefusedError as refusal:
            return self._refuse(call, refusal)
        except Exception as error:  # a mistake of this server must not look like one of the bot
            self.violations.append(f"the test server failed in {call.method}: {error!r}")
            raise
        self.calls.append(call)
        if fault and fault.kind == "lose":
            _cut(request)
        return web.json_response({"ok": True, "result": call.response})

    def _authorise(self, request: web.Request) -> None:
        if request.match_info["token"] != self.token:
            raise RefusedError("Unauthorized", 401)

    async def _befall(self, fault: Fault | None, request: web.Request) -> None:
        match fault:
            case Fault("refuse"):
                raise RefusedError(fault.description, fault.status, fault.parameters)
            case Fault("hang"):
                await asyncio.sleep(fault.seconds)
            case Fault("drop"):
                _cut(request)
                raise RefusedError("the connection was cut", 503)

    async def _done(self, call: Call) -> Any:
        """The result of a judged call; what has no behaviour here but can only return True does so."""
        if call.method == "getUpdates":
            result: Any = await self.queue.poll(call.parameters)
        else:
            result = self._result(call)
        if fault := fault_in_result(call.method, result):
            self.violations.append(fault)
        return result

    def _result(self, call: Call) -> Any:
        match call.method:
            case "getMe":
                return self._me()
            case "setWebhook" | "deleteWebhook":
                return self._webhook(call.parameters)
            case "getWebhookInfo":
                return self._webhook_info()
            case "getFile":
                return self.files.path_of(call.parameters["file_id"])
        if behaviour := self.methods.table.get(call.method):
            return behaviour(call.parameters)
        if returns_only_true(call.method):
            return True
        raise ViolationError(f"Not Implemented: {call.method} is not implemented by the test server", 501)

    def _me(self) -> Json:
        rights = {
            "can_join_groups": True,
            "can_read_all_group_messages": not self.privacy_mode,
            "supports_guest_queries": True,
            "supports_inline_queries": True,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
        return self.bot.json() | rights

    def _webhook_info(self) -> Json:
        pending = len(self.queue.pending)
        info = {"url": self.queue.webhook, "has_custom_certificate": False, "pending_update_count": pending}
        return info | self.pusher.last_error

    def _webhook(self, parameters: Json) -> bool:
        url = parameters.get("url", "")
        if url and not url.startswith("https://"):
            raise ViolationError("Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.queue.webhook = url
        self.queue.allow(parameters)
        self.pusher.push(url, parameters)
        if parameters.get("drop_pending_updates"):
            self.queue.drop()
        return True

    async def _file(self, request: web.Request) -> web.Response:
        self._authorise(request)
        content = self.files.content(request.match_info["path"])
        return web.Response(body=content) if content is not None else web.Response(status=404)

    def _refuse(self, call: Call, refusal: RefusedError) -> web.Response:
        if isinstance(refusal, ViolationError):
            self.violations.append(f"{call.method}: {refusal.description} ({call.parameters})")
        self.calls.append(replace(call, description=refusal.description))
        self.changes.announce()
        body = {"ok": False, "error_code": refusal.code, "description": refusal.description}
        if refusal.parameters is not None:
            body["parameters"] = refusal.parameters
        return web.json_response(body, status=refusal.code)


async def _fields(request: web.Request) -> Json:
    """The parameters in the URL and in the body, which may be a form or JSON."""
    if request.content_type == "application/json":
        return dict(request.query) | dict(await request.json())
    form = await request.post()
    files = {name: value for name, value in form.items() if isinstance(value, web.FileField)}
    plain = {name: _uploaded(value, files) for name, value in form.items()}
    return dict(request.query) | {name: value for name, value in plain.items() if name not in _attached(form)}


def _uploaded(value: Any, files: Mapping[str, web.FileField]) -> Any:
    """A file that stands in the field itself, or in the part that the field names; any other value as it is."""
    if isinstance(value, str) and value.startswith(_ATTACHED):
        value = files.get(value.removeprefix(_ATTACHED), value)
    if not isinstance(value, web.FileField):
        return value
    from aiogram.types import BufferedInputFile

    return BufferedInputFile(value.file.read(), value.filename)


def _attached(form: Mapping[str, Any]) -> set[str]:
    """The parts of a form that hold what another field names."""
    return {
        value.removeprefix(_ATTACHED)
        for value in form.values()
        if isinstance(value, str) and value.startswith(_ATTACHED)
    }


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
