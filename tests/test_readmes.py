"""The README in English, Vietnamese and Chinese: the same headings, commands, settings, figures and pictures."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ENGLISH = ROOT / "README.md"
TRANSLATIONS = [ROOT / "docs" / "README.vi.md", ROOT / "docs" / "README.zh.md"]
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"\s+#.*")


def headings(text: str) -> list[int]:
    """The levels of the headings, in their order."""
    return [len(found) for found in re.findall(r"^(#+) ", _FENCE.sub("", text), re.MULTILINE)]


def commands(text: str) -> list[tuple[str, list[str]]]:
    """What can be typed or copied, line by line, without what is said of it."""
    return [
        (language, [_COMMENT.sub("", line) for line in block.splitlines() if not line.startswith("#")])
        for language, block in _FENCE.findall(text)
    ]


def code(text: str) -> list[str]:
    """What stands between backquotes: commands, settings, files; however a language orders its words."""
    return sorted(re.findall(r"`([^`\n]+)`", _FENCE.sub("", text)))


def figures(text: str) -> list[list[str]]:
    """The numbers of every row of a table, as digits."""
    rows = re.findall(r"^\|.*\|$", _FENCE.sub("", text), re.MULTILINE)
    return [sorted(re.findall(r"\d+(?:[.,]\d+)*|\.\d+", re.sub(r"`[^`]*`|\([^)]*\)", "", row))) for row in rows]


def links(path: Path, text: str) -> set[str]:
    """Where the page leads: files of the project, and addresses elsewhere."""
    found = re.findall(r"\]\(([^)#]+?)\)|(?:src|srcset)=\"([^\"]+)\"", _FENCE.sub("", text))
    places = {one or other for one, other in found}
    return {
        place if place.startswith("http") else (path.parent / place).resolve().relative_to(ROOT).as_posix()
        for place in places
    }


@pytest.mark.parametrize("translation", TRANSLATIONS, ids=lambda path: path.name)
def test_a_translation_is_in_step_with_the_english(translation: Path) -> None:
    english, translated = ENGLISH.read_text("utf-8"), translation.read_text("utf-8")
    assert headings(translated) == headings(english)
    assert commands(translated) == commands(english)
    assert code(translated) == code(english)
    assert figures(translated) == figures(english)
    own = {path.relative_to(ROOT).as_posix() for path in (ENGLISH, *TRANSLATIONS)}
    assert links(translation, translated) - own == links(ENGLISH, english) - own


@pytest.mark.parametrize("page", [ENGLISH, *TRANSLATIONS], ids=lambda path: path.name)
def test_each_leads_to_the_others_and_to_nothing_that_is_not_there(page: Path) -> None:
    found = links(page, page.read_text("utf-8"))
    others = {path.relative_to(ROOT).as_posix() for path in (ENGLISH, *TRANSLATIONS)} - {
        page.relative_to(ROOT).as_posix()
    }
    assert others <= found
    assert [place for place in found if not place.startswith("http") and not (ROOT / place).exists()] == []
    anchors = {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.*)", _FENCE.sub("", page.read_text("utf-8")), re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", page.read_text("utf-8"))) <= anchors
