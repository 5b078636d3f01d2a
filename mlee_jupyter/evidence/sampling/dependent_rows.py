"""Rows that are alike beyond chance: within groups, or neighbours in the order they stand in.

Both are pairs of rows that might be alike. With psi the deviations of one value per row (mean zero), T the sum of
psi_i psi_j over those pairs, it is held against shuffled rows, for which its mean and variance are known (Moran 1950);
the effective number of rows follows from the variance of a mean, n sum psi^2 / (sum psi^2 + T). Where few rows make up
the sum, as the five errors of a good classifier do, T is far from normal, and rows are shuffled indeed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from mlee_jupyter.domain import COPIES, Alike
from mlee_jupyter.stats.rows.copies import copied_features

BEYOND_CHANCE = 3.1  # standard deviations: one in a thousand shuffles
FEWEST_ROWS = 30
FEWEST = 10  # rows that make up the sum of squares, below which nothing is said
FEW = 200  # rows that make up the sum of squares, below which rows are shuffled
SHUFFLES, SEED = 2000, 20240302
MOST_SHUFFLED = 20_000  # rows; of more with so few errors, nothing is said


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

    def together(some: np.ndarray) -> float:
        return float((np.bincount(codes, some) ** 2).sum()) - square

    found = together(psi)
    expected, deviation = -square * pairs / (n * (n - 1.0)), square / n * math.sqrt(2 * pairs)
    if square <= 0 or found - expected <= BEYOND_CHANCE * deviation or not _beyond_shuffles(psi, together):
        return Alike(by=by, kinds=len(sizes), n=n, effective_n=float(n), of=of)
    effective = max(1.0, min(float(n), n * square / (square + found)))
    return Alike(by=by, kinds=len(sizes), n=n, effective_n=effective, of=of)


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
    beyond = beyond and _beyond_shuffles(psi, lambda some: float(some[1:] @ some[:-1]))
    phi = min(max(phi, 0.0), 0.999)
    return Alike(
        by="neighbours", kinds=0, n=n, effective_n=max(1.0, n * (1 - phi) / (1 + phi)) if beyond else float(n), of=of
    )


def copies_of_rows(truth: np.ndarray, features: Sequence[np.ndarray]) -> Alike | None:
    """How many rows stand several times; None where none do beyond chance.

    Args:
        truth: (n,) labels or numbers.
        features: columns, or matrices.
    """
    units = copied_features(truth, features)
    if units is None:
        return None
    often = np.bincount(units).astype(np.float64)
    n = len(units)
    return Alike(by=COPIES, kinds=len(often), n=n, effective_n=n**2 / float(often @ often), of="rows")


def without_classes(values: np.ndarray, codes: np.ndarray | None) -> np.ndarray:
    """The values less the mean of each class: rows sorted by their class are not alike for that."""
    if codes is None:
        return values
    counts = np.maximum(np.bincount(codes), 1)
    return np.asarray(values - (np.bincount(codes, values) / counts)[codes])


def _beyond_shuffles(psi: np.ndarray, together: Callable[[np.ndarray], float]) -> bool:
    """Whether at most one in a thousand shuffles goes together as much; True where the normal limit holds."""
    squared = psi * psi
    if float(squared.sum()) ** 2 >= FEW * float(squared @ squared):
        return True
    if len(psi) > MOST_SHUFFLED or float(squared.sum()) ** 2 < FEWEST * float(squared @ squared):
        return False
    random, found = np.random.default_rng(SEED), together(psi) * (1 - 1e-9)
    reached = 0
    for _ in range(SHUFFLES):
        reached += together(random.permutation(psi)) >= found
        if reached > SHUFFLES // 1000:
            return False
    return True
