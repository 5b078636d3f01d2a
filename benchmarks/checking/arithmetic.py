"""What follows from scores and their rows: ranges, differences, bounds, rows that would settle, luck. No reading here.

An inferred number is held from both sides, as a window (least, most). Where a published formula says it exactly
(Wilson, t of a mean, Bonett and Price, Connor) the window is 2% of an error wide (12% of an average precision's, whose
classes have no agreed correction), and from z to t. Where it comes from draws, ours are other draws: 3% of a quantile.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import stats

from . import cautious, scores
from .formulas import ALPHA, Z1, Window, Z, baselines, bonett_price, wilson

DRAWS = 20_000
NEAR_COPY, SURE_ROUNDING = 1e-5, 1e-8  # of two errors: between them a difference may be rounding, or a column's own
OF_DRAWS = 0.03  # of a quantile found by draws, theirs and ours


@dataclass(frozen=True, eq=False)
class Column:
    """One variant of a candidate and what it answered, in the form that is scored."""

    candidate: str
    variant: str
    rows: np.ndarray


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

    # ------------------------------------------------------------ luck
