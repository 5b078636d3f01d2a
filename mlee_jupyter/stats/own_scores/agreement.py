"""How far a judge's grades agree with a person's, on the rows that both graded.

Of grades that take few values the quadratically weighted kappa (Cohen 1968), which is the concordance of the two
columns (Lin 1989): 1 - mean (x - y)^2 over what it would be were they unrelated. Of others the same formula. Being the
same level counts, not the order alone. Its range is by the jackknife over rows on the scale of Fisher's z.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlee_jupyter.stats.distributions import t_quantile

FEWEST = 10  # rows that both graded
NEXT_TO_1 = 1 - 1e-9
MOST_LEVELS = 11  # of what is called a grade: 0 to 10


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """What two columns of grades have in common."""

    rows: int
    graded: bool  # few values, so that it is called a weighted kappa
    agreement: float  # 1: the same on every row; 0: as if unrelated
    low: float  # 95% range
    high: float
    same: float  # share of rows on which both are the same


@dataclass(frozen=True, kw_only=True)
class Favour:
    """How much a judge favours one candidate, compared with another, against what people say."""

    candidate: str
    other: str
    rows: int  # graded by both, of both candidates
    favour: float  # what the judge adds to the difference, in grades
    low: float  # range, of all pairs at once at 95%
    high: float

    @property
    def is_clear(self) -> bool:
        """Chance does not explain it."""
        return not self.low <= 0 <= self.high


def agreement(
    judge: np.ndarray, person: np.ndarray, rows: np.ndarray | None = None, alpha: float = 0.05
) -> Agreed | None:
    """The agreement of two columns; None where fewer than ten have both, or nothing varies.

    Args:
        judge: (n,) grades, NaN where there is none.
        person: (n,) of the same answers.
        rows: (n,) whole numbers from 0: answers of one row, by several candidates, are left out together; None: each
            answer is a row.
        alpha: two-sided error of the range, in (0, 1).
    """
    both = ~(np.isnan(judge) | np.isnan(person))
    one, other = judge[both], person[both]
    units = np.unique(np.arange(len(one)) if rows is None else rows[both], return_inverse=True)[1].reshape(-1)
    count = int(units.max(initial=-1)) + 1
    parts = np.array([np.ones(len(one)), one, other, one**2, other**2, (one - other) ** 2])
    whole = parts.sum(axis=1)
    if count < FEWEST or _unrelated(whole) <= 0:
        return None
    value = float(_concordance(whole))
    by_unit = np.array([np.bincount(units, part, count) for part in parts])
    without = _concordance(whole[:, None] - by_unit)
    z = np.arctanh(np.clip(without, -NEXT_TO_1, NEXT_TO_1))
    error = math.sqrt((count - 1) / count * float(((z - z.mean()) ** 2).sum()))
    reach, centre = t_quantile(1 - alpha / 2, count - 1.0) * error, math.atanh(min(NEXT_TO_1, max(-NEXT_TO_1, value)))
    return Agreed(
        rows=len(one),
        graded=len(np.unique(np.concatenate([one, other]))) <= MOST_LEVELS,
        agreement=value,
        low=math.tanh(centre - reach),
        high=math.tanh(centre + reach),
        same=float(np.mean(one == other)),
    )


def _unrelated(sums: np.ndarray) -> Any:
    """The mean squared difference of the two, were each pair drawn by chance.

    Args:
        sums: of 1, x, y, x^2, y^2 and (x - y)^2.
    """
    n, x, y, xx, yy, _ = sums
    return (xx + yy) / n - 2 * (x / n) * (y / n)


def _concordance(sums: np.ndarray) -> Any:
    return 1.0 - sums[5] / sums[0] / np.maximum(_unrelated(sums), np.finfo(float).tiny)


def favour_of(name: str, of: np.ndarray, other_name: str, of_other: np.ndarray, alpha: float = 0.05) -> Favour | None:
    """How much more a judge gives one candidate than another, beyond what people give; None on fewer than ten rows.

    Args:
        name: of the first candidate.
        of: (n,) the judge's grade less the person's, NaN where either is missing.
        other_name: of the second.
        of_other: (n,) likewise.
        alpha: two-sided error of the range, in (0, 1).
    """
    apart = of - of_other
    apart = apart[~np.isnan(apart)]
    n = len(apart)
    if n < FEWEST:
        return None
    favour = float(apart.mean())
    reach = t_quantile(1 - alpha / 2, n - 1.0) * float(apart.std(ddof=1)) / math.sqrt(n)
    return Favour(candidate=name, other=other_name, rows=n, favour=favour, low=favour - reach, high=favour + reach)
