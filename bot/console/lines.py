"""Files that people write a JSON object a line into."""

from collections.abc import Iterator
from pathlib import Path

from bot.console.exits import UsageError

_REMARK = "#"


def written_lines(path: Path, called: str) -> Iterator[tuple[int, str]]:
    """The lines of a file and their numbers, without those that are empty or begin with #.

    Raises UsageError, which calls the file as it is `called` on the command line.
    """
    try:
        # Not splitlines: JSON may hold signs that Python takes for ends of lines.
        lines = path.read_bytes().decode("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{called} cannot be read as UTF-8 text: {error}.") from error
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.lstrip().startswith(_REMARK):
            yield number, line
