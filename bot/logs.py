"""Logs: one line an event, and never a secret or anyone's words in it."""

import logging
import re
import sys
from pathlib import Path

from bot.settings import TOKEN

_ROOT = Path(__file__).parent.parent
_OWN_FOLDERS = (_ROOT / "bot", _ROOT / "retrieval")
# httpx prints the address of every call, which holds the token; the others print updates or SQL with its values.
_TALKATIVE = {
    "httpx": "WARNING",
    "httpcore": "WARNING",
    "telegram": "INFO",
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


class OneLineFormatter(logging.Formatter):
    """Formats a record as one line with every bot token blacked out, wherever in the record it stood."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The record's line; a traceback becomes the places it went through, without the error's own words."""
        line = f"{self.formatTime(record)} {record.levelname} {record.name}: {record.getMessage()}"
        if record.exc_info and record.exc_info[1]:
            line += f" ({describe(record.exc_info[1])})"
        return TOKEN.sub("<token>", re.sub(r"[\r\n\x1b]+", " ", line))


def configure(level: str) -> None:
    """Sends what is logged at `level` and above to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLineFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
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
