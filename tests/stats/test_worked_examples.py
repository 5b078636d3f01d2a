"""Small cases worked by hand or taken from a published table, and independent ways to the same number."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import fft, signal, stats
from sklearn.metrics import f1_score, roc_auc_score

from mlee_jupyter.domain import ResultKind
from mlee_jupyter.judge.entries import measure
from mlee_jupyter.stats.compare.baselines import one_sided_p_values
from mlee_jupyter.stats.compare.choice_costs import cost_bounds
from mlee_jupyter.stats.compare.confidence_set import confidence_set, elimination, normal_draws, widened
from mlee_jupyter.stats.compare.dependence import _missed, _projections, _waves
from mlee_jupyter.stats.compare.few import set_from_few, shrunk
from mlee_jupyter.stats.compare.folds import inflation
from mlee_jupyter.stats.compare.intervals import difference_interval, wilson
from mlee_jupyter.stats.compare.pairs import compare_pairs
from mlee_jupyter.stats.distributions import normal_as_t, t_as_normal, t_quantile
from mlee_jupyter.stats.metrics.scored import Scored

NO, YES = [0, 0, 1, 1, 1], [0, 1, 1, 1, 0]  # one hit of "0", one false alarm, two hits, one miss
SCORES: dict[str, tuple[list[Any], list[Any], float]] = {
    "accuracy": (NO, YES, 3 / 5),
    "balanced_accuracy": (NO, YES, (1 / 2 + 2 / 3) / 2),
    "precision": (NO, YES, 2 / 3),
    "recall": (NO, YES, 2 / 3),
    "f1": (NO, YES, 4 / 6),
    "f1_macro": (NO, YES, (2 / 4 + 4 / 6) / 2),
    "f1_weighted": (NO, YES, 0.4 * 2 / 4 + 0.6 * 4 / 6),
    "roc_auc": ([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], 3 / 4),  # scikit-learn's own example
    "average_precision": ([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], 5 / 6),  # the same
    "log_loss": ([1, 0], [0.5, 0.25], (math.log(2) - math.log(0.75)) / 2),
    "brier": ([0, 1, 1, 0], [0.1, 0.9, 0.8, 0.3], 0.0375),  # scikit-learn's own example
    "mae": ([3, -0.5, 2, 7], [2.5, 0.0, 2, 8], 0.5),  # scikit-learn's own examples
    "mse": ([3, -0.5, 2, 7], [2.5, 0.0, 2, 8], 0.375),
    "rmse": ([3, -0.5, 2, 7], [2.5, 0.0, 2, 8], math.sqrt(0.375)),
    "r2": ([3, -0.5, 2, 7], [2.5, 0.0, 2, 8], 1 - 1.5 / 29.1875),
    "mape": ([3, -0.5, 2, 7], [2.5, 0.0, 2, 8], (1 / 6 + 1 + 0 + 1 / 7) / 4),
    "pinball_0.1": ([1, 2, 3], [0, 2, 3], 0.1 / 3),
    "pinball_0.9": ([1, 2, 3], [0, 2, 3], 0.9 / 3),
    "msle": ([math.e - 1, 0], [0, 0], 1 / 2),
    "rmsle": ([math.e - 1, 0], [0, 0], math.sqrt(1 / 2)),
    "spearman": ([1, 2, 3, 4.5], [1, 3, 2, 4], 1 - 6 * 2 / (4 * 15)),
    "pearson": ([1.5, 2.5, 3.5], [1, 2, 4], 1.5 / math.sqrt(14 / 6)),
}


@pytest.mark.parametrize("metric", SCORES)
def test_scores_by_hand(metric: str) -> None:
    truth, rows, expected = SCORES[metric]
    scores = metric in ("roc_auc", "average_precision", "log_loss", "brier")
    kind = ResultKind.SCORES if scores else ResultKind.PREDICTIONS
    assert measure(truth, rows, kind, metric=metric).value == pytest.approx(expected, abs=1e-12)


def test_the_error_of_f1_and_auc_is_the_bootstraps() -> None:
    random, n = np.random.default_rng(71), 500
    truth = (random.random(n) < 0.3).astype(int)
    labels = np.where(random.random(n) < 0.8, truth, 1 - truth)
    scores = truth + random.normal(size=n)
    for metric, rows, function in (("f1", labels, f1_score), ("roc_auc", scores, roc_auc_score)):
        kind = ResultKind.SCORES if metric == "roc_auc" else ResultKind.PREDICTIONS
        found = measure(truth, rows, kind, metric=metric).influence
        again = [function(truth[some], rows[some]) for some in random.integers(0, n, (200, n))]
        # a standard deviation of 200 has a standard error of 5%
        assert math.sqrt(found @ found / (n * (n - 1))) == pytest.approx(np.std(again), rel=0.15)


# ---------------------------------------------------------------- pairs and the set


def _columns(*rows: list[float]) -> list[Scored]:
    return [Scored(theta=float(np.mean(r)), psi=np.array(r) - np.mean(r), df=len(r) - 1) for r in rows]


def test_a_pair_by_hand() -> None:
    """Differences -1, 1, 1, 3: mean 1, variance 8/3, standard error sqrt(2/3), t = 1.2247 with 3 degrees."""
    pairs = compare_pairs(_columns([1, 2, 3, 4], [0, 3, 4, 7]))
    assert pairs.spread[0, 1] == pytest.approx(math.sqrt(2 / 3))
    assert pairs.z[0, 1] == pytest.approx(-stats.norm.ppf(stats.t.sf(math.sqrt(1.5), 3)))
    shares = compare_pairs(_columns([1, 1, 1, 0], [1, 0, 0, 1]), all_or_nothing=True)
    assert shares.disagreements is not None
    assert shares.disagreements[0, 1] == 3


def test_elimination_by_hand() -> None:
    """The one that is beaten most clearly goes first: c by a (3 > 2), then b by a (2)."""
    beaten_by = np.array([[0.0, -2, -3], [2, 0, -1], [3, 1, 0]])  # row i, column j: how much better j is than i
    order, statistics = elimination(beaten_by)
    assert order.tolist() == [2, 1, 0]
    assert statistics[:2].tolist() == [3, 2]


@pytest.mark.parametrize(("count", "published"), [(3, 3.314), (5, 3.858), (10, 4.474), (20, 5.012)])
def test_critical_values_are_those_of_tukeys_table(count: int, published: float) -> None:
    """Upper 5% points of the studentized range with infinite degrees of freedom (Harter 1960), over sqrt 2."""
    psi = np.random.default_rng(72).standard_normal((count, 40 * count))
    psi = np.linalg.qr((psi - psi.mean(axis=1, keepdims=True)).T)[0].T  # uncorrelated, of one variance
    columns = [Scored(theta=0.0, psi=row - row.mean(), df=1e9) for row in psi]
    assert confidence_set(compare_pairs(columns)).critical_all == pytest.approx(published / math.sqrt(2), rel=0.005)


def test_a_cost_bound_of_shares_by_hand() -> None:
    """40 rows, all alike but none: Bonett and Price add two rows and two disagreements, 1.68... of t with 39."""
    alike = _columns([1.0] * 30 + [0.0] * 10, [1.0] * 30 + [0.0] * 10)
    pairs = compare_pairs(alike, all_or_nothing=True)
    bound = stats.t.isf(0.05, 39) * math.sqrt(2 / 42 / 42)
    found = cost_bounds(pairs, np.array([0, 1]), 0.05, two_sided=confidence_set(pairs).critical_all)
    assert found == pytest.approx([bound, bound], rel=1e-6)


def test_quantiles_brought_to_other_degrees_keep_their_tail() -> None:
    df = np.array([[3.0, 10.0], [10.0, 200.0]])
    assert np.allclose(widened(2.5, df), stats.t.isf(stats.norm.sf(2.5), df), rtol=1e-9)
    assert t_as_normal(np.array([2.776445]), np.array([4.0]))[0] == pytest.approx(1.959964, abs=1e-5)  # t table
    assert normal_as_t(1.959964, 4) == pytest.approx(2.776445, abs=1e-5)
    assert t_quantile(0.975, 10) == pytest.approx(2.228139, abs=1e-6)


def test_draws_have_their_covariance_and_lengths() -> None:
    root = np.random.default_rng(73).normal(size=(3, 3))
    errors, lengths, rank = normal_draws(root @ root.T, 40_000, 1)
    assert rank == 3
    assert np.allclose(np.cov(errors), root @ root.T, atol=0.05 * np.trace(root @ root.T))
    assert np.mean(lengths**2) == pytest.approx(3, rel=0.02)  # chi squared with 3 degrees


# ---------------------------------------------------------------- few replicates, folds, time


def test_shrinking_draws_every_eigenvalue_to_their_mean() -> None:
    """Ledoit and Wolf (2004): the eigenvalues go the same share of the way to their mean; the vectors stay."""
    raw = np.random.default_rng(74).normal(size=(5, 9))
    raw -= raw.mean(axis=0)
    covariance = raw @ raw.T
    found = np.sort(np.linalg.eigvalsh(shrunk(covariance, 10.0)))[1:]  # the first is the common part, 0
    own = np.sort(np.linalg.eigvalsh(covariance))[1:]
    weight = 5 / (10 + 5)
    assert np.allclose(found, (1 - weight) * own + weight * own.mean())
    assert np.allclose(shrunk(covariance, 10.0).sum(axis=0), 0)


def test_few_replicates_of_two_are_a_paired_t_test_and_many_the_plain_set() -> None:
    random = np.random.default_rng(75)
    gains = random.normal(size=(2, 8)) + np.array([[0.6], [0.0]])
    columns = _columns(*gains.tolist())
    columns.sort(key=lambda c: -c.theta)
    assert set_from_few(compare_pairs(columns)).p_values.min() == pytest.approx(
        stats.ttest_rel(*gains).pvalue, rel=1e-6
    )
    many = compare_pairs(_columns(*random.normal(size=(4, 90)).tolist()))
    assert np.allclose(set_from_few(many).p_values, confidence_set(many).p_values)


def test_the_widening_of_ten_times_tenfold_cross_validation() -> None:
    """1/100 + 1/9 instead of 1/100: 12.1 times (Nadeau and Bengio 2003; Bouckaert and Frank 2004)."""
    assert inflation(100, 1 / 9) == pytest.approx(100 * (1 / 100 + 1 / 9))


def test_projections_on_waves_are_scipys_cosine_transform() -> None:
    series = np.random.default_rng(76).normal(size=(2, 500))
    series -= series.mean(axis=1, keepdims=True)
    waves = 12
    theirs = fft.dct(series, type=2)[:, 1 : waves + 1] / 2 * math.sqrt(2 * (waves - 1)) / 500
    assert np.allclose(_projections(series, waves), theirs)


def test_how_many_waves() -> None:
    """B = 0.4 T^(2/3) (Lazarus et al. 2018), at most 8; fewer where neighbours are alike, at least 4."""
    assert _waves(72, 0.0) == 6  # 0.4 * 17.3, rounded down
    assert _waves(1000, 0.0) == 8
    assert 4 <= _waves(300, 0.9) < 8
    assert _waves(50, 0.99) == 4


@pytest.mark.parametrize(("phi", "waves"), [(0.3, 39), (0.9, 18), (0.9, 4)])
def test_what_waves_miss_of_an_autoregressive_spectrum_is_scipys(phi: float, waves: int) -> None:
    length = 1000
    frequencies = np.arange(waves + 1) * (math.pi / length)
    spectrum = np.abs(signal.freqz([1.0], [1.0, -phi], worN=frequencies)[1]) ** 2
    assert _missed(length, phi, waves) == pytest.approx(spectrum[0] / spectrum[1:].mean())
    assert _missed(length, -0.5, waves) == 1.0


# ---------------------------------------------------------------- intervals and baselines


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_by_a_published_table(right: int, n: int, low: float, high: float) -> None:
    """Newcombe (1998), Table I, method 3."""
    assert wilson(right, n) == pytest.approx((low, high), abs=5e-5)


def test_wilson_covers_on_average() -> None:
    """Over all outcomes of 50 rows and many true shares (Agresti and Coull 1998: near 95% on average)."""
    spans = [wilson(k, 50) for k in range(51)]
    covered = [
        sum(stats.binom.pmf(k, 50, share) for k, (low, high) in enumerate(spans) if low <= share <= high)
        for share in np.linspace(0.02, 0.98, 97)
    ]
    assert np.mean(covered) == pytest.approx(0.95, abs=0.01)
    assert min(covered) > 0.88


def test_the_interval_of_disagreements_covers_the_truth() -> None:
    """Two candidates that disagree on 5% of 100 rows, one better by 3 points: counted over all outcomes."""
    n, better, worse, reached = 100, 0.04, 0.01, 0.0
    for one in range(20):
        for other in range(12):
            chance = stats.multinomial.pmf([one, other, n - one - other], n, [better, worse, 1 - better - worse])
            low, high = difference_interval((one - other) / n, 0.0, n - 1, 0.05, one + other, n)
            reached += float(chance) * (low <= better - worse <= high)
    assert reached >= 0.945


def test_one_sided_p_values_are_scipys() -> None:
    random = np.random.default_rng(77)
    gains = random.normal(size=(3, 25))
    better, worse = one_sided_p_values(compare_pairs(_columns(*gains.tolist())), 2, 2)
    for place in (0, 1):
        test = stats.ttest_rel(gains[place], gains[2], alternative="greater")
        assert better[place] == pytest.approx(test.pvalue, rel=1e-9)
        assert worse[place] == pytest.approx(1 - test.pvalue, rel=1e-9)
    shares = compare_pairs(_columns([1.0] * 9 + [0] * 6, [0.0] * 8 + [1] * 2 + [0] * 5), all_or_nothing=True)
    exact, _ = one_sided_p_values(shares, 1, 1)  # 8 rows for the first, 1 for the second
    assert exact[0] == pytest.approx(stats.binomtest(8, 9, alternative="greater").pvalue)
