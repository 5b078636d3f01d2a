"""The figure's content, whoever draws it: each candidate's difference to the best score, and what matters to you.

Differences are turned so that right is better: the best score stands at 0, whatever is behind lies to its left. The
band holds all that is at most the useful gain behind. A thick line is the difference to the best score, a thin one
goes on to what choosing this candidate may cost at most, which decides whether it is as good.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from mlee_jupyter.domain import Judgement, Standing
from mlee_jupyter.domain.text.names import clean, count, cut, label
from mlee_jupyter.domain.text.numbers import gain_text
from mlee_jupyter.domain.text.units import how_many
from mlee_jupyter.report.text.states import State, state_of
from mlee_jupyter.stats.metrics.metric_names import metric_label

MOST_LINES = 40
_MOST_SPREAD = 2.5  # as for the board's bars: hopeless candidates may not squeeze the close ones into a line
_MOST_BAND = 2.0  # times what the close candidates need; a wider band goes on beyond the edge
_MARGIN = 0.04  # of the axis, on both sides
_CLOSE = (State.BEST, State.LEADER, State.ONLY, State.AS_GOOD, State.CANT_TELL)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One candidate; numbers in the unit of the axis, 0 for the best score, negative behind it."""

    name: str  # cleaned, of any length
    state: State
    point: float
    low: float  # ends of the difference's interval
    high: float
    worst: float  # what choosing it costs at most, as a negative number
    text: str  # "1.1 behind (-0.1 to 2.2)"
    suggested: bool
    beyond: bool = False  # its point lies beyond the left edge of the axis
    cut: bool = False  # its line goes on beyond that edge

    @property
    def word(self) -> str:
        """Its state, and whether it is the one to take."""
        return f"{self.state.value}, suggested" if self.suggested else self.state.value


@dataclass(frozen=True, kw_only=True)
class Chart:
    """What is to be drawn."""

    title: str
    subtitle: str
    axis_text: str
    legend: str
    note: str  # how many are left out; empty where none is
    lines: tuple[Line, ...]  # best first, as on the board
    gain: float  # the band goes from minus this to 0
    low: float  # ends of the axis
    high: float


def chart(judgement: Judgement, most: int = MOST_LINES) -> Chart:
    """The figure of one judgement; at most so many candidates, the best ones."""
    unit = 100.0 if judgement.bounded else 1.0
    shown = judgement.standings[:most]
    lines = [_line(judgement, standing, unit) for standing in shown]
    gain = unit * judgement.useful_gain if math.isfinite(judgement.useful_gain) else 0.0
    low, high = _ends(lines, gain)
    leader = cut(label(judgement.leader), 32)
    left_out = len(judgement.standings) - len(shown)
    what = "points" if judgement.bounded else clean(metric_label(judgement.metric), 40)
    assumed = " (assumed)" if judgement.useful_gain_assumed else ""
    return Chart(
        title="How far each candidate is from the best score",
        subtitle=f"{clean(metric_label(judgement.metric), 40)}, {how_many(judgement)}",
        axis_text=f"difference to {leader} in {what}; right is better",
        legend=f"Band: within your useful gain, {gain_text(judgement.useful_gain, judgement.bounded)}{assumed}. "
        f"Thick: the difference, right {100 * (1 - judgement.alpha):.4g} times in 100. Thin: the most it may cost.",
        note=f"{count(left_out, 'candidate')} with lower places left out." if left_out else "",
        lines=tuple(_beyond(line, low) for line in lines),
        gain=gain,
        low=low,
        high=high,
    )


def ahead(judgement: Judgement, score: float) -> float:
    """How much better than the best score, in the unit of the axis."""
    sign, unit = (1 if judgement.higher_is_better else -1), (100.0 if judgement.bounded else 1.0)
    return sign * unit * (score - judgement.standings[0].score)


def _line(judgement: Judgement, standing: Standing, unit: float) -> Line:
    point = -unit * _finite(standing.behind)
    ends = sorted((-unit * _finite(standing.behind_low), -unit * _finite(standing.behind_high)))
    several = len(judgement.standings) > 1
    return Line(
        name=label(standing.candidate),
        state=state_of(judgement, standing),
        point=point,
        low=ends[0],
        high=ends[1],
        worst=min(ends[0], -unit * _finite(standing.cost_bound)) if several else 0.0,
        text="" if standing is judgement.standings[0] else _text(judgement, standing),
        suggested=several and standing.candidate == judgement.recommended,
    )


def _text(judgement: Judgement, standing: Standing) -> str:
    ends = sorted((standing.behind_low, standing.behind_high))
    by, low, high = (_difference(value, judgement.bounded) for value in (standing.behind, *ends))
    return f"{by} behind ({low} to {high})"


def _difference(value: float, bounded: bool) -> str:
    """In points to one decimal, so that numbers stand in columns; with a minus that is one."""
    said = f"{100 * value + 0.0:.1f}" if bounded and math.isfinite(value) else gain_text(value, False)
    return said.replace("-0.0", "0.0").replace("-", "−")


def _finite(value: float) -> float:
    return value if math.isfinite(value) else 0.0


def _ends(lines: list[Line], gain: float) -> tuple[float, float]:
    close = [line for line in lines if line.state in _CLOSE]
    low = min([line.worst for line in close] + [0.0])
    high = max([line.high for line in close] + [0.0])
    low = min(low, -min(gain, _MOST_BAND * (high - low)) if high > low else -gain)  # nor may a wide band
    widest = _MOST_SPREAD * ((high - low) or 1.0)
    for line in lines:
        if line.state is State.WORSE and high - line.low <= widest:
            low = min(low, line.low, line.worst if high - line.worst <= widest else line.low)
    span = (high - low) or 1.0
    return low - _MARGIN * span, high + _MARGIN * span


def _beyond(line: Line, low: float) -> Line:
    """Cut at the left edge; the numbers beside it still say where it is."""
    return replace(
        line,
        **{end: max(low, getattr(line, end)) for end in ("point", "low", "high", "worst")},
        beyond=line.point < low,
        cut=line.worst < low,
    )


def ticks(low: float, high: float, most: int = 7) -> list[tuple[float, str]]:
    """Round places on an axis, with their text."""
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    places = [number * step for number in range(math.ceil(low / step), math.floor(high / step) + 1)]
    return [(place, _tick_text(place, decimals)) for place in places]


def _tick_text(place: float, decimals: int) -> str:
    shown = f"{abs(place):,.{decimals}f}" if decimals <= 6 else f"{abs(place):.1e}"
    return f"−{shown}" if place < 0 and float(shown.replace(",", "")) != 0 else shown


def as_lines(drawn: Chart) -> str:
    """The same for a terminal, and for whoever does not see."""
    size = min(32, max(len(line.name) for line in drawn.lines))
    said = [f"{drawn.title}: {drawn.subtitle}"]
    said += [f"  {cut(line.name, size):<{size}}  {line.word:<22}  {line.text}".rstrip() for line in drawn.lines]
    return "\n".join([*said, *([drawn.note] if drawn.note else [])])
