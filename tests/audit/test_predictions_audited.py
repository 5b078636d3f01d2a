"""Files of predictions: the same judgement as `compare`, however the columns are spread over files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, mean_absolute_error, roc_auc_score

import mlee_jupyter as mlee

from .asking import refused, told

N = 400
RANDOM = np.random.default_rng(4)
TRUTH = RANDOM.integers(0, 2, N)
MODELS = {name: np.where(RANDOM.random(N) < share, TRUTH, 1 - TRUTH) for name, share in
          {"svm": 0.9, "knn": 0.89, "tree": 0.7}.items()}  # fmt: skip


def folder(tmp_path: Path, how: str) -> Path:
    place = tmp_path / "predictions"
    place.mkdir()
    if how == "one a model":
        pd.DataFrame({"y_true": TRUTH}).to_csv(place / "answers.csv", index=False)
        for name, rows in MODELS.items():
            pd.DataFrame({"y_pred": rows}).to_csv(place / f"{name}.csv", index=False)
    elif how == "truth in each":
        for name, rows in MODELS.items():
            pd.DataFrame({"y_true": TRUTH, "prediction": rows}).to_csv(place / f"{name}.csv", index=False)
    elif how == "shuffled by id":
        for name, rows in MODELS.items():
            table = pd.DataFrame({"id": range(N), "y_true": TRUTH, "pred": rows})
            table.sample(frac=1, random_state=len(name)).to_csv(place / f"{name}.csv", index=False)
    else:
        pd.DataFrame({"y_true": TRUTH, **MODELS}).to_json(place / "all.json")
    return place


@pytest.mark.parametrize("how", ["one a model", "truth in each", "shuffled by id", "one table"])
def test_all_ways_say_what_compare_says(how: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, folder(tmp_path, how), "--metric", "accuracy", "--useful-gain", 0.03)
    verdict = mlee.compare(TRUTH, MODELS, metric="accuracy", useful_gain=0.03)
    assert found["by"] == "rows"
    assert [row["label"] for row in found["rows"]] == list(verdict.table["candidate"])
    assert {row["label"]: row["score"] for row in found["rows"]} == pytest.approx(
        {name: accuracy_score(TRUTH, rows) for name, rows in MODELS.items()}
    )
    assert found["top"] == len(verdict.best_set)
    assert found["flattery"] == verdict.flattery
    assert found["surely"] == verdict.judgement.leader_bound
    assert found["rows_needed_for_gain"] == verdict.rows_for()


def test_other_metrics_and_groups(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scores = {name: TRUTH + RANDOM.normal(0, size, N) for name, size in {"a": 0.8, "b": 1.0}.items()}
    file = tmp_path / "all.csv"
    shops = np.arange(N) // 8
    pd.DataFrame({"target": TRUTH, "shop": shops, **scores}).to_csv(file, index=False)
    found = told(capsys, file, "--metric", "roc_auc", "--groups", "shop")
    assert found["best_score"] == pytest.approx(roc_auc_score(TRUTH, scores[found["best"]]))
    grouped = mlee.compare(TRUTH, scores, metric="roc_auc", groups=shops)
    assert (found["by"], found["flattery"]) == ("groups", grouped.flattery)
    found = told(capsys, file, "--metric", "mae", "--groups", "shop")
    assert found["best_score"] == pytest.approx(mean_absolute_error(TRUTH, scores[found["best"]]))


def test_nobody_named_a_metric(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "No metric was named: accuracy was taken" in told(capsys, folder(tmp_path, "one table"))["scope"]


def test_what_does_not_fit_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = folder(tmp_path, "one a model")
    pd.DataFrame({"y_pred": TRUTH[:-1]}).to_csv(place / "short.csv", index=False)
    assert "short has 399 rows" in refused(capsys, place)
    (place / "short.csv").unlink()
    pd.DataFrame({"y_true": 1 - TRUTH}).to_csv(place / "other.csv", index=False)
    assert "other right answers" in refused(capsys, place)
    (place / "other.csv").unlink()
    (place / "answers.csv").unlink()
    assert "--truth COLUMN" in refused(capsys, place)


def test_what_cannot_be_judged_leaves_the_others_standing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = pd.DataFrame({"y_true": TRUTH, **MODELS, "gap": MODELS["svm"].astype(float), "text": ["yes"] * N})
    table.loc[3, "gap"] = None
    table.to_csv(tmp_path / "all.csv", index=False)
    found = told(capsys, tmp_path / "all.csv", "--metric", "accuracy")
    verdict = mlee.compare(TRUTH, {**MODELS, "text": ["yes"] * N})
    assert found["lacking"] == {"with missing values": 1}
    assert found["flattery"] == verdict.flattery
    assert found["top"] == len(verdict.best_set)
