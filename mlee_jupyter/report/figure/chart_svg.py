"""The figure as SVG: for a page it takes the page's own text colour, alone it brings its paper along.

A notebook shows a picture of its own (`image/svg+xml`) without the page's colours; on its own paper, light or dark as
the system is, it can be read on any page. Every text is escaped, and nothing in it runs.
"""

from __future__ import annotations

from markupsafe import escape

from mlee_jupyter.domain.text.names import cut
from mlee_jupyter.report.render.marks import SHAPES
from mlee_jupyter.report.text.states import SYMBOLS, State

from .chart import Chart, Line, as_lines, ticks

_WIDTH, _ROW, _TOP, _BOTTOM = 820, 26, 62, 62
_LEFT, _RIGHT = 210, 300  # for names, and for words and numbers
_COLUMN = 7.2  # a wide guess at one column of 13 px text
COLOURS = {
    State.BEST: "#3f8fd6",
    State.LEADER: "#3f8fd6",
    State.ONLY: "#3f8fd6",
    State.AS_GOOD: "#3d9a50",
    State.CANT_TELL: "#d07c1f",
}
GREY = "#8a8a8a"
_PAPER = (
    "<style>.mlee-paper{fill:#ffffff}.mlee-figure{color:#1f1f1f}"
    "@media (prefers-color-scheme:dark){.mlee-paper{fill:#1e1e1e}.mlee-figure{color:#e6e6e6}}</style>"
)


def svg(drawn: Chart, *, alone: bool = False) -> str:
    """The figure as an SVG element.

    Args:
        drawn: what to draw.
        alone: with paper under it and its own text colour, for a picture outside of a page.
    """
    height = _TOP + _ROW * len(drawn.lines) + _BOTTOM + (18 if drawn.note else 0)
    bottom = _TOP + _ROW * len(drawn.lines)
    parts = [_PAPER if alone else "", f"<title>{_safe(drawn.title)}</title><desc>{_safe(as_lines(drawn))}</desc>"]
    if alone:
        parts.append(f'<rect class="mlee-paper" width="{_WIDTH}" height="{height}" rx="4"/>')
    parts += [
        _text(12, 24, drawn.title, size=16, weight=600),
        _text(12, 44, cut(drawn.subtitle, 110), faint=True),
        _rect(_x(drawn, -drawn.gain), _TOP, _x(drawn, 0) - _x(drawn, -drawn.gain), bottom - _TOP),
    ]
    for place, said in ticks(drawn.low, drawn.high):
        x = _x(drawn, place)
        strong = 0.9 if abs(place) < 1e-12 * max(1.0, abs(drawn.low)) else 0.18
        parts.append(f'<path d="M{x:.1f} {_TOP} V{bottom}" stroke="currentColor" stroke-opacity="{strong}"/>')
        parts.append(_text(x, bottom + 16, said, anchor="middle", size=12))
    parts += [_row(drawn, line, _TOP + _ROW * (number + 0.5)) for number, line in enumerate(drawn.lines)]
    parts.append(_text(_LEFT, bottom + 34, cut(drawn.axis_text, 84), size=12))
    parts.append(_text(12, bottom + 53, cut(drawn.legend, 128), size=12, faint=True))
    if drawn.note:
        parts.append(_text(12, bottom + 71, drawn.note, size=12))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="mlee-figure" role="img" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" style="max-width:100%;height:auto" fill="currentColor" '
        f'font-family="system-ui, -apple-system, Segoe UI, DejaVu Sans, sans-serif" font-size="13">'
        f"{''.join(parts)}</svg>"
    )


def _row(drawn: Chart, line: Line, y: float) -> str:
    colour = COLOURS.get(line.state, GREY)
    shape = SHAPES[SYMBOLS[line.state]]
    name, weight = cut(line.name, 24), 600 if line.suggested or line.state in (State.BEST, State.LEADER) else 400
    whole = f"<title>{_safe(line.name)}</title>" if name != line.name else ""
    fit = min(24, int((_LEFT - 46) / _COLUMN))
    parts = [
        f'<text x="20" y="{y + 4.5:.1f}" text-anchor="middle" aria-hidden="true">{shape}</text>',
        (
            f'<text x="34" y="{y + 4.5:.1f}" font-weight="{weight}" direction="ltr" unicode-bidi="isolate">'
            f"{whole}{_safe(cut(name, fit))}</text>"
        ),
        _drawn(drawn, line, y, colour),
        _text(_WIDTH - _RIGHT + 14, y + 4.5, line.word, weight=weight),
        _text(_WIDTH - 12, y + 4.5, cut(line.text, 26), anchor="end", size=12),
    ]
    return "".join(parts)


def _drawn(drawn: Chart, line: Line, y: float, colour: str) -> str:
    point = _x(drawn, line.point)
    low, high, worst = _x(drawn, line.low), _x(drawn, line.high), _x(drawn, line.worst)
    thin = f'<line x1="{worst:.1f}" y1="{y:.1f}" x2="{low:.1f}" y2="{y:.1f}" stroke="{colour}" stroke-width="1.4"/>'
    end = f'<path d="M{worst:.1f} {y - 4:.1f} v8" stroke="{colour}" stroke-width="1.4"/>'
    if line.cut:  # it goes on beyond the edge
        end = f'<path d="M{worst - 3:.1f} {y:.1f} l9 -5.5 v11 z" fill="{colour}"/>'
    thick = f'<line x1="{low:.1f}" y1="{y:.1f}" x2="{high:.1f}" y2="{y:.1f}" stroke="{colour}" stroke-width="4"/>'
    return f"{thin}{end}{thick}{'' if line.beyond else _marker(line.state, point, y, colour)}"


def _marker(state: State, x: float, y: float, colour: str) -> str:
    """A shape for each state, as on the board: star, square, open circle, bar."""
    if state in (State.BEST, State.LEADER, State.ONLY):
        star = "l2 5 5.4 .4 -4.1 3.5 1.3 5.2 -4.6 -2.8 -4.6 2.8 1.3 -5.2 -4.1 -3.5 5.4 -.4z"
        return f'<path d="M{x:.1f} {y - 7.5:.1f} {star}" fill="{colour}"/>'
    if state is State.AS_GOOD:
        return f'<rect x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10" fill="{colour}"/>'
    if state is State.CANT_TELL:
        paper = 'class="mlee-paper" fill="#ffffff"'
        return f'<circle {paper} cx="{x:.1f}" cy="{y:.1f}" r="5" stroke="{colour}" stroke-width="2.4"/>'
    return f'<path d="M{x - 5.5:.1f} {y - 4.5:.1f} h11 l-5.5 9.5 z" fill="{colour}"/>'


def _x(drawn: Chart, value: float) -> float:
    share = (value - drawn.low) / (drawn.high - drawn.low)
    return _LEFT + min(1.0, max(0.0, share)) * (_WIDTH - _RIGHT - _LEFT)


def _rect(x: float, y: float, width: float, height: float) -> str:
    return f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{height}" fill="currentColor" fill-opacity="0.13"/>'


def _text(
    x: float, y: float, said: str, *, anchor: str = "start", size: int = 13, weight: int = 400, faint: bool = False
) -> str:
    opacity = ' fill-opacity="0.75"' if faint else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" font-weight="{weight}"{opacity}>'
        f"{_safe(said)}</text>"
    )


def _safe(said: str) -> str:
    return str(escape("".join(c for c in said if c.isprintable() or c == "\n")))
