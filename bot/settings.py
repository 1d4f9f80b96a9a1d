"""Settings, read once from the environment into a record that keeps its secrets out of sight."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

from bot.subject import Subject, SubjectError, read_subject

DEFAULT_CORPUS = Path(__file__).parent.parent / "seeds"
SHARED_ACCOUNTS = frozenset({1087968824, 777000, 136817688})
"""Telegram's ids for anonymous group admins, its own service, and channels: many people act under each."""

TOKEN = re.compile(r"\d{6,}:[A-Za-z0-9_-]{30,}")
"""What a bot's token looks like."""
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_LOG_FORMATS = ("text", "json")


DEFAULT_LISTEN = "127.0.0.1:8443"
"""Behind a proxy that has the certificate."""
DEFAULT_WEB = "127.0.0.1:8080"
"""Named where the setting is wrong; unset, there is no web reader."""
_PUBLIC_URL = re.compile(r"https://[\w.-]+(:\d+)?/?")
_WEBHOOK_URL = re.compile(r"https://[\w.-]+(:\d+)?(/[^\s?#]*)?")
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{32,256}")


class SettingsError(Exception):
    """Raised when a setting cannot be used; the message is one sentence that names the key and the mend."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """Where Telegram posts updates to, and where they arrive."""

    url: str
    """The public address."""
    secret: str = field(repr=False)
    """What Telegram says with each update, so that it is known by it."""
    listen: Address


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the bot is told from outside."""

    token: str | None = field(default=None, repr=False)
    """None: there is no bot to be, only the terminal."""
    base_url: str = "https://api.telegram.org/bot"
    base_file_url: str = "https://api.telegram.org/file/bot"
    admins: frozenset[int] = frozenset()
    corpus: Path = DEFAULT_CORPUS
    subject: Subject | None = None
    """What the articles are about; None: what those are about that come with the bot."""
    data: Path = Path("data")
    log_level: str = "INFO"
    log_format: str = "text"
    late_after: timedelta = timedelta(minutes=10)
    """An answer to a question older than that says that it is late."""
    webhook: WebhookSettings | None = None
    """None: updates come by long polling."""
    web: Address | None = None
    """Where the web reader listens; None: there is none."""
    web_proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    """Addresses and networks of the proxies before it, whose word on who asks is taken."""
    public_url: str | None = None
    """Where the world finds the web reader, without a slash at the end."""
    keep_backups: int = 7
    """Days; 0 is to write none."""
    keep_unanswered: int = 0
    """Days that questions without an answer are kept, without a name; 0 is to keep none."""
    keep_changes: int = 10
    """Of the corpus; so many can be undone."""
    ephemeral: bool = False
    """In groups /ask is offered as a command that only the asker and the bot see, with its answer."""

    @property
    def database(self) -> Path:
        """What must outlive the process."""
        return self.data / "bot.sqlite3"

    @property
    def vectors(self) -> Path:
        """Where the vectors of passages are kept between starts."""
        return self.data / "vectors.sqlite3"

    @property
    def snapshot(self) -> Path:
        """Where the corpus is kept between starts as it was indexed."""
        return self.data / "corpus.snapshot"

    @property
    def added(self) -> Path:
        """Where the files of documents are kept that administrators have added."""
        return self.data / "added"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str | None]) -> "Settings":
        """The settings that `environment` names; an empty value counts as absent.

        Raises SettingsError for a value that cannot be used.
        """
        given = {key: value.strip() for key, value in environment.items() if value and value.strip()}
        default = cls()
        return cls(
            token=_token(given),
            base_url=_address(given, "TELEGRAM_BASE_URL", default.base_url),
            base_file_url=_address(given, "TELEGRAM_BASE_FILE_URL", default.base_file_url),
            admins=read_admins(given.get("ASCN_BOT_ADMINS", "")),
            corpus=Path(given.get("ASCN_BOT_CORPUS", default.corpus)).expanduser(),
            subject=_subject(given),
            data=Path(given.get("ASCN_BOT_DATA", default.data)).expanduser(),
            late_after=_minutes(given, "ASCN_BOT_LATE_AFTER", default.late_after),
            keep_backups=_days(given, "ASCN_BOT_KEEP_BACKUPS", default.keep_backups),
            keep_unanswered=_days(given, "ASCN_BOT_KEEP_UNANSWERED", default.keep_unanswered),
            keep_changes=_number(given, "ASCN_BOT_KEEP", default.keep_changes),
            ephemeral=_switch(given, "ASCN_BOT_EPHEMERAL"),
            log_level=_log_level(given.get("ASCN_BOT_LOG_LEVEL", default.log_level)),
            webhook=_webhook(given),
            web=_listen(given, "ASCN_BOT_WEB", DEFAULT_WEB) if "ASCN_BOT_WEB" in given else None,
            web_proxies=_networks(given, "ASCN_BOT_WEB_PROXY", default.web_proxies),
            public_url=_public_url(given),
            log_format=_log_format(given.get("ASCN_BOT_LOG_FORMAT", default.log_format)),
        )


def _token(given: Mapping[str, str]) -> str | None:
    key, token = _secret(given, "TELEGRAM_BOT_TOKEN", "TELEGRAM_BOT_TOKEN_FILE")
    if token is not None and not TOKEN.fullmatch(token):
        raise SettingsError(
            f"{key} holds no bot token; copy it whole from @BotFather (digits, a colon, 35 characters)."
        )
    return token


def _secret(given: Mapping[str, str], key: str, file_key: str) -> tuple[str, str | None]:
    """A secret, and the key that it came by: its own, or that of a file."""
    path = given.get(file_key)
    if path is None:
        return key, given.get(key)
    if key in given:
        raise SettingsError(f"{key} and {file_key} are both set; keep one of them.")
    return file_key, _read(file_key, path)


