"""Webhooks: updates are posted to the bot, a chat's one after another, again and again until it answers 200."""

import asyncio
import time
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

from .records import Json
from .updates import UpdateQueue

_SECONDS_BEFORE_RETRY = 0.05
_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Pusher:
    """Telegram's side of a webhook, with the proxy before the bot that takes TLS off."""

    def __init__(self, queue: UpdateQueue) -> None:
        self.proxied_to = ""
        """The origin that the proxy leads to, such as http://127.0.0.1:8443."""
        self.statuses: list[int] = []
        """What the bot has answered so far; 0 where nothing."""
        self.last_error: Json = {}
        """What getWebhookInfo says of it."""
        self._queue = queue
        self._in_flight: dict[int, asyncio.Task[None]] = {}
        self._pushing: asyncio.Task[None] | None = None

    def push(self, url: str, parameters: Json) -> None:
        """Post to the address from now on; to an empty one nothing."""
        self._cancel()
        if url:
            self._pushing = asyncio.create_task(self._push(f"{self.proxied_to}{urlsplit(url).path}", parameters))

    async def stop(self) -> None:
        """Post nothing more."""
        tasks = self._cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _cancel(self) -> list[asyncio.Task[None]]:
        tasks = [*self._in_flight.values(), *([self._pushing] if self._pushing else [])]
        for task in tasks:
            task.cancel()
        self._in_flight, self._pushing = {}, None
        return tasks

    async def _push(self, url: str, parameters: Json) -> None:
        places = asyncio.Semaphore(parameters.get("max_connections", 40))
        secret = parameters.get("secret_token")
        async with ClientSession(headers={_HEADER: secret} if secret else {}) as session:
            while True:
                update = await self._queue.next(lambda update: _order(update) not in self._in_flight)
                await places.acquire()
                task = asyncio.create_task(self._post(session, url, update))
                self._in_flight[_order(update)] = task
                task.add_done_callback(lambda _: places.release())

    async def _post(self, session: ClientSession, url: str, update: Json) -> None:
        while (status := await self._status(session, url, update)) != 200:
            self.statuses.append(status)
            self.last_error = {"last_error_date": int(time.time()), "last_error_message": f"Wrong response: {status}"}
            await asyncio.sleep(_SECONDS_BEFORE_RETRY)
        self.statuses.append(status)
        del self._in_flight[_order(update)]
        self._queue.taken(update)

    async def _status(self, session: ClientSession, url: str, update: Json) -> int:
        try:
            async with session.post(url, json=update, timeout=ClientTimeout(60)) as response:
                return response.status
        except (ClientError, TimeoutError):
            return 0


def _order(update: Json) -> int:
    """The chat, or the person, whose updates are not posted side by side."""
    payload: Json = next((value for key, value in update.items() if key != "update_id"), {})
    payload = payload.get("message", payload)
    whose: int = (payload.get("chat") or payload.get("from") or {"id": 0})["id"]
    return whose
