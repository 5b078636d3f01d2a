"""Rows that are alike beyond chance: within groups, or neighbours in the order they stand in.

Both are pairs of rows that might be alike. With psi the deviations of one value per row (mean zero), T the sum of
psi_i psi_j over those pairs, it is held against shuffled rows, for which its mean and variance are known (Moran 1950);
the effective number of rows follows from the variance of a mean, n sum psi^2 / (sum psi^2 + T).
"""

from __future__ import annotations

import math

import numpy as np

from mlee_jupyter.domain import Alike

BEYOND_CHANCE = 3.1  # standard deviations: one in a thousand shuffles
FEWEST_ROWS = 30


def alike_in_groups(values: np.ndarray, groups: np.ndarray, by: str, of: str) -> Alike | None:
    """How alike rows of one group are; None where groups say nothing (one row each, or one group).

    Args:
        values: one number per row.
        groups: one label per row, as codes.
        by: the groups' name.
        of: what the values are.
    """
    n = len(values)
    codes = np.unique(groups, return_inverse=True)[1].reshape(-1)
    sizes = np.bincount(codes).astype(np.float64)
    pairs = float((sizes * (sizes - 1)).sum())
    if n < FEWEST_ROWS or len(sizes) < 2 or pairs == 0:
        return None
    psi = values - values.mean()
    square = float(psi @ psi)
    together = float((np.bincount(codes, psi) ** 2).sum()) - square
    return Alike(by=by, kinds=len(sizes), n=n, effective_n=_effective(n, square, together, pairs), of=of)


def alike_neighbours(values: np.ndarray, of: str) -> Alike | None:
    """How alike rows are that stand beside each other: n (1 - phi) / (1 + phi), as if autoregressive of order one.

    Args:
        values: one number per row, in the order of the rows.
        of: what the values are.
    """
    n = len(values)
    if n < FEWEST_ROWS:
        return None
    psi = values - values.mean()
    square = float(psi @ psi)
    if square <= 0:
        return Alike(by="neighbours", kinds=0, n=n, effective_n=float(n), of=of)
    phi = float(psi[1:] @ psi[:-1]) / square
    beyond = (phi + 1 / n) * math.sqrt(n) > BEYOND_CHANCE
    phi = min(max(phi, 0.0), 0.999)
    return Alike(
        by="neighbours", kinds=0, n=n, effective_n=max(1.0, n * (1 - phi) / (1 + phi)) if beyond else float(n), of=of
    )


def without_classes(values: np.ndarray, codes: np.ndarray | None) -> np.ndarray:
    """The values less the mean of each class: rows sorted by their class are not alike for that."""
    if codes is None:
        return values
    counts = np.maximum(np.bincount(codes), 1)
    return np.asarray(values - (np.bincount(codes, values) / counts)[codes])


def _effective(n: int, square: float, together: float, pairs: float) -> float:
    if square <= 0:
        return float(n)
    expected = -square * pairs / (n * (n - 1.0))
    deviation = square / n * math.sqrt(2 * pairs)
    if together - expected <= BEYOND_CHANCE * deviation:
        return float(n)
    return max(1.0, min(float(n), n * square / (square + together)))
