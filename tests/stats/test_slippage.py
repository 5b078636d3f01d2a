"""How long a box takes from what earlier ones took, and what more tries bring."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from mlee_jupyter.stats.time.further_tries import brought_by
from mlee_jupyter.stats.time.slippage import slippage, slippage_of_the_rest


def test_nothing_known_is_the_prior() -> None:
    """t of 2 degrees at 90% is 1.886; the spread 0.5 sqrt(1 + 1/2)."""
    found = slippage(())
    assert found.middle == pytest.approx(1.3)
    assert math.log(found.high / found.middle) == pytest.approx(1.8856 * 0.5 * math.sqrt(1.5), rel=1e-4)
    assert found.low * found.high == pytest.approx(1.3**2)


def test_two_boxes_by_hand() -> None:
    """Boxes of once and of four times the plan: a mean logarithm of log 2, two of them beside a prior of two."""
    found = slippage((1.0, 4.0))
    assert found.middle == pytest.approx(math.sqrt(1.3 * 2))
    scatter = 2 * 0.25 + 2 * math.log(2) ** 2 + math.log(2 / 1.3) ** 2
    half = stats.t.ppf(0.9, 4) * math.sqrt(scatter / 4 * 1.25)
    assert math.log(found.high / found.middle) == pytest.approx(half)


def test_it_is_the_predictive_of_a_normal_inverse_gamma_by_draws() -> None:
    """An independent way: draw spread and mean from their posterior, then the next box."""
    times = np.array([0.9, 1.7, 2.4, 1.2, 3.1])
    logs, random, n = np.log(times), np.random.default_rng(3), 5
    mean, start, draws = logs.mean(), math.log(1.3), 400_000
    scatter = 2 * 0.25 + ((logs - mean) ** 2).sum() + 2 * n / (n + 2) * (mean - start) ** 2
    spread = np.sqrt(scatter / random.chisquare(n + 2, draws))
    level = random.normal((2 * start + n * mean) / (n + 2), spread / math.sqrt(n + 2))
    drawn = np.exp(random.normal(level, spread))
    low, middle, high = slippage(list(times))
    assert np.quantile(drawn, [0.1, 0.5, 0.9]) == pytest.approx([low, middle, high], rel=0.01)


@pytest.mark.parametrize("times", [0.8, 1.0, 1.7, 3.0])
def test_its_interval_holds_from_the_fourth_box_on(times: float) -> None:
    random = np.random.default_rng(7)
    held = []
    for _ in range(500):
        boxes = np.exp(random.normal(math.log(times), 0.5, 8))
        for number in range(3, 8):
            low, _, high = slippage(list(boxes[:number]))
            held.append(low <= boxes[number] <= high)
    assert 0.75 <= np.mean(held) <= 0.88


def test_a_pace_of_its_own_moves_the_rest() -> None:
    past = [1.0, 1.0, 1.0, 1.0]
    slow, none = slippage_of_the_rest(past, 6.0, 2.0, 2.0), slippage_of_the_rest(past, 0.0, 2.0, 2.0)
    assert none == slippage(past)
    assert slow.middle == pytest.approx(slippage([*past, 3.0]).middle)
    assert slow.high / slow.middle > slippage([*past, 3.0]).high / slow.middle


def test_what_tries_brought_by_hand() -> None:
    """Of 1, 2, 4 the best of two is 2, 4 or 4 (10/3); the best of one is 7/3."""
    assert brought_by([4, 1, 2], 1) == pytest.approx(4 - 10 / 3)
    assert brought_by([1, 4, 2], 2) == pytest.approx(4 - 7 / 3)
    assert brought_by([3, 3, 3, 3], 2) == 0


def test_what_tries_brought_is_the_mean_over_all_ways() -> None:
    scores = list(np.random.default_rng(5).normal(size=9))
    ways = [max(scores) - max(kept) for kept in itertools.combinations(scores, 4)]
    assert brought_by(scores, 5) == pytest.approx(float(np.mean(ways)))


def test_as_many_again_bring_less() -> None:
    random = np.random.default_rng(11)
    tries = random.normal(size=(4000, 15))
    further = np.mean(tries.max(1) - tries[:, :10].max(1))
    said = np.mean([brought_by(list(row[:10]), 5) for row in tries])
    assert further < said
