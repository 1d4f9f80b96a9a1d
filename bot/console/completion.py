"""What has a shell complete what can be typed."""

import argparse

import shtab

from bot.console.usage import parser

_BY_METAVAR = {
    "DIR": shtab.DIRECTORY,
    "FILE": shtab.FILE,
    # Nothing, said so: otherwise zsh offers no options where a question may stand.
    "QUESTION": {"zsh": "( )"},
}


def script(shell: str) -> str:
    """What `shell`, one of SHELLS, has to read for it."""
    usage = parser()
    _prepare(usage)
    return shtab.complete(usage, shell)


def _prepare(usage: argparse.ArgumentParser) -> None:
    """Has files and folders completed as such, and commands listed with the one line that `--help` has for each."""
    for action in usage._actions:
        if action.metavar in _BY_METAVAR:
            action.complete = _BY_METAVAR[action.metavar]  # type: ignore[attr-defined]
        if isinstance(action, argparse._SubParsersAction):
            for listed in action._choices_actions:
                command = action.choices[listed.dest]
                command.description = listed.help
                _prepare(command)
