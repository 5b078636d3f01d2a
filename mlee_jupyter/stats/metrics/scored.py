"""A column of predictions, scored: its value, and what each row contributes to its error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True, eq=False)
class Scored:
    """One column of predictions, scored."""

    theta: float  # higher is better: a loss has a minus sign
    psi: np.ndarray  # influence values (n,), bool where they are (psi - theta) of a plain share of right rows
    df: float  # rows, or rows of the scarcest class, less one
    positives: np.ndarray | None = None  # (n,) bool, of a score that is a mean over the rows of each of two classes

    @property
    def influence(self) -> np.ndarray:
        """The influence values as float64, mean zero."""
        return self.psi - self.theta if self.psi.dtype == bool else self.psi

    def block(self, start: int, stop: int) -> np.ndarray:
        """The influence values of some rows."""
        part = self.psi[start:stop]
        return part - self.theta if self.psi.dtype == bool else part
