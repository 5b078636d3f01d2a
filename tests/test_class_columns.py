"""Which class a column of scores is of: names count, codes and positions do not pass for names, a column carries it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, average_precision_score, brier_score_loss, log_loss, roc_auc_score

import mlee_jupyter as mlee
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session import current

from .conftest import Shell

METRICS = ("roc_auc", "average_precision", "accuracy", "brier", "log_loss", "f1", "balanced_accuracy")


class Table:
    """What an Arrow table shows of itself."""

    def __init__(self, names: list[str], columns: list[np.ndarray]) -> None:
        self.column_names, self.columns = names, columns


def structured(names: list[Any], columns: list[np.ndarray]) -> np.ndarray:
    made = np.empty(len(columns[0]), dtype=[(str(name), float) for name in names])
    for name, column in zip(names, columns, strict=True):
        made[str(name)] = column
    return made


NAMED = {
    "pandas": lambda names, columns: pd.DataFrame(dict(zip(names, columns, strict=True))),
    "pandas with numpy's names": lambda names, columns: pd.DataFrame(np.column_stack(columns), columns=np.array(names)),
    "categorical": lambda names, columns: pd.DataFrame(np.column_stack(columns), columns=pd.CategoricalIndex(names)),
    "polars": lambda names, columns: pl.DataFrame({str(n): c for n, c in zip(names, columns, strict=True)}),
    "a table as Arrow has it": lambda names, columns: Table([str(name) for name in names], columns),
    "structured": structured,
    "a dict": lambda names, columns: dict(zip(names, columns, strict=True)),
}
LABELS = {
    "text": ["a", "b", "c", "d"],
    "numbers": [0, 1, 2, 3],
    "numbers from one": [1, 2, 3, 4],
    "numbers in text": ["0", "1", "2", "3"],
}


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 1000),
    kind=st.sampled_from(sorted(NAMED)),
    of=st.sampled_from(sorted(LABELS)),
    count=st.integers(2, 4),
    absent=st.booleans(),
    metric=st.sampled_from(METRICS),
)
def test_the_order_of_named_columns_means_nothing(
    seed: int, kind: str, of: str, count: int, absent: bool, metric: str
) -> None:
    random = np.random.default_rng(seed)
    labels = LABELS[of][:count]
    truth = random.choice(np.array(labels, dtype=object if of != "numbers" else None), 120)
    truth = truth if of not in ("numbers", "numbers from one") else truth.astype(np.int64)
    if metric in ("f1", "roc_auc") and count > 2:
        metric = {"f1": "f1_macro", "roc_auc": "roc_auc_ovr"}[metric]
    raw = random.random((120, count)) + 1.5 * (truth[:, None] == np.array(labels, dtype=object)[None, :])
    shares = raw / raw.sum(axis=1, keepdims=True)
    plain = mlee.compare(truth, {"m": shares}, metric=metric)
    names, columns = list(labels), [shares[:, k] for k in range(count)]
    if absent:  # a class that only training knew, which is never likely
        names, columns = [*names, "zz" if isinstance(labels[0], str) else 99], [0.9 * c for c in columns]
        columns.append(1 - np.sum(columns, axis=0))
    order = random.permutation(len(names))
    frame = NAMED[kind]([names[k] for k in order], [columns[k] for k in order])
    named = mlee.compare(truth, {"m": frame}, metric=metric)
    if not absent:
        assert named.table["score"][0] == plain.table["score"][0]
        assert named.table["low"][0] == plain.table["low"][0]
    elif metric == "log_loss":
        assert named.table["score"][0] == pytest.approx(plain.table["score"][0] - np.log(0.9))
    elif metric in ("accuracy", "balanced_accuracy", "f1", "f1_macro"):
        assert named.table["score"][0] <= plain.table["score"][0] + 1e-12
    elif metric != "brier":
        assert named.table["score"][0] == plain.table["score"][0]


def sample(n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    truth = np.where(random.random(n) < 0.4, "yes", "no")
    return truth, 1 / (1 + np.exp(-np.where(truth == "yes", random.normal(1.2, 1, n), random.normal(0, 1, n))))


SKLEARN = {
    "roc_auc": lambda t, p: roc_auc_score(t == "yes", p),
    "average_precision": lambda t, p: average_precision_score(t == "yes", p),
    "accuracy": lambda t, p: accuracy_score(t, np.where(p > 0.5, "yes", "no")),
    "brier": lambda t, p: brier_score_loss(t == "yes", p),
    "log_loss": lambda t, p: log_loss(t == "yes", p),
}


@pytest.mark.parametrize("metric", SKLEARN)
def test_scores_are_scikit_learns(metric: str) -> None:
    truth, p = sample()
    verdict = mlee.compare(truth, {"m": pd.DataFrame({"yes": p, "no": 1 - p}, index=range(len(p)))}, metric=metric)
    assert verdict.table["score"][0] == pytest.approx(SKLEARN[metric](truth, p))


def test_one_column_with_a_classs_name_is_of_that_class() -> None:
    truth, p = sample()
    forms = {
        "series": pd.Series(1 - p, name="no"),
        "frame": pd.DataFrame({"no": 1 - p}),
        "polars": pl.Series("no", 1 - p),
    }
    for name, form in {**forms, "other": pd.Series(p, name="score")}.items():
        verdict = mlee.compare(truth, {name: form}, metric="roc_auc")
        assert verdict.table["score"][0] == pytest.approx(roc_auc_score(truth == "yes", p)), name


ANSWERS = np.array(["no", "yes"] * 40)
SHARES = np.c_[np.linspace(0, 1, 80), 1 - np.linspace(0, 1, 80)]
REFUSED = {
    "a stranger": (ANSWERS, pd.DataFrame(SHARES, columns=["no", "maybe"]), "maybe"),
    "two strangers": (ANSWERS, pd.DataFrame(SHARES, columns=["proba_no", "proba_yes"]), "named 'proba_no'"),
    "a stranger that is no probability": (
        ANSWERS,
        pd.DataFrame({"id": np.arange(80.0), "no": SHARES[:, 0], "yes": SHARES[:, 1]}),
        "'id'",
    ),
    "a name twice": (ANSWERS, pd.DataFrame(SHARES, columns=["no", "no"]), "Two columns"),
    "levels": (ANSWERS, pd.DataFrame(SHARES, columns=pd.MultiIndex.from_tuples([("p", "no"), ("p", "yes")])), "levels"),
    "one is missing": (np.array(["a", "b", "c", "a"] * 20), pd.DataFrame(SHARES, columns=["a", "b"]), "'c'"),
    "numbers that can be read twice": (
        np.array(["1", "1.0"] * 40, dtype=object),
        pd.DataFrame(SHARES, columns=[1, 0]),
        "several ways",
    ),
    "more columns than classes": (ANSWERS, np.c_[SHARES / 2, SHARES[:, :1] / 2], "classes=model.classes_"),
    "fewer": (np.array(["a", "b", "c", "a"] * 20), SHARES, "classes=model.classes_"),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("metric", ["log_loss", "accuracy", "average_precision"])
def test_what_contradicts_the_truth_is_refused_in_one_line(case: str, metric: str) -> None:
    truth, frame, said = REFUSED[case]
    with pytest.raises(MleeError, match=said) as caught:
        mlee.compare(truth, {"m": frame}, metric=metric)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("names", [["1", "0"], ["1.0", "0.0"], [True, False], [np.str_("1"), np.str_("0")], [1.0, 0.0]])
@pytest.mark.parametrize("of", [np.array([0, 1] * 40), np.array([False, True] * 40), np.array([0.0, 1.0] * 40)])
def test_text_and_numbers_are_matched_where_one_reading_is_possible(names: list[Any], of: np.ndarray) -> None:
    frame = pd.DataFrame(SHARES, columns=names)
    assert mlee.compare(of, {"m": frame}, metric="roc_auc").table["score"][0] == pytest.approx(
        roc_auc_score(of, SHARES[:, 0])
    )


def test_positions_are_no_names() -> None:
    truth, p = sample()
    for form in (pd.DataFrame(np.c_[1 - p, p]), pl.DataFrame(np.c_[1 - p, p])):
        verdict = mlee.compare(truth, {"m": form}, metric="roc_auc")
        assert verdict.table["score"][0] == pytest.approx(roc_auc_score(truth == "yes", p))


# ---------------------------------------------------------------- in an experiment


def rare() -> tuple[LogisticRegression, np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    X = random.normal(size=(900, 3))
    y = np.array(["a", "b", "c"], dtype=object)[
        np.clip(np.round(X[:, 0] + 1 + random.normal(0, 0.5, 900)), 0, 2).astype(int)
    ]
    y[:6] = "rare"
    return LogisticRegression().fit(X[:500], y[:500]), X[500:], y[500:]


def scores(here: Any) -> dict[str, float]:
    board = here.scoreboard()
    return dict(zip(board["candidate"], board["score"], strict=True))


def test_a_class_that_only_training_knew(shell: Shell) -> None:
    model, X, y = rare()
    here = mlee.start("rare", truth=y, metric="log_loss", features=X)
    shares = model.predict_proba(X)
    frame = pd.DataFrame(shares, columns=model.classes_)
    here.record("estimator", model)
    here.record("frame", frame[["rare", "c", "b", "a"]])
    here.record("polars", pl.from_pandas(frame))
    here.record("dict", {name: frame[name] for name in frame})
    here.record("classes", shares, classes=model.classes_)
    for name, value in {"matrix": shares, "dropped": shares[:, :3]}.items():
        with pytest.raises(MleeError) as caught:
            here.record(name, value)
        assert ("classes" in str(caught.value)) == (name == "matrix")
    found = scores(here)
    expected = log_loss(y, shares, labels=list(model.classes_))
    for name in ("estimator", "frame", "polars", "dict", "classes"):
        assert found[name] == pytest.approx(expected), name


@pytest.mark.parametrize("metric", ["average_precision", "roc_auc", "f1", "precision", "log_loss"])
@pytest.mark.parametrize("kind", ["probabilities", "decision"])
def test_changing_the_positive_class_turns_one_column(metric: str, kind: str, shell: Shell) -> None:
    truth, p = sample()
    if kind == "decision" and metric not in ("average_precision", "roc_auc"):
        return
    one = np.log(p / (1 - p)) if kind == "decision" else p
    here = mlee.start("turned", truth=truth, metric=metric, useful_gain=0.02)
    here.record("one_column", one)  # of "yes", taken as positive by default
    here.record("two_columns", np.c_[1 - p, p])
    first = scores(here)
    here.change(positive="no", because="the other one matters")
    here.record("later", 1 - p)
    after = scores(here)
    assert first["one_column"] == pytest.approx(first["two_columns"])
    assert after["one_column"] == pytest.approx(after["two_columns"]) == pytest.approx(after["later"])
    if metric in ("average_precision", "f1", "precision"):
        assert after["one_column"] != pytest.approx(first["one_column"])
    here.change(positive="yes", because="back")
    assert scores(here)["one_column"] == pytest.approx(first["one_column"])


def test_one_column_of_one_of_three_classes_is_not_comparable_for_another(shell: Shell) -> None:
    model, X, y = rare()
    shares = model.predict_proba(X)
    here = mlee.start("three", truth=y, metric="roc_auc", positive="a")
    here.record("one", shares[:, 0])
    here.record("all", pd.DataFrame(shares, columns=model.classes_))
    assert scores(here)["one"] == pytest.approx(scores(here)["all"])
    here.change(positive="b", because="another")
    said = {row["candidate"]: row for row in here.board()["boards"][0]["rows"]}
    assert "'a'" in str(said["one"]), said["one"]
    assert scores(here)["all"] == pytest.approx(roc_auc_score(y == "b", shares[:, 1]))


@pytest.mark.parametrize("change", [{"positive": "no"}, {"metric": "f1"}])
def test_without_kept_rows_another_class_or_metric_is_not_comparable(
    change: dict[str, str], project: Path, shell: Shell
) -> None:
    current.forget_session()
    (project / "pyproject.toml").write_text("[tool.mlee]\nstore_rows = false\n")
    truth, p = sample()
    here = mlee.start("kept", truth=truth, metric="average_precision", positive="yes")
    here.record("before", p)
    assert scores(here)["before"] == pytest.approx(average_precision_score(truth == "yes", p))
    here.change(**change, because="another question")
    here.record("after", np.where(p > 0.5, "yes", "no") if "metric" in change else 1 - p)
    row = next(row for row in here.board()["boards"][0]["rows"] if row["candidate"] == "before")
    assert row["state"] in ("failed", "not comparable")
    assert "not kept" in str(row)