def _read(key: str, path: str) -> str:
    try:
        return Path(path).expanduser().read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise SettingsError(f"{key}: {path} cannot be read: {reason}.") from error


def _switch(given: Mapping[str, str], key: str) -> bool:
    value = given.get(key, "off")
    if value.lower() not in ("on", "off"):
        raise SettingsError(f"{key} must be on or off, not {value!r}.")
    return value.lower() == "on"


def _address(given: Mapping[str, str], key: str, default: str) -> str:
    address = given.get(key, default)
    if not address.startswith(("https://", "http://")):
        raise SettingsError(f"{key} must begin with https:// or http://, not {address!r}.")
    return address


def _webhook(given: Mapping[str, str]) -> WebhookSettings | None:
    url = given.get("ASCN_BOT_WEBHOOK_URL")
    if url is None:
        return None
    if not _WEBHOOK_URL.fullmatch(url):
        raise SettingsError(f"ASCN_BOT_WEBHOOK_URL must be like https://bot.example.org/telegram, not {url!r}.")
    key, secret = _secret(given, "ASCN_BOT_WEBHOOK_SECRET", "ASCN_BOT_WEBHOOK_SECRET_FILE")
    if secret is None or not _WEBHOOK_SECRET.fullmatch(secret):
        raise SettingsError(
            f"{key} must hold 32 to 256 of A-Z, a-z, 0-9, _ and - where ASCN_BOT_WEBHOOK_URL is set; "
            "`openssl rand -hex 32` makes one."
        )
    return WebhookSettings(url, secret, _listen(given, "ASCN_BOT_WEBHOOK_LISTEN", DEFAULT_LISTEN))


def _listen(given: Mapping[str, str], key: str, default: str) -> Address:
    value = given.get(key, default)
    found = re.fullmatch(r"([^\s:/]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})", value, re.ASCII)
    if found is None or not 0 < int(found[2]) < 65536:
        raise SettingsError(f"{key} must be a host and a port such as {default}, not {value!r}.")
    return Address(found[1].strip("[]"), int(found[2]))


def _networks(given: Mapping[str, str], key: str, default: tuple[str, ...]) -> tuple[str, ...]:
    if key not in given:
        return default
    networks = tuple(part for part in re.split(r"[\s,;]+", given[key]) if part)
    for part in networks:
        try:
            ip_network(part)
        except ValueError as error:
            raise SettingsError(
                f"{key} must be addresses or networks separated by commas, such as 172.16.0.0/12; {part!r} is none."
            ) from error
    return networks


def _public_url(given: Mapping[str, str]) -> str | None:
    url = given.get("ASCN_BOT_PUBLIC_URL")
    if url is None:
        return None
    if not _PUBLIC_URL.fullmatch(url):
        raise SettingsError(f"ASCN_BOT_PUBLIC_URL must be like https://bot.example.org, without a path, not {url!r}.")
    if "ASCN_BOT_WEB" not in given:
        raise SettingsError(
            "ASCN_BOT_PUBLIC_URL leads nowhere without ASCN_BOT_WEB; "
            f"set that to where to listen, such as {DEFAULT_WEB}."
        )
    return url.rstrip("/")


def _subject(given: Mapping[str, str]) -> Subject | None:
    if "ASCN_BOT_SUBJECT" not in given:
        return None
    try:
        return read_subject(given["ASCN_BOT_SUBJECT"])
    except SubjectError as error:
        raise SettingsError(f"ASCN_BOT_SUBJECT must be like Penang Hill | ms: Bukit Bendera: {error}.") from error


def read_admins(value: str) -> frozenset[int]:
    """The ids in a list of them; raises SettingsError."""
    ids = [part for part in re.split(r"[\s,;]+", value) if part]
    for part in ids:
        if not re.fullmatch(r"[1-9]\d{0,19}", part, re.ASCII):
            raise SettingsError(f"ASCN_BOT_ADMINS must be numeric user ids separated by commas; {part!r} is none.")
        if int(part) in SHARED_ACCOUNTS:
            raise SettingsError(f"ASCN_BOT_ADMINS must not name {part}, an account under which many people act.")
    return frozenset(map(int, ids))


def _minutes(given: Mapping[str, str], key: str, default: timedelta) -> timedelta:
    value = given.get(key)
    if value is None:
        return default
    if not re.fullmatch(r"[1-9]\d{0,5}", value, re.ASCII):
        raise SettingsError(f"{key} must be a whole number of minutes from 1, not {value!r}.")
    return timedelta(minutes=int(value))


def _days(given: Mapping[str, str], key: str, default: int) -> int:
    value = given.get(key, str(default))
    if not re.fullmatch(r"\d{1,4}", value, re.ASCII):
        raise SettingsError(f"{key} must be a whole number of days, 0 for none, not {value!r}.")
    return int(value)


def _number(given: Mapping[str, str], key: str, default: int) -> int:
    value = given.get(key, str(default))
    if not re.fullmatch(r"\d{1,4}", value, re.ASCII):
        raise SettingsError(f"{key} must be a whole number, not {value!r}.")
    return int(value)


def _log_level(value: str) -> str:
    if value.upper() not in _LOG_LEVELS:
        raise SettingsError(f"ASCN_BOT_LOG_LEVEL must be one of {', '.join(_LOG_LEVELS)}, not {value!r}.")
    return value.upper()


def _log_format(value: str) -> str:
    if value.lower() not in _LOG_FORMATS:
        raise SettingsError(f"ASCN_BOT_LOG_FORMAT must be one of {', '.join(_LOG_FORMATS)}, not {value!r}.")
    return value.lower()
