"""What can be typed on a command line."""

import argparse
from pathlib import Path

from bot.version import version


def parser() -> argparse.ArgumentParser:
    """What can be typed, and what `--help` says of it."""
    usage = argparse.ArgumentParser(
        prog="ascn-bot",
        description="Answers questions about the ASEAN Smart Cities Network with dated, sourced quotes. Without a "
        "command: serves Telegram where TELEGRAM_BOT_TOKEN is set, and otherwise opens a conversation here.",
        epilog="Exit codes: 0 done or found, 1 nothing found, 2 wrong usage, setting or corpus, "
        "3 Telegram gives this process nothing any more.",
    )
    usage.set_defaults(command="", corpus=None)
    usage.add_argument("--version", action="version", version=f"ascn-bot {version()}")
    commands = usage.add_subparsers(title="commands", metavar="COMMAND")
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
    return usage


def _positive(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1, not {value!r}")
    return int(value)
