"""Metrics of a ranking: of one class against the rest, or the plain mean of that over classes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.rows.columns import shown

from .scored import Scored
from .traits import Target

OfOne = Callable[[np.ndarray, np.ndarray], tuple[float, np.ndarray]]


def ranked(of_one: OfOne) -> Callable[[Target, np.ndarray], Scored]:
    """The score that a formula for two classes gives, of one class or as the mean of each class against the rest.

    Args:
        of_one: gives the score and its influence values (n,) for who is positive (n,) bool and scores (n,).
    """
    return partial(_ranked, of_one)


def _ranked(of_one: OfOne, target: Target, rows: np.ndarray) -> Scored:
    rows = rows.astype(np.float64, copy=False)  # truths and falsehoods have no minus sign
    df = max(0, (target.scarcest or 0) - 1)
    if target.positive is None:
        if rows.ndim != 2 or rows.shape[1] < len(target.labels):
            raise target.wrong_columns(rows.reshape(len(rows), -1))
        parts = [of_one(target.codes == place, rows[:, place]) for place in range(len(target.labels))]
        theta = float(np.mean([theta for theta, _ in parts]))
        return Scored(theta=theta, psi=np.mean([psi for _, psi in parts], axis=0), df=df)
    if rows.ndim == 2:
        if rows.shape[1] < len(target.labels):
            raise target.wrong_columns(rows)
        filled = np.flatnonzero(rows.any(axis=0))
        rows = rows[:, target.positive]
        if len(target.labels) > 2 and len(filled) == 1 and filled[0] != target.positive:
            scored = shown(repr(target.labels[min(int(filled[0]), len(target.labels) - 1)]), 20)
            raise MleeError(f"Its scores are for {scored} alone, so they are not comparable.", "Record it again.")
    theta, psi = of_one(target.positives, rows)
    return Scored(theta=theta, psi=psi, df=df, positives=target.positives if target.facts.symmetric else None)
