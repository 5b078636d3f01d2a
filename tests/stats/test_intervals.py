"""Intervals against statsmodels and SciPy, worked examples, and their coverage."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import optimize, stats

from benchmarks import unlike
from mlee_jupyter.domain import ResultKind
from mlee_jupyter.judge.entries import measure
from mlee_jupyter.stats.compare.intervals import difference_interval, score_interval, wilson
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.influence import score
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.target import prepare


@pytest.mark.parametrize(("right", "n"), [(0, 10), (1, 10), (5, 10), (10, 10), (356, 360), (9999, 10_000)])
@pytest.mark.parametrize("alpha", [0.05, 0.1])
def test_wilson_is_statsmodels(right: int, n: int, alpha: float) -> None:
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    expected = proportion.proportion_confint(right, n, alpha=alpha, method="wilson")
    assert wilson(right, n, alpha) == pytest.approx(expected, abs=1e-12)


def test_wilson_by_scipy() -> None:
    found = stats.binomtest(356, 360).proportion_ci(0.95, method="wilson")
    assert wilson(356, 360) == pytest.approx((found.low, found.high), abs=1e-12)


def test_accuracy_recall_and_precision_are_proportions_of_their_own_rows() -> None:
    truth = np.array([1] * 40 + [0] * 60)
    predicted = np.array([1] * 30 + [0] * 10 + [1] * 20 + [0] * 40)
    for metric, right, rows in (("accuracy", 70, 100), ("recall", 30, 40), ("precision", 30, 50)):
        found = measure(truth, predicted, metric=metric)
        assert (found.low, found.high) == pytest.approx(wilson(right, rows), abs=1e-12), metric


def test_a_mean_of_losses_has_the_t_interval() -> None:
    """And never a narrower one: skewed rows move its upper end out, as Hall's interval has it."""
    random = np.random.default_rng(1)
    truth = random.normal(size=30)
    predicted = truth + random.normal(size=30)
    losses = (truth - predicted) ** 2
    expected = stats.ttest_1samp(losses, 0).confidence_interval(0.95)
    facts = metric_facts("mse")
    scored = Scored(theta=-float(losses.mean()), psi=losses.mean() - losses, df=29)
    assert score_interval(facts, scored, cautious=False) == pytest.approx((expected.low, expected.high), rel=1e-9)
    found = measure(truth, predicted, metric="mse")
    assert found.low == pytest.approx(expected.low, rel=1e-9)
    assert found.high == pytest.approx(losses.mean() + stats.sem(losses) * _hall(losses), rel=1e-9)


def _hall(rows: np.ndarray) -> float:
    """How many errors above the mean Hall's upper end is, by solving his cubic with a root finder."""
    skewness = float(stats.skew(rows)) / math.sqrt(len(rows))

    def excess(t: float) -> float:
        return -t + skewness * (t**2 / 3 + 1 / 6) - skewness**2 * t**3 / 27 + float(stats.t.ppf(0.975, len(rows) - 1))

    return float(optimize.brentq(excess, 0, 40))


@pytest.mark.parametrize("label", ["MAE, normal and t3", "AUC, narrow and wide, 30%", "MAPE, steady and blunders"])
def test_the_range_of_an_unlike_candidate_holds(label: str) -> None:
    """150 samples of 100 rows, 93% less two errors; score +- t held in 92 to 95%. All of them: benchmarks.unlike."""
    cell = unlike.Cell(label=label, kind={**unlike.ROWWISE, **unlike.COUNTED}[label], n=100, count=2)
    truth = unlike.true_scores(cell)
    random, held = np.random.default_rng(6), 0
    for _ in range(150):
        found = unlike.judged(cell.kind(random, cell.n, cell.count, 0.0)).of("c001")
        assert found is not None
        held += found.low <= truth[1] <= found.high
    assert held / 150 >= 0.93 - 2 * math.sqrt(0.93 * 0.07 / 150)


@pytest.mark.parametrize(
    "metric", ["f1", "balanced_accuracy", "roc_auc", "precision", "recall", "accuracy", "f1_macro"]
)
def test_no_sample_proves_perfection(metric: str) -> None:
    truth = np.array([0] * 90 + [1] * 10)
    rows = truth.astype(float) if metric == "roc_auc" else truth
    kind = ResultKind.SCORES if metric == "roc_auc" else ResultKind.PREDICTIONS
    found = measure(truth, rows, kind, metric=metric)
    assert found.value == found.high == 1.0
    assert 0.65 < found.low < 0.97


@pytest.mark.parametrize("metric", ["f1", "precision", "recall"])
def test_finding_nothing_has_an_interval_too(metric: str) -> None:
    found = measure(np.array([0] * 90 + [1] * 10), np.zeros(100, int), metric=metric)
    assert found.value == found.low == 0.0
    # no alarm was raised: of their precision one knows next to nothing
    assert 0.75 < found.high < 0.85 if metric == "precision" else 0.2 < found.high < 0.4


