"""Influence values: mean zero, and their spread is the error of the score."""

from __future__ import annotations

import numpy as np
import pytest

from mlee_jupyter.domain import ResultKind
from mlee_jupyter.judge.entries import measure
from mlee_jupyter.stats.metrics.catalogue import metric_facts

RANDOM = np.random.default_rng(11)
N = 400
TWO = (RANDOM.random(N) < 0.3).astype(int)
THREE = RANDOM.integers(0, 3, N)
NUMBERS = RANDOM.normal(size=N)


def _noisy(truth: np.ndarray, kinds: int) -> np.ndarray:
    return np.where(RANDOM.random(N) < 0.75, truth, RANDOM.integers(0, kinds, N))


_RAW = RANDOM.random((N, 3)) + 0.6 * np.eye(3)[THREE]
MATRIX = _RAW / _RAW.sum(axis=1, keepdims=True)
CASES = {
    "accuracy": (TWO, _noisy(TWO, 2)),
    "balanced_accuracy": (THREE, _noisy(THREE, 3)),
    "f1": (TWO, _noisy(TWO, 2)),
    "precision": (TWO, _noisy(TWO, 2)),
    "recall": (TWO, _noisy(TWO, 2)),
    "f1_macro": (THREE, _noisy(THREE, 3)),
    "f1_weighted": (THREE, _noisy(THREE, 3)),
    "precision_macro": (THREE, _noisy(THREE, 3)),
    "precision_weighted": (THREE, _noisy(THREE, 3)),
    "recall_weighted": (THREE, _noisy(THREE, 3)),
    "roc_auc": (TWO, np.round(TWO + RANDOM.normal(size=N), 1)),
    "roc_auc_ovr": (THREE, MATRIX),
    "log_loss": (THREE, MATRIX),
    "mae": (NUMBERS, NUMBERS + RANDOM.standard_t(5, N)),
    "mse": (NUMBERS, NUMBERS + RANDOM.standard_t(8, N)),
    "rmse": (NUMBERS, NUMBERS + RANDOM.standard_t(8, N)),
    "r2": (NUMBERS, NUMBERS + 0.5 * RANDOM.normal(size=N)),
    "brier": (THREE, MATRIX),
    "average_precision": (TWO, np.round(TWO + RANDOM.normal(size=N), 1)),
    "ap": (THREE, MATRIX),
    "mape": (np.exp(NUMBERS), np.exp(NUMBERS + 0.3 * RANDOM.normal(size=N))),
    "msle": (np.exp(NUMBERS), np.exp(NUMBERS + 0.3 * RANDOM.normal(size=N))),
    "rmsle": (np.exp(NUMBERS), np.exp(NUMBERS + 0.3 * RANDOM.normal(size=N))),
    "pinball_0.9": (NUMBERS, NUMBERS + RANDOM.normal(size=N)),
    "spearman": (np.round(NUMBERS, 1), np.round(NUMBERS + RANDOM.normal(size=N))),
    "pearson": (NUMBERS, NUMBERS + RANDOM.normal(size=N)),
}


def _kind(metric: str) -> ResultKind:
    scores = ("roc_auc", "roc_auc_ovr", "log_loss", "brier", "average_precision", "ap")
    return ResultKind.SCORES if metric in scores else ResultKind.PREDICTIONS


@pytest.mark.parametrize("metric", CASES)
def test_their_mean_is_zero_and_their_spread_is_the_jackknifes(metric: str) -> None:
    truth, rows = CASES[metric]
    whole = measure(truth, rows, _kind(metric), metric=metric)
    assert abs(whole.influence.mean()) < 1e-12
    direction = 1 if metric_facts(metric).higher_is_better else -1
    without = np.empty(N)
    for row in range(N):
        keep = np.arange(N) != row
        without[row] = measure(truth[keep], rows[keep], _kind(metric), metric=metric).value
    pseudo = direction * (N * whole.value - (N - 1) * without)
    error = np.sqrt(whole.influence @ whole.influence / (N * (N - 1)))
    # the infinitesimal jackknife and the plain one agree but for terms of order 1/n
    assert error == pytest.approx(pseudo.std(ddof=1) / np.sqrt(N), rel=0.03)
    assert np.corrcoef(pseudo, whole.influence)[0, 1] > 0.999


