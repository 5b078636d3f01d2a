"""Fills a store with an experiment of many results, quickly: what the benchmark of the panel looks at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from mlee_jupyter.domain import Charter, Measured, Recording, ResultKind, RunOutcome, Truth
from mlee_jupyter.record.truth import truth_of
from mlee_jupyter.store import Store, open_store

SEED = 20260504
ROWS = 360
KINDS = 10
NOTEBOOK = "bench.ipynb"


def answers() -> np.ndarray:
    """The right answers; the notebook of the benchmark declares the same."""
    return np.arange(ROWS) % KINDS


def fill(place: Path, name: str, candidates: int, variants: int) -> None:
    """An experiment of candidates x variants results, each of 360 predicted labels, 60 to 99 in 100 of them right."""
    store = open_store(str(place), fallback=False)
    began = datetime.now(UTC) - timedelta(hours=3)
    store.create_experiment(
        name,
        charter=Charter(metric="accuracy", useful_gain=0.02, question="Which product is on the shelf?"),
        budget=timedelta(hours=6),
        deadline=None,
        truth_name="y_test",
        features_name=None,
        at=began,
    )
    truth, rng = truth_of("y_test", answers()), np.random.default_rng(SEED)
    for number in range(candidates * variants):
        candidate, variant = divmod(number, variants)
        record_one(store, name, f"candidate {candidate + 1:04d}", variant, truth, rng, began)
    store.close()


def record_one(
    store: Store, name: str, candidate: str, variant: int, truth: Truth, rng: np.random.Generator, at: datetime
) -> None:
    """One result of a variant of a candidate."""
    right = answers()
    wrong = rng.random(ROWS) < rng.uniform(0.01, 0.4)
    rows = np.where(wrong, rng.integers(0, KINDS, ROWS), right)
    measured = Measured(
        metric="accuracy",
        kind=ResultKind.PREDICTIONS,
        value=float(np.mean(rows == right)),
        n=ROWS,
        truth=truth.fingerprint,
        rows=rows,
    )
    run = Recording(
        candidate=candidate,
        variant=f"C={variant}",
        variant_key=f"C={variant}",
        outcome=RunOutcome.OK,
        started_at=at,
        duration=timedelta(seconds=2),
        source=f"fit_and_predict({variant})",
        kernel="bench",
        notebook=NOTEBOOK,
        measured=(measured,),
    )
    store.record(name, run, truth)
