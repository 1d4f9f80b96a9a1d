"""Whatever stands in a question, an address or an article: a page shows it as words and does nothing of it."""

import asyncio
import random
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import settings as tries
from hypothesis import strategies as st

from bot.settings import Settings
from bot.web.pages import _environment
from tests.web.conftest import Page, Visitor

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "</title></textarea><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% for x in y %}",
    "&lt;b&gt;&#60;script&#62;",
    "\x00\ud800\u202e\ufeff",
    "../../../etc/passwd",
    "%00%0d%0aSet-Cookie: a=b",
    "A" * 5000,
    "đ" * 500,
)
TAGS = set(
    """
    a article b blockquote body button details div footer form h1 h2 head header html input label li link main meta nav
    option p section select span summary table tbody td th thead time title tr ul
    """.split()  # noqa: SIM905
)
"""What our templates hold."""
HOSTILE = (
    '<html><head><title>"><script>alert(1)</script></title></head><body>'
    "<article><h1>&lt;script&gt;alert(1)&lt;/script&gt; \"onmouseover='alert(1)' Huế</h1>"
    "<p>Thành phố Huế &lt;img src=x onerror=alert(1)&gt; vừa khai trương trung tâm điều hành đô thị thông minh, phục "
    "vụ hơn năm trăm nghìn người dân của thành phố, theo &lt;a href=javascript:alert(1)&gt;VietnamPlus&lt;/a&gt;.</p>"
    "<p>Trung tâm kết nối bốn trăm camera {{ 7 * 7 }} và nhận phản ánh của người dân qua một ứng dụng trên điện "
    "thoại, &lt;/p&gt;&lt;/article&gt;&lt;iframe src=//evil.example&gt; mỗi ngày hàng nghìn lượt.</p>"
    "</article></body></html>"
)


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many requests a minute that no test meets the limit."""
    monkeypatch.setattr("bot.web.visitors.REQUESTS_A_MINUTE", 10_000)


def harmless(page: Page) -> bool:
    """Whether a page has nothing in it but what our templates have put there."""
    elements = [element for element in page.tree.iter() if isinstance(element.tag, str)]
    assert {element.tag for element in elements} <= TAGS
    assert [name for element in elements for name in element.attrib if name.startswith("on")] == []
    addresses = [element.get(name) for element in elements for name in ("href", "src", "action") if element.get(name)]
    assert [one for one in addresses if one.startswith("//")] == []
    assert [
        one
        for one in addresses
        if not one.startswith(
            ("/", "?", "#p", "#content", "https://t.me/", "https://bot.example.org/", "https://a.example/")
        )
    ] == []
    return "default-src 'none'" in page.headers["Content-Security-Policy"]


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
async def test_whatever_is_asked_is_only_shown(visitor: Visitor, payload: str) -> None:
    said = quote(payload.encode("utf-8", "surrogatepass"))
    for path in (
        f"/?q={said}",
        f"/?q={said}&more={said}&lang={said}",
        f"/documents?find={said}&in={said}&sort={said}&order={said}&page={said}&lang={said}",
        f"/documents/{said}",
        f"/documents/000_a831e0fb29141970?passage={said}",
        f"/documents/{said}/original",
        f"/login?id={said}&hash={said}",
        f"/static/{said}",
        f"/{said}",
    ):
        page = await visitor.get(
            path, headers={"Accept-Language": "en", "Cookie": f"lang={said[:100]}; session={said[:100]}"}
        )
        assert page.status in (200, 403, 404), path
        assert harmless(page)
        assert "Set-Cookie" not in page.headers or page.headers["Set-Cookie"].startswith("lang=en;")


class TestOfAHostileArticle:
    """Nobody else reads it."""

    @pytest.fixture
    def corpus(self, own_corpus: Path) -> Path:
        (own_corpus / '"><svg onload=alert(1)>.html').write_text(HOSTILE)
        (own_corpus / '"><svg onload=alert(1)>.toml').write_text(
            'publisher = "<script>alert(1)</script>"\nauthor = "\\" onclick=alert(1)"\n'
            'url = "https://a.example/\\"><script>"\nlicence = "<b>"\npublished = 2022-01-01\n'
        )
        return own_corpus

    async def test_nothing_is_done(self, visitor: Visitor) -> None:
        listed = await visitor.get("/documents?find=script")
        assert harmless(listed)
        address = listed.values("tbody a", "href")[0]
        article = await visitor.get(address)
        assert article.status == 200
        assert harmless(article)
        assert "<script>alert(1)</script>" in article.words("header .about")[0]
        assert "{{ 7 * 7 }}" in " ".join(article.words(".passage"))
        answer = await visitor.get("/", params={"q": "Huế khai trương trung tâm điều hành gì?"})
        assert harmless(answer)
        assert "onerror" in " ".join(answer.words("blockquote"))
        response, data = await visitor.raw(f"{address}/original")
        assert data == HOSTILE.encode()
        assert response.headers["Content-Type"] == "application/octet-stream"
        assert response.headers["Content-Security-Policy"].startswith("sandbox")


@pytest.mark.parametrize("host", ["[::", "a b", '"><script>', "", "x" * 5000, "evil.example"])
async def test_whatever_host_is_named_is_of_no_matter(visitor: Visitor, host: str) -> None:
    for path in ("/", "/documents", "/documents/000_a831e0fb29141970"):
        page = await visitor.get(path, headers={"Host": host})
        assert page.status == 200
        assert harmless(page)
        assert "evil.example" not in page.text


async def test_an_address_that_begins_like_anothers_leads_to_nobody_else(visitor: Visitor, settings: Settings) -> None:
    assert settings.web is not None
    reader, writer = await asyncio.open_connection(settings.web.host, settings.web.port)
    writer.write(b"GET //evil.example/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    answer = (await reader.read()).decode()
    writer.close()
    assert answer.startswith("HTTP/1.1 404")
    assert "evil.example" not in answer


@pytest.mark.usefixtures("many")
async def test_noise_of_any_kind_gets_an_answer_and_never_an_error(visitor: Visitor) -> None:
    noise = random.Random(7)  # noqa: S311

    def path() -> str:
        words = quote(bytes(noise.randrange(256) for _ in range(noise.randrange(60))))
        return (
            noise.choice(["/?q=", "/documents?find=", "/documents/", "/documents?page=", "/", "/login?hash="]) + words
        )

    pages = await asyncio.gather(*(visitor.get(path()) for _ in range(300)))
    assert {page.status for page in pages} <= {200, 403, 404, 503}
    assert all(map(harmless, pages))


@given(st.text(min_size=1))
@tries(max_examples=200, deadline=None)
def test_no_value_of_a_template_becomes_markup(text: str) -> None:
    shown = _environment().from_string('<p title="{{ text }}">{{ text }}</p>').render(text=text)
    assert shown.count("<") == 2
    assert shown.count('"') == 2
