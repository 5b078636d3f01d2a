"""Rows in groups, in time order and with weights: against statsmodels, scikit-learn, and by simulation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import signal, stats
from sklearn.metrics import accuracy_score, log_loss, mean_absolute_error

from mlee_jupyter import compare
from mlee_jupyter.domain import ResultKind
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.judge.entries import Entry
from mlee_jupyter.judge.judging import judge
from mlee_jupyter.stats.compare.dependence import read_sampling
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.target import prepare

RANDOM = np.random.default_rng(3)
N = 400
TRUTH = np.zeros(N)
GROUPS = np.repeat(np.arange(40), 10)


def losses(count: int, effect: float = 0.0, seed: int = 0) -> list[np.ndarray]:
    random = np.random.default_rng(seed)
    return [20 + effect * random.standard_normal(40)[GROUPS] + random.standard_normal(N) for _ in range(count)]


def autoregressive(random: np.random.Generator, n: int, phi: float) -> np.ndarray:
    shocks = random.standard_normal(n) * math.sqrt(1 - phi**2)
    shocks[0] = random.standard_normal()
    return np.asarray(signal.lfilter([1.0], [1.0, -phi], shocks))


def kept_together(truth: np.ndarray, a: np.ndarray, b: np.ndarray, **how: Any) -> bool:
    """Whether both are in the best set; baselines, which have no say in that, are left out to save time."""
    tries = [Entry(candidate="a", rows=a), Entry(candidate="b", rows=b)]
    return len(judge(truth, tries, metric="mae", baselines=False, **how).best_set) == 2


def test_the_error_of_groups_by_statsmodels() -> None:
    """The sandwich of a regression on a constant, with its small-sample factor G / (G - 1)."""
    module = pytest.importorskip("statsmodels.api")
    a, b = losses(2, effect=1.0)
    sizes = RANDOM.integers(0, 40, N)  # groups of unlike sizes
    found = compare(TRUTH, {"a": a, "b": b}, "mae", groups=sizes).judgement
    second = found.standings[1]
    half = (second.behind_high - second.behind_low) / 2
    fit = module.OLS(a - b, np.ones(N)).fit(cov_type="cluster", cov_kwds={"groups": sizes, "use_correction": False})
    count = len(np.unique(sizes))
    error = float(fit.bse[0]) * math.sqrt(count / (count - 1))
    kish = N**2 / float((np.bincount(sizes) ** 2).sum())
    assert half == pytest.approx(stats.t.isf(0.025, kish - 1) * error, rel=1e-9)
    assert second.behind == pytest.approx(abs(a.mean() - b.mean()))
    assert found.by == "groups"


def test_groups_of_one_are_rows() -> None:
    a, b = losses(2)
    rows = compare(TRUTH, {"a": a, "b": b}, "mae").judgement
    alone = compare(TRUTH, {"a": a, "b": b}, "mae", groups=[f"row {k}" for k in range(N)]).judgement
    for one, other in zip(rows.standings, alone.standings, strict=True):
        assert (one.low, one.high, one.behind_high) == pytest.approx((other.low, other.high, other.behind_high))
        assert one.p_value == pytest.approx(other.p_value, abs=1e-9)
    assert alone.effective_n == pytest.approx(N)
    assert rows.effective_n is None


def test_what_rows_alike_are_worth() -> None:
    """Design effect 1 + (m - 1) icc: ten rows a group, half of the variance shared, 400 / 5.5 = 73 rows."""
    found = [compare(TRUTH, {"a": a, "b": b}, "mae", groups=GROUPS).judgement for a, b in _pairs(60)]
    assert np.mean([f.effective_n for f in found]) == pytest.approx(400 / 5.5, rel=0.15)
    assert "40 groups of rows" in (found[0].caveat or "")


def _pairs(count: int) -> list[list[np.ndarray]]:
    return [losses(2, effect=1.0, seed=seed) for seed in range(count)]


def test_equals_in_groups_are_kept_together() -> None:
    lost = plain = 0
    tries = 200
    for seed in range(tries):
        a, b = losses(2, effect=0.65, seed=seed)
        lost += not kept_together(TRUTH, a, b, groups=GROUPS)
        plain += not kept_together(TRUTH, a, b)
    assert lost / tries <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / tries)
    assert plain / tries > 0.15  # which is what groups are for


@pytest.mark.parametrize("phi", [0.3, 0.6, 0.9])
def test_equals_in_time_order_are_kept_together(phi: float) -> None:
    random, lost, tries, n = np.random.default_rng(8), 0, 150, 300
    for _ in range(tries):
        a, b = (40 + autoregressive(random, n, phi) for _ in range(2))
        lost += not kept_together(np.zeros(n), a, b, time=np.arange(n))
    assert lost / tries <= 0.05 + 2.5 * math.sqrt(0.05 * 0.95 / tries)


def test_the_long_run_error_is_near_the_true_one() -> None:
    """Of an AR(1) mean: variance (1 + phi) / (1 - phi) / n; and independent rows are worth what they are."""
    random, n = np.random.default_rng(9), 2000
    for phi in (0.0, 0.5):
        sampling = read_sampling(n, metric_facts("mae"), time=np.arange(n))
        found = []
        for _ in range(200):
            x = autoregressive(random, n, phi)
            (column,) = sampling.collapsed([Scored(theta=x.mean(), psi=x - x.mean(), df=n - 1)])
            found.append(column.psi @ column.psi / (len(column.psi) * (len(column.psi) - 1)))
        assert np.mean(found) == pytest.approx((1 + phi) / (1 - phi) / n, rel=0.12)


def test_time_is_sorted_and_equal_times_are_one() -> None:
    random = np.random.default_rng(2)
    days = pd.date_range("2024-01-01", periods=100).repeat(4)
    a, b = (40 + autoregressive(random, 100, 0.6).repeat(4) + 0.1 * random.standard_normal(400) for _ in range(2))
    mixed = random.permutation(400)
    ordered = compare(TRUTH, {"a": a, "b": b}, "mae", time=days).judgement
    shuffled = compare(TRUTH, {"a": a[mixed], "b": b[mixed]}, "mae", time=days[mixed]).judgement
    assert shuffled.standings[1].behind_high == pytest.approx(ordered.standings[1].behind_high)
    assert ordered.by == "time"
    assert ordered.effective_n is not None
    assert ordered.effective_n < 100


# ---------------------------------------------------------------- weights


@pytest.mark.parametrize(
    ("metric", "oracle"), [("accuracy", accuracy_score), ("mae", mean_absolute_error), ("log_loss", log_loss)]
)
def test_weighted_scores_are_scikit_learns(metric: str, oracle: object) -> None:
    truth = RANDOM.integers(0, 2, N)
    rows = np.clip(0.5 * truth + 0.5 * RANDOM.random(N), 0.01, 0.99)
    if metric == "accuracy":
        rows = rows.round().astype(int)
    weights = RANDOM.random(N)
    found = compare(truth, {"a": rows}, metric, weights=weights).judgement
    assert found.standings[0].score == pytest.approx(oracle(truth, rows, sample_weight=weights))  # type: ignore[operator]
    assert found.effective_n == pytest.approx(weights.sum() ** 2 / (weights @ weights))


def test_equals_with_weights_are_kept_together() -> None:
    """Lognormal weights: 80 rows that tell as much as some 30."""
    random, tries, lost = np.random.default_rng(10), 200, 0
    for _ in range(tries):
        weights = np.exp(random.standard_normal(80))
        a, b = 20 + random.standard_normal((2, 80))
        lost += not kept_together(np.zeros(80), a, b, weights=weights)
    assert lost / tries <= 0.05 + 2.5 * math.sqrt(0.05 * 0.95 / tries)


def test_equal_weights_change_no_score_and_no_error() -> None:
    a, b = losses(2)
    rows = compare(TRUTH, {"a": a, "b": b}, "mae").judgement.standings[1]
    same = compare(TRUTH, {"a": a, "b": b}, "mae", weights=np.full(N, 7.0)).judgement.standings[1]
    assert (same.score, same.behind_low, same.behind_high) == pytest.approx(
        (rows.score, rows.behind_low, rows.behind_high)
    )


# ---------------------------------------------------------------- limits and refusals


def test_few_groups_name_no_winner() -> None:
    good, bad = (level + 0.01 * RANDOM.standard_normal(90) for level in (1.0, 9.0))
    few = compare(np.zeros(90), {"good": good, "bad": bad}, "mae", groups=np.arange(90) // 10)
    assert few.winner is None
    assert "count as 9" in (few.no_winner_reason or "")
    assert compare(np.zeros(90), {"good": good, "bad": bad}, "mae", groups=np.arange(90) // 5).winner == "good"


def test_the_scarcest_class_in_groups() -> None:
    truth = np.array([1] * 30 + [0] * 270)
    found = compare(truth, {"good": truth, "bad": 1 - truth}, "f1", groups=np.arange(300) // 10)
    assert found.winner is None  # three groups hold all positives
    assert "scarcest class" in (found.no_winner_reason or "") or "count as" in (found.no_winner_reason or "")


def test_influence_values_in_groups() -> None:
    a, b = losses(2)
    tries = [
        Entry(candidate=name, rows=-(x - x.mean()), kind=ResultKind.INFLUENCE, value=float(x.mean()), df=N - 1)
        for name, x in (("a", a), ("b", b))
    ]
    ours = judge(None, tries, metric="mae", groups=GROUPS).standings[1]
    rows = compare(TRUTH, {"a": a, "b": b}, "mae", groups=GROUPS).judgement.standings[1]
    assert ours.behind_high == pytest.approx(rows.behind_high)


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"groups": GROUPS, "time": GROUPS}, "not both"),
        ({"groups": GROUPS[:9]}, "9 values for 400 rows"),
        ({"groups": GROUPS * 0}, "one group"),
        ({"groups": [None] * N}, "missing"),
        ({"time": np.arange(N) % 5}, "5 different times"),
        ({"time": np.array(["NaT"] * N, dtype="datetime64[D]")}, "missing"),
        ({"weights": np.full(N, -1.0)}, "below 0"),
        ({"weights": np.zeros(N)}, "nor all 0"),
        ({"weights": ["a"] * N}, "text"),
        ({"weights": np.ones(3)}, "3 values"),
        ({"weights": np.ones(N), "metric": "rmse"}, "no mean over rows"),
    ],
)
def test_refusals(how: dict[str, object], says: str) -> None:
    named = dict(zip("ab", losses(2), strict=True))
    with pytest.raises(MleeError, match=says):
        compare(TRUTH, named, **{"metric": "mae", **how})  # type: ignore[arg-type]


def test_folds_have_no_groups() -> None:
    with pytest.raises(MleeError, match="belong to rows"):
        compare(None, {"a": [0.5] * 5}, groups=[1] * 5)


# Six groups of ten: the first three hold class 1, the first two class 2 as well.
CLASSES = np.zeros(60, dtype=int)
CLASSES[[0, 10, 20]] = 1
CLASSES[[1, 11]] = 2
SIX = np.repeat(np.arange(6), 10)
SCARCEST = {
    "a mean over rows": ("accuracy", CLASSES, None, 5),
    "the rare class, which alone counts": ("f1", (CLASSES == 1) * 1, 1, 2),
    "the common class, which alone counts": ("f1", (CLASSES == 1) * 1, 0, 5),
    "scores need both": ("roc_auc", (CLASSES == 1) * 1, 1, 2),
    "and from the other side": ("roc_auc", (CLASSES == 1) * 1, 0, 2),
    "any class of several": ("balanced_accuracy", CLASSES, None, 1),
    "a class of every group": ("balanced_accuracy", np.arange(60) % 2, None, 5),
}


@pytest.mark.parametrize(("metric", "truth", "positive", "df"), SCARCEST.values(), ids=SCARCEST)
def test_no_more_degrees_of_freedom_than_groups_hold_the_scarcest_class(
    metric: str, truth: np.ndarray, positive: int | None, df: int
) -> None:
    facts = metric_facts(metric)
    assert read_sampling(60, facts, prepare(truth, facts, positive), groups=SIX).df == pytest.approx(df)


def test_two_groups_have_one_degree_of_freedom_and_unlike_ones_no_less() -> None:
    column = Scored(theta=1.0, psi=np.arange(8) - 3.5, df=7.0)
    for groups, df in (([0] * 4 + [1] * 4, 1.0), ([0] * 7 + [1], 1.0), ([0] * 4 + [1] * 2 + [2] * 2, 8**2 / 24 - 1)):
        (found,) = read_sampling(8, metric_facts("mae"), groups=groups).collapsed([column])
        assert found.df == pytest.approx(df)
