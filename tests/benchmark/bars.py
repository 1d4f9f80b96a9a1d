"""Figures as bars: a picture in SVG, light or dark as the reader's page is."""

from collections.abc import Sequence
from html import escape
from math import log10

from tests.benchmark.figures import Figure

_LEAST, _MOST = 0.001, 10.0
_NAMES, _BARS, _VALUES, _LINE = 300, 420, 150, 26
"""Widths of the three columns, and the height of a line, in pixels."""
_TOP = 56
_STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 } .faint { fill: #59636e; font-size: 12px }
.grid { stroke: #d1d9e0 } .peer { stroke: #59636e; stroke-dasharray: 4 3 }
.less { fill: #2da44e } .more { fill: #bf8700 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .faint { fill: #9198a1 } .grid { stroke: #3d444d } .peer { stroke: #9198a1 }
.less { fill: #3fb950 } }
"""


def drawn(figures: Sequence[Figure], below: str) -> str:
    """The picture: a bar a figure from the peer's, which is one, to ours, each gridline ten times the one before."""
    height = _TOP + _LINE * len(figures) + 40
    foot = _TOP + _LINE * len(figures)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_NAMES + _BARS + _VALUES}" height="{height}" role="img">',
        "<title>Ratios of ours to the peers'</title>",
        f"<style>{_STYLE}</style>",
        f'<text x="{_place(1.0) - 6:.0f}" y="20" text-anchor="end" class="faint">less than the peer</text>',
        f'<text x="{_place(1.0) + 6:.0f}" y="20" class="faint">more</text>',
    ]
    for power in range(-3, 2):
        at = _place(10.0**power)
        parts.append(f'<line x1="{at:.0f}" x2="{at:.0f}" y1="{_TOP - 12}" y2="{foot}" class="grid"/>')
        parts.append(f'<text x="{at:.0f}" y="{_TOP - 18}" text-anchor="middle" class="faint">{10.0**power:g}</text>')
    for number, figure in enumerate(figures):
        parts += _bar(figure, _TOP + _LINE * number)
    parts.append(f'<line x1="{_place(1.0):.0f}" x2="{_place(1.0):.0f}" y1="{_TOP - 12}" y2="{foot}" class="peer"/>')
    parts.append(f'<text x="{_NAMES}" y="{height - 10}" class="faint">{escape(below)}</text></svg>\n')
    return "\n".join(parts)


def _bar(figure: Figure, top: int) -> list[str]:
    left, right = sorted((_place(1.0), _place(figure.ratio)))
    kind = "less" if figure.ratio <= 1 else "more"
    name, value = (
        escape(figure.what.replace("`", "")),
        escape(f"{figure.ratio:.2g}" + f" ({figure.ours})" * bool(figure.ours)),
    )
    return [
        f'<text x="{_NAMES - 10}" y="{top + 14}" text-anchor="end">{escape(name)}</text>',
        f'<rect x="{left:.0f}" y="{top + 3}" width="{right - left:.0f}" height="14" rx="2" class="{kind}"/>',
        f'<text x="{_NAMES + _BARS + 8}" y="{top + 14}">{escape(value)}</text>',
    ]


def _place(ratio: float) -> float:
    """Where a ratio stands, in pixels from the left."""
    within = min(max(ratio, _LEAST), _MOST)
    return _NAMES + _BARS * (log10(within) - log10(_LEAST)) / (log10(_MOST) - log10(_LEAST))
