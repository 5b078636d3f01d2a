"""Rows that stand several times in one sample: oversampled before the split, or multiplied by a join.

A copy tells nothing new, so all copies of a row are one unit. Without the features that must be read off the truth and
the predictions, and few different values repeat in honest rows as well. Three signs are no chance:

- every combination of truth and predictions stands a multiple of g times. Of m honest combinations more than classes,
  which a split may have made equally many, that has a chance of g^-m, and one in a hundred thousand is asked for; it is
  the only sign in labels alone.
- numbers that hardly repeat between unlike rows repeat together with all predictions.
- rows with the same scores have the same truth too, where rows with nearly the same have not. Twelve differences are
  expected, and at most a twelfth of them seen. Honest rows of equal features have their own truth each. Near is what
  those candidates make of a row that hardly give two rows one score; a tree does, and nothing lies between.
  Of predicted labels, whatever type they come in, nothing is near.

All of it is a few sorts of n numbers, and two where nothing repeats.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from .row_hash import row_hashes, value_codes

FEWEST = 6  # rows that repeat, below which nothing is said
BITS = 17.0  # chance of one in a hundred thousand
CHANCE_FACTOR = 3.0  # times the pairs of equal numbers that chance would give, whatever was predicted
EXPECTED, SEEN = 12.0, 1 / 12  # differences of truth where predictions are equal
GLANCE = 3  # columns that already tell most rows apart
NEAR = 5  # neighbours on each side whose truth is looked at
NEARLY = 0.05  # of the range of scores: no farther away than that
FEWEST_KINDS, MOST_EACH = 30, 25  # different predictions; rows of each, on average and of those that are looked at
MOSTLY_DIFFERENT = 0.9  # of the rows: with fewer copies, what they add is less than judging units costs
SINGLE = 1e-6  # of a number: what counts as the same


def copied_rows(truth: np.ndarray, columns: Sequence[np.ndarray], *, labels: bool = False) -> np.ndarray | None:
    """The unit of each row (n,), as places from 0; None where rows do not repeat beyond chance.

    Args:
        truth: (n,) labels or numbers.
        columns: predictions of each candidate, (n,) or (n, classes).
        labels: some are predicted labels, which say nothing of how near rows are, written as numbers or not.
    """
    if len(truth) < 2 * FEWEST or truth.ndim != 1 or not columns:
        return None
    if labels or (truth.dtype.kind != "f" and columns[0].dtype.kind != "f"):
        return _as_often(truth, columns)
    for some in (1, GLANCE):  # in single precision a hundred of 100,000 different numbers are equal to another
        if len(truth) - _different(row_hashes([truth, *columns[:some]])) < FEWEST:
            return None
    said = row_hashes(columns)
    found = _as_often(truth, columns)
    if found is None and truth.dtype.kind in "fiu":
        found = _of_numbers(truth, said)
    return _by_neighbours(truth, said, _scores_of(columns, said)) if found is None else found


def surely_repeated(kinds: int, free: int, times: int) -> bool:
    """Whether it is no chance that every combination stands a multiple of so many times.

    Args:
        kinds: combinations of truth and predictions.
        free: of them, what is not explained by classes that a split made equally many.
        times: 2 or more.
    """
    return kinds >= FEWEST and free * math.log2(times) >= BITS


def one_of_each(units: np.ndarray) -> np.ndarray | None:
    """Places of one row of each unit, in the rows' order; None where some stand more often than others.

    Args:
        units: of each row, (n,), as `copied_rows` gives them.
    """
    _, first, counts = np.unique(units, return_index=True, return_counts=True)
    return np.sort(first) if counts.min() == counts.max() else None


def copied_features(truth: np.ndarray, features: Sequence[np.ndarray]) -> np.ndarray | None:
    """The same by the features of the rows, which tell of labels as well.

    Args:
        truth: (n,) labels or numbers.
        features: columns, or matrices.
    """
    if len(truth) < 2 * FEWEST or truth.ndim != 1 or not features:
        return None
    said = row_hashes(features)
    if len(truth) - _different(said) < FEWEST:
        return None
    found = _of_numbers(truth, said) if truth.dtype.kind in "fiu" else None
    return _by_neighbours(truth, said, _values_of(features)) if found is None else found


def _different(keys: np.ndarray) -> int:
    """How many; sorted, since numpy's own hash table takes ten times as long on a million keys that all differ."""
    ordered = np.sort(keys)
    return 1 + int(np.count_nonzero(ordered[1:] != ordered[:-1]))


def _places(keys: np.ndarray) -> np.ndarray:
    return np.unique(keys, return_inverse=True)[1].reshape(-1)


# ---------------------------------------------------------------- all of them a multiple of times


