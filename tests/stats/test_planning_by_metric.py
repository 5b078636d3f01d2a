"""Rows for other metrics and more candidates: the literature's formulas, the engine's own spreads, refusals."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import mlee_jupyter as mlee
from mlee_jupyter.domain import ResultKind
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.judge.entries import measure
from mlee_jupyter.stats.metrics.catalogue import metric_facts, metrics
from mlee_jupyter.stats.size.row_spread import Expected, row_spread
from mlee_jupyter.stats.size.rows_needed import (
    range_quantile,
    reach,
    rows_needed,
    rows_per_class,
    smallest_difference,
)

BOUND = 7.848880  # (1.96 + 0.8416)^2
HOW: dict[str, dict[str, Any]] = {
    "accuracy": {"useful_gain": 0.03},
    "roc_auc": {"useful_gain": 0.03, "expected_score": 0.8, "positives": 0.1, "expected_correlation": 0.6},
    "f1": {"useful_gain": 0.05, "expected_score": 0.7, "positives": 0.2, "expected_correlation": 0.5},
    "recall": {"useful_gain": 0.05, "expected_score": 0.7, "positives": 0.2},
    "precision": {"useful_gain": 0.05, "expected_score": 0.7, "positives": 0.2},
    "average_precision": {"useful_gain": 0.05, "expected_score": 0.6, "positives": 0.2, "expected_correlation": 0.6},
    "balanced_accuracy": {"useful_gain": 0.03, "expected_score": 0.8, "positives": 0.2},
    "f1_macro": {"useful_gain": 0.03, "expected_score": 0.8, "positives": 0.2},
    "mse": {"useful_gain": 0.1, "expected_score": 1.0, "expected_correlation": 0.6},
    "rmse": {"useful_gain": 0.05, "expected_score": 1.0, "expected_correlation": 0.6},
    "mae": {"useful_gain": 0.05, "expected_score": 1.0, "expected_correlation": 0.6},
    "r2": {"useful_gain": 0.03, "expected_score": 0.6, "expected_correlation": 0.6},
    "log_loss": {"useful_gain": 0.02, "expected_score": 0.4, "expected_spread": 0.5, "expected_correlation": 0.8},
}


def test_by_hand() -> None:
    """Losses: 7.85 (s_a^2 + s_b^2 - 2 r s_a s_b) / gain^2 with s = sqrt(2) mse; F1: p (1 - p) (2 - p) / (2 share)."""
    one, other = math.sqrt(2), math.sqrt(2) * 0.9
    expected = BOUND * (one**2 + other**2 - 2 * 0.6 * one * other) / 0.01
    assert rows_needed(0.1, 1.0, metric="mse", expected_correlation=0.6) == math.ceil(expected)
    spread = row_spread(metric_facts("f1"), Expected(score=0.7, positives=0.3, correlation=-1.0), 1e-9)
    assert (spread / 2) ** 2 == pytest.approx(0.7 * 0.3 * 1.3 / 0.6, rel=1e-6)


def test_auc_against_hanley_and_mcneil() -> None:
    """Their negative exponential model gives Q1 = A / (2 - A), Q2 = 2 A^2 / (1 + A); a normal one differs little
    where both classes are as large, and less than a third elsewhere."""
    a, share = 0.8, 0.5
    theirs = (a / (2 - a) - a * a) / (1 - share) + (2 * a * a / (1 + a) - a * a) / share
    ours = row_spread(metric_facts("roc_auc"), Expected(score=a, positives=share, correlation=-1.0), 1e-9)
    assert (ours / 2) ** 2 == pytest.approx(theirs, rel=0.06)


def test_spreads_are_those_of_the_judge() -> None:
    """Influence values of 200,000 rows against the formula, for every metric with one."""
    random, n = np.random.default_rng(11), 200_000
    truth = (random.random(n) < 0.3).astype(int)
    scores = random.standard_normal(n) + truth * math.sqrt(2) * 0.8416
    hit = np.where(truth == 1, random.random(n) < 0.7, random.random(n) < 0.3 * 0.3 / 0.7).astype(int)
    found = (truth == 1) == (random.random(n) < 0.8)
    errors = random.standard_normal(n)
    rows = {
        "average_precision": (truth, scores, ResultKind.SCORES),
        "balanced_accuracy": (truth, found.astype(int), ResultKind.PREDICTIONS),
        "f1_macro": (truth, hit, ResultKind.PREDICTIONS),
        "roc_auc": (truth, scores, ResultKind.SCORES),
        "f1": (truth, hit, ResultKind.PREDICTIONS),
        "recall": (truth, hit, ResultKind.PREDICTIONS),
        "precision": (truth, hit, ResultKind.PREDICTIONS),
        "mean_squared_error": (np.zeros(n), errors, ResultKind.PREDICTIONS),
        "root_mean_squared_error": (np.zeros(n), errors, ResultKind.PREDICTIONS),
        "mean_absolute_error": (np.zeros(n), errors, ResultKind.PREDICTIONS),
    }
    for metric, (answers, column, kind) in rows.items():
        measured = measure(answers, column, kind, metric=metric)
        expected = Expected(score=measured.value, positives=0.3, correlation=-1.0)
        foretold = row_spread(metric_facts(metric), expected, 1e-9) / 2
        assert foretold == pytest.approx(measured.influence.std(), rel=0.03), metric


@pytest.mark.parametrize("metric", [name for name, facts in metrics().items() if facts.needs == "numbers"])
def test_a_pilots_spread_gives_the_spread_of_the_judge(metric: str) -> None:
    """Of a root the pilot's spread is that of the squares under it; what no loss of a row tells is asked for."""
    random = np.random.default_rng(12)
    truth = 5 + random.random(20_000)
    rows = truth + random.standard_normal(len(truth)) * 0.5
    found, facts = measure(truth, rows, metric=metric), metric_facts(metric)
    if facts.spread is None:
        with pytest.raises(MleeError, match="cannot be told beforehand"):
            row_spread(facts, Expected(score=found.value, spread=1.0), 1e-9)
        return
    pilot = measure(truth, rows, metric=metric.removeprefix("root_")).influence
    seen = found.influence
    if facts.over_variance:  # the divisor is the same for both candidates, and so is its error
        seen = pilot = (truth - rows) ** 2 / truth.var()
    expected = Expected(score=found.value, spread=float(pilot.std()), correlation=-1.0)
    assert row_spread(facts, expected, 1e-9) / 2 == pytest.approx(seen.std(), rel=0.02)


