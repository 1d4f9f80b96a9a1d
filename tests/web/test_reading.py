"""Asking by the web, looking through the articles, and reading one where its words stand."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.application import Service
from bot.listening import _Connection
from bot.settings import Settings
from bot.speech.phrases import REPLY_LANGUAGES, phrases
from bot.subject import read_subject
from retrieval.corpus.records import Original
from tests.botapi import BotApiServer, Person
from tests.conftest import SEEDS
from tests.web.conftest import Visitor

EN = phrases("en")
FOUNDED = "001_b6f71c74b8b026ee"


PAGE = (
    "Trang chủ\n\nHuế mở trung tâm điều hành đô thị thông minh\n\n"
    "Thành phố Huế vừa khai trương trung tâm điều hành đô thị thông minh, phục vụ hơn năm trăm nghìn người dân.\n"
    "Trung tâm kết nối bốn trăm camera và nhận phản ánh của người dân qua một ứng dụng trên điện thoại./.\n\n"
    "Chia sẻ\nBình luận\n"
)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four requests a minute of one visitor."""
    monkeypatch.setattr("bot.web.visitors.REQUESTS_A_MINUTE", 4)


async def test_a_question_is_answered_with_quotes_each_with_its_source_and_date(visitor: Visitor) -> None:
    page = await visitor.get("/", params={"q": "When was ASCN founded?"})
    assert page.status == 200
    assert page.words("h1") == [EN.web_quotes]
    assert any("4/2018" in quote for quote in page.words("blockquote"))
    assert page.values("blockquote", "lang")[0] == "vi"
    assert page.words("article .about")[0] == "TTXVN/Vietnam+ · 30 August 2021 · in Vietnamese"
    assert page.values("article time", "datetime")[0] == "2021-08-30"
    assert page.values("input[name=q]", "value") == ["When was ASCN founded?"]


async def test_every_quote_stands_word_for_word_in_the_passage_that_its_link_leads_to(visitor: Visitor) -> None:
    page = await visitor.get("/", params={"q": "平阳共有多少个投资项目"})
    links, quotes = page.values(".in-article a", "href"), page.words("blockquote")
    assert len(links) == len(quotes) == 3
    for link, quote in zip(links, quotes, strict=True):
        path, _, part = link.partition("#")
        article = await visitor.get(path)
        assert article.values(".quoted", "id") == [part]
        assert quote.strip("… ") in article.words(".quoted")[0]


async def test_more_passages_are_a_link_away(visitor: Visitor) -> None:
    page = await visitor.get("/", params={"q": "ASEAN"})
    (more,) = page.values("a.button", "href")
    further = await visitor.get(more)
    assert len(further.words("blockquote")) > len(page.words("blockquote")) == 3
    assert further.words("blockquote")[:1] == page.words("blockquote")[:1]
    assert further.words("a.button") == []


