"""The folds of a race: every row tested once, nothing on both sides, and refused what makes none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session.race.fold_plan import folds, rows_of


def all_tested(found: list[Any]) -> list[int]:
    return sorted(int(place) for _, test in found for place in test)


@given(n=st.integers(10, 80), count=st.integers(2, 6), kinds=st.integers(2, 4), seed=st.integers(0, 99))
def test_each_row_is_tested_once_and_labels_are_shared_out(n: int, count: int, kinds: int, seed: int) -> None:
    answers = np.random.default_rng(seed).integers(0, kinds, n)
    found = folds(answers, count, labels=True)
    assert all_tested(found) == list(range(n))
    for train, test in found:
        assert sorted([*train, *test]) == list(range(n))
        for kind in range(kinds):
            there = int(np.sum(answers == kind))
            assert there // count <= int(np.sum(answers[test] == kind)) <= there // count + 1


@given(n=st.integers(20, 80), groups=st.integers(4, 9), seed=st.integers(0, 99))
def test_a_group_is_on_one_side(n: int, groups: int, seed: int) -> None:
    of = np.concatenate([np.arange(groups), np.random.default_rng(seed).integers(0, groups, n - groups)])
    found = folds(np.zeros(n), 4, labels=False, groups=[f"g{group}" for group in of])
    assert all_tested(found) == list(range(n))
    assert all(not set(of[train]) & set(of[test]) for train, test in found)


@given(n=st.integers(12, 80), seed=st.integers(0, 99))
def test_what_is_tested_is_later(n: int, seed: int) -> None:
    time = np.concatenate([np.arange(8), np.random.default_rng(seed).integers(0, 8, n - 8)])
    found = folds(np.zeros(n), 4, labels=False, time=time)
    assert len(found) == 4
    for train, test in found:
        assert time[train].max() < time[test].min()


class Halves:
    def split(self, X: Any, y: Any, groups: Any) -> Any:
        yield np.arange(5), np.arange(5, 10)
        yield np.arange(5, 10), np.arange(5)


def test_a_splitter_and_pairs_are_taken_as_they_are() -> None:
    for cv in (Halves(), list(Halves().split(None, None, None)), [(np.arange(10) < 5, np.arange(10) >= 5)] * 2):
        first, second = folds(np.zeros(10), cv, labels=False)
        assert list(first[1]) == [5, 6, 7, 8, 9]
        assert len(second[1]) == 5


WRONG = {
    "one fold": (1, "makes no folds of 10 rows"),
    "more than rows": (11, "makes no folds of 10 rows"),
    "a word": ("five", "must hold pairs"),
    "yes": (True, "makes no folds"),
    "rows beyond": ([([0, 1], [2, 10]), ([2], [0])], "beyond the 10"),
    "both sides": ([([0, 1], [1, 2]), ([2], [0])], "tests rows that it trains on"),
    "an empty side": ([([0, 1], []), ([2], [0])], "has no rows"),
    "one pair": ([([0, 1], [2])], "makes 1 fold"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_makes_no_folds_is_refused_in_a_line(case: str) -> None:
    cv, said = WRONG[case]
    with pytest.raises(MleeError, match=said):
        folds(np.zeros(10), cv, labels=False)


def test_too_few_groups_and_times() -> None:
    with pytest.raises(MleeError, match="2 groups make no 5 folds"):
        folds(np.zeros(10), 5, labels=False, groups=[0, 1] * 5)
    with pytest.raises(MleeError, match="5 different times make no 5 folds"):
        folds(np.zeros(10), 5, labels=False, time=np.arange(10) // 2)
    with pytest.raises(MleeError, match="groups has 3 values for 10 rows"):
        folds(np.zeros(10), 5, labels=False, groups=[0, 1, 2])


def test_rows_of_whatever_holds_them() -> None:
    import pandas as pd

    places = np.array([2, 0])
    assert rows_of([10, 11, 12], places) == [12, 10]
    assert rows_of(np.array([10, 11, 12]), places).tolist() == [12, 10]
    assert rows_of(pd.Series([10, 11, 12], index=[2, 1, 0]), places).tolist() == [12, 10]
