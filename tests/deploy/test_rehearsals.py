"""Backing up, restoring and moving to another machine, by the runbook's own commands."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest

from bot.storage import data_folder
from bot.storage.database import Database
from bot.storage.store import Store
from tests.bot.environment import environment
from tests.botapi import BotApiServer, Chat, Person
from tests.deploy.rehearsal import ROOT, Machine, RefusedError
from tests.deploy.runbook import blocks

QUESTION = "Becamex IDC"
CHAT = 4711
ARTICLE = "0" * 64 + ".txt"
WAYS = ("systemd", "Docker", "Kubernetes", "By hand")


def commands(heading: str, way: str) -> tuple[str, ...]:
    """Those of a section for one way to run the bot."""
    (found,) = [block.commands for block in blocks(heading) if block.said.startswith(way)]
    return found


def machine_of(way: str, root: Path) -> Machine:
    machine = Machine(root)
    if way == "By hand":
        machine.data = machine.here / "data"
    return machine


def archive_of(machine: Machine) -> Path:
    """The one that the page's commands have written."""
    (found,) = [*machine.root.rglob("ascn-bot-*.tar.gz"), *machine.here.glob("ascn-bot.tar.gz")]
    return found


def back_up(machine: Machine, way: str) -> Path:
    machine.carry_out(commands("Backing up", way))
    return archive_of(machine)


def restore(machine: Machine, way: str) -> None:
    time_of_archive = archive_of(machine).name.removeprefix("ascn-bot-").removesuffix(".tar.gz")
    machine.carry_out(commands("Restoring", way), TIME=time_of_archive)


async def chosen(machine: Machine, chat: int = CHAT) -> str | None:
    """The language that a chat has chosen, as the database has it."""
    async with Database(machine.data / "bot.sqlite3") as database:
        return await Store(database).chosen_language(chat)


async def choose(machine: Machine, language: str, chat: int = CHAT) -> None:
    machine.data.mkdir(parents=True, exist_ok=True)
    async with Database(machine.data / "bot.sqlite3") as database:
        await Store(database).choose_language(chat, language)


def add_article(machine: Machine) -> Path:
    """The file of one that an administrator has sent to the bot."""
    file = machine.data / "added" / ARTICLE
    file.parent.mkdir()
    file.write_text("An article", "utf-8")
    return file


@pytest.mark.parametrize("way", WAYS)
async def test_what_was_backed_up_is_there_again_after_everything_is_lost(tmp_path: Path, way: str) -> None:
    machine = machine_of(way, tmp_path)
    await choose(machine, "vi")
    added = add_article(machine)
    back_up(machine, way)
    shutil.rmtree(machine.data)
    machine.data.mkdir()
    restore(machine, way)
    assert await chosen(machine) == "vi"
    assert added.read_text("utf-8") == "An article"
    assert [path.name for path in machine.data.rglob("*") if path.is_file() and path.stat().st_mode & 0o077] == []


async def test_what_was_there_before_a_restore_is_kept_aside(tmp_path: Path) -> None:
    machine = machine_of("systemd", tmp_path)
    await choose(machine, "vi")
    back_up(machine, "systemd")
    await choose(machine, "th")
    added = add_article(machine)
    restore(machine, "systemd")
    assert await chosen(machine) == "vi"
    assert len(list(machine.data.glob("bot.sqlite3.replaced-*Z"))) == 1
    assert added.exists()


async def test_while_the_bot_runs_it_is_backed_up_but_not_restored(tmp_path: Path) -> None:
    machine = machine_of("systemd", tmp_path)
    await choose(machine, "vi")
    with data_folder.in_use(machine.data):
        back_up(machine, "systemd")
        await choose(machine, "th")
        with pytest.raises(RefusedError, match="Another process uses the data folder"):
            restore(machine, "systemd")
    assert await chosen(machine) == "th"


async def test_an_archive_that_is_cut_short_changes_nothing(tmp_path: Path) -> None:
    machine = machine_of("Docker", tmp_path)
    await choose(machine, "vi")
    whole = back_up(machine, "Docker").read_bytes()
    await choose(machine, "th")
    archive_of(machine).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(RefusedError, match="unexpected end of file"):
        restore(machine, "Docker")
    assert await chosen(machine) == "th"


