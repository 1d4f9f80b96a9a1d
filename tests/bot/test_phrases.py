"""Every sentence of the bot stands in every language, and asks for the same to be filled in."""

import re
from dataclasses import fields
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.speech.phrases import LANGUAGES, REPLY_LANGUAGES, Counted, Phrases, ReplyLanguage, phrases, reply_language

BOT = Path(__file__).parents[2] / "bot"
AT_A_BUTTON = (
    "too_fast",
    "switched_off",
    "not_your_button",
    "not_your_pages",
    "answer_too_old",
    "articles_changed",
    "offer_expired",
)
LONGEST = {"description": 512, "short_description": 120}


def catalog(language: str) -> Catalog:
    with (LANGUAGES / f"{language}.po").open("rb") as file:
        return read_po(file, abort_invalid=True)


def forms(language: str) -> dict[str, tuple[str, ...]]:
    """Every message of a language's file: its forms by number, one where it counts nothing."""
    return {
        message.id if isinstance(message.id, str) else message.id[0]: (
            (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        )
        for message in catalog(language)
        if message.id
    }


def filled_in(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_there_is_a_file_for_every_language() -> None:
    assert {path.stem for path in LANGUAGES.iterdir()} == set(REPLY_LANGUAGES)


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
def test_no_sentence_is_missing_and_none_is_left_over(language: str) -> None:
    assert set(forms(language)) == {each.name for each in fields(Phrases)} - {"language", "locale"}
    assert [name for name, said in forms(language).items() if not all(form.strip() for form in said)] == []


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
def test_a_sentence_asks_for_what_the_english_one_asks_for(language: str) -> None:
    english = forms("en")
    wrong = {
        name: form
        for name, said in forms(language).items()
        for form in said
        if filled_in(form) != filled_in(english[name][-1])
    }
    assert wrong == {}


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
def test_what_is_counted_has_as_many_forms_as_the_language(language: str) -> None:
    counted = {each.name for each in fields(Phrases) if each.type is Counted}
    wanted = {name: catalog(language).num_plurals if name in counted else 1 for name in forms(language)}
    assert {name: len(said) for name, said in forms(language).items()} == wanted


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
def test_telegram_takes_every_menu_and_description(language: ReplyLanguage) -> None:
    words = phrases(language)
    sizes = {each.name: len(getattr(words, each.name)) for each in fields(Phrases) if each.name.startswith("menu_")}
    assert [name for name, size in sizes.items() if size > 256] == []
    assert [name for name, most in LONGEST.items() if len(getattr(words, name)) > most] == []


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
def test_what_is_said_at_a_button_is_shown_whole(language: ReplyLanguage) -> None:
    words = phrases(language)
    assert [name for name in AT_A_BUTTON if len(getattr(words, name)) > 200] == []


def test_every_sentence_is_said_somewhere() -> None:
    code = "\n".join(path.read_text("utf-8") for path in BOT.rglob("*.py") if path.name != "phrases.py")
    code += "\n".join(path.read_text("utf-8") for path in BOT.rglob("*.html"))
    said = set(re.findall(r"\.(\w+)", code)) | {f"menu_{name}" for name in re.findall(r'"(\w+)"', code)}
    assert [each.name for each in fields(Phrases) if each.name not in said] == []


def test_a_number_is_written_and_agrees_as_the_language_has_it() -> None:
    shown = {
        language: [phrases(language).passages.of(count) for count in (1, 1234)] for language in ("en", "vi", "zh-Hant")
    }
    assert shown == {
        "en": ["1 passage", "1,234 passages"],
        "vi": ["1 đoạn", "1.234 đoạn"],
        "zh-Hant": ["1 個片段", "1,234 個片段"],
    }


def test_no_language_is_invented() -> None:
    with pytest.raises(KeyError):
        phrases("klingon")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("client", "language"),
    [("fil", "tl"), ("tl-PH", "tl"), ("in", "id"), ("ms-MY", "ms"), ("th", "th"), ("zh-hk", "zh-Hant"), ("de", "en")],
)
def test_the_code_of_a_client_is_read_as_people_mean_it(client: str, language: str) -> None:
    assert reply_language(None, None, client) == language
