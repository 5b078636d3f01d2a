"""Whether a sample is made of the same rows as a frame, column by column, beyond what chance would do.

Numbers by the two-sample test of Kolmogorov and Smirnov, kinds by Pearson's chi-squared test of homogeneity; with
Bonferroni's correction over the columns, since of 20 columns without any drift some test at 5% finds one in two out of
three samples. The population stability index is given from 300 rows on, beside the limit it passes by chance: a fixed
limit of 0.1 is passed without any drift by nearly half of all samples of 100 rows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

FEWEST_FOR_PSI = 300
BINS = 10
FEWEST_EXPECTED = 5.0  # rows expected in a cell of the chi-squared test (Cochran 1954); rarer kinds are pooled
FEWEST_ROWS = 30
ALPHA = 0.05
MOST_ROWS = 200_000  # of a frame's column; above, every k-th row is taken


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnDrift:
    """One column of a sample against the same column of a frame."""

    column: str
    numeric: bool
    distance: float  # share of the rows that would have to move, in 0..1 (Kolmogorov's D; total variation for kinds)
    p_value: float  # of this column alone
    beyond_chance: bool  # after the correction over all columns
    psi: float | None  # population stability index; None below 300 rows
    psi_limit: float | None  # what chance alone stays below in 95% of samples
    words: str  # what moved, in a few words


def drift(
    sample: Mapping[str, np.ndarray], frame: Mapping[str, np.ndarray], alpha: float = ALPHA
) -> tuple[ColumnDrift, ...]:
    """Every column that both have, those that moved farthest first.

    Args:
        sample: canonical columns by name (missing numbers as NaN).
        frame: the population's columns by name.
        alpha: chance of calling any column drifted where none is, in (0, 0.5].
    """
    shared = [name for name in sample if name in frame]
    shared = [name for name in shared if min(len(sample[name]), len(frame[name])) >= FEWEST_ROWS]
    found = [_one(name, sample[name], frame[name], alpha / len(shared)) for name in shared]
    kept = [one for one in found if one is not None]
    return tuple(sorted(kept, key=lambda one: (not one.beyond_chance, -one.distance)))


def psi(sample_counts: Sequence[float] | np.ndarray, frame_counts: Sequence[float] | np.ndarray) -> float:
    """The population stability index, sum (p - q) ln(p / q) over bins, half a row added to each.

    Args:
        sample_counts: (bins,) rows of the sample in each bin.
        frame_counts: (bins,) rows of the frame in each bin.
    """
    p, q = (np.asarray(c, dtype=np.float64) + 0.5 for c in (sample_counts, frame_counts))
    p, q = p / p.sum(), q / q.sum()
    return float(np.sum((p - q) * np.log(p / q)))


def psi_limit(bins: int, rows: int, frame_rows: int, alpha: float = ALPHA) -> float:
    """What the index stays below by chance.

    The 1 - alpha quantile of chi-squared with B - 1 degrees of freedom, times 1/n + 1/N (Yurdakul and Naranjo 2020).

    Args:
        bins: 2 or more.
        rows: of the sample.
        frame_rows: of the frame.
        alpha: in (0, 1).
    """
    from scipy.special import chdtri

    return float(chdtri(max(1, bins - 1), alpha)) * (1 / rows + 1 / frame_rows)


def _one(name: str, sample: np.ndarray, frame: np.ndarray, alpha: float) -> ColumnDrift | None:
    if len(frame) > MOST_ROWS:
        frame = frame[:: -(-len(frame) // MOST_ROWS)]
    numeric = sample.dtype.kind in "iufb" and frame.dtype.kind in "iufb"
    if numeric:
        ours, theirs = (np.asarray(c, dtype=np.float64) for c in (sample, frame))
        missing = np.isnan(ours).mean() - np.isnan(theirs).mean()
        ours, theirs = ours[~np.isnan(ours)], theirs[~np.isnan(theirs)]
        if min(len(ours), len(theirs)) < FEWEST_ROWS:
            return None
        return _numbers(name, ours, theirs, alpha, float(missing))
    return _kinds(name, _text(sample), _text(frame), alpha)


def _numbers(name: str, ours: np.ndarray, theirs: np.ndarray, alpha: float, missing: float) -> ColumnDrift:
    distance = ks_distance(ours, theirs)
    p_value = ks_p_value(distance, len(ours), len(theirs))
    edges = np.unique(np.quantile(theirs, np.linspace(0, 1, BINS + 1)[1:-1]))
    counts = [np.bincount(np.searchsorted(edges, c, side="right"), minlength=len(edges) + 1) for c in (ours, theirs)]
    index, limit = _index(*counts)
    middle, was = float(np.median(ours)), float(np.median(theirs))
    words = f"median {middle:.3g} against {was:.3g}"
    if abs(missing) > distance:
        words = f"{abs(missing):.0%} {'more' if missing > 0 else 'fewer'} missing"
    return ColumnDrift(
        column=name,
        numeric=True,
        distance=distance,
        p_value=p_value,
        beyond_chance=p_value <= alpha,
        psi=index,
        psi_limit=limit,
        words=words,
    )


def _kinds(name: str, ours: np.ndarray, theirs: np.ndarray, alpha: float) -> ColumnDrift | None:
    kinds, codes = np.unique(np.concatenate((ours, theirs)), return_inverse=True)
    if len(kinds) < 2:
        return None
    first, second = (np.bincount(c, minlength=len(kinds)) for c in (codes[: len(ours)], codes[len(ours) :]))
    n, whole = len(ours), len(theirs)
    shift = first / n - second / whole
    place = int(np.argmax(np.abs(shift)))
    pooled = _pooled(first, second)
    index, limit = _index(*pooled)
    return ColumnDrift(
        column=name,
        numeric=False,
        distance=float(np.abs(shift).sum() / 2),
        p_value=(p := _homogeneity(*pooled)),
        beyond_chance=p <= alpha,
        psi=index,
        psi_limit=limit,
        words=f"{str(kinds[place])[:30]} {first[place] / n:.0%} against {second[place] / whole:.0%}",
    )


def ks_distance(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Kolmogorov's D: the greatest difference of two empirical distributions.

    Args:
        ours: (n,) numbers.
        theirs: (N,) numbers.
    """
    ours, theirs = np.sort(ours), np.sort(theirs)
    both = np.concatenate((ours, theirs))
    first = np.searchsorted(ours, both, side="right") / len(ours)
    second = np.searchsorted(theirs, both, side="right") / len(theirs)
    return float(np.max(np.abs(first - second)))


