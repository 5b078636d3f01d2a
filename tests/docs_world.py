"""What the pages of README and docs stand on: names that readers have of their own, as small data with fixed seeds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


class Model:
    """Something fitted: right on most rows."""

    classes_ = np.array([0, 1])

    def predict(self, rows: pd.DataFrame) -> np.ndarray:
        return (rows["size"].to_numpy() > 0).astype(int)


def world() -> dict[str, Any]:
    """A fresh copy."""
    random = np.random.default_rng(5)
    rows = 400
    everything = pd.DataFrame(
        {
            "size": random.normal(size=4_000),
            "weight": random.normal(size=4_000),
            "product": random.choice(["tea", "coffee", "rice"], 4_000),
            "sales": random.uniform(1, 9, 4_000),
            "patient": np.repeat(np.arange(1_000), 4),
            "date": pd.date_range("2026-01-01", periods=4_000, freq="h"),
        }
    )
    train, test = everything.iloc[:1_000], everything.iloc[-rows:].reset_index(drop=True)
    truth = (test["size"].to_numpy() + random.normal(scale=0.3, size=rows) > 0).astype(int)
    several = random.normal(size=(rows, 2))
    visitors = np.random.default_rng(6)
    arm = visitors.integers(0, 2, 1_600)
    visits = pd.DataFrame(
        {
            "user": np.arange(1_600),
            "variant": np.where(arm, "new button", "control"),
            "bought": visitors.random(1_600) < 0.10 + 0.03 * arm,
            "minutes": visitors.gamma(2.0, 3.0, 1_600),
        }
    )
    return {
        "X_train": train,
        "X_test": test,
        "all_rows": everything,
        "y_test": truth,
        "y_svm": _flipped(truth, 0.05, random),
        "y_knn": _flipped(truth, 0.06, random),
        "model": Model(),
        "scores_knn": [0.91, 0.93, 0.92, 0.90, 0.94],
        "scores_svm": [0.92, 0.93, 0.94, 0.90, 0.95],
        "squared_errors": random.normal(size=rows) ** 2,
        "customer": np.repeat(np.arange(rows // 4), 4),
        "Y_test": several,
        "Y_forest": several + random.normal(scale=0.5, size=several.shape),
        "Y_ridge": several + random.normal(scale=0.6, size=several.shape),
        "y_final": truth.copy(),
        "visits": visits,
    }


def _flipped(truth: np.ndarray, share: float, random: np.random.Generator) -> np.ndarray:
    wrong = random.permutation(len(truth)) < round(share * len(truth))
    return np.where(wrong, 1 - truth, truth)
