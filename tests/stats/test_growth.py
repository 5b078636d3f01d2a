"""Rows that grew and were looked at before: what a difference must pass then."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from mlee_jupyter.domain import ResultKind
from mlee_jupyter.judge.entries import Entry
from mlee_jupyter.judge.judging import judge
from mlee_jupyter.stats.compare.growth import Growth, grown
from mlee_jupyter.stats.size.rows_needed import range_quantile
from mlee_jupyter.stats.trial.always import always_bound

SINGLE = float(stats.norm.isf(0.025))
TWENTY = tuple(100 * (look + 1) for look in range(20))


def test_five_equal_looks_are_the_published_ones() -> None:
    """O'Brien and Fleming's shape as Lan and DeMets spend it, in every book on looks."""
    sizes = (400, 800, 1200, 1600, 2000)
    found = [grown(sizes[: look + 1], 2000).bound(SINGLE) for look in range(5)]
    assert found == pytest.approx([4.877, 3.357, 2.680, 2.290, 2.031], abs=0.004)


def test_one_look_at_the_horizon_is_a_plain_test() -> None:
    assert grown((2000,), 2000).bound(SINGLE) == pytest.approx(SINGLE, abs=0.003)
    assert grown((2500,), 2000).bound(SINGLE) == pytest.approx(SINGLE, abs=0.003)


def test_without_a_horizon_it_is_the_range_that_always_holds() -> None:
    for sizes, time in (((500, 700), 1.4), ((500, 700, 2000), 4.0)):
        assert grown(sizes, None).bound(SINGLE) == pytest.approx(always_bound(time), abs=0.003)


@pytest.mark.parametrize("growth", [grown(TWENTY[:7], 2000), grown(TWENTY[:7], None), grown((1, 2), 2000)])
def test_there_is_a_way_back(growth: Growth) -> None:
    singles = np.linspace(0, 9, 40)
    assert growth.as_single(np.array([growth.bound(one) for one in singles])) == pytest.approx(singles, abs=1e-6)
    assert np.all(np.diff(growth.as_single(np.linspace(0, 12, 400))) > 0)


def test_a_look_takes_more_than_the_only_one() -> None:
    for horizon in (2000, None):
        for looks in range(2, 20):
            assert grown(TWENTY[:looks], horizon).bound(SINGLE) > SINGLE
    assert grown(TWENTY, 2000).of_more_rows(SINGLE) == SINGLE
    assert grown(TWENTY, None).of_more_rows(SINGLE) > 3


def test_sizes_that_are_hardly_apart_are_one_look() -> None:
    assert grown((1000, 1001, 2000), 2000).times == (0.5005, 1.0)
    assert grown((1, 2000), 2000).times == (0.001, 1.0)
    assert grown((1, 2, 2000), 2000).times == (0.001, 1.0)
    assert grown((2,), 100_000).times == (0.001,)


def test_after_the_horizon_hardly_anything_is_enough() -> None:
    assert grown((1000, 2000, 2500), 2000).bound(SINGLE) == pytest.approx(7.0, abs=1e-6)


@pytest.mark.parametrize("horizon", [2000, None])
@pytest.mark.parametrize("count", [2, 5, 20])
def test_one_of_equals_is_rarely_lost_at_any_of_twenty_looks(count: int, horizon: int | None) -> None:
    """Sums of independent normal columns, the largest pair against its quantile carried over to each look."""
    paths = 4000
    random = np.random.default_rng(20261129)
    sums = np.cumsum(random.standard_normal((paths, 20, count)), axis=1)
    largest = (sums.max(axis=2) - sums.min(axis=2)) / np.sqrt(2 * np.arange(1, 21))
    single = range_quantile(count, 0.05)
    bounds = [grown(TWENTY[: look + 1], horizon).bound(single) for look in range(20)]
    lost = float((largest > bounds).any(axis=1).mean())
    error = math.sqrt(0.05 * 0.95 / paths)
    assert lost < 0.05 + 3 * error
    assert lost > (0.05 - 3 * error if horizon else 0.005)
    assert float((largest > single).any(axis=1).mean()) > 0.2, "what it is against"


def test_the_judge_hears_of_it() -> None:
    random = np.random.default_rng(4)
    truth = random.integers(0, 2, 1000)
    good, fair = truth.copy(), truth.copy()  # wrong on 100 rows, and on 135 others: 35 / sqrt(235) = 2.28 errors apart
    good[:100], fair[100:235] = 1 - good[:100], 1 - fair[100:235]
    entries = [Entry(candidate="good", rows=good), Entry(candidate="fair", rows=fair)]
    once, looked = (judge(truth, entries, metric="accuracy", growth=g) for g in (None, grown((500, 1000), 2000)))
    assert once.winner == "good"
    assert looked.winner is None
    assert looked.standings[1].cost_bound > once.standings[1].cost_bound
    assert looked.standings[1].behind_low < once.standings[1].behind_low
    for before, after in zip(once.standings, looked.standings, strict=True):
        assert (before.score, before.low, before.high) == (after.score, after.low, after.high)
        assert (before.p_value or 0) <= (after.p_value or 0)


def test_few_groups_hear_of_it_too() -> None:
    random = np.random.default_rng(5)
    truth, groups = random.standard_normal(400), np.arange(400) // 10
    columns = [truth + random.standard_normal(400) * scale for scale in (1.0, 1.25)]
    entries = [Entry(candidate=f"c{k}", rows=rows, kind=ResultKind.PREDICTIONS) for k, rows in enumerate(columns)]
    once, looked = (
        judge(truth, entries, metric="mse", groups=groups, growth=g) for g in (None, grown((200, 400), 4000))
    )
    assert once.winner == "c0"
    assert looked.winner is None
