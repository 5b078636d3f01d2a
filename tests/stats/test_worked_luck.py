"""Luck, wear and the leader's bound: small cases by hand or from print, independent ways to the number, simulations."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, special, stats

from mlee_jupyter.stats.compare.leader_bound import for_skewness, largest_error, within_limits
from mlee_jupyter.stats.compare.luck import drawn_together, flattery, resampled_errors
from mlee_jupyter.stats.compare.pairs import Pairs, compare_pairs
from mlee_jupyter.stats.compare.wear import count_bound, luck_budget, luck_of_largest, luck_of_step
from mlee_jupyter.stats.metrics.scored import Scored

from .test_confidence_set import columns_of


def independent(theta: np.ndarray, variance: float) -> Pairs:
    """Columns whose scores have independent errors of one variance."""
    count = len(theta)
    spread = math.sqrt(2 * variance) * (1 - np.eye(count))
    return Pairs(
        theta=theta,
        variance=np.full(count, variance),
        covariance=variance * (np.eye(count) - 1 / count),
        spread=spread,
        df=np.full((count, count), 1e6),
        n=1000,
        disagreements=None,
    )


@pytest.mark.parametrize("gap", [0.0, 0.5, 2.0])
def test_the_luck_of_the_better_of_two(gap: float) -> None:
    """The other one wins where its error D exceeds the gap: E(D; D > gap) = s phi(gap / s), with s^2 = 2 here."""
    draws = np.random.default_rng(31).standard_normal((2, 200_000))
    s = math.sqrt(2)
    expected = s * stats.norm.pdf(gap / s)
    error = s / math.sqrt(200_000)
    assert flattery(independent(np.array([gap, 0.0]), 1.0), draws) == pytest.approx(expected, abs=4 * error)


def test_what_is_left_of_luck_after_the_correction() -> None:
    """Ten equals: the leader's score is too good by about a standard error, and corrected by less than half of one."""
    random, naive, corrected = np.random.default_rng(32), [], []
    for _ in range(150):
        gains = math.sqrt(0.5) * (random.standard_normal((200, 10)) + random.standard_normal((200, 1)))
        pairs = compare_pairs(columns_of(gains))
        errors = math.sqrt(0.5 / 200) * random.standard_normal((10, 1000))  # what they do not share
        naive.append(float(pairs.theta.max()) * math.sqrt(200))
        corrected.append(naive[-1] - flattery(pairs, errors) * math.sqrt(200))
    error = np.std(corrected, ddof=1) / math.sqrt(len(corrected))
    assert np.mean(naive) > 0.5 + 3 * error
    assert abs(np.mean(corrected)) < 0.5 + 3 * error


BATTED = [18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7]  # hits of 45
# as printed in Efron and Morris 1977, Stein's paradox in statistics, Scientific American 236, 119-127
DRAWN = [294, 289, 285, 280, 275, 275, 270, 266, 261, 261, 256, 256, 256, 256, 256, 251, 247, 242]


def test_averages_drawn_together_are_efron_and_morris() -> None:
    batted = np.array(BATTED) / 45
    variance = batted.mean() * (1 - batted.mean()) / 45
    together, _ = drawn_together(independent(batted, variance), most=10.0)
    assert together == pytest.approx(np.array(DRAWN) / 1000, abs=0.0012)  # from averages rounded to three digits
    limited, _ = drawn_together(independent(batted, variance))
    assert np.abs(limited - batted).max() == pytest.approx(math.sqrt(variance))  # Clemente moves by one standard error
    few, _ = drawn_together(independent(batted[:3], variance))
    assert np.array_equal(few, batted[:3])


def test_scores_drawn_together_are_nearer_to_the_truth() -> None:
    """Their squared error, with the limit and without, is below that of the scores themselves (Stein's rule)."""
    random = np.random.default_rng(33)
    saved = []
    for _ in range(400):
        true = random.normal(0, 0.7, 12)
        seen = true + random.standard_normal(12)
        moved, _ = drawn_together(independent(seen, 1.0))
        about = lambda scores, true=true: np.sum((scores - scores.mean() - true + true.mean()) ** 2)  # noqa: E731
        saved.append(about(seen) - about(moved))
    assert np.mean(saved) > 5 * np.std(saved, ddof=1) / math.sqrt(len(saved))


