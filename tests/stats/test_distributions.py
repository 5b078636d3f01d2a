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


def test_tables_in_print() -> None:
    """Student's and the normal table; I_{1/2}(2, 3) = 11/16 and two or fewer heads of six by counting."""
    assert (d.normal_quantile(0.975), d.normal_quantile(0.8)) == pytest.approx((1.959964, 0.841621), abs=1e-6)
    assert d.normal_tail(1.644854) == pytest.approx(0.05, abs=1e-7)
    assert (d.t_quantile(0.975, 9), d.t_quantile(0.975, 29)) == pytest.approx((2.262157, 2.045230), abs=1e-6)
    assert d.t_tail(2.262157, 9) == pytest.approx(0.025, abs=1e-7)
    assert d.t_tails(np.array([2.262157, 6.313752]), np.array([9.0, 1.0])) == pytest.approx([0.025, 0.05], abs=1e-7)
    assert d.normal_as_t(1.959964, 9) == pytest.approx(2.262157, abs=1e-5)
    assert d.t_as_normal(np.array([2.262157]), np.array([9.0]))[0] == pytest.approx(1.959964, abs=1e-5)
    assert d.incomplete_beta(2, 3, 0.5, 0.5) == pytest.approx(11 / 16)
    assert d.binomial_half(2, 6) == pytest.approx(22 / 64)
    assert d.binomial_halves(np.array([0, 2]), np.array([6, 6])) == pytest.approx([1 / 64, 22 / 64])
    assert d.chi_tails(np.array([2.0]), 2)[0] == pytest.approx(np.exp(-2), rel=1e-5)


def test_normal_values_and_shares_of_a_beta_are_scipys() -> None:
    for p in (1e-8, 0.2, 0.5, 0.999):
        assert d.normal_quantile(p) == pytest.approx(stats.norm.ppf(p), abs=1e-9)
        assert d.normal_tail(d.normal_quantile(1 - p)) == pytest.approx(p, rel=1e-6)
    for a, b, x in ((0.5, 4.5, 0.2), (30, 2, 0.9), (400, 600, 0.41)):
        assert d.incomplete_beta(a, b, x, 1 - x) == pytest.approx(stats.beta.cdf(x, a, b), rel=1e-10)
    for z, df in ((0.5, 3), (1.96, 9), (4.0, 200)):
        assert d.normal_as_t(z, df) == pytest.approx(stats.t.isf(stats.norm.sf(z), df), rel=1e-9)


def test_what_is_drawn_lies_beyond_them_as_often_as_said() -> None:
    random, runs = np.random.default_rng(9), 100_000
    t, normal = random.standard_t(5, runs), random.standard_normal((4, runs))
    heads, shares = random.binomial(11, 0.5, runs), random.beta(2, 5, runs)
    one = np.array([1.3])
    cases = {
        "normal_quantile": (normal[0] < d.normal_quantile(0.9), 0.9),
        "normal_tail": (normal[0] > 1.3, d.normal_tail(1.3)),
        "t_quantile": (t < d.t_quantile(0.9, 5), 0.9),
        "t_tail": (t > 1.3, d.t_tail(1.3, 5)),
        "t_tails": (t > 1.3, d.t_tails(one, np.array([5.0]))[0]),
        "t_as_normal": (t > 1.3, d.normal_tail(float(d.t_as_normal(one, np.array([5.0]))[0]))),
        "normal_as_t": (t > d.normal_as_t(1.3, 5), d.normal_tail(1.3)),
        "binomial_half": (heads <= 3, d.binomial_half(3, 11)),
        "binomial_halves": (heads <= 3, d.binomial_halves(np.array([3]), np.array([11]))[0]),
        "incomplete_beta": (shares < 0.3, d.incomplete_beta(2, 5, 0.3, 0.7)),
        "chi_tails": (np.sqrt((normal**2).sum(axis=0)) > 1.3, d.chi_tails(one, 4)[0]),
    }
    for name, (drawn, said) in cases.items():
        assert np.mean(drawn) == pytest.approx(said, abs=4 * np.sqrt(said * (1 - said) / runs)), name