def test_intervals_stay_within_the_metrics_limits() -> None:
    truth = np.array([0, 1] * 3)
    found = measure(truth, np.array([0.1, 0.9, 0.2, 0.3, 0.8, 0.7]), ResultKind.SCORES, metric="roc_auc")
    assert 0 <= found.low <= found.value <= found.high <= 1
    numbers = np.arange(6.0)
    assert measure(numbers, numbers + np.array([0, 0, 0, 0, 0, 9]), metric="mse").low == 0.0
    assert measure(numbers, numbers[::-1] + 0.1, metric="r2").high <= 1.0


@pytest.mark.parametrize(
    ("better", "worse", "differs"),
    [
        (4, 0, False),
        (5, 0, False),
        (6, 0, True),
        (9, 0, True),
        (12, 2, True),
        (9, 3, False),
        (0, 0, False),
        (0, 6, True),
    ],
)
def test_a_difference_of_shares_leaves_zero_out_as_mcnemar_does(better: int, worse: int, differs: bool) -> None:
    rows = better + worse
    exact = stats.binomtest(better, rows).pvalue <= 0.05 if rows else False
    assert exact == differs
    low, high = difference_interval((better - worse) / 360, 0.0, 359, 0.05, rows, 360)
    assert (low > 0 or high < 0) == differs


def test_a_paired_difference_is_scipys() -> None:
    random = np.random.default_rng(2)
    one, other = random.normal(size=25), random.normal(size=25)
    gap, spread = float(np.mean(one - other)), float(np.std(one - other, ddof=1)) / 5
    expected = stats.ttest_rel(one, other).confidence_interval(0.95)
    assert difference_interval(gap, spread, 24) == pytest.approx((expected.low, expected.high), rel=1e-9)


def test_the_interval_of_auc_covers_its_truth() -> None:
    random = np.random.default_rng(3)
    auc, samples, covered = 0.8, 400, 0
    shift = math.sqrt(2) * stats.norm.ppf(auc)
    truth = np.array([1] * 20 + [0] * 80)
    for _ in range(samples):
        found = measure(truth, random.normal(size=100) + shift * truth, ResultKind.SCORES, metric="roc_auc")
        covered += found.low <= auc <= found.high
    assert covered / samples >= 0.95 - 3 * math.sqrt(0.05 * 0.95 / samples)


@pytest.mark.parametrize("alpha", [0.2, 0.05, 0.001])
def test_all_and_nothing_reach_the_limits_exactly(alpha: float) -> None:
    for n in (1, 2, 3, 7, 10, 33, 60, 99, 360, 1001, 12345):
        low, high = wilson(n, n, alpha)
        assert (low > 0, high) == (True, 1.0)
        low, high = wilson(0, n, alpha)
        assert (low, high < 1) == (0.0, True)


def test_an_interval_is_of_95_per_cent_unless_said() -> None:
    assert wilson(7, 10) == wilson(7, 10, 0.05) != wilson(7, 10, 0.1)
    for metric in ("accuracy", "mae"):
        facts = metric_facts(metric)
        scored = Scored(theta=0.7, psi=np.array([0.3] * 7 + [-0.7] * 3), df=9.0)
        plain = score_interval(facts, scored)
        assert plain == score_interval(facts, scored, 0.05) == score_interval(facts, scored, 0.05, True)
        assert plain != score_interval(facts, scored, 0.1)


@pytest.mark.parametrize("metric", ["balanced_accuracy", "f1_macro", "precision_macro"])
@pytest.mark.parametrize("found", [0.02, 0.2, 0.4, 0.9])
@pytest.mark.parametrize("rare", [4, 7])
def test_the_range_holds_where_a_class_is_rare(metric: str, found: float, rare: int) -> None:
    """A class of which no case, or every case, was found has no scatter of its own (29% missed the truth)."""
    counts, random, off = np.array([60, 30, rare]), np.random.default_rng(rare), 0
    truth = np.repeat([0, 1, 2], counts)
    right = np.array([0.9, 0.8, found])

    def predicted(rows: np.ndarray) -> np.ndarray:
        return np.where(random.random(len(rows)) < right[rows], rows, (rows + 1) % 3)

    many = np.repeat([0, 1, 2], counts * 4000)
    true = measure(many, predicted(many), metric=metric).value
    for _ in range(200):
        one = measure(truth, predicted(truth), metric=metric)
        off += not one.low <= true <= one.high
    assert off <= 200 * 0.05 + 2 * math.sqrt(200 * 0.05 * 0.95)


def test_the_range_of_large_classes_is_that_of_its_scatter() -> None:
    random = np.random.default_rng(3)
    truth = np.repeat([0, 1], 400)
    facts = metric_facts("balanced_accuracy")
    scored = score(prepare(truth, facts), np.where(random.random(800) < 0.8, truth, 1 - truth), False)
    assert score_interval(facts, scored) == pytest.approx(score_interval(facts, replace(scored, shares=())), rel=1e-3)
