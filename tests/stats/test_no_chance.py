"""A log loss of probabilities that are 0: what one row would cost on which that class comes after all."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mlee_jupyter import compare
from mlee_jupyter.domain import ResultKind
from mlee_jupyter.judge.entries import measure

LOST = -math.log(np.finfo(float).eps)


def _votes(random: np.random.Generator, truth: np.ndarray, voters: int, right: float) -> np.ndarray:
    """Shares of voters for class 1; each votes by a draw that they share, so that all of them may be wrong."""
    lean = np.where(random.random(len(truth)) < right, truth, 1 - truth)
    return random.binomial(voters, np.where(lean == 1, 0.93, 0.07)) / voters


def _true_loss(voters: int, right: float) -> float:
    random = np.random.default_rng(11)
    truth = random.integers(0, 2, 400_000)
    given = _votes(random, truth, voters, right)
    kept = np.clip(np.where(truth == 1, given, 1 - given), np.finfo(float).eps, None)
    return float(-np.log(kept).mean())


@pytest.mark.parametrize(("voters", "right"), [(5, 0.99), (15, 0.97), (9, 0.995)])
@pytest.mark.parametrize("rows", [60, 150])
def test_its_range_holds(voters: int, right: float, rows: int) -> None:
    """Of 200 samples at most 5% and two standard errors lie off the truth."""
    random, true = np.random.default_rng(voters * rows), _true_loss(voters, right)
    off = 0
    for _ in range(200):
        truth = random.integers(0, 2, rows)
        found = measure(truth, _votes(random, truth, voters, right), ResultKind.SCORES, metric="log_loss")
        off += not found.low <= true <= found.high
    assert off <= 200 * 0.05 + 2 * math.sqrt(200 * 0.05 * 0.95)


def test_what_was_not_struck_names_no_winner_over_its_better() -> None:
    """Voters lose 36 on one row of fifty and seem best where none came; the steady one is better in truth."""
    random, false = np.random.default_rng(4), 0
    for _ in range(150):
        truth = random.integers(0, 2, 100)
        steady = np.clip(np.where(truth == 1, 0.8, 0.2) + random.normal(0, 0.05, 100), 0.01, 0.99)
        false += (
            compare(truth, {"votes": _votes(random, truth, 15, 0.98), "steady": steady}, metric="log_loss").winner
            == "votes"
        )
    assert false <= 150 * 0.05 + 2 * math.sqrt(150 * 0.05 * 0.95)


def test_the_room_by_hand() -> None:
    """Half of 100 rows denied a class: one more costs 36.04 / 100, of which 50 of 52 are room."""
    random = np.random.default_rng(2)
    truth = np.array([0, 1] * 50)
    even = np.where(truth == 1, 0.9, 0.1) + random.uniform(-0.05, 0.05, 100)
    sure = np.where(np.arange(100) < 50, truth.astype(float), even)
    found = compare(truth, {"sure": sure, "even": even}, metric="log_loss")
    behind = next(one for one in found.judgement.standings if one.candidate == "even")
    assert found.winner is None
    assert behind.behind_high > 1.9 * LOST / 100 * 50 / 52
    assert "are 0 on 50 rows" in str(found)


def test_smooth_probabilities_are_judged_as_they_were() -> None:
    random = np.random.default_rng(2)
    truth = np.array([0, 1] * 50)
    even = np.where(truth == 1, 0.9, 0.1) + random.uniform(-0.05, 0.05, 100)
    sure = np.where(np.arange(100) < 50, np.clip(truth, 1e-3, 1 - 1e-3), even)
    found = compare(truth, {"sure": sure, "even": even}, metric="log_loss")
    assert found.winner == "sure"
    assert "chance" not in str(found)


def test_the_same_rows_denied_by_both_cost_nothing_between_them() -> None:
    random = np.random.default_rng(2)
    truth = np.array([0, 1] * 50)
    half = np.arange(100) < 50
    first, second = (np.where(half, truth, np.where(truth == 1, p, 1 - p)) for p in (0.9, 0.6))
    second = np.where(half, second, second + random.uniform(-0.02, 0.02, 100))
    assert compare(truth, {"first": first, "second": second}, metric="log_loss").winner == "first"


def test_a_brier_score_has_limits() -> None:
    """There a row costs 1 / n at most, whatever was given to its class."""
    truth = np.array([0, 1] * 50)
    sure = np.where(np.arange(100) < 80, truth, 1 - truth).astype(float)
    sure[:10] = 0.3
    assert "are 0 on" not in str(compare(truth, {"sure": sure, "even": np.full(100, 0.5)}, metric="brier_score_loss"))
