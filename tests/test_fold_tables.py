"""What cross-validation and training leave in a dict: scores of the wanted metric, never a time or another metric."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_diabetes
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.model_selection import GridSearchCV, cross_val_score, cross_validate

import mlee_jupyter as mlee
from mlee_jupyter.domain import ResultKind
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.record import cell_output

from .conftest import Shell

X, Y = load_diabetes(return_X_y=True)
SCORERS = {
    "mean_absolute_error": "neg_mean_absolute_error",
    "root_mean_squared_error": "neg_root_mean_squared_error",
    "r2": "r2",
}


@settings(max_examples=20, deadline=None)
@given(
    metric=st.sampled_from(sorted(SCORERS)),
    more=st.lists(st.sampled_from(sorted(SCORERS)), max_size=2, unique=True),
    train=st.booleans(),
    framed=st.booleans(),
    order=st.randoms(use_true_random=False),
)
def test_the_test_scores_of_the_metric_are_taken(
    metric: str, more: list[str], train: bool, framed: bool, order: Any
) -> None:
    scoring = [SCORERS[one] for one in {metric, *more}]
    answer = cross_validate(Ridge(), X, Y, scoring=scoring, return_train_score=train)
    keys = list(answer)
    order.shuffle(keys)
    shuffled: Any = {key: answer[key] for key in keys}
    shuffled = pd.DataFrame(shuffled) if framed else shuffled
    (handed,) = cell_output.read(shuffled, n=140, needs="numbers", metric=metric)
    assert handed.kind is ResultKind.FOLDS
    assert handed.rows is not None
    assert handed.rows.tolist() == answer[f"test_{SCORERS[metric]}"].tolist()


FOLDS = np.array([0.4, 0.5, 0.45, 0.5, 0.4])
ASKED: dict[str, Any] = {
    "another metric alone": {"fit_time": FOLDS, "score_time": FOLDS, "test_r2": FOLDS},
    "times alone": {"fit_time": FOLDS, "score_time": FOLDS},
    "training scores alone": {"train_score": FOLDS, "fit_time": FOLDS},
    "a history": {"loss": [0.9, 0.5, 0.3], "val_loss": [0.9, 0.6, 0.5]},
    "a history of one epoch": {"loss": [0.9], "accuracy": [0.5]},
    "the object of a history": SimpleNamespace(history={"loss": [0.9, 0.5], "mae": [1.0, 2.0]}, epoch=[0, 1]),
    "a grid search's table": GridSearchCV(Ridge(), {"alpha": [0.1, 1.0]}).fit(X, Y).cv_results_,
    "settings": {"alpha": 1.0, "max_iter": 100},
    "a report": {"a": {"precision": 0.9, "recall": 0.8}, "accuracy": 0.9},
    "curves by set": {"train": [0.9, 0.95, 0.97], "valid": [0.8, 0.81, 0.82]},
    "boosting's": {"valid_0": {"l2": [0.5, 0.4, 0.3]}},
    "two other metrics": {"test_r2": FOLDS, "test_max_error": FOLDS},
}


@pytest.mark.parametrize("case", ASKED)
def test_what_is_no_result_is_asked_about_in_one_line(case: str) -> None:
    with pytest.raises(MleeError) as caught:
        cell_output.read(ASKED[case], n=140, needs="numbers", metric="mae")
    assert "\n" not in str(caught.value)


def test_variants_are_still_variants() -> None:
    for value in ({"C=1": FOLDS, "C=10": FOLDS}, {"C=1": Y[:140], "C=10": Y[:140] + 1}):
        found = cell_output.read(value, n=140, needs="numbers", metric="mae")
        assert [one.variant for one in found] == ["C=1", "C=10"]


def test_compare_takes_the_answers_of_cross_validate() -> None:
    scoring = ["neg_mean_absolute_error", "r2"]
    answers = {
        "linear": cross_validate(LinearRegression(), X, Y, scoring=scoring, cv=10),
        "dummy": cross_validate(DummyRegressor(), X, Y, scoring=scoring, cv=10),
    }
    verdict = mlee.compare(None, answers, metric="mae")
    assert verdict.winner == "linear"
    assert verdict.table["score"][0] == pytest.approx(-answers["linear"]["test_neg_mean_absolute_error"].mean())


def test_each_candidate_is_one_result_of_the_metric(shell: Shell) -> None:
    here = mlee.start("cvr", truth=Y[:140], metric="mae")
    for name, model in {"linear": LinearRegression(), "dummy": DummyRegressor(), "ridge": Ridge()}.items():
        here.record(name, cross_validate(model, X, Y, scoring=["neg_mean_absolute_error", "r2"]))
    board = here.scoreboard()
    scores = dict(zip(board["candidate"], board["score"], strict=True))
    for name, model in {"linear": LinearRegression(), "dummy": DummyRegressor(), "ridge": Ridge()}.items():
        expected = -cross_val_score(model, X, Y, scoring="neg_mean_absolute_error").mean()
        assert scores[name] == pytest.approx(expected)
    assert len(here.history()) == 3


# ---------------------------------------------------------------- scores of another metric, unnamed


def folds(scoring: str | None, alpha: float, random: int = 0) -> np.ndarray:
    return np.asarray(cross_val_score(Ridge(alpha), X, Y, cv=10, scoring=scoring))


WRONG = {
    "R2 for an error": ("rmse", "neg_root_mean_squared_error", None),
    "R2 for mae": ("mae", "neg_mean_absolute_error", "r2"),
    "squares for their root": ("rmse", "neg_root_mean_squared_error", "neg_mean_squared_error"),
    "an error for R2": ("r2", "r2", "neg_root_mean_squared_error"),
    "R2 for squares": ("mse", "neg_mean_squared_error", "r2"),
}


@pytest.mark.parametrize("case", WRONG)
def test_scores_of_another_metric_are_set_aside(case: str) -> None:
    metric, right, other = WRONG[case]
    answers = {"a": folds(right, 0.01), "b": folds(right, 1.0), "odd": folds(other, 0.1)}
    verdict = mlee.compare(None, answers, metric=metric)
    assert verdict.winner != "odd"
    assert "look like" in verdict.failed["odd"]
    alone = mlee.compare(None, {name: answers[name] for name in "ab"}, metric=metric)
    assert alone.table.equals(verdict.table)


@pytest.mark.parametrize(
    ("metric", "value", "said"),
    [
        ("accuracy", [-0.3, -0.2, -0.4, -0.3, -0.2], "no accuracy"),
        ("accuracy", [91.0, 92.0, 90.5, 91.5, 90.0], "per cent"),
        ("roc_auc", [91.0, 92.0, 90.5, 91.5, 90.0], "per cent"),
        ("r2", [1.5, 57.0, 60.0, 58.0, 59.0], "no R2"),
        ("rmse", [-0.3, 0.2, 0.4, 0.1, 0.3], "no root mean squared error"),
    ],
)
def test_what_the_metric_cannot_be_is_stopped(metric: str, value: list[float], said: str) -> None:
    with pytest.raises(MleeError, match=re.escape(said)):
        mlee.compare(None, {"a": value}, metric=metric)


@pytest.mark.parametrize("sign", [1, -1])
def test_r2_is_stopped_where_the_truth_tells_and_a_named_score_is_not(sign: int, shell: Shell) -> None:
    here = mlee.start("r2", truth=Y[:140], metric="rmse")
    with pytest.raises(MleeError, match="look like R2"):
        here.record("forest", sign * np.array([0.41, 0.5, 0.45, 0.4, 0.47]))
    here.record("perfect", {"test_neg_root_mean_squared_error": -np.array([0.41, 0.5, 0.45, 0.4, 0.47])})
    assert list(here.scoreboard()["candidate"]) == ["perfect"]


@pytest.mark.parametrize("scale", [1, -1])
def test_per_cent_is_no_log_loss(scale: int) -> None:
    folds = {"svm": [scale * one for one in (90.1, 91.2, 89.4, 90.0, 90.7)]}
    with pytest.raises(MleeError, match=r"is no log loss.*neg_log_loss"):
        mlee.compare(None, folds, metric="log_loss")
    large = {"svm": [scale * one for one in (34.5, 36.7, 35.0, 33.0, 34.0)]}
    assert mlee.compare(None, large, metric="log_loss").table["score"].iloc[0] == pytest.approx(34.64)
