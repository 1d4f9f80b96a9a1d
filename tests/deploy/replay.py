"""The image without Docker: the Dockerfile's steps, one after another, in clean Debians.

    python -m tests.deploy.replay

Each stage is a root of its own that debootstrap makes. Every RUN is carried out in it as it stands, and COPY brings
only what .dockerignore lets through. At the end the bot of the last one answers a question of a Telegram on loopback,
as its user, on a read-only system. What is not replayed is said. Needs root, debootstrap, and the packages of Debian
and of Python; takes two minutes.
"""

import asyncio
import os
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
import tempfile
from ast import literal_eval
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from string import Template

from tests.botapi import BotApiServer
from tests.deploy.test_deploy import ROOT, instructions

NOT_REPLAYED = "the base image (Debian's own Python stands in), what the engine packs and limits, HEALTHCHECK"
_PACKAGES = "python3,python3-venv,python-is-python3,ca-certificates"
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_FROM_HERE = ("/etc/resolv.conf", "/etc/hosts", "/etc/ssl/certs/ca-certificates.crt")
"""By which the machine reaches the packages."""
_PASSED_ON = re.compile(r"(PIP_|SSL_CERT|https?_proxy|no_proxy)", re.IGNORECASE)
_QUESTION = "Becamex IDC"


@dataclass
class Stage:
    """A root, and what the Dockerfile has said of it so far."""

    root: Path
    environment: dict[str, str] = field(default_factory=lambda: {"PATH": _PATH})
    arguments: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = "0:0"
    volume: str = "/var/empty"
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)

    def run(self, command: str) -> None:
        """Carries out a RUN; raises CalledProcessError where it fails."""
        passed_on = {key: value for key, value in os.environ.items() if _PASSED_ON.match(key)}
        shell = ["chroot", str(self.root), "/bin/sh", "-c", f"cd {self.folder} && {command}"]
        subprocess.run(shell, env=passed_on | self.environment | self.arguments, check=True)  # noqa: S603

    def copy(self, source: Path, target: str, mode: int | None) -> None:
        """Lays a file or a folder of somewhere else into the root."""
        placed = self.root / os.path.join(self.folder, target).lstrip("/")
        if source.is_dir():
            hidden = shutil.ignore_patterns("__pycache__", ".*")
            shutil.copytree(source, placed, symlinks=True, dirs_exist_ok=True, ignore=hidden)
            return
        placed = placed / source.name if target.endswith("/") else placed
        placed.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, placed)
        if mode is not None:
            placed.chmod(mode)

    def within(self, *command: str) -> list[str]:
        """A command as the container would run it: as its user, read-only but for its volume and a small /tmp."""
        volume = f"{self.root}{self.volume}"
        steps = [
            f"mount --bind {self.root} {self.root}",
            f"mount --bind {volume} {volume}",
            f"mount -o remount,ro,bind {self.root}",
            f"mount -t tmpfs -o size=64m,mode=1777,noexec,nosuid,nodev tmpfs {self.root}/tmp",  # noqa: S108
            f"mount --bind /dev {self.root}/dev",
            f"mount -t proc proc {self.root}/proc",
        ]
        inside = f"cd {self.folder} && exec {shlex.join(command)}"
        enter = ["chroot", f"--userspec={self.user}", str(self.root), "/bin/sh", "-c", inside]
        return ["unshare", "--mount", "/bin/sh", "-ec", "\n".join([*steps, f"exec {shlex.join(enter)}"])]

    def said(self, *command: str) -> bytes:
        """What a command says in the container; raises CalledProcessError where it fails."""
        return subprocess.run(self.within(*command), env=self.environment, stdout=subprocess.PIPE, check=True).stdout  # noqa: S603


