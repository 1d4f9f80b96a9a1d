"""Figures by language as a picture: bars in SVG, light or dark as the reader's page is."""

from collections.abc import Mapping
from html import escape

from bot.console.evaluation import Figures, Rate

_NAMES, _BARS, _VALUES, _LINE, _GAP, _TOP = 110, 400, 130, 20, 14, 78
"""Widths of the three columns, heights of a bar and of the room between languages and above them, in pixels."""
_MEASURES = (
    ("first", "first right"),
    ("among", "among three"),
    ("holds", "quote holds answer"),
    ("refused", "refused rightly"),
)
_STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 } .faint { fill: #59636e; font-size: 12px }
.grid { stroke: #d1d9e0 } .first { fill: #2da44e } .among { fill: #8ac79c } .holds { fill: #0969da }
.refused { fill: #bf8700 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .faint { fill: #9198a1 } .grid { stroke: #3d444d }
.among { fill: #1f6f38 } .holds { fill: #4493f8 }
}
"""


def drawn(figures: Mapping[str, Figures], title: str) -> str:
    """The picture: for each language a bar for each share that was measured, 0 to 1."""
    rows = [(language, _measured(counted)) for language, counted in figures.items()]
    foot = _TOP + sum(_LINE * len(measured) + _GAP for _, measured in rows)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_NAMES + _BARS + _VALUES}" height="{foot + 12}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}</style>",
        f'<text x="10" y="20">{escape(title)}</text>',
        *_legend(),
    ]
    for tenth in range(0, 11, 2):
        at = _NAMES + _BARS * tenth / 10
        parts.append(f'<line x1="{at:.0f}" x2="{at:.0f}" y1="{_TOP - 8}" y2="{foot - _GAP}" class="grid"/>')
        parts.append(f'<text x="{at:.0f}" y="{_TOP - 14}" text-anchor="middle" class="faint">{tenth / 10:g}</text>')
    top = _TOP
    for language, measured in rows:
        parts.append(f'<text x="{_NAMES - 10}" y="{top + 14}" text-anchor="end">{escape(language)}</text>')
        for number, (measure, rate) in enumerate(measured):
            parts += _bar(measure, rate, top + _LINE * number)
        top += _LINE * len(measured) + _GAP
    return "\n".join([*parts, "</svg>\n"])


def _measured(counted: Figures) -> list[tuple[str, Rate]]:
    rates = ((measure, getattr(counted, measure)) for measure, _ in _MEASURES)
    return [(measure, rate) for measure, rate in rates if rate.of]


def _legend() -> list[str]:
    step = (_NAMES + _BARS + _VALUES - 20) // len(_MEASURES)
    return [
        part
        for number, (measure, words) in enumerate(_MEASURES)
        for part in (
            f'<rect x="{10 + step * number}" y="32" width="12" height="12" rx="2" class="{measure}"/>',
            f'<text x="{28 + step * number}" y="43" class="faint">{words}</text>',
        )
    ]


def _bar(measure: str, rate: Rate, top: int) -> list[str]:
    width = max(1.0, _BARS * rate.share)
    return [
        f'<rect x="{_NAMES}" y="{top + 2}" width="{width:.0f}" height="15" rx="2" class="{measure}"/>',
        f'<text x="{_NAMES + _BARS + 8}" y="{top + 14}">{rate.share:.2f} ({rate.right} of {rate.of})</text>',
    ]
