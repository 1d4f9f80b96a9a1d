"""What deploy/ says agrees with the code, and the units are as closed as agreed."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import settings as settings_module
from bot.__main__ import main
from bot.settings import Address, Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNIT = DEPLOY / "ascn-bot.service"
BACKUP = DEPLOY / "ascn-bot-backup.service"
TIMER = DEPLOY / "ascn-bot-backup.timer"
COMPOSE = DEPLOY / "compose.yaml"
DOCKERFILE = DEPLOY / "Dockerfile"
README = DEPLOY / "README.md"
SAYING = sorted(path for path in DEPLOY.rglob("*") if path.is_file() and path.parent.name in ("deploy", "kubernetes"))
"""Files of ours that may name settings."""

EXPOSURE = 15
"""Tenths of systemd's 0 to 10, less is safer: a bare unit has 96, nginx as shipped 96, the bot 11, the archive 2."""
NEWER_KEYS = {"RestartSteps", "RestartMaxDelaySec"}
"""Of systemd 254; an older one says that it passes over them."""
TOKEN = "123456789:AAtestTokenOfNobodyAtAll_0123456789-ab"  # gitleaks:allow

_SETTING = re.compile(r"\b(?:ASCN_BOT|TELEGRAM)_[A-Z_]+\b")


def known_settings() -> set[str]:
    """Every key that bot.settings reads."""
    tree = ast.parse(Path(settings_module.__file__).read_text("utf-8"))
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return {text for text in texts if _SETTING.fullmatch(text)}


def named_settings(file: Path) -> set[str]:
    return set(_SETTING.findall(file.read_text("utf-8")))


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions in order, each on one line: ("COPY", "bot bot")."""
    text = re.sub(r"^\s*#.*\n", "", DOCKERFILE.read_text("utf-8"), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines) if word]


def given(word: str) -> list[str]:
    return [rest for found, rest in instructions() if found == word]


def copied_from_here() -> list[str]:
    copies = [rest.split() for rest in given("COPY") if not rest.startswith("--from=")]
    return [name for words in copies for name in words[:-1] if not name.startswith("--")]


def unit_values(key: str, unit: Path = UNIT) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", unit.read_text("utf-8"), flags=re.MULTILINE)


def compose_service(name: str = "bot") -> dict[str, Any]:
    service: dict[str, Any] = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"][name]
    return service


def compose_environment() -> dict[str, str]:
    """The bot's variables as compose sets them where the operator says nothing."""
    return {key: re.sub(r"\$\{\w+:-(.*?)\}", r"\1", value) for key, value in compose_service()["environment"].items()}


def unit_environment(unit: Path = UNIT) -> dict[str, str]:
    pairs = [value.split("=", 1) for value in unit_values("Environment", unit)]
    return {key: value.replace("%S", "/var/lib") for key, value in pairs}


def image_environment() -> dict[str, str]:
    return dict(pair.split("=", 1) for rest in given("ENV") for pair in rest.split())


@pytest.fixture
def systemd_analyze() -> str:
    found = shutil.which("systemd-analyze")
    if found is None:
        pytest.skip("systemd-analyze is not installed")
    return found


