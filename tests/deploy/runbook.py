"""The runbook as it stands: its sections, and the commands in them."""

import re
from dataclasses import dataclass
from pathlib import Path

README = Path(__file__).parents[2] / "deploy" / "README.md"
_HEADING = re.compile(r"^(##+) (.+)$", re.MULTILINE)
_COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """Commands, one a line, and the paragraph before them."""

    said: str
    commands: tuple[str, ...]


def text() -> str:
    """The whole page."""
    return README.read_text("utf-8")


def headings() -> list[str]:
    """All below the title."""
    return [heading for _, heading in _HEADING.findall(text())]


def anchors() -> set[str]:
    """What a link within the page may name, as GitHub and GitLab make it of a heading."""
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings()}


def section(heading: str) -> str:
    """What stands below a heading, as far as the next of its rank."""
    page = text()
    found = next(match for match in _HEADING.finditer(page) if match[2] == heading)
    ends = re.compile(rf"^#{{2,{len(found[1])}}} ", re.MULTILINE).search(page, found.end())
    return page[found.end() : ends.start() if ends else None]


def blocks(heading: str) -> list[Block]:
    """The commands of a section, in order."""
    below, found, begin = section(heading), [], 0
    for match in _COMMANDS.finditer(below):
        said = below[begin : match.start()].strip().rpartition("\n\n")[2]
        found.append(Block(said, tuple(match[1].splitlines())))
        begin = match.end()
    return found
