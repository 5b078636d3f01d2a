"""What a choice may cost: one-sided, against the best alone, for all at once."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from mlee_jupyter.stats.compare.caution import with_caution
from mlee_jupyter.stats.compare.choice_costs import cost_bounds
from mlee_jupyter.stats.compare.confidence_set import confidence_set
from mlee_jupyter.stats.compare.pairs import Pairs, compare_pairs
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.scored import Scored


def columns_of(values: np.ndarray) -> list[Scored]:
    """Row means of the given gains (rows, K), higher is better."""
    return [Scored(theta=float(c.mean()), psi=c - c.mean(), df=len(c) - 1) for c in values.T]


def bounds_of(pairs: Pairs, columns: list[Scored] | None = None) -> np.ndarray:
    """Every column is a candidate."""
    two_sided = confidence_set(pairs).critical_all
    return cost_bounds(pairs, np.arange(len(pairs.theta)), 0.05, two_sided=two_sided, columns=columns)


def test_of_two_the_bound_is_the_paired_t_intervals_one_sided_end() -> None:
    gains = np.random.default_rng(7).normal(size=(400, 2)) + np.array([0.2, 0.0])
    pairs = compare_pairs(columns_of(gains))
    bounds = bounds_of(pairs)
    interval = stats.ttest_rel(gains[:, 0], gains[:, 1]).confidence_interval(0.90)
    assert bounds[1] == pytest.approx(interval.high, rel=1e-6)
    assert bounds[0] == pytest.approx(max(0.0, -interval.low), rel=1e-6)


def test_settings_of_one_candidate_cost_nothing_against_each_other() -> None:
    pairs = compare_pairs(columns_of(np.random.default_rng(7).normal(size=(400, 2))))
    assert np.array_equal(cost_bounds(pairs, np.array([0, 0]), 0.05, two_sided=2.0), [0.0, 0.0])


@pytest.mark.parametrize(("count", "published"), [(3, 1.92), (5, 2.16), (10, 2.42)])
def test_equal_columns_need_dunnetts_one_sided_quantile(count: int, published: float) -> None:
    """Dunnett (1955), table 1a: upper 5% points with infinite degrees of freedom."""
    spread = np.full((count, count), math.sqrt(2))
    np.fill_diagonal(spread, 0)
    pairs = Pairs(
        theta=np.zeros(count),
        variance=np.ones(count),
        covariance=np.eye(count) - 1 / count,
        spread=spread,
        df=np.full((count, count), 1e9),
        n=1000,
        disagreements=None,
    )
    assert bounds_of(pairs) / math.sqrt(2) == pytest.approx(np.full(count, published), abs=0.03)


def test_all_bounds_hold_at_once() -> None:
    random = np.random.default_rng(8)
    worth = np.array([0.3, 0.25, 0.1, 0.0])
    held, samples = 0, 300
    for _ in range(samples):
        pairs = compare_pairs(columns_of(random.normal(size=(60, 4)) + random.normal(size=(60, 1)) + worth))
        held += bool(np.all(bounds_of(pairs) >= worth.max() - worth))
    assert held / samples >= 0.95 - 2 * math.sqrt(0.05 * 0.95 / samples)


def test_a_bound_grows_where_a_few_rows_speak_loudly_against_a_candidate() -> None:
    """Two columns of one mean and one variance each: one steady, one with two blunders in 100 rows."""
    random, facts = np.random.default_rng(5), metric_facts("mse")
    steady = -1 + 0.3 * random.standard_normal(100)
    blunders = -np.where(np.arange(100) < 2, 20.0, 0.6) + 0.1 * random.standard_normal(100)
    columns = columns_of(np.stack((steady, blunders + steady.mean() - blunders.mean()), axis=1))
    plain = compare_pairs(columns)
    cautious = with_caution(plain, columns, facts)
    assert bounds_of(cautious, columns)[1] > 1.3 * bounds_of(plain)[1]
    assert bounds_of(cautious, columns)[0] == pytest.approx(bounds_of(plain)[0], rel=0.02)
