"""The catalogue: what people hand over, from which library, and what is right to do with it.

Each line is a shape; crossed with the worlds and metrics that it fits it gives the habits. `JUDGED` is the score of
what the model says, by scikit-learn's own function; `TURNED` the same from a form that must be read another way;
`ASKED` a line that says what to add or choose; `REFUSED` a line that says what is wrong. Both record nothing.
"""

# ruff: noqa: E501
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
from scipy import sparse
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, cross_val_predict, cross_val_score, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import LabelBinarizer, StandardScaler

from . import objects, oracle
from .worlds import WORLDS, World, world


@dataclass(frozen=True)
class Right:
    """What should come of it."""

    what: str  # judged, turned, folds, apart, bare, doubted, asked, refused
    words: str = ""  # a part of the line that is said
    meant: Callable[[World], Any] | None = None  # the rows to score by; None: what the model says


JUDGED, TURNED = Right("judged"), Right("turned")


def judged(meant: Callable[[World], Any]) -> Right:
    return Right("judged", meant=meant)


def refused(words: str = "") -> Right:
    return Right("refused", words)


def asked(words: str) -> Right:
    return Right("asked", words)


def doubted(words: str, meant: Callable[[World], Any] | None = None) -> Right:
    return Right("doubted", words, meant)


Make = Callable[[World], Any]
Fits = Callable[[World], bool]


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One line of the catalogue."""

    name: str
    source: str
    make: Make
    right: Right
    needs: tuple[str, ...]  # of metrics: labels, scores, numbers
    fits: Fits = lambda world: True
    only: tuple[str, ...] = ()  # metrics; none: all that need it
    truth: str = "array"  # or "series": with the index of a random split
    options: tuple[tuple[str, Any], ...] = ()


SHAPES: list[Shape] = []
LABELS, SCORES, NUMBERS, ANY = ("labels",), ("scores",), ("numbers",), ("labels", "scores", "numbers")


def shape(name: str, source: str, make: Make, right: Right, needs: tuple[str, ...], **more: Any) -> None:
    SHAPES.append(Shape(name=name, source=source, make=make, right=right, needs=needs, **more))


def two(w: World) -> bool:
    return w.two


def many(w: World) -> bool:
    return len(w.classes) > 2


def spread_out(w: World) -> bool:
    """Whether an error as small as an R2 is out of the question."""
    return not w.classes and float(np.std(np.asarray(w.y, dtype=float))) > 30


def text(w: World) -> bool:
    return bool(w.classes) and isinstance(w.classes[0], str)


def integers(w: World) -> bool:
    return bool(w.classes) and type(w.classes[0]) is int


def zero_one(w: World) -> bool:
    return w.name == "0 and 1"


def codes(w: World) -> np.ndarray:
    return np.array([w.classes.index(label) for label in w.labels.tolist()])


def logits(w: World) -> np.ndarray:
    return np.log(w.shares) + 3.0


def grid(w: World, scoring: tuple[str, ...] | None = None) -> GridSearchCV:
    return _grid(w.name, scoring)


@cache
def _grid(name: str, scoring: tuple[str, ...] | None) -> GridSearchCV:
    w = world(name)
    search = GridSearchCV(
        LogisticRegression(), {"C": [0.1, 1.0]}, cv=3, scoring=scoring, refit=scoring[0] if scoring else True
    )
    return search.fit(w.X_train, w.y_train.to_numpy())


def errors(w: World) -> dict[str, Any]:
    """What a search for the least error keeps: with scikit-learn's minus sign."""
    return _errors(w.name)


@cache
def _errors(name: str) -> dict[str, Any]:
    w = world(name)
    search = GridSearchCV(Ridge(), {"alpha": [0.1, 10.0]}, cv=5, scoring="neg_mean_absolute_error")
    return search.fit(w.X_train, w.y_train.to_numpy()).cv_results_  # type: ignore[no-any-return]


def folds_of(w: World, scoring: str | None = None) -> np.ndarray:
    return cross_val_score(w.model, w.X_train, w.y_train.to_numpy(), cv=5, scoring=scoring)  # type: ignore[no-any-return]


def rows_of(w: World) -> Any:
    return w.labels


# fmt: off
# ---------------------------------------------------------------- labels, right

