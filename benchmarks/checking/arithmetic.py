"""What follows from scores and their rows: ranges, differences, bounds, rows that would settle, luck. No reading here.

An inferred number is held from both sides, as a window (least, most). Where a published formula says it exactly
(Wilson, t of a mean, Bonett and Price, Connor) the window is 2% of an error wide (12% of an average precision's, whose
classes have no agreed correction), and from z to t. Where it comes from draws, ours are other draws: 3% of a quantile.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
from scipy import stats

from . import cautious, scores

DRAWS = 20_000
ALPHA = 0.05
POWER = float(stats.norm.ppf(0.8))
Z = float(stats.norm.isf(ALPHA / 2))
Z1 = float(stats.norm.isf(ALPHA))
NEAR_COPY, SURE_ROUNDING = 1e-5, 1e-8  # of two errors: between them a difference may be rounding, or a column's own
FEWEST = 30  # rows: on fewer no winner is named
OF_DRAWS = 0.03  # of a quantile found by draws, theirs and ours
Window = tuple[float, float]
_OF_LUCK = {"average_precision": 0.3, "rmse": 0.2}  # of a flattery, where linear forms differ on few rows


@dataclass(frozen=True, eq=False)
class Column:
    """One variant of a candidate and what it answered, in the form that is scored."""

    candidate: str
    variant: str
    rows: np.ndarray


@cache
def _reach(count: int) -> float:
    """How far ahead, in standard errors of a pair, the best of so many is named 80 times in 100: drawn anew.

    The others, all as good as each other, fall one after the other, the worst first; each must pass the 95% quantile
    of the range of those that are left.
    """
    if count == 2:
        return Z + POWER
    normal = np.random.default_rng(78).standard_normal((DRAWS, count))
    ranges = [np.quantile(np.ptp(normal[:, :left], axis=1) / math.sqrt(2), 1 - ALPHA) for left in range(2, count + 1)]
    behind = np.sort((normal[:, :1] - normal[:, 1:]) / math.sqrt(2), axis=1)
    return -float(np.quantile((behind - np.array(ranges)).min(axis=1), 0.2))


@dataclass(eq=False)
class Numbers:
    """All columns of one board, best first."""

    truth: np.ndarray
    columns: list[Column]
    metric: str
    positive: Any = None
    leader: str = ""  # of equal scores the one that the board puts first

    def __post_init__(self) -> None:
        self.n, self.sign = len(self.truth), 1.0 if self.metric in scores.HIGHER else -1.0
        self.bounded = self.metric in scores.SHARES
        self.least, self.most = (0.0, 1.0) if self.bounded else scores.LIMITS.get(self.metric, (0.0, np.inf))
        value = [scores.score(self.metric, self.truth, column.rows, self.positive) for column in self.columns]
        order = sorted(
            range(len(value)),
            key=lambda k: (-round(self.sign * value[k], 13), self.columns[k].candidate != self.leader),
        )
        self.columns, self.value = [self.columns[k] for k in order], np.array([value[k] for k in order])
        self._critical: dict[tuple[tuple[int, ...], float], float] = {}
        self.slack = 0.12 if self.metric == "average_precision" else 0.02  # of a standard error

    # ------------------------------------------------------------ columns

    @property
    def names(self) -> list[str]:
        """Candidates, best first."""
        return list(dict.fromkeys(column.candidate for column in self.columns))

    def place(self, name: str) -> int:
        """The column that a candidate stands for: its best."""
        return next(k for k, column in enumerate(self.columns) if column.candidate == name)

    def score(self, name: str) -> float:
        return float(self.value[self.place(name)])

    def tied(self, one: str, other: str) -> bool:
        return math.isclose(self.score(one), self.score(other), rel_tol=1e-12, abs_tol=1e-15)

    @cached_property
    def psi(self) -> np.ndarray:
        """(K, n), higher is better."""
        found = [scores.psi_of(self.metric, self.truth, column.rows, self.positive) for column in self.columns]
        return self.sign * np.array(found)

    @cached_property
    def error(self) -> np.ndarray:
        return np.sqrt((self.psi**2).sum(axis=1) / (self.n * (self.n - 1.0)))

    @cached_property
    def spread(self) -> np.ndarray:
        """(K, K) standard error of each difference."""
        return np.array([[self._spread(i, j) for j in range(len(self.columns))] for i in range(len(self.columns))])

    @cached_property
    def roomy_spread(self) -> np.ndarray:
        """(K, K) the same before perfect scores are given room: what tests and plans of rows rest on."""
        return np.array([[self._roomy(i, j) for j in range(len(self.columns))] for i in range(len(self.columns))])

    @cached_property
    def plain_spread(self) -> np.ndarray:
        """(K, K) the same by what was seen alone: no room for a row that was not, and of roots their linear form."""
        return np.array([[self._of_psi(i, j) for j in range(len(self.columns))] for i in range(len(self.columns))])

    @cached_property
    def compared(self) -> np.ndarray:
        """(K, n) psi on the scale on which columns are compared: of an RMSE and of R2 that of the mean squares."""
        if self.metric not in ("rmse", "r2"):
            return self.psi
        squares = np.array([-((self.truth - column.rows) ** 2) for column in self.columns])
        squares -= squares.mean(axis=1, keepdims=True)
        return squares / float(np.var(self.truth)) if self.metric == "r2" else squares

    def per_unit(self, i: int, j: int) -> float:
        """How much of a difference on that scale is one of the scores."""
        return 1 / max(float(self.value[i] + self.value[j]), 1e-300) if self.metric == "rmse" else 1.0

    def _spread(self, i: int, j: int) -> float:
        if self.metric in ("rmse", "r2"):  # on the scale of mean squares, on which a difference is a mean over rows
            squares = [(self.truth - self.columns[k].rows) ** 2 for k in (i, j)]
            apart = float(np.std(squares[0] - squares[1], ddof=1)) / math.sqrt(self.n)
            if self.metric == "rmse":
                return apart / max(float(self.value[i] + self.value[j]), 1e-300)
            return max(apart / float(np.var(self.truth)), self._of_psi(i, j))
        return max(self._roomy(i, j), self.unseen(i, j))

    def _roomy(self, i: int, j: int) -> float:
        """Wide enough for what was not seen of a class, or of alarms, that few rows are of."""
        seen = self._of_psi(i, j)
        if not self.bounded or self.counts_rows or i == j:
            return self._spread(i, j) if self.metric in ("rmse", "r2") else seen
        if self.metric == "precision":
            return max(seen, self._of_alarms(i, j, seen), self._if_equally_precise(i, j))
        if self.metric in scores.RANKS and seen == 0:
            return 0.0  # one model
        labels, lacking = np.unique(self.truth), 0.0
        weights = {"balanced_accuracy": 1 / len(labels), "f1_macro": 0.5 / len(labels)}
        for label in labels if self.metric in (*weights, "roc_auc") else [self.positive]:
            mine, weight = self.truth == label, 0.5 if self.metric == "f1" else weights.get(self.metric, 1.0)
            m = int(mine.sum())
            if m <= 2000:
                scatter = float(np.var((self.psi[i] - self.psi[j])[mine] * m / self.n)) * m / max(1, m - 1)
                known = scatter > (0.01 * weight) ** 2 if self.metric in scores.RANKS else False
                lacking += 0.0 if known else max(0.0, 2 * weight**2 / (m + 2) ** 2 - scatter / m)
        return math.sqrt(seen**2 + lacking)

    def _alarms(self, k: int) -> float:
        """Alarms of a precision, as its own error counts them; of all or none right at most as many as positives."""
        share = float(self.value[k])
        return max(1.0, share * (1 - share) / self.error[k] ** 2) if 0 < share < 1 else max(1.0, self.dfs[k]) + 1.0

    def _of_alarms(self, i: int, j: int, seen: float) -> float:
        least = [2 / (self._alarms(k) + 2) ** 2 - self.error[k] ** 2 for k in (i, j)]
        same = seen == 0 and self.error[i] > 0 and self.error[j] > 0
        return 0.0 if same else math.sqrt(seen**2 + sum(max(0.0, one) for one in least))

    def _if_equally_precise(self, i: int, j: int) -> float:
        """The score test's error of two shares (Kosinski 2013)."""
        a, b = self._alarms(i), self._alarms(j)
        pooled = (self.value[i] * a + self.value[j] * b) / (a + b)
        both = float(self.error[i] * self.error[j])
        shared = float(self.psi[i] @ self.psi[j]) / (self.n * (self.n - 1.0))
        alike = min(1.0, max(0.0, shared / both)) if both > 0 else 0.0
        return math.sqrt(max(0.0, float(pooled * (1 - pooled)) * (1 / a + 1 / b - 2 * alike / math.sqrt(a * b))))

    def _of_psi(self, i: int, j: int) -> float:
        own = self.error[i] ** 2 + self.error[j] ** 2
        found = float(((self.psi[i] - self.psi[j]) ** 2).sum()) / (self.n * (self.n - 1.0))
        if found > 1e-12 * own:
            return math.sqrt(found)
        gap = abs(self.value[i] - self.value[j])
        hidden = max(1e-9 * max(abs(self.value[i]), abs(self.value[j])), 1e-6 * math.sqrt(own * self.n))
        return gap / math.sqrt(self.df(i, j)[0] + 1) if gap > hidden else gap  # below that it is rounding

    @cached_property
    def dfs(self) -> np.ndarray:
        """(K,) degrees of freedom of each score: rows, or those of the scarcest class that it hangs on, less one."""
        if self.metric not in ("recall", "f1", "precision", "f1_macro", "balanced_accuracy", *scores.RANKS):
            return np.full(len(self.columns), self.n - 1.0)
        counts = [int((self.truth == label).sum()) for label in np.unique(self.truth)]
        least = int((self.truth == self.positive).sum()) if self.metric in ("recall", "f1") else min(counts)
        if self.metric == "precision":
            positives = int((self.truth == self.positive).sum())
            alarms = [int((column.rows == self.positive).sum()) for column in self.columns]
            return np.array([max(0.0, min(rows, positives) - 1.0) for rows in alarms])
        return np.full(len(self.columns), least - 1.0)

    def df(self, i: int, j: int) -> Window:
        """Least and most degrees of freedom of a difference: of an AUC from those of the scarcest class to all."""
        least = max(1.0, float(min(self.dfs[i], self.dfs[j])))
        return least, float(self.n - 2) if self.metric == "roc_auc" and least >= 9 else least

    @property
    def scarcest(self) -> int:
        """Rows that the leader's score hangs on."""
        return int(self.dfs[0]) + 1

    @property
    def counts_rows(self) -> bool:
        """Whether rows can disagree: plain shares of right rows."""
        return self.metric in ("accuracy", "recall")

    @cached_property
    def counted(self) -> np.ndarray:
        """Rows that a share is of."""
        return np.ones(self.n, bool) if self.metric != "recall" else self.truth == self.positive

    def differ(self, i: int, j: int) -> int:
        right = [(self.columns[k].rows == self.truth)[self.counted] for k in (i, j)]
        return int((right[0] != right[1]).sum())

    @cached_property
    def near(self) -> np.ndarray:
        """(K,) columns on the scale of the others: of a loss without a limit, less than ten times guessing's.

        What is beyond, and worse, is nobody's luck and costs nobody anything.
        """
        guesses = baselines(self.metric, self.truth, self.positive)
        if self.bounded or self.metric in ("brier", "spearman") or not guesses:
            return np.ones(len(self.columns), bool)

        def loss(value: float) -> float:
            return 1 - value if self.metric == "r2" else value**2 if self.metric == "rmse" else value

        most = 10 * min(loss(guess) for guess in guesses.values())
        found = np.array([loss(float(value)) < most for value in self.value])
        return found if found[0] else np.ones(len(self.columns), bool)

    # ------------------------------------------------------------ ranges

    def range(self, k: int, alpha: float = ALPHA) -> tuple[Window, Window]:
        """Windows of both ends of the range of a score."""
        lows, highs = zip(*(self._range(k, alpha, slack) for slack in (1 + self.slack, 1 - self.slack)), strict=True)
        return (min(lows), max(lows)), (min(highs), max(highs))

    def _range(self, k: int, alpha: float, slack: float) -> tuple[float, float]:
        value, df = float(self.value[k]), float(self.dfs[k])
        trials = self.trials(k)
        if trials is not None:
            return wilson(value, trials, alpha)
        if self.bounded and self.error[k] < 1e-7:
            return wilson(value, df + 1, alpha)
        quantile, error = float(stats.t.isf(alpha / 2, max(1.0, df))), float(self.error[k]) * slack
        if self.metric == "rmse":
            low, high = cautious.ends(-(value**2), 2 * value * error, quantile, self.psi[k], self.limits)
            return math.sqrt(-high), math.sqrt(-low)
        low, high = cautious.ends(self.sign * value, error, quantile, self.psi[k], self.limits)
        return (low, high) if self.sign > 0 else (-high, -low)

    @property
    def limits(self) -> Window:
        """Of a score of which higher is better."""
        return (self.least, self.most) if self.sign > 0 else (-self.most, -self.least)

    def trials(self, k: int) -> float | None:
        """Rows of which a score is the share."""
        if self.counts_rows:
            return float(self.counted.sum())
        if self.metric == "precision" and 0 < self.value[k] < 1:
            return float((self.columns[k].rows == self.positive).sum())
        return None

    def gap(self, i: int, j: int) -> float:
        """How much column i is better than j."""
        return self.sign * float(self.value[i] - self.value[j])

    def behind(self, i: int, j: int) -> tuple[Window, Window]:
        """Windows of the ends of the range of how far j is behind i."""
        gap, found, (least, most) = self.gap(i, j), [], self.df(i, j)
        for df, slack in ((least, 1 + self.slack), (most, 1 - self.slack)):
            if self.counts_rows:
                quantile = float(stats.t.isf(ALPHA / 2, df)) if slack > 1 else Z
                found.append(bonett_price(gap, self.differ(i, j), float(self.counted.sum()), quantile))
            else:
                half = float(stats.t.isf(ALPHA / 2, df)) * float(self.spread[i, j]) * slack
                found.append((gap - half, gap + half))
        lows, highs = zip(*found, strict=True)
        widest = self.most - self.least
        return (max(-widest, min(lows)), max(-widest, *lows)), (min(widest, *highs), min(widest, max(highs)))

    def better(self, i: int, j: int) -> Window:
        """One-sided p-value that column i is no better than j, at most degrees of freedom and least: McNemar's or t."""
        gap, dfs = self.gap(i, j), self.df(i, j)
        if self.counts_rows:
            rows = self.differ(i, j)
            lost = round((rows - gap * float(self.counted.sum())) / 2)
            return (float(stats.binom.cdf(lost, rows, 0.5)),) * 2
        spread = float(self.roomy_spread[i, j])
        found = sorted(float(stats.t.sf(gap / spread, df)) for df in dfs) if spread > 0 else [float(gap <= 0)] * 2
        return found[0], found[1]

    # ------------------------------------------------------------ all at once

    @cached_property
    def draws(self) -> np.ndarray:
        """(K, DRAWS) joint errors of the scores, with the rows' own covariance."""
        return self._drawn(np.zeros(len(self.columns)))

    @cached_property
    def draws_of_luck(self) -> np.ndarray:
        """(K, DRAWS) the same in the metric's own units; of R2 by its linear form."""
        return self._drawn(np.zeros(len(self.columns)), self.psi) if self.metric == "r2" else self.draws

    @cached_property
    def null_draws(self) -> np.ndarray:
        """(K, DRAWS) the same with the least room that a column has against all others."""
        more = np.maximum(0.0, self.roomy_spread**2 - self.plain_spread**2) * (self.metric not in ("rmse", "r2"))
        more += np.diag(np.full(len(more), np.inf))
        return self.draws if np.isinf(more).all() or not more.min(axis=1).any() else self._drawn(more.min(axis=1))

    def _drawn(self, more: np.ndarray, rows: np.ndarray | None = None) -> np.ndarray:
        rows = self.compared if rows is None else rows
        covariance = rows @ rows.T / (self.n * (self.n - 1.0)) + np.diag(more)
        scale = np.sqrt(np.maximum(np.diag(covariance), 1e-300))
        values, vectors = np.linalg.eigh(covariance / scale[:, None] / scale[None, :])
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        normal = np.random.default_rng(77).standard_normal((len(scale), DRAWS))
        return scale[:, None] * (root @ normal)

    @cached_property
    def critical(self) -> float:
        """95% quantile of the largest standardised difference of all pairs."""
        return self.critical_of(tuple(range(len(self.columns))))

    def critical_of(self, some: tuple[int, ...], same: float = 1e-6) -> float:
        """The same among some columns; `same` is the share of their errors below which a difference is rounding."""
        key = some, same
        if key not in self._critical:
            self._critical[key] = self._critical_of(some, same)
        return self._critical[key]

    def _critical_of(self, some: tuple[int, ...], same: float) -> float:
        largest = np.zeros(DRAWS)
        for a, i in enumerate(some):
            for j in some[:a]:
                apart = self.null_draws[i] - self.null_draws[j]
                size = float(apart.std())
                if size > same * max(float(self.null_draws[i].std()), float(self.null_draws[j].std())):
                    np.maximum(largest, np.abs(apart) / size, out=largest)
        return max(Z, float(np.quantile(largest, 1 - ALPHA)))

    def cost(self, name: str) -> Window:
        """The most that choosing a candidate may lose, all candidates at once."""
        k, found = self.place(name), []
        others = [j for j, column in enumerate(self.columns) if column.candidate != name]
        others = [j for j in others if self.near[j] or not self.near[k]]
        for end, slack, same in (
            (1, 1 - self.slack - OF_DRAWS, NEAR_COPY),
            (0, 1 + self.slack + OF_DRAWS, SURE_ROUNDING),
        ):
            bounds = []
            for j in others:
                q = self.against_the_best(j, same, surely=end == 0)
                t = float(stats.t.isf(stats.norm.sf(q), self.df(j, k)[end])) * slack
                bounds.append(self._cost(j, k, t))
            found.append(min(self.most - self.least, max([0.0, *bounds])))
        return found[0], found[1]

    def _cost(self, j: int, k: int, t: float) -> float:
        """How far k may be behind j, at a quantile."""
        gap, spread = self.gap(j, k), float(self.spread[j, k])
        if self.counts_rows:
            return bonett_price(gap, self.differ(j, k), float(self.counted.sum()), t)[1]
        if self.metric in scores.LABELS:
            return gap + t * spread
        apart = self.compared[j] - self.compared[k]
        skewed = cautious.skewness(apart - apart.mean())
        loudest = max(0.0, float((self.psi[j] - self.psi[k]).max()) + gap)
        found = cautious.cost(gap, spread, t, skewed, loudest, self.n)
        if skewed < -cautious.SKEWED:
            return found
        theta, variance = self.sign * self.value, self.error**2
        best, other = (float(theta[j]), float(variance[j])), (float(theta[k]), float(variance[k]))
        return max(found, cautious.free_cost(best, other, spread, t, self.limits))

    def against_the_best(self, best: int, same: float, surely: bool) -> float:
        """95% quantile of the largest standardised error of all against one, at least that of a single one (Hsu 1984).

        Where differences have room for what was not seen, theirs may be as small as that of a single one, or as large
        as that of all pairs.
        """
        largest, roomy = np.zeros(DRAWS), False
        for i in range(len(self.columns)):
            apart = self.null_draws[i] - self.null_draws[best]
            size, own = float(apart.std()), self.null_draws[[i, best]].std(axis=1)
            roomy |= i != best and self.roomy_spread[i, best] > 1.01 * self.plain_spread[i, best]
            if i != best and size > same * float(own.max()):
                np.maximum(largest, apart / size, out=largest)
        found = max(Z1, float(np.quantile(largest, 1 - ALPHA)))
        if not roomy:
            return found
        return max(found, self.critical_of(tuple(range(len(self.columns))), same)) if surely else Z1

    def unseen(self, j: int, k: int) -> float:
        """Two scores that are perfect but for less than a row leave room for one row of the scarcest class each."""
        if not self.bounded or self.counts_rows or j == k:
            return 0.0
        perfect = all((1 - self.value[i]) * (max(1.0, self.dfs[i]) + 1) < 1 - 1e-9 for i in (j, k))
        return math.sqrt(2) / (self.df(j, k)[0] + 3) if perfect else 0.0

    def settling(
        self, i: int, j: int, open_still: tuple[str, ...] = (), surely: tuple[str, ...] | None = None
    ) -> Window:
        """Rows with which an observed gap would be told apart 4 times in 5.

        Args:
            i: the leader's column.
            j: the other's.
            open_still: candidates among which it must be told, each by one column or by all; none: the two, or all.
            surely: those of them that are in the best set for sure; None: all. One that is as good may be out of it.
        """
        gap = abs(self.gap(i, j))
        spread = float(self.roomy_spread[i, j])
        if gap <= 0 or spread <= 0:
            return math.inf, math.inf
        if gap < 1e-5 * float(self.error.max()):
            return 0.0, math.inf  # one model in two precisions: what rounding leaves needs any number
        one = spread**2 * self.n / gap**2
        few = tuple(sorted({i, j, *(self.place(name) for name in (open_still if surely is None else surely))}))
        every = tuple(k for k, c in enumerate(self.columns) if not open_still or c.candidate in open_still or k in few)
        least, most = self.critical_of(few, NEAR_COPY), self.critical_of(every, SURE_ROUNDING)
        ends = (least * (1 - OF_DRAWS), most * (1 + OF_DRAWS))
        low, high = ((max(Z, end) + POWER) ** 2 * one for end in ends)
        return max(FEWEST, low * (1 - self.slack) ** 2), max(FEWEST, high * (1 + self.slack) ** 2)

    def settling_gain(self, rivals: Sequence[int], gain: float) -> Window:
        """Rows on which the first would be named, were it better by so much than every rival (80% power).

        Of shares two that differ by the gain disagree on at least so many of the rows that count.
        """
        per_row = max(self._per_row(j) for j in rivals)
        if self.counts_rows:
            per_row = max(per_row, (gain - gain**2) * self.n / float(self.counted.sum()))
        needed = _reach(len(rivals) + 1) ** 2 * per_row / gain**2
        loose = self.slack + (OF_DRAWS if len(rivals) > 1 else 0)
        return max(FEWEST, needed * (1 - loose) ** 2), max(FEWEST, needed * (1 + loose) ** 2)

    def _per_row(self, j: int) -> float:
        """The variance, per row, of the difference of the first to another column."""
        if self.counts_rows:
            m = float(self.counted.sum())
            return max(1, self.differ(0, j)) / m * (self.n / m)
        spread = float(self.spread[0, j] if self.metric in ("rmse", "r2") else self.plain_spread[0, j])
        return spread**2 * self.n

    def smallest(self, rivals: Sequence[int]) -> Window:
        """The smallest difference that the rows can show (80% power)."""
        reached = _reach(len(rivals) + 1)
        found = reached * math.sqrt(max(self._per_row(j) for j in rivals) / self.n)
        if self.counts_rows:
            found = max(found, reached**2 / (float(self.counted.sum()) + reached**2))
        loose = self.slack + (OF_DRAWS if len(rivals) > 1 else 0)
        return found * (1 - loose), found * (1 + loose)

    # ------------------------------------------------------------ luck

    def flattery(self) -> Window:
        """What choosing the best is expected to flatter, drawn anew around scores moved together and as observed.

        Observed scores lie further apart than true ones, which James and Stein's rule mends (no score by more than a
        standard error of its own part, Efron and Morris 1972). Within 12% and a fiftieth of a standard
        error; more where scores are compared on a scale of their own.
        """
        if not self.near.all():
            kept = [column for column, near in zip(self.columns, self.near, strict=True) if near]
            return Numbers(self.truth, kept, self.metric, self.positive, self.columns[0].candidate).flattery()
        theta = self.sign * self.value
        errors = (self.draws_of_luck - self.draws_of_luck[0]) * np.array(
            [[self.per_unit(0, k)] for k in range(len(theta))]
        )
        if self.metric == "accuracy":
            errors = self._resampled()
            errors = errors - errors[0]
        shifted = self._together(theta)[:, None] + errors
        best = shifted.max(axis=0)
        chosen = shifted >= best - 1e-12 * np.abs(best)
        mean = float(((errors * chosen).sum(axis=0) / chosen.sum(axis=0)).mean())
        off = _OF_LUCK.get(self.metric, 0.12) * max(0.0, mean) + 0.02 * float(self.error.mean())
        return max(0.0, max(0.0, mean) - off), max(0.0, mean) + off

    def _together(self, theta: np.ndarray) -> np.ndarray:
        count = len(theta)
        centred = self.psi - self.psi.mean(axis=0)
        own = float((centred**2).sum()) / (self.n * (self.n - 1.0)) / max(1, count - 1)
        apart = theta - theta.mean()
        if count <= 3 or own <= 0 or not np.any(apart):
            return theta
        wanted = min(1.0, (count - 3) * own / float(apart @ apart)) * apart
        sized = np.minimum(1.0, self.error / max(math.sqrt(float((self.error**2).mean())), 1e-300))
        limit = math.sqrt(own) * sized
        return theta - np.clip(wanted, -limit, limit)

    def _resampled(self) -> np.ndarray:
        """(K, 4000) errors of shares, by drawing the rows anew: candidates that differ on few rows tie often."""
        hits = np.array([column.rows == self.truth for column in self.columns])
        mixed = hits[:, hits.any(axis=0) & ~hits.all(axis=0)]
        if mixed.shape[1] == 0:
            return np.zeros((len(hits), 1))
        kinds, counts = np.unique(mixed, axis=1, return_counts=True)
        share = np.append(counts, self.n - counts.sum()) / self.n
        drawn = np.random.default_rng(78).multinomial(self.n, share, size=DRAWS // 2)[:, :-1]
        return kinds.astype(float) @ ((drawn - counts) / self.n).T

    def sure(self) -> Window:
        """Where the end of the leader's score lies that holds however it came to lead, nearer and further end.

        From its plain one-sided bound to one of the largest of all errors, widened for skewed rows (Hall 1992) and
        near the limits (logits, logarithms).
        """
        value, error = float(self.value[0]), float(self.error[0])
        seen = self.error > 0
        largest = (
            (self.draws_of_luck[seen] / self.draws_of_luck[seen].std(axis=1)[:, None]).max(axis=0)
            if seen.any()
            else np.full(2, Z1)
        )
        q = max(Z1, float(np.quantile(largest, 1 - ALPHA)))
        if self.trials(0) is not None:
            ends = []
            for wide in (q * (1 - OF_DRAWS), q * (1 + OF_DRAWS)):
                low, high = self.range(0, 2 * float(stats.norm.sf(wide)))
                ends += [*low] if self.sign > 0 else [*high]
            return min(ends), max(ends)
        near = self._end(0, q * (1 - OF_DRAWS - self.slack), self.dfs[0])
        third = [float(stats.skew(row)) if row.any() else 0.0 for row in self.psi[:20]]
        skewed = max(0.0, -min(third[0], float(np.mean(third))))
        wide = (q + skewed * (2 * q * q + 1) / (6 * math.sqrt(self.n))) * (1 + OF_DRAWS + self.slack)
        far = [self._end(0, wide, self.dfs[0])]
        half = float(stats.t.isf(stats.norm.sf(q), max(1.0, self.dfs[0]))) * error * (1 + OF_DRAWS + self.slack)
        if self.bounded and 0 < value < 1:
            odds = math.log(value / (1 - value)) - half / (value * (1 - value))
            far.append(1 / (1 + math.exp(min(-odds, 700))))
        if self.sign < 0 and value > 0:
            share = self.error / np.maximum(np.abs(self.value), 1e-300)
            kept = max(1.0, float(share.mean() / share[0])) if share[0] > 0 else 1.0
            far.append(value * math.exp(min(half * kept / value, 700)))
        room = (0.25 if self.metric in ("r2", "roc_auc", "average_precision") else 0.05) * abs(near - value)
        return min(near, *far) - room, max(near, *far) + room

    def _end(self, k: int, q: float, df: float) -> float:
        value, error = float(self.value[k]), float(self.error[k])
        if error < 1e-7 and self.bounded:
            return wilson(value, float(self.dfs[k]) + 1, 2 * float(stats.norm.sf(q)))[0]
        half = float(stats.t.isf(stats.norm.sf(q), max(1.0, df))) * error
        if self.metric == "rmse":
            return math.sqrt(value * (value + 2 * half))
        return max(self.least, value - half) if self.sign > 0 else min(self.most, value + half)

    def budget(self, steps: list[list[int]]) -> Window:
        """What a gain over the first look must exceed to be more than the luck of having looked.

        Brown's martingale bound 0.399 sum s + 1.645 sqrt(0.341 sum s^2), s the error of each look's difference to the
        best before it (nothing where it was 3 of them behind), and Sidak's for the count. Looks handed over together
        gain the largest of them at most, so theirs is the smaller of the two.

        Args:
            steps: the columns of each hand-over, in order.
        """
        first = steps[0][0]
        best, mean, variance, looks = first, 0.0, 0.0, 0
        for number, step in enumerate(steps):
            before, errors = best if number else first, []
            for k in step[1:] if number == 0 else step:
                looks += 1
                spread = float(self.plain_spread[before, k])
                errors.append(0.0 if self.gap(k, before) < -3 * spread else spread)
                if self.gap(k, best) > 0:
                    best = k
            errors = [error for error in errors if error > 0]
            if errors:
                x = np.linspace(0, 9, 4001)
                beyond = 1 - stats.norm.cdf(x) ** len(errors)
                one = float(np.trapezoid(beyond, x))
                two = float(np.trapezoid(2 * x * beyond, x)) - one**2
                together = one * max(errors), two * max(errors) ** 2
                apart = 0.39894 * sum(errors), 0.340845 * sum(e * e for e in errors)
                # whoever is steered by a hand-over has used all of its answers
                chosen = min(together, apart) if number == len(steps) - 1 else apart
                mean, variance = mean + chosen[0], variance + chosen[1]
        single = (
            float(stats.norm.ppf((1 - ALPHA) ** (1 / looks))) * float(self.plain_spread[first, 0]) if looks else 0.0
        )
        found = max(mean + Z1 * math.sqrt(variance), single)
        return found * (1 - self.slack), found * (1 + self.slack)


def wilson(share: float, trials: float, alpha: float) -> tuple[float, float]:
    """Wilson's score interval (1927)."""
    z = float(stats.norm.isf(alpha / 2))
    centre, whole = share + z * z / (2 * trials), 1 + z * z / trials
    half = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return max(0.0, (centre - half) / whole), min(1.0, (centre + half) / whole)


def bonett_price(gap: float, differ: float, trials: float, z: float) -> tuple[float, float]:
    """The interval of a difference of paired shares: one disagreement more on each side (2012)."""
    centre = gap * trials / (trials + 2)
    half = z * math.sqrt(max(0.0, (differ + 2) / (trials + 2) - centre**2) / (trials + 2))
    return centre - half, centre + half


def constant_rules(metric: str, truth: np.ndarray, positive: Any) -> Mapping[str, np.ndarray]:
    """What constant rules answer, by name; none has a rank correlation."""
    n = len(truth)
    if metric in scores.NUMBERS:
        constants = {"mean": truth.mean(), "median": np.median(truth)}
        if metric.startswith("pinball"):
            constants = {"quantile": np.quantile(truth, float(metric.partition("_")[2]))}
        return {} if metric == "spearman" else {k: np.full(n, float(v)) for k, v in constants.items()}
    labels, counts = np.unique(truth, return_counts=True)
    if metric not in scores.LABELS:
        return {"most frequent": np.tile(counts / n, (n, 1))}
    most = [label for label, count in zip(labels, counts, strict=True) if count == counts.max()]
    frequent = positive if any(label == positive for label in most) and metric != "accuracy" else most[0]
    found = {"most frequent": np.full(n, frequent, dtype=truth.dtype)}
    return found if positive is None else {**found, "always positive": np.full(n, positive, dtype=truth.dtype)}


def baselines(metric: str, truth: np.ndarray, positive: Any) -> Mapping[str, float]:
    """The scores of constant rules, by name."""
    rules = constant_rules(metric, truth, positive)
    return {name: scores.score(metric, truth, rows, positive) for name, rows in rules.items()}


def of_folds(folds: list[float]) -> tuple[Window, Window]:
    """The ends of the range of a mean of fold scores: variance (1/J + n_test/n_train) S^2, t with J - 1 (2003)."""
    count, mean = len(folds), float(np.mean(folds))
    half = (
        float(stats.t.isf(ALPHA / 2, count - 1)) * float(np.std(folds, ddof=1)) * math.sqrt(1 / count + 1 / (count - 1))
    )
    low, high = max(0.0, mean - half), min(1.0, mean + half)
    return (low, low), (high, high)
