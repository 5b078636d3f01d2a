"""The figure on matplotlib's Axes; the words take matplotlib's own colours, so a dark style stays readable."""

from __future__ import annotations

from typing import Any

from mlee_jupyter.domain.text.names import cut
from mlee_jupyter.report.render.marks import SHAPES
from mlee_jupyter.report.text.states import SYMBOLS, State

from .chart import Chart, Line, ticks
from .chart_svg import COLOURS, GREY

_MARKERS = {State.BEST: "*", State.LEADER: "*", State.ONLY: "*", State.AS_GOOD: "s", State.CANT_TELL: "o"}
_SIZES = {"*": 13, "s": 7, "o": 7, "v": 7}
_LETTER = 5.8  # points: a wide guess at a letter of small bold text
WIDTH, LEAST, EACH = 9.5, 1.9, 0.3  # inches


def draw(drawn: Chart, ax: Any) -> Any:
    """Draw it; gives back the same Axes."""
    count = len(drawn.lines)
    ax.axvspan(-drawn.gain, 0.0, color="0.5", alpha=0.16, linewidth=0, zorder=0)
    ax.axvline(0.0, color="0.5", linewidth=1, zorder=1)
    numbers_at = 24 + _LETTER * max(len(line.word) for line in drawn.lines)
    for number, line in enumerate(drawn.lines):
        _line(ax, line, number, numbers_at)
    ax.set_xlim(drawn.low, drawn.high)
    ax.set_ylim(count - 0.5, -0.5)  # best on top
    places = ticks(drawn.low, drawn.high)
    plain = {"parse_math": False}  # a name may hold dollar signs
    ax.set_xticks([place for place, _ in places], [said for _, said in places], **plain)
    names = [f"{_drawable(cut(line.name, 30))}  {SHAPES[SYMBOLS[line.state]]}" for line in drawn.lines]
    ax.set_yticks(range(count), names, **plain)
    ax.tick_params(axis="y", length=0, pad=9)
    for side in ("top", "left", "right"):
        ax.spines[side].set_visible(False)
    ax.grid(axis="x", alpha=0.25)
    ax.set_axisbelow(True)
    ax.set_title(f"{drawn.title}\n{drawn.subtitle}", loc="left", fontsize="medium", **plain)
    below = [_drawable(drawn.axis_text), *_wrapped(drawn.legend), *([drawn.note] if drawn.note else [])]
    ax.set_xlabel("\n".join(below), loc="left", fontsize="small", **plain)
    return ax


def _line(ax: Any, line: Line, y: int, numbers_at: float) -> None:
    colour, marker = COLOURS.get(line.state, GREY), _MARKERS.get(line.state, "v")
    face = ax.get_facecolor() if marker == "o" else colour
    end = "<" if line.cut else "|"  # an arrow where it goes on beyond the edge
    ax.plot(
        [line.worst, line.low], [y, y], color=colour, linewidth=1.2, marker=end, markevery=[0], clip_on=False, zorder=2
    )
    ax.plot([line.low, line.high], [y, y], color=colour, linewidth=3.5, solid_capstyle="butt", zorder=3)
    if not line.beyond:
        ax.plot(
            [line.point], [y], marker=marker, markersize=_SIZES[marker], color=colour, markerfacecolor=face,
            markeredgewidth=1.8 if marker == "o" else 0.5, linestyle="", clip_on=False, zorder=4,
        )  # fmt: skip
    weight = "bold" if line.suggested else "normal"
    for right, said in ((10, line.word), (numbers_at, line.text)):
        ax.annotate(
            said, xy=(1, y), xycoords=ax.get_yaxis_transform(), xytext=(right, 0), textcoords="offset points",
            va="center", fontsize="small", fontweight=weight if said == line.word else "normal", parse_math=False,
            annotation_clip=False,
        )  # fmt: skip


def _wrapped(said: str) -> list[str]:
    """One sentence a line."""
    return [part if part.endswith(".") else f"{part}." for part in said.split(". ")]


def _drawable(said: str) -> str:
    """The text with a box for each character that no font in use can draw: matplotlib would warn, and draw the box."""
    from matplotlib import font_manager, rcParams

    known_as: Any = rcParams  # keyed by any name here
    wanted = [family for generic in known_as["font.family"] for family in known_as.get(f"font.{generic}") or [generic]]
    installed = {entry.name: entry.fname for entry in font_manager.fontManager.ttflist}
    files = [installed[family] for family in wanted if family in installed]
    files = files or [font_manager.findfont(font_manager.FontProperties())]
    known = set().union(*(font_manager.get_font(file).get_charmap() for file in files[:3]))
    return "".join(char if ord(char) in known else "\N{REPLACEMENT CHARACTER}" for char in said)
