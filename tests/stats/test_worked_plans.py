"""Plans, coverage, drift and row fingerprints: small cases by hand or from print, independent ways, simulations."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from mlee_jupyter.domain import ResultKind
from mlee_jupyter.judge.entries import measure
from mlee_jupyter.stats.compare.confidence_set import confidence_set
from mlee_jupyter.stats.compare.pairs import compare_pairs
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.rows.row_hash import _mixed, row_hashes, value_codes
from mlee_jupyter.stats.sample.coverage import known_kinds, unseen_mass
from mlee_jupyter.stats.sample.drift import drift, ks_distance, ks_p_value, psi, psi_limit
from mlee_jupyter.stats.size.power import exact_mcnemar, rows_to_resolve, rows_to_separate, smallest_gain
from mlee_jupyter.stats.size.row_spread import Expected, row_spread
from mlee_jupyter.stats.size.rows_needed import range_quantile, reach, rows_per_class, smallest_difference

from .test_confidence_set import columns_of

BOUND = 7.848880  # (1.96 + 0.8416)^2


def share_of(runs: int, share: float = 0.8, errors: float = 4) -> float:
    """So many standard errors of a simulated share."""
    return errors * math.sqrt(share * (1 - share) / runs)


# ---------------------------------------------------------------- power


def test_rows_and_gains_by_hand() -> None:
    assert rows_to_separate(0.03, 0.4, 1.959964) == math.ceil(BOUND * 0.16 / 0.0009)
    assert smallest_gain(0.01, 1.959964) == pytest.approx(0.02801585)
    assert smallest_difference(500, expected_disagreement=0.2) == pytest.approx(math.sqrt(BOUND * 0.2 / (500 + BOUND)))
    assert exact_mcnemar(6, 0) == pytest.approx(1 / 64)
    assert exact_mcnemar(5, 1) == pytest.approx(7 / 64)


def test_rows_and_gains_by_statsmodels() -> None:
    power = pytest.importorskip("statsmodels.stats.power").NormalIndPower()
    rows = power.solve_power(0.02 / math.sqrt(0.03), alpha=0.05, power=0.8, ratio=0)
    assert rows_to_resolve(0.02, 0.03) == pytest.approx(rows, abs=2)
    effect = power.solve_power(nobs1=400, alpha=0.05, power=0.8, ratio=0)
    assert smallest_gain(0.4 / 20, 1.959964) == pytest.approx(effect * 0.4, rel=1e-4)
    planned = smallest_difference(400, expected_disagreement=0.2)
    assert planned / math.sqrt(0.2 - planned**2) == pytest.approx(effect, rel=1e-4)


def test_mcnemar_by_statsmodels() -> None:
    tables = pytest.importorskip("statsmodels.stats.contingency_tables")
    found = tables.mcnemar([[10, 14], [5, 10]], exact=True).pvalue
    assert 2 * exact_mcnemar(14, 5) == pytest.approx(found)


def test_planned_differences_are_found_as_often_as_said() -> None:
    random, runs = np.random.default_rng(51), 20_000
    rows = rows_to_separate(0.03, 0.4, 1.959964)
    assert rows is not None
    for gain, error in ((0.03, 0.4 / math.sqrt(rows)), (smallest_gain(0.02, 1.959964), 0.02)):
        found = np.mean(random.normal(gain, error, runs) > 1.959964 * error)
        assert found == pytest.approx(0.8, abs=share_of(runs))
    gain, n = smallest_difference(2000, expected_disagreement=0.2), 2000
    better, worse, _ = random.multinomial(n, [(0.2 + gain) / 2, (0.2 - gain) / 2, 0.8], size=runs).T
    seen = (better - worse) / n
    error = np.sqrt(((better + worse) / n - seen**2) / n)
    assert np.mean(seen > 1.959964 * error) == pytest.approx(0.8, abs=0.005 + share_of(runs))


def test_mcnemar_errs_no_more_than_it_says() -> None:
    better = np.random.default_rng(52).binomial(30, 0.5, 4000)
    errs = np.mean([exact_mcnemar(int(one), 30 - int(one)) <= 0.05 for one in better])
    assert exact_mcnemar(20, 10) <= 0.05 < exact_mcnemar(19, 11)
    assert errs == pytest.approx(stats.binom.sf(19, 30, 0.5), abs=share_of(4000, 0.05))


# ---------------------------------------------------------------- planning


@pytest.mark.parametrize(("count", "printed"), [(3, 3.314), (5, 3.858), (10, 4.474), (20, 5.012)])
def test_range_quantiles_are_those_of_tukeys_table(count: int, printed: float) -> None:
    assert range_quantile(count, 0.05) * math.sqrt(2) == pytest.approx(printed, abs=1e-3)


def test_range_quantiles_as_drawn() -> None:
    drawn = np.ptp(np.random.default_rng(53).standard_normal((20_000, 10)), axis=1) / math.sqrt(2)
    assert np.mean(drawn > range_quantile(10, 0.05)) == pytest.approx(0.05, abs=share_of(20_000, 0.05))


def test_the_reach_of_three_by_scipy() -> None:
    """Both others must pass the nearer bar and one of them the farther; correlation one half."""
    found = reach(3, 0.05, 0.8)
    low, high = (range_quantile(count, 0.05) - found for count in (2, 3))
    both = stats.multivariate_normal(cov=[[1, 0.5], [0.5, 1]])
    above_low = both.cdf([-low, -low])
    between = both.cdf([high, high]) - 2 * both.cdf([high, low]) + both.cdf([low, low])
    assert above_low - between == pytest.approx(0.8, abs=share_of(40_000))


def test_the_reach_is_what_the_best_set_needs() -> None:
    random, runs, n = np.random.default_rng(54), 150, 400
    gain = reach(5, 0.05, 0.8) * math.sqrt(2 / n)
    alone = 0
    for _ in range(runs):
        found = confidence_set(compare_pairs(columns_of(random.standard_normal((n, 5)) + np.array([gain, 0, 0, 0, 0]))))
        alone += bool((found.p_values[1:] <= 0.05).all())
    assert alone / runs == pytest.approx(0.8, abs=share_of(runs, errors=3))


def test_rows_per_class_by_hand_and_as_drawn() -> None:
    assert rows_per_class(0.5, 30, 0.5) == 59  # n p = 30 - 1/2
    drawn = np.random.default_rng(55).binomial(rows_per_class(0.1), 0.1, 20_000)
    assert np.mean(drawn >= 30) > 0.95 - 0.005 - share_of(20_000, 0.95)


def test_spreads_within_the_error_of_what_was_drawn() -> None:
    """Influence values of 100,000 rows; a variance s^2 is drawn with the error sqrt((m4 - s^4) / n)."""
    random, n = np.random.default_rng(56), 100_000
    truth = (np.arange(n) < 0.3 * n).astype(int)
    hit = np.where(random.random(n) < 0.85, truth, 1 - truth)
    ranks = random.standard_normal(n) + truth * math.sqrt(2) * stats.norm.ppf(0.8)
    errors = random.standard_normal(n)
    for metric, answers, rows, kind in (
        ("accuracy", truth, hit, ResultKind.PREDICTIONS),
        ("recall", truth, hit, ResultKind.PREDICTIONS),
        ("roc_auc", truth, ranks, ResultKind.SCORES),
        ("mean_squared_error", np.zeros(n), errors, ResultKind.PREDICTIONS),
        ("mean_absolute_error", np.zeros(n), errors, ResultKind.PREDICTIONS),
    ):
        found = measure(answers, rows, kind, metric=metric)
        values = found.influence - found.influence.mean()
        expected = Expected(score=found.value, positives=0.3, correlation=-1.0)
        own = row_spread(metric_facts(metric), expected, 1e-9) / 2
        noise = math.sqrt(max(float(np.mean(values**4)) - own**4, 0.0) / n)
        assert own**2 == pytest.approx(float(values.var()), abs=4 * noise + 1e-4 * own**2), metric


# ---------------------------------------------------------------- coverage


def test_known_kinds_by_pandas() -> None:
    random = np.random.default_rng(57)
    weights = pd.Series(random.exponential(size=50), index=[f"k{k}" for k in range(50)])
    rows = pd.Series(random.choice(weights.index, 40)).value_counts()
    found = known_kinds(rows.to_dict(), weights.to_dict())
    missing = weights[~weights.index.isin(rows.index)]
    assert (found.present, found.weight) == (len(rows), pytest.approx(1 - missing.sum() / weights.sum()))
    assert found.heaviest_missing == missing.idxmax()


def test_unseen_mass_is_the_share_of_rows_that_were_new_when_left_out() -> None:
    kinds = np.random.default_rng(58).zipf(1.7, 80)
    new = np.mean([kinds[row] not in np.delete(kinds, row) for row in range(80)])
    assert unseen_mass(np.unique(kinds, return_counts=True)[1]).mass == pytest.approx(new)


def test_unseen_mass_has_no_bias_but_one_row() -> None:
    """Its mean is the mass that one row fewer leaves unseen, sum p (1 - p)^(n - 1) (Good 1953)."""
    random, n = np.random.default_rng(59), 200
    weights = 1 / np.arange(1, 501)
    weights /= weights.sum()
    found = [unseen_mass(counts).mass for counts in random.multinomial(n, weights, size=1000)]
    expected = float(np.sum(weights * (1 - weights) ** (n - 1)))
    assert np.mean(found) == pytest.approx(expected, abs=4 * np.std(found) / math.sqrt(1000))


# ---------------------------------------------------------------- drift


def test_distances_by_hand() -> None:
    assert ks_distance(np.array([1.0, 2.0, 3.0, 4.0]), np.array([3.0, 4.0, 5.0, 6.0])) == 0.5
    assert ks_p_value(1.3581 / math.sqrt(5e5), 10**6, 10**6) == pytest.approx(0.05, abs=2e-4)  # Kolmogorov's table
    kinds = [np.array(["a"] * a + ["b"] * (60 - a), dtype=object) for a in (40, 20)]
    (found,) = drift({"k": kinds[0]}, {"k": kinds[1]})
    assert found.distance == pytest.approx(1 / 3)
    assert found.p_value == pytest.approx(stats.chi2.sf(4 * 10**2 / 30, 1))  # every cell is 10 from its 30


def test_the_index_is_two_relative_entropies() -> None:
    ours, theirs = np.array([30, 50, 120]), np.array([400, 500, 900])
    p, q = ((c + 0.5) / (c + 0.5).sum() for c in (ours, theirs))
    assert psi(ours, theirs) == pytest.approx(stats.entropy(p, q) + stats.entropy(q, p))


def test_p_values_of_distances_are_scipys_exact_ones() -> None:
    random = np.random.default_rng(60)
    for shift in (0.0, 0.2, 0.4):
        ours, theirs = random.standard_normal(97), random.standard_normal(150) + shift
        found = stats.ks_2samp(ours, theirs, method="exact")
        assert ks_p_value(ks_distance(ours, theirs), 97, 150) == pytest.approx(found.pvalue, abs=0.03)


def test_without_drift_they_pass_their_limits_as_often_as_said() -> None:
    random, runs = np.random.default_rng(61), 2000
    share = np.array([0.1, 0.2, 0.3, 0.25, 0.15])
    ours, theirs = random.multinomial(400, share, size=runs), random.multinomial(3000, share, size=runs)
    above = np.mean([psi(a, b) > psi_limit(5, 400, 3000) for a, b in zip(ours, theirs, strict=True)])
    assert above == pytest.approx(0.05, abs=0.005 + share_of(runs, 0.05))
    samples = random.standard_normal((runs, 300))
    called = np.mean([ks_p_value(ks_distance(s[:100], s[100:]), 100, 200) <= 0.05 for s in samples])
    assert called == pytest.approx(0.05, abs=0.01 + share_of(runs, 0.05))  # distances of few rows come in steps


# ---------------------------------------------------------------- row fingerprints


def test_the_mixing_is_splitmix64() -> None:
    """The generator's own first values: of seed 0 and of seed 1234567, as its authors' and others' tests print them."""
    first = _mixed(np.array([0, 1234567], dtype=np.uint64))
    assert [int(value) for value in first] == [0xE220A8397B1DCDAF, 6457827717110365317]


def test_codes_by_hand_and_by_pandas() -> None:
    assert value_codes(np.array([3.0, 0.5])).tolist() == [
        3,
        0xA5A5A5A53F000000,
    ]  # 0x3F000000 is 0.5 in single precision
    random = np.random.default_rng(62)
    frame = pd.DataFrame({"a": random.integers(0, 20, 500), "b": random.integers(0, 20, 500) / 4})
    found = row_hashes([frame["a"].to_numpy(), frame["b"].to_numpy()])
    assert (pd.Series(found).duplicated() == frame.duplicated()).all()


def test_every_bit_is_set_in_half_of_all_rows() -> None:
    found = row_hashes([np.arange(20_000), np.arange(20_000) % 7])
    assert len(np.unique(found)) == 20_000
    bits = np.unpackbits(found.view(np.uint8).reshape(-1, 8), axis=1).mean(axis=0)
    assert bits == pytest.approx(np.full(64, 0.5), abs=share_of(20_000, 0.5, 5))
