"""`new` makes a folder for articles of one's own, asks for what it is not told, and overwrites nothing."""

import os
import pty
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.console.labels import read_labels
from bot.settings import Settings
from retrieval.corpus.folder import Corpus, read_corpus
from retrieval.corpus.sidecar import read_sidecar
from tests.bot.commands import ROOT, Commands, Done

NAMES = (".env", "articles/sidecar.toml.template", "articles/glossary.tsv", "questions.jsonl")


def made(command: Commands, folder: Path, *options: str) -> Done:
    return command("new", "library", *options, folder=folder)


def test_without_a_terminal_every_answer_is_an_option_or_its_default(command: Commands, tmp_path: Path) -> None:
    done = made(command, tmp_path, "--name", " Penang  Hill | zh: 升旗山", "--languages", "ZH en", "--admins", "42, 7")
    assert done.returncode == 0
    settings = Settings.from_environment(dotenv_values(tmp_path / "library" / ".env"))
    assert settings.subject is not None
    assert (settings.subject.name, settings.subject.in_language("zh-Hant")) == ("Penang Hill", "升旗山")
    assert (settings.corpus, settings.admins, settings.token) == (Path("articles"), frozenset({42, 7}), None)
    assert (tmp_path / "library/articles/glossary.tsv").read_text("utf-8").endswith("\nzh\ten\n")
    made(command, tmp_path / "library")
    plain = Settings.from_environment(dotenv_values(tmp_path / "library/library/.env"))
    assert plain.subject is not None
    assert (plain.subject.name, plain.admins) == ("library", frozenset())


def test_the_settings_are_for_nobody_else_to_read(command: Commands, tmp_path: Path) -> None:
    made(command, tmp_path)
    assert stat.S_IMODE((tmp_path / "library" / ".env").stat().st_mode) == 0o600


def test_what_is_made_is_a_corpus_without_problems_and_without_articles(command: Commands, tmp_path: Path) -> None:
    made(command, tmp_path, "--languages", "vi,zh,en,id,ms,th,tl")
    assert read_corpus(tmp_path / "library" / "articles") == Corpus((), ())
    checked = command("check", folder=tmp_path / "library")
    assert checked.returncode == 0
    assert "Corpus: articles\nSubject: library\nNo articles\n" in checked.stdout


def test_the_examples_in_the_templates_can_be_used_as_they_are(command: Commands, tmp_path: Path) -> None:
    made(command, tmp_path, "--languages", "vi,zh,en,id,ms,th,tl")
    folder = tmp_path / "library"

    def examples(name: str, like: str) -> str:
        return "\n".join(re.findall(rf"^# ({like}.*)$", (folder / name).read_text("utf-8"), re.MULTILINE))

    sidecar = read_sidecar(examples(NAMES[1], r"\w+ = ").encode())
    assert None not in (sidecar.title, sidecar.url, sidecar.published, sidecar.language, sidecar.licence)
    with (folder / NAMES[2]).open("a", encoding="utf-8") as glossary:
        glossary.write(examples(NAMES[2], "thư viện"))
    [concept] = read_corpus(folder / "articles").concepts
    assert (concept.names["zh"], concept.names["tl"]) == (("图书馆",), ("aklatan", "silid-aklatan"))
    questions = folder / "examples.jsonl"
    questions.write_text(examples(NAMES[3], "{"), "utf-8")
    assert [label.documents for label in read_labels(questions, ["bridge"])] == [{"bridge"}, frozenset()]


def test_nothing_is_overwritten(command: Commands, tmp_path: Path) -> None:
    made(command, tmp_path)
    for name in NAMES[:2]:
        (tmp_path / "library" / name).write_text("mine")
    (tmp_path / "library" / NAMES[3]).unlink()
    done = made(command, tmp_path, "--name", "Penang Hill")
    assert done.returncode == 0
    assert [(tmp_path / "library" / name).read_text() for name in NAMES[:2]] == ["mine", "mine"]
    assert re.findall(r"^Written: (.*)$", done.stdout, re.MULTILINE) == ["library/questions.jsonl"]
    assert re.findall(r"^There already, and left as it is: (.*)$", done.stdout, re.MULTILINE) == [
        f"library/{name}" for name in NAMES[:3]
    ]


def test_it_says_what_to_do_next(command: Commands, tmp_path: Path) -> None:
    said = made(command, tmp_path).stdout
    assert re.findall(r"^   (ascn-bot .*)$", said, re.MULTILINE) == ["ascn-bot check", "ascn-bot chat", "ascn-bot run"]
    assert "in that folder (cd library):" in said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--name", ""], "The name cannot be '': a name has 1 to 60 characters"),
        (["--name", "{x}"], "The name cannot be '{x}': a name holds no quotation marks"),
        (["--languages", "en,fr"], "The languages must be some of vi, zh, en, id, ms, th, tl, with commas between"),
        (["--languages", ","], "The languages must be some of"),
        (["--admins", "@lina"], "ASCN_BOT_ADMINS must be numeric user ids separated by commas; '@lina' is none."),
    ],
)
def test_an_answer_that_cannot_be_used_is_one_sentence_and_makes_nothing(
    command: Commands, tmp_path: Path, options: list[str], said: str
) -> None:
    done = made(command, tmp_path, *options)
    assert (done.returncode, list(tmp_path.iterdir())) == (2, [])
    assert done.stderr.startswith(f"ascn-bot: {said}")


def test_a_folder_that_cannot_be_made_is_one_sentence(command: Commands, tmp_path: Path) -> None:
    (tmp_path / "library").write_text("")
    done = made(command, tmp_path)
    assert (done.returncode, done.stderr) == (2, "ascn-bot: library/articles cannot be made: Not a directory.\n")


def test_at_a_terminal_it_asks_and_asks_again(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    typed = "Penang Hill\nen, fr\nen, ms\n\n"
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("TELEGRAM_", "ASCN_"))}
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "new", "library"],
        stdin=theirs,
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(ROOT)},
    ) as process:
        os.write(ours, typed.encode())
        said, _ = process.communicate(timeout=30)
    os.close(ours)
    os.close(theirs)
    assert process.returncode == 0
    assert "“I answer questions about …”? (library): " in said
    assert said.count("Which languages are they in") == 2
    assert "not 'en, fr'." in said
    assert dotenv_values(tmp_path / "library" / ".env") == {
        "ASCN_BOT_SUBJECT": "Penang Hill",
        "ASCN_BOT_CORPUS": "articles",
    }