def test_resampled_errors_have_the_covariance_of_their_rows() -> None:
    """Of their differences, which is all that flattery needs: rows that all get right are not drawn."""
    hits = np.random.default_rng(34).random((3, 400)) < np.array([[0.8], [0.7], [0.75]])
    columns = [Scored(theta=float(h.mean()), psi=h, df=399) for h in hits]
    errors = resampled_errors(columns, 20_000)
    assert errors is not None
    expected = np.cov(hits[1:].astype(float) - hits[0], ddof=0) / 400
    own = np.diag(expected)
    noise = np.sqrt((np.outer(own, own) + expected**2) / 20_000)  # of a covariance of so many draws
    assert np.all(np.abs(np.cov(errors[1:] - errors[0]) - expected) < 4 * noise)


def test_the_errors_of_two_that_never_err_together() -> None:
    """Each wrong on three rows of its own of 60: the difference has the variance 6 / 60 / 60."""
    hits = np.ones((2, 60), dtype=bool)
    hits[0, :3] = hits[1, 3:6] = False
    errors = resampled_errors([Scored(theta=0.95, psi=h, df=59) for h in hits], 40_000)
    assert errors is not None
    assert np.var(errors[0] - errors[1]) == pytest.approx(6 / 3600, rel=4 * math.sqrt(2 / 40_000))


@pytest.mark.parametrize(("count", "correlation"), [(2, 0.3), (10, 0.5), (30, 0.8)])
def test_the_largest_of_alike_errors_is_scipys(count: int, correlation: float) -> None:
    """P(all <= q) = int phi(u) Phi((q - sqrt(r) u) / sqrt(1 - r))^K du."""
    wanted = np.full((count, count), correlation) + (1 - correlation) * np.eye(count)
    gains = np.random.default_rng(35).normal(size=(400, count))
    gains -= gains.mean(axis=0)
    gains = gains @ np.linalg.inv(np.linalg.cholesky(np.cov(gains, rowvar=False)).T) @ np.linalg.cholesky(wanted).T
    found = largest_error(compare_pairs(columns_of(gains)))
    own = math.sqrt(1 - correlation)

    def inside(u: float) -> float:
        return float(stats.norm.pdf(u) * stats.norm.cdf((found - math.sqrt(correlation) * u) / own) ** count)

    assert integrate.quad(inside, -9, 9)[0] == pytest.approx(0.95, abs=4 * math.sqrt(0.95 * 0.05 / 2000))


def test_a_skewed_column_by_hand() -> None:
    """Nine rows of 1 and one of -9 around their mean: g = (9 - 729) / 10 / 9^1.5 = -2.667; Hall's term at 1.645."""
    psi = np.array([1.0] * 9 + [-9.0])
    widening = 2.66667 * (2 * 1.645**2 + 1) / (6 * math.sqrt(10))
    assert for_skewness(1.645, [Scored(theta=0.0, psi=psi, df=9)]) == pytest.approx(1.645 + widening, rel=1e-5)


def test_skewness_is_scipys() -> None:
    rows = -(np.random.default_rng(36).exponential(size=(4, 300)) ** 1.2)
    columns = [Scored(theta=float(r.mean()), psi=r - r.mean(), df=299) for r in rows]
    skewness = min(stats.skew(rows[0]), float(np.mean(stats.skew(rows, axis=1))))
    expected = 1.645 - skewness * (2 * 1.645**2 + 1) / (6 * math.sqrt(300))
    assert for_skewness(1.645, columns) == pytest.approx(expected)


