"""The command line: what each command reads and prints, and how it exits."""

import argparse
import asyncio
import io
import json
import os
import sys
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from telegram.error import InvalidToken

from bot import logs, terminal
from bot.application import run
from bot.corpus.editions import Edition, build_edition, finds_by_meaning
from bot.corpus.nursery import EditionFailedError
from bot.corpus.snapshots import Snapshots
from bot.corpus.vectors import VectorStore
from bot.delivery.receiving import ReceivingError
from bot.settings import Settings, SettingsError
from bot.speech.phrases import phrases, reply_language
from bot.storage import data_folder, recovery
from bot.storage.backups import Backups, copy
from bot.storage.changes import amendments_in
from bot.storage.data_folder import DataFolderError
from bot.storage.database import DatabaseError
from retrieval.corpus.folder import CorpusError

FOUND, NOT_FOUND, USAGE, CANNOT_GO_ON = 0, 1, 2, 3


_BY_WORDS = "Searching by words alone; with the extra `semantic` it finds by meaning, too (see the README)."


class UsageError(Exception):
    """Raised when a command is given something it cannot use; the message is one sentence."""


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    _show_what_can_be_shown()
    options = _parser().parse_args(arguments)
    try:
        settings = Settings.from_environment({**_dotenv(), **os.environ})
        code: int = options.run(settings, options)
        sys.stdout.flush()
    except (SettingsError, CorpusError, EditionFailedError, DataFolderError, DatabaseError, UsageError) as error:
        return _wrong(str(error))
    except ReceivingError as error:
        return _wrong(str(error), CANNOT_GO_ON)
    except InvalidToken:
        # Its own message holds the token.
        return _wrong("TELEGRAM_BOT_TOKEN is not known to Telegram; ask @BotFather for it.")
    except (BrokenPipeError, KeyboardInterrupt):
        _forget_output()
        return NOT_FOUND
    except OSError as error:
        _forget_output()
        return _wrong(f"Input or output failed: {error.strerror or error}.")
    return code


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


def _version() -> str:
    try:
        return metadata.version("ascn-bot")
    except metadata.PackageNotFoundError:
        return "not installed"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ascn-bot",
        description="Answers questions about the ASEAN Smart Cities Network with dated, sourced quotes. Without a "
        "command: serves Telegram where TELEGRAM_BOT_TOKEN is set, and otherwise opens a conversation here.",
        epilog="Exit codes: 0 done or found, 1 nothing found, 2 wrong usage, setting or corpus, "
        "3 Telegram gives this process nothing any more.",
    )
    parser.set_defaults(run=_start, corpus=None)
    parser.add_argument("--version", action="version", version=f"ascn-bot {_version()}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    corpus = argparse.ArgumentParser(add_help=False)
    corpus.add_argument("--corpus", type=Path, metavar="DIR", help="folder of articles, instead of ASCN_BOT_CORPUS")

    chat = commands.add_parser("chat", parents=[corpus], help="a conversation in the terminal")
    chat.set_defaults(run=_chat)

    ask = commands.add_parser("ask", parents=[corpus], help="answer one question, or a file of them")
    ask.add_argument("question", nargs="*", metavar="QUESTION")
    ask.add_argument(
        "--batch", type=Path, metavar="FILE", help='questions, one JSON object a line: {"id": …, "text": …}'
    )
    ask.add_argument("--json", action="store_true", help="one JSON object a line instead of text")
    ask.add_argument("--top", type=_positive, default=3, metavar="N", help="how many quotes at most (default 3)")
    ask.add_argument("--always", action="store_true", help="show the best quotes even where they are no evidence")
    ask.add_argument("--explain", action="store_true", help="show each term's share of the score")
    ask.set_defaults(run=_ask)

    serve = commands.add_parser("run", help="serve Telegram")
    serve.set_defaults(run=_run)

    check = commands.add_parser("check", parents=[corpus], help="validate settings and corpus")
    check.set_defaults(run=_check)

    backup = commands.add_parser("backup", help="copy the database, also while the bot runs")
    backup.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="a new file, instead of the folder of backups"
    )
    backup.set_defaults(run=_backup)

    restore = commands.add_parser("restore", help="put a backup in the place of the database")
    restore.add_argument("file", type=Path, metavar="FILE", help="the backup")
    restore.set_defaults(run=_restore)
    return parser


