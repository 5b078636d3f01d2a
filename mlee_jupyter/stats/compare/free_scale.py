"""A score on a scale without limits, where its error hangs less on its value: logarithms of losses, log odds of shares.

A candidate that was lucky has a small loss and, of the same rows, a small error; as a share of the loss the error is
what it was. So a difference that is clear on one scale alone is not clear.
"""

from __future__ import annotations

import numpy as np


def on_free_scale(theta: np.ndarray, least: float, most: float) -> tuple[np.ndarray, np.ndarray]:
    """Scores of which higher is better on the free scale, and the slope of that scale there.

    log(x - least), -log(most - x), or their sum where both limits are finite (log odds; Fisher's z but for a factor).

    Args:
        theta: (K,) scores, a loss with a minus sign.
        least: the least value a score can take, or minus infinity.
        most: the greatest, or infinity.

    Returns:
        (K,) values and (K,) slopes; both NaN where a score is at its limit or the scale has none.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        value, slope = np.zeros_like(theta), np.zeros_like(theta)
        if np.isfinite(least):
            value, slope = value + np.log(theta - least), slope + 1 / (theta - least)
        if np.isfinite(most):
            value, slope = value - np.log(most - theta), slope + 1 / (most - theta)
    usable = np.isfinite(value) & np.isfinite(slope) & (slope > 0)
    return np.where(usable, value, np.nan), np.where(usable, slope, np.nan)


def from_free_scale(value: np.ndarray, least: float, most: float) -> np.ndarray:
    """Scores of values on the free scale, the inverse of `on_free_scale` (K,).

    Args:
        value: (K,) on the free scale.
        least: the least value a score can take, or minus infinity.
        most: the greatest, or infinity.
    """
    if np.isfinite(least) and np.isfinite(most):
        return np.asarray(least + (most - least) / (1 + np.exp(-np.clip(value, -700, 700))))
    if np.isfinite(least):
        return np.asarray(least + np.exp(np.clip(value, -700, 700)))
    return np.asarray(most - np.exp(np.clip(-value, -700, 700)))