def test_auc_error_is_delongs() -> None:
    """Sun and Xu's fast form against the definition over all pairs."""
    truth, scores = CASES["roc_auc"]
    positive, negative = scores[truth == 1], scores[truth == 0]
    beats = (positive[:, None] > negative) + 0.5 * (positive[:, None] == negative)
    m, q = beats.shape
    delong = beats.mean(axis=1).var(ddof=1) / m + beats.mean(axis=0).var(ddof=1) / q
    found = measure(truth, scores, ResultKind.SCORES, metric="roc_auc")
    assert found.influence @ found.influence / (N * (N - 1)) == pytest.approx(delong * N / (N - 1), rel=1e-12)
    assert found.df == min(m, q) - 1


def test_average_precision_by_hand() -> None:
    """Ranked +, -, +, -: precision 1 at the first positive, 2/3 at the second; the mean is 5/6."""
    truth, scores = np.array([1, 0, 1, 0]), np.array([0.9, 0.8, 0.7, 0.1])
    found = measure(truth, scores, ResultKind.SCORES, metric="average_precision")
    assert found.value == pytest.approx(5 / 6)
    # y (P - theta) + y U - W over pi, with U = sum of 1/k and W = sum of P/k over positives at ranks k from here down
    by_hand = np.array([1 - 5 / 6 + (1 + 1 / 3) - (1 + 2 / 9), -2 / 9, 2 / 3 - 5 / 6 + 1 / 3 - 2 / 9, 0.0])
    assert found.influence == pytest.approx(by_hand * 2 * np.sqrt(2))
    assert found.df == 1


def test_spearman_by_hand() -> None:
    """Ranks 1 2 3 4 5 and 2 1 4 3 5: 1 - 6 * 4 / (5 * 24) = 0.8; and the spread of its influence is the textbook's.

    Of independent columns the variance of the rank correlation is 1 / (n - 1) (Kendall and Gibbons 1990, 4.14).
    """
    assert measure([0.1, 0.2, 0.3, 0.4, 0.5], [2, 1, 4, 3, 5], metric="spearman").value == pytest.approx(0.8)
    random, n = np.random.default_rng(6), 3000
    found = measure(random.normal(size=n), random.normal(size=n), metric="spearman")
    assert found.influence @ found.influence / (n * (n - 1)) == pytest.approx(1 / (n - 1), rel=0.1)


def test_pearson_error_is_the_textbooks() -> None:
    """Of a normal pair the standard error is (1 - r^2) / sqrt(n) (Cramer 1946, 27.8)."""
    random, n = np.random.default_rng(7), 20_000
    x = random.normal(size=n)
    found = measure(x, 0.6 * x + 0.8 * random.normal(size=n), metric="pearson")
    error = np.sqrt(found.influence @ found.influence / (n * (n - 1)))
    assert error == pytest.approx((1 - found.value**2) / np.sqrt(n), rel=0.05)


def test_degrees_of_freedom_are_those_of_the_scarcest_class() -> None:
    truth = np.array([0] * 90 + [1] * 7 + [2] * 3)
    right = truth.copy()
    assert measure(truth, right, metric="accuracy").df == 99
    assert measure(truth, right, metric="f1_macro").df == 2
    assert measure(truth, right, metric="f1", positive=1).df == 6
    alarms = np.where(np.arange(100) < 94, 0, 1)  # 4 true, 2 false
    assert measure((truth == 1).astype(int), alarms, metric="precision").df == 5


def test_accuracy_is_a_mean_of_hits_and_loses_nothing_as_influence() -> None:
    truth, rows = CASES["accuracy"]
    found = measure(truth, rows, metric="accuracy")
    assert np.array_equal(found.influence + found.value > 0.5, truth == rows)
