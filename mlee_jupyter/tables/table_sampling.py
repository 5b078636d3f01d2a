"""How the rows of a table were drawn: of groups, the sums that came back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from mlee_jupyter.stats.compare.dependence import Sampling
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.sums.summed import Summed


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupSums:
    """Sums over groups of each column of a source (K, G), and the rows of each group (G,)."""

    sums: np.ndarray
    sizes: np.ndarray


@dataclass(frozen=True, kw_only=True, eq=False)
class TableSampling(Sampling):
    """The same, where rows, groups and weights stay in the table."""

    groups: GroupSums | None = None
    is_weighted: bool = False

    @property
    def is_plain(self) -> bool:
        """Independent rows that count alike."""
        return self.by == "rows" and not self.is_weighted

    @property
    def is_summed(self) -> bool:
        """Rows are summed up over groups."""
        return self.groups is not None

    def unit_sums(self, columns: Sequence[Scored]) -> list[np.ndarray]:
        """Each column's influence values summed over groups.

        Args:
            columns: of the table.
        """
        assert self.groups is not None
        return [one.factor * self.groups.sums[one.place] for one in cast("Sequence[Summed]", columns)]

    def gains_apart(self, columns: Sequence[Scored]) -> np.ndarray:
        """What each column gained (K, G), summed over groups, less what all gained on a row; of one, its median.

        Args:
            columns: of the table.
        """
        assert self.groups is not None
        sizes, theta = self.groups.sizes, np.array([column.theta for column in columns])
        gains = np.array(self.unit_sums(columns)) + np.outer(theta, sizes)
        if len(columns) > 1:
            return np.asarray(gains - gains.mean(axis=0))
        (only,) = cast("Sequence[Summed]", columns)
        return np.asarray(gains - (only.middle + only.theta) * sizes)
