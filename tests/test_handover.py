"""What a cell handed over."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

from benchmarks.metamorphic.containers import Tensor
from mlee_jupyter.domain import ResultKind
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.record import cell_output

N = 40
LABELS = np.arange(N) % 2
FRACTIONS = np.linspace(0.01, 0.99, N)
X = np.c_[FRACTIONS, FRACTIONS**2]

P, S, F, B = ResultKind.PREDICTIONS, ResultKind.SCORES, ResultKind.FOLDS, ResultKind.NUMBER

KINDS: dict[str, tuple[Any, str, list[ResultKind]]] = {
    "labels": (LABELS, "labels", [P]),
    "labels as a list": (list(LABELS), "labels", [P]),
    "text labels": (["a", "b"] * (N // 2), "labels", [P]),
    "words": (["good", "bad"] * (N // 2), "labels", [P]),
    "words as a tuple": (("good", "bad") * (N // 2), "labels", [P]),
    "a tensor of one number": (Tensor(0.93), "labels", [B]),
    "a series": (pd.Series(LABELS), "labels", [P]),
    "whole floats are labels": (LABELS.astype(float), "labels", [P]),
    "numbers for a regression": (FRACTIONS, "numbers", [P]),
    "one probability a row": (FRACTIONS, "scores", [S]),
    "fractions where labels are judged are scores": (FRACTIONS, "labels", [S]),
    "a column per class": (np.c_[FRACTIONS, 1 - FRACTIONS], "labels", [S]),
    "fold scores": (np.array([0.9, 0.91, 0.92, 0.9, 0.93]), "labels", [F]),
    "fold scores as a list": ([0.9, 0.91, 0.92, 0.9, 0.93], "labels", [F]),
    "three fold scores, named": ({"folds": [0.9, 0.91, 0.92]}, "labels", [F]),
    "a number": (0.93, "labels", [B]),
    "a numpy number": (np.float64(0.93), "labels", [B]),
    "several metrics": ({"accuracy": 0.9, "roc_auc": 0.95}, "labels", [B, B]),
    "several variants": ({"C=1": LABELS, "C=10": 1 - LABELS}, "labels", [P, P]),
    "predictions by name": ({"predictions": LABELS, "probabilities": FRACTIONS}, "labels", [P]),
    "probabilities by name, where scores are judged": (
        {"predictions": LABELS, "probabilities": FRACTIONS},
        "scores",
        [S],
    ),
    "cross_validate": ({"fit_time": np.ones(3), "test_score": np.array([0.8, 0.9, 0.85])}, "labels", [F]),
}


@pytest.mark.parametrize(("value", "needs", "kinds"), KINDS.values(), ids=KINDS)
def test_the_value_decides(value: Any, needs: str, kinds: list[ResultKind]) -> None:
    assert [h.kind for h in cell_output.read(value, n=N, needs=needs, metric="accuracy")] == kinds


def test_the_users_own_score_beside_predictions_is_kept_for_checking() -> None:
    (handed,) = cell_output.read({"predictions": LABELS, "accuracy": 0.7}, n=N, needs="labels", metric="accuracy")
    assert handed.claimed == 0.7


def test_what_the_user_names_is_not_guessed() -> None:
    (handed,) = cell_output.read([0.5, 0.6, 0.7], n=3, needs="labels", kind=ResultKind.FOLDS)
    assert handed.kind is F


def test_repeated_cross_validation_is_laid_end_to_end() -> None:
    (handed,) = cell_output.read([[0.5, 0.6], [0.7, 0.8]], n=N, needs="labels", kind=ResultKind.FOLDS)
    assert handed.rows is not None
    assert list(handed.rows) == [0.5, 0.6, 0.7, 0.8]


def test_an_estimator_predicts_on_the_declared_features_and_is_timed() -> None:
    model = LogisticRegression().fit(X, LABELS)
    (handed,) = cell_output.read(model, n=N, needs="labels", features=X)
    assert handed.rows is not None
    assert np.array_equal(handed.rows, model.predict(X))
    assert handed.answer_seconds is not None
    assert handed.answer_seconds > 0


def test_an_estimator_gives_scores_where_scores_are_judged() -> None:
    (proba,) = cell_output.read(LogisticRegression().fit(X, LABELS), n=N, needs="scores", features=X)
    (decision,) = cell_output.read(LinearSVC().fit(X, LABELS), n=N, needs="scores", features=X)
    assert proba.kind is S
    assert proba.rows is not None
    assert proba.rows.shape == (N, 2), "a column per class; the judge knows which is positive"
    assert decision.rows is not None
    assert decision.rows.ndim == 1


class NoScores:
    def predict(self, features: Any) -> Any:
        return np.zeros(len(features))


REFUSED: dict[str, tuple[Any, str, str]] = {
    "nothing": (None, "labels", "ended without a value"),
    "text": ("done", "labels", "ended with text"),
    "an empty dict": ({}, "labels", "empty dict"),
    "an empty list": ([], "labels", "empty"),
    "not a number": (float("nan"), "labels", "nan"),
    "an estimator without features": (NoScores(), "labels", "--features"),
    "missing values": ([1.0, None, 2.0], "labels", "missing"),
    "an object of no use": (object(), "labels", "predictions"),
    "batches of tensors": ([Tensor(FRACTIONS[:20]), Tensor(FRACTIONS[20:])], "numbers", "cannot be read"),
    "loss and score of a network": ([0.31, 0.92], "labels", "Two numbers"),
}


@pytest.mark.parametrize(("value", "needs", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_used_is_refused_in_one_line(value: Any, needs: str, said: str) -> None:
    with pytest.raises(MleeError, match=said) as caught:
        cell_output.read(value, n=N, needs=needs)
    assert "\n" not in str(caught.value)


class Network:
    """Its predict gives shares, as keras does: one column of two classes, a matrix of more."""

    def __init__(self, shares: np.ndarray) -> None:
        self.shares = shares

    def predict(self, features: Any) -> Any:
        return self.shares


@pytest.mark.parametrize("needs", ["labels", "scores"])
@pytest.mark.parametrize("columns", [1, 3])
def test_a_networks_predict_gives_scores(needs: str, columns: int) -> None:
    shares = np.column_stack([FRACTIONS] * columns).astype(np.float32)
    (handed,) = cell_output.read(Network(shares), n=N, needs=needs, features=X)
    assert handed.kind is S


def test_a_tree_that_is_always_sure_gives_scores() -> None:
    (handed,) = cell_output.read(DecisionTreeClassifier().fit(X, LABELS), n=N, needs="scores", features=X)
    assert handed.kind is S


def test_an_estimator_without_scores_is_refused_where_scores_are_judged() -> None:
    with pytest.raises(MleeError, match="gives no probabilities"):
        cell_output.read(NoScores(), n=N, needs="scores", features=X)


def test_predictions_of_the_wrong_length_are_not_taken_for_folds() -> None:
    (handed,) = cell_output.read(FRACTIONS[: N - 1], n=N, needs="numbers")
    assert handed.kind is P
