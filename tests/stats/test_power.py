"""Rows needed: worked examples, statsmodels, and whether the promised power is there."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from mlee_jupyter.stats.size import power


@pytest.mark.parametrize(("gain", "disagreement", "rows"), [(0.02, 0.03, 589), (0.01, 0.03, 2355), (0.05, 0.2, 628)])
def test_connors_rows(gain: float, disagreement: float, rows: int) -> None:
    """n = 7.85 d / gain^2 (Connor 1987 at 5% and 80%)."""
    assert power.rows_to_resolve(gain, disagreement) == rows


def test_rows_and_smallest_gain_are_two_sides_of_one_thing() -> None:
    rows = power.rows_to_separate(0.03, 0.4, 1.96)
    assert rows is not None
    assert power.smallest_gain(0.4 / math.sqrt(rows), 1.96) == pytest.approx(0.03, rel=2e-3)


def test_one_pair_by_statsmodels() -> None:
    module = pytest.importorskip("statsmodels.stats.power")
    expected = module.NormalIndPower().solve_power(0.03 / 0.4, alpha=0.05, power=0.8, ratio=0)
    assert power.rows_to_separate(0.03, 0.4, stats.norm.isf(0.025)) == pytest.approx(expected, abs=2)


@pytest.mark.parametrize(
    ("gap", "spread"),
    [(0.0, 1.0), (-0.1, 1.0), (1e-9, 1.0), (math.nan, 1.0), (0.1, math.inf), (0.1, 0.0), (5e-324, 1.0)],
)
def test_never_is_none(gap: float, spread: float) -> None:
    assert power.rows_to_separate(gap, spread, 1.96) is None
    assert power.rows_to_resolve(gap, spread) is None


@pytest.mark.parametrize(("better", "worse"), [(0, 0), (5, 0), (6, 0), (0, 6), (40, 20), (9, 12)])
def test_exact_mcnemar_is_the_sign_test(better: int, worse: int) -> None:
    expected = stats.binomtest(better, better + worse, alternative="greater").pvalue if better + worse else 1.0
    assert power.exact_mcnemar(better, worse) == pytest.approx(expected, rel=1e-9)


def test_the_power_is_what_was_promised() -> None:
    """Two candidates, 85% and 87.5% right, independent given the row's difficulty: the difference is found in 80%."""
    random = np.random.default_rng(4)
    only_first, only_second = 0.065, 0.04
    rows = power.rows_to_resolve(only_first - only_second, only_first + only_second)
    assert rows is not None
    samples = 2000
    draws = random.multinomial(rows, [only_first, only_second, 1 - only_first - only_second], size=samples)
    better, worse = draws[:, 0], draws[:, 1]
    gap = (better - worse) / rows
    error = np.sqrt(((better + worse) / rows - gap**2) / (rows - 1))
    found = float(np.mean(np.abs(gap / error) > 1.96))
    assert found == pytest.approx(0.8, abs=0.02 + 3 * math.sqrt(0.16 / samples))
