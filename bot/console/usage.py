"""What can be typed on a command line, told once: `--help`, completion and the man page all say it from here."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.console.exits import MEANINGS
from bot.version import version

EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "": {
        "ascn-bot": "serves Telegram where there is a token; otherwise a conversation here",
        "ascn-bot --version": "which version this is, and of which commit",
        "ascn-bot ask --help": "what can be typed behind ask",
    },
    "chat": {
        "ascn-bot chat": "about the articles of ASCN_BOT_CORPUS",
        "ascn-bot chat --corpus articles": "about those in another folder",
    },
    "ask": {
        'ascn-bot ask "ASCN được thành lập khi nào?"': "one answer",
        'ascn-bot ask --json --top 1 "平阳共有多少个投资项目"': "the best quote as JSON, for scripts",
        'ascn-bot ask --explain "Becamex IDC"': "why this passage: each term's share, what was weighed",
        "ascn-bot ask --json --batch questions.jsonl > answers.jsonl": "a file of questions, one answer a line",
    },
    "run": {
        "ascn-bot run": "with the token of TELEGRAM_BOT_TOKEN, or of .env",
        "TELEGRAM_BOT_TOKEN_FILE=/run/secrets/token ascn-bot run": "with a token that stands in a file",
    },
    "new": {
        "ascn-bot new library": "asks for what it needs, and makes a folder for articles of your own",
        'ascn-bot new library --name "Penang Hill" --languages en,ms,zh': "the same without being asked",
    },
    "check": {
        "ascn-bot check": "what would be served, and what was left out and why",
        "ascn-bot check --corpus articles": "the same of another folder, before it is served",
    },
    "evaluate": {
        "ascn-bot evaluate questions.jsonl": "how many are answered rightly, by language, and what went worst",
        "ascn-bot evaluate questions.jsonl --chart shares.svg --floor .8": "the same as a picture, and as a gate",
    },
    "backup": {
        "ascn-bot backup": "today's, into the folder of backups",
        "ascn-bot backup kept.sqlite3": "into a new file",
    },
    "restore": {
        "ascn-bot restore kept.sqlite3": "that copy in the database's place, while the bot does not run",
    },
    "health": {
        "ascn-bot health": "exits with 0 where the bot is ready, and says otherwise what is not",
        "ASCN_BOT_WEB=127.0.0.1:8080 ascn-bot health": "the same of the bot that listens there",
    },
    "completion": {
        'eval "$(ascn-bot completion bash)"': "in ~/.bashrc; zsh the same in ~/.zshrc, below compinit",
        "ascn-bot completion fish > ~/.config/fish/completions/ascn-bot.fish": "for fish",
    },
}
"""By command, and without one: lines that can be typed, and what each is for."""

SHELLS = ("bash", "zsh", "fish")


class _Version(argparse.Action):
    """Shows which version this is; looked up only when asked for, unlike argparse's own."""

    def __call__(self, parser: argparse.ArgumentParser, *asked: object) -> None:
        sys.stdout.write(f"ascn-bot {version()}\n")
        parser.exit()


