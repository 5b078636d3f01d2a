"""Small true things to store."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from mlee_jupyter.domain import Charter, Experiment, Measured, Recording, ResultKind, RunOutcome, Span, Truth
from mlee_jupyter.store import Store

NOON = datetime(2026, 5, 4, 12, 0, 0, 123457, tzinfo=UTC)
ANSWERS = np.arange(360) % 10
TRUTH = Truth(
    fingerprint="f" * 64,
    name="y_test",
    n=360,
    kind="labels",
    classes={str(digit): 36 for digit in range(10)},
    n_classes=10,
    index_hash="i" * 64,
    rows=ANSWERS,
)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def start(store: Store, name: str = "shelf", **changed: Any) -> Experiment:
    given: dict[str, Any] = {
        "charter": Charter(question="Which product?", metric="accuracy", candidates=("knn", "svm")),
        "budget": timedelta(hours=6),
        "deadline": date(2026, 12, 1),
        "truth_name": "y_test",
        "features_name": "X_test",
        "at": NOON,
    }
    return store.create_experiment(name, **(given | changed))


def measured(rows: Any = None, **changed: Any) -> Measured:
    given: dict[str, Any] = {
        "metric": "accuracy",
        "kind": ResultKind.PREDICTIONS,
        "value": 0.9,
        "n": 360,
        "truth": TRUTH.fingerprint,
        "rows": ANSWERS if rows is None else rows,
    }
    return Measured(**(given | changed))


def recording(candidate: str = "knn", *results: Measured, **changed: Any) -> Recording:
    given: dict[str, Any] = {
        "candidate": candidate,
        "variant": "k=3",
        "variant_key": "key of k=3",
        "outcome": RunOutcome.OK,
        "started_at": NOON + minutes(1),
        "duration": timedelta(seconds=2, microseconds=5),
        "measured": results or (measured(),),
    }
    return Recording(**(given | changed))


def span(start_minute: float, end_minute: float, candidate: str | None = None, kernel: str = "k1") -> Span:
    return Span(kernel=kernel, candidate=candidate, start=NOON + minutes(start_minute), end=NOON + minutes(end_minute))
