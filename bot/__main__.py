"""The command line: what each command reads, and how it exits."""

import argparse
import asyncio
import io
import os
import sys
from contextlib import closing
from pathlib import Path

from dotenv import dotenv_values

from bot import logs
from bot.corpus.nursery import EditionFailedError, Nursery
from bot.exits import CANNOT_GO_ON, FOUND, NOT_FOUND, USAGE, UsageError
from bot.settings import Settings, SettingsError
from bot.storage.data_folder import DataFolderError
from bot.storage.database import DatabaseError
from bot.version import version
from retrieval.corpus.records import CorpusError


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    _show_what_can_be_shown()
    options = _parser().parse_args(arguments)
    try:
        settings = Settings.from_environment({**_dotenv(), **os.environ})
        code = _done(settings, options)
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


def _done(settings: Settings, options: argparse.Namespace) -> int:
    """Each command imports what it needs: one would wait as long for what the others need as for its own."""
    if options.command == "run" or (not options.command and settings.token):
        return _run(settings)
    from bot.commands import COMMANDS

    return COMMANDS[options.command or "chat"](settings, options)


def _run(settings: Settings) -> int:
    if settings.token is None:
        raise SettingsError("TELEGRAM_BOT_TOKEN is not set; ask @BotFather for a token and put it in .env.")
    secrets = [settings.token, *([settings.webhook.secret] if settings.webhook else [])]
    logs.configure(settings.log_level, settings.log_format, secrets)
    # Begun first: what it imports and what is imported here take about as long.
    with closing(Nursery(settings.log_level, settings.log_format)) as nursery:
        from telegram.error import InvalidToken

        from bot.application import run
        from bot.delivery.receiving import ReceivingError

        try:
            asyncio.run(run(settings, nursery))
        except ReceivingError as error:
            return _wrong(str(error), CANNOT_GO_ON)
        except InvalidToken:
            # Its own message holds the token.
            return _wrong("TELEGRAM_BOT_TOKEN is not known to Telegram; ask @BotFather for it.")
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ascn-bot",
        description="Answers questions about the ASEAN Smart Cities Network with dated, sourced quotes. Without a "
        "command: serves Telegram where TELEGRAM_BOT_TOKEN is set, and otherwise opens a conversation here.",
        epilog="Exit codes: 0 done or found, 1 nothing found, 2 wrong usage, setting or corpus, "
        "3 Telegram gives this process nothing any more.",
    )
    parser.set_defaults(command="", corpus=None)
    parser.add_argument("--version", action="version", version=f"ascn-bot {version()}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    corpus = argparse.ArgumentParser(add_help=False)
    corpus.add_argument("--corpus", type=Path, metavar="DIR", help="folder of articles, instead of ASCN_BOT_CORPUS")

    chat = commands.add_parser("chat", parents=[corpus], help="a conversation in the terminal")
    chat.set_defaults(command="chat")

    ask = commands.add_parser("ask", parents=[corpus], help="answer one question, or a file of them")
    ask.add_argument("question", nargs="*", metavar="QUESTION")
    ask.add_argument(
        "--batch", type=Path, metavar="FILE", help='questions, one JSON object a line: {"id": …, "text": …}'
    )
    ask.add_argument("--json", action="store_true", help="one JSON object a line instead of text")
    ask.add_argument("--top", type=_positive, default=3, metavar="N", help="how many quotes at most (default 3)")
    ask.add_argument("--always", action="store_true", help="show the best quotes even where they are no evidence")
    ask.add_argument("--explain", action="store_true", help="show each term's share of the score")
    ask.set_defaults(command="ask")

    serve = commands.add_parser("run", help="serve Telegram")
    serve.set_defaults(command="run")

    check = commands.add_parser("check", parents=[corpus], help="validate settings and corpus")
    check.set_defaults(command="check")

    backup = commands.add_parser("backup", help="copy the database, also while the bot runs")
    backup.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="a new file, instead of the folder of backups"
    )
    backup.set_defaults(command="backup")

    restore = commands.add_parser("restore", help="put a backup in the place of the database")
    restore.add_argument("file", type=Path, metavar="FILE", help="the backup")
    restore.set_defaults(command="restore")
    return parser


def _positive(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1, not {value!r}")
    return int(value)


if __name__ == "__main__":
    sys.exit(main())
