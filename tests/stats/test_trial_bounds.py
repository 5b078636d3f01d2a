"""Bounds of looks against published tables and against multivariate normal integrals by another method."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm

from mlee_jupyter.stats.trial.crossing import crossings
from mlee_jupyter.stats.trial.spending import bounds, spent
from mlee_jupyter.stats.trial.trial_size import false_alarms_of_peeking

# O'Brien-Fleming type spending, both sides 5%: the tables that ldbounds and gsDesign print
PUBLISHED = {
    2: (2.963, 1.969),
    3: (3.710, 2.511, 1.993),
    4: (4.333, 2.963, 2.359, 2.014),
    5: (4.877, 3.357, 2.680, 2.290, 2.031),
}
# Armitage, McPherson and Rowe (1969), table 2: false alarms of |Z| > 1.96 at so many equal looks
PEEKING = {1: 0.05, 2: 0.083, 3: 0.107, 4: 0.126, 5: 0.142, 10: 0.193, 20: 0.248}


def equal(looks: int) -> tuple[float, ...]:
    return tuple((k + 1) / looks for k in range(looks))


@pytest.mark.parametrize("looks", PUBLISHED)
def test_equal_looks_are_the_published_ones(looks: int) -> None:
    assert bounds(equal(looks)) == pytest.approx(PUBLISHED[looks], abs=6e-4)


def test_one_side_of_five_per_cent_is_the_published_one() -> None:
    """The documentation of SeqBounds.jl, at information of 0.25 and 0.5."""
    assert bounds((0.25, 0.5, 0.75, 1), 0.1)[:2] == pytest.approx((3.74955, 2.53993), abs=2e-4)


@pytest.mark.parametrize("looks", PEEKING)
def test_peeking_is_as_bad_as_was_published(looks: int) -> None:
    assert false_alarms_of_peeking(equal(looks), 0.05) == pytest.approx(PEEKING[looks], abs=6e-4)


rising = st.lists(st.floats(0.05, 1.0), min_size=1, max_size=4).map(lambda steps: tuple(np.cumsum(steps) / sum(steps)))


@given(rising, st.sampled_from([0.01, 0.05, 0.2]))
@settings(max_examples=30, deadline=None)
def test_uneven_looks_spend_what_they_may(times: tuple[float, ...], alpha: float) -> None:
    """By Genz's integration of the joint normal distribution, which shares nothing with ours."""
    limits = np.array(bounds(times, alpha))
    correlation = np.sqrt(np.minimum.outer(times, times) / np.maximum.outer(times, times))
    inside = multivariate_normal(cov=correlation, allow_singular=True, seed=1).cdf(limits, lower_limit=-limits)
    assert 1 - inside == pytest.approx(alpha, abs=2e-4)
    up, down = crossings(times, tuple(limits))
    assert np.cumsum(up) == pytest.approx([spent(time, alpha) for time in times], rel=1e-6, abs=1e-11)
    assert down == pytest.approx(up)


def test_crossings_with_a_drift_are_those_of_drawn_paths() -> None:
    times, drift, draws = (0.3, 0.45, 1.0), 2.5, 400_000
    limits = bounds(times)
    steps = np.diff((0.0, *times))
    random = np.random.default_rng(3)
    z = np.cumsum(random.normal(drift * steps, np.sqrt(steps), (draws, 3)), axis=1) / np.sqrt(times)
    over = np.abs(z) >= limits
    first = np.where(over.any(axis=1), over.argmax(axis=1), 3)
    up, down = crossings(times, limits, drift)
    for look in range(3):
        ended = z[first == look, look]
        for share, computed in (((ended > 0).sum() / draws, up[look]), ((ended < 0).sum() / draws, down[look])):
            assert abs(share - computed) < 4 * np.sqrt(computed / draws) + 1e-9


def test_many_looks_and_close_ones_keep_their_precision() -> None:
    times = (0.001, *(0.01 * k for k in range(1, 50)), 0.4999, 0.9, 0.999, 1.0)
    times = tuple(sorted(set(times)))
    times = tuple(t for t, before in zip(times, (0.0, *times), strict=False) if t - before >= 0.001)
    up, down = crossings(times, bounds(times))
    assert up.sum() + down.sum() == pytest.approx(0.05, abs=1e-6)


def test_after_the_end_nothing_is_left() -> None:
    assert bounds((0.5, 1.2, 1.3))[1] < 2.1
    assert bounds((0.5, 1.2, 1.3))[2] == np.inf


def test_one_look_is_the_plain_test() -> None:
    assert bounds((1.0,), 0.05) == pytest.approx((norm.isf(0.025),))


@pytest.mark.parametrize("times", [(0.5, 0.5), (0.5, 0.4), (0.5, 0.5005), (0.0, 1.0), (0.0004,)])
def test_times_that_do_not_rise_are_refused(times: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="looks must lie"):
        bounds(times)
