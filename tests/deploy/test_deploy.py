"""What deploy/ says agrees with the code, and the unit is as closed as agreed."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

from bot import settings as settings_module
from bot.__main__ import main
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNIT = DEPLOY / "ascn-bot.service"
COMPOSE = DEPLOY / "compose.yaml"
DOCKERFILE = DEPLOY / "Dockerfile"
README = DEPLOY / "README.md"

EXPOSURE = 15
"""Tenths of systemd's 0 to 10, less is safer: a bare unit has 96, nginx as shipped 96, this one 11."""
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
    return [name for rest in given("COPY") if not rest.startswith("--from=") for name in rest.split()[:-1]]


def unit_values(key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", UNIT.read_text("utf-8"), flags=re.MULTILINE)


def compose_environment() -> dict[str, str]:
    """The bot's variables as compose sets them where the operator says nothing."""
    block = re.search(r"^    environment:\n((?: {6}.*\n)+)", COMPOSE.read_text("utf-8"), flags=re.MULTILINE)
    assert block is not None
    pairs = re.findall(r"^ {6}(\w+): (.*)$", block[1], flags=re.MULTILINE)
    return {key: re.sub(r"\$\{\w+:-(.*?)\}", r"\1", value) for key, value in pairs}


def unit_environment() -> dict[str, str]:
    pairs = [value.split("=", 1) for value in unit_values("Environment")]
    return {key: value.replace("%S", "/var/lib") for key, value in pairs}


def image_environment() -> dict[str, str]:
    return dict(pair.split("=", 1) for rest in given("ENV") for pair in rest.split())


@pytest.fixture
def systemd_analyze() -> str:
    found = shutil.which("systemd-analyze")
    if found is None:
        pytest.skip("systemd-analyze is not installed")
    return found


def test_the_unit_is_exposed_no_more_than_agreed(systemd_analyze: str) -> None:
    run = subprocess.run(  # noqa: S603
        [systemd_analyze, "security", "--no-pager", "--offline=true", f"--threshold={EXPOSURE}", UNIT],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout[-200:] + run.stderr


def test_systemd_understands_every_line_of_the_unit(systemd_analyze: str, tmp_path: Path) -> None:
    copy = tmp_path / UNIT.name
    copy.write_text(UNIT.read_text("utf-8").replace("/opt/ascn-bot/bin/ascn-bot", sys.executable), "utf-8")
    run = subprocess.run(  # noqa: S603
        [systemd_analyze, "verify", "--man=no", copy], capture_output=True, text=True
    )
    said = [line for line in run.stderr.splitlines() if UNIT.name in line]
    assert [line for line in said if not any(f"'{key}'" in line for key in NEWER_KEYS)] == []


@pytest.mark.parametrize("file", [UNIT, COMPOSE, DOCKERFILE, README], ids=lambda file: file.name)
def test_a_deploy_file_names_only_settings_that_the_bot_reads(file: Path) -> None:
    assert named_settings(file) - known_settings() == set()


def test_every_setting_is_documented() -> None:
    table = "".join(line for line in README.read_text("utf-8").splitlines(keepends=True) if line.startswith("|"))
    assert known_settings() - set(_SETTING.findall(table)) == set()


@pytest.mark.parametrize("environment", [image_environment() | compose_environment(), unit_environment()])
def test_what_a_deploy_file_sets_makes_valid_settings(environment: dict[str, str], tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(TOKEN + "\n", "utf-8")
    settings = Settings.from_environment(environment | {"TELEGRAM_BOT_TOKEN_FILE": str(token)})
    assert settings == Settings(token=TOKEN, data=Path("/var/lib/ascn-bot"))


def test_the_token_comes_as_a_file_and_from_where_it_was_put() -> None:
    assert compose_environment()["TELEGRAM_BOT_TOKEN_FILE"] == "/run/secrets/telegram_bot_token"
    assert "secrets:\n      - telegram_bot_token\n" in COMPOSE.read_text("utf-8")
    assert unit_environment()["TELEGRAM_BOT_TOKEN_FILE"] == "%d/token"
    assert unit_values("LoadCredential") == ["token:/etc/ascn-bot/token"]


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


def test_the_container_is_locked_down() -> None:
    lines = {line.strip() for line in COMPOSE.read_text("utf-8").splitlines()}
    assert {"read_only: true", "cap_drop:", "- ALL", "- no-new-privileges:true"} - lines == set()


def test_both_ways_to_run_allow_the_same_memory_tasks_and_time_to_stop() -> None:
    limits = dict(
        re.findall(r"^    (mem_limit|pids_limit|stop_grace_period): (\S+)$", COMPOSE.read_text("utf-8"), re.M)
    )
    (memory,), (tasks,), (seconds,) = map(unit_values, ("MemoryMax", "TasksMax", "TimeoutStopSec"))
    assert limits == {"mem_limit": memory.lower(), "pids_limit": tasks, "stop_grace_period": seconds}


def test_the_commands_that_are_started_exist(capsys: pytest.CaptureFixture[str]) -> None:
    (command,) = ast.literal_eval(given("ENTRYPOINT")[0])
    arguments = ast.literal_eval(given("CMD")[0])
    assert unit_values("ExecStart") == [f"/opt/ascn-bot/bin/{' '.join([command, *arguments])}"]
    assert command in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--help"])
    assert ended.value.code == 0


def test_the_runbook_names_only_files_that_exist() -> None:
    # What the operator makes is named there too.
    made = {"deploy/secrets", "deploy/secrets/telegram_bot_token", "deploy/.env", "deploy/corpus"}
    named = set(re.findall(r"\bdeploy/[\w./-]*\w", README.read_text("utf-8")))
    assert [name for name in sorted(named - made) if not (ROOT / name).exists()] == []