shape("predict", "scikit-learn", lambda w: w.model.predict(w.X), JUDGED, LABELS)
shape("predict of a frame's values", "scikit-learn", lambda w: w.labels.copy(), JUDGED, LABELS, truth="series")
shape("predict as a list", "scikit-learn", lambda w: w.labels.tolist(), JUDGED, LABELS)
shape("predict as a tuple", "scikit-learn", lambda w: tuple(w.labels.tolist()), JUDGED, LABELS)
shape("a Series with the index of the test rows", "pandas", lambda w: pd.Series(w.labels, index=w.X.index), JUDGED, LABELS, truth="series")
shape("a Series with a fresh index", "pandas", lambda w: pd.Series(w.labels), JUDGED, LABELS, truth="series")
shape("a Series with a fresh index, truth without", "pandas", lambda w: pd.Series(w.labels), JUDGED, LABELS)
shape("a Series sorted by its index", "pandas", lambda w: pd.Series(w.labels, index=w.X.index).sort_index(), refused("index"), LABELS, truth="series")
shape("a Series shuffled with its index", "pandas", lambda w: pd.Series(w.labels, index=w.X.index).sample(frac=1, random_state=1), refused("index"), LABELS, truth="series")
shape("categories", "pandas", lambda w: pd.Series(w.labels).astype("category"), JUDGED, LABELS)
shape("categories in another order", "pandas", lambda w: pd.Series(pd.Categorical(w.labels, categories=w.classes[::-1])), JUDGED, LABELS)
shape("a frame of one column", "pandas", lambda w: pd.DataFrame({"prediction": w.labels}), JUDGED, LABELS)
shape("objects", "numpy", lambda w: w.labels.astype(object), JUDGED, LABELS)
shape("one column of two dimensions", "keras", lambda w: w.labels.reshape(-1, 1), JUDGED, LABELS)
shape("a row of two dimensions", "numpy", lambda w: w.labels.reshape(1, -1), refused(), LABELS)
shape("polars", "polars", lambda w: pl.Series("p", w.labels.tolist()), JUDGED, LABELS)
shape("polars categories", "polars", lambda w: pl.Series("p", w.labels.tolist(), dtype=pl.Categorical), JUDGED, LABELS, fits=text)
shape("an arrow column", "pyarrow", lambda w: objects.Arrow(w.labels), JUDGED, LABELS)
shape("a tensor of labels", "torch", lambda w: objects.Tensor(w.labels), JUDGED, LABELS, fits=integers)
shape("argmax of a tensor", "torch", lambda w: objects.Tensor(codes(w)), JUDGED, LABELS, fits=zero_one)
shape("labels as fractions", "lightgbm", lambda w: w.labels.astype(float), JUDGED, LABELS, fits=integers)
shape("labels as float32", "xgboost multi:softmax", lambda w: w.labels.astype(np.float32), JUDGED, LABELS, fits=integers)
shape("nullable integers", "pandas", lambda w: pd.Series(w.labels, dtype="Int64"), JUDGED, LABELS, fits=integers)
shape("nullable booleans", "pandas", lambda w: pd.Series(w.labels, dtype="boolean"), JUDGED, LABELS, fits=lambda w: w.name == "true and false")
shape("booleans for 0 and 1", "numpy", lambda w: w.labels == 1, JUDGED, LABELS, fits=zero_one)
shape("integers for booleans", "numpy", lambda w: w.labels.astype(int), JUDGED, LABELS, fits=lambda w: w.name == "true and false")
shape("bytes", "numpy", lambda w: w.labels.astype("S"), JUDGED, LABELS, fits=text)
shape("pandas text", "pandas", lambda w: pd.Series(w.labels.tolist(), dtype="string"), JUDGED, LABELS, fits=text)
shape("a fitted estimator", "scikit-learn", lambda w: w.model, JUDGED, LABELS)
shape("a fitted pipeline", "scikit-learn", lambda w: make_pipeline(StandardScaler(), LogisticRegression()).fit(w.X_train, w.y_train.to_numpy()), judged(lambda w: (make_pipeline(StandardScaler(), LogisticRegression()).fit(w.X_train, w.y_train.to_numpy()).predict(w.X))), LABELS)
shape("a fitted grid search", "scikit-learn", grid, judged(lambda w: grid(w).predict(w.X)), LABELS)
shape("cross_val_predict on the test rows", "scikit-learn", lambda w: cross_val_predict(LogisticRegression(), w.X, w.y.to_numpy(), cv=3), judged(lambda w: cross_val_predict(LogisticRegression(), w.X, w.y.to_numpy(), cv=3)), LABELS, only=("accuracy",))
shape("a dict of parts", "by hand", lambda w: {"predictions": w.labels, "accuracy": 0.5}, JUDGED, LABELS)
shape("a dict of y_pred and y_proba", "by hand", lambda w: {"y_pred": w.labels, "y_proba": w.shares}, JUDGED, LABELS)
shape("staged_predict, a generator", "scikit-learn", lambda w: GradientBoostingClassifier(n_estimators=3).fit(w.X_train, w.y_train.to_numpy()).staged_predict(w.X), refused("once"), LABELS, only=("accuracy",))

# ---------------------------------------------------------------- labels, from shares

shape("predict_proba", "scikit-learn", lambda w: w.shares, TURNED, LABELS)
shape("softmax in float32", "keras", lambda w: w.shares.astype(np.float32), TURNED, LABELS)
shape("a tensor of softmax", "torch", lambda w: objects.Tensor(w.shares), TURNED, LABELS)
shape("one-hot, integers", "keras to_categorical", lambda w: np.eye(len(w.classes), dtype=int)[codes(w)], TURNED, LABELS)
shape("one-hot, float32", "keras to_categorical", lambda w: np.eye(len(w.classes), dtype=np.float32)[codes(w)], TURNED, LABELS)
shape("one-hot, booleans", "pandas get_dummies", lambda w: np.eye(len(w.classes), dtype=bool)[codes(w)], TURNED, LABELS)
shape("one-hot, a frame named by the classes", "pandas get_dummies", lambda w: pd.get_dummies(pd.Series(w.labels)), TURNED, LABELS)
shape("a binarizer's matrix", "scikit-learn", lambda w: LabelBinarizer().fit(w.classes).transform(w.labels), TURNED, LABELS, fits=many)
shape("sigmoid, one column", "keras", lambda w: w.shares[:, 1:].astype(np.float32), TURNED, LABELS, fits=two)
shape("sigmoid, flat", "xgboost binary:logistic", lambda w: w.shares[:, 1].astype(np.float32), TURNED, LABELS, fits=two)
shape("the first column of predict_proba of many", "scikit-learn", lambda w: w.shares[:, 0], refused(), LABELS, fits=many)
shape("a keras model", "keras", lambda w: objects.Sequential(w.shares), TURNED, LABELS)