def _positive(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1, not {value!r}")
    return int(value)


def _start(settings: Settings, options: argparse.Namespace) -> int:
    return _run(settings, options) if settings.token else _chat(settings, options)


def _run(settings: Settings, options: argparse.Namespace) -> int:
    if settings.token is None:
        raise SettingsError("TELEGRAM_BOT_TOKEN is not set; ask @BotFather for a token and put it in .env.")
    secrets = [settings.token, *([settings.webhook.secret] if settings.webhook else [])]
    logs.configure(settings.log_level, settings.log_format, secrets)
    asyncio.run(run(settings))
    return FOUND


def _chat(settings: Settings, options: argparse.Namespace) -> int:
    screen = terminal.console()
    if not finds_by_meaning():
        screen.print(_BY_WORDS, style="dim")
    edition = _edition(settings, options)
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    terminal.converse(edition, screen, terminal.read_questions(screen), locale, live=settings.token is not None)
    return FOUND


def _ask(settings: Settings, options: argparse.Namespace) -> int:
    question = " ".join(options.question).strip()
    if bool(question) == bool(options.batch):
        raise UsageError("ask needs a QUESTION or --batch FILE, and not both.")
    rows = [{"text": question}] if question else list(_batch(options.batch))
    edition = _edition(settings, options)
    found = [_answer_row(edition, row, options) for row in rows]
    return FOUND if options.batch or found == [True] else NOT_FOUND


def _answer_row(edition: Edition, row: dict[str, Any], options: argparse.Namespace) -> bool:
    began = time.perf_counter()
    answer = edition.answerer.answer(row["text"], options.top)
    milliseconds = (time.perf_counter() - began) * 1000
    if options.json:
        identity = {"id": row["id"]} if "id" in row else {}
        terminal.print_json({**identity, **terminal.answer_json(answer, milliseconds, options.always, options.explain)})
        return answer.found
    screen = terminal.console()
    words = phrases(reply_language(None, answer.question.language, None))
    screen.print(terminal.render(answer, words, screen.width, options.always))
    if options.explain:
        screen.print(terminal.explain(answer))
    return answer.found


def _batch(path: Path) -> Iterator[dict[str, Any]]:
    try:
        # Not splitlines: JSON may hold signs that Python takes for ends of lines.
        lines = path.read_bytes().decode("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--batch {path} cannot be read as UTF-8 text: {error}.") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _batch_row(path, number, line)


def _batch_row(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise UsageError(f"--batch {path}, line {number} is not JSON: {error}.") from error
    if not isinstance(row, dict) or "id" not in row or not isinstance(row.get("text"), str):
        raise UsageError(f'--batch {path}, line {number} must be an object with "id" and "text".')
    return row


def _check(settings: Settings, options: argparse.Namespace) -> int:
    screen = terminal.console()
    screen.print(f"Settings are valid. Corpus: {options.corpus or settings.corpus}")
    edition = _edition(settings, options)
    screen.print(terminal.check_report(edition))
    return USAGE if edition.problems else FOUND


def _backup(settings: Settings, options: argparse.Namespace) -> int:
    file: Path | None = options.file
    if not settings.database.exists():
        raise UsageError(f"There is no database {settings.database} yet.")
    if file is not None and file.exists():
        raise UsageError(f"{file} exists already; name a new file.")
    if file is None:
        file = Backups(settings.database, settings.keep_backups).write()
    else:
        copy(settings.database, file)
    terminal.console().print(f"Backup written: {file}", soft_wrap=True, markup=False)
    return FOUND


def _restore(settings: Settings, options: argparse.Namespace) -> int:
    with data_folder.in_use(settings.data):
        replaced = recovery.restore(settings.database, options.file)
    kept = f" The one before stands beside it as {replaced.name}." if replaced else ""
    terminal.console().print(f"Restored: {settings.database}.{kept}", soft_wrap=True, markup=False)
    return FOUND


def _edition(settings: Settings, options: argparse.Namespace) -> Edition:
    """The corpus, as it was kept or read and indexed anew, with a sign of life on a terminal meanwhile."""
    status = terminal.console(stderr=True).status("Reading the articles…")
    vectors = VectorStore(settings.vectors)

    def tell(done: int, total: int) -> None:
        status.update(f"Reading the articles: {done} of {total} files or passages…")

    with status:
        if options.corpus:
            return build_edition(options.corpus, vectors, tell)
        snapshots = Snapshots(settings.snapshot)
        kept = snapshots.load()
        amendments = amendments_in(settings.database, settings.added)
        edition = build_edition(settings.corpus, vectors, tell, amendments, kept)
        if edition is not kept:
            edition.prepare()
            snapshots.save(edition)
        return edition


if __name__ == "__main__":
    sys.exit(main())
