"""The command line: does what was typed, and exits as that ended."""

import argparse
import asyncio
import gc
import io
import os
import sys
from contextlib import closing

from dotenv import dotenv_values

from bot import logs
from bot.console.exits import CANNOT_GO_ON, FOUND, NOT_FOUND, USAGE, UsageError
from bot.console.usage import parser
from bot.corpus.nursery import EditionFailedError, Nursery
from bot.settings import Settings, SettingsError
from bot.storage.data_folder import DataFolderError
from bot.storage.database import DatabaseError
from retrieval.corpus.records import CorpusError


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    _show_what_can_be_shown()
    options = parser().parse_args(arguments)
    try:
        code = _done(options)
        sys.stdout.flush()
    except (SettingsError, CorpusError, EditionFailedError, DataFolderError, DatabaseError, UsageError) as error:
        return _wrong(str(error))
    except (BrokenPipeError, KeyboardInterrupt):
        _forget_output()
        return NOT_FOUND
    except OSError as error:
        _forget_output()
        return _wrong(f"Input or output failed: {error.strerror or error}.")
    return code


def _done(options: argparse.Namespace) -> int:
    """Each command imports what it needs: one would wait as long for what the others need as for its own."""
    if options.command == "completion":  # a shell's start must not hang on the settings of the folder it begins in
        from bot.console.completion import script

        sys.stdout.write(script(options.shell))
        return FOUND
    settings = Settings.from_environment({**_dotenv(), **os.environ})
    if options.command == "health":
        return _health(settings)
    if options.command == "run" or (not options.command and settings.token):
        return _run(settings)
    from bot.console.commands import COMMANDS

    return COMMANDS[options.command or "chat"](settings, options)


def _run(settings: Settings) -> int:
    if settings.token is None:
        raise SettingsError("TELEGRAM_BOT_TOKEN is not set; ask @BotFather for a token and put it in .env.")
    secrets = [settings.token, *([settings.webhook.secret] if settings.webhook else [])]
    logs.configure(settings.log_level, settings.log_format, secrets)
    # Begun first: what it imports and what is imported here take about as long.
    with closing(Nursery(settings.log_level, settings.log_format)) as nursery:
        gc.disable()  # what is imported stays: to go through it again and again would only take time
        # As where httpx comes without its extra `cli`, which brings rich: 5 MB and a twentieth of the start.
        sys.modules["httpx._main"] = None  # type: ignore[assignment]
        from telegram.error import InvalidToken

        from bot.application import run
        from bot.delivery.receiving import ReceivingError

        gc.freeze()
        gc.enable()
        try:
            asyncio.run(run(settings, nursery))
        except ReceivingError as error:
            return _wrong(str(error), CANNOT_GO_ON)
        except InvalidToken:
            # Its own message holds the token.
            return _wrong("TELEGRAM_BOT_TOKEN is not known to Telegram; ask @BotFather for it.")
    return FOUND


def _health(settings: Settings) -> int:
    if settings.web is None:
        raise UsageError("ASCN_BOT_WEB is not set; a bot can be asked how it is only where it says at that address.")
    from bot.console.probe import NotReadyError, probe

    try:
        probe(settings.web)
    except NotReadyError as error:
        return _wrong(str(error), NOT_FOUND)
    sys.stdout.write("ready\n")
    return FOUND


def _wrong(sentence: str, code: int = USAGE) -> int:
    print(f"ascn-bot: {sentence}", file=sys.stderr)  # noqa: T201
    return code


def _show_what_can_be_shown() -> None:
    """Lets an output that knows no Vietnamese or Chinese show marks instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _forget_output() -> None:
    """Lets the interpreter end without trying once more to write what could not be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _dotenv() -> dict[str, str | None]:
    try:
        return dotenv_values(".env")
    except UnicodeDecodeError as error:
        raise SettingsError("The file .env is not UTF-8 text; save it as UTF-8.") from error
    except OSError as error:
        raise SettingsError(f"The file .env cannot be read: {error.strerror}.") from error


if __name__ == "__main__":
    sys.exit(main())