def test_range_quantiles_by_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    for count in (2, 3, 10, 40):
        expected = stats.studentized_range.ppf(0.95, count, np.inf) / math.sqrt(2)
        assert range_quantile(count, 0.05) == pytest.approx(expected, abs=1e-4)


def test_more_candidates_need_more() -> None:
    assert reach(2, 0.05, 0.8) == pytest.approx(math.sqrt(BOUND), abs=1e-6)
    reaches = [reach(count, 0.05, 0.8) for count in (2, 3, 5, 10, 50)]
    assert reaches == sorted(reaches)
    # no more than if every other one had to pass the greatest quantile, no less than the greatest with even odds
    assert range_quantile(10, 0.05) < reach(10, 0.05, 0.8) < range_quantile(10, 0.05) + 0.8416
    assert rows_needed(0.03, candidates=10) > 1.5 * rows_needed(0.03)


@pytest.mark.parametrize("metric", HOW)
def test_the_other_way_round(metric: str) -> None:
    how = dict(HOW[metric])
    gain = how.pop("useful_gain")
    rows = rows_needed(gain, metric=metric, **how)
    assert smallest_difference(rows, metric=metric, **how) == pytest.approx(gain, rel=2e-3)


def test_never_fewer_rows_than_ten_of_the_scarcer_class() -> None:
    assert rows_needed(0.2, 0.7, metric="roc_auc", positives=0.01, expected_correlation=0.9) >= 1000
    assert rows_needed(0.2, 0.7, metric="roc_auc", positives=0.99, expected_correlation=0.9) >= 1000


