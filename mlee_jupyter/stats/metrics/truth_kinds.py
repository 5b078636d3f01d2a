"""Whether a truth holds labels or numbers."""

from __future__ import annotations

from typing import Literal

import numpy as np

MOST_LABELS = 20  # integers with more different values than this are taken for numbers


def truth_kind(truth: np.ndarray) -> Literal["labels", "numbers"]:
    """Whether a canonical truth (n,) holds "labels" or "numbers".

    Text and booleans are labels. Integers are labels when there are at most 20 different ones, on average on two
    rows each (or just two of them). Floats are numbers, unless they are whole and there are at most two of them
    (a 0/1 column that once had gaps).

    Args:
        truth: (n,) canonical.
    """
    if truth.dtype.kind in "Ob":
        return "labels"
    if truth.dtype.kind == "f" and np.any(truth != np.floor(truth)):
        return "numbers"
    different = len(np.unique(truth))
    if truth.dtype.kind == "f":
        return "labels" if different <= 2 else "numbers"
    return "labels" if different <= 2 or (different <= MOST_LABELS and 2 * different <= len(truth)) else "numbers"
