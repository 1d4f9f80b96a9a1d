"""In a private chat every text is a question."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from bot.application import UPDATES, Service
from bot.settings import Settings
from bot.speech.phrases import REPLY_LANGUAGES, phrases
from tests.bot.reloading import reload
from tests.botapi import BotApiServer, Chat, Person

pytestmark = pytest.mark.usefixtures("bot")


def entity_types(entities: Iterable[dict[str, Any]]) -> list[Any]:
    return [entity["type"] for entity in entities]


async def test_a_question_is_answered_with_quote_source_and_date(
    server: BotApiServer, private: Chat, alice: Person
) -> None:
    await server.say(private, alice, "Ai chủ trì hội nghị ASCN năm 2021?")
    reply = await server.reply(private)
    title, source, quote = reply.text.split("\n")[:3]
    assert title == "Việt Nam thúc đẩy hợp tác trong mạng lưới đô thị thông minh ASEAN"
    assert source == "TTXVN/Vietnam+ · 30 tháng 8, 2021"
    assert quote == "Năm 2021, đại diện quốc gia Chủ tịch Mạng lưới ASCN là Brunei Darussalam chủ trì hội nghị."


async def test_the_date_is_an_entity_and_the_quote_an_expandable_blockquote(
    server: BotApiServer, private: Chat, alice: Person
) -> None:
    await server.say(private, alice, "Ai chủ trì hội nghị ASCN năm 2021?")
    reply = await server.reply(private)
    assert entity_types(reply.entities)[:3] == ["bold", "date_time", "expandable_blockquote"]
    assert reply.entities[1]["unix_time"] == 1630324800  # 2021-08-30, noon in UTC


async def test_a_question_without_marks_is_answered(server: BotApiServer, private: Chat, alice: Person) -> None:
    await server.say(private, alice, "chuong trinh hop tac toan cau cua han quoc")
    assert "chương trình hợp tác toàn cầu của Hàn Quốc" in (await server.reply(private)).text


async def test_traditional_chinese_is_answered_in_traditional_words_and_original_quotes(
    server: BotApiServer, private: Chat, alice: Person
) -> None:
    await server.say(private, alice, "平陽省累計有多少個投資項目?")
    reply = await server.reply(private)
    assert "4049个投资项目" in reply.text
    assert "作者：芳黎 · 2022年6月20日" in reply.text


async def test_an_inferred_date_is_called_so(server: BotApiServer, private: Chat, alice: Person) -> None:
    await server.say(private, alice, "东盟秘书长林玉辉表示了什么?")
    assert "越通社 · 2020年7月17日（根据文章内容推断）" in (await server.reply(private)).text


async def test_the_language_of_a_foreign_passage_is_named(server: BotApiServer, private: Chat, alice: Person) -> None:
    await server.say(private, alice, "Becamex IDC")
    assert "by 芳黎 · 20 June 2022 · in Chinese" in (await server.reply(private)).text


@pytest.mark.parametrize(
    ("question", "refusal"),
    [
        ("Cách nấu phở bò ngon?", "Kho bài viết không có câu trả lời cho câu hỏi này."),
        ("明天会下雨吗?", "文章库中没有这个问题的答案。"),
        ("推薦一部電影給我們看", "文章庫中沒有這個問題的答案。"),
        ("Who painted the Mona Lisa?", "The articles hold no answer to this question."),
    ],
)
async def test_where_the_corpus_is_silent_the_bot_says_so_and_names_what_it_has(
    server: BotApiServer, private: Chat, alice: Person, question: str, refusal: str
) -> None:
    await server.say(private, alice, question)
    lines = (await server.reply(private)).text.split("\n")
    assert lines[0] == refusal
    assert len([line for line in lines if line.startswith("• ")]) == 5


@pytest.mark.parametrize("text", ["?", "…", "🎉🎉🎉", "的", "<b>&amp;</b>", "a.a." * 1000, "𠮷" * 2000])
async def test_an_odd_question_still_gets_an_answer(
    server: BotApiServer, private: Chat, alice: Person, text: str
) -> None:
    await server.say(private, alice, text)
    first_line = (await server.reply(private)).text.split("\n")[0]
    assert first_line in {phrases(language).nothing_found for language in REPLY_LANGUAGES}


async def test_a_question_that_takes_too_long_is_given_up_with_a_word_and_the_next_is_answered(
    server: BotApiServer, private: Chat, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("bot.corpus.nursery._SECONDS_A_QUESTION", 0.0)
        await server.say(private, alice, "Becamex IDC")
        assert (await server.reply(private)).text == phrases("en").too_hard
    await server.say(private, alice, "Becamex IDC")
    assert "Becamex IDC" in (await server.reply(private)).text


async def test_edited_questions_are_not_answered_as_new_ones(
    server: BotApiServer, private: Chat, alice: Person
) -> None:
    said = await server.say(private, alice, "Becamex IDC")
    await server.reply(private)
    await server.edit_said(said, "WeGO")
    await server.quiet(private)


async def test_a_sticker_is_answered_with_a_hint(server: BotApiServer, private: Chat, alice: Person) -> None:
    sticker = {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 9, "height": 9}
    await server.serve(private, alice, sticker=sticker | {"is_animated": False, "is_video": False})
    assert (await server.reply(private)).text == "I can only read text. Please type your question."


async def test_an_album_is_answered_with_one_hint(server: BotApiServer, private: Chat, alice: Person) -> None:
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]
    for _ in range(3):
        await server.serve(private, alice, photo=photo, media_group_id="7")
    assert (await server.reply(private)).text == "I can only read text. Please type your question."
    await server.quiet(private)


async def test_an_album_with_a_question_gets_no_hint(server: BotApiServer, private: Chat, alice: Person) -> None:
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]
    await server.serve(private, alice, photo=photo, media_group_id="7", caption="Becamex IDC")
    await server.serve(private, alice, photo=photo, media_group_id="7")
    assert "Becamex IDC" in (await server.reply(private)).text
    await server.quiet(private)


async def test_the_caption_of_a_picture_is_a_question(server: BotApiServer, private: Chat, alice: Person) -> None:
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]
    await server.serve(private, alice, photo=photo, caption="Becamex IDC")
    assert "Becamex IDC" in (await server.reply(private)).text


async def test_an_unknown_command_is_answered_with_a_hint(server: BotApiServer, private: Chat, alice: Person) -> None:
    await server.say(private, alice, "/weather")
    assert (await server.reply(private)).text == "I do not know that command. /help tells what I can do."


async def test_link_previews_are_off(server: BotApiServer, private: Chat, alice: Person) -> None:
    await server.say(private, alice, "Becamex IDC")
    await server.reply(private)
    assert server.called("sendMessage")[-1].parameters["link_preview_options"] == {"is_disabled": True}


async def test_only_the_kinds_of_update_that_are_handled_are_asked_for(
    server: BotApiServer, private: Chat, alice: Person
) -> None:
    await server.say(private, alice, "/start")
    await server.reply(private)
    await server.settled()
    assert server.called("getUpdates")[-1].parameters["allowed_updates"] == UPDATES


async def test_markup_in_a_document_is_shown_and_not_obeyed(
    server: BotApiServer, private: Chat, alice: Person, bot: Service, corpus: Path, admin: Person
) -> None:
    text = "AT&T <b>Smart</b> & Co\n\n" + "The <i>smart</i> city of AT&T & Co opened on <b>Monday</b> in Kuching. " * 2
    (corpus / "markup.txt").write_text(text, "utf-8")
    office = server.private_chat(admin)
    await reload(server, office, admin)
    await server.say(private, alice, "Which smart city opened in Kuching?")
    reply = await server.reply(private)
    assert reply.text.startswith("AT&T <b>Smart</b> & Co\n")
    assert "The <i>smart</i> city of AT&T & Co" in reply.text


async def test_what_a_document_would_have_people_press_is_shown_as_it_stands(
    server: BotApiServer, private: Chat, alice: Person, corpus: Path, admin: Person
) -> None:
    lure = "The smart gate of Kuching opens with /reload force or @alice_admin or tg://resolve?domain=evil now. "
    (corpus / "lure.txt").write_text("Kuching /forget @admin\n\n" + lure * 2, "utf-8")
    office = server.private_chat(admin)
    await reload(server, office, admin)
    await server.say(private, alice, "How does the smart gate of Kuching open?")
    reply = await server.reply(private)
    assert lure.strip() in reply.text.replace("\u2060", "")
    assert {*entity_types(reply.entities)} <= {"bold", "date_time", "expandable_blockquote"}


async def test_questions_are_counted_without_their_words(
    server: BotApiServer, private: Chat, alice: Person, settings: Settings
) -> None:
    await server.say(private, alice, "Kinabatangan mystery words")
    await server.reply(private)
    database = settings.data / "bot.sqlite3"
    assert database.exists()
    async with asyncio.timeout(5):
        while b"Kinabatangan" in b"".join(path.read_bytes() for path in settings.data.iterdir()):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
