"""A column of predictions, scored: its value, and what each row contributes to its error."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple, Self

import numpy as np


class ClassShare(NamedTuple):
    """The part of a score that one class has: a share of rows, or twice a share over one more than it, as of F1."""

    weight: float
    right: float
    rows: float
    doubled: bool
    chosen: bool = False  # the candidate chose the rows itself, by giving them the class

    def value(self, share: float) -> float:
        """What the class scores where it has this share of right rows."""
        return 2 * share / (1 + share) if self.doubled else share


@dataclass(frozen=True, kw_only=True, eq=False)
class Stake:
    """Rows on which a candidate gave some class no chance at all: what it loses where that class comes."""

    rows: np.ndarray  # (n,) bool
    struck: int  # of them, where it came
    lost: float  # by one such row


@dataclass(frozen=True, kw_only=True, eq=False)
class Scored:
    """One column of predictions, scored."""

    theta: float  # higher is better: a loss has a minus sign
    psi: np.ndarray  # influence values (n,), bool where they are (psi - theta) of a plain share of right rows
    df: float  # rows, or rows of the scarcest class, less one
    positives: np.ndarray | None = None  # (n,) bool, of a score that is a mean over the rows of each of two classes
    shares: tuple[ClassShare, ...] = ()  # what it is the weighted sum of, where it is one
    stake: Stake | None = None

    @property
    def n(self) -> int:
        """Rows."""
        return len(self.psi)

    @property
    def influence(self) -> np.ndarray:
        """The influence values as float64, mean zero."""
        return self.psi - self.theta if self.psi.dtype == bool else self.psi

    @property
    def largest(self) -> float:
        """The largest influence value, in size; 1 of a share of rows."""
        return float(np.max(np.abs(self.psi), initial=0.0))

    @property
    def squares(self) -> float:
        """The sum of squared influence values."""
        psi = self.influence
        return float(np.einsum("r,r->", psi, psi))  # no threads of BLAS for a single sum

    @property
    def cubes(self) -> float:
        """The sum of their third powers."""
        psi = self.influence
        return float(np.einsum("r,r,r->", psi, psi, psi))

    def block(self, start: int, stop: int) -> np.ndarray:
        """The influence values of some rows."""
        part = self.psi[start:stop]
        return part - self.theta if self.psi.dtype == bool else part

    def rescaled(self, theta: float, factor: float) -> Self:
        """Another score of which every influence value is so many times this one's.

        Args:
            theta: that score.
            factor: its slope.
        """
        return replace(self, theta=theta, psi=factor * self.influence)
