"""The few distributions the engine needs.

Single values are computed here with the standard library; whole matrices by scipy.special, which is imported when
the first of them is asked for: it takes longer to import than a candidate takes to record, and one candidate alone
needs none of it.
"""

from __future__ import annotations

import math
import sys
from functools import lru_cache
from statistics import NormalDist

import numpy as np

_NORMAL = NormalDist()
_TINY = 1e-300
_CHI_END, _CHI_POINTS = 37.0, 8192  # the table of the chi distribution; beyond, a tail is less than 1e-290
_FEW = 16  # values computed one by one before scipy is worth its import
_MANY = 1000.0  # degrees of freedom from which a series in 1/df is exact to 1e-13


def normal_quantile(p: float) -> float:
    """The value below which a standard normal falls with probability p, in (0, 1).

    Args:
        p: in (0, 1).
    """
    return _NORMAL.inv_cdf(p)


def normal_tail(z: float) -> float:
    """The chance that a standard normal exceeds z.

    Args:
        z: in standard deviations.
    """
    return 0.5 * math.erfc(z / math.sqrt(2))


@lru_cache(maxsize=256)
def t_quantile(p: float, df: float) -> float:
    """The value below which Student's t falls with probability p.

    Args:
        p: in (0, 1).
        df: degrees of freedom, 1 or more.
    """
    if p < 0.5:
        return -t_quantile(1 - p, df)
    guess = _t_series(normal_quantile(p), df)
    if df >= _MANY:
        return guess
    if df == 1:
        return math.tan(math.pi * (p - 0.5))
    low, high = 0.0, max(2 * guess, 2.0)
    while t_tail(high, df) > 1 - p:
        low, high = high, 2 * high
    guess = min(max(guess, low), high)
    for _ in range(200):  # Newton, kept inside a bracket that shrinks
        excess = t_tail(guess, df) - (1 - p)
        low, high = (guess, high) if excess > 0 else (low, guess)
        step = excess / _t_density(guess, df)
        following = guess + step
        if not low < following < high:
            following = (low + high) / 2
        if abs(following - guess) <= 1e-14 * max(1.0, guess):
            return following
        guess = following
    return guess


def t_tail(t: float, df: float) -> float:
    """The chance that Student's t exceeds t.

    Args:
        t: the statistic.
        df: degrees of freedom, above 0.
    """
    if t < 0:
        return 1 - t_tail(-t, df)
    # the share of an incomplete beta, taken from its smaller side
    square = t * t
    return 0.5 * incomplete_beta(df / 2, 0.5, df / (df + square), square / (df + square))


def binomial_half(successes: int, trials: int) -> float:
    """The chance of at most so many heads of a fair coin.

    Args:
        successes: 0 to trials.
        trials: tosses, 0 or more.
    """
    if successes >= trials:
        return 1.0
    return incomplete_beta(trials - successes, successes + 1.0, 0.5, 0.5) if successes >= 0 else 0.0


def incomplete_beta(a: float, b: float, x: float, rest: float) -> float:
    """The regularised incomplete beta function I_x(a, b).

    By its continued fraction (Abramowitz and Stegun 26.5.8) with Lentz's method.

    Args:
        a: above 0.
        b: above 0.
        x: in 0..1.
        rest: 1 - x, given apart because near 1 the difference loses digits.
    """
    if x <= 0 or rest <= 0:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, rest, x)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log(rest) - math.log(a)
    )
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or _TINY)
    fraction = d
    for k in range(1, 100_000):
        even = k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k))
        odd = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1))
        for term in (even, odd):
            d = 1 / (1 + term * d or _TINY)
            c = 1 + term / c or _TINY
            fraction *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return front * fraction


def t_as_normal(size: np.ndarray, df: np.ndarray) -> np.ndarray:
    """Absolute t statistics as absolute normal deviates with the same tail.

    Far out, where the tails underflow, only the order is kept.

    Args:
        size: statistics, 0 or more, of any shape.
        df: of any shape, degrees of freedom of each, above 0.
    """
    from scipy.special import ndtri, stdtr

    z = -ndtri(stdtr(df, -size))
    return np.asarray(np.where(np.isfinite(z), z, 37.5 + np.log1p(size)))


def normal_as_t(z: float, df: float) -> float:
    """The value that Student's t exceeds as rarely as a standard normal exceeds z; infinite beyond z = 37.

    Args:
        z: in standard deviations.
        df: degrees of freedom, above 0.
    """
    from scipy.special import stdtrit

    tail = normal_tail(z)
    return -float(stdtrit(df, tail)) if tail > 0 else math.inf


def t_tails(statistic: np.ndarray, df: np.ndarray) -> np.ndarray:
    """For each statistic the chance that Student's t exceeds it.

    Args:
        statistic: of any shape.
        df: of any shape, degrees of freedom of each, above 0.
    """
    if len(statistic) <= _FEW and "scipy.special" not in sys.modules:
        return np.array([t_tail(float(t), float(d)) for t, d in zip(statistic, df, strict=True)])
    from scipy.special import stdtr

    return np.asarray(stdtr(df, -statistic))


def binomial_halves(successes: np.ndarray, trials: np.ndarray) -> np.ndarray:
    """For each pair the chance of at most so many heads of a fair coin.

    Args:
        successes: 0 to trials, of any shape.
        trials: of any shape, tosses of each, 0 or more.
    """
    if len(successes) <= _FEW and "scipy.special" not in sys.modules:
        return np.array([binomial_half(int(k), int(n)) for k, n in zip(successes, trials, strict=True)])
    from scipy.special import bdtr

    return np.where(trials > 0, bdtr(successes, np.maximum(trials, 1).astype(np.int64), 0.5), 1.0)


def chi_tails(lengths: np.ndarray, df: int) -> np.ndarray:
    """For each length the chance that a chi variable (the root of a chi-squared one) exceeds it.

    Read off a table of logarithms, to a relative 3e-6: thousands of values at once, dozens of times an answer.

    Args:
        lengths: 0 or more, of any shape.
        df: degrees of freedom, 1 or more.
    """
    logarithms, steps = _chi_table(df)
    place = np.minimum(lengths, _CHI_END) * (_CHI_POINTS / _CHI_END)
    below = place.astype(np.intp)
    return np.asarray(np.exp(logarithms[below] + (place - below) * steps[below]))


@lru_cache(maxsize=256)
def _chi_table(df: int) -> tuple[np.ndarray, np.ndarray]:
    from scipy.special import chdtrc

    grid = np.linspace(0.0, _CHI_END, _CHI_POINTS + 1)
    logarithms = np.log(np.maximum(chdtrc(df, grid * grid), 1e-300))
    logarithms[-1] = -1000.0  # from the end on: nothing
    return logarithms, np.append(np.diff(logarithms[:-1]), [0.0, 0.0])


def _t_series(z: float, df: float) -> float:
    """Student's quantile from the normal one (Abramowitz and Stegun 26.7.5)."""
    g1 = (z**3 + z) / 4
    g2 = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    g3 = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    g4 = (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160
    return z + g1 / df + g2 / df**2 + g3 / df**3 + g4 / df**4


def _t_density(t: float, df: float) -> float:
    log = math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - 0.5 * math.log(df * math.pi)
    return math.exp(log - (df + 1) / 2 * math.log1p(t * t / df))
