"""NAME.toml beside NAME.txt: what an administrator knows about a document and its page does not say."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, get_args

from retrieval.records import DocumentLanguage
from retrieval.text import clean

SUFFIX = ".toml"
_TEXT_KEYS = ("title", "publisher", "author", "url", "licence", "language")
_KEYS = (*_TEXT_KEYS, "published")


class SidecarError(ValueError):
    """Raised when a sidecar cannot be used; the message names the key and the mend."""


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What the sidecar states; None where it is silent."""

    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    url: str | None = None
    licence: str | None = None
    language: DocumentLanguage | None = None
    published: date | None = None


def read_sidecar(data: bytes) -> Sidecar:
    """What the bytes of a sidecar state.

    Raises SidecarError for bad TOML, an unknown key or a value of the wrong kind.
    """
    try:
        values = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SidecarError(f"is not readable as TOML: {error}") from error
    for key, value in values.items():
        _check(key, value)
    cleaned: dict[str, Any] = {
        key: " ".join(clean(value).split()) if isinstance(value, str) else value for key, value in values.items()
    }
    return Sidecar(**cleaned)


def _check(key: str, value: Any) -> None:
    if key not in _KEYS:
        raise SidecarError(f"has an unknown key {key!r}; known are {', '.join(_KEYS)}")
    if key == "published":
        if not isinstance(value, date) or isinstance(value, datetime):
            raise SidecarError("published must be a date without quotes, as in published = 2021-08-30")
    elif not isinstance(value, str) or not value.strip():
        raise SidecarError(f"{key} must be a text in quotes")
    elif key == "language" and value not in get_args(DocumentLanguage):
        raise SidecarError(f"language must be one of {', '.join(get_args(DocumentLanguage))}, not {value!r}")
    elif key == "url" and not value.startswith(("https://", "http://")):
        raise SidecarError("url must begin with https:// or http://")
