"""The scalar distributions against SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from mlee_jupyter.stats import distributions as d


@pytest.mark.parametrize("df", [1, 2, 3, 4, 9, 29, 99, 359, 999, 1000, 5000, 99_999])
@pytest.mark.parametrize("p", [0.025, 0.5, 0.8, 0.975, 0.9995, 1 - 1e-7])
def test_t_quantiles_are_scipys(df: int, p: float) -> None:
    assert d.t_quantile(p, df) == pytest.approx(stats.t.ppf(p, df), rel=1e-8, abs=1e-12)


@pytest.mark.parametrize("df", [1, 2, 4, 29, 1000, 1e5])
@pytest.mark.parametrize("t", [-3.0, 0.0, 0.3, 2.0, 9.0, 40.0])
def test_t_tails_are_scipys(df: float, t: float) -> None:
    assert d.t_tail(t, df) == pytest.approx(stats.t.sf(t, df), rel=1e-8)
    many = d.t_tails(np.full(40, t), np.full(40, df))  # beyond a few, SciPy itself
    assert many[0] == pytest.approx(d.t_tail(t, df), rel=1e-8)


@pytest.mark.parametrize(("successes", "trials"), [(0, 0), (0, 5), (0, 6), (3, 10), (10, 10), (480, 1000), (-1, 3)])
def test_coin_tails_are_scipys(successes: int, trials: int) -> None:
    expected = stats.binom.cdf(successes, trials, 0.5)
    assert d.binomial_half(successes, trials) == pytest.approx(expected, rel=1e-9)
    if successes >= 0:
        many = d.binomial_halves(np.full(40, successes), np.full(40, trials))
        assert many[0] == pytest.approx(expected, rel=1e-9)


def test_normal_deviates_keep_their_order_where_tails_underflow() -> None:
    sizes = np.array([1.0, 5.0, 30.0, 60.0, 1e3, 1e6])
    z = d.t_as_normal(sizes, np.full(6, 5000.0))
    assert np.all(np.isfinite(z))
    assert np.all(np.diff(z) > 0)
    assert z[0] == pytest.approx(stats.norm.isf(stats.t.sf(1.0, 5000)), rel=1e-9)


@pytest.mark.parametrize("df", [1, 2, 9, 49, 199])
def test_lengths_of_normal_vectors_are_scipys(df: int) -> None:
    lengths = np.linspace(0.01, 30, 500)
    assert d.chi_tails(lengths, df) == pytest.approx(stats.chi.sf(lengths, df), rel=1e-5, abs=1e-300)
    assert np.array_equal(d.chi_tails(np.array([np.inf, 40.0, 0.0]), df), [0.0, 0.0, 1.0])
