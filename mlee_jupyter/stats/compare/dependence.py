"""Rows that are not independent, or do not count alike: influence values summed up until they are.

Every way of sampling is a linear change of the influence values, so scores, sets and bounds need nothing new.

Groups (one customer, patient, document): values are summed inside each group, and groups are the sample (Liang and
Zeger 1986). Degrees of freedom are those of equally large groups, (sum n_g)^2 / sum n_g^2 less one (Carter, Schnepel
and Steigerwald 2017), and at most the groups that hold the scarcest class.

Time order: values of the same time are summed, and the series is projected on its longest cosine waves; the mean
square of B projections estimates the long-run variance, and the ratio is t with B degrees of freedom (Mueller 2004;
Lazarus, Lewis, Stock and Watson 2018). That keeps its size where Newey and West's kernel with a normal quantile does
not, and all K columns keep one covariance. B = 0.4 T^(2/3), at most 8 (a slow level under noise shows in few waves
only), fewer where neighbours are alike; what an autoregressive spectrum still falls over B waves is put back. Where
there is a season, declared or seen, whole seasons are summed first: the waves are too long to hold one.

Weights: of a mean over rows, sum(w l) / sum(w), whose influence is n w (l - theta) / sum(w); Kish's effective
rows (1965).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.traits import MetricFacts, Target
from mlee_jupyter.stats.rows.columns import as_column, shown
from mlee_jupyter.stats.rows.times import read_times

from .seen_season import FEWEST_SEASONS, seen_season

FEWEST_WAVES, MOST_WAVES = 4, 8
WAVE_SHARE, WAVE_POWER = 0.4, 2 / 3
BIAS_ALLOWED = 0.1  # of the long-run variance, were the series autoregressive of order one
MOST_PUT_BACK = 2.0  # beyond, the series is too short to tell its likeness from that of a random walk
STEADY = 0.25
ROUNDING = 1e-9  # of the error of rows
ROW_BLOCK = 1 << 14


@dataclass(frozen=True, kw_only=True, eq=False)
class Sampling:
    """How the rows were drawn."""

    by: str  # "rows", "groups" or "time"
    n: int
    units: np.ndarray | None = None  # place of each row's group, or of its time in order
    count: int = 0  # groups or times
    df: float = math.inf  # degrees of freedom that groups or weights leave
    weights: np.ndarray | None = None  # mean 1
    season: int | None = None  # times in a season, where it is declared or known from the dates
    copies: bool = False  # the groups are copies of one row each, which nobody declared

    @property
    def is_plain(self) -> bool:
        """Independent rows that count alike."""
        return self.by == "rows" and self.weights is None

    @property
    def unit(self) -> str:
        """What one value is held of: a "group" that was declared, else a "row"."""
        return "group" if self.by == "groups" and not self.copies else "row"

    @property
    def rows(self) -> int:
        """Rows, each of them counted once however often it stands there."""
        return self.count if self.copies else self.n

    @property
    def steady(self) -> float:
        """The share of the error of independent rows below which that of groups or times was not seen to vary.

        Who declares a season knows that what repeats is no error.
        """
        return ROUNDING if self.season is not None else STEADY

    def weighted(self, scored: Scored) -> Scored:
        """A mean over rows, with weights."""
        if self.weights is None:
            return scored
        gain = scored.influence + scored.theta
        theta = float(gain[0] + np.mean(self.weights * (gain - gain[0])))  # exact where all rows are alike
        return Scored(theta=theta, psi=self.weights * (gain - theta), df=min(scored.df, self.df), stake=scored.stake)

    def collapsed(self, columns: Sequence[Scored], like: int | None = None) -> list[Scored]:
        """The columns as if of independent rows.

        Args:
            columns: weighted already.
            like: in time order, how many of the first columns tell how alike neighbours are; None: all.
        """
        if not self.is_summed:
            return list(columns)
        sums = [sums * (self.count / self.n) for sums in self.unit_sums(columns)]
        if self.by == "groups":
            return [
                Scored(theta=c.theta, psi=s, df=max(1.0, min(c.df, self.df)))
                for c, s in zip(columns, sums, strict=True)
            ]
        sums, length = self._by_season(sums, like)
        phi = _likeness(sums[:like])
        waves = _waves(length, phi)
        projected = _projections(np.array(sums), waves) * math.sqrt(_missed(length, phi, waves))
        return [Scored(theta=c.theta, psi=p, df=min(c.df, waves)) for c, p in zip(columns, projected, strict=True)]

    def season_of(self, columns: Sequence[Scored]) -> int:
        """The times in a season, declared or seen in what the columns differ by; 1 where there is none."""
        if self.by != "time" or self.units is None:
            return 1
        return self.season or seen_season([sums * (self.count / self.n) for sums in self.unit_sums(columns)])

    @property
    def is_summed(self) -> bool:
        """Rows are summed up over groups or times."""
        return self.units is not None

    def unit_sums(self, columns: Sequence[Scored]) -> list[np.ndarray]:
        """Each column's influence values summed over groups or times.

        Args:
            columns: weighted already.
        """
        assert self.units is not None
        return [np.bincount(self.units, c.influence, self.count) for c in columns]

    def gains_apart(self, columns: Sequence[Scored]) -> np.ndarray:
        """What each column gained (K, count), summed over groups, less what all gained on a row; of one, its median.

        Args:
            columns: weighted already.
        """
        assert self.units is not None
        gains = np.array([column.influence + column.theta for column in columns])
        apart = gains - (gains.mean(axis=0) if len(gains) > 1 else np.median(gains))
        return np.array([np.bincount(self.units, one, self.count) for one in apart])

    def _by_season(self, sums: list[np.ndarray], like: int | None) -> tuple[list[np.ndarray], int]:
        """The series as one value a season, what is left over in the last; as they are where there is none."""
        season = self.season or seen_season(sums[:like])
        seasons = self.count // season
        if season < 2 or seasons < FEWEST_SEASONS:
            return sums, self.count
        place = np.minimum(np.arange(self.count) // season, seasons - 1)
        return [np.bincount(place, one, seasons) * (seasons / self.count) for one in sums], seasons


def read_sampling(
    n: int,
    facts: MetricFacts,
    target: Target | None = None,
    groups: Any = None,
    time: Any = None,
    weights: Any = None,
    time_ordered: bool = False,
    season: int | None = None,
) -> Sampling:
    """How the rows were drawn, from what the user says of them.

    Args:
        n: rows.
        facts: the metric.
        target: the prepared truth, if kept.
        groups: one label per row; rows of one group may be alike.
        time: one sortable value per row: numbers, dates, or either as text.
        weights: one number per row, 0 or more.
        time_ordered: the rows are in time order as they are.
        season: different times in one season, 2 or more; None: looked for.

    Raises:
        MleeError: of another length, both groups and time, a single group, or weights that cannot be used.
    """
    weight, df = _weights(weights, n, facts)
    if groups is not None and (time is not None or time_ordered):
        raise MleeError("Rows are either in groups or in time order here.", "Pass groups= or time=, not both.")
    if groups is not None:
        units = _units(groups, n, "groups")
        sizes = np.bincount(units).astype(np.float64)
        df = min(df, df_of_groups(sizes), _groups_of_the_scarcest(target, units) - 1)
        return Sampling(by="groups", n=n, units=units, count=len(sizes), df=df, weights=weight)
    if time is not None or (time_ordered and n >= 2 * FEWEST_WAVES):  # on fewer rows no winner is named anyway
        units = np.arange(n) if time is None else _units(time, n, "time")
        count = int(units.max()) + 1
        if count < 2 * FEWEST_WAVES:
            raise MleeError(f"The rows have {count} different times; {2 * FEWEST_WAVES} are needed.", "Leave time out.")
        return Sampling(by="time", n=n, units=units, count=count, df=df, weights=weight, season=season)
    return Sampling(by="rows", n=n, df=df, weights=weight)


def df_of_groups(sizes: np.ndarray) -> float:
    """Degrees of freedom that groups leave: those of equally large ones, less one.

    Args:
        sizes: (G,) rows of each.

    Raises:
        MleeError: there is one.
    """
    if len(sizes) < 2:
        raise MleeError("All rows are of one group, on which nothing can be judged.", "Check the groups.")
    return float(sizes.sum()) ** 2 / float(sizes @ sizes) - 1


def _units(values: Any, n: int, name: str) -> np.ndarray:
    column = read_times(values).values if name == "time" else as_column(values, name)
    if len(column) != n:
        raise MleeError(f"{name} has {len(column):,} values for {n:,} rows.", "Give one per row of the truth.")
    return np.unique(column, return_inverse=True)[1].reshape(-1)


def _weights(values: Any, n: int, facts: MetricFacts) -> tuple[np.ndarray | None, float]:
    if values is None:
        return None, math.inf
    column = as_column(values, "weights")
    if column.dtype == object or len(column) != n:
        what = "text" if column.dtype == object else f"{len(column):,} values for {n:,} rows"
        raise MleeError(f"weights has {what}.", "Give one number per row of the truth.")
    if column.min() < 0 or not column.max() > 0:
        raise MleeError(f"weights has {shown(column.min())} as its least; none may be below 0, nor all 0.")
    if not facts.is_row_mean:
        is_one = "is no mean" if facts.own is None else "is your own, and nobody knows whether it is a mean"
        raise MleeError(
            f"{facts.label} {is_one} over rows, for which alone weights are taken.",
            "Choose accuracy, log loss, mae or mse.",
        )
    weight = column.astype(np.float64)
    weight = weight / weight.mean()
    return weight, n**2 / float(weight @ weight) - 1


def _groups_of_the_scarcest(target: Target | None, units: np.ndarray) -> float:
    """Groups that hold the class held by fewest of them; infinite where the metric hangs on rows alone."""
    if target is None or not target.facts.hangs_on_classes:
        return math.inf
    both = target.positive is None or target.facts.needs == "scores"
    if target.positive is not None:
        held = target.codes == target.positive
        ours = len(np.unique(units[held]))
        return min(ours, len(np.unique(units[~held]))) if both else ours
    pairs = np.unique(np.column_stack((target.codes, units)), axis=0)
    counts = np.bincount(pairs[:, 0])
    return int(counts[counts > 0].min())


def _likeness(sums: Sequence[np.ndarray]) -> float:
    """The greatest correlation of neighbours among what differences are made of, with Kendall's bias put back."""
    shared = np.mean(sums, axis=0) if len(sums) > 1 else 0.0
    length, most = len(sums[0]), 0.0
    for series in sums:
        own = series - shared
        square = float(own @ own)
        if square > 0:
            phi = float(own[1:] @ own[:-1]) / square
            most = max(most, phi + (1 + 4 * phi) / length)
    return min(most, 0.99)