class TestOfAnotherSubject:
    """What other articles are about, the pages say as the bot does."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, subject=read_subject("Penang Hill | zh: 升旗山"))

    async def test_the_first_page_introduces_itself_by_it(self, visitor: Visitor) -> None:
        english, chinese = await visitor.get("/"), await visitor.get("/?lang=zh-Hant")
        assert "Penang Hill" in english.words(".lead")[0]
        assert "升旗山" in chinese.words(".lead")[0]
        assert "ASCN" not in english.text + chinese.text


async def test_where_the_articles_are_silent_it_says_so_and_names_the_nearest(visitor: Visitor) -> None:
    page = await visitor.get("/", params={"q": "How do I bake bread?"})
    assert page.words("h1") == [EN.nothing_found]
    assert page.words("blockquote") == []
    assert len(page.words(".documents li")) == 5


async def test_without_a_question_there_is_the_box_to_ask_in_and_what_becomes_of_its_words(visitor: Visitor) -> None:
    page = await visitor.get("/")
    assert page.words("label") == [EN.web_ask_label]
    assert page.words(".remark") == [EN.web_private]
    assert (await visitor.get("/", params={"q": " \u200b "})).words(".answer") == []


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
async def test_the_pages_speak_every_language_of_the_bot(visitor: Visitor, language: str) -> None:
    page = await visitor.get("/", headers={"Accept-Language": f"xx,{language};q=0.9,en;q=0.8"})
    words = next(phrases(code) for code in REPLY_LANGUAGES if code == language)
    assert page.words("label") == [words.web_ask_label]
    assert page.values("html", "lang") == ["fil" if language == "tl" else language]


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("zh-TW,zh;q=0.9", "zh-Hant"), ("en-US,vi;q=0.9", "en"), ("vi;q=0.2,th;q=0.8", "th"), ("fr;q=x,,;q=1", "en")],
)
async def test_the_language_is_the_first_that_the_browser_wants_and_we_have(
    visitor: Visitor, accepted: str, language: str
) -> None:
    assert (await visitor.get("/", headers={"Accept-Language": accepted})).values("html", "lang") == [language]


async def test_a_language_that_was_chosen_stays_and_keeps_the_question(visitor: Visitor) -> None:
    page = await visitor.get("/", params={"q": "Huế"})
    (vietnamese,) = page.values("footer a[lang=vi]", "href")
    chosen = await visitor.get(f"/{vietnamese}")
    assert chosen.values("input[name=q]", "value") == ["Huế"]
    assert (await visitor.get("/documents")).words("h1") == [phrases("vi").web_articles]


async def test_the_articles_are_listed_newest_first_and_sorted_as_wished(visitor: Visitor) -> None:
    page = await visitor.get("/documents")
    days = page.values("tbody time", "datetime")
    assert (len(days), days) == (5, sorted(days, reverse=True))
    by_title = await visitor.get(page.values("thead a", "href")[0])
    assert by_title.words("th[aria-sort]") == [EN.web_title]
    assert by_title.words("tbody a") != page.words("tbody a")
    oldest = await visitor.get(page.values("thead a", "href")[3])
    assert oldest.values("tbody time", "datetime") == sorted(days)


async def test_they_are_found_by_words_and_by_language(visitor: Visitor) -> None:
    assert len((await visitor.get("/documents?in=zh")).words("tbody tr")) == 2
    assert (await visitor.get("/documents?find=Vietnam%2B&in=vi")).words("tbody tr") != []
    nothing = await visitor.get("/documents?find=Atlantis")
    assert EN.web_none_fits in nothing.words("main p")


async def test_many_articles_have_several_pages(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.reading._A_PAGE", 2)
    first = await visitor.get("/documents")
    second = await visitor.get(first.values("a[rel=next]", "href")[0])
    assert second.words(".pages span") == ["2 / 3"]
    assert (await visitor.get("/documents?page=99")).words(".pages span") == ["3 / 3"]
    titles = [title for page in (first, second) for title in page.words("tbody th")]
    assert len(set(titles)) == 4


async def test_an_article_is_shown_whole_with_its_passages_numbered_and_what_was_cut_folded(visitor: Visitor) -> None:
    page = await visitor.get(f"/documents/{FOUNDED}")
    assert page.words(".number") == [str(number) for number in range(1, len(page.words(".passage")) + 1)]
    assert page.values("h1", "lang") == page.values(".body", "lang")
    assert f" ({EN.web_date_stated}) · " in page.words("header .about")[0]
    assert page.words("details summary") == [EN.web_cut]
    original = (SEEDS / f"{FOUNDED}.txt").read_text("utf-8")
    assert all(line in " ".join(original.split()) for line in page.words("details p"))


async def test_a_link_to_an_article_unfolds_with_its_title_words_and_date(visitor: Visitor) -> None:
    page = await visitor.get(f"/documents/{FOUNDED}?passage=2")
    said = dict(zip(page.values("meta[property]", "property"), page.values("meta[property]", "content"), strict=True))
    assert said["og:title"] == page.words("h1")[0]
    assert page.words("#p2 p")[0].startswith(said["og:description"].removesuffix(" …"))
    assert said["og:url"] == f"https://bot.example.org/documents/{FOUNDED}"
    assert said["article:published_time"] == page.values("time", "datetime")[0]


@pytest.mark.parametrize("passage", ["0", "999", "x", "²", "-1", "99999999999"])
async def test_a_passage_that_there_is_not_is_not_marked(visitor: Visitor, passage: str) -> None:
    page = await visitor.get(f"/documents/{FOUNDED}", params={"passage": passage})
    assert (page.status, page.words(".quoted")) == (200, [])


async def test_the_original_file_is_handed_out_as_it_came(visitor: Visitor) -> None:
    response, data = await visitor.raw(f"/documents/{FOUNDED}/original")
    assert data == (SEEDS / f"{FOUNDED}.txt").read_bytes()
    assert response.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{FOUNDED}.txt"
    assert response.headers["Content-Type"] == "application/octet-stream"


class TestWithAFolderOfItsOwn:
    """What nobody else reads may change."""

    @pytest.fixture
    def corpus(self, own_corpus: Path) -> Path:
        (own_corpus / "Huế & Vinh?.txt").write_text(PAGE)
        return own_corpus

    async def test_an_article_of_any_name_has_an_address_until_its_file_changes(
        self, visitor: Visitor, corpus: Path
    ) -> None:
        page = await visitor.get("/documents?find=trung+tâm")
        (address,) = page.values("tbody a", "href")
        assert address == "/documents/Hu%E1%BA%BF%20%26%20Vinh%3F"
        article = await visitor.get(address)
        assert article.words("h1") == ["Huế mở trung tâm điều hành đô thị thông minh"]
        assert article.words("details p") == ["Trang chủ", "Chia sẻ", "Bình luận"]
        (corpus / "Huế & Vinh?.txt").write_text(PAGE.replace("Huế", "Vinh"))
        changed = await visitor.get(address)
        assert changed.words("h1") == article.words("h1")
        assert EN.web_changed in changed.words("header .about")[1]
        assert changed.words("details") == []
        assert (await visitor.get(f"{address}/original")).status == 404


@pytest.mark.parametrize(
    "path", ["/nowhere", "/documents/nowhere", "/documents/nowhere/original", "/documents/%2e%2e%2fetc", "/static/x"]
)
async def test_an_address_with_nothing_behind_it_says_so(visitor: Visitor, path: str) -> None:
    page = await visitor.get(path)
    assert (page.status, page.words("h1")) == (404, [EN.web_not_found])


@pytest.mark.usefixtures("few")
async def test_who_asks_too_much_is_told_so_and_nobody_else(visitor: Visitor) -> None:
    asked = [visitor.get("/", params={"q": "Huế"}) for _ in range(8)]
    statuses = [page.status for page in await asyncio.gather(*asked)]
    assert statuses.count(200) == 4
    refused = await visitor.get("/", params={"q": "Huế"})
    assert (refused.status, refused.words("h1"), refused.headers["Retry-After"]) == (429, [EN.web_too_many], "60")
    # Whoever comes by the proxy, which stands on this machine, is known by the address that it tells.
    other = await visitor.get("/", params={"q": "Huế"}, headers={"X-Forwarded-For": "2001:db8::1"})
    assert other.status == 200


@pytest.mark.usefixtures("few")
async def test_addresses_of_one_connection_are_one_visitor(visitor: Visitor) -> None:
    for number in range(4):
        await visitor.get(f"/documents/{FOUNDED}", headers={"X-Forwarded-For": f"2001:db8::{number:x}"})
    neighbour = await visitor.get(f"/documents/{FOUNDED}", headers={"X-Forwarded-For": "2001:db8::ffff"})
    stranger = await visitor.get(f"/documents/{FOUNDED}", headers={"X-Forwarded-For": "2001:db8:1::1"})
    assert (neighbour.status, stranger.status) == (429, 200)


@pytest.mark.parametrize("path", [f"/documents/{FOUNDED}", f"/documents/{FOUNDED}/original"])
async def test_all_visitors_together_leave_room_for_those_on_telegram(
    visitor: Visitor, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.visitors._MOST_WAITING", 2)
    pages = await asyncio.gather(*(visitor.get(path, headers={"X-Forwarded-For": f"192.0.2.{n}"}) for n in range(12)))
    assert {page.status for page in pages} == {200, 503}
    assert (await visitor.get(path)).status == 200


async def test_a_question_beyond_that_is_told_so_on_its_page(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.visitors._MOST_WAITING", 2)
    pages = await asyncio.gather(*(visitor.get("/?q=ASEAN") for _ in range(12)))
    assert {page.words("h1")[0] for page in pages} == {EN.web_quotes, EN.web_too_many}


@pytest.fixture
def lost(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """That the server has let a connection go."""
    event, let_go = asyncio.Event(), _Connection.connection_lost

    def connection_lost(connection: _Connection, error: Exception | None) -> None:
        event.set()
        let_go(connection, error)

    monkeypatch.setattr(_Connection, "connection_lost", connection_lost)
    monkeypatch.setattr("bot.listening._SECONDS_TO_TAKE", 0.5)
    return event


async def test_who_takes_nothing_of_a_file_is_let_go(
    settings: Settings, visitor: Visitor, lost: asyncio.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settings.web is not None
    monkeypatch.setattr("bot.corpus.library.Library.original", a_large_file)
    _, writer = await asyncio.open_connection(settings.web.host, settings.web.port, limit=1024)
    writer.write(f"GET /documents/{FOUNDED}/original HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    async with asyncio.timeout(5):
        await lost.wait()
    writer.transport.abort()


async def test_who_sends_a_byte_of_a_second_request_and_no_more_is_let_go(
    settings: Settings, bot: Service, lost: asyncio.Event
) -> None:
    assert settings.web is not None
    reader, writer = await asyncio.open_connection(settings.web.host, settings.web.port)
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    await reader.readuntil(b"ok\n")
    writer.write(b"G")
    async with asyncio.timeout(5):
        await lost.wait()
    writer.close()


async def test_files_on_their_way_are_no_more_than_memory_has_room_for(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.reading._MOST_FILES", 0)
    assert (await visitor.get(f"/documents/{FOUNDED}/original")).status == 503


@pytest.mark.usefixtures("few")
async def test_visitors_whose_proxy_writes_old_addresses_as_new_ones_are_several(visitor: Visitor) -> None:
    for _ in range(4):
        await visitor.get(f"/documents/{FOUNDED}", headers={"X-Forwarded-For": "::ffff:192.0.2.1"})
    same = await visitor.get(f"/documents/{FOUNDED}", headers={"X-Forwarded-For": "::ffff:192.0.2.1"})
    other = await visitor.get(f"/documents/{FOUNDED}", headers={"X-Forwarded-For": "::ffff:198.51.100.7"})
    assert (same.status, other.status) == (429, 200)


LARGE = 20_000_000


async def a_large_file(*_: object) -> Original:
    return Original("large.txt", bytes(LARGE))


async def test_questions_of_the_web_are_counted_without_their_words(
    visitor: Visitor, server: BotApiServer, admin: Person
) -> None:
    await visitor.get("/", params={"q": "When was ASCN founded?"})
    await visitor.get("/", params={"q": "When was ASCN founded?", "more": ""})
    await server.say(server.private_chat(admin), admin, "/stats")
    told = await server.reply(server.private_chat(admin))
    assert ": 1 question, " in told.text


async def test_a_question_that_is_too_hard_is_said_to_be(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.corpus.nursery._SECONDS_A_QUESTION", 0.0)
    page = await visitor.get("/", params={"q": "Huế"})
    assert page.words("h1") == [EN.too_hard]


async def test_what_fails_is_one_line_of_the_log_without_the_words(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("Huế")

    monkeypatch.setattr("bot.web.reading.fits", fail)
    response, body = await visitor.raw("/documents?find=Hu%E1%BA%BF")
    assert (response.status, "Huế" in body.decode()) == (500, False)
    assert [record.getMessage().partition(":")[0] for record in caplog.records if record.levelname == "ERROR"] == [
        "a page failed"
    ]
    assert "Huế" not in caplog.text


async def test_the_head_of_a_page_comes_before_its_answer_is_found(
    visitor: Visitor, bot: Service, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settings.web is not None
    let_go = asyncio.Event()
    library = "bot.corpus.library.Library.answer"

    async def slow(*_: object, **__: object) -> None:
        await let_go.wait()
        raise AssertionError

    monkeypatch.setattr(library, slow)
    reader, writer = await asyncio.open_connection(settings.web.host, settings.web.port)
    writer.write(b"GET /?q=Hue HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    async with asyncio.timeout(5):
        assert b'name="q"' in await reader.readuntil(b"</form>")
    let_go.set()
    await reader.read()
    writer.close()
    await writer.wait_closed()