# ---------------------------------------------------------------- labels, wrong

shape("places of the classes for words", "keras argmax", codes, refused("text"), LABELS, fits=text)
shape("places of the classes for 1 to 3", "keras argmax", codes, asked("places of the classes"), LABELS, fits=lambda w: w.name == "1 to 3")
shape("places of the classes for -1 and 1", "torch", codes, asked("places of the classes"), LABELS, fits=lambda w: w.name == "-1 and 1")
shape("numbers as text", "read_csv(dtype=str)", lambda w: w.labels.astype(str), refused("text"), LABELS, fits=integers)
shape("words in other letters", "by hand", lambda w: np.char.upper(w.labels.astype(str)), doubted("MLE402", lambda w: np.char.upper(w.labels.astype(str))), LABELS, fits=text, only=("accuracy",))
shape("three columns for two classes", "xgboost", lambda w: np.column_stack([w.shares, w.shares[:, 0]]) / 1.5, refused(), LABELS, fits=two)
shape("two columns for three classes", "by hand", lambda w: w.shares[:, :2], refused(), LABELS, fits=many)
shape("a frame saved with its index", "read_csv", lambda w: pd.DataFrame({"Unnamed: 0": range(len(w.labels)), "prediction": codes(w)}), refused(), LABELS)
shape("confusion_matrix", "scikit-learn", lambda w: np.full((len(w.classes),) * 2, 30), refused(), LABELS)
shape("mixed text and numbers", "by hand", lambda w: [*w.labels.tolist()[:-1], 7], refused("mixes"), LABELS, fits=text)
shape("labels with None", "pandas merge", lambda w: [*w.labels.tolist()[:-1], None], refused("missing"), LABELS)
shape("nullable with NA", "pandas merge", lambda w: pd.Series([*w.labels.tolist()[:-1], None], dtype="Int64"), refused("missing"), LABELS, fits=integers)
shape("strings of fractions", "json", lambda w: [f"{p:.3f}" for p in w.shares[:, 1]], refused("text"), LABELS, fits=zero_one)
shape("names of leaves", "xgboost pred_leaf", lambda w: np.arange(len(w.labels) * 20).reshape(-1, 20) % 7, refused(), LABELS)
shape("margins as labels", "lightgbm raw_score", lambda w: w.margins, asked(""), LABELS, fits=two, only=("accuracy",))
shape("logits of softmax", "torch", lambda w: objects.Tensor(logits(w)), TURNED, LABELS, only=("accuracy", "f1_macro"))

# ---------------------------------------------------------------- shares and scores, right

shape("predict_proba", "scikit-learn", lambda w: w.shares, JUDGED, SCORES)
shape("predict_proba in float32", "lightgbm", lambda w: w.shares.astype(np.float32), JUDGED, SCORES)
shape("softmax", "keras", lambda w: w.shares.astype(np.float32), JUDGED, SCORES)
shape("a tensor with a gradient", "torch", lambda w: objects.Tensor(w.shares), JUDGED, SCORES)
shape("lists of lists", "json", lambda w: w.shares.tolist(), JUDGED, SCORES)
shape("a frame without names", "pandas", lambda w: pd.DataFrame(w.shares), JUDGED, SCORES)
shape("a frame named by the classes", "pandas", lambda w: pd.DataFrame(w.shares, columns=w.classes), JUDGED, SCORES)
shape("a frame named by the classes, turned", "pandas", lambda w: pd.DataFrame(w.shares, columns=w.classes).iloc[:, ::-1], TURNED, SCORES)
shape("a frame of strange names", "pandas", lambda w: pd.DataFrame(w.shares, columns=[f"zz{k}" for k in range(len(w.classes))][::-1]), refused(), SCORES, fits=text)
shape("a polars frame", "polars", lambda w: pl.DataFrame(w.shares.tolist(), orient="row"), JUDGED, SCORES)
shape("a fitted estimator", "scikit-learn", lambda w: w.model, JUDGED, SCORES)
shape("a dict of y_pred and y_proba", "by hand", lambda w: {"y_pred": w.labels, "y_proba": w.shares}, JUDGED, SCORES)
shape("one column", "scikit-learn [:, 1]", lambda w: w.shares[:, 1], JUDGED, SCORES, fits=two)
shape("sigmoid, one column", "keras", lambda w: w.shares[:, 1:].astype(np.float32), JUDGED, SCORES, fits=two)
shape("sigmoid, flat", "xgboost", lambda w: w.shares[:, 1].astype(np.float32), JUDGED, SCORES, fits=two)
shape("a Series", "statsmodels Logit.predict", lambda w: pd.Series(w.shares[:, 1], index=w.X.index), JUDGED, SCORES, fits=two, truth="series")
shape("polars shares", "polars", lambda w: pl.Series(w.shares[:, 1].tolist()), JUDGED, SCORES, fits=two)
shape("decision_function", "scikit-learn", lambda w: w.margins, judged(lambda w: w.margins), SCORES, fits=two, only=("roc_auc", "average_precision"))
shape("raw scores", "lightgbm raw_score", lambda w: 2 * w.margins, judged(lambda w: w.margins), SCORES, fits=two, only=("roc_auc", "average_precision"))
shape("per cent", "by hand", lambda w: 100 * w.shares[:, 1], JUDGED, SCORES, fits=two, only=("roc_auc", "average_precision"))
shape("logarithms of shares", "predict_log_proba", lambda w: np.log(w.shares[:, 1]), JUDGED, SCORES, fits=two, only=("roc_auc", "average_precision"))

