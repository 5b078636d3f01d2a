"""The degrees of freedom of the difference of two AUCs: Satterthwaite's, as scipy's Welch test has them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from mlee_jupyter.stats.compare.pairs import Pairs, compare_pairs
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.influence import recorded, score
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.target import prepare

FACTS = metric_facts("roc_auc")


def sample(n: int, positives: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    truth = (np.arange(n) < positives).astype(np.int64)
    return truth, truth + random.standard_normal(n) + 0.5 * random.standard_normal((2, n))


def columns(truth: np.ndarray, scores: np.ndarray) -> list[Scored]:
    target = prepare(truth, FACTS)
    return [score(target, column, True) for column in scores]


def compared(truth: np.ndarray, scores: np.ndarray) -> Pairs:
    return compare_pairs(columns(truth, scores))


def beaten(truth: np.ndarray, column: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each positive's share of negatives below it, each negative's share of positives above it, by their definition."""
    wins = column[truth == 1][:, None] > column[truth == 0][None, :]
    return wins.mean(axis=1), wins.mean(axis=0)


@pytest.mark.parametrize(("n", "positives"), [(40, 10), (60, 30), (200, 20), (200, 170)])
def test_they_are_those_of_a_welch_test_on_what_each_row_adds(n: int, positives: int) -> None:
    truth, scores = sample(n, positives, seed=n + positives)
    (of_one, against_one), (of_other, against_other) = beaten(truth, scores[0]), beaten(truth, scores[1])
    welch = stats.ttest_ind(of_one - of_other, against_other - against_one, equal_var=False)
    pairs = compared(truth, scores)
    assert pairs.df[0, 1] == pairs.df[1, 0] == max(min(positives, n - positives) - 1, np.floor(welch.df))


@pytest.mark.parametrize("positives", [2, 9, 191])
def test_with_fewer_than_ten_rows_of_a_class_they_are_that_class_alone(positives: int) -> None:
    assert compared(*sample(200, positives, seed=1)).df[0, 1] == min(positives, 200 - positives) - 1


def test_stored_influence_does_not_know_the_classes_so_the_scarcest_counts() -> None:
    first, second = columns(*sample(200, 40, seed=2))
    kept = recorded(FACTS, second.influence, second.theta, second.df)
    assert compare_pairs([first, second]).df[0, 1] > 39
    assert compare_pairs([first, kept]).df[0, 1] == 39


def test_columns_that_are_the_same_have_degrees_of_freedom_too() -> None:
    truth, scores = sample(100, 30, seed=3)
    assert np.isfinite(compared(truth, np.array([scores[0], scores[0]])).df).all()


def test_average_precision_is_no_mean_over_classes() -> None:
    truth, scores = sample(200, 40, seed=4)
    target = prepare(truth, metric_facts("average_precision"))
    assert compare_pairs([score(target, column, True) for column in scores]).df[0, 1] == 39
