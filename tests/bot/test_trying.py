"""Administrators see why a question is answered as it is."""

from dataclasses import replace

import pytest

from bot.application import Service
from bot.corpus.library import Library
from bot.corpus.nursery import QuestionTooHardError
from bot.speech.phrases import REPLY_LANGUAGES, ReplyLanguage, phrases
from bot.speech.rendering import plain
from bot.speech.reports import explanation_html
from retrieval.records import Answer, Document, Hit, Passage, Question, Quote, Signs, TermShare
from tests.botapi import BotApiServer, Chat, Person


async def test_an_administrator_sees_language_threshold_evidence_terms_and_concepts(
    server: BotApiServer,
    bot: Service,
    private: Chat,
    alice: Person,
    admin: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office = server.private_chat(admin)
    await server.say(office, admin, "/try ASCN được thành lập khi nào?")
    found = await server.reply(office)
    assert found.text.startswith("✅ Language of the question: Vietnamese. Evidence needed: 0.")
    shown = ("passage ", "evidence ", "standing ", "coverage ", "concepts: ", "plain: ")
    assert [what for what in shown if what not in found.text] == []
    assert [entity["type"] for entity in found.entities] == ["pre"] * 3
    await server.say(office, admin, "/try Who painted the Mona Lisa?")
    assert (await server.reply(office)).text.startswith("❌ Language of the question: English.")
    await server.say(office, admin, "/try")
    assert (await server.reply(office)).text == phrases("en").how_to_try
    await server.say(private, alice, "/try Becamex IDC")
    assert (await server.reply(private)).text == phrases("en").admins_only

    async def too_hard(*_: object) -> Answer:
        raise QuestionTooHardError

    monkeypatch.setattr(Library, "answer", too_hard)
    await server.say(office, admin, "/try Becamex IDC")
    assert (await server.reply(office)).text == phrases("en").too_hard


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
def test_the_longest_explanation_is_one_message(language: ReplyLanguage) -> None:
    document = Document("d" * 500, "vi", ())
    shares = tuple(TermShare("syllables", f"<&>{number:>300}", 9.99, float(number)) for number in range(500))
    hit = Hit(Passage(document, 999, "text"), 99.9, 1.0, 0.99, shares, signs=Signs(*[9.99] * len(Signs._fields)))
    named = frozenset(frozenset({f"concept-{number}", f"wikidata-{number}"}) for number in range(100))
    quote = Quote(replace(hit, concepts=named, names=frozenset(map(str, range(999)))), "text", (0, 4), False, False)
    html = explanation_html(Answer(Question("?", "zh-Hant"), False, (quote,) * 3, 0.5), phrases(language))
    assert (html.count("<pre>"), len(plain(html)) <= 3840, "… + 488" in html) == (3, True, True)
    assert "499.00" in html