# ---------------------------------------------------------------- shares and scores, wrong

PROPER = ("log_loss", "brier")
shape("decision_function", "scikit-learn", lambda w: w.margins, refused(), SCORES, fits=two, only=PROPER)
shape("decision_function of many", "scikit-learn", lambda w: w.margins, refused(), SCORES, fits=many, only=PROPER)
shape("per cent", "by hand", lambda w: 100 * w.shares[:, 1], refused(), SCORES, fits=two, only=PROPER)
shape("per cent, all columns", "by hand", lambda w: 100 * w.shares, refused(), SCORES, only=PROPER)
shape("logarithms of shares", "predict_log_proba", lambda w: np.log(w.shares), refused(), SCORES, only=PROPER)
shape("logits", "torch", lambda w: objects.Tensor(logits(w)), refused(), SCORES, only=PROPER)
shape("columns that add up to more than 1", "one against the rest", lambda w: w.shares**0.3, refused(), SCORES, only=("log_loss",))
shape("transposed", "numpy .T", lambda w: w.shares.T, refused(), SCORES)
shape("transposed", "numpy .T", lambda w: w.shares.T, refused(), LABELS)
shape("one share in three classes", "scikit-learn [:, 1]", lambda w: w.shares[:, 1], refused(), SCORES, fits=many)
shape("two of three columns", "scikit-learn [:, 1:]", lambda w: w.shares[:, 1:], refused(), SCORES, fits=many)
shape("a list of matrices", "predict_proba of several outputs", lambda w: [w.shares, w.shares], refused(), SCORES)
shape("a frame saved with its index", "read_csv", lambda w: pd.DataFrame(w.shares).reset_index(), refused(), SCORES)
shape("a frame of all and a label", "by hand", lambda w: pd.DataFrame(w.shares).assign(label=[str(v) for v in w.labels]), refused(), SCORES)
shape("labels instead of scores", "predict", lambda w: w.labels, refused("labels"), SCORES, fits=text)
shape("labels instead of scores", "predict", lambda w: w.labels, doubted("two values", lambda w: w.labels), SCORES, fits=zero_one, only=("roc_auc", "average_precision"))
shape("shares with NaN", "pandas merge", lambda w: np.where(np.arange(w.shares.size).reshape(w.shares.shape) == 3, np.nan, w.shares), refused("missing"), SCORES)
shape("infinite scores", "log of 0", lambda w: np.where(np.arange(len(w.labels)) == 3, -np.inf, w.margins), refused("infinite"), SCORES, fits=two)
shape("an estimator without shares", "scikit-learn RidgeClassifier in a wrapper", lambda w: objects.Booster(), refused(), SCORES)

# ---------------------------------------------------------------- numbers, right

shape("predict", "scikit-learn", lambda w: w.labels.copy(), JUDGED, NUMBERS)
shape("predict as a list", "scikit-learn", lambda w: w.labels.tolist(), JUDGED, NUMBERS)
shape("one column of two dimensions", "keras", lambda w: w.labels.reshape(-1, 1), JUDGED, NUMBERS)
shape("float32", "lightgbm", lambda w: w.labels.astype(np.float32), judged(lambda w: w.labels.astype(np.float32)), NUMBERS)
shape("a tensor", "torch", lambda w: objects.Tensor(w.labels.reshape(-1, 1)), JUDGED, NUMBERS)
shape("a Series of the test rows", "statsmodels OLS.predict", lambda w: pd.Series(w.labels, index=w.X.index), JUDGED, NUMBERS, truth="series")
shape("a Series with a fresh index", "pandas", lambda w: pd.Series(w.labels), JUDGED, NUMBERS, truth="series")
shape("a Series shuffled with its index", "pandas", lambda w: pd.Series(w.labels, index=w.X.index).sample(frac=1, random_state=1), refused("index"), NUMBERS, truth="series")
shape("polars", "polars", lambda w: pl.Series(w.labels.tolist()), JUDGED, NUMBERS)
shape("an arrow column", "pyarrow", lambda w: objects.Arrow(w.labels), JUDGED, NUMBERS)
shape("nullable numbers", "pandas", lambda w: pd.Series(w.labels, dtype="Float64"), JUDGED, NUMBERS)
shape("decimals", "a database", lambda w: [Decimal(repr(float(v))) for v in w.labels], JUDGED, NUMBERS)
shape("rounded to integers", "by hand", lambda w: np.rint(w.labels).astype(int), judged(lambda w: np.rint(w.labels)), NUMBERS)
shape("a fitted estimator", "scikit-learn", lambda w: w.forest, judged(lambda w: w.forest.predict(w.X)), NUMBERS)
shape("a dict of parts", "by hand", lambda w: {"predictions": w.labels, "mae": 1.0}, JUDGED, NUMBERS)
shape("cross_val_predict on the test rows", "scikit-learn", lambda w: cross_val_predict(w.model, w.X, w.y, cv=3), judged(lambda w: cross_val_predict(w.model, w.X, w.y, cv=3)), NUMBERS, only=("mae", "r2"))
shape("a matrix of one column", "numpy.matrix", lambda w: np.asmatrix(w.labels).T, JUDGED, NUMBERS)

