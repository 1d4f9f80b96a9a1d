"""The commands that need no Telegram: a conversation here, one question, the corpus, the database."""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from bot.console import evaluation, scaffold, sheets, terminal
from bot.console.bars import drawn
from bot.console.checking import findings
from bot.console.exits import FOUND, NOT_FOUND, USAGE, UsageError
from bot.console.labels import read_labels
from bot.console.lines import written_lines
from bot.corpus.editions import Edition, build_edition, finds_by_meaning
from bot.corpus.snapshots import Snapshots
from bot.corpus.vectors import VectorStore
from bot.settings import Settings
from bot.speech.phrases import phrases, reply_language
from bot.storage import data_folder, recovery
from bot.storage.backups import Backups, copy
from bot.storage.changes import amendments_in
from retrieval.bridges.glossary import COLUMNS
from retrieval.corpus.records import UNAMENDED, Amendments

Answered = TypeVar("Answered")
_ASK_NAME = "What are the articles about, as in “I answer questions about …”?"
_ASK_LANGUAGES = f"Which languages are they in, and are asked in? Some of {', '.join(COLUMNS)}"
_ASK_ADMINS = "Which Telegram users may change the articles? Their numeric ids, or nothing"
_BY_WORDS = "Searching by words alone; with the extra `semantic` it finds by meaning, too (see the README)."


def chat(settings: Settings, options: argparse.Namespace) -> int:
    """A conversation in the terminal."""
    screen = terminal.console()
    if not finds_by_meaning():
        screen.print(_BY_WORDS, style="dim")
    edition = _edition(settings, options)
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    asked = terminal.read_questions(screen)
    terminal.converse(edition, screen, asked, locale, live=settings.token is not None, subject=settings.subject)
    return FOUND


def ask(settings: Settings, options: argparse.Namespace) -> int:
    """Answers one question, or a file of them."""
    question = " ".join(options.question).strip()
    if bool(question) == bool(options.batch):
        raise UsageError("ask needs a QUESTION or --batch FILE, and not both.")
    rows = [{"text": question}] if question else list(_batch(options.batch))
    edition = _edition(settings, options)
    found = [_answer_row(edition, row, options) for row in rows]
    return FOUND if options.batch or found == [True] else NOT_FOUND


def _answer_row(edition: Edition, row: dict[str, Any], options: argparse.Namespace) -> bool:
    began = time.perf_counter()
    answer = edition.answerer.answer(row["text"], options.top)
    milliseconds = (time.perf_counter() - began) * 1000
    if options.json:
        identity = {"id": row["id"]} if "id" in row else {}
        terminal.print_json({**identity, **terminal.answer_json(answer, milliseconds, options.always, options.explain)})
        return answer.found
    screen = terminal.console()
    words = phrases(reply_language(None, answer.question.language, None))
    screen.print(terminal.render(answer, words, screen.width, options.always))
    if options.explain:
        screen.print(terminal.explain(answer))
    return answer.found


def _batch(path: Path) -> Iterator[dict[str, Any]]:
    return (_batch_row(path, number, line) for number, line in written_lines(path, f"--batch {path}"))


