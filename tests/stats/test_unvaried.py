"""What was not seen to vary is not known not to vary: no range without width, and no winner by an error of nothing."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlee_jupyter import compare
from mlee_jupyter.stats.compare.folds import fold_interval
from mlee_jupyter.stats.compare.intervals import unvaried_interval, wilson
from mlee_jupyter.stats.metrics.catalogue import metric_facts

BOUNDED = ["accuracy", "f1", "roc_auc", "balanced_accuracy"]
UNBOUNDED = ["rmse", "mae", "mse", "log_loss", "r2"]


def widths(found: Any) -> list[float]:
    return [s.high - s.low for s in found.judgement.standings]


# ---------------------------------------------------------------- folds


@settings(max_examples=60, deadline=None)
@given(
    metric=st.sampled_from(BOUNDED),
    levels=st.lists(st.sampled_from([0.0, 0.5, 0.7, 0.9, 0.97, 1.0]), min_size=2, max_size=4),
    folds=st.integers(5, 40),
)
def test_folds_that_are_all_alike_name_no_winner(metric: str, levels: list[float], folds: int) -> None:
    found = compare(None, {f"c{k}": [level] * folds for k, level in enumerate(levels)}, metric)
    assert found.winner is None
    assert len(set(levels)) > 1 or found.recommended is None
    assert min(widths(found)) > 0.1
    assert "say nothing of their spread" in repr(found)


@settings(max_examples=30, deadline=None)
@given(metric=st.sampled_from(UNBOUNDED), level=st.sampled_from([0.0, 0.3, 1.0]), folds=st.integers(5, 20))
def test_a_loss_that_is_alike_in_all_folds_has_no_range(metric: str, level: float, folds: int) -> None:
    found = compare(None, {"a": [level] * folds, "b": np.linspace(0.1, 0.9, folds)}, metric)
    standing = found.judgement.of("a")
    assert standing is not None
    assert math.isinf(standing.high - standing.low)
    said = str(found.explain("a"))
    assert "there is no range" in said
    assert "right 95 times" not in said
    assert "inf" not in said + repr(found)


@pytest.mark.parametrize("true", [0.9, 0.97, 0.99])
def test_perfect_folds_cover_the_truth(true: float) -> None:
    for seed in range(60):
        right = np.random.default_rng(seed).random((5, 20)) < true
        (standing,) = compare(None, {"a": right.mean(axis=1)}).judgement.standings
        assert standing.low < standing.high
        if right.all():
            assert standing.low <= true <= standing.high


@given(gap=st.floats(0.01, 0.3), folds=st.integers(5, 30))
@settings(max_examples=30, deadline=None)
def test_apart_by_the_same_in_every_fold_is_no_win(gap: float, folds: int) -> None:
    scores = np.random.default_rng(folds).uniform(0.4, 0.6, folds)
    assert compare(None, {"a": scores + gap, "b": scores}).winner is None


def test_folds_that_vary_are_judged_as_they_were() -> None:
    facts = metric_facts("accuracy")
    scores = np.array([0.80, 0.84, 0.78, 0.86, 0.82])
    assert fold_interval(scores, 0.25, facts=facts) == pytest.approx(fold_interval(scores, 0.25))
    assert compare(None, {"a": scores + 0.1, "b": scores - np.arange(5) / 100}).winner == "a"


def test_by_wilson_where_there_are_two_limits() -> None:
    assert unvaried_interval(metric_facts("accuracy"), 1.0, 5) == wilson(5, 5)
    assert unvaried_interval(metric_facts("brier"), 0.0, 5) == (0.0, 2 * wilson(0, 5)[1])
    assert unvaried_interval(metric_facts("mae"), 0.0, 5) == (0.0, math.inf)


# ---------------------------------------------------------------- groups and time

Y = np.tile([0, 1], 100)
PERIOD = np.arange(200) % 20


def wrong_on(first: int) -> np.ndarray:
    return np.where(first > PERIOD, 1 - Y, Y)


HANGING: dict[str, dict[str, Any]] = {
    "two groups": {"groups": np.arange(200) // 100},
    "five groups": {"groups": np.arange(200) // 40},
    "ten groups": {"groups": np.arange(200) // 20},
    "time": {"time": np.arange(200)},
}


@pytest.mark.parametrize("metric", ["accuracy", "mae", "mse", "rmse", "f1"])
@pytest.mark.parametrize("case", HANGING)
def test_what_does_not_vary_between_groups_is_as_wide_as_rows(case: str, metric: str) -> None:
    numbers = metric not in ("accuracy", "f1")
    truth = Y.astype(float) if numbers else Y
    answers = {name: wrong_on(k) / (2.0 if numbers else 1) for name, k in (("a", 3), ("b", 5))}
    if numbers:
        answers = {name: truth + 0.5 * (wrong_on(k) != Y) for name, k in (("a", 3), ("b", 5))}
    rows = {s.candidate: s for s in compare(truth, answers, metric).judgement.standings}
    found = compare(truth, answers, metric, **HANGING[case])
    assert found.winner is None
    for standing in found.judgement.standings:
        plain = rows[standing.candidate]
        assert standing.high - standing.low >= 0.9 * (plain.high - plain.low)
        assert math.isfinite(standing.high)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), case=st.sampled_from(sorted(HANGING)), rows=st.integers(150, 200))
def test_no_range_of_groups_or_time_is_without_width(seed: int, case: str, rows: int) -> None:
    random = np.random.default_rng(seed)
    period = np.arange(200) % random.integers(5, 40)
    truth, a = Y[:rows], np.where(period < random.integers(1, 5), 1 - Y, Y)[:rows]
    how = {name: values[:rows] for name, values in HANGING[case].items()}
    (standing,) = compare(truth, {"a": a}, **how).judgement.standings
    (plain,) = compare(truth, {"a": a}).judgement.standings
    assert standing.high - standing.low >= 0.2 * (plain.high - plain.low)


def test_groups_that_vary_are_judged_as_they_were() -> None:
    random = np.random.default_rng(1)
    groups = np.arange(400) // 20
    truth = random.integers(0, 2, 400)
    hard = random.random(20)[groups]
    a, b = (np.where(random.random(400) < 0.2 + 0.7 * hard * k, truth, 1 - truth) for k in (1.0, 0.3))
    assert compare(truth, {"a": a, "b": b}, groups=groups).winner == "a"


# ---------------------------------------------------------------- losses of nothing


@pytest.mark.parametrize("metric", ["rmse", "mae", "mse"])
@pytest.mark.parametrize("how", [{}, {"groups": np.arange(120) // 10}, {"time": np.arange(120)}])
def test_a_loss_of_nothing_has_no_range_and_a_word_about_a_leak(metric: str, how: dict[str, Any]) -> None:
    truth = np.random.default_rng(2).normal(size=120)
    other = truth + np.random.default_rng(3).normal(size=120)
    found = compare(truth, {"a": truth, "b": other}, metric, **how)
    standing = found.judgement.of("a")
    assert standing is not None
    assert math.isinf(standing.high)
    assert "has it seen the answers?" in repr(found)
    assert "whether it has seen the answers" in str(found.explain("a"))
    assert "has none" in str(found.explain("range"))
    assert "inf" not in str(found.to_dict()).lower().replace("influence", "")
    assert "seen the answers" not in repr(compare(truth, {"b": other}, metric, **how))


def test_a_log_loss_that_is_clipped_at_rounding_is_none() -> None:
    found = compare(Y, {"a": Y.astype(float), "b": np.where(Y == 1, 0.9, 0.1)}, "log_loss")
    assert "a has no error at all" in repr(found)
    assert all(s.cost_bound < 1 for s in found.judgement.standings)


def test_a_perfect_share_of_rows_stays_as_it_was() -> None:
    (standing,) = compare(Y, {"a": Y}).judgement.standings
    assert (standing.low, standing.high) == wilson(200, 200)