# ---------------------------------------------------------------- numbers, wrong

shape("mean and deviation", "GaussianProcessRegressor return_std", lambda w: GaussianProcessRegressor(optimizer=None).fit(w.X_train, w.y_train).predict(w.X, return_std=True), refused(), NUMBERS, only=("mae", "r2"))
shape("three quantiles", "lightgbm quantile", lambda w: np.column_stack([w.labels - 1, w.labels, w.labels + 1]), refused(), NUMBERS)
shape("summary_frame", "statsmodels get_prediction", lambda w: pd.DataFrame({"mean": w.labels, "mean_se": 1.0, "obs_ci_lower": w.labels - 1}), refused(), NUMBERS)
shape("a frame saved with its index", "read_csv", lambda w: pd.DataFrame({"Unnamed: 0": range(len(w.labels)), "p": w.labels}), refused(), NUMBERS)
shape("numbers as text", "read_csv(dtype=str)", lambda w: [f"{v:.3f}" for v in w.labels], refused("text"), NUMBERS)
shape("with missing values", "a merge", lambda w: [*w.labels.tolist()[:-1], None], refused("missing"), NUMBERS)
shape("a masked array", "numpy.ma", lambda w: np.ma.array(w.labels, mask=np.arange(len(w.labels)) == 3), refused("missing"), NUMBERS)
shape("infinite", "exp of too much", lambda w: np.where(np.arange(len(w.labels)) == 3, np.inf, w.labels), refused("infinite"), NUMBERS)
shape("complex numbers", "numpy.roots", lambda w: w.labels.astype(complex), refused("complex"), NUMBERS)

# ---------------------------------------------------------------- whatever is judged: the wrong rows

shape("predictions of the training rows", "scikit-learn", lambda w: w.model.predict(w.X_train), refused("120"), ("labels", "numbers"))
shape("one row too few", "by hand", lambda w: w.labels[:-1], refused("119"), ("labels", "numbers"))
shape("one row too many", "a batch with a rest", lambda w: np.append(w.labels, w.labels[:1]), refused("121"), ("labels", "numbers"))
shape("shares of the training rows", "scikit-learn", lambda w: w.model.predict_proba(w.X_train), refused("120"), SCORES)
shape("batches, not put together", "torch loader", lambda w: [rows_of(w)[:64], rows_of(w)[64:]], refused(), ("labels", "numbers"))
shape("batches of tensors", "torch loader", lambda w: [objects.Tensor(rows_of(w)[:64].astype(float)), objects.Tensor(rows_of(w)[64:].astype(float))], refused(), NUMBERS)
shape("a generator", "python", lambda w: (v for v in rows_of(w).tolist()), refused("once"), ("labels", "numbers"))
shape("a map", "python", lambda w: map(str, rows_of(w).tolist()), refused("once"), LABELS)
shape("a set", "python", lambda w: set(rows_of(w).tolist()), refused("order"), ("labels", "numbers"))
shape("a sparse column", "scipy", lambda w: sparse.csr_matrix(np.arange(len(w.labels)).reshape(-1, 1) % 2), refused("toarray"), ("labels", "numbers"))
shape("a sparse matrix", "scipy", lambda w: sparse.csr_matrix(w.shares), refused("toarray"), SCORES)
shape("an empty list", "python", lambda w: [], refused("empty"), ANY)
shape("nothing", "a cell that ends in print()", lambda w: None, refused("without a value"), ANY)
shape("text", "classification_report", lambda w: "              precision    recall  f1-score", refused("text"), ANY)
shape("true", "python", lambda w: True, refused(), ANY)
shape("three dimensions", "torch", lambda w: np.zeros((len(w.labels), 1, 3)), refused("dimensions"), ANY)
shape("dates", "pandas", lambda w: pd.date_range("2024-01-01", periods=len(w.labels)), refused("dates"), ("labels", "numbers"))

# ---------------------------------------------------------------- whatever is judged: other objects