@pytest.mark.parametrize("unit", [UNIT, BACKUP], ids=lambda unit: unit.name)
def test_a_unit_is_exposed_no_more_than_agreed(systemd_analyze: str, unit: Path) -> None:
    run = subprocess.run(  # noqa: S603
        [systemd_analyze, "security", "--no-pager", "--offline=true", f"--threshold={EXPOSURE}", unit],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout[-200:] + run.stderr


def test_a_reload_may_make_itself_less_urgent_than_answers() -> None:
    """What is allowed is taken line by line: the last may give back what one before took away."""
    assert unit_values("SystemCallFilter") == ["@system-service", "~@privileged @resources", "sched_setscheduler"]


def test_systemd_understands_every_line_of_the_units(systemd_analyze: str, tmp_path: Path) -> None:
    copies = [tmp_path / unit.name for unit in (UNIT, BACKUP, TIMER)]
    for unit, copy in zip((UNIT, BACKUP, TIMER), copies, strict=True):
        copy.write_text(re.sub(r"/opt/ascn-bot/bin/[\w.-]+", sys.executable, unit.read_text("utf-8")), "utf-8")
    run = subprocess.run(  # noqa: S603
        [systemd_analyze, "verify", "--man=no", *copies], capture_output=True, text=True
    )
    said = [line for line in run.stderr.splitlines() if "ascn-bot" in line]
    assert [line for line in said if not any(f"'{key}'" in line for key in NEWER_KEYS)] == []


def test_the_archive_is_written_by_the_user_and_from_the_folder_of_the_bot() -> None:
    assert unit_values("User", BACKUP) == [UNIT.stem]  # what a unit without User= is run as
    assert unit_values("DynamicUser", BACKUP) == unit_values("DynamicUser") == ["yes"]
    assert set(unit_values("StateDirectory")) < set(unit_values("StateDirectory", BACKUP)[0].split())
    assert unit_environment(BACKUP)["ASCN_BOT_DATA"] == unit_environment()["ASCN_BOT_DATA"]


@pytest.mark.parametrize("file", SAYING, ids=lambda file: file.name)
def test_a_deploy_file_names_only_settings_that_the_bot_reads(file: Path) -> None:
    assert named_settings(file) - known_settings() == set()


def test_every_setting_is_documented() -> None:
    table = "".join(line for line in README.read_text("utf-8").splitlines(keepends=True) if line.startswith("|"))
    assert known_settings() - set(_SETTING.findall(table)) == set()


@pytest.mark.parametrize(
    ("environment", "host"),
    [
        (image_environment(), "127.0.0.1"),
        (image_environment() | compose_environment() | {"ASCN_BOT_WEB_PROXY": ""}, "0.0.0.0"),  # noqa: S104
        (unit_environment(), "127.0.0.1"),
    ],
    ids=["image", "compose", "unit"],
)
def test_what_a_deploy_file_sets_makes_valid_settings(environment: dict[str, str], host: str, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(TOKEN + "\n", "utf-8")
    settings = Settings.from_environment(environment | {"TELEGRAM_BOT_TOKEN_FILE": str(token)})
    assert settings == Settings(token=TOKEN, data=Path("/var/lib/ascn-bot"), web=Address(host, 8080))


def test_the_token_comes_as_a_file_and_from_where_it_was_put() -> None:
    assert compose_environment()["TELEGRAM_BOT_TOKEN_FILE"] == "/run/secrets/telegram_bot_token"
    assert compose_service()["secrets"] == ["telegram_bot_token"]
    assert unit_environment()["TELEGRAM_BOT_TOKEN_FILE"] == "%d/token"
    assert unit_values("LoadCredential") == ["token:/etc/ascn-bot/token"]


def test_the_unit_may_listen_where_it_is_told_to_and_nowhere_else() -> None:
    port = unit_environment()["ASCN_BOT_WEB"].rpartition(":")[2]
    assert (unit_values("SocketBindDeny"), unit_values("SocketBindAllow")) == (["any"], [f"tcp:{port}"])


def test_the_image_is_built_from_files_that_exist_and_are_let_through() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    let_through = [line[1:] for line in ignored if line.startswith("!")]
    copied = copied_from_here()
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert [name for name in copied if not any(fnmatch(f"{name}/", f"{kept}/*") for kept in let_through)] == []
    assert ignored.index("*") < min(ignored.index(f"!{kept}") for kept in let_through)


def test_the_image_holds_every_package_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {
        *wheel["only-include"],
        *wheel["shared-data"],
        "pyproject.toml",
        project["project"]["readme"],
        *project["project"]["license-files"],
    }
    assert needed - set(copied_from_here()) == set()


def test_the_image_takes_packages_only_by_their_hashes() -> None:
    commands = [command for rest in given("RUN") for command in rest.split("&&") if " pip " in command]
    locked = [command for command in commands if "--requirement" in command]
    others = [command for command in commands if command not in locked]
    assert [re.findall(r"--requirement (\S+)", command) for command in locked] == [
        ["deploy/locks/build.txt"],
        ["deploy/locks/run.txt"],
    ]
    assert [command for command in locked if "--require-hashes" not in command] == []
    assert [command for command in others if "--no-deps" not in command] == []
    assert [command for command in commands if not {"--no-build-isolation", "--no-index"} & set(command.split())] == []


def test_the_image_runs_as_the_user_that_the_runbook_gives_the_token_to() -> None:
    (user,) = given("USER")
    number, group = user.split(":")
    assert number == group != "0"
    assert f"useradd --uid {number} --user-group" in given("RUN")[-1]
    assert f"sudo chown {number} deploy/secrets/telegram_bot_token" in README.read_text("utf-8")


@pytest.mark.parametrize("name", ["bot", "proxy"])
def test_the_containers_are_locked_down(name: str) -> None:
    service = compose_service(name)
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("cap_add", []) == ([] if name == "bot" else ["NET_BIND_SERVICE"])


def test_the_bot_itself_is_published_nowhere() -> None:
    assert "ports" not in compose_service()
    assert compose_service("proxy")["profiles"] == ["proxy"]


def test_both_ways_to_run_allow_the_same_memory_tasks_and_time_to_stop() -> None:
    service = compose_service()
    limits = [str(service[key]) for key in ("mem_limit", "pids_limit", "stop_grace_period")]
    (memory,), (tasks,), (seconds,) = map(unit_values, ("MemoryMax", "TasksMax", "TimeoutStopSec"))
    assert limits == [memory.lower(), tasks, seconds]


def test_the_commands_that_are_started_exist(capsys: pytest.CaptureFixture[str]) -> None:
    (command,) = ast.literal_eval(given("ENTRYPOINT")[0])
    arguments = ast.literal_eval(given("CMD")[0])
    assert unit_values("ExecStart") == [f"/opt/ascn-bot/bin/{' '.join([command, *arguments])}"]
    assert command in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--help"])
    assert ended.value.code == 0
