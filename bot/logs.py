"""Logs: one line an event, and never a secret or anyone's words in it."""

import json
import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from bot.settings import TOKEN

_ROOT = Path(__file__).parent.parent
_OWN_FOLDERS = (_ROOT / "bot", _ROOT / "retrieval")
# They print updates, SQL with its values, or, where the framework's own transport is used, the address of every call,
# which holds the token.
_TALKATIVE = {
    "httpx": "WARNING",
    "httpcore": "WARNING",
    "telegram": "INFO",
    "telegram.request": "CRITICAL",  # an answer that it cannot read it prints whole
    "telegram.ext.Application": "WARNING",
}
_TALKATIVE |= {
    "aiosqlite": "WARNING",
    "asyncio": "WARNING",
    "jieba": "WARNING",
    "charset_normalizer": "WARNING",
}
_TALKATIVE |= {"trafilatura": "ERROR", "htmldate": "ERROR"}
# It has a line for every request that is no HTTP or one too many, so that anybody could fill the log.
_TALKATIVE |= {"uvicorn": "ERROR", "uvicorn.error": "ERROR"}


_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
"""Signs with which a name could begin a line of its own, or paint over one that is shown."""


class OneLineFormatter(logging.Formatter):
    """Formats a record as one line with every secret blacked out, wherever in the record it stood."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = re.compile("|".join([TOKEN.pattern, *map(re.escape, filter(None, secrets))]))

    def format(self, record: logging.LogRecord) -> str:
        """The record's line."""
        return self._clean(f"{self.formatTime(record)} {record.levelname} {record.name}: {self._event(record)}")

    def _event(self, record: logging.LogRecord) -> str:
        """What happened; a traceback becomes the places it went through, without the error's own words."""
        event = record.getMessage()
        if record.exc_info and record.exc_info[1]:
            event += f" ({describe(record.exc_info[1])})"
        return event

    def _clean(self, text: str) -> str:
        return self._secrets.sub("<secret>", _CONTROLS.sub(" ", text))


class JsonFormatter(OneLineFormatter):
    """Formats a record as one JSON object, for programs that read logs."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's object: time, level, logger, event."""
        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": self._clean(self._event(record)),
        }
        return json.dumps(fields)


_FORMATTERS = {"text": OneLineFormatter, "json": JsonFormatter}


def configure(level: str, form: str, secrets: Iterable[str] = ()) -> None:
    """Sends what is logged at `level` and above to standard error, without secrets and whatever looks like a token."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_FORMATTERS[form](secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(True)  # they are several lines otherwise
    quieten(level)


def quieten(level: str) -> None:
    """Keeps what others log of secrets and people's words out of the log, whichever level was asked for."""
    for name, least in _TALKATIVE.items():
        quiet = max(logging.getLevelName(level), logging.getLevelName(least))
        logging.getLogger(name).setLevel(quiet)


def describe(error: BaseException) -> str:
    """What kind of error it was and where in our code it arose; not its message, which may quote a person."""
    place = "outside"
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        path = Path(code.co_filename)
        if any(path.is_relative_to(folder) for folder in _OWN_FOLDERS):
            place = f"{path.relative_to(_ROOT).as_posix()}:{trace.tb_lineno} {code.co_name}"
        trace = trace.tb_next
    return f"{type(error).__name__} at {place}"