shape("a class, not a model", "scikit-learn", lambda w: LogisticRegression, refused(), ANY)
shape("a model that is not fitted", "scikit-learn", lambda w: type(w.model)(), refused("fitted"), ANY)
shape("a model of other columns", "scikit-learn", lambda w: type(w.model)().fit(w.X_train[["a", "b"]], w.y_train.to_numpy()), refused("columns"), ANY)
shape("a booster that wants its own matrix", "xgboost", lambda w: objects.Booster(), refused("predict"), ("labels", "numbers"))
shape("a DMatrix", "xgboost", lambda w: objects.Dataset(), refused(), ANY)
shape("a module", "torch", lambda w: objects.NetModule(), refused(), ANY)
shape("a History", "keras", lambda w: objects.History(), refused(), ANY)
shape("a History's dict", "keras", lambda w: objects.History().history, asked(""), ANY)
shape("a study", "optuna", lambda w: objects.Study(), refused(), ANY)
shape("a trial", "optuna", lambda w: objects.Trial(), refused(), ANY)
shape("a function", "python", lambda w: rows_of, refused(), ANY)
shape("roc_curve's three arrays", "scikit-learn", lambda w: (np.linspace(0, 1, 9), np.linspace(0, 1, 9), np.linspace(1, 0, 9)), refused(), ANY)
shape("X and y by mistake", "scikit-learn", lambda w: (w.X, w.y), refused(), ANY)
shape("the features", "scikit-learn", lambda w: w.X, refused(), ANY, only=("accuracy", "log_loss", "roc_auc", "mae"))
shape("a dict of columns of features", "pandas to_dict", lambda w: w.X.reset_index(drop=True).to_dict(), refused(), ANY, only=("accuracy", "log_loss", "mae"))
shape("a classification report as a dict", "scikit-learn", lambda w: {"0": {"precision": 0.9, "support": 60}, "accuracy": 0.9, "macro avg": {"precision": 0.9}}, asked(""), LABELS, only=("accuracy",))
shape("a dict of lists of another length", "by hand", lambda w: {"loss": [0.3] * 7, "val_loss": [0.4] * 7, "lr": [0.1] * 7}, asked(""), ANY, only=("accuracy", "mae", "log_loss"))
shape("an empty dict", "python", lambda w: {}, refused("empty"), ANY)

# ---------------------------------------------------------------- numbers and folds

FOLDS, APART = Right("folds"), Right("apart")
shape("cross_val_score", "scikit-learn", folds_of, FOLDS, LABELS, only=("accuracy",))
shape("cross_val_score as a list", "scikit-learn", lambda w: folds_of(w).tolist(), FOLDS, LABELS, only=("accuracy",))
shape("cross_val_score as a Series", "pandas", lambda w: pd.Series(folds_of(w)), FOLDS, LABELS, only=("accuracy",))
shape("cross_val_score of neg_", "scikit-learn", lambda w: folds_of(w, "neg_mean_absolute_error"), Right("folds", meant=lambda w: -folds_of(w, "neg_mean_absolute_error")), NUMBERS, only=("mae",))
shape("cross_val_score of R2 for R2", "scikit-learn", folds_of, FOLDS, NUMBERS, only=("r2",))
shape("cross_val_score of R2 by mistake", "scikit-learn", folds_of, asked(""), NUMBERS, fits=spread_out, only=("rmse", "mae"))
shape("cross_val_score of an AUC", "scikit-learn", lambda w: folds_of(w, "roc_auc"), FOLDS, SCORES, fits=two, only=("roc_auc",))
shape("cross_validate", "scikit-learn", lambda w: cross_validate(w.model, w.X_train, w.y_train.to_numpy(), cv=5), Right("folds", meant=folds_of), LABELS, only=("accuracy",))
shape("cross_validate of several metrics", "scikit-learn", lambda w: cross_validate(w.model, w.X_train, w.y_train.to_numpy(), cv=5, scoring=["accuracy", "f1_macro"]), Right("folds", meant=folds_of), LABELS, only=("accuracy",))
shape("cross_validate with train scores", "scikit-learn", lambda w: cross_validate(w.model, w.X_train, w.y_train.to_numpy(), cv=5, return_train_score=True), Right("folds", meant=folds_of), LABELS, only=("accuracy",))
shape("cross_validate of another metric", "scikit-learn", lambda w: cross_validate(w.model, w.X_train, w.y_train.to_numpy(), cv=5, scoring=["f1_macro", "recall_macro"]), asked(""), LABELS, only=("accuracy",))
shape("cv_results_", "scikit-learn", lambda w: grid(w).cv_results_, Right("folds", meant=lambda w: grid(w).best_score_), LABELS, only=("accuracy",))
shape("cv_results_ of several metrics", "scikit-learn", lambda w: grid(w, ("accuracy", "f1_macro")).cv_results_, Right("folds", meant=lambda w: grid(w).best_score_), LABELS, only=("accuracy",))
shape("cv_results_ of other metrics", "scikit-learn", lambda w: grid(w, ("recall_macro", "f1_macro")).cv_results_, asked("recall_macro"), LABELS, only=("accuracy",))
shape("cv_results_ of an error", "scikit-learn", errors, Right("folds", meant=lambda w: -max(errors(w)["mean_test_score"])), NUMBERS, only=("mae",))
shape("repeated folds as lists", "scikit-learn", lambda w: [folds_of(w).tolist(), folds_of(w).tolist()], asked(""), LABELS, only=("accuracy",))
shape("repeated folds, named", "scikit-learn", lambda w: [folds_of(w).tolist(), folds_of(w).tolist()], Right("folds", meant=folds_of), LABELS, only=("accuracy",), options=(("kind", "folds"),))
shape("score()", "scikit-learn", lambda w: w.model.score(w.X, w.y.to_numpy()), Right("apart", meant=lambda w: w.model.score(w.X, w.y.to_numpy())), LABELS, only=("accuracy",))
shape("a score with its rows", "by hand", lambda w: (0.87, 500), Right("bare", meant=lambda w: 0.87), LABELS, only=("accuracy",))
shape("a dict of a score and its rows", "by hand", lambda w: {"accuracy": 0.87, "n": 500}, Right("bare", meant=lambda w: 0.87), LABELS, only=("accuracy",))
shape("a numpy number", "numpy", lambda w: np.float64(0.87), Right("apart", meant=lambda w: 0.87), LABELS, only=("accuracy",))
shape("a tensor of one number", "torch loss", lambda w: np.asarray(0.87), Right("apart", meant=lambda w: 0.87), LABELS, only=("accuracy",))
shape("a torch number", "torch loss", lambda w: objects.Tensor(0.87), Right("apart", meant=lambda w: 0.87), LABELS, only=("accuracy",))
shape("per cent", "by hand", lambda w: 87.0, refused("0.87"), LABELS)
shape("a score that is not a number", "numpy", lambda w: float("nan"), refused("nan"), ANY)
shape("an infinite score", "numpy", lambda w: float("inf"), refused("inf"), ANY)
shape("loss and accuracy", "keras evaluate", lambda w: [0.31, 0.92], asked("folds"), ANY)
shape("fold scores in per cent", "by hand", lambda w: 100 * folds_of(w), refused(), LABELS, only=("accuracy",))
shape("best_score_", "scikit-learn", lambda w: grid(w).best_score_, Right("apart", meant=lambda w: grid(w).best_score_), LABELS, only=("accuracy",))
shape("best_value", "optuna", lambda w: objects.Study.best_value, Right("apart", meant=lambda w: 0.87), LABELS, only=("accuracy",))
shape("evals_result", "xgboost", lambda w: {"validation_0": {"logloss": [0.6, 0.5]}}, asked(""), ANY, only=("accuracy", "mae", "log_loss"))
shape("two variants", "by hand", lambda w: {"C=1": w.labels, "C=10": w.labels[::-1]}, JUDGED, LABELS)

