"""Variants beyond the columns of a set count for luck about as much as they would as columns."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from mlee_jupyter.domain import ResultKind
from mlee_jupyter.judge import field as columns_of
from mlee_jupyter.judge.entries import Entry
from mlee_jupyter.judge.judging import judge

TRIES = 60


def scores() -> list[Entry]:
    drawn = np.random.default_rng(5).binomial(1000, 0.85, TRIES) / 1000
    return [
        Entry(candidate="one", variant=str(place), rows=None, kind=ResultKind.NUMBER, value=float(score), n=1000)
        for place, score in enumerate(drawn)
    ]


def folds() -> list[Entry]:
    random = np.random.default_rng(5)
    drawn = 0.85 + random.normal(0, 0.02, (1, 5)) + random.normal(0, 0.01, (TRIES, 5))
    return [
        Entry(candidate="one", variant=str(place), rows=row, kind=ResultKind.FOLDS) for place, row in enumerate(drawn)
    ]


@pytest.mark.parametrize("tries", [scores, folds])
@pytest.mark.parametrize("most", [30, 10])
def test_what_is_no_column_is_as_lucky(
    tries: Callable[[], list[Entry]], most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = judge(None, tries(), metric="accuracy")
    assert whole.leader_bound is not None
    monkeypatch.setattr(columns_of, "MOST_COLUMNS", most)
    part = judge(None, tries(), metric="accuracy")
    assert part.looks == TRIES
    assert part.flattery == pytest.approx(whole.flattery, rel=0.3)
    assert part.leader_bound is not None
    assert whole.leader_bound - 0.02 < part.leader_bound < whole.leader_bound + 0.005  # never the surer for it
