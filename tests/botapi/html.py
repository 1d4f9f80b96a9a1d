"""Telegram's HTML as the server reads it, and no laxer than its documentation.

The errors are those of `parse_html` in td/telegram/MessageEntity.cpp. Where that function only mends or
keeps silent (an unescaped sign, an unknown attribute, an impossible nesting), this one refuses too, since
formatting would be lost on the reader's screen.
"""

import re
from dataclasses import dataclass, field

from .entities import in_reading_order, utf16_length
from .nesting import check_nesting, fitted
from .records import Json

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_ATTRIBUTES = {
    "a": {"href"},
    "span": {"class"},
    "code": {"class"},
    "blockquote": {"expandable"},
    "tg-emoji": {"emoji-id"},
    "tg-time": {"unix", "format"},
}
_REFERENCES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_TOKEN = re.compile(r"""(?P<tag><(?:[^<>"']|"[^"]*"|'[^']*')*>)|(?P<reference>&[^&;<>\s]{0,12};?)|[^<>&]+|.""", re.S)
_TAG = re.compile(r"<(?P<slash>/?)(?P<name>[^\s>]*)(?P<attributes>.*)>", re.S)
_ATTRIBUTE = re.compile(r"""\s*([^\s=>/"']+)(?:\s*=\s*("[^"]*"|'[^']*'|[A-Za-z0-9.-]+))?(?=[\s>]|$)\s*""")
_DATE_FORMAT = re.compile(r"r|w?[dD]?[tT]?")


class EntityError(ValueError):
    """The text is not Telegram's HTML; the message says where."""


@dataclass(frozen=True, slots=True)
class FormattedText:
    """What readers see, and how it is formatted; offsets and lengths count UTF-16 units."""

    text: str
    entities: tuple[Json, ...] = ()


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int


