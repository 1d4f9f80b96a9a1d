"""With other articles the bot introduces itself by what they are about, in every language."""

from dataclasses import astuple, fields, replace

import pytest
from telegram import Bot

from bot.application import serving
from bot.conversation.menu import offer
from bot.delivery.pace import Pace
from bot.settings import Settings, SettingsError
from bot.speech.introduction import Introduction, introduction
from bot.speech.phrases import REPLY_LANGUAGES, ReplyLanguage, phrases
from bot.storage.database import Database
from bot.storage.store import Store
from bot.subject import LONGEST_SUBJECT, Subject, read_subject
from tests.bot.commands import Commands
from tests.botapi import BotApiServer, Chat, Person

HILL = read_subject("Penang Hill | ms: Bukit  Bendera | zh: 升旗山")
OURS = ("ASCN", "ASEAN", "东盟", "東協", "อาเซียน")


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
def test_an_introduction_names_the_subject_and_nothing_of_ours(language: ReplyLanguage) -> None:
    said = introduction(phrases(language), HILL)
    assert [name for sentence in astuple(said) for name in OURS if name in sentence] == []
    name = {"ms": "Bukit Bendera", "zh-Hans": "升旗山", "zh-Hant": "升旗山"}.get(language, "Penang Hill")
    named = {each.name for each in fields(Introduction) if name in getattr(said, each.name)}
    assert named == {"start", "start_in_group", "description", "short_description"}


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
def test_telegram_takes_the_descriptions_of_the_longest_subject(language: ReplyLanguage) -> None:
    said = introduction(phrases(language), Subject("x" * LONGEST_SUBJECT))
    assert (len(said.description) <= 512, len(said.short_description) <= 120) == (True, True)


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
def test_without_a_subject_nothing_is_said_otherwise_than_before(language: ReplyLanguage) -> None:
    words = phrases(language)
    assert astuple(introduction(words, None)) == tuple(getattr(words, each.name) for each in fields(Introduction))


@pytest.mark.parametrize(
    ("subject", "why"),
    [
        ("Penang Hill | Bukit Bendera", "begins with one of zh, vi"),
        ("Penang Hill | de: Penang-Berg", "begins with one of zh, vi"),
        ("Penang Hill | ms:", "1 to 60 characters"),
        ("| ms: Bukit Bendera", "1 to 60 characters"),
        ("x" * 61, "1 to 60 characters"),
        ("{question}", "holds no quotation marks"),
    ],
)
def test_a_subject_that_cannot_be_used_is_one_sentence(subject: str, why: str) -> None:
    with pytest.raises(SettingsError, match=rf"^ASCN_BOT_SUBJECT must be like .*{why}"):
        Settings.from_environment({"ASCN_BOT_SUBJECT": subject})


def test_the_terminal_introduces_the_subject(command: Commands) -> None:
    said = command("chat", stdin="/ask\n/quit\n", ASCN_BOT_SUBJECT="Penang Hill").stdout
    assert "I answer questions about Penang Hill with quotes" in said
    assert "like this: /ask your question" in said
    assert "ASCN was" not in said


async def test_telegram_is_told_the_subject(
    server: BotApiServer, private: Chat, alice: Person, admin: Person, settings: Settings, pace: Pace
) -> None:
    group, office = server.group("Hill", members=[alice], admins=[]), server.private_chat(admin)
    async with serving(replace(settings, subject=HILL), pace):
        for chat, text in ((private, "/start"), (group, "/start"), (private, "/ask")):
            await server.say(chat, alice, text)
        await server.say(office, admin, "/try")
        said = [(await server.reply(chat)).text for chat in (private, group, office)]
        said.append((await server.reply(private)).text)
    assert ["Penang Hill" in text for text in said] == [True, True, False, False]
    assert [name for text in said for name in OURS if name in text] == []


async def test_a_description_is_told_anew_where_the_subject_is_another(
    server: BotApiServer, me: Bot, database: Database
) -> None:
    for subject in (None, HILL, HILL):
        await offer(me, Store(database), frozenset(), subject=subject)
    told = [call.parameters["short_description"] for call in server.called("setMyShortDescription")]
    names = {HILL.in_language(language) for language in REPLY_LANGUAGES}
    assert [any(name in said for name in names) for said in told] == [False] * 8 + [True] * 8
