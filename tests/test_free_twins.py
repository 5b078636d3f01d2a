"""A recorded candidate that is a free baseline by another name is said to be the same, and nothing else is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import mlee_jupyter as mlee
from mlee_jupyter.session import boards, current

from .conftest import Shell

RANDOM = np.random.default_rng(3)
MONTH = pd.date_range("2015-01-01", periods=84, freq="MS")
SERIES = pd.Series(100 + np.arange(84) + 12 * np.sin(np.arange(84) / 1.9) + RANDOM.normal(0, 2, 84), MONTH)
TRAIN, TEST = SERIES[:60], SERIES[60:]
SEASON = pd.Series(np.tile(TRAIN[-12:].to_numpy(), 2), TEST.index)
LABELS = np.array(["no"] * 140 + ["yes"] * 60)
NUMBERS = RANDOM.gamma(4.0, 2.0, 200)
SHARE = np.full(200, 0.3)

TWINS: dict[str, tuple[Any, Any, dict[str, Any], str]] = {
    "labels": (LABELS, np.full(200, "no"), {"metric": "accuracy"}, "most frequent"),
    "always yes": (LABELS, np.full(200, "yes"), {"metric": "f1", "positive": "yes"}, "always positive"),
    "shares": (LABELS, SHARE, {"metric": "log_loss"}, "most frequent"),
    "two columns": (LABELS, np.column_stack([1 - SHARE, SHARE]), {"metric": "brier"}, "most frequent"),
    "mean": (NUMBERS, np.full(200, NUMBERS.mean()), {"metric": "rmse"}, "mean"),
    "median to the last bit": (NUMBERS, np.full(200, np.nextafter(np.median(NUMBERS), 9)), {"metric": "mae"}, "median"),
    "quantile": (NUMBERS, np.full(200, np.quantile(NUMBERS, 0.9)), {"metric": "pinball_0.9"}, "quantile"),
    "last season": (TEST, SEASON, {"metric": "mae", "train": TRAIN, "time": TEST.index}, "last season"),
    "last value": (
        TEST,
        np.full(24, TRAIN.iloc[-1]),
        {"metric": "mae", "train": TRAIN, "time": TEST.index},
        "last value",
    ),
}


@pytest.mark.parametrize("name", ["dummy", "own"])
@pytest.mark.parametrize("kind", TWINS)
def test_a_twin_of_a_free_baseline_is_known(kind: str, name: str) -> None:
    truth, predictions, options, rule = TWINS[kind]
    name = rule if name == "own" else name
    found = mlee.compare(truth, {name: predictions}, **options)
    same = {b.name: b.same_as for b in found.judgement.baselines}
    assert same[rule] == (name,)
    assert "free baseline" in str(found.explain(name))


@pytest.mark.parametrize("kind", TWINS)
def test_what_differs_on_one_row_is_no_twin(kind: str) -> None:
    truth, predictions, options, _ = TWINS[kind]
    other = np.array(predictions, dtype=object if predictions.dtype.kind in "UO" else float)
    if kind == "labels":
        other[7] = "yes"
    elif kind == "always yes":
        other[7] = "no"
    elif other.dtype != object:
        other[7] = other[7][::-1] if other.ndim == 2 else 0.9 * other[7]
    found = mlee.compare(truth, {"model": other}, **options)
    assert all(not b.same_as for b in found.judgement.baselines)


def test_the_board_says_it(shell: Shell) -> None:
    here = mlee.start("months", truth=TEST, metric="mae", train=TRAIN, time=TEST.index.to_series())
    here.record("seasonal naive", SEASON)
    here.record("model", TEST + 1, quiet=True)
    words = boards.board_of(current.session())["boards"][0]["words"]
    assert "seasonal naive counts the same on every row as the free baseline last season." in words
    assert "free baseline last season" in str(here.explain("seasonal naive"))
    assert "computed from the training rows" in str(here.explain("last season"))
    assert "free baseline last season" not in str(here.explain("model"))


def test_a_candidate_is_told_by_its_best_variant() -> None:
    """One variant answers as the free rule does, a better one does not: the candidate is more than a guess."""
    truth = np.array([0] * 60 + [1] * 40)
    good = truth.copy()
    good[:5] = 1
    rows = {"svm": {"C=0.001": np.zeros(100, int), "C=1": good}, "knn": np.zeros(100, int)}
    found = mlee.compare(truth, rows, metric="accuracy")
    assert {b.name: b.same_as for b in found.judgement.baselines}["most frequent"] == ("knn",)
