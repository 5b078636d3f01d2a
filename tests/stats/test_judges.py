"""Scores of rows and agreement of who gave them: by hand, against libraries, and drawn."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import cohen_kappa_score

from mlee_jupyter.stats.own_scores.agreement import agreement, favour_of
from mlee_jupyter.stats.own_scores.row_score import mean_of_row, row_score_facts, scored_rows

FACTS = row_score_facts("grade", True)


def test_row_scores_by_hand() -> None:
    rows = np.array([[1.0, 3.0], [np.nan, 4.0], [np.nan, np.nan]])
    assert mean_of_row(rows).tolist()[:2] == [2.0, 4.0]
    scored = scored_rows(FACTS, rows)
    assert (scored.theta, scored.df) == (3.0, 1.0)
    assert scored.psi.tolist() == [-1.5, 1.5, 0.0]


def test_the_error_of_row_scores_is_scipys() -> None:
    rows = np.random.default_rng(0).normal(size=50)
    psi = scored_rows(FACTS, rows).psi
    assert np.sqrt((psi**2).sum() / (50 * 49)) == pytest.approx(stats.sem(rows))


def test_a_kappa_by_hand() -> None:
    judge, person = np.tile([0.0, 1.0], 10), np.tile([0.0, 1.0, 1.0, 1.0], 5)
    found = agreement(judge, person)
    assert found is not None
    assert found.same == 0.75
    assert found.agreement == pytest.approx(1 - 0.25 / (0.25 + 0.1875 + 0.0625))


def test_the_kappa_is_scikit_learns() -> None:
    random = np.random.default_rng(1)
    person = random.integers(1, 6, 80)
    judge = np.clip(person + random.integers(-1, 2, 80), 1, 5)
    found = agreement(judge.astype(float), person.astype(float))
    assert found is not None
    assert found.agreement == pytest.approx(cohen_kappa_score(judge, person, weights="quadratic"))


def test_the_range_of_a_concordance_holds() -> None:
    held = 0
    for seed in range(300):
        one, two = np.random.default_rng(seed).multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], 60).T
        found = agreement(one, two)
        assert found is not None
        held += found.low <= 0.8 <= found.high  # Lin's of equal means and variances is the correlation
    assert held / 300 > 0.95 - 2 * np.sqrt(0.05 * 0.95 / 300)


def test_a_favour_by_hand() -> None:
    found = favour_of("a", np.tile([1.0, 3.0], 5), "b", np.zeros(10))
    assert found is not None
    assert (found.rows, found.favour) == (10, 2.0)
    assert found.is_clear


def test_the_range_of_a_favour_is_scipys() -> None:
    random = np.random.default_rng(2)
    one, two = random.normal(size=(2, 30))
    found = favour_of("a", one, "b", two)
    assert found is not None
    whole = stats.ttest_rel(one, two).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((whole.low, whole.high))


def test_a_favour_is_seldom_seen_where_there_is_none() -> None:
    random = np.random.default_rng(3)
    found = [favour_of("a", random.normal(size=40), "b", random.normal(size=40)) for _ in range(400)]
    assert np.mean([one is not None and one.is_clear for one in found]) < 0.05 + 2 * np.sqrt(0.05 * 0.95 / 400)