async def test_archives_are_for_their_owner_alone_and_let_go_of_after_a_week(tmp_path: Path) -> None:
    machine = machine_of("systemd", tmp_path)
    await choose(machine, "vi")
    folder = tmp_path / "var/lib/ascn-bot-backups"
    folder.mkdir()
    for days in (6, 9):
        old = folder / f"ascn-bot-{days}.tar.gz"
        old.touch()
        os.utime(old, (time.time() - days * 24 * 3600,) * 2)
    (folder / "of another.tar.gz").touch()
    machine.carry_out(commands("Backing up", "systemd"))
    names = sorted(path.name for path in folder.iterdir())
    assert [names[1], names[2]] == ["ascn-bot-6.tar.gz", "of another.tar.gz"]
    assert len(names) == 3
    assert (folder / names[0]).stat().st_mode & 0o077 == 0
    with tarfile.open(folder / names[0]) as archive:
        assert sorted(archive.getnames()) == ["added", "bot.sqlite3"]


async def test_a_backup_that_fails_leaves_nothing_and_says_so(tmp_path: Path) -> None:
    machine = machine_of("systemd", tmp_path)
    machine.data.mkdir(parents=True)
    with pytest.raises(RefusedError, match="There is no database"):
        machine.carry_out(commands("Backing up", "systemd"))
    assert list(tmp_path.rglob("*.tar.gz*")) == []


class Bots:
    """Bots in processes of their own, one on each machine."""

    def __init__(self, server: BotApiServer) -> None:
        self._server = server
        self._running: dict[Path, subprocess.Popen[bytes]] = {}

    def on(self, root: Path) -> Machine:
        """A machine on which the page's commands begin and end the real bot."""
        data = root / "var/lib/ascn-bot"
        return Machine(root, lambda: self._begin(data), lambda: self._end(data))

    def _begin(self, data: Path) -> None:
        self._running[data] = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=ROOT,
            env=environment(self._server, data),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _end(self, data: Path) -> None:
        process = self._running.pop(data)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0

    def kill(self) -> None:
        """Ends those that run still."""
        for process in self._running.values():
            process.kill()
            process.wait()


async def test_a_bot_that_moves_takes_what_it_knows_along_and_a_question_that_waits(
    server: BotApiServer, private: Chat, alice: Person, tmp_path: Path, seed_vectors: Path
) -> None:
    bots = Bots(server)
    old, new = bots.on(tmp_path / "old"), bots.on(tmp_path / "new")
    shutil.copytree(seed_vectors.parent, old.data)
    await choose(old, "th", private.id)
    leave, arrive = [block.commands for block in blocks("Moving to another machine")[:2]]
    try:
        await asyncio.to_thread(old.carry_out, ("sudo systemctl enable --now ascn-bot",))
        server.fail("sendMessage", parameters={"retry_after": 60})
        await server.say(private, alice, QUESTION)
        async with asyncio.timeout(60):
            while not server.called("sendMessage"):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        await asyncio.to_thread(old.carry_out, leave)
        shutil.move(old.here / "ascn-bot-data.tar.gz", new.here)
        shutil.rmtree(old.root)
        await asyncio.to_thread(new.carry_out, arrive)
        assert QUESTION in (await server.reply(private, within=60)).text
        await asyncio.to_thread(new.carry_out, commands("Restoring", "systemd")[:1])
    finally:
        bots.kill()
    assert await chosen(new, private.id) == "th"


async def test_in_docker_the_whole_folder_moves(tmp_path: Path) -> None:
    old, new = Machine(tmp_path / "old"), Machine(tmp_path / "new")
    await choose(old, "th")
    added = add_article(old)
    new.data.mkdir(parents=True)
    leave, arrive = [block.commands for block in blocks("Moving to another machine")[2:]]
    old.carry_out(leave)
    shutil.move(old.here / "ascn-bot-data.tar.gz", new.here)
    new.carry_out(arrive)
    assert await chosen(new) == "th"
    assert (new.data / added.relative_to(old.data)).read_text("utf-8") == "An article"