@dataclass(slots=True)
class _Reader:
    source: str
    text: str = ""
    length: int = 0
    entities: list[Json] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)

    def read(self) -> FormattedText:
        for token in _TOKEN.finditer(self.source):
            if token["tag"]:
                self._tag(token)
            elif token["reference"]:
                self._write(self._referred(token))
            else:
                self._plain(token)
        if self.open:
            raise EntityError(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return fitted_text(self.text, self.entities)

    def _write(self, text: str) -> None:
        self.text += text
        self.length += utf16_length(text)

    def _plain(self, token: re.Match[str]) -> None:
        if token[0] == "<":
            raise EntityError(f"Unclosed start tag at byte offset {self._byte(token)}")
        if token[0] == ">":
            raise EntityError(f"Character '>' must be written &gt; at byte offset {self._byte(token)}")
        self._write(token[0])

    def _referred(self, token: re.Match[str]) -> str:
        name = token[0].removeprefix("&").removesuffix(";")
        code = _number(name) if token[0].endswith(";") else 0
        if token[0].endswith(";") and (name in _REFERENCES or code):
            return _REFERENCES.get(name) or chr(code)
        raise EntityError(f'Unsupported entity "{token[0]}" at byte offset {self._byte(token)}')

    def _tag(self, token: re.Match[str]) -> None:
        parts = _TAG.fullmatch(token[0])
        assert parts is not None
        if parts["slash"]:
            self._close(parts["name"].lower(), token)
        else:
            self._begin(parts["name"].lower(), parts["attributes"], token)

    def _begin(self, tag: str, attributes: str, token: re.Match[str]) -> None:
        if tag not in TAGS:
            raise EntityError(f'Unsupported start tag "{tag}" at byte offset {self._byte(token)}')
        given = self._attributes(tag, attributes, token)
        if tag == "span" and given.get("class") != "tg-spoiler":
            at = self._byte(token)
            raise EntityError(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
        if reason := check_nesting([TAGS[outer.tag] for outer in self.open], TAGS[tag]):
            raise EntityError(f"{reason} at byte offset {self._byte(token)}")
        self.open.append(_Open(tag, given, self.length))

    def _attributes(self, tag: str, source: str, token: re.Match[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        at = 0
        while source[at:].strip():
            match = _ATTRIBUTE.match(source, at)
            if match is None or match[1] not in _ATTRIBUTES.get(tag, ()):
                raise EntityError(f'Unsupported attributes in the tag "{tag}" at byte offset {self._byte(token)}')
            found[match[1]] = _unescaped((match[2] or "").strip("\"'"))
            at = match.end()
        return found

    def _close(self, tag: str, token: re.Match[str]) -> None:
        if not self.open:
            raise EntityError(f"Unexpected end tag at byte offset {self._byte(token)}")
        begun = self.open.pop()
        if tag != begun.tag:
            raise EntityError(
                f'Unmatched end tag at byte offset {self._byte(token)}, expected "</{begun.tag}>", found "</{tag}>"'
            )
        if self.length > begun.offset:
            self._add(begun)

    def _add(self, begun: _Open) -> None:
        entity = {"type": TAGS[begun.tag], "offset": begun.offset, "length": self.length - begun.offset}
        covered = self.text.encode("utf-16-le")[2 * begun.offset :].decode("utf-16-le")
        entity |= _details(begun, covered)
        if entity["type"] == "pre":
            entity |= self._language_of(entity)
        self.entities.append(entity)

    def _language_of(self, pre: Json) -> Json:
        """The code tag directly inside <pre> names its language and is no entity of its own."""
        if not self.entities or self.entities[-1]["offset"] < pre["offset"]:
            return {}
        code = self.entities.pop()
        if (code["offset"], code["length"]) != (pre["offset"], pre["length"]):
            raise EntityError("Entity code can't be nested in pre")
        return {"language": code["language"]} if "language" in code else {}

    def _byte(self, token: re.Match[str]) -> int:
        return len(self.source[: token.start()].encode())


def parse_html(source: str) -> FormattedText:
    """The text and entities of Telegram's HTML; raises EntityError in the words of the real server."""
    return _Reader(source).read()


def fitted_text(text: str, entities: list[Json]) -> FormattedText:
    """The text without the blanks around it, and its entities moved and cut to fit."""
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)  # a language counts only inside <pre>
    start = utf16_length(text) - utf16_length(text.lstrip(" \n"))
    stripped = text.strip(" \n")
    return FormattedText(stripped, in_reading_order(fitted(entities, start, utf16_length(stripped))))


def _details(begun: _Open, covered: str) -> Json:
    match begun.tag:
        case "a":
            return _link(begun.attributes.get("href") or covered)
        case "code":
            language = begun.attributes.get("class", "").removeprefix("language-")
            return {"language": language} if language else {}
        case "blockquote" if "expandable" in begun.attributes:
            return {"type": "expandable_blockquote"}
        case "tg-emoji":
            return _emoji(begun.attributes.get("emoji-id", ""))
        case "tg-time":
            return _date(begun.attributes)
    return {}


def _link(url: str) -> Json:
    user = re.fullmatch(r"tg://user\?id=(\d+)", url)
    if user:
        return {"type": "text_mention", "user": {"id": int(user[1]), "is_bot": False, "first_name": "User"}}
    if not re.match(r"(https?|tg|ton|tonsite)://\S+$|[\w-]+(\.[\w-]+)+(/\S*)?$", url):
        raise EntityError(f'Wrong link "{url}"')
    return {"url": url}


def _emoji(identifier: str) -> Json:
    if not re.fullmatch(r"-?[1-9]\d*", identifier):
        raise EntityError("Invalid custom emoji identifier specified")
    return {"custom_emoji_id": identifier}


def _date(attributes: dict[str, str]) -> Json:
    unix, shape = attributes.get("unix", ""), attributes.get("format", "")
    if not re.fullmatch(r"[1-9]\d{0,9}", unix) or int(unix) >= 2**31:
        raise EntityError("Invalid date specified")
    if not _DATE_FORMAT.fullmatch(shape):
        raise EntityError("Invalid date format used")
    return {"unix_time": int(unix)} | ({"date_time_format": shape} if shape else {})


def _number(name: str) -> int:
    if not re.fullmatch(r"#(?:x[0-9A-Fa-f]{1,6}|\d{1,7})", name):
        return 0
    code = int(name[2:], 16) if name[1] == "x" else int(name[1:])
    return code if code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF else 0


def _unescaped(value: str) -> str:
    return re.sub(r"&(lt|gt|amp|quot);", lambda match: _REFERENCES[match[1]], value)
