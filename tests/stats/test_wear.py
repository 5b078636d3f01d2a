"""The luck budget: what looking again and again can gain when nothing is better."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from scipy import integrate, stats

from mlee_jupyter.stats.compare.wear import count_bound, luck_budget, luck_of_largest, luck_of_step


@pytest.mark.parametrize("count", [1, 2, 10, 300])
def test_the_luck_of_the_largest_is_what_scipy_integrates(count: int) -> None:
    mean, _ = integrate.quad(lambda x: 1 - stats.norm.cdf(x) ** count, 0, 12)
    square, _ = integrate.quad(lambda x: 2 * x * (1 - stats.norm.cdf(x) ** count), 0, 12)
    assert luck_of_largest(count) == pytest.approx((mean, square - mean**2), rel=1e-6)


def test_one_look_alone_has_the_known_numbers() -> None:
    assert luck_of_largest(1) == pytest.approx((0.3989, 0.3408), abs=1e-4)


def test_the_budget_is_the_formula() -> None:
    spreads = [0.01, 0.02, 0.01, 0.015, 0.02, 0.01]
    by_hand = 0.398942 * sum(spreads) + 1.644854 * math.sqrt(0.340845 * sum(s**2 for s in spreads))
    assert luck_budget([[s] for s in spreads], 6, 0.01) == pytest.approx(by_hand, rel=1e-5)


@pytest.mark.parametrize(("looks", "level"), [(1, 0.95), (2, 0.95**0.5), (20, 0.95**0.05)])
def test_the_count_bound_is_sidaks(looks: int, level: float) -> None:
    assert count_bound(looks, 0.02) == pytest.approx(0.02 * NormalDist().inv_cdf(level))


def test_few_looks_are_held_to_the_count() -> None:
    assert luck_budget([[0.01]], 1, 0.01) == pytest.approx(0.01645, rel=1e-3)


def test_looks_handed_over_together_cost_less_than_one_after_the_other() -> None:
    together, apart = luck_budget([[0.01] * 30], 30, 0.01), luck_budget([[0.01]] * 30, 30, 0.01)
    assert together < apart / 3
    assert together >= count_bound(30, 0.01)


def test_a_step_costs_never_more_than_its_looks_apart() -> None:
    assert luck_of_step([0.1, 0.0001, 0.0001])[0] == pytest.approx(0.39894 * 0.1002, rel=1e-4)


@pytest.mark.parametrize("steps", [[], [[]], [[0.0, 0.0]]])
def test_looks_that_changed_nothing_cost_nothing(steps: list[list[float]]) -> None:
    assert luck_budget(steps, 0, 0.0) == 0.0
    assert luck_budget(steps, 3, 0.0) == 0.0


def test_hill_climbing_without_any_effect_is_seldom_called_progress() -> None:
    """Gaussian steps that are all kept when they are positive: the case that the budget is made for."""
    random, runs = np.random.default_rng(5), 4000
    for looks in (1, 2, 5, 50):
        spreads = random.uniform(0.5, 1.5, looks)
        gains = np.maximum(0, random.standard_normal((runs, looks)) * spreads).sum(axis=1)
        last = float(np.sqrt((spreads**2).sum()))
        naive = float(np.mean(gains > 1.645 * last / math.sqrt(2)))
        ours = float(np.mean(gains > luck_budget([[s] for s in spreads], looks, last)))
        assert ours < 0.05 + 3 * math.sqrt(0.05 * 0.95 / runs), looks
        if looks == 50:
            assert naive > 0.9
