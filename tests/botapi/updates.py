"""The updates as getUpdates serves them: long polling, confirmation by offset, one poller at a time."""

from collections.abc import Callable, Sequence

from .changes import Changes
from .records import Json, RefusedError

# Of getUpdates' documentation: an empty list means all types but these.
_NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
_LONGEST_POLL = 50  # seconds, LONG_POLL_MAX_TIMEOUT in telegram-bot-api/Client.h
_TERMINATED = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
_WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


class UpdateQueue:
    """Updates wait here until the bot confirms them."""

    def __init__(self, changes: Changes) -> None:
        self.pending: list[Json] = []
        self.webhook = ""
        self._changes = changes
        self._next_id = 700_000_001
        self._allowed: Sequence[str] = ()
        self._poller = 0
        self._closed = False

    def add(self, kind: str, payload: Json) -> int | None:
        """The id of the new update, or None if the bot has not asked for this kind."""
        if not self._wants(kind):
            return None
        update_id, self._next_id = self._next_id, self._next_id + 1
        self.repeat({"update_id": update_id, kind: payload})
        return update_id

    def repeat(self, update: Json) -> None:
        """Queue an update under its own id, as Telegram does when it was never confirmed."""
        self.pending.append(update)
        self._next_id = max(self._next_id, update["update_id"] + 1)
        self._changes.announce()

    async def poll(self, parameters: Json) -> list[Json]:
        """The answer to getUpdates; raises RefusedError(409) as soon as another poller comes."""
        if self.webhook:
            raise RefusedError(_WEBHOOK_ACTIVE, 409)
        self._poller += 1
        self.allow(parameters)
        self._confirm(parameters.get("offset", 0))
        seconds = min(parameters.get("timeout", 0), _LONGEST_POLL)
        await self._changes.until(self._over(self._poller), seconds)
        return self.pending[: parameters.get("limit", 100)]

    def allow(self, parameters: Json) -> None:
        """Keep to the kinds that a call names, else to those named last."""
        self._allowed = parameters.get("allowed_updates", self._allowed)

    async def next(self, after: Callable[[Json], bool]) -> Json:
        """The first update still pending that may be pushed now, as soon as there is one."""
        while True:
            for update in self.pending:
                if after(update):
                    return update
            await self._changes.until(lambda: any(map(after, self.pending)), _LONGEST_POLL)

    def taken(self, update: Json) -> None:
        """Forget an update that the webhook has answered 200."""
        self.pending = [other for other in self.pending if other is not update]
        self._changes.announce()

    def drop(self) -> None:
        """Forget everything not confirmed yet, as drop_pending_updates asks."""
        self.pending.clear()
        self._changes.announce()

    def close(self) -> None:
        """Let a waiting poll return at once."""
        self._closed = True
        self._changes.announce()

    def _over(self, poller: int) -> Callable[[], bool]:
        self._changes.announce()

        def over() -> bool:
            if poller != self._poller:
                raise RefusedError(_TERMINATED, 409)
            return bool(self.pending) or self._closed

        return over

    def _wants(self, kind: str) -> bool:
        return kind in self._allowed if self._allowed else kind not in _NOT_BY_DEFAULT

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self.pending = self.pending[offset:]
        else:
            self.pending = [update for update in self.pending if update["update_id"] >= offset]
        self._changes.announce()
