"""A Telegram whose updates are bytes, such as no Telegram should send."""

from aiohttp import web

from .server import BotApiServer


class RawTelegram(BotApiServer):
    """Serves `raw` by id as the updates, and before them each of `instead` as the whole answer to a poll."""

    def __init__(self) -> None:
        super().__init__()
        self.raw: dict[int, bytes] = {}
        self.instead: list[bytes] = []
        self.polls = 0

    async def _call(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["method"] != "getUpdates":
            return await super()._call(request)
        self.polls += 1
        self._confirm(int(request.query.get("offset", 0)))
        await self.changes.until(lambda: bool(self.raw or self.instead), float(request.query["timeout"]))
        if self.instead:
            return web.Response(body=self.instead.pop(0))
        batch = list(self.raw.values())[: int(request.query["limit"])]
        return web.Response(body=b'{"ok":true,"result":[' + b",".join(batch) + b"]}")

    def _confirm(self, offset: int) -> None:
        self.raw = {update_id: update for update_id, update in self.raw.items() if update_id >= offset}
        self.changes.announce()
