"""How much of a lead is luck: what choosing the best flatters, what holds all the same, what having looked costs."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from .arithmetic import DRAWS, OF_DRAWS, Numbers
from .formulas import ALPHA, Z1, Window, wilson

_OF_LUCK = {"average_precision": 0.3, "rmse": 0.2}  # of a flattery, where linear forms differ on few rows


def flattery(numbers: Numbers) -> Window:
    """What choosing the best is expected to flatter, drawn anew around scores moved together and as observed.

    Observed scores lie further apart than true ones, which James and Stein's rule mends (no score by more than a
    standard error of its own part, Efron and Morris 1972). Within 12% and a fiftieth of a standard
    error; more where scores are compared on a scale of their own.
    """
    if not numbers.near.all():
        kept = [column for column, near in zip(numbers.columns, numbers.near, strict=True) if near]
        left = Numbers(numbers.truth, kept, numbers.metric, numbers.positive, numbers.columns[0].candidate)
        return flattery(left)
    theta = numbers.sign * numbers.value
    errors = (numbers.draws_of_luck - numbers.draws_of_luck[0]) * np.array(
        [[numbers.per_unit(0, k)] for k in range(len(theta))]
    )
    if numbers.metric == "accuracy":
        errors = _resampled(numbers)
        errors = errors - errors[0]
    shifted = _together(numbers, theta)[:, None] + errors
    best = shifted.max(axis=0)
    chosen = shifted >= best - 1e-12 * np.abs(best)
    mean = float(((errors * chosen).sum(axis=0) / chosen.sum(axis=0)).mean())
    off = _OF_LUCK.get(numbers.metric, 0.12) * max(0.0, mean) + 0.02 * float(numbers.error.mean())
    return max(0.0, max(0.0, mean) - off), max(0.0, mean) + off


def _together(numbers: Numbers, theta: np.ndarray) -> np.ndarray:
    count = len(theta)
    centred = numbers.psi - numbers.psi.mean(axis=0)
    own = float((centred**2).sum()) / (numbers.n * (numbers.n - 1.0)) / max(1, count - 1)
    apart = theta - theta.mean()
    if count <= 3 or own <= 0 or not np.any(apart):
        return theta
    wanted = min(1.0, (count - 3) * own / float(apart @ apart)) * apart
    sized = np.minimum(1.0, numbers.error / max(math.sqrt(float((numbers.error**2).mean())), 1e-300))
    limit = math.sqrt(own) * sized
    return theta - np.clip(wanted, -limit, limit)


def _resampled(numbers: Numbers) -> np.ndarray:
    """(K, 4000) errors of shares, by drawing the rows anew: candidates that differ on few rows tie often."""
    hits = np.array([column.rows == numbers.truth for column in numbers.columns])
    mixed = hits[:, hits.any(axis=0) & ~hits.all(axis=0)]
    if mixed.shape[1] == 0:
        return np.zeros((len(hits), 1))
    kinds, counts = np.unique(mixed, axis=1, return_counts=True)
    share = np.append(counts, numbers.n - counts.sum()) / numbers.n
    drawn = np.random.default_rng(78).multinomial(numbers.n, share, size=DRAWS // 2)[:, :-1]
    return kinds.astype(float) @ ((drawn - counts) / numbers.n).T


def sure(numbers: Numbers) -> Window:
    """Where the end of the leader's score lies that holds however it came to lead, nearer and further end.

    From its plain one-sided bound to one of the largest of all errors, widened for skewed rows (Hall 1992) and
    near the limits (logits, logarithms).
    """
    value, error = float(numbers.value[0]), float(numbers.error[0])
    seen = numbers.error > 0
    largest = (
        (numbers.draws_of_luck[seen] / numbers.draws_of_luck[seen].std(axis=1)[:, None]).max(axis=0)
        if seen.any()
        else np.full(2, Z1)
    )
    q = max(Z1, float(np.quantile(largest, 1 - ALPHA)))
    if numbers.trials(0) is not None:
        ends = []
        for wide in (q * (1 - OF_DRAWS), q * (1 + OF_DRAWS)):
            low, high = numbers.range(0, 2 * float(stats.norm.sf(wide)))
            ends += [*low] if numbers.sign > 0 else [*high]
        return min(ends), max(ends)
    near = _end(numbers, 0, q * (1 - OF_DRAWS - numbers.slack), numbers.dfs[0])
    third = [float(stats.skew(row)) if row.any() else 0.0 for row in numbers.psi[:20]]
    skewed = max(0.0, -min(third[0], float(np.mean(third))))
    wide = (q + skewed * (2 * q * q + 1) / (6 * math.sqrt(numbers.n))) * (1 + OF_DRAWS + numbers.slack)
    far = [_end(numbers, 0, wide, numbers.dfs[0])]
    half = float(stats.t.isf(stats.norm.sf(q), max(1.0, numbers.dfs[0]))) * error * (1 + OF_DRAWS + numbers.slack)
    if numbers.bounded and 0 < value < 1:
        odds = math.log(value / (1 - value)) - half / (value * (1 - value))
        far.append(1 / (1 + math.exp(min(-odds, 700))))
    if numbers.sign < 0 and value > 0:
        share = numbers.error / np.maximum(np.abs(numbers.value), 1e-300)
        kept = max(1.0, float(share.mean() / share[0])) if share[0] > 0 else 1.0
        far.append(value * math.exp(min(half * kept / value, 700)))
    room = (0.25 if numbers.metric in ("r2", "roc_auc", "average_precision") else 0.05) * abs(near - value)
    return min(near, *far) - room, max(near, *far) + room


def _end(numbers: Numbers, k: int, q: float, df: float) -> float:
    value, error = float(numbers.value[k]), float(numbers.error[k])
    if error < 1e-7 and numbers.bounded:
        return wilson(value, float(numbers.dfs[k]) + 1, 2 * float(stats.norm.sf(q)))[0]
    half = float(stats.t.isf(stats.norm.sf(q), max(1.0, df))) * error
    if numbers.metric == "rmse":
        return math.sqrt(value * (value + 2 * half))
    return max(numbers.least, value - half) if numbers.sign > 0 else min(numbers.most, value + half)


def budget(numbers: Numbers, steps: list[list[int]]) -> Window:
    """What a gain over the first look must exceed to be more than the luck of having looked.

    Brown's martingale bound 0.399 sum s + 1.645 sqrt(0.341 sum s^2), s the error of each look's difference to the
    best before it (nothing where it was 3 of them behind), and Sidak's for the count. Looks handed over together
    gain the largest of them at most, so theirs is the smaller of the two.

    Args:
        steps: the columns of each hand-over, in order.
    """
    first = steps[0][0]
    best, mean, variance, looks = first, 0.0, 0.0, 0
    for number, step in enumerate(steps):
        before, errors = best if number else first, []
        for k in step[1:] if number == 0 else step:
            looks += 1
            spread = float(numbers.plain_spread[before, k])
            errors.append(0.0 if numbers.gap(k, before) < -3 * spread else spread)
            if numbers.gap(k, best) > 0:
                best = k
        errors = [error for error in errors if error > 0]
        if errors:
            x = np.linspace(0, 9, 4001)
            beyond = 1 - stats.norm.cdf(x) ** len(errors)
            one = float(np.trapezoid(beyond, x))
            two = float(np.trapezoid(2 * x * beyond, x)) - one**2
            together = one * max(errors), two * max(errors) ** 2
            apart = 0.39894 * sum(errors), 0.340845 * sum(e * e for e in errors)
            # whoever is steered by a hand-over has used all of its answers
            chosen = min(together, apart) if number == len(steps) - 1 else apart
            mean, variance = mean + chosen[0], variance + chosen[1]
    single = float(stats.norm.ppf((1 - ALPHA) ** (1 / looks))) * float(numbers.plain_spread[first, 0]) if looks else 0.0
    found = max(mean + Z1 * math.sqrt(variance), single)
    return found * (1 - numbers.slack), found * (1 + numbers.slack)
