"""The lower bound of the leader, however it came to lead."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from mlee_jupyter.domain import ResultKind
from mlee_jupyter.judge.entries import Entry
from mlee_jupyter.judge.judging import judge
from mlee_jupyter.judge.leader import bound_of_leader
from mlee_jupyter.stats.compare.intervals import score_interval
from mlee_jupyter.stats.compare.leader_bound import for_skewness, largest_error, within_limits
from mlee_jupyter.stats.compare.pairs import compare_pairs
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.scored import Scored

from .test_confidence_set import columns_of


def reach_of(gains: np.ndarray, **how: object) -> float:
    return largest_error(compare_pairs(columns_of(gains)), 0.05, **how)  # type: ignore[arg-type]


def test_one_column_has_its_own_quantile() -> None:
    assert reach_of(np.random.default_rng(1).normal(size=(80, 1))) == pytest.approx(1.6449, abs=1e-3)


@pytest.mark.parametrize("count", [2, 10, 50])
def test_independent_columns_have_sidaks_quantile(count: int) -> None:
    gains = np.random.default_rng(2).normal(size=(20_000, count))
    assert reach_of(gains) == pytest.approx(NormalDist().inv_cdf(0.95 ** (1 / count)), abs=0.06)


def test_identical_columns_are_one() -> None:
    column = np.random.default_rng(3).normal(size=(80, 1))
    assert reach_of(np.repeat(column, 20, axis=1)) == pytest.approx(1.6449, abs=0.06)


def test_columns_left_out_widen_it_as_if_they_were_there() -> None:
    gains = np.random.default_rng(4).normal(size=(5000, 40))
    pairs = compare_pairs(columns_of(gains))
    left_out = largest_error(pairs.first(10), 0.05, pairs.spread[0, 10:])
    assert left_out == pytest.approx(largest_error(pairs), abs=0.1)
    assert left_out > largest_error(pairs.first(10)) + 0.1


def test_columns_without_any_error_are_no_trouble() -> None:
    assert reach_of(np.ones((50, 4))) == pytest.approx(1.6449, abs=1e-3)
    assert reach_of(np.concatenate([np.ones((50, 2)), np.random.default_rng(1).normal(size=(50, 2))], axis=1)) > 1.7


def test_a_long_tail_of_bad_rows_widens_and_one_of_good_rows_does_not() -> None:
    tail = -(np.random.default_rng(6).exponential(size=200) ** 1.5)
    bad, good = (Scored(theta=0.0, psi=psi - psi.mean(), df=199) for psi in (tail, -tail))
    assert for_skewness(1.645, [bad]) > 1.8
    assert for_skewness(1.645, [good]) == 1.645
    assert for_skewness(1.645, [good, bad, bad, bad]) > 1.645
    assert for_skewness(1.645, [Scored(theta=1.0, psi=np.zeros(9), df=8)]) == 1.645


def test_limits_are_kept() -> None:
    assert 0 < within_limits(0.02, 0.5, 0.0, 1.0) < 0.02
    assert 0.9 < within_limits(0.999, 0.002, 0.0, 1.0) < 0.997
    assert within_limits(2.0, 0.2, 0.0, math.inf) == pytest.approx(2 * math.exp(0.1))
    assert within_limits(1e-300, 1.0, 0.0, math.inf) > 1


@pytest.mark.parametrize("metric", ["accuracy", "roc_auc", "mean_squared_error", "f1"])
def test_it_lies_on_the_right_side_of_the_corrected_score(metric: str) -> None:
    random = np.random.default_rng(7)
    truth = random.integers(0, 2, 200)
    entries = []
    for k in range(8):
        noisy = truth + random.normal(0, 0.8, 200)
        kind = ResultKind.SCORES if metric == "roc_auc" else ResultKind.PREDICTIONS
        rows = (noisy > 0.5).astype(int) if metric in ("accuracy", "f1") else noisy
        entries.append(Entry(candidate=str(k), rows=rows, kind=kind))
    answers = truth.astype(float) if metric == "mean_squared_error" else truth
    found = judge(answers, entries, metric=metric)
    sign = 1 if found.higher_is_better else -1
    assert found.leader_corrected is not None
    assert found.leader_bound is not None
    score = found.standings[0].score
    assert sign * found.leader_bound < sign * found.leader_corrected < sign * score
    assert abs(found.leader_corrected - score) == pytest.approx(found.flattery)


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        (ResultKind.FOLDS, [[0.8, 0.82, 0.79, 0.85, 0.8], [0.7, 0.72, 0.78, 0.71, 0.7], [0.8, 0.8, 0.81, 0.8, 0.84]]),
        (ResultKind.NUMBER, [0.91, 0.9, 0.88]),
    ],
)
def test_folds_and_bare_scores_have_one_too(kind: ResultKind, rows: list) -> None:
    bare = kind is ResultKind.NUMBER
    entries = [
        Entry(
            candidate=str(k),
            rows=None if bare else np.array(one),
            kind=kind,
            value=one if bare else None,
            n=300 if bare else None,
        )
        for k, one in enumerate(rows)
    ]
    found = judge(None, entries, metric="accuracy")
    assert found.leader_bound is not None
    assert 0 < found.leader_bound < (found.leader_corrected or 0) < found.standings[0].score


def test_it_covers_the_leaders_true_score() -> None:
    """Twenty equal candidates, 60 rows of squared errors: the hard case, in which a plain t bound falls short."""
    facts, random, covered, plain = metric_facts("mean_squared_error"), np.random.default_rng(8), [], []
    for _ in range(60):
        errors = 0.7 * random.standard_normal(60) + 0.71 * random.standard_normal((20, 60))
        losses = errors**2
        order = np.argsort(losses.mean(axis=1))
        columns = [Scored(theta=-float(losses[k].mean()), psi=losses[k].mean() - losses[k], df=59) for k in order]
        pairs = compare_pairs(columns)
        interval = lambda error, first=columns[0]: score_interval(facts, first, error, cautious=False)  # noqa: E731
        covered.append(bound_of_leader(facts, pairs, 0.05, interval, columns) >= 0.49 + 0.5041)
        plain.append(bound_of_leader(facts, pairs, 0.05, interval) >= 0.49 + 0.5041)
    assert np.mean(covered) > 0.93 - 3 * math.sqrt(0.93 * 0.07 / 60)
    assert np.mean(plain) < np.mean(covered) - 0.05
