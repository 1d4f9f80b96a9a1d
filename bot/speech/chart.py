"""The picture of `/stats`: questions by day and by language, in digits and codes that need no fonts of a system."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from bot.storage.statistics import Figures

_WIDTH, _HEIGHT = 960, 560
_MARGIN = 40
_GROUND, _INK, _FAINT = "#f6f5f1", "#2b2b2b", "#c9c7c0"
"""A ground of its own, so that it can be read in light chats and in dark ones."""
_FOUND, _MISSING = "#2f7f6d", "#d9843b"
_SIZE = 22
_BASE = 380
"""Where the days' bars stand."""
_MOST_LANGUAGES = 9


def chart(figures: Figures) -> bytes:
    """A PNG: a bar a day, what was answered below and what was not above it, then a number for each language."""
    image = Image.new("RGB", (_WIDTH, _HEIGHT), _GROUND)
    draw = ImageDraw.Draw(image)
    _draw_days(draw, figures)
    _draw_languages(draw, figures)
    written = BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()


def _draw_days(draw: ImageDraw.ImageDraw, figures: Figures) -> None:
    most = max((day.found + day.missing for day in figures.days), default=0)
    _write(draw, _MARGIN, _MARGIN, str(most), "lm")
    for y in (_MARGIN + _SIZE, _BASE):
        draw.line((_MARGIN, y, _WIDTH - _MARGIN, y), fill=_FAINT if y < _BASE else _INK, width=2)
    room, step = _BASE - _MARGIN - _SIZE, (_WIDTH - 2 * _MARGIN) / max(1, len(figures.days))
    for place, day in enumerate(figures.days):
        left, right = _MARGIN + place * step + step / 6, _MARGIN + (place + 1) * step - step / 6
        found, missing = (round(room * count / max(1, most)) for count in (day.found, day.missing))
        for height, foot, colour in ((found, _BASE, _FOUND), (missing, _BASE - found, _MISSING)):
            if height:
                draw.rectangle((left, foot - height, right, foot - 1), fill=colour)
        _write(draw, (left + right) / 2, _BASE + _SIZE, str(day.day.day), "mm")


def _draw_languages(draw: ImageDraw.ImageDraw, figures: Figures) -> None:
    """In rows of three."""
    for place, (language, questions) in enumerate(figures.languages[:_MOST_LANGUAGES]):
        x = _MARGIN + place % 3 * (_WIDTH - 2 * _MARGIN) / 3
        y = _BASE + 3 * _SIZE + place // 3 * 1.6 * _SIZE
        _write(draw, x, y, f"{language}  {questions}", "lm")


def _write(draw: ImageDraw.ImageDraw, x: float, y: float, text: str, anchor: str) -> None:
    draw.text((x, y), text, fill=_INK, font=ImageFont.load_default(_SIZE), anchor=anchor)
