"""The man page, from what `--help` and the README's table of settings say.

python -m deploy.release.manual > docs/ascn-bot.1
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.console.exits import MEANINGS
from bot.console.usage import EXAMPLES, parser

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "ascn-bot.1"

_ESCAPED = str.maketrans({"\\": r"\e", "-": r"\-", "~": r"\(ti", "'": r"\(aq"})
"""Typographers' signs are what groff would make of these, and no shell knows them."""


def page() -> str:
    """The page in the man macros; it names neither version nor day, so that it changes only with what it says."""
    return "\n".join(_lines(parser(), (ROOT / "README.md").read_text("utf-8"))) + "\n"


def _lines(usage: argparse.ArgumentParser, readme: str) -> Iterator[str]:
    yield '.\\" Written by `make manual` from what --help and the README say.'
    yield '.TH ASCN\\-BOT 1 "" ascn\\-bot "User Commands"'
    yield from (".SH NAME", r"ascn\-bot \- answers questions about the ASEAN Smart Cities Network with quotes")
    yield from (".SH SYNOPSIS", r"\fBascn\-bot\fR [\fICOMMAND\fR [\fIARGUMENT\fR \.\.\.]]")
    yield from (".SH DESCRIPTION", _text(usage.description))
    yield from _options(usage)
    yield ".SH COMMANDS"
    for action in usage._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                yield from _command(name, command)
    yield ".SH EXIT STATUS"
    for code, meaning in MEANINGS.items():
        yield from _item(f"\\fB{code}\\fR", meaning)
    yield from (".SH ENVIRONMENT", _text("Each may stand in a file .env of the working folder, too."))
    for key, default, meaning in re.findall(r"^\| `([A-Z_]+)` \| (.*?) \| (.*) \|$", readme, re.MULTILINE):
        yield from _item(f"\\fB{_text(key)}\\fR", f"{meaning}; default: {default}" if default != "–" else meaning)
    yield ".SH EXAMPLES"
    yield from _examples("")


def _command(name: str, command: argparse.ArgumentParser) -> Iterator[str]:
    shown = [_shown(action) for action in command._actions if "--help" not in action.option_strings]
    yield f".SS {_text(name)}"
    yield " ".join([f"\\fBascn\\-bot {_text(name)}\\fR", *shown])
    yield from (".PP", _text(command.description))
    yield from _options(command)
    yield from (".PP", "Examples:")
    yield from _examples(name)


def _options(command: argparse.ArgumentParser) -> Iterator[str]:
    """What each argument means, but for commands, which have a section of their own."""
    for action in command._actions:
        if not isinstance(action, argparse._SubParsersAction | argparse._HelpAction):
            names = ", ".join(f"\\fB{_text(option)}\\fR" for option in action.option_strings)
            yield from _item(" ".join(filter(None, [names, _value(action)])), action.help)


def _shown(action: argparse.Action) -> str:
    """An argument as the line shows it on which it can be typed."""
    value = f"{_value(action)} \\.\\.\\." if action.nargs == "*" else _value(action)
    if action.option_strings:
        return f"[\\fB{_text(action.option_strings[0])}\\fR{' ' * bool(value)}{value}]"
    return f"[{value}]" if action.nargs in ("*", "?") else value


def _value(action: argparse.Action) -> str:
    if action.nargs == 0:
        return ""
    return f"\\fI{_text(action.metavar or '|'.join(action.choices or ()))}\\fR"


def _examples(command: str) -> Iterator[str]:
    for line, meaning in EXAMPLES[command].items():
        yield from _item(f"\\fB{_text(line)}\\fR", meaning)


def _item(term: str, meaning: str | None) -> Iterator[str]:
    yield from (".TP", term, _text(meaning))


def _text(text: object) -> str:
    """Words without Markdown's signs, each other sign as it stands."""
    plain = re.sub(r"\[([^]]+)\]\([^)]+\)|`", r"\1", str(text or "")).translate(_ESCAPED)
    return f"\\&{plain}" if plain.startswith(".") else plain


if __name__ == "__main__":
    sys.stdout.write(page())