def _as_often(truth: np.ndarray, columns: Sequence[np.ndarray]) -> np.ndarray | None:
    """Units where each combination stands a multiple of g times; the truth alone tells of most samples that none do."""
    keys = value_codes(truth)
    for place in range(-1, len(columns)):
        if place >= 0:
            keys = row_hashes([keys, columns[place]])
        kinds, counts = np.unique(keys, return_counts=True)
        times = int(np.gcd.reduce(counts))
        if times == 1:
            return None
    is_number = truth.dtype.kind == "f" and bool(np.any(truth != np.round(truth)))
    free = len(kinds) - (0 if is_number else _different(value_codes(truth)))
    if not surely_repeated(len(kinds), free, times):
        return None
    places = np.searchsorted(kinds, keys)
    order = np.argsort(places, kind="stable")
    within = np.empty(len(keys), np.intp)
    within[order] = np.arange(len(keys)) - np.repeat(np.cumsum(counts) - counts, counts)
    start = np.cumsum(counts // times) - counts // times
    return np.asarray(start[places] + within // times)


# ---------------------------------------------------------------- numbers


def _of_numbers(truth: np.ndarray, said: np.ndarray) -> np.ndarray | None:
    """Units where a truth that hardly repeats between unlike rows repeats with its predictions."""
    codes = value_codes(truth)
    kinds, first, places, counts = np.unique(
        row_hashes([codes, said]), return_index=True, return_inverse=True, return_counts=True
    )
    _, of_value, unlike = np.unique(codes[first], return_inverse=True, return_counts=True)
    own = unlike[of_value] == 1  # of which no other prediction was made
    repeated = int(np.count_nonzero(own & (counts > 1)))
    shared = len(kinds) - int(np.count_nonzero(own))
    if repeated < FEWEST + CHANCE_FACTOR * max(_ties_by_chance(truth[first]), shared / 2):
        return None
    units = places.reshape(-1).copy()
    alone = ~own[units]
    units[alone] = len(kinds) + np.arange(int(alone.sum()))
    return _places(units)


def _ties_by_chance(numbers: np.ndarray) -> float:
    """Pairs of equal numbers among independent ones on the grid that these stand on."""
    ordered = np.sort(numbers.astype(np.float64))
    low, high = ordered[len(ordered) // 4], ordered[(3 * len(ordered)) // 4]
    gaps = np.diff(ordered)
    gaps = gaps[gaps > SINGLE * np.abs(ordered[1:])]
    if not len(gaps) or high <= low:
        return math.inf
    return float(len(numbers) ** 2 * gaps.min() / (2 * (high - low)))


# ---------------------------------------------------------------- predictions that agree, and those that nearly do


def _scores_of(columns: Sequence[np.ndarray], said: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """What the candidates together make of each row: the class (n,) they give it, and how sure they are (n,), 0 to 1.

    Whoever gives the same few scores to many rows (a tree, a few neighbours) says nothing of which are near.
    """
    fine = [one for one in columns if 2 * _different(row_hashes([one])) >= _different(said)]
    if not fine or len({one.shape for one in fine}) > 1 or any(one.dtype.kind not in "fiu" for one in fine):
        return None
    if fine[0].ndim == 1:
        ranks = [_places(one) for one in fine]
        sure = sum((rank / max(1, rank.max()) for rank in ranks), np.zeros(len(said))) / len(ranks)
        return np.zeros(len(sure), np.intp), sure
    scores = sum((one for one in fine), np.zeros(fine[0].shape)) / len(fine)
    sure = scores.max(axis=1)
    return scores.argmax(axis=1), (sure - sure.min()) / max(float(np.ptp(sure)), np.finfo(float).tiny)


def _values_of(features: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray] | None:
    """The same by the one feature that tells most rows apart."""
    flat = [_places(one.reshape(len(one), -1)[:, -1]) for one in features if one.dtype.kind in "fiu"]
    if not flat:
        return None
    most = max(flat, key=lambda one: int(one.max()))
    return np.zeros(len(most), np.intp), most / max(1, most.max())


def _by_neighbours(
    truth: np.ndarray, said: np.ndarray, alike: tuple[np.ndarray, np.ndarray] | None
) -> np.ndarray | None:
    """Units where equal predictions have equal truth, and nearly equal ones have not."""
    kinds, first, places, counts = np.unique(said, return_index=True, return_inverse=True, return_counts=True)
    places = places.reshape(-1)
    if alike is None or len(kinds) < max(FEWEST_KINDS, len(truth) / MOST_EACH):
        return None
    order = np.lexsort((alike[1][first], alike[0][first]))
    (group, sure), codes = (one[first][order] for one in alike), value_codes(truth)
    near, differ, beside = codes[first][order], np.zeros(len(kinds)), np.zeros(len(kinds))
    for step in range(1, NEAR + 1):
        is_near = (group[step:] == group[:-step]) & (sure[step:] - sure[:-step] <= NEARLY)
        unlike = is_near & (near[step:] != near[:-step])
        for some in (slice(step, None), slice(None, -step)):
            differ[some] += unlike
            beside[some] += is_near
    few = counts <= MOST_EACH  # hundreds of rows of which a model is quite sure are no copies of one
    expected = float(((counts - 1) * few)[order] @ (differ / np.maximum(1, beside)))
    seen = int(np.count_nonzero((codes != codes[first][places]) & few[places]))
    if expected < EXPECTED or seen > SEEN * expected:
        return None
    return _places(row_hashes([codes, said]))
