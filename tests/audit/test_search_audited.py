"""A real GridSearchCV's cv_results_ in each kind of file, its numbers by Nadeau and Bengio computed here."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import GridSearchCV
from sklearn.tree import DecisionTreeClassifier

from .asking import answer, refused, told

FOLDS = 10


@pytest.fixture(scope="module")
def results() -> dict[str, np.ndarray]:
    search = GridSearchCV(
        DecisionTreeClassifier(random_state=0),
        {"max_depth": [1, 4], "min_samples_leaf": [1, 20]},
        cv=FOLDS,
        scoring=["accuracy", "neg_log_loss"],
        refit=False,
    )
    found: dict[str, np.ndarray] = search.fit(*load_breast_cancer(return_X_y=True)).cv_results_
    return found


def written(results: dict[str, np.ndarray], file: Path) -> Path:
    table = pd.DataFrame(results)
    if file.suffix == ".csv":
        table.to_csv(file)
    elif file.suffix == ".parquet":
        table.drop(columns="params").to_parquet(file)
    elif file.stem == "lists":
        file.write_text(json.dumps({name: np.asarray(column).tolist() for name, column in results.items()}))
    else:
        table.to_json(file)
    return file


def folds_of(results: dict[str, np.ndarray], score: str) -> np.ndarray:
    return np.array([results[f"split{fold}_test_{score}"] for fold in range(FOLDS)]).T


@pytest.mark.parametrize("name", ["cv.csv", "cv.json", "lists.json", "cv.parquet"])
def test_fold_scores_by_hand(
    name: str, results: dict[str, np.ndarray], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if name.endswith(".parquet"):
        pytest.importorskip("pyarrow", reason="parquet is read by pyarrow")
    found = told(capsys, written(results, tmp_path / name), "--metric", "accuracy", "--useful-gain", 0.01)
    folds = folds_of(results, "accuracy")
    order = np.argsort(-folds.mean(axis=1), kind="stable")
    assert (found["kind"], found["by"], found["n"], found["tries"]) == ("scikit-learn search", "folds", FOLDS, 4)
    assert found["best_score"] == pytest.approx(folds.mean(axis=1).max())
    ratio = 1 / (FOLDS - 1)
    for row in found["rows"]:
        place = next(p for p in order if f"max_depth={results['param_max_depth'][p]}" in row["label"]
                     and f"leaf={results['param_min_samples_leaf'][p]}" in row["label"])  # fmt: skip
        error = math.sqrt((1 / FOLDS + ratio) * folds[place].var(ddof=1))
        half = stats.t.ppf(0.975, FOLDS - 1) * error
        assert row["low"] == pytest.approx(folds[place].mean() - half)
        assert row["high"] == pytest.approx(min(1.0, folds[place].mean() + half))
    # pairs that the corrected t-test of Nadeau and Bengio tells apart by far are not at the top
    best = folds[order[0]]
    kept = 0
    for place in range(4):
        apart = best - folds[place]
        error = math.sqrt((1 / FOLDS + ratio) * apart.var(ddof=1))
        kept += place == order[0] or apart.mean() < 2.5 * error
    assert found["top"] <= 4
    assert found["top"] >= kept - 1
    assert found["surely"] < found["best_score"] - found["flattery"]


def test_a_loss_with_scikit_learns_minus_sign(
    results: dict[str, np.ndarray], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = told(capsys, written(results, tmp_path / "cv.csv"), "--score", "neg_log_loss")
    assert (found["metric"], found["higher_is_better"]) == ("log_loss", False)
    assert found["best_score"] == pytest.approx(-folds_of(results, "neg_log_loss").mean(axis=1).max())


def test_steering_is_counted_with_the_widened_error(
    results: dict[str, np.ndarray], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = told(capsys, written(results, tmp_path / "cv.csv"), "--score", "accuracy", "--useful-gain", 0.0)
    folds = folds_of(results, "accuracy")
    best = folds[np.argmax(folds.mean(axis=1))]
    gaps = [best - one for one in folds[1:]]
    errors = [math.sqrt((1 / FOLDS + 1 / (FOLDS - 1)) * gap.var(ddof=1)) for gap in gaps]
    typical = np.mean([error for error in errors if error > 0])
    assert found["tuning"]["luck"] == pytest.approx(stats.norm.ppf(0.95) * typical)


def test_which_score_is_asked_and_a_pickle_is_not_opened(
    results: dict[str, np.ndarray], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "accuracy and neg_log_loss" in refused(capsys, written(results, tmp_path / "cv.csv"))
    pd.DataFrame(results).to_pickle(tmp_path / "cv.pkl")
    assert "run code" in refused(capsys, tmp_path / "cv.pkl")


def test_a_single_scorer_does_not_say_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    X, y = load_breast_cancer(return_X_y=True)
    search = GridSearchCV(DecisionTreeClassifier(random_state=0), {"max_depth": [1, 2, 3]}, cv=5).fit(X, y)
    file = tmp_path / "cv.csv"
    pd.DataFrame(search.cv_results_).to_csv(file, index=False)
    assert "--metric" in refused(capsys, file)
    found = told(capsys, file, "--metric", "accuracy")
    assert found["best_score"] == pytest.approx(search.best_score_)
    own = told(capsys, file, "--metric", "shelf_score", "--higher-is-better")
    assert (own["metric"], own["by"]) == ("shelf_score", "folds")
    assert "cost up to" in answer(found, "Gain") or "carry a gain" in answer(found, "Gain")
