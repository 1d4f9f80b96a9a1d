"""Guest mode: mentioned in a chat that it is not in, the bot answers once, by its best quote, and does nothing else."""

import logging

import pytest

from bot.conversation import limits
from bot.delivery.sending import Outbox
from bot.speech.phrases import phrases
from tests.botapi import BotApiServer, Chat, Json, Person

EN = phrases("en")
pytestmark = pytest.mark.usefixtures("bot")


@pytest.fixture
def elsewhere(server: BotApiServer, alice: Person) -> Chat:
    return server.foreign_group("Elsewhere", [alice])


def methods(server: BotApiServer) -> set[str]:
    """What the bot has called for the guest's sake."""
    return {call.method for call in server.calls} - {"getMe", "getUpdates", "deleteWebhook"}


def results(server: BotApiServer) -> list[Json]:
    return [call.parameters["result"] for call in server.called("answerGuestQuery")]


async def test_the_words_beside_the_mention_are_answered_by_one_quote_with_source_and_date(
    server: BotApiServer, elsewhere: Chat, alice: Person
) -> None:
    await server.ask_as_guest(elsewhere, alice, "@ASCN_test_bot ASCN được thành lập khi nào?")
    answer = await server.reply(elsewhere)
    assert answer.html.count("<blockquote expandable>") == 1
    assert "2018" in answer.text
    assert "<tg-time" in answer.html
    assert answer.buttons == []
    (result,) = results(server)
    assert result["title"] in answer.text
    assert methods(server) == {"answerGuestQuery"}


async def test_a_bare_mention_asks_with_the_message_it_replies_to(
    server: BotApiServer, elsewhere: Chat, alice: Person
) -> None:
    bob = server.person(first_name="Bob")
    wondered = {"message_id": 5, "date": 1_700_000_000, "chat": elsewhere.json(), "from": bob.json()}
    await server.ask_as_guest(elsewhere, alice, "@ascn_test_bot", reply_to=wondered | {"text": "Becamex IDC là gì?"})
    assert "Becamex IDC" in (await server.reply(elsewhere)).text


@pytest.mark.parametrize(
    ("text", "said"),
    [("@ascn_test_bot Who painted the Mona Lisa?", EN.nothing_found), ("@ascn_test_bot", EN.text_only)],
)
async def test_without_an_answer_or_a_question_it_says_one_sentence(
    server: BotApiServer, elsewhere: Chat, alice: Person, text: str, said: str
) -> None:
    await server.ask_as_guest(elsewhere, alice, text)
    assert (await server.reply(elsewhere)).text == said
    assert methods(server) == {"answerGuestQuery"}


async def test_commands_there_are_questions_like_any(server: BotApiServer, elsewhere: Chat, alice: Person) -> None:
    await server.ask_as_guest(elsewhere, alice, "/start @ascn_test_bot")
    assert (await server.reply(elsewhere)).text == EN.nothing_found
    assert methods(server) == {"answerGuestQuery"}


async def test_one_too_old_is_passed_over_and_one_lost_on_its_way_is_sent_again(
    server: BotApiServer, elsewhere: Chat, alice: Person, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "bot"):
        await server.ask_as_guest(elsewhere, alice, "@ascn_test_bot Becamex IDC", expired=True)
        server.fail("answerGuestQuery", parameters={"retry_after": 0}, times=1)
        await server.ask_as_guest(elsewhere, alice, "@ascn_test_bot Becamex IDC")
        assert "Becamex IDC" in (await server.reply(elsewhere)).text
    assert caplog.records == []


async def test_where_telegram_refuses_the_markup_the_text_alone_is_sent(
    server: BotApiServer, elsewhere: Chat, alice: Person
) -> None:
    server.fail("answerGuestQuery", status=400, description="Bad Request: can't parse entities: for a test")
    await server.ask_as_guest(elsewhere, alice, "@ascn_test_bot Becamex IDC")
    assert "<" not in (await server.reply(elsewhere)).html


async def test_what_fails_is_said_there_too(
    server: BotApiServer, elsewhere: Chat, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = Outbox.answer_guest
    failed: list[bool] = []

    async def failing_once(outbox: Outbox, *given: object) -> None:
        if not failed:
            failed.append(True)
            raise RuntimeError("for a test")
        await answer(outbox, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Outbox, "answer_guest", failing_once)
    await server.ask_as_guest(elsewhere, alice, "@ascn_test_bot Becamex IDC")
    assert (await server.reply(elsewhere)).text == EN.sorry


async def test_another_bot_is_not_answered(server: BotApiServer, elsewhere: Chat, alice: Person) -> None:
    other = Person(4711, "Other bot", is_bot=True)
    server.room(elsewhere).join(other, "member")
    await server.ask_as_guest(elsewhere, other, "@ascn_test_bot Becamex IDC")
    await server.quiet(elsewhere)


async def test_who_asks_too_much_is_passed_over_in_silence(
    server: BotApiServer, elsewhere: Chat, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "_COST_IN_A_GROUP", limits.QUESTIONS_OF_A_PERSON)
    for _ in range(3):
        await server.ask_as_guest(elsewhere, alice, "@ascn_test_bot Becamex IDC")
    await server.reply(elsewhere)
    await server.quiet(elsewhere)
    assert methods(server) == {"answerGuestQuery"}
