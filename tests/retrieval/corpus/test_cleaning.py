"""Pages as they were scraped become the article in them."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from retrieval.corpus.cleaning import Article, clean_page
from retrieval.corpus.encoding import decode
from retrieval.text import clean

PAGES = Path(__file__).parent / "pages"


def article(page: Path) -> Article:
    return clean_page(clean(decode(page.read_bytes())).splitlines())


@pytest.fixture(params=sorted(PAGES.glob("*.json")), ids=lambda path: path.stem)
def expected(request: pytest.FixtureRequest) -> tuple[Article, dict[str, Any]]:
    return article(request.param.with_suffix(".txt")), json.loads(request.param.read_text("utf-8"))


def test_an_unseen_page_gives_its_title_date_and_credit(expected: tuple[Article, dict[str, Any]]) -> None:
    found, page = expected
    published = date.fromisoformat(page["published"]) if page["published"] else None
    assert (found.title, found.published, found.date_basis, found.publisher, found.author) == (
        page["title"],
        published,
        page["basis"],
        page["publisher"],
        page["author"],
    )


def test_an_unseen_page_keeps_its_body(expected: tuple[Article, dict[str, Any]]) -> None:
    found, page = expected
    body = "\n".join(found.paragraphs)
    assert [words for words in page["body_contains"] if clean(words) not in body] == []


def test_an_unseen_page_loses_what_surrounds_its_body(expected: tuple[Article, dict[str, Any]]) -> None:
    found, page = expected
    body = "\n".join(found.paragraphs)
    assert [words for words in page["body_lacks"] if clean(words) in body] == []


def test_half_a_paragraph_is_no_title() -> None:
    first = "Hyperbaric medicine uses special oxygen chambers. It raises the partial pressure of O"
    second = (
        "2 around the patient. Carbon monoxide poisoning and the sickness of divers are treated with it. " * 2
        + "More O"
    )
    third = "2 in the lungs displaces what is poisonous there, and bubbles of other gases shrink until they are gone."
    found = clean_page([first, second, third])
    assert first in (found.title, *found.paragraphs)
    assert second in found.paragraphs
