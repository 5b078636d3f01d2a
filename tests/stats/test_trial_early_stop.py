"""The corrected difference: as often too large as too small, and its range holds as often as it says."""

from __future__ import annotations

import numpy as np
import pytest

from mlee_jupyter.stats.trial.crossing import upper_tail
from mlee_jupyter.stats.trial.early_stop import corrected
from mlee_jupyter.stats.trial.trial_size import design_bounds, drift_needed, plan_times


def ends(design: str, looks: int, drift: float, draws: int, seed: int) -> tuple[np.ndarray, np.ndarray, tuple, tuple]:
    """At which look drawn tests end, and with which Z."""
    times = plan_times(design, looks)
    limits = design_bounds(design, times, 0.05)
    steps = np.diff((0.0, *times))
    random = np.random.default_rng(seed)
    z = np.cumsum(random.normal(drift * steps, np.sqrt(steps), (draws, len(times))), axis=1) / np.sqrt(times)
    over = np.abs(z) >= limits
    over[:, -1] = True
    at = over.argmax(axis=1)
    return at, z[np.arange(draws), at], times, limits


@pytest.mark.parametrize("times_the_plan", [0.5, 1.0, 1.5])
@pytest.mark.parametrize("design", ["looks", "always"])
def test_the_median_end_is_put_right(design: str, times_the_plan: float) -> None:
    """Ends in their order: the one in the middle, corrected, is the truth; plain estimates lie above it on average."""
    drift = times_the_plan * drift_needed(design, 5, 0.05, 0.8)
    draws = 100_000
    at, z, times, limits = ends(design, 5, drift, draws, 5)
    plain = z / np.sqrt(np.array(times)[at])
    last = len(times) - 1
    order = np.where(at == last, z, np.where(z > 0, 100.0 * (last - at) + z, -100.0 * (last - at) + z))
    middle = np.argsort(order)[draws // 2]
    k = int(at[middle])
    found = corrected(times[: k + 1], limits[:k], float(z[middle]), 1 / np.sqrt(times[k]))
    naive_bias = plain.mean() - drift
    assert naive_bias > 0.05
    near = 3 * 1.2533 / np.sqrt(draws)  # three standard errors of a median with a spread of 1
    assert abs(found.value - drift) < max(0.1 * naive_bias, near)


def test_its_range_holds_as_often_as_it_says() -> None:
    """The truth is in the range when the chance of the end, at the truth, is between 2.5 and 97.5%."""
    drift = drift_needed("looks", 5, 0.05, 0.8)
    at, z, times, limits = ends("looks", 5, drift, 4_000, 6)
    tails = np.array([upper_tail(times[: k + 1], limits[:k], x, drift) for k, x in zip(at, z, strict=True)])
    held = np.mean((tails > 0.025) & (tails < 0.975))
    assert abs(held - 0.95) < 3 * np.sqrt(0.95 * 0.05 / 4_000)
    assert abs(np.mean(tails < 0.5) - 0.5) < 3 * 0.5 / np.sqrt(4_000)


def test_without_an_earlier_look_nothing_is_corrected() -> None:
    found = corrected((0.4,), (), 3.0, 2.0)
    assert (found.value, found.low, found.high) == pytest.approx((6.0, 6 - 3.92, 6 + 3.92), abs=1e-3)


def test_it_is_the_same_in_every_unit_of_information_and_for_both_signs() -> None:
    one = corrected((0.2, 0.5), (4.877,), 3.1, 0.7)
    other = corrected((20.0, 50.0), (4.877,), 3.1, 0.7)
    assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high), rel=1e-6)
    mirrored = corrected((0.2, 0.5), (4.877,), -3.1, 0.7)
    assert (one.value, one.low, one.high) == pytest.approx((-mirrored.value, -mirrored.high, -mirrored.low), rel=1e-6)


@pytest.mark.parametrize("z", [2.5, 8.0, 30.0])
def test_a_late_stop_is_corrected_downward_and_far_ends_are_found(z: float) -> None:
    found = corrected((0.2, 0.4, 0.6), (4.877, 3.357), z, 1.0)
    assert found.low < found.value <= z * 1.0001
    assert found.high > found.value
