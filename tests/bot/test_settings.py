"""Settings are read once; a wrong one is a sentence that names its key."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.settings import DEFAULT_CORPUS, Address, Settings, SettingsError, WebhookSettings

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz_012345"
URL, SECRET = "https://bot.example.org/telegram", "s3cret_of-the-webhook_0123456789"


def test_without_any_setting_the_seeds_are_served_in_the_terminal() -> None:
    assert Settings.from_environment({}) == Settings()
    assert Settings().corpus == DEFAULT_CORPUS
    assert Settings().token is None


def test_every_setting_is_read() -> None:
    assert Settings.from_environment(
        {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_BASE_URL": "http://127.0.0.1:8081/bot",
            "TELEGRAM_BASE_FILE_URL": "http://127.0.0.1:8081/file/bot",
            "ASCN_BOT_ADMINS": "42, 4711",
            "ASCN_BOT_CORPUS": "/srv/articles",
            "ASCN_BOT_DATA": "/srv/data",
            "ASCN_BOT_KEEP": "0",
            "ASCN_BOT_KEEP_BACKUPS": "30",
            "ASCN_BOT_KEEP_UNANSWERED": "90",
            "ASCN_BOT_EPHEMERAL": "On",
            "ASCN_BOT_LOG_LEVEL": "debug",
            "ASCN_BOT_WEBHOOK_URL": URL,
            "ASCN_BOT_WEBHOOK_SECRET": SECRET,
            "ASCN_BOT_WEBHOOK_LISTEN": "[::1]:8080",
            "ASCN_BOT_LOG_FORMAT": "JSON",
            "ASCN_BOT_WEB": "0.0.0.0:8080",
            "ASCN_BOT_WEB_PROXY": "192.0.2.1, 172.16.0.0/12",
            "ASCN_BOT_PUBLIC_URL": "https://bot.example.org/",
        }
    ) == Settings(
        token=TOKEN,
        base_url="http://127.0.0.1:8081/bot",
        base_file_url="http://127.0.0.1:8081/file/bot",
        admins=frozenset({42, 4711}),
        corpus=Path("/srv/articles"),
        data=Path("/srv/data"),
        keep_backups=30,
        keep_unanswered=90,
        ephemeral=True,
        keep_changes=0,
        log_level="DEBUG",
        webhook=WebhookSettings(URL, SECRET, Address("::1", 8080)),
        log_format="json",
        web=Address("0.0.0.0", 8080),  # noqa: S104
        web_proxies=("192.0.2.1", "172.16.0.0/12"),
        public_url="https://bot.example.org",
    )


def test_an_empty_value_counts_as_absent() -> None:
    assert Settings.from_environment({"TELEGRAM_BOT_TOKEN": " ", "ASCN_BOT_CORPUS": "", "HOME": None}) == Settings()


def test_the_token_can_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    assert Settings.from_environment({"TELEGRAM_BOT_TOKEN_FILE": str(tmp_path / "token")}).token == TOKEN


def test_the_token_is_not_shown() -> None:
    assert TOKEN not in repr(Settings(token=TOKEN))


def test_a_webhook_listens_behind_a_proxy_and_its_secret_can_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    given = {"ASCN_BOT_WEBHOOK_URL": URL, "ASCN_BOT_WEBHOOK_SECRET_FILE": str(tmp_path / "secret")}
    settings = Settings.from_environment(given)
    assert settings.webhook == WebhookSettings(URL, SECRET, Address("127.0.0.1", 8443))
    assert SECRET not in repr(settings)


@pytest.mark.parametrize("secret", [None, "", SECRET[:-1], f"{SECRET} {SECRET}", f"{SECRET}é", SECRET * 9])
def test_a_webhook_needs_a_secret_that_nobody_guesses(secret: str | None) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment({"ASCN_BOT_WEBHOOK_URL": URL, "ASCN_BOT_WEBHOOK_SECRET": secret})
    assert str(raised.value) == (
        "ASCN_BOT_WEBHOOK_SECRET must hold 32 to 256 of A-Z, a-z, 0-9, _ and - where ASCN_BOT_WEBHOOK_URL is set; "
        "`openssl rand -hex 32` makes one."
    )


@pytest.mark.parametrize(
    "url", ["http://bot.example.org", "bot.example.org", "https://", "https://a:b@c.org", "https://[::"]
)
def test_telegram_posts_only_to_https(url: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment({"ASCN_BOT_WEBHOOK_URL": url, "ASCN_BOT_WEBHOOK_SECRET": SECRET})
    assert str(raised.value) == f"ASCN_BOT_WEBHOOK_URL must be like https://bot.example.org/telegram, not {url!r}."


@pytest.mark.parametrize(
    "listen", ["8443", "localhost", ":8443", "localhost:0", "localhost:65536", "::1:8443", "a b:1"]
)
def test_a_webhook_listens_on_a_host_and_a_port(listen: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment(
            {"ASCN_BOT_WEBHOOK_URL": URL, "ASCN_BOT_WEBHOOK_SECRET": SECRET, "ASCN_BOT_WEBHOOK_LISTEN": listen}
        )
    assert str(raised.value) == (
        f"ASCN_BOT_WEBHOOK_LISTEN must be a host and a port such as 127.0.0.1:8443, not {listen!r}."
    )


@pytest.mark.parametrize("url", ["http://bot.example.org", "https://bot.example.org/a", "https://a:b@c.org", "bot.org"])
def test_the_reader_has_a_public_address_without_a_path(url: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment({"ASCN_BOT_WEB": "127.0.0.1:8080", "ASCN_BOT_PUBLIC_URL": url})
    assert (
        str(raised.value) == f"ASCN_BOT_PUBLIC_URL must be like https://bot.example.org, without a path, not {url!r}."
    )


def test_a_public_address_needs_a_reader_behind_it() -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment({"ASCN_BOT_PUBLIC_URL": "https://bot.example.org"})
    assert "set that to where to listen, such as 127.0.0.1:8080" in str(raised.value)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("TELEGRAM_BOT_TOKEN", "hello", "TELEGRAM_BOT_TOKEN holds no bot token; copy it whole from @BotFather"),
        (
            "TELEGRAM_BOT_TOKEN_FILE",
            "/nowhere/token",
            "TELEGRAM_BOT_TOKEN_FILE: /nowhere/token cannot be read: No such",
        ),
        (
            "ASCN_BOT_WEB_PROXY",
            "nginx",
            "ASCN_BOT_WEB_PROXY must be addresses or networks separated by commas, such as 172.16.0.0/12; 'nginx' is",
        ),
        ("ASCN_BOT_EPHEMERAL", "yes", "ASCN_BOT_EPHEMERAL must be on or off, not 'yes'."),
        (
            "TELEGRAM_BASE_URL",
            "api.example",
            "TELEGRAM_BASE_URL must begin with https:// or http://, not 'api.example'.",
        ),
        (
            "ASCN_BOT_ADMINS",
            "@alice",
            "ASCN_BOT_ADMINS must be numeric user ids separated by commas; '@alice' is none.",
        ),
        ("ASCN_BOT_ADMINS", "7,1087968824", "ASCN_BOT_ADMINS must not name 1087968824, an account under which many"),
        ("ASCN_BOT_ADMINS", "777000", "ASCN_BOT_ADMINS must not name 777000, an account under which many people act."),
        ("ASCN_BOT_ADMINS", "136817688", "ASCN_BOT_ADMINS must not name 136817688, an account under which many people"),
        (
            "ASCN_BOT_ADMINS",
            "-1001234",
            "ASCN_BOT_ADMINS must be numeric user ids separated by commas; '-1001234' is none.",
        ),
        ("ASCN_BOT_KEEP", "ten", "ASCN_BOT_KEEP must be a whole number, not 'ten'."),
        ("ASCN_BOT_KEEP_BACKUPS", "-1", "ASCN_BOT_KEEP_BACKUPS must be a whole number of days, 0 for none, not '-1'."),
        ("ASCN_BOT_LOG_FORMAT", "xml", "ASCN_BOT_LOG_FORMAT must be one of text, json, not 'xml'."),
        ("ASCN_BOT_LOG_LEVEL", "loud", "ASCN_BOT_LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, not 'loud'."),
    ],
)
def test_a_wrong_value_is_one_sentence_that_names_the_key(key: str, value: str, said: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment({key: value})
    assert str(raised.value).startswith(said)
    assert "\n" not in str(raised.value)


def test_two_tokens_are_one_too_many(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="are both set"):
        Settings.from_environment({"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_BOT_TOKEN_FILE": str(tmp_path)})


def test_a_wrong_token_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment({"TELEGRAM_BOT_TOKEN": "123456789:AAtooshort"})
    assert "AAtooshort" not in str(raised.value)


def test_late_is_a_whole_number_of_minutes() -> None:
    assert Settings.from_environment({"ASCN_BOT_LATE_AFTER": "7"}).late_after == timedelta(minutes=7)
    for value in ("0", "-1", "1.5", "1234567", "\u0667", "soon"):
        with pytest.raises(SettingsError, match="ASCN_BOT_LATE_AFTER must be a whole number of minutes from 1"):
            Settings.from_environment({"ASCN_BOT_LATE_AFTER": value})
