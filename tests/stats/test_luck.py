"""Flattery: what choosing the best adds to its score."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mlee_jupyter.judge.entries import Entry
from mlee_jupyter.judge.judging import judge
from mlee_jupyter.stats.compare.confidence_set import confidence_set
from mlee_jupyter.stats.compare.luck import flattery, resampled_errors
from mlee_jupyter.stats.compare.pairs import compare_pairs
from mlee_jupyter.stats.metrics.scored import Scored

from .test_confidence_set import columns_of


def flattery_of(gains: np.ndarray, **how: float) -> float:
    pairs = compare_pairs(columns_of(gains))
    return flattery(pairs, confidence_set(pairs).draws, **how)


def test_one_candidate_is_not_flattered() -> None:
    assert flattery_of(np.random.default_rng(1).normal(size=(50, 1))) == 0.0


def test_identical_columns_do_not_flatter_each_other() -> None:
    column = np.random.default_rng(1).normal(size=(50, 1))
    assert flattery_of(np.repeat(column, 8, axis=1)) == pytest.approx(0.0, abs=1e-9)


def test_a_clear_winner_is_hardly_flattered() -> None:
    gains = np.random.default_rng(2).normal(size=(400, 6)) + np.array([1.0, 0, 0, 0, 0, 0])
    assert flattery_of(gains) < 1e-6


def test_it_is_what_resampling_the_rows_shows() -> None:
    random = np.random.default_rng(3)
    gains = random.normal(size=(300, 10)) + 0.8 * random.normal(size=(300, 1))
    means, excess = gains.mean(axis=0), []
    for _ in range(1000):
        again = gains[random.integers(0, 300, 300)].mean(axis=0)
        excess.append(again.max() - means[np.argmax(again)])
    error = np.std(excess) / math.sqrt(len(excess))
    # rows that were resampled take the scores as observed; drawn together there is more luck in them
    assert flattery_of(gains, most=0) == pytest.approx(np.mean(excess), abs=3 * error)
    assert flattery_of(gains) > np.mean(excess)


def test_equal_candidates_are_flattered_by_part_of_the_expected_maximum() -> None:
    """On average over samples the plug-in sees most, never more than all, of what luck there is.

    Ten equal candidates: the best looks E[max of 10] = 1.54 standard deviations of their own part too good.
    """
    random = np.random.default_rng(4)
    found = [flattery_of(random.normal(size=(200, 10))) * math.sqrt(200) for _ in range(60)]
    assert 0.7 < np.mean(found) < 1.54


def test_looks_beyond_two_hundred_still_count() -> None:
    random = np.random.default_rng(5)
    truth = random.integers(0, 2, 400)

    def variants(count: int) -> list[Entry]:
        wrong = np.random.default_rng(6).random((count, 400)) > 0.8
        return [
            Entry(candidate=f"c{k % 3}", variant=str(k), rows=np.where(w, 1 - truth, truth))
            for k, w in enumerate(wrong)
        ]

    some, many = (judge(truth, variants(count), metric="accuracy") for count in (200, 700))
    assert (some.looks, many.looks) == (200, 700)
    assert len(many.standings) == 3
    best = max(float(np.mean(e.rows == truth)) for e in variants(700))
    assert many.standings[0].score == pytest.approx(best)
    # what luck there is: the mean of the best of 700 fresh samples of the same share
    everything = compare_pairs(columns_of(np.array([e.rows == truth for e in variants(700)]).T.astype(float)))
    whole = flattery(everything, confidence_set(everything, draws=1000).draws)
    assert many.flattery == pytest.approx(whole, rel=0.15)


def test_rows_are_resampled_where_candidates_often_tie() -> None:
    """Shares that differ on a few rows: the answer by enumeration of the three patterns."""
    truth = np.zeros(60, int)
    one, other = truth.copy(), truth.copy()
    one[:3], other[3:6] = 1, 1  # each wrong on three rows of its own
    judgement = judge(truth, [Entry(candidate="a", rows=one), Entry(candidate="b", rows=other)], metric="accuracy")
    random = np.random.default_rng(7)
    wrong = random.multinomial(60, [0.05, 0.05, 0.9], size=200_000)[:, :2]
    excess = (3 - wrong.min(axis=1)) / 60
    assert judgement.flattery == pytest.approx(excess.mean(), rel=0.05)


def test_where_patterns_are_many_rows_are_not_resampled() -> None:
    many = [Scored(theta=float(h.mean()), psi=h, df=999) for h in np.random.default_rng(8).random((12, 1000)) > 0.5]
    assert resampled_errors(many) is None
    assert resampled_errors(many[:3]) is not None
