"""A machine on which the runbook's commands are carried out as they stand, below a folder instead of the root.

What only a whole machine has is played: sudo does nothing of its own; systemctl, docker and kubectl begin and end the
bot, and carry out within its folders what they would have carried out within its container. Scripts, tar and the bot's
own commands are the real ones.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.deploy.test_deploy import BACKUP, unit_environment, unit_values

ROOT = Path(__file__).parents[2]
_MOVED = ("/opt/ascn-bot", "/var/lib/ascn-bot-backups", "/var/lib/ascn-bot", "/etc/ascn-bot")
_COMPOSE = r"docker compose --file deploy/compose\.yaml"
_KUBECTL = r"kubectl (?:--namespace ascn-bot )?"
_WITHIN = (
    re.compile(rf"{_COMPOSE} exec -T bot (.+)"),
    re.compile(rf"{_COMPOSE} run --rm -T --entrypoint (\S+) bot (.+)"),
    re.compile(rf"{_KUBECTL}exec (?:--stdin )?(?:deployment/ascn-bot|ascn-bot-maintenance) -- (.+)"),
)
_ENDS = (
    re.compile(r"systemctl (?:stop|disable --now) ascn-bot\b.*"),
    re.compile(rf"{_COMPOSE} stop bot"),
    re.compile(rf"{_KUBECTL}scale deployment/ascn-bot --replicas=0"),
)
_BEGINS = (
    re.compile(r"systemctl (?:start|enable --now) ascn-bot(?: .*)?"),
    re.compile(rf"{_COMPOSE} up --detach"),
    re.compile(rf"{_KUBECTL}scale deployment/ascn-bot --replicas=1"),
)
_ARCHIVES = re.compile(r"systemctl start ascn-bot-backup")
_PLAYED = (
    re.compile(rf"{_COMPOSE} build"),
    re.compile(rf"{_KUBECTL}(?:wait|apply|delete) .*"),
)
"""What has no part in the data."""


def _nothing() -> None:
    """There is no bot to begin or to end."""


class Machine:
    """A root, the bot's folders in it, and a folder to work in."""

    def __init__(self, root: Path, begin: Callable[[], None] = _nothing, end: Callable[[], None] = _nothing) -> None:
        self.root, self.here = root, root / "here"
        self.data = root / "var/lib/ascn-bot"
        self._begin, self._end = begin, end
        commands = root / "opt/ascn-bot/bin"
        commands.mkdir(parents=True)
        self.here.mkdir(parents=True)
        for name in ("backup.sh", "restore.sh"):
            (commands / name).symlink_to(ROOT / "deploy" / name)
        self._write(commands / "ascn-bot", f'exec "{sys.executable}" -m bot "$@"')
        self._write(commands / "sudo", 'exec env "$@"')
        (self.here / "deploy").symlink_to(ROOT / "deploy")
        (self.here / ".venv").symlink_to(root / "opt/ascn-bot")

    def carry_out(self, commands: tuple[str, ...], **written: str) -> str:
        """Carries out a block of the page, with `written` in the place of its words in capitals; what it says."""
        return "".join(self._one(command, written) for command in commands)

    def _one(self, command: str, written: Mapping[str, str]) -> str:
        for name, value in written.items():
            command = command.replace(name, value)
        plain = command.removeprefix("sudo ").strip()
        if any(pattern.fullmatch(plain) for pattern in _PLAYED):
            return ""
        if any(pattern.fullmatch(plain) for pattern in _ENDS):
            self._end()
            return ""
        if any(pattern.fullmatch(plain) for pattern in _BEGINS):
            self._begin()
            return ""
        if _ARCHIVES.fullmatch(plain):
            return self._shell(unit_values("ExecStart", BACKUP)[0].replace("%S", "/var/lib"), unit_environment(BACKUP))
        for pattern in _WITHIN:
            if found := pattern.fullmatch(plain):
                return self._shell(" ".join(found.groups()), {"ASCN_BOT_DATA": "/var/lib/ascn-bot"})
        assert not plain.startswith(("systemctl", "docker", "kubectl")), f"nobody plays: {plain}"
        return self._shell(command, {})

    def _shell(self, command: str, environment: Mapping[str, str]) -> str:
        """What a command says; it fails as the person at the page would see it fail."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("TELEGRAM_", "ASCN_"))}
        told = {key: self._moved(value) for key, value in environment.items()}
        path = f"{self.root}/opt/ascn-bot/bin:{os.environ['PATH']}"
        done = subprocess.run(  # noqa: S603
            ["/bin/sh", "-c", self._moved(command)],
            cwd=self.here,
            env=kept | told | {"PATH": path, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=60,
        )
        if done.returncode:
            raise RefusedError(done.stderr)
        return done.stdout

    def _moved(self, text: str) -> str:
        return re.sub("|".join(_MOVED), lambda found: f"{self.root}{found[0]}", text)

    def _write(self, path: Path, command: str) -> None:
        path.write_text(f"#!/bin/sh\n{command}\n", "utf-8")
        path.chmod(0o755)


class RefusedError(Exception):
    """Raised when a command of the page fails; the message is what it says."""
