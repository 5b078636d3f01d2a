"""Small worlds in which somebody fitted a model: the rows, the right answers, and what the model says of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge

ROWS, TEST = 360, 120
CLASSES: dict[str, list[Any]] = {
    "0 and 1": [0, 1],
    "two words": ["bad", "good"],
    "true and false": [False, True],
    "-1 and 1": [-1, 1],
    "three words": ["cat", "dog", "eel"],
    "1 to 3": [1, 2, 3],
}
NUMBERS = ("amounts", "counts")
WORLDS = (*CLASSES, *NUMBERS)


@dataclass(frozen=True, kw_only=True)
class World:
    """One task with its test rows; of numbers `labels` are the predicted values and there are no shares."""

    name: str
    X_train: pd.DataFrame
    X: pd.DataFrame
    y_train: pd.Series
    y: pd.Series  # its index is that of a random split
    classes: list[Any]
    model: Any
    forest: Any
    labels: np.ndarray  # what the model predicts
    shares: np.ndarray  # predict_proba
    margins: np.ndarray  # decision_function

    @property
    def two(self) -> bool:
        return len(self.classes) == 2

    @property
    def numbers(self) -> bool:
        return not self.classes


@cache
def world(name: str) -> World:
    random = np.random.default_rng(list(WORLDS).index(name) + 10)
    X = pd.DataFrame(random.standard_normal((ROWS, 4)), columns=["a", "b", "c", "d"])
    signal = 1.6 * X["a"] - X["b"] + 0.8 * random.standard_normal(ROWS)
    classes = CLASSES.get(name, [])
    if classes:
        cuts = np.quantile(signal, np.arange(1, len(classes)) / len(classes))
        answers: Any = np.array(classes, dtype=object if isinstance(classes[0], str) else None)[
            np.searchsorted(cuts, signal)
        ]
    else:
        answers = np.round(np.exp(signal / 2 + 1)) + 1 if name == "counts" else 200 + 40 * signal.to_numpy()
        answers = answers.astype(int) if name == "counts" else answers
    y = pd.Series(answers)
    order = random.permutation(ROWS)
    train, test = order[TEST:], order[:TEST]
    X_train, X_test, y_train, y_test = X.iloc[train], X.iloc[test], y.iloc[train], y.iloc[test]
    if not classes:
        model: Any = Ridge().fit(X_train, y_train)
        forest: Any = RandomForestRegressor(20, random_state=0).fit(X_train, y_train)
        return World(
            name=name, X_train=X_train, X=X_test, y_train=y_train, y=y_test, classes=[], model=model, forest=forest,
            labels=np.maximum(model.predict(X_test), 0.5), shares=np.empty((0, 0)), margins=np.empty(0),
        )  # fmt: skip
    model = LogisticRegression().fit(X_train, y_train.to_numpy())
    forest = RandomForestClassifier(20, random_state=0).fit(X_train, y_train.to_numpy())
    return World(
        name=name, X_train=X_train, X=X_test, y_train=y_train, y=y_test, classes=classes, model=model, forest=forest,
        labels=model.predict(X_test), shares=model.predict_proba(X_test), margins=model.decision_function(X_test),
    )  # fmt: skip
