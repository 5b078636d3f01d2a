"""Columns whose errors are on another scale than the others', so that nothing can be said of them.

A few wild rows make a loss enormous and its own error as large, so that such a column can never be told from the
best: one of them would forbid every winner for good. It is set aside with its reason, and the rest is judged as if it
had never been there. A column that is far off and clearly worse needs none of this and stays where it belongs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from mlee_jupyter.domain import Judgement
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.traits import MetricFacts
from mlee_jupyter.stats.sums.pair_sums import worst_row

from .entries import Entry

FAR = 10.0  # times the loss of the best constant rule (of a root: of the mean under it)
FAR_APART = 100.0  # standard deviations of a row, where no constant rule is known


def off_scale(
    facts: MetricFacts,
    columns: Sequence[Scored],
    members: np.ndarray,
    constant: Mapping[str, Scored],
    unit: str = "row",
) -> dict[int, str]:
    """Places of the columns that cannot be judged, with the reason.

    Args:
        facts: the metric.
        columns: scored, best first, not summed up over groups or waves.
        members: (K,) which could not be told from the best.
        constant: the free constant rules, scored on the same rows; may be empty.
        unit: what a column has one value of.
    """
    far = far_off(facts, columns, constant)
    places = [place for place in range(1, len(columns)) if members[place] and far[place]]
    return {place: _reason(facts, columns[0], columns[place], unit) for place in places}


def far_off(facts: MetricFacts, columns: Sequence[Scored], constant: Mapping[str, Scored]) -> np.ndarray:
    """(K,) which columns are off the scale, whether or not they can be told from the best; see `off_scale`.

    Args:
        facts: the metric.
        columns: K of them, scored, best first.
        constant: the free constant rules, scored on the same rows; may be empty.
    """
    if facts.has_both_limits or len(columns) < 2:  # within both limits no row is wild
        return np.zeros(len(columns), bool)
    usual = max((scored.theta for scored in constant.values()), default=None)
    if usual is None or facts.own is not None:
        return _far_apart(columns)
    loss = np.array([_loss(facts, column.theta) for column in columns])
    return loss >= FAR * _loss(facts, usual) if _loss(facts, usual) > 0 else np.zeros(len(columns), bool)


def without(aside: Sequence[Entry], entries: Sequence[Entry]) -> list[Entry]:
    """The entries that are left.

    Args:
        aside: what was set aside.
        entries: all of them.
    """
    return [entry for entry in entries if not any(entry is one for one in aside)]


def with_set_aside(judgement: Judgement, aside: Mapping[Entry, str]) -> Judgement:
    """The judgement of the rest, with what was set aside among the failed.

    Args:
        judgement: of the rest.
        aside: what was set aside, with its reason.
    """
    judged = {standing.candidate for standing in judgement.standings}
    said = {
        f"{entry.candidate} ({entry.variant})" if entry.candidate in judged and entry.variant else entry.candidate: why
        for entry, why in aside.items()
    }
    return replace(judgement, failed={**judgement.failed, **said})


def _loss(facts: MetricFacts, theta: float) -> float:
    if facts.over_variance:
        return 1 - theta
    return theta * theta if facts.is_root else -theta


def _far_apart(columns: Sequence[Scored]) -> np.ndarray:
    spread = np.array([math.sqrt(column.squares / column.n) for column in columns])
    gap = columns[0].theta - np.array([column.theta for column in columns])
    others = np.array([float(np.median(np.delete(spread, place))) for place in range(len(columns))])
    return (others > 0) & (gap >= FAR_APART * others)


def _reason(facts: MetricFacts, leader: Scored, column: Scored, unit: str) -> str:
    worst = worst_row(leader, column)
    where = "few rows of the table" if worst is None else f"{unit} {worst + 1:,}"
    score, best = facts.sign * column.theta, facts.sign * leader.theta
    return (
        f"Its {facts.label} of {score:.4g} (the best: {best:.4g}) rests on too little to be compared, above all on "
        f"{where}. Look at it, then record again."
    )
