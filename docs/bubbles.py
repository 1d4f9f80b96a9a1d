"""Draws docs/telegram-light.png and telegram-dark.png: real answers as Telegram shows them. Run by `make picture`.

`python docs/bubbles.py --hard FOLDER` draws what is hard to show instead: long titles, mixed scripts, marks that turn
the writing direction, one answer to three. Needs chromium and, for Thai and Chinese, fonts (Debian: fonts-noto-core,
fonts-noto-cjk).
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from html import escape
from pathlib import Path

from PIL import Image
from telegram import InlineKeyboardMarkup

from bot.conversation.buttons import answer_keyboard
from bot.corpus.editions import build_edition
from bot.settings import DEFAULT_CORPUS
from bot.speech.phrases import phrases, reply_language
from bot.speech.rendering import answer_html
from retrieval.answers import Answerer
from retrieval.records import Document
from retrieval.text import clean

HERE = Path(__file__).parent
QUESTIONS = ("ASCN có bao nhiêu đô thị thành viên?", "When was ASCN founded?")
HARD_QUESTIONS = ("When was the harbour of Melaka widened?", "马六甲港口什么时候扩建", "cang Melaka mo rong nam nao")
WIDTH, SCALE = 460, 1.5
"""Of a picture, in CSS pixels; and how many dots each has."""
_COLOURS_KEPT = 48
COLOURS = {
    "light": {
        "page": "#d5e3cf",
        "bot": "#fff",
        "me": "#effedd",
        "text": "#000",
        "link": "#168acd",
        "soft": "#eaf3fb",
        "key": "#b9cfb0",
    },
    "dark": {
        "page": "#0e1621",
        "bot": "#182533",
        "me": "#2b5278",
        "text": "#f5f5f5",
        "link": "#6ab3f3",
        "soft": "#1f3347",
        "key": "#26384a",
    },
}
PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 14px; background: {page}; color: {text}; font: 15px/1.4 "Noto Sans", "Noto Sans CJK SC",
  "Noto Sans Thai", sans-serif; width: {inner}px; overflow-wrap: anywhere }}
div {{ width: fit-content; max-width: 88%; box-sizing: border-box; padding: 7px 11px; margin-bottom: 9px;
  border-radius: 13px; white-space: pre-wrap; background: {bot} }}
div.me {{ margin-left: auto; background: {me} }}
blockquote {{ margin: 3px 0; padding: 4px 9px; border-left: 3px solid {link}; border-radius: 5px; background: {soft} }}
p {{ display: flex; gap: 4px; width: 88%; margin: -5px 0 9px }}
p b {{ flex: 1; padding: 6px; border-radius: 9px; text-align: center; font-size: 13px; background: {key} }}
a, span {{ color: {link}; text-decoration: none }}
</style>{bubbles}"""


def conversation(answerer: Answerer, questions: tuple[str, ...]) -> Iterator[str]:
    """The bubbles of the questions and of their answers."""
    for question in questions:
        answer = answerer.answer(question)
        words = phrases(reply_language(None, answer.question.language, "en"))
        yield f'<div class="me">{escape(question)}</div>'
        keyboard = answer_keyboard(answer, 1, (), words)
        yield f"<div>{as_page(answer_html(answer, words))}</div>{_buttons(keyboard)}"


def _buttons(keyboard: InlineKeyboardMarkup | None) -> str:
    rows = keyboard.inline_keyboard if keyboard else ()
    return "".join(f"<p>{''.join(f'<b>{escape(button.text)}</b>' for button in row)}</p>" for row in rows)


def as_page(html: str) -> str:
    """Telegram's markup as a browser knows it; around a quote its line breaks are those of the quote's own box."""
    html = re.sub(r"<tg-time[^>]*>(.*?)</tg-time>", r"<span>\1</span>", html).replace(
        "blockquote expandable", "blockquote"
    )
    return re.sub(r"\n?(</?blockquote>)\n?", r"\1", html)


def draw(bubbles: list[str], folder: Path) -> None:
    """A picture of the bubbles in light colours and one in dark."""
    for theme, colours in COLOURS.items():
        page = PAGE.format(bubbles="\n".join(bubbles), inner=WIDTH - 28, **colours)
        picture = folder / f"telegram-{theme}.png"
        _photograph(page, picture)
        Image.open(picture).convert("RGB").quantize(_COLOURS_KEPT).save(picture, optimize=True)


def _photograph(page: str, picture: Path) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("docs/bubbles.py needs chromium; on Debian: apt-get install chromium fonts-noto-core fonts-noto-cjk")
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "page.html"
        written.write_text(page, "utf-8")
        options = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--user-data-dir={folder}/profile",
        ]
        height = _height(chromium, options, written)
        _run(
            chromium,
            *options,
            f"--window-size={WIDTH},{height}",
            f"--force-device-scale-factor={SCALE}",
            f"--screenshot={picture}",
            written.as_uri(),
        )


def _height(chromium: str, options: list[str], written: Path) -> int:
    """How high the page is, which it writes into its own title."""
    measuring = written.with_name("measure.html")
    script = "<script>document.title = document.documentElement.scrollHeight</script>"
    measuring.write_text(written.read_text("utf-8") + script, "utf-8")
    shown = _run(chromium, *options, f"--window-size={WIDTH},100", "--dump-dom", measuring.as_uri())
    return int(re.search(r"<title>(\d+)</title>", shown)[1])  # type: ignore[index]


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout  # noqa: S603


def hard() -> Answerer:
    """A corpus of what is hard to show."""
    return Answerer(
        [
            Document(
                "a",
                "en",
                ("The harbour of Melaka 马六甲港 was widened in 2019 for ships of 12.5 metres. " * 6,),
                title="A very long title about the harbour of Melaka, its ships, its cranes, its people, " * 2,
                publisher="The Straits Chronicle & Sons <Ltd>",
                url="https://example.org/a?b=1&c=2",
                published=date(2021, 2, 3),
                date_basis="published",
            ),
            Document(
                "b",
                "zh",
                (clean("\u202e马六甲港口\u202c\uff08Melaka Harbour\uff09于2019年扩建。@harbour_bot /start"),),
                title=clean("马六甲\u200f港口 العربية"),
            ),
            Document(
                "c",
                "vi",
                ("Cảng Melaka được mở rộng năm 2019, harbour lớn nhất vùng.",),
                published=date(2019, 5, 6),
                date_basis="inferred",
            ),
        ]
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--hard"]:
        draw([*conversation(hard(), HARD_QUESTIONS)], Path(sys.argv[2]))
    else:
        draw([*conversation(build_edition(DEFAULT_CORPUS).answerer, QUESTIONS)], HERE)
