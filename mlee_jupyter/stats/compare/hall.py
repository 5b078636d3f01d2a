"""Hall's (1992, On the removal of skewness by transformation) cubic for the studentised mean of skewed rows."""

from __future__ import annotations

import numpy as np


def hall(t: np.ndarray, skewness: np.ndarray) -> np.ndarray:
    """An absolute t statistic corrected for skewness; never negative, and at most t.

    Args:
        t: 0 or more, of any shape.
        skewness: of any shape, of the values, over the root of their number, in the direction of the difference.
    """
    return np.asarray(np.clip(t + skewness * (t**2 / 3 + 1 / 6) + skewness**2 * t**3 / 27, 0.0, t))


def hall_end(quantile: np.ndarray, skewness: np.ndarray) -> np.ndarray:
    """How many standard errors above a difference Hall's one-sided bound lies; never below the quantile.

    Args:
        quantile: of the studentised difference, 0 or more, of any shape.
        skewness: of any shape, see `hall`; positive where rows are seldom and far above the difference.
    """
    g = np.maximum(skewness, 1e-9)
    end = (3 / g) * (1 - np.cbrt(1 - g * (quantile + g / 6)))
    return np.asarray(np.where(skewness > 1e-6, np.maximum(quantile, end), quantile))
