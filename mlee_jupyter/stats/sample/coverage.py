"""How much of a population a sample holds: counted where the population is known, estimated where it is not.

Unknown: the chance that the next row is of a kind never seen is estimated by the share of rows whose kind was seen
once, f1 / n (Good 1953). How many kinds are missing is not estimated: rare kinds that nobody saw leave no trace.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.distributions import normal_quantile

NONE_SEEN = 3.0  # rule of three: an event never seen on n rows may have a share of 3 / n


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownKinds:
    """What a sample holds of a population whose kinds are known."""

    present: int
    expected: int
    weight: float  # share of the population's weight that the present kinds have, in 0..1
    strangers: int  # kinds of the sample that the population does not have
    heaviest_missing: str | None = None
    heaviest_missing_weight: float = 0.0  # its share


@dataclass(frozen=True, kw_only=True, slots=True)
class UnseenMass:
    """The share of the population that is of kinds the sample does not hold."""

    mass: float  # Good and Turing's estimate, in 0..1
    lower: float
    upper: float  # one-sided 95% bounds
    seen_once: int
    seen_twice: int
    n: int


def known_kinds(seen: Mapping[str, int], population: Mapping[str, float]) -> KnownKinds:
    """Count and weight of the population's kinds in a sample.

    Args:
        seen: rows of the sample by kind.
        population: weight of every kind, 0 or more: its rows in a frame, its sales, ...

    Raises:
        MleeError: the population is empty, or its weights are negative or sum to nothing.
    """
    weights = np.array([float(w) for w in population.values()])
    if not len(weights) or not np.isfinite(weights).all() or weights.min() < 0 or not weights.sum() > 0:
        raise MleeError("The population has no kinds, or weights that are negative or all nothing.", "Check the frame.")
    whole = float(weights.sum())
    held = {kind for kind, rows in seen.items() if rows > 0}
    missing = {kind: w for kind, w in population.items() if kind not in held}
    heaviest = max(missing, key=lambda kind: missing[kind], default=None)
    return KnownKinds(
        present=len(population) - len(missing),
        expected=len(population),
        weight=max(0.0, min(1.0, 1 - float(sum(missing.values())) / whole)) if missing else 1.0,
        strangers=sum(kind not in population for kind in held),
        heaviest_missing=heaviest,
        heaviest_missing_weight=float(missing[heaviest]) / whole if heaviest is not None else 0.0,
    )


def unseen_mass(counts: Sequence[int] | np.ndarray, confidence: float = 0.95) -> UnseenMass:
    """The chance that the next row is of a kind that the sample does not hold, with bounds.

    g = f1 / n, with f1 kinds seen once and f2 twice; the bounds are g -+ z sqrt(f1 (1 - f1 / n) + 2 f2) / n (Esty
    1983), the upper one at least 3 / n. Rows are independent draws. Simulated in `benchmarks.sample_checks`: the upper
    bound holds in 92 to 100% of samples.

    Args:
        counts: (kinds,) rows of each kind in the sample, 1 or more.
        confidence: of each bound, in (0.5, 1).

    Raises:
        MleeError: no rows.
    """
    rows = np.asarray(counts, dtype=np.int64)
    rows = rows[rows > 0]
    n = int(rows.sum())
    if n < 1:
        raise MleeError("There are no rows to estimate from.", "Count the kinds of at least one row.")
    once, twice = int(np.count_nonzero(rows == 1)), int(np.count_nonzero(rows == 2))
    mass = once / n
    reach = normal_quantile(confidence) * math.sqrt(once * (1 - mass) + 2 * twice) / n
    return UnseenMass(
        mass=mass,
        lower=max(0.0, mass - reach),
        upper=min(1.0, max(mass + reach, NONE_SEEN / n)),
        seen_once=once,
        seen_twice=twice,
        n=n,
    )