def test_limits_by_hand_and_by_scipy() -> None:
    assert within_limits(0.5, 0.1, 0.0, 1.0) == pytest.approx(1 / (1 + math.exp(0.4)))  # 0.1 is 0.4 on logits there
    found = special.expit(special.logit(0.93) - 0.02 / (0.93 * 0.07))
    assert within_limits(0.93, 0.02, 0.0, 1.0) == pytest.approx(found)
    assert within_limits(3.0, 0.6, 0.0, math.inf) == pytest.approx(special.inv_boxcox(math.log(3) + 0.2, 0))


def test_a_bound_on_the_logits_holds() -> None:
    """Shares near their limit: 95% of 60 rows, where a plain bound holds in a few samples too few."""
    random, runs = np.random.default_rng(37), 4000
    share = random.binomial(60, 0.9, runs) / 60
    half = 1.644854 * np.sqrt(share * (1 - share) / 59)
    bounds = [within_limits(float(s), float(h), 0.0, 1.0) for s, h in zip(share, half, strict=True)]
    assert np.mean(np.array(bounds) <= 0.9) > 0.95 - 3 * math.sqrt(0.95 * 0.05 / runs)
    assert np.mean(share - half <= 0.9) < 0.95 - 3 * math.sqrt(0.95 * 0.05 / runs)


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_luck_of_the_largest_as_drawn(count: int) -> None:
    largest = np.maximum(0, np.random.default_rng(38).standard_normal((50_000, count)).max(axis=1))
    mean, variance = luck_of_largest(count)
    assert largest.mean() == pytest.approx(mean, abs=4 * math.sqrt(variance / 50_000))
    fourth = float(np.mean((largest - largest.mean()) ** 4))
    assert largest.var() == pytest.approx(variance, abs=4 * math.sqrt((fourth - variance**2) / 50_000))


def test_a_step_is_the_largest_of_its_looks() -> None:
    """By scipy: equal looks have its mean exactly, unequal ones stay below; the first by hand, 0.564 for two."""
    assert luck_of_step([0.02])[0] == pytest.approx(0.02 * stats.norm.expect(lambda x: max(0.0, x)), rel=1e-5)
    mean = integrate.quad(lambda x: 1 - stats.norm.cdf(x / 0.5) ** 2, 0, 6)[0]
    assert luck_of_step([0.5, 0.5])[0] == pytest.approx(mean, rel=1e-6)
    unequal = integrate.quad(lambda x: 1 - stats.norm.cdf(x / 0.5) * stats.norm.cdf(x / 0.2), 0, 6)[0]
    assert unequal < luck_of_step([0.5, 0.2])[0] < 1.5 * unequal


def test_a_step_as_drawn_never_gains_more() -> None:
    random = np.random.default_rng(39)
    spreads = np.array([0.3, 0.1, 0.2, 0.25])
    together = math.sqrt(0.5) * (random.standard_normal((40_000, 4)) + random.standard_normal((40_000, 1))) * spreads
    gained = np.maximum(0, together.max(axis=1))
    assert gained.mean() < luck_of_step(list(spreads))[0] + 3 * gained.std() / math.sqrt(40_000)


def test_the_budget_by_scipys_moments() -> None:
    mean = stats.norm.expect(lambda x: max(0.0, x))
    variance = stats.norm.expect(lambda x: max(0.0, x) ** 2) - mean**2
    spreads = np.random.default_rng(40).uniform(0.01, 0.02, 40)
    expected = mean * spreads.sum() + stats.norm.isf(0.05) * math.sqrt(variance * np.sum(spreads**2))
    assert luck_budget([[s] for s in spreads], 40, 0.02) == pytest.approx(expected, rel=1e-5)


def test_the_count_bound_by_statsmodels_and_as_drawn() -> None:
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    bound = count_bound(12, 0.03)
    p_values = np.append(stats.norm.sf(bound / 0.03), np.full(11, 0.5))
    assert multitest.multipletests(p_values, method="sidak")[1][0] == pytest.approx(0.05)
    drawn = 0.03 * np.random.default_rng(41).standard_normal((20_000, 12)).max(axis=1)
    assert np.mean(drawn > bound) == pytest.approx(0.05, abs=4 * math.sqrt(0.05 * 0.95 / 20_000))
