"""Labels as text, so that the same class has one name whatever type it came in."""

from __future__ import annotations

import numpy as np


def label_text(label: object) -> str:
    """A label as text, the same for 1, 1.0 and True's own kind: whole floats read as integers.

    Args:
        label: of a class.
    """
    if isinstance(label, bool | np.bool_):
        return str(int(label))
    if isinstance(label, float | np.floating) and float(label).is_integer():
        return str(int(label))
    return str(label)
