"""Room for what was not seen: a difference without scatter is not a difference without error.

Twelve positives of which two candidates miss none, ten alarms that are all right, sixty groups without an error: the
estimated error is 0, and any gap that other rows leave would look sure. Two things put a floor under it.

Rows of a class (all rows, where groups or weights make them the sample) are counted: as Bonett and Price (2012) do for
shares, one row more on each side, so that no part of a difference is surer than sqrt(2) / (m + 2) of what the class
weighs. An estimate above that stays what it is, so where a class has two rows of difference nothing changes. Scores in
a ranking have a scatter of their own, and only where they have none are they counted so.

A precision is a share of rows that the candidate chose itself. Two of them are compared with the error they have if
they are equal, t (1 - t) (1 / a + 1 / b) less what they share, t their pooled value: the score test of two shares, for
predictive values by Moskowitz and Pepe (2006) and Kosinski (2013).

A log loss has no limits, but a probability of 0 says what a row would cost on which that class comes after all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.traits import MetricFacts, Target
from mlee_jupyter.stats.sums.pair_sums import gram_of

from .dependence import Sampling
from .pairs import Pairs, compare_pairs, raised

MOST_ROWS = 2000  # of a class; of more, two rows are less than a thousandth of the score
NO_SCATTER = 0.01  # of a row's weight: ranks that differ by less tell nothing of a row that is missed


@dataclass(frozen=True, kw_only=True, eq=False)
class Stratum:
    """Rows that a part of the score is a mean of."""

    rows: np.ndarray | None  # (n,) bool; None: all of them
    count: float  # independent units: rows, or groups that hold some
    weight: float  # what the score loses when all of them are wrong


def with_room(
    pairs: Pairs, columns: Sequence[Scored], facts: MetricFacts, target: Target | None, sampling: Sampling
) -> Pairs:
    """The pairs, none of them surer than what was not seen allows.

    Args:
        pairs: of the columns as they are compared.
        columns: scored by row, with weights, not summed up.
        facts: the metric.
        target: the prepared truth; without it only what the scores themselves tell can be given room.
        sampling: how the rows were drawn.
    """
    if sampling.by != "rows":
        pairs = _no_steadier(pairs, compare_pairs(columns).spread, sampling)
    pairs = _with_stakes(pairs, columns)
    if not facts.can_look_perfect or pairs.disagreements is not None:
        return pairs  # without limits a row may do anything; and what counts rows has its own room
    if facts.counted == "alarms":
        return raised(pairs, np.maximum(_few(pairs), _if_equal(pairs)))
    added = np.zeros_like(pairs.spread)
    for stratum in _strata(facts, target, sampling):
        added += _lacking(stratum, columns, facts, sampling)
    added += _of_chosen(columns)
    if facts.needs == "scores" or any(one.chosen for one in columns[0].shares):
        added[pairs.spread == 0] = 0.0  # the same score on every row is one model
    return raised(pairs, np.sqrt(pairs.spread**2 + added))


def _no_steadier(pairs: Pairs, of_rows: np.ndarray, sampling: Sampling) -> Pairs:
    """The pairs of groups or waves, with the error of independent rows where hardly any was seen."""
    return raised(pairs, np.where(pairs.spread < sampling.steady * of_rows, of_rows, pairs.spread))


def _with_stakes(pairs: Pairs, columns: Sequence[Scored]) -> Pairs:
    """The pairs, with room for the first row on which a class comes that a column gave no chance.

    Rows to which both gave none cost both the same.
    """
    stakes = [column.stake for column in columns]
    if all(stake is None or stake.struck for stake in stakes):
        return pairs
    added = np.zeros_like(pairs.spread)
    for place, stake in enumerate(stakes):
        if stake is None or stake.struck:
            continue
        n = len(stake.rows)
        for other, its in enumerate(stakes):
            alone = np.count_nonzero(stake.rows if its is None else stake.rows & ~its.rows)
            floor = (stake.lost / n * alone / (alone + 2)) ** 2
            added[place, other] += floor
            added[other, place] += floor
    return raised(pairs, np.sqrt(pairs.spread**2 + added))


def _strata(facts: MetricFacts, target: Target | None, sampling: Sampling) -> list[Stratum]:
    """What the score is made of, as far as it is small enough to matter."""
    if facts.counts_right_rows:
        count = float(sampling.count) if sampling.by == "time" else sampling.df + 1
        return _small([Stratum(rows=None, count=count, weight=1.0)])
    if target is None or not facts.hangs_on_classes:
        return []
    classes = [target.codes == place for place in range(len(target.labels))]
    if target.positive is None:
        weights = [facts.class_rows / len(classes)] * len(classes)
        if facts.average == "weighted":
            weights = [facts.class_rows * float(rows.mean()) for rows in classes]
        return _small([_stratum(rows, weight, sampling) for rows, weight in zip(classes, weights, strict=True)])
    positives = classes[target.positive]
    counted = (positives, ~positives) if facts.symmetric else (positives,)
    return _small([_stratum(rows, facts.class_rows, sampling) for rows in counted])


def _of_chosen(columns: Sequence[Scored]) -> np.ndarray:
    """(K, K) variance that a mean of shares lacks of which each candidate chose the rows: some classes it hardly gave.

    A class that it gave to three rows, all of them right, may be wrong on half of the next.
    """
    lacking = np.zeros(len(columns))
    for place, column in enumerate(columns):
        for part in column.shares:
            if part.chosen and len(column.shares) > 1:
                share = part.right / part.rows
                seen = share * (1 - share) / max(part.rows, 1.0)
                lacking[place] += part.weight**2 * max(0.0, 1 / (part.rows + 2) ** 2 - seen)
    added = lacking[:, None] + lacking[None, :]
    np.fill_diagonal(added, 0.0)
    return np.asarray(added)


def _stratum(rows: np.ndarray, weight: float, sampling: Sampling) -> Stratum:
    held = int(rows.sum()) if sampling.units is None else len(np.unique(sampling.units[rows]))
    return Stratum(rows=rows, count=float(held), weight=weight)


def _small(found: list[Stratum]) -> list[Stratum]:
    return [stratum for stratum in found if 0 < stratum.count <= MOST_ROWS]


def _lacking(stratum: Stratum, columns: Sequence[Scored], facts: MetricFacts, sampling: Sampling) -> np.ndarray:
    """(K, K) variance that the stratum's part of each difference lacks to its floor."""
    n, count = sampling.n, stratum.count
    if stratum.rows is None and not sampling.is_summed:
        gram = gram_of(columns, np.zeros(len(columns)))[0] / n**2
    else:
        parts = _parts(stratum, columns, sampling) / n
        parts -= parts.mean(axis=1, keepdims=True)
        gram = parts @ parts.T
    own = np.diag(gram)
    seen = np.maximum(0.0, own[:, None] + own[None, :] - 2 * gram) * count / max(1.0, count - 1)
    floor = 2 * (stratum.weight / (count + 2)) ** 2
    lacking = np.maximum(0.0, floor - seen)
    if facts.needs == "scores":
        lacking[seen > (NO_SCATTER * stratum.weight) ** 2 / count] = 0.0
    np.fill_diagonal(lacking, 0.0)
    return np.asarray(lacking)