class Image:
    """The Dockerfile's stages below a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._base = folder / "base"
        self._stages: dict[str, Stage] = {}
        _debian(self._base)

    def made(self) -> Stage:
        """The last stage, once every step is carried out."""
        stage = Stage(self._base)
        for number, (word, rest) in enumerate(instructions(), start=1):
            print(f"step {number}: {word} {rest[:90]}", flush=True)  # noqa: T201
            match word:
                case "FROM":
                    stage = self._begin(rest)
                case "COPY":
                    self._copy(stage, rest.split())
                case _:
                    _carry_out(stage, word, rest)
        return stage

    def _begin(self, rest: str) -> Stage:
        name = rest.partition(" AS ")[2] or "last"
        root = self._folder / name
        subprocess.run(["cp", "--archive", "--reflink=auto", self._base, root], check=True)  # noqa: S603, S607
        self._stages[name] = Stage(root)
        return self._stages[name]

    def _copy(self, stage: Stage, words: list[str]) -> None:
        options = dict(word[2:].split("=", 1) for word in words if word.startswith("--"))
        *sources, target = [word for word in words if not word.startswith("--")]
        from_here = "from" not in options
        start = ROOT if from_here else self._stages[options["from"]].root
        for source in sources:
            if from_here and not _let_through(source):
                raise FileNotFoundError(f".dockerignore keeps {source} out")
            mode = int(options["chmod"], 8) if "chmod" in options else None
            stage.copy(start / source.lstrip("/"), target, mode)


def _carry_out(stage: Stage, word: str, rest: str) -> None:
    match word:
        case "RUN":
            stage.run(rest)
        case "ARG":
            name, _, value = rest.partition("=")
            stage.arguments[name] = value
        case "ENV":
            for name, value in (pair.split("=", 1) for pair in shlex.split(rest)):
                stage.environment[name] = Template(value).substitute(stage.environment)
        case "WORKDIR":
            stage.folder = rest
            (stage.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
        case "USER":
            stage.user = rest
        case "VOLUME":
            stage.volume = rest
        case "ENTRYPOINT":
            stage.entrypoint = literal_eval(rest)
        case "CMD":
            stage.command = literal_eval(rest)
        case _:
            assert word in {"HEALTHCHECK", "STOPSIGNAL"}, f"nobody replays {word}"


def _let_through(source: str) -> bool:
    kept = [line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")]
    return any(f"{source}/".startswith(f"{name}/") for name in kept)


def _debian(root: Path) -> None:
    """A clean Debian of this machine's release, with Python and nothing else."""
    release = dict(
        line.split("=", 1) for line in Path("/etc/os-release").read_text("utf-8").splitlines() if "=" in line
    )
    suite = release["VERSION_CODENAME"].strip('"')
    command = ["debootstrap", "--variant=minbase", f"--include={_PACKAGES}", suite, str(root)]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)  # noqa: S603
    for name in _FROM_HERE:
        if Path(name).exists():
            shutil.copy(name, root / name.lstrip("/"))


async def _answered(image: Stage) -> None:
    """Lets the bot of the image run until it has answered a question."""
    async with BotApiServer() as telegram:
        told = {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_BASE_URL": telegram.base_url}
        command = image.within(*image.entrypoint, *image.command)
        process = await asyncio.create_subprocess_exec(*command, env=image.environment | told)
        alice = telegram.person(first_name="Alice", language_code="en")
        private = telegram.private_chat(alice)
        try:
            await telegram.say(private, alice, _QUESTION)
            assert _QUESTION in (await telegram.reply(private, within=120)).text
        finally:
            process.terminate()
        assert await asyncio.wait_for(process.wait(), 15) == 0
        assert telegram.violations == []


def _looked_at(image: Stage) -> str:
    """What there is to say of an image that is made and answers."""
    version = image.said(*image.entrypoint, "--version").decode().strip()
    user = image.said("id", "--user").decode().strip()
    assert image.user == f"{user}:{user}"
    image.said("sh", "-c", "! touch /opt/x 2> /dev/null")
    with tarfile.open(fileobj=BytesIO(image.said("backup.sh", "-"))) as archive:
        assert archive.getnames() == ["bot.sqlite3", "added"]
    size = sum(path.lstat().st_size for path in (image.root / "opt/ascn-bot").rglob("*") if path.is_file())
    return f"{version}, {size / 1e6:.0f} MB beside Python, answers as user {user} on a read-only system"


def main() -> None:
    """Replays the Dockerfile below a temporary folder, which is removed, and says what came of it."""
    if os.geteuid() or not shutil.which("debootstrap"):
        sys.exit("Nothing was replayed: it needs root and debootstrap (apt install debootstrap).")
    with tempfile.TemporaryDirectory() as folder:
        image = Image(Path(folder)).made()
        asyncio.run(_answered(image))
        seen = _looked_at(image)
    print(f"replayed: {seen}")  # noqa: T201
    print(f"not replayed: {NOT_REPLAYED}")  # noqa: T201


if __name__ == "__main__":
    main()
