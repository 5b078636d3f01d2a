"""When a sample is too small to name a winner, whatever the arithmetic says."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mlee_jupyter.stats.compare.dependence import Sampling
from mlee_jupyter.stats.compare.pairs import FEWEST_DISAGREEMENTS, Pairs, paired_spread
from mlee_jupyter.stats.compare.seen_season import FEWEST_SEASONS
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.traits import MetricFacts, Target
from mlee_jupyter.stats.rows.columns import shown
from mlee_jupyter.stats.sums.pair_sums import powers_apart, rows_apart

FEWEST_ROWS = 30
FEWEST_OF_A_CLASS = 5
ROUNDING = 1e-12  # of scores that are equal
UNSEEN = 1e-9  # of the error of rows: rounding of sums
FEWEST_UNITS = 10  # groups, or independent rows that tell as much
FEWEST_TO_CARRY = 3  # groups that carry a difference, where more differ
OF_THE_LARGEST = 0.01  # squared difference: what is less is no difference of its own
_SCARCE, _CALLED_POSITIVE = "of the scarcest class", "that the leader calls positive"
_GIVEN_A_CLASS = "to which the leader gives some class"
ONE_CANDIDATE = "Only one candidate was judged: there is nothing to compare it with."


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Why no winner may be named, and who therefore stays in the best set beside the leader."""

    reason: str | None = None
    kept_in_question: frozenset[str] = frozenset()

    def with_doubts(self, doubts: Mapping[str, str], members: Collection[str]) -> Limits:
        """The limits with further candidates that stay in question.

        Args:
            doubts: why, by name, the nearest first.
            members: who is in the confidence set anyway.
        """
        doubted = {name: why for name, why in doubts.items() if name not in members}
        if not doubted:
            return self
        kept = self.kept_in_question | frozenset(doubted)
        return Limits(reason=self.reason or next(iter(doubted.values())), kept_in_question=kept)


def unvaried(names: Sequence[str], summed: Sequence[Scored], rows: Sequence[Scored], sampling: Sampling) -> str | None:
    """Why groups or times may name no winner, where the first two are apart by the same in all of them.

    Args:
        names: the candidate of each column, best first.
        summed: the columns as they are compared.
        rows: the same by row.
        sampling: how the rows were drawn.
    """
    place = rival_of(names)
    if place is None or sampling.by == "rows":
        return None
    seen, of_rows = (paired_spread(columns[0], columns[place]) for columns in (summed, rows))
    if seen > UNSEEN * of_rows or of_rows == 0:
        return None
    if sampling.copies:
        return apart_by_the_same("on every row")
    return apart_by_the_same("in every group" if sampling.by == "groups" else "at every time")


def rival_of(names: Sequence[str]) -> int | None:
    """The place of the first column of another candidate than the leader's; None where there is none.

    Args:
        names: the candidate of each column, best first.
    """
    return next((place for place, name in enumerate(names) if name != names[0]), None)


def apart_by_the_same(where: str) -> str:
    """Why no winner is named where the first two do not vary against each other.

    Args:
        where: "in every group", "in every fold", ...
    """
    return f"The first two are apart by the same {where}, so their spread is not known; no winner is named."


