"""A column whose rows stay where they are, in a database: only sums over its influence values are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, Self

import numpy as np

from mlee_jupyter.stats.metrics.scored import Scored


def _no_rows() -> np.ndarray:
    """Without a length: whoever asks it for rows fails."""
    return np.array(np.nan)


@dataclass(frozen=True, slots=True)
class Scaled:
    """A source's column, times a factor."""

    place: int
    factor: float


class RowSums(Protocol):
    """What keeps the rows: sums over centred values x of its columns, one a row, of mean zero."""

    @property
    def n(self) -> int:
        """Rows."""

    def powers(self, place: int) -> tuple[float, float]:
        """The sums of x^2 and of x^3 of a column."""

    def largest(self, place: int) -> float:
        """The largest of a column, in size."""

    def gram(self, columns: Sequence[Scaled], shares: np.ndarray) -> np.ndarray:
        """Sums of products (K, K) of the scaled columns, each less their mean with these shares (K,)."""

    def crossed(self, places: Sequence[int]) -> np.ndarray:
        """Sums of x_i^2 x_j (K, K)."""

    def leads(self, wanted: Sequence[tuple[Scaled, Scaled]]) -> list[float]:
        """By how much the first is above the second at the most, for each pair."""

    def apart(self, one: Scaled, other: Scaled) -> tuple[float, float, float]:
        """Of the difference d of two: the sums of d^2 and d^4, and the largest d^2."""

    def rows_apart(self, one: Scaled, other: Scaled, least: float) -> int:
        """Rows on which the squared difference of two is above a limit."""

    def median(self, place: int) -> float:
        """The median of a column."""

    def hits(self, places: Sequence[int], most_rows: int, most_kinds: int) -> tuple[np.ndarray, np.ndarray] | None:
        """Which columns are right (K, P) on the rows on which not all are alike, and how many rows (P,) of each kind.

        None where such rows, or their kinds, are more than that.
        """


@dataclass(frozen=True, kw_only=True, eq=False)
class Summed(Scored):
    """One column of predictions, scored where it lies."""

    source: RowSums
    place: int  # in the source
    factor: float = 1.0  # an influence value is so many times the source's x
    psi: np.ndarray = field(default_factory=_no_rows)

    @property
    def n(self) -> int:
        """Rows."""
        return self.source.n

    @property
    def influence(self) -> np.ndarray:
        """Nothing that is at hand.

        Raises:
            TypeError: always.
        """
        raise TypeError("The rows of this column stay in their table.")

    @property
    def largest(self) -> float:
        """The largest influence value, in size."""
        return abs(self.factor) * self.source.largest(self.place)

    @property
    def squares(self) -> float:
        """The sum of squared influence values."""
        return self.factor**2 * self.source.powers(self.place)[0]

    @property
    def cubes(self) -> float:
        """The sum of their third powers."""
        return self.factor**3 * self.source.powers(self.place)[1]

    @property
    def middle(self) -> float:
        """The median of the influence values."""
        return self.factor * self.source.median(self.place)

    @property
    def scaled(self) -> Scaled:
        """As its source is asked."""
        return Scaled(self.place, self.factor)

    def block(self, start: int, stop: int) -> np.ndarray:
        """Nothing that is at hand."""
        return self.influence[start:stop]

    def rescaled(self, theta: float, factor: float) -> Self:
        """Another score of which every influence value is so many times this one's.

        Args:
            theta: that score.
            factor: its slope.
        """
        return replace(self, theta=theta, factor=self.factor * factor)
