"""The Ladder: a score is shown where it is ahead by a step that chance seldom takes, and as nothing but a step."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from mlee_jupyter.judge.lead import lead
from mlee_jupyter.stats.compare.dependence import Sampling
from mlee_jupyter.stats.looking.ladder import Ladder, Lead, demanded, nice_above
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.scored import Scored

ACCURACY = metric_facts("accuracy")


def column(hits: np.ndarray) -> Scored:
    return Scored(theta=float(hits.mean()), psi=hits, df=len(hits) - 1)


def of_rows() -> Ladder:
    return Ladder(
        lead=lambda best, new: lead(best, new, ACCURACY, None, Sampling(by="rows", n=len(new.psi))),
        error=lambda one: float(one.influence.std(ddof=1)) / math.sqrt(len(one.psi)),
    )


def by_hand(leads: list[Lead]) -> Ladder:
    """A ladder of which each further look is so far ahead of whatever it is held against."""
    told = iter([one for one in leads for _ in range(2)])
    return Ladder(lead=lambda best, new: next(told), error=lambda one: 0.013)


def test_what_is_asked_of_all_looks_adds_up_to_the_error_that_was_allowed() -> None:
    spent = sum(stats.norm.sf(demanded(look, 0.05)) for look in range(1, 5001))
    assert spent == pytest.approx(0.05 * (1 - 1 / 5001), rel=1e-9)
    assert demanded(1, 0.05) == pytest.approx(1.95996, abs=1e-5)
    assert demanded(500, 0.05) == pytest.approx(stats.norm.isf(0.05 / 250_500), rel=1e-9)


@pytest.mark.parametrize(
    ("width", "grid"), [(0.013, 0.02), (0.02, 0.02), (0.0201, 0.05), (0.07, 0.1), (3.0, 5.0), (1.0, 1.0), (0.0, 1e-6)]
)
def test_the_grid_is_a_round_number_above_the_error(width: float, grid: float) -> None:
    assert nice_above(width) == pytest.approx(grid)


def test_three_looks_by_hand() -> None:
    """Of a grid of 0.02: the first is shown rounded, a lead of 1.9 errors is not, one of 6 errors is."""
    flat = Scored(theta=0.8049, psi=np.zeros(4), df=3)
    better = Scored(theta=0.8649, psi=np.zeros(4), df=3)
    ladder = Ladder(
        lead=lambda best, new: Lead(gain=0.06, spread=0.01, z=1.9 if new is flat else 6.0), error=lambda one: 0.013
    )
    first, second, third = ladder.look(flat), ladder.look(flat), ladder.look(better)
    assert first is not None
    assert third is not None
    assert (first.level, first.gained) == (40, 0)  # 0.80
    assert second is None
    assert (third.look, third.level) == (3, 43)  # 0.86
    assert third.gained == math.floor((0.06 - demanded(2, 0.05) * 0.01) / 0.02)


@pytest.mark.parametrize(("gain", "z"), [(0.019, 9.0), (0.5, 1.9), (-0.5, -9.0), (0.0, 0.0)])
def test_ahead_by_less_than_the_grid_or_by_too_little_to_go_by_is_not_shown(gain: float, z: float) -> None:
    ladder = by_hand([Lead(gain=gain, spread=0.01, z=z)])
    ladder.look(Scored(theta=0.8, psi=np.zeros(4), df=3))
    assert ladder.look(Scored(theta=0.8 + gain, psi=np.zeros(4), df=3)) is None
    assert len(ladder.rungs) == 1


def test_the_same_answers_again_are_no_step() -> None:
    hits = np.random.default_rng(1).random(500) < 0.8
    ladder = of_rows()
    assert [ladder.look(column(hits)) is not None for _ in range(4)] == [True, False, False, False]


def test_a_perfect_score_is_a_step_and_nothing_follows_it() -> None:
    ladder, right = of_rows(), np.ones(500, dtype=bool)
    ladder.look(column(np.arange(500) % 5 > 0))
    assert ladder.look(column(right)) is not None
    assert ladder.look(column(right)) is None


def test_a_step_is_seldom_shown_where_nothing_is_better() -> None:
    """At most 5% of searches, however they look; 200 of 25 looks, which spend 96% of that."""
    random, shown = np.random.default_rng(20261130), 0
    for _ in range(200):
        ladder, common = of_rows(), random.random(400) < 0.8
        ladder.look(column(common))
        for _ in range(25):
            ladder.look(column(np.where(random.random(400) < 0.7, common, random.random(400) < 0.8)))
        shown += len(ladder.rungs) > 1
    assert shown / 200 <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 200)


def test_what_is_truly_better_is_shown_and_what_is_claimed_of_it_holds() -> None:
    random, shown, wrong = np.random.default_rng(5), 0, 0
    for _ in range(100):
        hits, ladder = random.random(1000) < 0.8, of_rows()
        ladder.look(column(hits))
        rung = ladder.look(column(hits | (random.random(1000) < 0.5)))  # 10 points better
        shown += rung is not None
        wrong += rung is not None and rung.gained * ladder.grid > 0.1
    assert shown == 100
    assert wrong <= 5