# ---------------------------------------------------------------- what may not be meant

shape("a counter", "python", lambda w: 1, asked("whole number"), ANY)
shape("a length", "python", lambda w: len(w.y), asked("whole number"), ANY)
shape("a numpy count", "numpy", lambda w: np.sum(w.y.to_numpy() == w.labels), asked("whole number"), LABELS)
shape("a count, named", "by hand", lambda w: {"accuracy": 1}, Right("apart", meant=lambda w: 1.0), LABELS, only=("accuracy",))
shape("a whole number of dimension 0", "torch", lambda w: np.asarray(0), asked("whole number"), ANY)
shape("zeros", "numpy", lambda w: np.zeros(5), asked("fold scores"), ANY, only=("accuracy", "mae", "roc_auc"))
shape("ones", "numpy", lambda w: np.ones(10), asked("fold scores"), ANY, only=("accuracy", "mae", "roc_auc"))
shape("labels of a few rows", "by hand", lambda w: np.array([0.0, 1, 1, 0, 1]), asked("fold scores"), LABELS)
shape("three weights", "by hand", lambda w: [0.2, 0.3, 0.5], asked("fold scores"), ANY)
shape("three folds", "scikit-learn", lambda w: cross_val_score(w.model, w.X_train, w.y_train.to_numpy(), cv=3), asked('{"folds"'), LABELS, only=("accuracy",))
shape("three folds, named", "scikit-learn", lambda w: {"folds": folds_of(w)[:3]}, Right("folds", meant=lambda w: folds_of(w)[:3]), LABELS, only=("accuracy",))
shape("shares of a part of the rows", "scikit-learn", lambda w: w.shares[:44, 1], asked("other rows"), SCORES, fits=two)
shape("shares of half of the rows", "scikit-learn", lambda w: w.shares[:60, 1], asked("other rows"), LABELS + SCORES, fits=two)
shape("numbers of a part of the rows", "scikit-learn", lambda w: w.labels[:40] + 0.5, asked("other rows"), NUMBERS)
shape("a mean and its spread", "by hand", lambda w: (0.91, 0.02), asked("spread"), ANY)
shape("a score and its rows as fractions", "by hand", lambda w: (0.87, 500.0), asked("(0.87, 500)"), ANY)
shape("rows before the score", "by hand", lambda w: (500, 0.87), asked("(0.87, 500)"), ANY)
shape("a share that no rows give", "by hand", lambda w: (0.913, 10), refused("no share of 10"), LABELS, only=("accuracy",))
shape("such a share in a dict", "by hand", lambda w: {"accuracy": 0.77, "n": 10}, refused("no share of 10"), LABELS, only=("accuracy",))
shape("rows as text", "by hand", lambda w: {"accuracy": 0.87, "n": "500"}, refused("no number of rows"), LABELS, only=("accuracy",))
shape("a decimal", "python", lambda w: Decimal("0.87"), Right("apart", meant=lambda w: 0.87), LABELS, only=("accuracy",))
shape("R2 of score() by mistake", "scikit-learn", lambda w: w.model.score(w.X, w.y), asked("R2"), NUMBERS, fits=spread_out, only=("rmse", "mae"))
shape("accuracy for a loss", "scikit-learn", lambda w: w.model.score(w.X, w.y.to_numpy()), asked("accuracy"), SCORES, fits=two, only=("log_loss", "brier"))
shape("folds of accuracy for a loss", "scikit-learn", folds_of, asked("accuracy"), SCORES, fits=two, only=("log_loss", "brier"))
shape("folds of the loss itself", "scikit-learn", lambda w: folds_of(w, "neg_log_loss"), Right("folds", meant=lambda w: -folds_of(w, "neg_log_loss")), SCORES, fits=two, only=("log_loss",))
shape("a score below nothing", "by hand", lambda w: -0.87, refused("Look at how"), LABELS, only=("accuracy",))
shape("cv_results_ as a frame", "pandas", lambda w: pd.DataFrame(grid(w).cv_results_), Right("folds", meant=lambda w: grid(w).best_score_), LABELS, only=("accuracy",))
shape("means of cv_results_ alone", "pandas", lambda w: pd.DataFrame(grid(w).cv_results_)[["params", "mean_test_score"]], asked("best_estimator_"), LABELS)
shape("the best of a search", "scikit-learn", lambda w: grid(w).best_estimator_, judged(lambda w: grid(w).predict(w.X)), LABELS)
shape("words with a blank", "by hand", lambda w: [f"{label} " for label in w.labels], doubted("not in the truth", lambda w: [f"{label} " for label in w.labels]), LABELS, fits=text, only=("accuracy",))
shape("one class of another coding", "scikit-learn IsolationForest", lambda w: np.where(w.labels == 1, 1, -1), doubted("not in the truth", lambda w: np.where(w.labels == 1, 1, -1)), LABELS, fits=zero_one, only=("accuracy",))
shape("leaves", "lightgbm pred_leaf", lambda w: w.forest.apply(w.X), refused("whole numbers"), LABELS)
shape("a summary frame", "statsmodels", lambda w: pd.DataFrame({"mean": w.labels, "mean_se": 1.0, "obs_ci_lower": w.labels - 2}), refused(), NUMBERS)
shape("evaluate(return_dict=True)", "keras", lambda w: {"loss": 0.31, "accuracy": 0.92}, Right("apart", meant=lambda w: 0.92), LABELS, only=("accuracy",))
shape("a dict of one output", "keras", lambda w: {"output": w.shares[:, 1].astype(np.float32)}, TURNED, SCORES, fits=two, only=("roc_auc",))
shape("a polars frame of shares", "polars", lambda w: pl.DataFrame({str(c): w.shares[:, i] for i, c in enumerate(w.classes)}), TURNED, SCORES, fits=lambda w: w.name == "0 and 1")
shape("a lazy frame", "polars", lambda w: pl.DataFrame({"p": w.labels.tolist()}).lazy(), refused("Collect"), LABELS)
shape("an enum", "polars", lambda w: pl.Series("p", w.labels.tolist(), dtype=pl.Enum(w.classes)), JUDGED, LABELS, fits=text)
shape("decimals", "polars", lambda w: pl.Series([Decimal(repr(float(v))) for v in w.labels]), JUDGED, NUMBERS, only=("mae",))
shape("labels and scores as dicts", "transformers", lambda w: [{"label": str(c), "score": 0.9} for c in w.labels], refused("dict"), LABELS)
shape("pairs of label and score", "spacy", lambda w: [(str(c), 0.9) for c in w.labels], refused(), LABELS)
shape("a generator of labels", "python", lambda w: (label for label in w.labels), refused("list"), ANY)
shape("a confusion matrix", "scikit-learn", lambda w: np.array([[40, 3], [5, 72]]), refused(), LABELS)

# fmt: on


def crossed(most: int | None = None) -> list[tuple[str, str, str, Shape]]:
    """Every habit: world, metric, a name for it, and the shape; at most so many of one shape, worlds in turn."""
    found = []
    for place, one in enumerate(SHAPES):
        mine = [(name, metric) for name in WORLDS for metric in _tried(one, world(name))]
        chosen = mine if most is None else mine[place % 7 :: max(1, len(mine) // most)][:most] or mine[:most]
        found += [(name, metric, f"{one.source}: {one.name}, {name}, {metric}", one) for name, metric in chosen]
    return found


def _tried(one: Shape, here: World) -> list[str]:
    """The metrics for which a shape is tried in a world."""
    if (here.numbers != (one.needs == NUMBERS) and len(one.needs) == 1) or not one.fits(here):
        return []
    return [
        metric
        for metric in oracle.metrics_of(here)
        if oracle.needs(metric) in one.needs and (not one.only or metric in one.only)
    ]
