"""What stands in the folder of a new corpus before its first article: settings, and templates to be filled in."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from bot.console.exits import UsageError
from bot.settings import SettingsError, read_admins
from bot.subject import SubjectError, read_subject
from retrieval.bridges.glossary import COLUMNS
from retrieval.corpus.files import GLOSSARY, TEMPLATE
from retrieval.corpus.sidecar import SUFFIX

ARTICLES = "articles"
QUESTIONS = "questions.jsonl"
_SETTINGS = ".env"
_LIBRARY = {
    "vi": "thư viện",
    "zh": "图书馆",
    "en": "library",
    "id": "perpustakaan",
    "ms": "perpustakaan",
    "th": "ห้องสมุด",
    "tl": "aklatan | silid-aklatan",
}
"""A row of the glossary to begin by."""

_SIDECAR = f"""\
# What an article does not say of itself. Copy this file, call the copy as the article is called, bridge{SUFFIX}
# beside bridge.txt, and take the # away before each line that you need. What stands there outweighs the article.

# title = "The new bridge"
# publisher = "The Riverside Gazette"
# author = "Lina Tan"
# url = "https://example.org/bridge"
# published = 2024-05-31
# language = "en"
# licence = "CC BY 4.0"
"""
_QUESTIONS = f"""\
# What people ask, to see how well it is answered: ascn-bot evaluate {QUESTIONS}
# A JSON object a line. "document" is the name of the file that answers, without its ending, or null where none does.
# As you like: "answer", words that the quote must hold, and "lang", the language of the question. Two examples:
#
# {{"id": "1", "text": "When was the bridge opened?", "document": "bridge", "answer": "in May 2024", "lang": "en"}}
# {{"id": "2", "text": "Who painted the Mona Lisa?", "document": null}}
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a new corpus is to be."""

    subject: str
    languages: tuple[str, ...]
    admins: tuple[int, ...]


def subject_of(value: str) -> str:
    """What the articles are about, as the settings take it; raises UsageError."""
    try:
        read_subject(value)
    except SubjectError as error:
        raise UsageError(f"The name cannot be {value!r}: {error}.") from error
    return " ".join(value.split())


def languages_of(value: str) -> tuple[str, ...]:
    """Codes of languages, in the order in which the glossary has them; raises UsageError."""
    named = {part.lower() for part in re.split(r"[\s,;]+", value) if part}
    if not named or not named <= set(COLUMNS):
        raise UsageError(f"The languages must be some of {', '.join(COLUMNS)}, with commas between, not {value!r}.")
    return tuple(code for code in COLUMNS if code in named)


def admins_of(value: str) -> tuple[int, ...]:
    """Ids of administrators, none where nothing is given; raises UsageError."""
    try:
        return tuple(sorted(read_admins(value)))
    except SettingsError as error:
        raise UsageError(str(error)) from error


def raise_in(folder: Path, plan: Plan) -> tuple[list[Path], list[Path]]:
    """Writes what is not there yet; returns the files written, and those that were there and stay as they are.

    Raises UsageError where nothing can be written there.
    """
    written: list[Path] = []
    kept: list[Path] = []
    try:
        (folder / ARTICLES).mkdir(parents=True, exist_ok=True)
        for name, text in _files(plan).items():
            path = folder / name
            (written if _write(path, text) else kept).append(path)
    except OSError as error:
        raise UsageError(f"{error.filename or folder} cannot be made: {error.strerror}.") from error
    return written, kept


def _files(plan: Plan) -> dict[str, str]:
    return {
        _SETTINGS: _settings(plan),
        f"{ARTICLES}/sidecar{SUFFIX}{TEMPLATE}": _SIDECAR,
        f"{ARTICLES}/{GLOSSARY}": _glossary(plan.languages),
        QUESTIONS: _QUESTIONS,
    }


def _write(path: Path, text: str) -> bool:
    """Whether the file was not there and is now; the settings will hold a token, which is nobody else's."""
    mode = 0o600 if path.name == _SETTINGS else 0o666
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return False
    return True


def _settings(plan: Plan) -> str:
    admins = ",".join(map(str, plan.admins))
    return f"""\
# Settings of the bot, which it reads when it is started in this folder.

# What the articles are about; behind a | what a language calls it otherwise, as in Penang Hill | ms: Bukit Bendera
ASCN_BOT_SUBJECT={plan.subject}
ASCN_BOT_CORPUS={ARTICLES}

# Who may change the articles from Telegram: numeric user ids with commas between
{f"ASCN_BOT_ADMINS={admins}" if admins else "# ASCN_BOT_ADMINS=123456789"}

# The token that @BotFather gave you; without one the bot talks in the terminal
# TELEGRAM_BOT_TOKEN=
"""


def _glossary(languages: tuple[str, ...]) -> str:
    example = "\t".join(_LIBRARY[code] for code in languages)
    columns = "\t".join(languages)
    return f"""\
# Words of your own field, which lead from a question in one language to an article in another: below the line that
# names the languages a row for each thing, tabs between the languages, and | between several names of one. An example:
#
# {example}
{columns}
"""