def find_limits(
    names: Sequence[str],
    columns: Sequence[Scored],
    pairs: Pairs,
    members: np.ndarray,
    facts: MetricFacts,
    target: Target | None,
    n: int | None = None,
    too_few: str | None = None,
    unit: str = "row",
) -> Limits:
    """Whether a winner may be named.

    Where it may not and only the leader is left in the set, those whose inferiority rests on too little are kept in
    it: the next best candidates on a small sample (several where their scores are equal), and every candidate that
    differs on fewer than six rows. Where a class has too few rows it is everyone, whoever is left: found or missed,
    they have no scatter. So a best set of one always names a winner. (For plain shares of right rows the
    set itself never separates such a pair.)

    Args:
        names: the candidate of each column, best first.
        columns: scored.
        pairs: of the same columns.
        members: (K,) which are in the confidence set.
        facts: the metric.
        target: the prepared truth, if kept.
        n: rows, where the pairs are of something else.
        too_few: a further reason, said where there is no earlier one.
        unit: what the columns hold one value of.
    """
    leader = names[0]
    rivals = {name: place for place, name in reversed(list(enumerate(names))) if name != leader}
    if not rivals:
        return Limits(reason=ONE_CANDIDATE)
    following = _following(names, pairs)
    alone = {name for name, inside in zip(names, members, strict=True) if inside} == {leader}
    small = _small_sample(columns[0], pairs.n if n is None else n, facts, target) or too_few
    if small and facts.hangs_on_classes and any(few in small for few in (_SCARCE, _CALLED_POSITIVE, _GIVEN_A_CLASS)):
        return Limits(reason=small, kept_in_question=frozenset(rivals))  # found or missed, so few rows have no scatter
    if small:
        return Limits(reason=small, kept_in_question=following if alone else frozenset())
    if pairs.disagreements is not None:
        differing = pairs.disagreements[0]
        nearest = min(sorted(following), key=lambda name: differing[rivals[name]])
        rows = int(differing[rivals[nearest]])
        if rows >= FEWEST_DISAGREEMENTS:
            return Limits()
        unit = "row" if facts.counts_right_rows else "row that counts"
        return Limits(
            reason=_too_few(leader, nearest, rows, unit), kept_in_question=following if alone else frozenset()
        )
    if facts.needs not in ("labels", "anything"):
        return Limits()
    if not alone and facts.needs == "anything":
        return Limits()
    asked = rivals if alone else {name: rivals[name] for name in sorted(following)}
    rows_by_rival = {
        name: max(
            _units_that_count(columns[0], columns[place], pairs.df[0, place], unit),
            _fewest(columns[0], columns[place], facts, target) if unit == "row" else 0,
        )
        for name, place in asked.items()
    }
    close = {name: rows for name, rows in rows_by_rival.items() if rows < FEWEST_DISAGREEMENTS}
    if not close:
        return Limits()
    nearest = min(close, key=lambda name: asked[name])
    exact = facts.counts_right_rows and _differing(columns[0], columns[asked[nearest]]) == close[nearest]
    reason = _too_few(leader, nearest, close[nearest], unit, exact)
    return Limits(reason=reason, kept_in_question=frozenset(close if alone else ()))


def enough(names: Sequence[str], pairs: Pairs, members: np.ndarray, small: str | None) -> Limits:
    """Whether a winner may be named where nothing but the size of the sample can forbid it.

    Args:
        names: the candidate of each column, best first.
        pairs: of the columns.
        members: (K,) which are in the confidence set.
        small: why the sample is too small; None: it is not.
    """
    following = _following(names, pairs)
    if not following:
        return Limits(reason=ONE_CANDIDATE)
    if small is None:
        return Limits()
    alone = {name for name, inside in zip(names, members, strict=True) if inside} == {names[0]}
    return Limits(reason=small, kept_in_question=following if alone else frozenset())


def _following(names: Sequence[str], pairs: Pairs) -> frozenset[str]:
    """The next best after the leader, with all whose scores are equal: none of them is nearer than another."""
    first = next((place for place, name in enumerate(names) if name != names[0]), None)
    if first is None:
        return frozenset()
    best = float(pairs.theta[first])
    equal = (math.isclose(float(theta), best, rel_tol=ROUNDING) for theta in pairs.theta)
    return frozenset(name for name, tied in zip(names, equal, strict=True) if tied and name != names[0])


def too_few_units(sampling: Sampling, effective_n: float, columns: Sequence[Scored]) -> str | None:
    """Why groups, too few seasons, or rows that are too much alike, may name no winner.

    Args:
        sampling: how the rows were drawn.
        effective_n: independent rows that tell as much.
        columns: scored, the leader first.
    """
    season = sampling.season_of(columns)
    if season > 1 and sampling.count // season < FEWEST_SEASONS:
        held = sampling.count / season
        return (
            f"The differences repeat after {season:,} steps, and {sampling.count:,} hold {held:.1f} such seasons; "
            f"below {FEWEST_SEASONS} no winner is named."
        )
    if sampling.by == "groups" and sampling.df + 1 < FEWEST_UNITS:
        what = "different rows" if sampling.copies else "groups"
        return f"The {what} count as {sampling.df + 1:.0f} equal ones; below {FEWEST_UNITS} no winner is named."
    if not sampling.is_plain and effective_n < FEWEST_UNITS:
        return f"The rows tell as much as {effective_n:.0f} independent ones; below {FEWEST_UNITS} no winner is named."
    return None


