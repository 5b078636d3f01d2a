"""What the columns of a comparison say about candidates, whatever the columns were made of.

A candidate stands for its best-scoring variant; it is in the best set if any of its variants is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mlee_jupyter.domain import Judgement, Standing, Verdict
from mlee_jupyter.stats.compare.choice_costs import cost_bounds
from mlee_jupyter.stats.compare.confidence_set import ConfidenceSet, NullMaxima, unseen_spread
from mlee_jupyter.stats.compare.growth import Growth
from mlee_jupyter.stats.compare.intervals import difference_interval
from mlee_jupyter.stats.compare.pairs import Pairs
from mlee_jupyter.stats.distributions import normal_quantile, normal_tail
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.traits import MetricFacts
from mlee_jupyter.stats.size.power import rows_to_separate, smallest_gain

from .entries import Entry
from .limits import FEWEST_ROWS, ROUNDING, Limits
from .rows_for import rows_for, smallest_for

ASSUMED_GAIN = 0.02  # of a score, or as a share of the leader's loss
SINGLE_PAIR = 1.959963984540054  # normal quantile of 5% on two sides


@dataclass(frozen=True, kw_only=True, eq=False)
class Basis:
    """The columns that are compared, best first, and how."""

    entries: list[Entry]
    pairs: Pairs
    found: ConfidenceSet
    limits: Limits
    interval: Callable[[int], tuple[float, float]]  # of the score of a column, in the metric's own direction
    n: int  # rows (or folds) behind each score
    columns: Sequence[Scored] | None = None  # in the metric's units, of independent rows or groups; None: of neither
    far: np.ndarray | None = None  # (K,) bool, columns that are off the scale and worse
    growth: Growth | None = None  # when the rows were looked at; None: once
    more_help: bool = True  # whether more of them would make the scores steadier by the usual root

    @property
    def names(self) -> list[str]:
        """The candidate of each column."""
        return [entry.candidate for entry in self.entries]


def read_off(basis: Basis, facts: MetricFacts, useful_gain: float | None, alpha: float) -> Judgement:
    """The judgement on these columns; luck, baselines and failures are for the caller to add.

    Args:
        basis: the columns.
        facts: the metric.
        useful_gain: smallest difference worth acting on; None: the assumed one.
        alpha: as it was for the confidence set.
    """
    gain = useful_gain if useful_gain is not None else _assumed_gain(facts, basis.pairs)
    standings = _standings(basis, facts, gain, alpha)
    best_set = tuple(s.candidate for s in standings if s.in_set)
    rival = _rival(basis, standings)
    judgement = Judgement(
        metric=facts.name,
        higher_is_better=facts.higher_is_better,
        bounded=facts.bounded,
        n=basis.n,
        truth=None,
        alpha=alpha,
        useful_gain=gain,
        useful_gain_assumed=useful_gain is None,
        standings=standings,
        best_set=best_set,
        leader=basis.names[0],
        winner=best_set[0] if len(best_set) == 1 and len(standings) > 1 else None,
        recommended=None,
        rows_needed=rival.rows_needed if rival else None,
        rows_needed_for_gain=None,
        smallest_gain=rival.smallest_gain if rival else None,
        flattery=0.0,
        looks=len(basis.entries),
        smallest_class=None,
        no_winner_reason=basis.limits.reason,
    )
    judgement = with_suggestion(judgement)
    if rival is None or not basis.more_help:
        return judgement
    needed = rows_for(judgement) if rival.undecided and gain > 0 else None
    return replace(judgement, rows_needed_for_gain=needed, smallest_gain=smallest_for(judgement))


def _standings(basis: Basis, facts: MetricFacts, gain: float, alpha: float) -> tuple[Standing, ...]:
    pairs, found, names = basis.pairs, basis.found, basis.names
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        places.setdefault(name, []).append(place)
    groups = np.array([list(places).index(name) for name in names])
    if facts.can_look_perfect and facts.hangs_on_classes and pairs.disagreements is None:
        least = unseen_spread(pairs.theta, np.diag(pairs.df))
        np.fill_diagonal(least, 0.0)
        pairs = replace(pairs, spread=np.maximum(pairs.spread, least))
    bounds = cost_bounds(
        _without_far(pairs, basis.far),
        groups,
        alpha,
        two_sided=found.critical_all,
        exact=isinstance(found.maxima, NullMaxima),
        columns=basis.columns,
        limits=facts.comparable_limits,
        growth=basis.growth,
    )
    members = {name for name, mine in places.items() if found.members[mine].any()} | basis.limits.kept_in_question
    widest = facts.limits[1] - facts.limits[0]  # no two scores of the metric are further apart
    standings = []
    for name, mine in places.items():
        best = mine[0]  # columns come best first
        inside = name in members
        low, high = basis.interval(best)
        behind, *ends = _behind(pairs, best, alpha if basis.growth is None else _at_this_look(alpha, basis.growth))
        behind_low, behind_high = (min(widest, max(-widest, end)) for end in ends)
        # the best is in the set as surely as the bounds hold, so the only member of it costs nothing
        bound = 0.0 if inside and len(members) == 1 < len(places) else min(float(bounds[best]), widest)
        standings.append(
            Standing(
                candidate=name,
                variant=basis.entries[best].variant,
                score=facts.sign * float(pairs.theta[best]) + 0.0,
                low=low,
                high=high,
                verdict=_verdict(inside, len(members), bound, gain),
                in_set=inside,
                p_value=float(found.p_values[mine].max()) if len(names) > 1 else None,
                cost_bound=bound,
                behind=behind,
                behind_low=behind_low,
                behind_high=behind_high,
                rows_needed=_rows_needed(basis, best),
                disagreements=None if pairs.disagreements is None else int(pairs.disagreements[0, best]),
                simplicity=basis.entries[best].simplicity,
                row_spread=_spread_of_a_row(basis, best) if best and basis.more_help else None,
            )
        )
    return tuple(standings)


def _without_far(pairs: Pairs, far: np.ndarray | None) -> Pairs:
    """The pairs where choosing anyone instead of what is off the scale costs nothing, however wild its error is."""
    if far is None or not far.any():
        return pairs
    spread = pairs.spread.copy()
    spread[np.ix_(~far, far)] = 0.0
    return replace(pairs, spread=spread)


def _verdict(inside: bool, size: int, bound: float, gain: float) -> Verdict:
    if inside and size == 1:
        return Verdict.BEST
    if bound <= gain:
        return Verdict.AS_GOOD
    return Verdict.CANT_TELL if inside else Verdict.WORSE


def _at_this_look(alpha: float, growth: Growth) -> float:
    """The two-sided error with which an interval of this look holds together with those of all others."""
    return 2 * normal_tail(growth.bound(normal_quantile(1 - alpha / 2)))


def _behind(pairs: Pairs, place: int, alpha: float) -> tuple[float, float, float]:
    if place == 0:
        return 0.0, 0.0, 0.0
    gap, df = float(pairs.theta[0] - pairs.theta[place]), float(pairs.df[0, place])
    if abs(gap) <= ROUNDING * abs(float(pairs.theta[0])):
        gap = 0.0
    rows = None if pairs.disagreements is None else float(pairs.disagreements[0, place])
    low, high = difference_interval(gap, float(pairs.spread[0, place]), df, alpha, rows, df + 1)
    return gap, low, high


def _rows_needed(basis: Basis, place: int) -> int | None:
    if place == 0 or not basis.more_help or basis.pairs.rounding[0, place]:
        return None
    pairs, found = basis.pairs, basis.found
    standing = int(found.members.sum()) + (not found.members[place])
    gap, spread = float(pairs.theta[0] - pairs.theta[place]), float(pairs.spread[0, place])
    critical = found.critical_of(max(standing, 2))
    critical = critical if basis.growth is None else basis.growth.of_more_rows(critical)
    needed = rows_to_separate(gap, spread * math.sqrt(basis.n), critical)
    return None if needed is None else max(needed, FEWEST_ROWS)  # on fewer no winner is named


def with_suggestion(judgement: Judgement) -> Judgement:
    """With the simplest of those that are safe as the suggestion; undeclared is less simple, ties go to the score.

    Args:
        judgement: with its baselines, since what is worse than guessing is suggested to nobody.
    """
    if len(judgement.standings) < 2 or not judgement.safe:  # the only one was compared with nothing
        return replace(judgement, recommended=None)
    first = min(judgement.safe, key=lambda s: math.inf if s.simplicity is None else s.simplicity)
    return replace(judgement, recommended=first.candidate)


def _assumed_gain(facts: MetricFacts, pairs: Pairs) -> float:
    """The useful gain where nobody declared one."""
    return ASSUMED_GAIN if facts.has_common_scale else ASSUMED_GAIN * abs(float(pairs.theta[0]))


# ---------------------------------------------------------------- whom the leader must still be told from


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rival:
    """The nearest member of the best set; else the next best, which is told from the leader already."""

    smallest_gain: float
    rows_needed: int | None = None
    undecided: bool = False  # it is in the set, and more rows would tell


def _rival(basis: Basis, standings: Sequence[Standing]) -> _Rival | None:
    """What it would take to tell the leader from its rival; None without one."""
    if len(standings) < 2:
        return None
    inside = [place for place, s in enumerate(standings) if s.in_set and place > 0]
    place = inside[0] if inside else 1
    column = basis.names.index(standings[place].candidate)
    smallest = smallest_gain(_row_spread(basis.pairs, column) / math.sqrt(basis.pairs.n), SINGLE_PAIR)
    if not inside or not basis.more_help:
        return _Rival(smallest_gain=smallest)
    return _Rival(smallest_gain=smallest, rows_needed=standings[place].rows_needed, undecided=True)


def _spread_of_a_row(basis: Basis, place: int) -> float:
    """The same for each row of the sample, where the columns are of groups or waves."""
    return _row_spread(basis.pairs, place) * math.sqrt(basis.n / basis.pairs.n)


def _row_spread(pairs: Pairs, place: int) -> float:
    """Standard deviation of the leader's difference to a column, per row; of shares, at least one disagreeing row.

    As it was seen: the room for what was not seen belongs to the rows at hand, and more rows leave less of it.
    """
    if pairs.disagreements is None:
        spread = pairs.spread if pairs.scatter is None else pairs.scatter
        return float(spread[0, place]) * math.sqrt(pairs.n)
    counted = float((pairs.df + 1 if pairs.counted is None else pairs.counted)[0, place])
    share = max(1.0, float(pairs.disagreements[0, place])) / counted
    return math.sqrt(share * pairs.n / counted)
