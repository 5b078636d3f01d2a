"""Measured answer times against a loop by hand: python -m benchmarks.answer_times

Each model is timed as a record does it, in a part of a second, and by hand: many calls of one row after a warm-up, the
median of them. The ratio should lie within 20%. On a machine that does much besides neither number means anything, so
the spread of the loop itself, first half against second half, stands beside it.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import Any

import numpy as np
from sklearn.datasets import load_digits
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from benchmarks.short import Short
from mlee_jupyter.serving.model_look import look

SHORT = Short(
    arguments=("--calls", "10", "--models", "4"),
    columns=("model", "measured ms", "by hand ms", "ratio", "loop itself", "took s"),
    rows=4,
)
MODELS: tuple[Any, ...] = (
    LogisticRegression(max_iter=500),
    make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)),
    GaussianNB(),
    KNeighborsClassifier(3),
    SVC(gamma=0.001),
    RandomForestClassifier(50, random_state=0),
    HistGradientBoostingClassifier(max_iter=20),
)


def by_hand(model: Any, rows: np.ndarray, calls: int) -> list[float]:
    took = []
    for k in range(calls + 5):
        row = rows[k % len(rows)][None].copy()
        began = time.perf_counter()
        model.predict(row)
        took.append(time.perf_counter() - began)
    return took[5:]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, default=300, help="of the loop by hand")
    options.add_argument("--models", type=int, default=len(MODELS), help="how many of them")
    asked = options.parse_args()
    calls = asked.calls
    rows, answers = load_digits(return_X_y=True)
    print(f"| {' | '.join(SHORT.columns)} |\n|{' --- |' * len(SHORT.columns)}")
    for model in MODELS[: asked.models]:
        model.fit(rows, answers)
        began = time.perf_counter()
        model.predict(rows)
        whole = time.perf_counter() - began
        loop = by_hand(model, rows, calls)
        began = time.perf_counter()
        seen = look(model, model.predict, rows, whole=whole, run=10.0)
        took = time.perf_counter() - began
        measured = float("nan") if seen.one is None else seen.one.median
        hand = statistics.median(loop)
        itself = statistics.median(loop[: calls // 2]) / statistics.median(loop[calls // 2 :])
        name = f"scaled {type(model[-1]).__name__}" if hasattr(model, "steps") else type(model).__name__
        figures = f"{1000 * measured:.3f} | {1000 * hand:.3f} | {measured / hand:.2f} | {itself:.2f} | {took:.2f}"
        print(f"| {name} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