def _parts(stratum: Stratum, columns: Sequence[Scored], sampling: Sampling) -> np.ndarray:
    """(K, units) what the stratum's rows, or groups of them, add to each column."""
    if stratum.rows is None:
        return np.array(sampling.unit_sums(columns))
    if sampling.units is None:
        return np.array([column.influence[stratum.rows] for column in columns])
    units = sampling.units[stratum.rows]
    parts = np.array([np.bincount(units, c.influence[stratum.rows], sampling.count) for c in columns])
    return parts[:, np.bincount(units, minlength=sampling.count) > 0]


# ---------------------------------------------------------------- shares of rows that each column chose


def _trials(pairs: Pairs) -> np.ndarray:
    """(K,) independent rows behind each share, by its own error; of all or none, by its degrees of freedom."""
    own = pairs.theta * (1 - pairs.theta)
    least = np.diag(pairs.df) + 1
    found = np.divide(own, pairs.variance, out=np.zeros_like(own), where=pairs.variance > 0)
    return np.where(found > 0, np.maximum(found, 1.0), least)


def _if_equal(pairs: Pairs) -> np.ndarray:
    """(K, K) standard error of each difference of shares, were both equal."""
    scale = np.sqrt(np.outer(pairs.variance, pairs.variance))
    shared = (pairs.variance[:, None] + pairs.variance[None, :] - pairs.spread**2) / 2
    alike = np.clip(np.divide(shared, scale, out=np.zeros_like(scale), where=scale > 0), 0.0, 1.0)
    return spread_if_equal(pairs.theta, _trials(pairs), alike)


def spread_if_equal(theta: np.ndarray, counts: np.ndarray, alike: np.ndarray | float = 0.0) -> np.ndarray:
    """The standard error of each difference of two shares under their pooled value (K, K).

    Args:
        theta: (K,) shares.
        counts: (K,) rows of each.
        alike: (K, K) correlation of the two, in 0..1.
    """
    both = counts[:, None] + counts[None, :]
    pooled = (theta * counts + (theta * counts)[:, None]) / both
    size = 1 / counts[:, None] + 1 / counts[None, :] - 2 * alike / np.sqrt(np.outer(counts, counts))
    found = np.sqrt(np.maximum(0.0, pooled * (1 - pooled) * size))
    np.fill_diagonal(found, 0.0)
    return np.asarray(found)


def _few(pairs: Pairs) -> np.ndarray:
    """(K, K) standard error with two rows more in each share that is surer than those would leave it."""
    lacking = np.maximum(0.0, 2 / (_trials(pairs) + 2) ** 2 - pairs.variance)
    found = np.sqrt(pairs.spread**2 + lacking[:, None] + lacking[None, :])
    found[_same(pairs)] = 0.0
    return np.asarray(found)


def _same(pairs: Pairs) -> np.ndarray:
    """(K, K) columns that answer alike on every row, and have something to differ in."""
    return np.asarray((pairs.spread == 0) & (pairs.variance > 0)[:, None] & (pairs.variance > 0)[None, :])
