"""Rows before there are any: worked examples, statsmodels, the other way round, and the power that was promised."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import mlee_jupyter as mlee
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.size.rows_needed import rows_needed, smallest_difference


def test_by_hand() -> None:
    """7.8489 (d - gain^2) / gain^2."""
    assert rows_needed(0.05, expected_disagreement=0.2) == math.ceil(7.848880 * (0.2 - 0.0025) / 0.0025)
    assert rows_needed(0.02, 0.85) == math.ceil(7.848880 * (0.85 * 0.13 + 0.87 * 0.15 - 0.0004) / 0.0004)
    assert mlee.rows_needed is rows_needed


def test_by_statsmodels() -> None:
    module = pytest.importorskip("statsmodels.stats.power")
    effect = 0.03 / math.sqrt(0.1 - 0.03**2)
    expected = module.NormalIndPower().solve_power(effect, alpha=0.05, power=0.9, ratio=0)
    assert rows_needed(0.03, expected_disagreement=0.1, power=0.9) == pytest.approx(expected, abs=2)


@pytest.mark.parametrize("rows", [50, 500, 50_000])
def test_the_other_way_round(rows: int) -> None:
    gain = mlee.smallest_difference(rows, expected_disagreement=0.2)
    assert rows_needed(gain, expected_disagreement=0.2) == pytest.approx(rows, abs=2)
    assert smallest_difference(2 * rows) < smallest_difference(rows)


def test_the_power_is_what_was_promised() -> None:
    random, samples = np.random.default_rng(6), 60
    gain, disagreement = 0.05, 0.15
    rows = rows_needed(gain, expected_disagreement=disagreement)
    truth, named = np.zeros(rows, dtype=int), 0
    for _ in range(samples):
        kind = random.choice(3, rows, p=[(disagreement + gain) / 2, (disagreement - gain) / 2, 1 - disagreement])
        better, worse = (kind == 1).astype(int), (kind == 0).astype(int)
        named += mlee.compare(truth, {"better": better, "worse": worse}).winner == "better"
    assert named / samples == pytest.approx(0.8, abs=0.03 + 2.5 * math.sqrt(0.16 / samples))


@pytest.mark.parametrize(
    "how",
    [
        {"useful_gain": 0},
        {"useful_gain": "a"},
        {"useful_gain": math.nan},
        {"useful_gain": 0.1, "expected_score": 1.2},
        {"useful_gain": 0.1, "expected_disagreement": 0.05},
        {"useful_gain": 0.1, "alpha": 0.9},
        {"useful_gain": 0.1, "power": 1},
        {"useful_gain": 1e-9},
    ],
)
def test_refusals(how: dict[str, float]) -> None:
    with pytest.raises(MleeError):
        rows_needed(**how)


BOUNDS = {
    "within": ({"expected_score": 1.5}, "expected_score = 1.5 is not above 0 and below 1."),
    "no number": ({"expected_score": "high"}, "expected_score = 'high' is not above 0 and below 1."),
    "not a number": ({"expected_score": float("nan")}, "expected_score = nan is not above 0 and below 1."),
    "above only": (
        {"metric": "rmse", "expected_score": -1.0},
        "expected_score = -1.0 is not above 0.",
    ),
    "below only": ({"metric": "r2", "expected_score": 2.0}, "expected_score = 2.0 is not a number and below 1."),
    "a spread": (
        {"metric": "rmse", "expected_score": 1, "expected_spread": 0},
        "expected_spread = 0 is not above 0.",
    ),
}


@pytest.mark.parametrize(("how", "words"), BOUNDS.values(), ids=BOUNDS)
def test_a_refusal_says_both_bounds(how: dict[str, Any], words: str) -> None:
    with pytest.raises(MleeError) as refused:
        rows_needed(0.02, **how)
    assert str(refused.value) == words
