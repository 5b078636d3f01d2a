"""What a difference must pass on rows that grew and were looked at before, where a test of one look would do else.

Each pair of columns is an own test with looks: where its normal deviate z would have to pass q on rows that are looked
at once, it must pass b(q), the bound of a test with looks whose error is that of q, alpha' = 2 - 2 Phi(q). With a
horizon b is that of Lan and DeMets (1983) in the shape of O'Brien and Fleming (1979), without one that of the
confidence sequence of Waudby-Smith et al. (2024), narrowest at the first size. So every pair errs as often over all
its looks as it may at one, and the set of them (of which q is the quantile) about as often: among 2, 3, 5, 10 and 20
equal columns at 20 looks in 4.9, 5.0, 5.2, 5.0 and 4.8%, where one bound for the largest of all pairs errs in up to
5.9% (20,000 drawn paths, standard error 0.15 points).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from mlee_jupyter.stats.distributions import normal_tail
from mlee_jupyter.stats.trial.crossing import CLOSEST
from mlee_jupyter.stats.trial.spending import HIGHEST
from mlee_jupyter.stats.trial.trial_size import design_bounds

KNOTS = (0.5, 1.2, 1.7, 2.2, 2.8, 3.5, 4.5, 6.0)  # between them b is straight to 0.003 (1.5 to 4.2)


@dataclass(frozen=True, kw_only=True)
class Growth:
    """When rows were looked at, the last time now."""

    times: tuple[float, ...]  # rows of each look, over the horizon or over those of the first look
    has_horizon: bool

    def bound(self, single: float) -> float:
        """What a normal deviate must pass now; at most 7.

        Args:
            single: what it would have to pass on rows that are looked at once.
        """
        return float(_through(single, *self._curve))

    def as_single(self, z: np.ndarray) -> np.ndarray:
        """Normal deviates (not negative) as on rows that are looked at once: the other way round."""
        singles, bounds = self._curve
        return np.asarray(_through(z, bounds, singles))

    def of_more_rows(self, single: float) -> float:
        """What it must pass with the rows that are still to come: at the horizon hardly more than at one look."""
        return single if self.has_horizon else self.bound(single)

    @property
    def _curve(self) -> tuple[np.ndarray, np.ndarray]:
        return _bounds(self.times, "looks" if self.has_horizon else "always")


def grown(sizes: Sequence[int], horizon: int | None) -> Growth:
    """The growth of rows that were looked at in these sizes; sizes that are hardly apart are one look.

    Args:
        sizes: rows at each look, rising, the last one now.
        horizon: rows that were planned before the first look; None: nobody said.
    """
    whole = sizes[0] if horizon is None else horizon
    times: list[float] = []
    for size in sizes[::-1]:  # the newest stays
        time = max(size / whole, CLOSEST)
        if not times or times[-1] - time >= CLOSEST:
            times.append(time)
    return Growth(times=tuple(times[::-1]), has_horizon=horizon is not None)


@lru_cache(maxsize=64)
def _bounds(times: tuple[float, ...], design: str) -> tuple[np.ndarray, np.ndarray]:
    """Deviates of one look, and what takes their place at the last of these."""
    found = [min(design_bounds(design, times, 2 * normal_tail(single))[-1], HIGHEST) for single in KNOTS]
    # where bounds end at the highest, they still rise a little, so that there is a way back
    return np.array(KNOTS), np.array(found) + 1e-9 * np.arange(len(KNOTS))


def _through(x: float | np.ndarray, across: np.ndarray, up: np.ndarray) -> np.ndarray:
    """A line through 0 and all the knots, and on from the last one."""
    inside = np.interp(x, np.concatenate([[0.0], across]), np.concatenate([[0.0], up]))
    return np.asarray(inside + np.maximum(0.0, np.asarray(x) - across[-1]))