def _waves(length: int, phi: float) -> int:
    """How many cosine waves: the spectrum of an AR(1) series must not fall by more than the bias allowed."""
    most = min(MOST_WAVES, int(WAVE_SHARE * length**WAVE_POWER))
    if phi > 0:
        most = min(most, int(length * (1 - phi) / math.pi * math.sqrt(3 * BIAS_ALLOWED / phi)))
    return max(FEWEST_WAVES, most)


def _missed(length: int, phi: float, waves: int) -> float:
    """How many times the waves' mean square the long-run variance of an AR(1) series is, 1 to 2.

    Its spectrum 1 / (1 - 2 phi cos w + phi^2) falls from frequency 0, where the long-run variance is read, to the
    shortest wave.
    """
    if phi <= 0:
        return 1.0
    frequencies = np.arange(1, waves + 1) * (math.pi / length)
    share = float(np.mean((1 - phi) ** 2 / (1 - 2 * phi * np.cos(frequencies) + phi**2)))
    return min(1 / share, MOST_PUT_BACK)


def _projections(series: np.ndarray, waves: int) -> np.ndarray:
    """Each series on the longest waves (K, B), scaled so that sum of squares / (B (B - 1)) is the mean's variance."""
    count, length = series.shape
    found = np.zeros((count, waves))
    orders = np.arange(1, waves + 1)
    for start in range(0, length, ROW_BLOCK):
        times = np.arange(start, min(length, start + ROW_BLOCK)) + 0.5
        found += series[:, start : start + ROW_BLOCK] @ np.cos(np.outer(times, orders) * (math.pi / length))
    return np.asarray(found * (math.sqrt(2 * (waves - 1)) / length))
