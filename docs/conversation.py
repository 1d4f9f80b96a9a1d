"""Draws docs/conversation.svg: a real conversation in the terminal, on the seed articles. Run by `make picture`."""

import re
from collections.abc import Iterator
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

from bot.console.terminal import converse
from bot.corpus.editions import build_edition
from bot.settings import DEFAULT_CORPUS

QUESTIONS = ("ASCN có bao nhiêu đô thị thành viên?", "平阳共有多少个投资项目?", "Who painted the Mona Lisa?")
# The pictures of rich load a font from elsewhere; ours stands by itself.
FORMAT = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)


def typed(screen: Console) -> Iterator[str]:
    """The questions, shown as if typed at the prompt."""
    for question in QUESTIONS:
        screen.print(Text("› ", style="bold cyan") + Text(question))
        yield question


if __name__ == "__main__":
    screen = Console(record=True, width=100, highlight=False, force_terminal=True, quiet=False)
    converse(build_edition(DEFAULT_CORPUS), screen, typed(screen), "en", live=True, top=1)
    screen.save_svg(str(Path(__file__).with_name("conversation.svg")), title="ascn-bot", code_format=FORMAT)
