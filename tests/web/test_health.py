"""How the bot fares, for whoever keeps it running."""

import asyncio
import json
import logging
import sqlite3
from contextlib import closing

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.application import Service
from bot.settings import Settings
from tests.botapi import BotApiServer, Chat, Person
from tests.web.conftest import Visitor


def figures(text: str) -> dict[str, float]:
    """What Prometheus reads in a page of metrics, by name and labels."""
    return {
        sample.name + "".join(f" {value}" for _, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_a_bot_that_serves_is_alive_and_ready(visitor: Visitor) -> None:
    assert (await visitor.get("/healthz")).text == "ok\n"
    page = await visitor.get("/readyz")
    assert page.status == 200
    assert json.loads(page.text) == {"ready": True, "polling": "ok", "corpus": "ok", "database": "ok", "waiting": 0}


async def test_one_that_telegram_does_not_speak_to_is_not_ready(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.health._SECONDS_OF_SILENCE", 0.0)
    page = await visitor.get("/readyz")
    assert page.status == 503
    assert "Telegram has been silent" in json.loads(page.text)["polling"]


async def test_one_whose_database_fails_is_not_ready(visitor: Visitor, bot: Service, settings: Settings) -> None:
    def rename(one: str, other: str) -> None:
        with closing(sqlite3.connect(settings.database, timeout=10)) as database:
            database.execute(f"ALTER TABLE {one} RENAME TO {other}")
            database.commit()

    # In a thread, for the bot may first have to finish what it writes.
    await asyncio.to_thread(rename, "inbox", "elsewhere")
    page = await visitor.get("/readyz")
    await asyncio.to_thread(rename, "elsewhere", "inbox")
    assert (page.status, json.loads(page.text)["ready"]) == (503, False)
    assert "inbox" in json.loads(page.text)["database"]


async def test_the_figures_tell_what_was_asked_sent_and_read(
    visitor: Visitor, server: BotApiServer, private: Chat, alice: Person
) -> None:
    for question in ("When was ASCN founded?", "How do I bake bread?"):
        await server.say(private, alice, question)
        await server.reply(private)
    await visitor.get("/", params={"q": "平阳共有多少个投资项目"})
    await visitor.get("/nowhere")
    seen = figures((await visitor.get("/metrics")).text)
    assert seen["ascn_bot_questions_total en found"] == 1
    assert seen["ascn_bot_questions_total en nothing"] == 1
    assert seen["ascn_bot_questions_total zh-Hans found"] == 1
    assert seen["ascn_bot_answer_seconds_count"] == seen["ascn_bot_answer_seconds_bucket +Inf"] == 3
    assert 0 < seen["ascn_bot_answer_seconds_sum"] < 30
    assert seen["ascn_bot_sends_total delivered"] == 2
    assert seen["ascn_bot_web_requests_total ask 200"] == 1
    assert seen["ascn_bot_web_requests_total none 404"] == 1
    assert (seen["ascn_bot_corpus_documents"], seen["ascn_bot_ready"]) == (5, 1)
    assert seen["ascn_bot_corpus_newest_timestamp_seconds"] == 1670112000  # 4 December 2022
    assert seen["ascn_bot_corpus_loaded_timestamp_seconds"] <= seen["ascn_bot_last_poll_timestamp_seconds"] + 60
    assert seen["ascn_bot_waiting_updates"] == 0
    assert seen["ascn_bot_flood_waits_total"] == seen["ascn_bot_reloads_total"] == 0
    assert seen["process_resident_memory_bytes"] > 0


async def test_reloads_and_errors_are_counted(visitor: Visitor, server: BotApiServer, admin: Person) -> None:
    chat = server.private_chat(admin)
    await server.say(chat, admin, "/reload")
    await server.edited(await server.reply(chat))
    logging.getLogger("elsewhere").error("something failed")
    seen = figures((await visitor.get("/metrics")).text)
    assert (seen["ascn_bot_reloads_total"], seen["ascn_bot_errors_total"]) == (1, 1)


@pytest.mark.parametrize("path", ["/readyz", "/metrics"])
@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
async def test_what_a_proxy_hands_on_from_outside_finds_no_figures(visitor: Visitor, path: str, header: str) -> None:
    response, body = await visitor.raw(path, headers={header: "192.0.2.1"})
    assert (response.status, body) == (404, b"")