def test_rows_per_class() -> None:
    """The binomial's own tail, and drawing whole classes."""
    stats = pytest.importorskip("scipy.stats")
    assert rows_per_class(1) == 30
    assert rows_per_class(0.5, 30, 0.5) == pytest.approx(60, abs=2)
    for share in (0.3, 0.05, 0.01):
        rows = mlee.rows_per_class(share)
        assert stats.binom.sf(29, rows, share) == pytest.approx(0.95, abs=0.01)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no share of positives": ({"useful_gain": 0.1, "metric": "f1"}, "positives=0.1"),
    "no share of a class": ({"useful_gain": 0.1, "metric": "balanced_accuracy"}, "how rare a class is"),
    "a loss without a score": ({"useful_gain": 0.1, "metric": "mse"}, "expected_score="),
    "log loss without a spread": (
        {"useful_gain": 0.1, "expected_score": 0.4, "metric": "log_loss"},
        "expected_spread=",
    ),
    "a mean over classes": ({"useful_gain": 0.1, "metric": "f1_weighted"}, "rows_for"),
    "an unknown metric": ({"useful_gain": 0.1, "metric": "acuracy"}, "accuracy"),
    "a gain above the loss": ({"useful_gain": 2, "expected_score": 1.0, "metric": "mse"}, "useful_gain"),
    "half a candidate": ({"useful_gain": 0.1, "candidates": 2.5}, "whole number"),
    "one candidate": ({"useful_gain": 0.1, "candidates": 1}, "candidates"),
    "a thousand": ({"useful_gain": 0.1, "candidates": 1000}, "candidates"),
    "correlation of one": ({"useful_gain": 0.1, "expected_correlation": 1}, "expected_correlation"),
    "disagreement of scores": (
        {"useful_gain": 0.1, "metric": "roc_auc", "positives": 0.3, "expected_disagreement": 0.2},
        "expected_correlation",
    ),
    "a spread of labels": ({"useful_gain": 0.1, "expected_spread": 0.2}, "belongs to losses"),
    "text": ({"useful_gain": 0.1, "positives": "few", "metric": "f1"}, "positives"),
    "not a number": ({"useful_gain": 0.1, "expected_correlation": math.nan}, "expected_correlation"),
}


@pytest.mark.parametrize(("how", "words"), REFUSED.values(), ids=REFUSED)
def test_refusals(how: dict[str, Any], words: str) -> None:
    with pytest.raises(MleeError) as fault:
        rows_needed(**how)
    assert words in str(fault.value)


@pytest.mark.parametrize("how", [{"share": 0}, {"share": 1.1}, {"share": 0.1, "cases": 0}, {"share": 0.1, "sure": 1}])
def test_refusals_of_classes(how: dict[str, Any]) -> None:
    with pytest.raises(MleeError):
        rows_per_class(**how)


# ---------------------------------------------------------------- from the pairs at hand


def pilot(n: int = 500, count: int = 2) -> mlee.Comparison:
    random = np.random.default_rng(3)
    hard = random.standard_normal(n)
    truth = np.zeros(n, dtype=int)
    found = {f"c{k}": (0.8 * hard + 0.6 * random.standard_normal(n) > 1.0364).astype(int) for k in range(count)}
    return mlee.compare(truth, found)


def test_a_comparison_measures_what_a_plan_expects() -> None:
    found = pilot()
    disagreement = (found.judgement.standings[1].disagreements or 0) / 500
    planned = rows_needed(0.02, expected_disagreement=disagreement)
    assert found.rows_for(0.02) == pytest.approx(planned, rel=0.05)
    assert found.rows_for(0.02, found.judgement.standings[1].candidate) == found.rows_for(0.02)
    assert found.rows_for() == found.rows_for(found.useful_gain)
    assert (found.rows_for(0.01) or 0) == pytest.approx(4 * (found.rows_for(0.02) or 0), rel=0.01)


def test_more_in_the_set_need_more() -> None:
    found = pilot(count=6)
    alone = max(found.rows_for(0.02, s.candidate) or 0 for s in found.judgement.standings[1:])
    assert len(found.best_set) > 2
    assert (found.rows_for(0.02) or 0) > alone


def test_candidates_that_agree_may_still_differ_by_the_gain() -> None:
    same = np.zeros(200, dtype=int)
    found = mlee.compare(same, {"a": same, "b": same})
    assert (found.rows_for(0.02) or 0) == pytest.approx(BOUND * 0.98 / 0.02, abs=2)


def test_without_rows_there_is_no_number() -> None:
    folds = mlee.compare(None, {"a": [0.8, 0.9, 0.85], "b": [0.7, 0.8, 0.9]})
    assert folds.rows_for(0.02) is None
    assert mlee.compare([0, 1] * 20, {"a": [0, 1] * 20}).rows_for(0.02) is None


@pytest.mark.parametrize("how", [{"gain": 0}, {"gain": "a"}, {"gain": True}, {"candidate": "zz"}, {"power": 1}])
def test_a_comparison_refuses(how: dict[str, Any]) -> None:
    with pytest.raises(MleeError):
        pilot(60).rows_for(**how)


def test_a_share_of_positives_changes_nothing_where_classes_do_not_count() -> None:
    assert rows_needed(0.05, positives=0.001) == rows_needed(0.05)
    assert rows_needed(0.05, metric="roc_auc", positives=0.2) == rows_needed(0.05, metric="roc_auc", positives=0.8)
    assert rows_needed(0.1, metric="recall", positives=0.001) >= 10 / 0.001
