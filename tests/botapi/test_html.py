"""The strict reader of Telegram's HTML."""

import pytest

from .entities import utf16_slice, with_found_entities
from .html import EntityError, FormattedText, parse_html


def entity(kind: str, offset: int, length: int, **details: object) -> dict[str, object]:
    return {"type": kind, "offset": offset, "length": length, **details}


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<b>🏙 City</b> &amp; <i>敗</i>", "🏙 City & 敗", [entity("bold", 0, 7), entity("italic", 10, 1)]),
        ("<b>one <i>two</i></b>", "one two", [entity("bold", 0, 7), entity("italic", 4, 3)]),
        ('<a href="https://x.org/?a=1&amp;b=2">x</a>', "x", [entity("text_link", 0, 1, url="https://x.org/?a=1&b=2")]),
        ("<blockquote expandable>𠮷 <u>a</u></blockquote>", "𠮷 a", [
            entity("expandable_blockquote", 0, 4),
            entity("underline", 3, 1),
        ]),
        ('<pre><code class="language-sql">IF</code></pre>', "IF", [entity("pre", 0, 2, language="sql")]),
        ('<code class="language-sql">IF</code>', "IF", [entity("code", 0, 2)]),
        ('<span class="tg-spoiler">s</span>', "s", [entity("spoiler", 0, 1)]),
        ('<tg-emoji emoji-id="53">👍</tg-emoji>', "👍", [entity("custom_emoji", 0, 2, custom_emoji_id="53")]),
        ('<tg-time unix="1758499200" format="wD">22 Sep</tg-time>', "22 Sep", [
            entity("date_time", 0, 6, unix_time=1758499200, date_time_format="wD"),
        ]),
        ("&#128512;&#x1F600;&lt;&quot;", '😀😀<"', []),
        ("  \n<b> x </b>\n", "x", [entity("bold", 0, 1)]),
        ("<b></b>x", "x", []),
    ],
)  # fmt: skip
def test_text_and_entities_are_those_readers_see(source: str, text: str, entities: list[dict[str, object]]) -> None:
    assert parse_html(source) == FormattedText(text, tuple(entities))


def test_a_date_in_bold_text_is_not_bold() -> None:
    parsed = parse_html('<b>A <tg-time unix="1">then</tg-time> B</b>')
    bold = [utf16_slice(parsed.text, one["offset"], one["length"]) for one in parsed.entities if one["type"] == "bold"]
    assert bold == ["A ", " B"]


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("AT&T", 'Unsupported entity "&T" at byte offset 2'),
        ("a&nbsp;b", 'Unsupported entity "&nbsp;" at byte offset 1'),
        ("敗 <Smart City>", 'Unsupported start tag "smart" at byte offset 4'),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
        ("2 > 1", "Character '>' must be written &gt; at byte offset 2"),
        ("a<b>b", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("a<br>b", 'Unsupported start tag "br" at byte offset 1'),
        ('<span class="x">x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<a title="x">x</a>', 'Unsupported attributes in the tag "a" at byte offset 0'),
        ('<a href="javascript:x">x</a>', 'Wrong link "javascript:x"'),
        ('<tg-time unix="1" format="Td">x</tg-time>', "Invalid date format used"),
        ('<tg-time format="d">x</tg-time>', "Invalid date specified"),
        ('<tg-emoji emoji-id="x">x</tg-emoji>', "Invalid custom emoji identifier specified"),
        ("<pre>a <code>b</code></pre>", "Entity code can't be nested in pre"),
        ("<b><code>x</code></b>", "Entity code can't be nested in bold at byte offset 3"),
        (
            "<blockquote>a<blockquote expandable>b</blockquote></blockquote>",
            "Entity blockquote can't be nested in blockquote at byte offset 13",
        ),
        (
            '<tg-time unix="1"><b>x</b></tg-time>',
            "Entity bold can't be nested in date_time at byte offset 18",
        ),
    ],
)
def test_what_telegram_would_refuse_or_spoil_is_an_error(source: str, error: str) -> None:
    with pytest.raises(EntityError) as raised:
        parse_html(source)
    assert str(raised.value) == error


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/ask@Bot_1 🏙 @ascn_bot", [("bot_command", "/ask@Bot_1"), ("mention", "@ascn_bot")]),
        ("/ask你好", []),
        ("see https://asean.org/a?b=c, ok", [("url", "https://asean.org/a?b=c")]),
        ("a@b.org #智慧城市 #1", [("email", "a@b.org"), ("hashtag", "#智慧城市")]),
        ("and/or a/b", []),
    ],
)
def test_commands_mentions_and_links_are_found_as_telegram_finds_them(text: str, found: list[tuple[str, str]]) -> None:
    entities = with_found_entities(text, ())
    assert [(one["type"], utf16_slice(text, one["offset"], one["length"])) for one in entities] == found


def test_nothing_is_found_inside_a_link_of_the_bot() -> None:
    parsed = parse_html('<a href="https://x.org">see @someone</a>')
    assert with_found_entities(parsed.text, parsed.entities) == parsed.entities