class _Layout(argparse.HelpFormatter):
    """Wraps paragraphs, and leaves lines that begin with a blank as they stand."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        # argparse forgets that commands stand further in than options.
        self._action_max_length = 14

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lines = text.splitlines()
        return "\n".join(
            line if line[:1] in ("", " ") else super(_Layout, self)._fill_text(line, width, indent) for line in lines
        )


def parser() -> argparse.ArgumentParser:
    """Reads a command line into its `command` and that command's arguments; ends the process where it cannot."""
    usage = argparse.ArgumentParser(
        prog="ascn-bot",
        description="Answers questions with dated, sourced quotes from a folder of articles; those that come with it "
        "are about the ASEAN Smart Cities Network. Without a command: serves Telegram where TELEGRAM_BOT_TOKEN is set, "
        "and otherwise opens a conversation here.",
        epilog="\n\n".join([_examples(""), _exit_codes()]),
        formatter_class=_Layout,
    )
    usage.set_defaults(command="", corpus=None)
    usage.add_argument("--version", action=_Version, nargs=0, help="show the version")
    commands = usage.add_subparsers(title="commands", metavar="COMMAND")

    def command(name: str, does: str, more: str = "", *parents: argparse.ArgumentParser) -> argparse.ArgumentParser:
        """A command, what it does in a line of the list of all, and what else its own help says."""
        added = commands.add_parser(
            name,
            parents=parents,
            help=does,
            description=f"{does[0].upper()}{does[1:]}. {more}".strip(),
            epilog=_examples(name),
            formatter_class=_Layout,
        )
        added.set_defaults(command=name)
        return added

    corpus = argparse.ArgumentParser(add_help=False)
    corpus.add_argument("--corpus", type=Path, metavar="DIR", help="folder of articles, instead of ASCN_BOT_CORPUS")

    command("chat", "a conversation in the terminal", "Ctrl+D ends it.", corpus)

    ask = command(
        "ask",
        "answer one question, or a file of them",
        "Exits with 1 where the articles hold no answer to the one question.",
        corpus,
    )
    ask.add_argument("question", nargs="*", metavar="QUESTION", help="in any of the bot's languages")
    ask.add_argument(
        "--batch", type=Path, metavar="FILE", help='questions, one JSON object a line: {"id": …, "text": …}'
    )
    ask.add_argument("--json", action="store_true", help="one JSON object a line instead of text")
    ask.add_argument("--top", type=_positive, default=3, metavar="N", help="how many quotes at most (default 3)")
    ask.add_argument("--always", action="store_true", help="show the best quotes even where they are no evidence")
    ask.add_argument("--explain", action="store_true", help="show each term's share of the score")

    command("run", "serve Telegram", "Ends with 0 on SIGTERM or Ctrl+C, once what is in hand is answered.")

    new = command("new", "make a folder for articles of your own", "Asks what is not given; overwrites nothing.")
    new.add_argument("folder", type=Path, metavar="FOLDER", help="a new folder, or one that lacks some of it")
    new.add_argument("--name", metavar="NAME", help="what the articles are about (default: the folder's name)")
    new.add_argument("--languages", metavar="CODES", help="of the articles and of those who ask, as in en,ms,zh")
    new.add_argument("--admins", metavar="IDS", help="numeric Telegram user ids of the administrators, with commas")

    command("check", "validate settings and corpus", "Exits with 2 where a file of the corpus cannot be used.", corpus)

    evaluate = command(
        "evaluate",
        "tell how well questions of your own are answered",
        'Each line of QUESTIONS is a JSON object: "id", "text", "document" (the name of the file that answers, without '
        'its ending; a list of such; or null where none does), and as you like "answer" (words that the quote must '
        'hold, or a list of which it must hold one) and "lang".',
        corpus,
    )
    evaluate.add_argument("questions", type=Path, metavar="QUESTIONS", help="the file")
    evaluate.add_argument("--json", action="store_true", help="one JSON object with the figures and every question")
    evaluate.add_argument("--chart", type=Path, metavar="FILE", help="also draw the figures, as SVG")
    evaluate.add_argument(
        "--floor", type=_share, metavar="SHARE", help="exit with 1 where fewer first quotes are right, as in .8"
    )

    backup = command("backup", "copy the database, also while the bot runs")
    backup.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="a new file, instead of the folder of backups"
    )

    restore = command("restore", "put a backup in the place of the database", "The one before is kept beside it.")
    restore.add_argument("file", type=Path, metavar="FILE", help="the backup")

    command("health", "ask a running bot whether it is ready", "It is asked at the address of ASCN_BOT_WEB.")

    completion = command("completion", "print what has a shell complete commands, options and files")
    completion.add_argument("shell", choices=SHELLS, help="the shell")
    return usage


def _examples(command: str) -> str:
    return "\n".join(["examples:", *(f"  {line}\n      {meaning}" for line, meaning in EXAMPLES[command].items())])


def _exit_codes() -> str:
    return "\n".join(["exit codes:", *(f"  {code}  {meaning}" for code, meaning in MEANINGS.items())])


def _share(value: str) -> float:
    try:
        share = float(value)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"must be a number from 0 to 1, such as .8, not {value!r}")
    return share


def _positive(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1, not {value!r}")
    return int(value)
