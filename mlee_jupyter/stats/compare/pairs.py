"""What separates columns scored on the same rows, pair by pair."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from mlee_jupyter.stats.distributions import t_as_normal
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.sums.pair_sums import gram_of, powers_apart, squares_of

SAME_GAP = 1e-9  # of a gap: who is ahead by the same on every row but for rounding
SAME_SPREAD = 1e-12  # share of the variances below which the variance of a difference is rounding
SAME_SCORE = 1e-9
FEWEST_TO_WEIGH = 10  # rows of the scarcer class; of fewer, how much each class matters is itself a guess
FEWEST_DISAGREEMENTS = 6  # an exact two-sided McNemar test (1947) of five to nothing has p = 0.0625


@dataclass(frozen=True, kw_only=True, eq=False)
class Pairs:
    """K columns on n rows, higher is better."""

    theta: np.ndarray  # (K,) scores
    variance: np.ndarray  # (K,) of each score
    covariance: np.ndarray  # (K, K) of the scores less one part that all share, which is all that differences need
    spread: np.ndarray  # (K, K) standard error of each difference; 0 for identical columns
    df: np.ndarray  # (K, K) degrees of freedom of each difference
    n: int
    disagreements: np.ndarray | None  # (K, K) rows on which two columns differ, for plain shares of right rows
    counted: np.ndarray | None = None  # (K, K) rows that such shares are of, of a class that has only one row too
    scatter: np.ndarray | None = None  # (K, K) the spread without room for what was not seen, where there is such room
    unseen: np.ndarray | None = None  # (K,) variance of each score beyond the covariance's, for what was not seen
    skewness: np.ndarray | None = None  # (K, K) of the rows of each difference, over the root of their number
    most_z: np.ndarray | None = None  # (K, K) the most that a pair's normal deviate may be, for caution

    @cached_property
    def z(self) -> np.ndarray:
        """How much better column j is than column i, as a normal deviate; antisymmetric.

        A t statistic brought to the normal scale by its own degrees of freedom, Phi^-1(F_t(|T|)). Identical columns,
        and columns that disagree on fewer than six rows, have 0: such a pair never separates.
        """
        difference = self.theta[None, :] - self.theta[:, None]
        ratio = np.divide(difference, self.spread, out=np.zeros_like(difference), where=self.spread > 0)
        size = t_as_normal(np.abs(ratio), self.df)
        z: np.ndarray = np.sign(ratio) * (size if self.most_z is None else np.minimum(size, self.most_z))
        if self.disagreements is not None:
            z[self.disagreements < FEWEST_DISAGREEMENTS] = 0.0
        return z

    @property
    def rounding(self) -> np.ndarray:
        """(K, K) gaps that are rounding: one model in two precisions. No number of rows would show them."""
        gap = np.abs(self.theta[:, None] - self.theta[None, :])
        alike = (spread_of(self.covariance) == 0) & (gap > 0)
        return np.asarray(alike & np.isclose(self.spread, gap, rtol=1e-6, atol=0.0))

    @property
    def drawn_covariance(self) -> np.ndarray:
        """(K, K) what equal columns are drawn with: the covariance, and room for what was not seen."""
        return self.covariance if self.unseen is None else self.covariance + np.diag(self.unseen)

    @property
    def centred(self) -> np.ndarray:
        """(K, K) covariance of the scores less their common mean."""
        return _less_shared(self.covariance, np.full(len(self.theta), 1 / len(self.theta)))

    @property
    def drawn_centred(self) -> np.ndarray:
        """(K, K) the same of what equal columns are drawn with."""
        return _less_shared(self.drawn_covariance, np.full(len(self.theta), 1 / len(self.theta)))

    def first(self, count: int) -> Pairs:
        """The first columns alone, as if the others had never been there."""
        return self.some(np.arange(len(self.theta)) < count)

    def some(self, chosen: np.ndarray) -> Pairs:
        """The same of some columns, (K,) bool."""
        if chosen.all():
            return self
        square = np.ix_(chosen, chosen)
        return Pairs(
            theta=self.theta[chosen],
            variance=self.variance[chosen],
            covariance=_less_shared(self.covariance[square], _shares(self.variance[chosen])),
            spread=self.spread[square],
            df=self.df[square],
            n=self.n,
            disagreements=None if self.disagreements is None else self.disagreements[square],
            counted=None if self.counted is None else self.counted[square],
            scatter=None if self.scatter is None else self.scatter[square],
            unseen=None if self.unseen is None else self.unseen[chosen],
            skewness=None if self.skewness is None else self.skewness[square],
            most_z=None if self.most_z is None else self.most_z[square],
        )


def _shares(variance: np.ndarray) -> np.ndarray:
    """How much each column counts in what all share: alike where variances are, next to nothing on another scale.

    What all columns share on a row cancels in every difference; without it the subtraction of variances loses nothing
    to one huge outlier that everybody got wrong. A plain mean would take one column on another scale along.
    """
    least = float(variance[0])
    weights = least / (least + variance) if least > 0 else (variance == 0) * 1.0
    return np.asarray(weights / weights.sum())


def _less_shared(covariance: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """The covariance of columns less their weighted mean."""
    means = covariance @ shares
    return np.asarray(covariance - means[None, :] - means[:, None] + shares @ means)


def spread_of(covariance: np.ndarray) -> np.ndarray:
    """(K, K) standard error of each difference; 0 where all there is of it is rounding.

    Args:
        covariance: (K, K) of the scores.
    """
    own = np.diag(covariance)
    of_difference = own[:, None] + own[None, :] - 2 * covariance
    of_difference[of_difference <= SAME_SPREAD * (own[:, None] + own[None, :])] = 0.0
    return np.asarray(np.sqrt(of_difference))


def _shared_classes(columns: Sequence[Scored]) -> np.ndarray | None:
    """Which rows are positive, where all columns know it."""
    first = columns[0].positives
    return first if all(column.positives is not None for column in columns) else None


def _satterthwaite(gram: np.ndarray, of_positives: np.ndarray, m: int, n: int, least: np.ndarray) -> np.ndarray:
    """Degrees of freedom of the difference of two means over classes, whose variances add up (Satterthwaite 1946).

    (S_p + S_q)^2 / (S_p^2 / (m - 1) + S_q^2 / (n - m - 1)), with S the squares summed over one class: near m - 1 where
    the m positives make the difference uncertain, near n - 2 where both classes do. Never below `least`, the scarcest
    class alone; whole numbers, so that few quantiles serve all pairs. With two positives among 30 rows this lost a
    truly best one of ten in 19% of samples, so it needs ten rows of each class.
    """

    def of_difference(products: np.ndarray) -> np.ndarray:
        own = np.diag(products)
        return np.asarray(np.maximum(0.0, own[:, None] + own[None, :] - 2 * products))

    first, second = of_difference(of_positives), of_difference(gram - of_positives)
    both = first**2 / max(m - 1, 1) + second**2 / max(n - m - 1, 1)
    df = np.divide((first + second) ** 2, both, out=np.zeros_like(both), where=both > 0)
    return np.asarray(np.clip(np.floor(df), least, n - 2))


def compare_pairs(columns: Sequence[Scored], all_or_nothing: bool = False, inflation: float = 1.0) -> Pairs:
    """Everything pairwise, in one pass over the rows, O(n K^2) time and O(K^2) memory beyond the columns.

    Args:
        columns: scored on the same rows, the best first.
        all_or_nothing: each score is a plain mean of 0 and 1 over (df + 1) rows, so that rows can disagree.
        inflation: of every variance, where what the columns hold is not independent.
    """
    n = columns[0].n
    theta = np.array([column.theta for column in columns])
    squares, positives = squares_of(columns), _shared_classes(columns)
    gram, of_positives = gram_of(columns, _shares(squares), positives)
    covariance = gram * (inflation / (n * (n - 1.0)))
    own = np.diag(covariance)
    spread = spread_of(covariance)
    of_difference = spread**2
    df_each = np.maximum(1.0, [column.df for column in columns])
    df = np.minimum(df_each[:, None], df_each[None, :])
    if positives is not None and df_each.min() + 1 >= FEWEST_TO_WEIGH:
        df = _satterthwaite(gram, of_positives, int(np.count_nonzero(positives)), n, df)
    gap = np.abs(theta[:, None] - theta[None, :])
    # a gap below what rounding hides of a row's difference is rounding too: one model in single and double precision
    hidden = np.sqrt(SAME_SPREAD * (own[:, None] + own[None, :]) * n)
    noise = np.maximum(SAME_SCORE * np.maximum(np.abs(theta[:, None]), np.abs(theta[None, :])), hidden)
    sure = (spread <= SAME_GAP * gap) & (gap > noise)
    # one is better by the same on every row (all right against all wrong): the uncentred variance, as McNemar's
    unsure = np.where(spread == 0, gap, spread)  # what is rounding is as uncertain as it is large
    spread = np.where(sure, gap * np.sqrt(inflation / (df + 1)), unsure)
    disagreements = counted = None
    if all_or_nothing:
        # variance of a difference of shares = (disagreeing rows / m - gap^2) times (n / m) / (n - 1); solved for rows
        rows = np.maximum(1.0, [column.df + 1 for column in columns])  # df of a single row is taken to be 1
        m = counted = np.minimum(rows[:, None], rows[None, :])
        disagreements = np.rint((m / n) ** 2 * n * (n - 1.0) * of_difference + m * gap**2)
    return Pairs(
        theta=theta,
        variance=squares * (inflation / (n * (n - 1.0))),
        covariance=covariance,
        spread=spread,
        df=df,
        n=n,
        disagreements=disagreements,
        counted=counted,
    )


def paired_spread(one: Scored, other: Scored) -> float:
    """The standard error of the difference of two scores on the same independent rows.

    Args:
        one: a column.
        other: another one.
    """
    return math.sqrt(powers_apart(one, other)[0] / (one.n * (one.n - 1.0)))


def raised(pairs: Pairs, spread: np.ndarray) -> Pairs:
    """The pairs with at least these standard errors.

    Args:
        pairs: as they are.
        spread: (K, K) what no pair is surer than.
    """
    spread = np.maximum(pairs.spread, spread)
    np.fill_diagonal(spread, 0.0)
    more = spread**2 - pairs.spread**2
    raised = more > 1e-9 * pairs.spread**2
    if not raised.any():
        return pairs
    # what is uncertain for want of rows has no more degrees of freedom than the rows that it wants
    least = np.diag(pairs.df)
    df = np.where(raised, np.minimum(least[:, None], least[None, :]), pairs.df)
    apart = np.where(np.eye(len(more), dtype=bool), math.inf, more).min(axis=1) if len(more) > 1 else np.zeros(1)
    if pairs.unseen is not None:
        apart = apart + pairs.unseen
    seen = pairs.spread if pairs.scatter is None else pairs.scatter
    return replace(pairs, spread=spread, df=df, scatter=seen, unseen=apart)