def _small_sample(leader: Scored, n: int, facts: MetricFacts, target: Target | None) -> str | None:
    if n < FEWEST_ROWS:
        return f"The sample has {n} rows; below {FEWEST_ROWS} no winner is named."
    if facts.own is not None and leader.df + 1 < FEWEST_OF_A_CLASS:
        rows = "1 row" if leader.df < 1 else f"{leader.df + 1:.0f} rows"
        return f"The score hangs on {rows}; below {FEWEST_OF_A_CLASS} no winner is named."
    if not facts.hangs_on_classes:
        return None
    scarcest = int(leader.df) + 1 if target is None or target.scarcest is None else target.scarcest
    scarcest = min(scarcest, int(leader.df) + 1)
    if scarcest < FEWEST_OF_A_CLASS:
        what = {0: "no row", 1: "1 row"}.get(scarcest, f"{scarcest} rows")
        own = facts.counted == "alarms" and (target is None or target.scarcest is None or scarcest < target.scarcest)
        which = _CALLED_POSITIVE if own else _SCARCE
        if any(one.chosen and one.rows < FEWEST_OF_A_CLASS for one in leader.shares) and facts.counted is None:
            which = _GIVEN_A_CLASS
        return f"The score hangs on {what} {which}; below {FEWEST_OF_A_CLASS} no winner is named."
    return None


def _too_few(leader: str, other: str, rows: int, unit: str, exact: bool = True) -> str:
    """The reason; of values that differ by unlike amounts the number is what counts of them, and is called so."""
    both, what = f"{shown(leader, 40)} and {shown(other, 40)}", _many(unit) if rows > 1 else unit
    said = f"{both} differ {'in' if unit == 'group' else 'on'} {f'only {rows}' if rows else 'no'} {what}"
    if not exact:  # labels may differ on rows that hardly move the score
        said = f"The difference of {both} hangs on {f'about {rows}' if rows else 'no'} {what}"
    return f"{said}; it takes {FEWEST_DISAGREEMENTS} to name one."


def _many(unit: str) -> str:
    return "rows that count" if unit == "row that counts" else f"{unit}s"


def _differing(one: Scored, other: Scored) -> int:
    """Values on which two columns differ, but for the little that every value moves with the score."""
    return rows_apart(one, other, OF_THE_LARGEST)


def _units_that_count(one: Scored, other: Scored, df: float, unit: str) -> int:
    """Rows that carry the difference; of groups all that differ, unless two carry it.

    Sums over groups differ by unlike amounts: of twelve with normal differences four to five carry it by that measure,
    and t with as many degrees of freedom knows how few they are.
    """
    carried = _rows_that_count(one, other, df)
    return max(carried, _differing(one, other)) if unit == "group" and carried >= FEWEST_TO_CARRY else carried


def _fewest(one: Scored, other: Scored, facts: MetricFacts, target: Target | None) -> int:
    """Rows that must differ at least, for their scores to be so far apart; 0 where a row may move a score by anything.

    Whoever takes a whole class for the other is apart by all of its rows, which have no scatter. One row moves a score
    by at most two rows' share of the scarcest class, or of the alarms.
    """
    if not (facts.hangs_on_classes and facts.bounded and facts.needs == "labels"):
        return 0
    scarcest = min(one.df, other.df) + 1
    if target is not None and target.scarcest is not None:
        scarcest = min(scarcest, target.scarcest)
    return int(abs(one.theta - other.theta) * scarcest / 2 + ROUNDING)


def _rows_that_count(one: Scored, other: Scored, df: float) -> int:
    """How many rows carry the difference of two columns: (sum d^2)^2 / sum d^4, which is k where k rows differ alike.

    Read off the influence values, since predictions may not be kept. Where no row stands out although the scores
    differ (all right against all wrong), every row counts.
    """
    squares, fourth = powers_apart(one, other)
    if fourth > 0:
        return round(squares**2 / fourth)
    return int(df) + 1 if one.theta != other.theta else 0
