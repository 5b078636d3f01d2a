"""Candidates of which only a share of right rows and the number of rows were kept.

Without the rows nothing is known of how alike the candidates' errors are, so each pair is compared as if on two
independent samples: variance p(1 - p) / n of each, with a success and a failure added to both (Agresti and Caffo
2000), and no less than if both are equal: 30 right of 30 prove nothing beside 4,600 of 5,000. On the same rows errors
are mostly alike, which makes this a bound: it finds less than the rows would, and errs no more often. Other metrics do
not tell their own error from score and n alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np

from mlee_jupyter.domain import Judgement, ResultKind
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.compare.confidence_set import confidence_set
from mlee_jupyter.stats.compare.intervals import wilson
from mlee_jupyter.stats.compare.luck import flattery
from mlee_jupyter.stats.compare.pairs import Pairs
from mlee_jupyter.stats.compare.unseen import spread_if_equal
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.traits import MetricFacts

from .entries import Entry
from .field import score_all
from .leader import with_luck
from .limits import FEWEST_ROWS, enough
from .standings import Basis, read_off

MOST_DECIMALS = 6  # of a share that was rounded
FEW_SHARED, MANY_ROWS = 30, 100  # rows


def judge_scores(entries: Sequence[Entry], facts: MetricFacts, useful_gain: float | None, alpha: float) -> Judgement:
    """What shares of right rows can carry without the rows.

    Args:
        entries: of kind NUMBER with `value` and `n`; anything else is failed.
        facts: the metric; only accuracy can be judged so.
        useful_gain: see `judge`.
        alpha: see `judge`.

    Raises:
        MleeError: no entry could be judged.
    """
    field = score_all(entries, lambda entry, n: scored_number(entry, facts), None, unpaired_spread)
    pairs = _unpaired(field.columns)
    found = confidence_set(pairs, alpha)
    names = [entry.candidate for entry in field.entries]

    def interval(place: int, error: float = alpha) -> tuple[float, float]:
        trials = field.columns[place].df + 1
        return wilson(field.columns[place].theta * trials, trials, error)

    basis = Basis(
        entries=field.entries,
        pairs=pairs,
        found=found,
        limits=enough(names, pairs, found.members, _too_few(pairs.n)),
        interval=interval,
        n=pairs.n,
    )
    flattered = flattery(pairs, found.draws, field.others_theta, field.others_spread)
    judgement = read_off(basis, facts, useful_gain, alpha)
    return replace(
        with_luck(judgement, field, facts, pairs, flattered, lambda error: interval(0, error)),
        by="scores",
        caveat="Judged by scores and rows counted alone, as if on different rows: saved predictions would be sharper.",
    )


def scored_number(entry: Entry, facts: MetricFacts) -> Scored:
    """A share of right rows as a column of its own.

    Args:
        entry: of kind NUMBER, with value and rows.
        facts: the metric.

    Raises:
        MleeError: it does not tell its own error.
    """
    if entry.kind is not ResultKind.NUMBER:
        raise MleeError(f"A {entry.kind.value} is no score with its rows.", "Record predictions.")
    if not facts.counts_right_rows:
        raise MleeError(f"A bare {facts.label} does not tell its own error.", "Record predictions.")
    value, n = entry.value, entry.n
    if value is None or n is None:
        raise MleeError("A number without its rows has no error, and no rows to compare.", "Record predictions.")
    if not (0 <= value <= 1 and n >= 2 and n == int(n)):
        raise MleeError(f"{value:.6g} on {n} rows is no share of rows.", "Give a share in 0..1 and whole rows.")
    if (fault := impossible_share(value, int(n))) is not None:
        raise fault
    share = (value * n + 1) / (n + 2)
    error = math.sqrt(share * (1 - share) / (n + 2))
    # two influence values with just this variance
    return Scored(theta=float(value), psi=np.array([error, -error]), df=n - 1.0)


def impossible_share(value: float, n: int) -> MleeError | None:
    """That no number of right rows among so many gives this share; None where one does.

    Args:
        value: the share, in 0..1.
        n: rows that it was taken on.
    """
    if not 0 <= value <= 1 or share_of(value, n) is not None:
        return None
    near = round(value * n)
    return MleeError(
        f"{value:.6g} is no share of {n:,} rows: {near:,} right ones are {near / n:.4g}.",
        "Give the rows that the score was taken on.",
    )


def _unpaired(columns: Sequence[Scored]) -> Pairs:
    variance = np.array([float(column.psi[0]) ** 2 for column in columns])
    df = np.array([column.df for column in columns])
    theta = np.array([column.theta for column in columns])
    spread = np.maximum(np.sqrt(variance[:, None] + variance[None, :]), spread_if_equal(theta, df + 1))
    np.fill_diagonal(spread, 0.0)
    return Pairs(
        theta=theta,
        variance=variance,
        covariance=np.diag(variance),
        spread=spread,
        df=np.minimum(df[:, None], df[None, :]),
        n=int(df.min()) + 1,
        disagreements=None,
    )


def unpaired_spread(one: Scored, other: Scored) -> float:
    """The standard error of the difference of two shares, as if on different rows.

    Args:
        one: from `scored_number`.
        other: another one.
    """
    return math.hypot(float(one.psi[0]), float(other.psi[0]))


def _too_few(rows: int) -> str | None:
    return (
        f"The smallest sample has {rows} rows; below {FEWEST_ROWS} no winner is named." if rows < FEWEST_ROWS else None
    )


def share_of(value: float, rows: int) -> int | None:
    """How many of so many rows a share is, as far as it was rounded (or cut off); None where it is no such share.

    A share with all its digits may be a mean over folds of unequal sizes, so that it is doubted on few rows alone.

    Args:
        value: in 0..1.
        rows: 1 or more.
    """
    decimals = len(f"{Decimal(repr(float(value))):f}".partition(".")[2])
    full = decimals > MOST_DECIMALS
    nearest = round(value * rows)
    if full and rows >= FEW_SHARED:
        return nearest
    unit = 1e-9 if full else 10.0**-decimals
    counts = [nearest, math.floor(value * rows), math.ceil(value * rows)]
    # rounded or cut off; on many rows a mean over folds may lie a unit beside every share
    least, most = (-0.5 - 1e-6, 1 - 1e-6) if rows < MANY_ROWS else (-1 - 1e-6, 1 + 1e-6)
    return next((count for count in counts if least <= (count / rows - value) / unit < most), None)
