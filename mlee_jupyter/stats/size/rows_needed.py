"""How many rows to ask for before there are any, and what given rows can show.

n = (reach s / gain)^2, with s the standard deviation of the difference of two candidates on one row and `reach` the
noncentrality that the test needs: 1.96 + 0.84 for one pair at 5% and 80%. What s is, metric by metric, stands in
`row_spread`; what the test needs among several candidates, in `reach`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.distributions import normal_quantile, t_quantile
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.expected import Expected
from mlee_jupyter.stats.metrics.traits import MetricFacts
from mlee_jupyter.stats.rows.columns import shown

from .power import MOST_ROWS, POWER
from .row_spread import refuse_unforetold, row_spread

USUAL_SCORE = 0.85  # of a score in 0..1 that nobody named
FEWEST_OF_A_CLASS = 10  # below, the t distribution of the scarcest class has so few degrees of freedom that plans fail
MOST_CANDIDATES = 200
PATH_DRAWS = 40_000
PATH_SEED = 20240301  # any; fixed, so that the same question gets the same answer


def rows_needed(
    useful_gain: float,
    expected_score: float | None = None,
    expected_disagreement: float | None = None,
    alpha: float = 0.05,
    power: float = POWER,
    *,
    metric: str = "accuracy",
    candidates: int = 2,
    positives: float | None = None,
    expected_correlation: float | None = None,
    expected_spread: float | None = None,
) -> int:
    """Rows on which a candidate that truly is better by the useful gain is named the winner.

    For accuracy n = ((z_{1 - alpha/2} + z_power) / gain)^2 (d - gain^2), with d the share of rows on which exactly one
    of the two is right (Connor 1987). Other metrics put the variance of their own difference in place of d - gain^2:
    ROC AUC by the components of DeLong (1988) under two normal distributions of equal variance, average precision, F1,
    precision, recall and balanced accuracy by the delta method, losses by the spread of one row's loss. A plan is as
    good as what was expected: after some rows, `Comparison.rows_for` measures it.

    Held against the judge itself (`python -m benchmarks.power_of_rows_needed`, docs/sample_size.md) the power is
    within five points of the one asked for, except for losses with heavy tails. Planned as if they were normal, t
    errors of five degrees of freedom get 44% instead of 80%: give their spread. Where tails are so heavy that squared
    errors have no spread (t of three), no plan holds, and a pilot of 500 rows asks for a fifth of the rows: judge by
    mae.

    Args:
        useful_gain: difference of the two scores, above 0, in the metric's units (a loss's too).
        expected_score: score of the lesser one. None: 0.85, for scores in 0..1; a loss must be given.
        expected_disagreement: accuracy only: d, between the gain and 1. None: from the correlation.
        alpha: error of the best set, in (0, 0.5].
        power: chance of naming the better one, in [0.5, 1).
        metric: accuracy, balanced_accuracy, roc_auc, average_precision, f1, f1_macro, precision, recall,
            mean_squared_error, root_mean_squared_error, mean_absolute_error, r2; any other mean over rows (log_loss)
            where `expected_spread` is given.
        candidates: how many run neck and neck, 2 to 200: one is better, all others are the gain behind. Candidates far
            behind do not count.
        positives: share of the positive class, in (0, 1), for all that hang on classes; of balanced_accuracy and
            f1_macro one of two classes. There are never fewer rows than hold ten of the scarcer class; F1 and precision
            take as many alarms as positives, balanced accuracy that both classes are found alike.
        expected_correlation: of the two candidates' errors row by row, in [-1, 1): of right and wrong, of squared
            errors, of scores. None: 0, which asks for most rows; candidates on the same rows usually have 0.4 to 0.9.
        expected_spread: losses only: standard deviation of one row's loss, above 0, from a pilot or last year's model:
            numpy.std of the squared errors for mse and rmse, of them over the truth's variance for r2, of the absolute
            errors for mae. None: as normal errors have it, 1.41 times the mse.

    Raises:
        MleeError: a number out of its bounds, or a metric that needs to be told more.
    """
    plan = _plan(metric, expected_score, expected_disagreement, positives, expected_correlation, expected_spread)
    gain = _between("useful_gain", useful_gain, 0, plan.most_gain)
    needed = plan.rows(gain, *_asked(alpha, power, candidates))
    if not needed < MOST_ROWS:
        raise MleeError(f"No number of rows shows a difference of {gain:.3g}.", "Name a larger useful gain.")
    return max(2, math.ceil(needed - 1e-9))


def smallest_difference(
    rows: int,
    expected_score: float | None = None,
    expected_disagreement: float | None = None,
    alpha: float = 0.05,
    power: float = POWER,
    *,
    metric: str = "accuracy",
    candidates: int = 2,
    positives: float | None = None,
    expected_correlation: float | None = None,
    expected_spread: float | None = None,
) -> float:
    """The smallest true difference of two scores that so many rows show; `rows_needed` the other way round.

    Args:
        rows: 2 or more.
        expected_score: as in `rows_needed`, and so are all others.
        expected_disagreement: accuracy only; no difference greater than it comes back.
        alpha: error of the best set, in (0, 0.5].
        power: chance of naming the better one, in [0.5, 1).
        metric: as in `rows_needed`.
        candidates: 2 to 200.
        positives: share of the positive class.
        expected_correlation: of the candidates' errors.
        expected_spread: of one row's loss.

    Returns:
        The difference in the metric's units; where no possible difference would show, the largest one.

    Raises:
        MleeError: a number out of its bounds.
    """
    count = _between("rows", rows, 1, math.inf)
    plan = _plan(metric, expected_score, expected_disagreement, positives, expected_correlation, expected_spread)
    asked = _asked(alpha, power, candidates)
    low, high = 0.0, plan.most_gain
    if expected_disagreement is not None:
        high = min(high, float(expected_disagreement))
    for _ in range(200):  # rows fall as the gain grows
        middle = (low + high) / 2
        if plan.rows(middle, *asked, minimum=False) > count:
            low = middle
        else:
            high = middle
        if high - low <= 1e-12 * high:
            break
    return high


def rows_per_class(share: float, cases: int = 30, sure: float = 0.95) -> int:
    """Rows to draw at random so that a class of this share has enough of its own among them.

    The least n for which a binomial with n and the share reaches `cases` with probability `sure`, by its normal
    approximation with continuity correction; a stratified draw needs cases / share and no more.

    Args:
        share: of the scarcest class, in (0, 1].
        cases: rows of it that are wanted: 30, with which the share of them found is known to 17 points (MLE204); 10 for
            a comparison by roc_auc or f1; 5, below which no winner is named.
        sure: chance of getting them, in [0.5, 1).

    Raises:
        MleeError: a number out of its bounds.
    """
    part = _between("share", share, 0, 1.0000001)
    wanted = _between("cases", cases, 0, MOST_ROWS)
    z = normal_quantile(_between("sure", sure, 0.499, 1))
    # n p - z sqrt(n p (1 - p)) = cases - 1/2, solved for sqrt(n p)
    slope = z * math.sqrt(max(0.0, 1 - min(part, 1.0)))
    root = (slope + math.sqrt(slope**2 + 4 * (math.ceil(wanted) - 0.5))) / 2
    return max(math.ceil(wanted), math.ceil(root**2 / part - 1e-9))


@lru_cache(maxsize=256)
def reach(candidates: int, alpha: float, power: float) -> float:
    """The noncentrality of every pair with which one candidate, better than all others alike, is named the winner.

    For two it is z_{1 - alpha/2} + z_power. For more, the best set drops one after the other (Hansen, Lunde and Nason
    2011): the j-th nearest must pass the quantile of the range of j + 1 equal columns. With equal correlations the
    statistics are normal with correlation 1/2, so the chance that all pass is read off drawn values.

    Args:
        candidates: 2 or more.
        alpha: in (0, 0.5].
        power: in [0.5, 1).
    """
    if candidates == 2:
        return normal_quantile(1 - alpha / 2) + normal_quantile(power)
    bars = np.array([range_quantile(standing, alpha) for standing in range(2, candidates + 1)])
    random = np.random.default_rng(PATH_SEED)
    slack = np.empty(PATH_DRAWS)
    for start in range(0, PATH_DRAWS, 4000):
        some = slice(start, min(start + 4000, PATH_DRAWS))
        size = some.stop - some.start
        shared, own = random.standard_normal((size, 1)), random.standard_normal((size, candidates - 1))
        slack[some] = (np.sort((shared + own) * math.sqrt(0.5), axis=1) - bars).min(axis=1)
    return -float(np.quantile(slack, 1 - power))


@lru_cache(maxsize=1024)
def range_quantile(count: int, alpha: float) -> float:
    """1 - alpha quantile of the greatest |difference| between so many equally good columns, on a pair's own scale.

    The range of independent normal values over the root of 2 (Tukey's studentised range without its denominator):
    P(range <= q) = K int phi(x) (Phi(x) - Phi(x - q))^{K - 1} dx. 1.96 for 2 columns, 3.16 for 10.

    Args:
        count: columns, 2 or more.
        alpha: in (0, 1).
    """
    if count == 2:
        return normal_quantile(1 - alpha / 2)
    from scipy.special import ndtr

    x = np.linspace(-8.5, 8.5, 1701)
    density, below = np.exp(-x * x / 2) / math.sqrt(2 * math.pi) * (x[1] - x[0]), ndtr(x)
    low, high = 0.0, 20.0
    for _ in range(60):
        q = (low + high) / 2
        inside = count * float(density @ (below - ndtr(x - q)) ** (count - 1))
        low, high = (q, high) if inside < 1 - alpha else (low, q)
    return high / math.sqrt(2)


@dataclass(frozen=True, kw_only=True)
class _Plan:
    facts: MetricFacts
    expected: Expected
    most_gain: float

    def rows(self, gain: float, reached: float, alpha: float, power: float, minimum: bool = True) -> float:
        spread = row_spread(self.facts, self.expected, gain)
        needed = (reached * spread / gain) ** 2
        if self.expected.scarcest is None:
            return needed
        # the judge's t has the degrees of freedom of the scarcest class
        for _ in range(20):
            df = max(1.0, needed * self.expected.scarcest - 1)
            wider = t_quantile(1 - alpha / 2, df) - normal_quantile(1 - alpha / 2)
            again = ((reached + wider) * spread / gain) ** 2
            if abs(again - needed) < 0.5:
                break
            needed = (again + needed) / 2
        return max(needed, FEWEST_OF_A_CLASS / self.expected.scarcest) if minimum else needed


def _asked(alpha: Any, power: Any, candidates: Any) -> tuple[float, float, float]:
    error, chance = _between("alpha", alpha, 0, 0.5000001), _between("power", power, 0.499, 1)
    count = _between("candidates", candidates, 1, MOST_CANDIDATES + 1)
    if count != int(count):
        raise MleeError(f"candidates = {count:g} is no whole number.", "Count those that run neck and neck.")
    return reach(int(count), error, chance), error, chance


def _plan(metric: Any, score: Any, disagreement: Any, positives: Any, correlation: Any, spread: Any) -> _Plan:
    """What was expected, checked; what the metric needs and nobody said is asked for."""
    facts = metric_facts(metric)
    refuse_unforetold(facts)
    if score is None:
        if not facts.bounded:
            raise MleeError(f"What {facts.label} is to be expected is not known.", "Pass expected_score=.")
        score = USUAL_SCORE
    low, high = facts.limits
    lesser = _between("expected_score", score, low, high)
    by_class = facts.hangs_on_classes
    if positives is None and by_class:
        what = "the positive class" if facts.looks_at_one_class else "how rare a class is"
        raise MleeError(f"{facts.label} hangs on {what}.", "Pass its share: positives=0.1.")
    if disagreement is not None and not facts.counts_right_rows:
        raise MleeError("expected_disagreement belongs to accuracy.", "Pass expected_correlation= instead.")
    if spread is not None and facts.bounded:
        raise MleeError("expected_spread belongs to losses.", "Leave it out.")
    share = None if positives is None else _between("positives", positives, 0, 1)
    scarcest = None
    if share is not None and by_class:
        one_alone = facts.looks_at_one_class and not facts.symmetric
        scarcest = share if one_alone else min(share, 1 - share)
    expected = Expected(
        score=lesser,
        correlation=0.0 if correlation is None else _between("expected_correlation", correlation, -1.0000001, 1),
        disagreement=None if disagreement is None else _between("expected_disagreement", disagreement, 0, 1.0000001),
        positives=share,
        scarcest=scarcest,
        spread=None if spread is None else _between("expected_spread", spread, 0, math.inf),
    )
    greatest = high if math.isfinite(high) else 1.0
    most = 1.0 if facts.counts_right_rows else (greatest - lesser if facts.higher_is_better else lesser - low)
    return _Plan(facts=facts, expected=expected, most_gain=most)


def _between(name: str, value: Any, low: float, high: float) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not low < number < high:
        bounds = f"above {low:.3g}" if low > -math.inf else "a number"
        bounds += f" and below {high:.3g}" if high < math.inf else ""
        raise MleeError(f"{name} = {shown(repr(value), 30)} is not {bounds}.")
    return number
