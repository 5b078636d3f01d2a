"""A process that records: `python -m tests.store.writer PLACE EXPERIMENT NAME COUNT`, one line for each one done."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from mlee_jupyter.domain import Recording, ResultKind
from mlee_jupyter.store import open_store

from .makers import TRUTH, measured, recording


def rows_of(name: str, number: int) -> np.ndarray[Any, Any]:
    """What writer `name` predicts in its run `number`: another array each time."""
    return np.random.default_rng([sum(name.encode()), number]).integers(0, 10, 360)


def recording_of(name: str, number: int) -> Recording:
    rows = rows_of(name, number)
    results = (measured(rows), measured(rows / 7, metric="roc_auc", kind=ResultKind.SCORES))
    label = f"v{number}"
    return recording(name, *results, variant=label, variant_key=label, note=str(number), source=f"# {number}")


def main(place: str, experiment: str, name: str, count: int) -> None:
    with open_store(place, fallback=False) as store:
        for number in range(count):
            identity = store.record(experiment, recording_of(name, number), TRUTH)
            sys.stdout.write(f"{identity} {number}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
