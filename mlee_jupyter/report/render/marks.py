"""Small pieces of HTML that are safe by construction: text escaped, names cut, bars with their meaning as text."""

from __future__ import annotations

from markupsafe import escape

from mlee_jupyter.domain.text.names import clean, cut
from mlee_jupyter.report.text.plain_json import JSON

_NAME_COLUMNS = 48
SHAPES = {"*": "★", "=": "=", "?": "?", "-": "−", ".": "·", "~": "~", "x": "×", "o": "○"}


def safe(text: object) -> str:
    """Text for a page: cleaned of what is not printable, the five characters of HTML escaped."""
    return str(escape(clean(text, 2000)))


def name(text: str, columns: int = _NAME_COLUMNS) -> str:
    """A name from a user: isolated from the reading order around it, cut, the longer text in its title."""
    shown = cut(clean(text), columns)
    title = "" if shown == text else f' title="{safe(clean(text))}"'
    return f"<bdi{title}>{safe(shown)}</bdi>"


def shape(symbol: str) -> str:
    """The shape of a state. The word stands in the same row, so a screen reader leaves the shape out."""
    return f'<span class="mlee-shape" aria-hidden="true">{SHAPES.get(symbol, symbol)}</span>'


def bar(row: JSON, axis: JSON) -> str:
    """One interval on the common axis; what it shows is its label, so nothing is lost where it is not drawn."""
    placed = row["bar"]
    if placed is None:
        return ""
    parts = []
    if axis["band"] is not None:
        band = axis["band"]
        parts.append(f'<rect class="mlee-band" x="{band["left"]}%" y="0" width="{band["width"]}%" height="14"/>')
    if placed["clipped"]:
        # off the axis: an arrow at the edge it lies beyond; a path, since text would outlive a stripped svg
        edge, back = ("0", 6) if placed["clipped"] == "left" else ("100%", -6)
        arrow = f'<path class="mlee-off" d="M0 7 L{back} 3 L{back} 11 Z"/>'
        parts.append(f'<svg x="{edge}" overflow="visible">{arrow}</svg>')
    else:
        parts.append(f'<rect class="mlee-line" x="{placed["left"]}%" y="6" width="{placed["width"]}%" height="2"/>')
        parts.append(f'<circle class="mlee-dot" cx="{placed["point"]}%" cy="7" r="3.5"/>')
    where = f"95% range {row['range_text']}, score {row['score_text']}"
    return (
        f'<svg class="mlee-bar" role="img" aria-label="{safe(where)}" width="100%" height="14">{"".join(parts)}</svg>'
    )


def time_bar(time: JSON) -> str:
    """How much of the box is used; empty without a box."""
    if time["share"] is None:
        return ""
    used = min(100.0, max(0.0, 100 * time["share"]))
    return (
        f'<svg class="mlee-time" role="img" aria-label="{safe(time["text"])} used" width="72" height="8">'
        f'<rect class="mlee-box" x="0" y="0" width="100%" height="8" rx="2"/>'
        f'<rect class="mlee-used" x="0" y="0" width="{used:.1f}%" height="8" rx="2"/></svg>'
    )
