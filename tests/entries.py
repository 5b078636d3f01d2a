"""Columns of predictions to compare, made for tests."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mlee_jupyter.domain import ResultKind
from mlee_jupyter.judge.entries import Entry


def labels(n: int, right: Sequence[int], seed: int = 0) -> tuple[np.ndarray, list[np.ndarray]]:
    """Two balanced classes, and predictions that are right on the given numbers of rows (the first ones)."""
    truth = np.random.default_rng(seed).permutation(np.arange(n) % 2)
    return truth, [np.where(np.arange(n) < count, truth, 1 - truth) for count in right]


def entries(columns: Sequence[np.ndarray], kind: ResultKind = ResultKind.PREDICTIONS) -> list[Entry]:
    return [Entry(candidate="abcdefghijkl"[k], rows=rows, kind=kind) for k, rows in enumerate(columns)]


def noisy(n: int, accuracy: float, count: int, seed: int) -> tuple[np.ndarray, list[np.ndarray]]:
    random = np.random.default_rng(seed)
    truth = random.integers(0, 2, n)
    return truth, [np.where(random.random(n) < accuracy, truth, 1 - truth) for _ in range(count)]
