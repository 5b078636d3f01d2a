"""RMSE and R2 are compared as MSE is: by hand, by scipy's paired t test, and by simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from mlee_jupyter import compare
from mlee_jupyter.stats.compare.pairs import compare_pairs
from mlee_jupyter.stats.compare.scales import comparable, errors_in_units, in_units
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.scored import Scored

RANDOM = np.random.default_rng(41)
N = 60
TRUTH = 2 * RANDOM.normal(size=N)
COLUMNS = {name: TRUTH + size * RANDOM.standard_t(5, N) for name, size in (("a", 1.0), ("b", 1.1), ("c", 1.6))}


def test_a_difference_of_roots_by_hand() -> None:
    """Errors 0, 0, 2, 2 and 1, 1, 1, 3: mean squares 2 and 3; sqrt 3 - sqrt 2 = (3 - 2) / (sqrt 3 + sqrt 2)."""
    facts = metric_facts("rmse")
    squares = [np.array([0.0, 0, 4, 4]), np.array([1.0, 1, 1, 9])]
    roots = [math.sqrt(s.mean()) for s in squares]
    columns = [
        Scored(theta=-root, psi=-(s - s.mean()) / (2 * root), df=3) for root, s in zip(roots, squares, strict=True)
    ]
    means = comparable(facts, columns, None)
    assert [c.theta for c in means] == pytest.approx([-2, -3])
    assert np.allclose(means[1].psi, -(squares[1] - 3))
    told = in_units(facts, compare_pairs(means), columns)
    assert told.theta[0] - told.theta[1] == pytest.approx(math.sqrt(3) - math.sqrt(2))
    standard = np.std(squares[1] - squares[0], ddof=1) / 2
    assert told.spread[0, 1] == pytest.approx(standard / (math.sqrt(3) + math.sqrt(2)))
    drawn = errors_in_units(facts, np.array([[0.1], [-0.2]]), told.theta)
    assert drawn[1, 0] == pytest.approx(-0.3 / (math.sqrt(3) + math.sqrt(2)))


@pytest.mark.parametrize("metric", ["rmse", "r2"])
def test_set_and_p_values_are_those_of_mse(metric: str) -> None:
    by_mse, ours = (compare(TRUTH, COLUMNS, m).judgement for m in ("mse", metric))
    assert ours.best_set == by_mse.best_set
    for one, other in zip(ours.standings, by_mse.standings, strict=True):
        assert one.candidate == other.candidate
        assert one.p_value == pytest.approx(other.p_value, rel=1e-9)
    for guess, other_guess in zip(ours.baselines, by_mse.baselines, strict=True):
        assert (guess.beaten_by, guess.beats) == (other_guess.beaten_by, other_guess.beats)


def test_the_interval_of_a_difference_is_scipys_over_the_sum_of_roots() -> None:
    squares = {name: (rows - TRUTH) ** 2 for name, rows in COLUMNS.items()}
    found = compare(TRUTH, COLUMNS, "rmse").judgement
    first, last = found.standings[0], found.standings[-1]
    theirs = stats.ttest_rel(squares[last.candidate], squares[first.candidate]).confidence_interval(0.95)
    both = first.score + last.score
    assert (last.behind_low, last.behind_high) == pytest.approx((theirs.low / both, theirs.high / both), rel=1e-9)
    alone = stats.ttest_1samp(squares[first.candidate], 0).confidence_interval(0.95)
    assert first.low == pytest.approx(math.sqrt(alone.low), rel=1e-9)
    assert first.high >= math.sqrt(alone.high) * (1 - 1e-9)  # of skewed rows further out


def test_r2_differences_are_never_narrower_than_mse_says() -> None:
    wide = compare(TRUTH, COLUMNS, "r2").judgement.standings[-1]
    narrow = compare(TRUTH, COLUMNS, "mse").judgement.standings[-1]
    total = float(np.var(TRUTH))
    assert wide.behind == pytest.approx(narrow.behind / total)
    assert wide.behind_high - wide.behind_low >= (narrow.behind_high - narrow.behind_low) / total * (1 - 1e-12)


@pytest.mark.parametrize("metric", ["rmse", "r2"])
def test_perfect_and_equal_columns(metric: str) -> None:
    found = compare(TRUTH, {"perfect": TRUTH, "same": TRUTH, "off": COLUMNS["a"]}, metric).judgement
    assert found.best_set == ("perfect", "same")
    assert found.standings[0].behind_high == found.standings[1].behind_high == 0.0
    assert math.isfinite(found.standings[2].behind_high)


@pytest.mark.parametrize("metric", ["rmse", "r2"])
def test_equals_are_kept_together(metric: str) -> None:
    """Five equal columns with t5 errors on 30 rows."""
    random, tries, lost = np.random.default_rng(42), 120, 0
    for _ in range(tries):
        truth = 2 * random.standard_normal(30)
        columns = truth + 0.9 * random.standard_t(5, 30) + 0.45 * random.standard_t(5, (5, 30))
        lost += len(compare(truth, dict(zip("abcde", columns, strict=True)), metric).best_set) < 5
    assert lost / tries <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / tries)


@pytest.mark.parametrize("metric", ["rmse", "r2"])
def test_intervals_of_a_true_difference_hold(metric: str) -> None:
    random, tries, held = np.random.default_rng(43), 150, 0
    true = {"rmse": 1.5 - 1.0, "r2": (1.5**2 - 1) / 4}[metric]
    for _ in range(tries):
        truth = 2 * random.standard_normal(80)
        named = {"good": truth + random.standard_normal(80), "bad": truth + 1.5 * random.standard_normal(80)}
        bad = compare(truth, named, metric).judgement.of("bad")
        assert bad is not None
        held += bad.behind_low <= true <= bad.behind_high if bad.behind > 0 else True
    assert held / tries >= 0.95 - 2 * math.sqrt(0.05 * 0.95 / tries)
