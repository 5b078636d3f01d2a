"""A part of benchmarks/calibration.py with few samples: the promise of the best set, and rules that must break it.

Seeds are those of the benchmark, from the cells' names. The limit is the benchmark's own: 5% and two standard errors
of so many samples; above it, a fresh seed and ten times the samples decide.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.calibration import Cell, cells, limit, run, run_twice
from mlee_jupyter.domain import Judgement

SAMPLES = 60
CELLS = (
    "accuracy r=0.8 n=100 K=5",
    "accuracy r=0.95 n=300 K=10",
    "MSE t5 n=100 K=10",
    "MAE n=100 K=5",
    "log loss n=100 K=5",
    "AUC 30% n=100 K=5",
    "AUC 5% n=100 K=5",
    "F1 30% n=100 K=5",
    "groups n=300 K=2",
    "folds model 10 K=2",
)
WHERE_BROKEN_RULES_SHOW = ("accuracy r=0.8 n=300 K=10", "MSE t5 n=100 K=10", "AUC 30% n=300 K=10")
BY_NAME = {cell.name: cell for cell in cells()}


def leaderboard(found: Judgement) -> Judgement:
    """The top row alone."""
    return replace(found, best_set=found.best_set[:1])


def pair_by_pair(found: Judgement) -> Judgement:
    """Whoever's own interval reaches the leader, as if nobody else had been looked at."""
    near = [one.candidate for one in found.standings if one.behind_low <= 0 or one.candidate == found.leader]
    return replace(found, best_set=tuple(near))


def judged_by(rule: Callable[[Judgement], Judgement], cell: Cell) -> Cell:
    """The cell with its answers as another rule would have given them."""

    def draw(random: np.random.Generator) -> Judgement:
        return rule(cell.draw(random))

    return replace(cell, draw=draw)


@pytest.mark.parametrize("name", CELLS)
def test_a_truly_best_candidate_is_kept_as_often_as_promised(name: str) -> None:
    found = run_twice(BY_NAME[name], SAMPLES)
    assert not found["above"], found


@pytest.mark.parametrize("rule", [leaderboard, pair_by_pair])
@pytest.mark.parametrize("name", WHERE_BROKEN_RULES_SHOW)
def test_rules_that_forget_how_many_were_looked_at_are_caught(
    name: str, rule: Callable[[Judgement], Judgement]
) -> None:
    found = run(judged_by(rule, BY_NAME[name]), SAMPLES, zlib.crc32(name.encode()))
    assert found["above"], found


def test_few_rows_of_a_class_name_no_winner() -> None:
    """30 rows of which 2 are positive; the twin has 30 of 100."""
    few, enough = (run(BY_NAME[name], 20, seed=0) for name in ("AUC 5% n=30 K=5", "AUC 30% n=100 K=5"))
    assert (few["refused"], few["winners"]) == (1.0, 0.0)
    assert enough["refused"] == 0.0


def test_the_limit_tightens_as_samples_grow() -> None:
    assert limit(60) > limit(600) > 0.05
