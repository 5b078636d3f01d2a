"""Units of a plan against statsmodels and tea-tasting, and the power of each design in drawn tests."""

from __future__ import annotations

import math

import numpy as np
import pytest
import tea_tasting as tt
from statsmodels.stats.power import TTestIndPower, zt_ind_solve_power

from mlee_jupyter.stats.trial.always import always_bound, time_of_width
from mlee_jupyter.stats.trial.trial_size import (
    chance_seen,
    design_bounds,
    drift_needed,
    expected_share,
    plan_times,
    units_needed,
)

DRIFT = drift_needed("fixed", 1, 0.05, 0.8)


@pytest.mark.parametrize("share", [0.5, 0.2])
@pytest.mark.parametrize("gain", [0.02, 0.1, 0.5])
def test_units_are_those_of_statsmodels(gain: float, share: float) -> None:
    ratio = share / (1 - share)
    control = TTestIndPower().solve_power(gain, alpha=0.05, power=0.8, ratio=ratio)
    ours = units_needed(DRIFT, gain, 1.0, 1.0, share, 0.05)
    assert ours == pytest.approx(control * (1 + ratio), rel=2e-3, abs=1)
    plain = zt_ind_solve_power(gain, alpha=0.05, power=0.8, ratio=ratio) * (1 + ratio)
    assert ours - 1.96**2 / 2 == pytest.approx(plain, rel=1e-4)


def test_units_are_those_of_tea_tasting() -> None:
    sums = tt.aggr.Aggregates(count_=100, mean_={"x": 5.0}, var_={"x": 4.0})
    asked = tt.Mean("x", alpha=0.05, power=0.8, effect_size=0.1, use_t=True, equal_var=True)
    (found,) = asked.solve_power_from_aggregates(sums, "n_obs")
    assert units_needed(DRIFT, 0.1, 2.0, 2.0, 0.5, 0.05) == pytest.approx(found.n_obs, abs=2)


@pytest.mark.parametrize("design", ["looks", "always"])
def test_a_plan_keeps_its_power_and_its_false_alarms(design: str) -> None:
    draws, looks = 40_000, 5
    times = plan_times(design, looks)
    limits = design_bounds(design, times, 0.05)
    steps = np.diff((0.0, *times))
    random = np.random.default_rng(8)
    drift = drift_needed(design, looks, 0.05, 0.8)
    for truth, wanted in ((drift, 0.8), (0.0, 0.05)):
        z = np.cumsum(random.normal(truth * steps, np.sqrt(steps), (draws, len(times))), axis=1) / np.sqrt(times)
        over = np.abs(z) >= limits
        seen = over.any(axis=1).mean()
        allowed = 3 * math.sqrt(wanted * (1 - wanted) / draws)
        assert seen < wanted + allowed
        if truth:
            assert seen > wanted - allowed
            assert chance_seen(design, looks, 0.05, drift) == pytest.approx(0.8, abs=1e-6)
            used = np.array(times)[np.where(over.any(axis=1), over.argmax(axis=1), len(times) - 1)]
            assert expected_share(design, looks, 0.05, drift) == pytest.approx(used.mean(), abs=5e-3)


def test_looks_cost_little_and_always_costs_more() -> None:
    assert (drift_needed("looks", 5, 0.05, 0.8) / DRIFT) ** 2 == pytest.approx(1.025, abs=2e-3)
    assert 1.5 < (drift_needed("always", 5, 0.05, 0.8) / DRIFT) ** 2 < 2


@pytest.mark.parametrize("truth", [0.0, 0.3])
def test_an_always_range_holds_at_every_look(truth: float) -> None:
    """1,000 looks, from the thirtieth unit to ten times the plan."""
    draws, planned = 4_000, 300
    counts = np.arange(30, 3_030, 3)
    random = np.random.default_rng(9)
    missed = np.zeros(draws, dtype=bool)
    bound = np.array([always_bound(n / planned, 0.05) for n in counts])
    for one in range(draws):
        rows = random.normal(truth, 1.0, counts[-1])
        total, squares = np.cumsum(rows)[counts - 1], np.cumsum(rows**2)[counts - 1]
        error = np.sqrt((squares - total**2 / counts) / (counts - 1) / counts)
        missed[one] = (np.abs(total / counts - truth) > bound * error).any()
    assert missed.mean() < 0.05 + 2 * math.sqrt(0.05 * 0.95 / draws)


def test_an_always_range_is_the_published_one() -> None:
    """Waudby-Smith and others (2024), their half width for a spread of 1, written out."""
    planned, n, alpha = 500.0, 800.0, 0.05
    q = (-2 * math.log(alpha) + math.log(-2 * math.log(alpha) + 1)) / planned
    half = math.sqrt(2 * (n * q + 1) / (n**2 * q) * math.log(math.sqrt(n * q + 1) / alpha))
    assert always_bound(n / planned, alpha) / math.sqrt(n) == pytest.approx(half)


def test_when_it_is_narrow_enough() -> None:
    when = time_of_width(0.5, 1.0, 1.0)
    assert always_bound(when) / math.sqrt(when) == pytest.approx(0.5, rel=1e-6)
    assert time_of_width(1e-9, 1.0, 1.0) == math.inf
    assert time_of_width(50.0, 1.0, 2.0) == 2.0
