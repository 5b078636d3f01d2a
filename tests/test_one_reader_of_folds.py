"""`compare` and a cell read fold scores alike: test scores of the metric alone, and one line where there are none."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mlee_jupyter as mlee
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.record import cell_output

from .conftest import Shell

RANDOM = np.random.default_rng(3)


def answer(level: float, *, train: bool, scorings: tuple[str, ...], folds: int, seed: int) -> dict[str, np.ndarray]:
    """As cross_validate gives it; training scores and times would pull any mean far away."""
    random = np.random.default_rng(seed)
    found = {"fit_time": random.random(folds) * 0.9, "score_time": random.random(folds) * 0.01}
    for scoring in scorings:
        found[f"test_{scoring}"] = level + random.normal(size=folds) * 0.01
        if train:
            found[f"train_{scoring}"] = np.full(folds, 0.99)
    return found


FORMS: dict[str, Callable[[dict[str, np.ndarray]], Any]] = {
    "a dict": dict,
    "a dict of lists": lambda found: {key: entry.tolist() for key, entry in found.items()},
    "pandas": pd.DataFrame,
    "pandas with the fold": lambda found: pd.DataFrame(found).assign(fold=range(len(found["fit_time"]))),
    "pandas with the model": lambda found: pd.DataFrame(found).assign(estimator="SVC()"),
    "polars": pl.DataFrame,
    "without times": lambda found: pd.DataFrame(found).drop(columns=["fit_time", "score_time"]),
    "the test scores alone": lambda found: pd.DataFrame(found).filter(regex="^test_"),
}


@settings(max_examples=60, deadline=None)
@given(
    form=st.sampled_from(sorted(FORMS)),
    train=st.booleans(),
    folds=st.integers(5, 12),
    seed=st.integers(0, 1000),
    scorings=st.sampled_from([("score",), ("accuracy",), ("accuracy", "f1"), ("roc_auc", "accuracy")]),
)
def test_test_scores_of_the_metric_are_compared(
    form: str, train: bool, folds: int, seed: int, scorings: tuple[str, ...]
) -> None:
    found = {
        name: answer(level, train=train, scorings=scorings, folds=folds, seed=seed)
        for name, level in (("a", 0.8), ("b", 0.7))
    }
    key = "test_score" if scorings == ("score",) else "test_accuracy"
    plain = mlee.compare(None, {name: one[key] for name, one in found.items()})
    assert mlee.compare(None, {name: FORMS[form](one) for name, one in found.items()}).table.equals(plain.table)


HISTORY = {"loss": [0.6, 0.1], "accuracy": [0.7, 0.99], "val_loss": [0.6, 0.9], "val_accuracy": [0.7, 0.7]}
SEARCH = {
    "mean_fit_time": np.ones(3),
    "param_C": np.arange(3),
    "params": [{"C": c} for c in range(3)],
    "split0_test_score": np.full(3, 0.8),
    "split1_test_score": np.full(3, 0.9),
    "mean_test_score": np.full(3, 0.85),
}
FOLDS = np.array([0.8, 0.82, 0.78, 0.81, 0.79])
NO_FOLDS: dict[str, Any] = {
    "a history": HISTORY,
    "a history without validation": {"loss": HISTORY["loss"], "accuracy": HISTORY["accuracy"]},
    "the object of a history": SimpleNamespace(history=HISTORY, epoch=[0, 1]),
    "a frame of a history": pd.DataFrame(HISTORY),
    "a frame of a history without validation": pd.DataFrame(HISTORY)[["loss", "accuracy"]],
    "a polars frame of a history": pl.DataFrame(HISTORY),
    "a search": SEARCH,
    "a frame of a search": pd.DataFrame(SEARCH),
    "times alone": {"fit_time": FOLDS, "score_time": FOLDS},
    "a frame of times alone": pd.DataFrame({"fit_time": FOLDS, "score_time": FOLDS}),
    "training scores alone": {"train_score": FOLDS, "fit_time": FOLDS},
    "other metrics": {"test_f1": FOLDS, "test_roc_auc": FOLDS, "fit_time": FOLDS},
    "a frame of other metrics": pd.DataFrame({"test_f1": FOLDS, "test_roc_auc": FOLDS, "fit_time": FOLDS}),
    "a mean and its spread": (0.8, 0.02),
    "a mean and its spread in numpy": (np.float64(0.8), np.float64(0.02)),
    "a mean and its spread in a list": [0.8, 0.02],
    "a mean and its spread in an array": np.array([0.8, 0.02]),
    "a mean, its spread and their number": (0.8, 0.02, 10),
    "two scores in a tuple": (0.8, 0.7),
    "nothing known": {"a": "b"},
    "an empty dict": {},
}


@pytest.mark.parametrize("case", NO_FOLDS)
def test_what_holds_no_fold_scores_is_set_aside_in_one_line(case: str) -> None:
    found = mlee.compare(None, {"a": FOLDS, "odd": NO_FOLDS[case], "b": FOLDS - 0.1})
    assert [s.candidate for s in found.judgement.standings] == ["a", "b"]
    assert list(found.failed) == ["odd"]
    assert found.table.equals(mlee.compare(None, {"a": FOLDS, "b": FOLDS - 0.1}).table)
    with pytest.raises(MleeError) as alone:
        mlee.compare(None, {"odd": NO_FOLDS[case]})
    assert "\n" not in str(alone.value)
    assert len(str(alone.value)) < 300


@pytest.mark.parametrize("case", [case for case in NO_FOLDS if case not in ("nothing known",)])
def test_a_cell_says_the_same(case: str) -> None:
    source = "from sklearn.model_selection import cross_val_score\nfound"  # which speaks for fold scores
    with pytest.raises(MleeError) as refused:
        cell_output.read(NO_FOLDS[case], n=200, needs="labels", metric="accuracy", source=source)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (SEARCH, "cross_val_score(search"),
        (pd.DataFrame(SEARCH), "cross_val_score(search"),
        (answer(0.8, train=True, scorings=("score",), folds=5, seed=0), "cross_validate(knn"),
        (pd.DataFrame(answer(0.8, train=False, scorings=("f1",), folds=5, seed=0)), "cross_validate(knn"),
        (HISTORY, "history"),
        (pd.DataFrame(HISTORY), "history"),
    ],
)
def test_the_parts_of_one_answer_are_no_candidates(parts: Any, said: str) -> None:
    with pytest.raises(MleeError) as refused:
        mlee.compare(None, parts)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


TWINS: dict[str, tuple[Any, int]] = {
    "two folds": ([0.8, 0.7], 2),
    "two folds of numpy": (np.array([0.8, 0.82]), 2),
    "three folds in a tuple": ((0.8, 0.7, 0.75), 3),
    "two folds that are named": ({"folds": [0.8, 0.02]}, 2),
    "repeats": ([[0.8, 0.7, 0.75], [0.8, 0.7, 0.72]], 6),
    "a frame of repeats": (pd.DataFrame({"one": FOLDS, "two": FOLDS}), 10),
    "a column of pandas": (pd.Series(FOLDS, name="test_score"), 5),
}


@pytest.mark.parametrize("case", TWINS)
def test_what_are_fold_scores_stays_so(case: str) -> None:
    value, folds = TWINS[case]
    assert mlee.compare(None, {"a": value, "b": value}).judgement.n == folds


def test_a_score_with_its_rows_stays_one() -> None:
    assert mlee.compare(None, {"a": (0.8, 500), "b": (0.7, 400)}).judgement.by == "scores"


def test_columns_of_probabilities_stay_so() -> None:
    """Classes may be called loss and win; names alone do not make a history of a frame."""
    share = RANDOM.random(200)
    frame = pd.DataFrame({"loss": 1 - share, "win": share})
    (found,) = cell_output.read(frame, n=200, needs="scores", metric="roc_auc")
    assert found.classes == ("loss", "win")


def test_a_mean_with_its_spread_is_never_recorded(shell: Shell) -> None:
    shell.run('%%mlee_experiment start it\nmetric = "accuracy"')
    cell = "import numpy as np\ndef cross_val_score(): return np.array([0.8, 0.81, 0.79, 0.8, 0.82])\n"
    said = shell.refused(f"%%mlee_candidate odd\n{cell}s = cross_val_score()\ns.mean(), s.std()")
    assert "a mean and its spread" in said
    assert "recorded" in shell.run(f"%%mlee_candidate fine\n{cell}cross_val_score()")
