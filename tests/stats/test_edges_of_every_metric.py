"""The same edges for every metric there is: one candidate, identical ones, few rows, few rows of a class."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mlee_jupyter import compare
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from tests.metric_problems import ALL

RANDOM = np.random.default_rng(81)
N = 60
OF_CLASSES = [m for m in ALL if metric_facts(m).needs == "labels" or metric_facts(m).positive in ("one", "or mean")]


def problem(metric: str, n: int = N, rare: int | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A truth, good and worse predictions that the metric takes."""
    needs = metric_facts(metric).needs
    if needs == "numbers":
        truth = 5 + RANDOM.random(n)
        return truth, truth + 0.05 * RANDOM.random(n), truth + 0.5 * RANDOM.random(n)
    truth = (np.arange(n) < (n // 2 if rare is None else rare)).astype(int)
    if needs == "labels":
        return truth, np.where(RANDOM.random(n) < 0.95, truth, 1 - truth), 1 - truth
    good, bad = (np.clip(truth * gain + 0.4 * RANDOM.random(n), 0, 1) for gain in (0.5, 0.1))
    if metric_facts(metric).positive == "none":
        return truth, np.column_stack([1 - good, good]), np.column_stack([1 - bad, bad])
    return truth, good, bad


@pytest.mark.parametrize("metric", ALL)
def test_one_candidate_is_the_best_of_itself(metric: str) -> None:
    truth, good, _ = problem(metric)
    found = compare(truth, {"a": good}, metric)
    assert found.best_set == ("a",)
    assert found.winner is None
    assert "Only one candidate" in (found.no_winner_reason or "")


@pytest.mark.parametrize("metric", ALL)
def test_identical_columns_are_kept_together(metric: str) -> None:
    truth, good, bad = problem(metric)
    found = compare(truth, {"a": good, "b": good, "c": bad}, metric)
    assert {"a", "b"} <= set(found.best_set)
    assert len(compare(truth, dict.fromkeys("abcd", good), metric).best_set) == 4


@pytest.mark.parametrize("metric", ALL)
def test_no_winner_below_thirty_rows(metric: str) -> None:
    truth, good, bad = problem(metric, 24)
    found = compare(truth, {"a": good, "b": bad}, metric)
    assert found.winner is None
    assert len(found.best_set) == 2


@pytest.mark.parametrize("metric", [m for m in ALL if metric_facts(m).hangs_on_classes])
@pytest.mark.parametrize("rare", [1, 2, 4])
def test_no_winner_below_five_rows_of_a_class(metric: str, rare: int) -> None:
    truth, good, bad = problem(metric, 200, rare)
    found = compare(truth, {"a": good, "b": bad}, metric)
    assert found.winner is None
    assert f"{rare} row" in (found.no_winner_reason or "")


@pytest.mark.parametrize("metric", ALL)
def test_every_number_is_finite_and_within_the_limits(metric: str) -> None:
    truth, good, bad = problem(metric)
    facts = metric_facts(metric)
    least, most = facts.limits
    for standing in compare(truth, {"a": good, "b": bad}, metric).judgement.standings:
        assert least <= standing.low <= standing.score <= standing.high <= most
        assert all(math.isfinite(v) for v in (standing.cost_bound, standing.behind, standing.behind_high))


@pytest.mark.parametrize("metric", ALL)
def test_the_better_one_leads(metric: str) -> None:
    truth, good, bad = problem(metric, 400)
    assert compare(truth, {"z": good, "a": bad}, metric).leader == "z"


@pytest.mark.parametrize("metric", OF_CLASSES)
def test_truths_and_falsehoods_are_judged_as_ones_and_zeros(metric: str) -> None:
    truth, good, _ = problem(metric)
    hard = (good > 0.5).astype(int)
    whole, said = (compare(truth, {"a": rows, "b": truth[::-1]}, metric) for rows in (hard, hard.astype(bool)))
    assert [(s.score, s.low, s.high) for s in whole.judgement.standings] == [
        (s.score, s.low, s.high) for s in said.judgement.standings
    ]


@pytest.mark.parametrize("metric", [m for m in ALL if metric_facts(m).bounded])
def test_no_cost_is_greater_than_the_metric_is_wide(metric: str) -> None:
    truth, good, bad = problem(metric, 40)
    found = compare(truth, {"a": good, "b": bad, "c": bad[::-1]}, metric, groups=np.arange(40) // 14)
    for standing in found.judgement.standings:
        assert 0 <= standing.cost_bound <= 1
        assert -1 <= standing.behind_low <= standing.behind <= standing.behind_high <= 1
