"""The figures are for administrators, of whom Telegram says who they are."""

import hashlib
import hmac
import time
from urllib.parse import parse_qsl, urlencode

import pytest

from bot.settings import Settings
from bot.speech.phrases import phrases
from tests.botapi import BotApiServer, Person
from tests.conftest import ADMIN_ID
from tests.web.conftest import PUBLIC, Visitor

EN = phrases("en")


def said(token: str, **fields: object) -> str:
    """What Telegram adds to the address of whoever presses the button."""
    known = {"id": ADMIN_ID, "first_name": "Ngọc & Sơn", "auth_date": int(time.time())} | fields
    lines = "\n".join(f"{key}={known[key]}" for key in sorted(known))
    signed = hmac.new(hashlib.sha256(token.encode()).digest(), lines.encode(), "sha256").hexdigest()
    return urlencode(known | {"hash": signed})


async def test_an_administrator_is_let_in_and_sees_the_figures(visitor: Visitor, server: BotApiServer) -> None:
    response, _ = await visitor.raw(f"/login?{said(server.token)}")
    assert (response.status, response.headers["Location"]) == (303, "/figures")
    cookie = response.headers["Set-Cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=lax", "Secure"))
    page = await visitor.get("/figures", headers={"Cookie": cookie.partition(";")[0]})
    assert page.words("h1") == [EN.web_figures]
    assert page.words("[aria-labelledby=published] th") == ["2018", "2019", "2020", "2021", "2022"]
    assert page.words("[aria-labelledby=published] td:last-child") == ["1", "0", "1", "1", "2"]
    assert len(page.words("[aria-labelledby=asked] th")) == 30
    assert page.headers["Cache-Control"] == "no-store"


async def test_the_button_under_stats_leads_there(server: BotApiServer, admin: Person, visitor: Visitor) -> None:
    await server.say(server.private_chat(admin), admin, "/stats")
    told = await server.reply(server.private_chat(admin))
    (button,) = told.buttons
    assert (button["text"], button["login_url"]) == (EN.web_figures, {"url": f"{PUBLIC}/login"})


@pytest.mark.parametrize(
    "change",
    [{"id": 7}, {"id": ""}, {"auth_date": 0}, {"auth_date": int(time.time()) + 10**6}, {"auth_date": "x"}],
)
async def test_who_is_none_or_came_long_ago_is_not_let_in(
    visitor: Visitor, server: BotApiServer, change: dict[str, object]
) -> None:
    page = await visitor.get(f"/login?{said(server.token, **change)}")
    assert (page.status, page.words("h1")) == (403, [EN.web_for_administrators])
    assert "Set-Cookie" not in page.headers


@pytest.mark.parametrize("forged", ["hash=", "hash=%F0%9F%98%80", "", "id=4242&hash=" + 64 * "0"])
async def test_what_telegram_has_not_said_is_worth_nothing(visitor: Visitor, forged: str) -> None:
    assert (await visitor.get(f"/login?{forged}")).status == 403


async def test_a_word_that_was_changed_on_the_way_is_worth_nothing(visitor: Visitor, server: BotApiServer) -> None:
    changed = said(server.token, id=7).replace("id=7", f"id={ADMIN_ID}")
    assert (await visitor.get(f"/login?{changed}")).status == 403
    assert (await visitor.get(f"/login?{said(server.token)}&extra=1")).status == 403
    assert (await visitor.get(f"/login?{said(server.token + 'x')}")).status == 403


async def test_a_line_in_a_name_cannot_make_another_person(visitor: Visitor, server: BotApiServer) -> None:
    signed = said(server.token, id=7, first_name=f"x\nid={ADMIN_ID}\nlast_name=y")
    fields = dict(parse_qsl(signed)) | {"first_name": "x", "id": str(ADMIN_ID), "last_name": "y\nid=7"}
    assert (await visitor.get(f"/login?{urlencode(fields)}")).status == 403


async def test_a_cookie_of_ones_own_opens_nothing(visitor: Visitor, server: BotApiServer, settings: Settings) -> None:
    response, _ = await visitor.raw(f"/login?{said(server.token)}")
    session = response.cookies["session"].value
    person, until, signature = session.split(".")
    later = str(int(until) + 1)
    for forged in ("", "x", f"{person}.{later}.{signature}", f"7.{until}.{signature}", f"{person}.{until}.", "²..é"):
        page = await visitor.get("/figures", headers={"Cookie": f"session={forged}"})
        assert page.status == 403, forged


async def test_a_login_ends(visitor: Visitor, server: BotApiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.login._SESSION", -1)
    response, _ = await visitor.raw(f"/login?{said(server.token)}")
    session = response.cookies["session"].value
    assert (await visitor.get("/figures", headers={"Cookie": f"session={session}"})).status == 403
