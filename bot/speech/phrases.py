"""The bot's own sentences by language, read from the translators' files in languages/; a language is a file."""

from dataclasses import dataclass, field, fields
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, get_args

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

ReplyLanguage = Literal["vi", "zh-Hans", "zh-Hant", "en", "id", "ms", "th", "tl"]
REPLY_LANGUAGES: tuple[ReplyLanguage, ...] = get_args(ReplyLanguage)

LANGUAGES = Path(__file__).parent / "languages"
"""One gettext file per reply language; a message's id is the name of the field it fills."""
_LOCALES = {"en": "en_GB", "tl": "fil", "zh-Hans": "zh_Hans", "zh-Hant": "zh_Hant"}
"""CLDR's names for the languages that have another there."""
_CLIENTS = {"fil": "tl", "in": "id"}
"""What clients call a language besides its code."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of things, in the form that the language has for so many."""

    name: str
    locale: str
    translations: GNUTranslations = field(repr=False, compare=False)

    def of(self, count: int) -> str:
        """So many of them, the number as the language writes it."""
        form = self.translations.ngettext(self.name, self.name, count)
        return form.format(count=format_decimal(count, locale=self.locale))


@dataclass(frozen=True, slots=True)
class Phrases:
    """What the bot says in one language; braces are filled in, and hold no markup."""

    language: str
    locale: str
    name: str
    start: str
    start_in_group: str
    help: str
    help_inline: str
    help_guest: str
    help_ephemeral: str
    help_administrators: str
    how_to_ask: str
    text_only: str
    unknown_command: str
    nothing_found: str
    nothing_found_but: str
    sources_older: str
    going_on: str
    no_documents: str
    author: str
    publisher_unknown: str
    date_unknown: str
    date_inferred: str
    in_language: str
    articles: Counted
    passages: Counted
    sources: str
    and_more: str
    choose_language: str
    as_the_question: str
    language_chosen: str
    language_follows: str
    not_your_choice: str
    choose_mode: str
    choose_mode_in_topic: str
    mode_commands: str
    mode_mentions: str
    mode_questions: str
    mode_off: str
    mode_as_group: str
    mode_commands_chosen: str
    mode_mentions_chosen: str
    mode_questions_chosen: str
    mode_off_chosen: str
    mode_as_group_chosen: str
    mode_hidden: str
    mode_not_your_choice: str
    mode_in_private: str
    mention_hint: str
    switched_off: str
    more_passages: str
    whole_paragraph: str
    open_source: str
    not_your_button: str
    thanks: str
    answer_too_old: str
    articles_changed: str
    answered_anew: str
    inline_help: str
    inline_nothing: str
    privacy: str
    forgotten: str
    forgotten_but_group: str
    admins_only: str
    reload_started: str
    reload_reading: str
    reload_indexing: str
    reload_done: str
    reload_running: str
    reload_failed: str
    reload_shrunk: str
    questions: Counted
    days: Counted
    reloads: Counted
    more_errors: Counted
    stats: str
    stats_languages: str
    stats_days: str
    stats_latency: str
    unanswered: str
    unanswered_none: str
    unanswered_off: str
    privacy_unanswered: str
    only_in_private: str
    not_your_pages: str
    sources_found: str
    sources_none: str
    how_to_try: str
    tried: str
    alarm_failed: str
    alarm_set_aside: str
    alarm_given_up: str
    alarm_edition: str
    alarm_backup: str
    alarm_webhook: str
    alarm_database: str
    added: str
    changed: str
    removed: str
    left_out: str
    not_addable: str
    would_add: str
    would_replace: str
    much_cut: str
    nearly_same: str
    remove_how: str
    none_fits: str
    several_fit: str
    remove_asked: str
    undo_add_asked: str
    undo_remove_asked: str
    nothing_to_undo: str
    button_add: str
    button_discard: str
    button_remove: str
    button_undo: str
    button_leave: str
    left_as_it_was: str
    decided_already: str
    offer_expired: str
    not_your_buttons: str
    sorry: str
    too_hard: str
    too_much: str
    too_fast: str
    sent_again: str
    answered_late: str
    asked_elsewhere: str
    menu_ask: str
    menu_ask_ephemeral: str
    menu_sources: str
    menu_language: str
    menu_mode: str
    menu_help: str
    menu_privacy: str
    menu_forget: str
    menu_reload: str
    menu_stats: str
    menu_unanswered: str
    menu_try: str
    menu_remove: str
    menu_undo: str
    description: str
    short_description: str
    start_about: str
    start_in_group_about: str
    how_to_ask_plain: str
    how_to_try_plain: str
    description_about: str
    short_description_about: str
    in_terminal: str
    go_live: str
    web_ask_label: str
    web_ask: str
    web_articles: str
    web_quotes: str
    web_in_article: str
    web_passage: str
    web_date_stated: str
    web_cut: str
    web_original: str
    web_publishers_page: str
    web_changed: str
    web_title: str
    web_language: str
    web_publisher: str
    web_date: str
    web_all_languages: str
    web_find_label: str
    web_find: str
    web_none_fits: str
    web_previous: str
    web_next: str
    web_skip: str
    web_reply_language: str
    web_not_found: str
    web_too_many: str
    web_private: str
    web_private_unanswered: str
    web_figures: str
    web_timeline: str
    web_asked: str
    web_for_administrators: str


def phrases(language: ReplyLanguage) -> Phrases:
    """The sentences of one language; what its file lacks is English.

    Raises KeyError for a language that there are no sentences in.
    """
    if language not in REPLY_LANGUAGES:
        raise KeyError(language)
    return _read(language)


@cache
def _read(language: ReplyLanguage) -> Phrases:
    translations, locale = _translations(language), _LOCALES.get(language, language)
    if language != "en":
        translations.add_fallback(_translations("en"))
    said: dict[str, Any] = {
        each.name: Counted(each.name, locale, translations) if each.type is Counted else translations.gettext(each.name)
        for each in fields(Phrases)
    }
    return Phrases(**said | {"language": language, "locale": locale})


def reply_language(chosen: str | None, question: str | None, client: str | None) -> ReplyLanguage:
    """The language to reply in: the chat's choice, else the question's, else that of the person's Telegram."""
    for language in (chosen, question, _of_client(client)):
        if language in REPLY_LANGUAGES:
            return language
    return "en"


def _translations(language: ReplyLanguage) -> GNUTranslations:
    """The messages of a language's file, compiled as gettext reads them."""
    compiled = BytesIO()
    with (LANGUAGES / f"{language}.po").open("rb") as written:
        write_mo(compiled, read_po(written, abort_invalid=True))
    compiled.seek(0)
    return GNUTranslations(compiled)


def _of_client(code: str | None) -> str | None:
    """A reply language for the language code of a client or a locale: vi, zh-hant, fil, zh_TW.UTF-8."""
    code = (code or "").lower().replace("_", "-")
    if code.startswith("zh"):
        return "zh-Hant" if any(part in code for part in ("hant", "tw", "hk", "mo")) else "zh-Hans"
    language = code.split("-")[0].split(".")[0]
    return _CLIENTS.get(language, language)
