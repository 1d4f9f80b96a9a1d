"""A sidecar is taken at its word, or refused by a sentence that names the key and the mend."""

import re
from datetime import date

import pytest

from retrieval.corpus.sidecar import Sidecar, SidecarError, read_sidecar

FULL = """title = "A  title\\n"
publisher = "VNA"
author = "Ada"
url = "{}"
licence = "CC BY 4.0"
language = "{}"
published = 2021-08-30
"""


@pytest.mark.parametrize("url", ["https://e.org", "http://e.org"])
@pytest.mark.parametrize("language", ["vi", "zh", "en", "id", "ms", "th", "tl", "und"])
def test_every_key_is_read_and_its_words_are_cleaned(url: str, language: str) -> None:
    assert read_sidecar(FULL.format(url, language).encode()) == Sidecar(
        title="A title",
        publisher="VNA",
        author="Ada",
        url=url,
        licence="CC BY 4.0",
        language=language,  # type: ignore[arg-type]
        published=date(2021, 8, 30),
    )


def test_an_empty_sidecar_is_silent() -> None:
    assert read_sidecar(b"") == Sidecar(None, None, None, None, None, None, None)


@pytest.mark.parametrize(
    ("toml", "reason"),
    [
        (
            "titel = 1",
            "has an unknown key 'titel'; known are title, publisher, author, url, licence, language, published",
        ),
        ("published = 1", "published must be a date without quotes, as in published = 2021-08-30"),
        ("published = 2021-08-30T10:00:00", "published must be a date without quotes, as in published = 2021-08-30"),
        ("author = 1", "author must be a text in quotes"),
        ('licence = " "', "licence must be a text in quotes"),
        ('url = "ftp://e.org"', "url must begin with https:// or http://"),
        ('language = "fr"', "language must be one of vi, zh, en, id, ms, th, tl, und, not 'fr'"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_its_mend(toml: str, reason: str) -> None:
    with pytest.raises(SidecarError, match=f"^{re.escape(reason)}$"):
        read_sidecar(toml.encode())


@pytest.mark.parametrize("data", [b"title", b"\xff", b"x = " + b"[" * 100_000], ids=["broken", "no text", "too deep"])
def test_what_is_no_toml_is_named(data: bytes) -> None:
    with pytest.raises(SidecarError, match=r"^is not readable as TOML: ."):
        read_sidecar(data)


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    assert read_sidecar(b'\xef\xbb\xbftitle = "x"').title == "x"