def _batch_row(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise UsageError(f"--batch {path}, line {number} is not JSON: {error}.") from error
    if not isinstance(row, dict) or "id" not in row or not isinstance(row.get("text"), str):
        raise UsageError(f'--batch {path}, line {number} must be an object with "id" and "text".')
    return row


def new(settings: Settings, options: argparse.Namespace) -> int:
    """Makes a folder for articles of one's own."""
    screen, folder = terminal.console(), options.folder

    def told(given: str | None, question: str, default: str, read: Callable[[str], Answered]) -> Answered:
        if given is not None:
            return read(given)
        return terminal.asked_for(screen, question, default, read) if sys.stdin.isatty() else read(default)

    plan = scaffold.Plan(
        subject=told(options.name, _ASK_NAME, folder.resolve().name, scaffold.subject_of),
        languages=told(options.languages, _ASK_LANGUAGES, "en", scaffold.languages_of),
        admins=told(options.admins, _ASK_ADMINS, "", scaffold.admins_of),
    )
    written, kept = scaffold.raise_in(folder, plan)
    screen.print(sheets.next_steps(folder, written, kept), soft_wrap=True)
    return FOUND


def check(settings: Settings, options: argparse.Namespace) -> int:
    """Tells whether settings and corpus can be used."""
    screen = terminal.console()
    folder, subject = options.corpus or settings.corpus, settings.subject
    about = subject.name if subject else "what the articles that come with it are about; ASCN_BOT_SUBJECT names another"
    screen.print(f"Settings are valid. Corpus: {folder}\nSubject: {about}", markup=False)
    edition = _edition(settings, options, anew=True)
    found = findings(folder, _amendments(settings, options), edition, date.today())
    screen.print(sheets.check_report(edition, found, screen.width))
    return USAGE if edition.problems else FOUND


def evaluate(settings: Settings, options: argparse.Namespace) -> int:
    """Tells how well the questions of a file are answered."""
    edition = _edition(settings, options)
    labels = read_labels(options.questions, [document.id for document in edition.documents])
    cases = evaluation.ask(edition.answerer, labels)
    counted = evaluation.figures(cases)
    if options.json:
        terminal.print_json(sheets.evaluation_json(counted, cases))
    else:
        screen = terminal.console()
        screen.print(sheets.evaluation_report(counted, cases, screen.width))
    if options.chart is not None:
        _write_chart(options.chart, drawn(counted, f"{len(labels)} questions on {len(edition.documents)} articles"))
    return FOUND if options.floor is None else _held(counted[evaluation.ALL].first, options.floor)


def _write_chart(path: Path, picture: str) -> None:
    try:
        path.write_text(picture, "utf-8")
    except OSError as error:
        raise UsageError(f"--chart {path} cannot be written: {error.strerror}.") from error


def _held(first: evaluation.Rate, floor: float) -> int:
    """Whether the share of right first quotes reaches the floor, said where it does not."""
    if not first.of:
        raise UsageError("--floor needs a question that an article answers; each here is to be refused.")
    if first.share >= floor:
        return FOUND
    terminal.console(stderr=True).print(f"First right: {first.share:.3f}, which is below the floor of {floor:g}.")
    return NOT_FOUND


def backup(settings: Settings, options: argparse.Namespace) -> int:
    """Copies the database, also while the bot runs."""
    file: Path | None = options.file
    if not settings.database.exists():
        raise UsageError(f"There is no database {settings.database} yet.")
    if file is not None and file.exists():
        raise UsageError(f"{file} exists already; name a new file.")
    if file is None:
        file = Backups(settings.database, settings.keep_backups).write()
    else:
        copy(settings.database, file)
    terminal.console().print(f"Backup written: {file}", soft_wrap=True, markup=False)
    return FOUND


def restore(settings: Settings, options: argparse.Namespace) -> int:
    """Puts a backup in the place of the database."""
    with data_folder.in_use(settings.data):
        replaced = recovery.restore(settings.database, options.file)
    kept = f" The one before stands beside it as {replaced.name}." if replaced else ""
    terminal.console().print(f"Restored: {settings.database}.{kept}", soft_wrap=True, markup=False)
    return FOUND


def _edition(settings: Settings, options: argparse.Namespace, anew: bool = False) -> Edition:
    """The corpus, as it was kept or read and indexed anew, with a sign of life on a terminal meanwhile."""
    status = terminal.console(stderr=True).status("Reading the articles…")
    folder, vectors = options.corpus or settings.corpus, VectorStore(settings.vectors)
    amendments = _amendments(settings, options)

    def tell(done: int, total: int) -> None:
        status.update(f"Reading the articles: {done} of {total} files or passages…")

    with status:
        if options.corpus or anew:
            return build_edition(folder, vectors, tell, amendments)
        snapshots = Snapshots(settings.snapshot)
        kept = snapshots.load()
        edition = build_edition(folder, vectors, tell, amendments, kept)
        if edition is not kept:
            snapshots.save(edition)
        return edition


def _amendments(settings: Settings, options: argparse.Namespace) -> Amendments:
    """What administrators have changed of the corpus; of another, nothing."""
    return UNAMENDED if options.corpus else amendments_in(settings.database, settings.added)


COMMANDS: Mapping[str, Callable[[Settings, argparse.Namespace], int]] = {
    command.__name__: command for command in (chat, ask, new, check, evaluate, backup, restore)
}