def ks_p_value(distance: float, n: int, frame_rows: int) -> float:
    """The chance of so great a distance without drift: Kolmogorov's limit, with Stephens' (1970) correction for n.

    Args:
        distance: D, in 0..1.
        n: rows of the sample.
        frame_rows: N, rows of what it was drawn from.
    """
    from scipy.special import kolmogorov

    root = math.sqrt(n * frame_rows / (n + frame_rows))
    return float(kolmogorov((root + 0.12 + 0.11 / root) * distance))


def _pooled(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Kinds too rare for the test put together, and with the next rarest where even that is too rare."""
    n, whole = first.sum(), second.sum()
    order = np.argsort(first + second)
    expected = (first + second)[order] * (min(n, whole) / (n + whole))
    rare = int(np.searchsorted(np.cumsum(expected), FEWEST_EXPECTED) + 1) if expected[0] < FEWEST_EXPECTED else 0
    rare = max(rare, int(np.count_nonzero(expected < FEWEST_EXPECTED)))
    if rare <= 1:
        return first, second
    return tuple(np.append(c[order][rare:], c[order][:rare].sum()) for c in (first, second))  # type: ignore[return-value]


def _homogeneity(first: np.ndarray, second: np.ndarray) -> float:
    from scipy.special import chdtrc

    both = first + second
    first, second, both = first[both > 0], second[both > 0], both[both > 0]
    if len(both) < 2:
        return 1.0
    n, whole = first.sum(), second.sum()
    statistic = 0.0
    for counts, size in ((first, n), (second, whole)):
        expected = both * (size / (n + whole))
        statistic += float(np.sum((counts - expected) ** 2 / expected))
    return float(chdtrc(len(both) - 1, statistic))


def _index(first: np.ndarray, second: np.ndarray) -> tuple[float | None, float | None]:
    n, whole = int(first.sum()), int(second.sum())
    if min(n, whole) < FEWEST_FOR_PSI or len(first) < 2:
        return None, None
    return psi(first, second), psi_limit(len(first), n, whole)


def _text(column: np.ndarray) -> np.ndarray:
    """Kinds as text, whole floats as integers, what is missing as one kind."""
    if column.dtype.kind == "f":
        whole = np.isfinite(column) & (column == np.floor(column))
        return np.array([str(int(v)) if w else str(v) for v, w in zip(column.tolist(), whole.tolist(), strict=True)])
    if column.dtype.kind == "b":
        column = column.astype(np.int64)
    return np.array([str(value) for value in column.tolist()])
