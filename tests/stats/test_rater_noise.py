"""What several raters a row say of the scores, against a two-way analysis of variance and a simulation."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.formula.api import ols

from mlee_jupyter.stats.own_scores.rater_noise import rater_noise, tastes_may_decide


def drawn(seed: int, n: int, taste: float, slips: float = 1.0, gain: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    rows, levels = random.normal(size=(n, 1)), random.normal(size=3)
    first = rows + levels + taste * random.normal(size=3) + slips * random.normal(size=(n, 3))
    second = rows + levels + taste * random.normal(size=3) + slips * random.normal(size=(n, 3))
    return first + gain, second


def test_the_noise_within_a_row() -> None:
    first, second = drawn(0, 2000, 0.0, slips=2.0)
    found = rater_noise(first, second)
    assert found is not None
    assert found.a_row == 3
    assert found.spread == pytest.approx(2.0, rel=0.03), "levels of raters are no noise"
    assert found.share == pytest.approx(1.0, abs=0.05), "the two differ by slips alone"


def test_no_row_with_two_scores() -> None:
    first = np.array([[1.0, np.nan], [np.nan, 2.0], [3.0, np.nan]])
    assert rater_noise(first, first) is None
    assert not tastes_may_decide(first, first, 0.05)


def test_the_split_is_that_of_a_two_way_analysis_of_variance() -> None:
    first, second = drawn(1, 40, 0.8, gain=3.0)
    apart = first - second
    table = {"d": apart.ravel(), "row": np.repeat(np.arange(40), 3), "rater": np.tile(np.arange(3), 40)}
    squares = sm.stats.anova_lm(ols("d ~ C(row) + C(rater)", table).fit())
    of_raters = float(squares.mean_sq["C(rater)"]) / 40  # the variance of the raters' means
    assert apart.mean(axis=0).var(ddof=1) == pytest.approx(of_raters)
    slips = apart - apart.mean(axis=1, keepdims=True) - apart.mean(axis=0) + apart.mean()
    assert (slips**2).sum() / (39 * 2) == pytest.approx(float(squares.mean_sq["Residual"]))


def test_tastes_are_seldom_taken_for_a_lead() -> None:
    taken = clear = 0
    for seed in range(300):
        first, second = drawn(seed, 200, 0.3)
        if first.mean() < second.mean():
            first, second = second, first
        means = (first - second).mean(axis=1)
        sure = means.mean() > 1.96 * means.std(ddof=1) / np.sqrt(200)
        clear += sure
        taken += sure and not tastes_may_decide(first, second, 0.05)
    assert clear / 300 > 0.3, "by rows alone"
    assert taken / 300 < 0.05 + 2 * np.sqrt(0.05 * 0.95 / 300)


def test_a_lead_that_all_raters_see_stays() -> None:
    kept = [not tastes_may_decide(*drawn(seed, 200, 0.0, gain=0.4), 0.05) for seed in range(100)]
    assert np.mean(kept) > 0.8
