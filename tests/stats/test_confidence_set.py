"""The confidence set: exact where exact answers exist, an oracle where there is one, its promise by simulation."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from benchmarks import null_errors
from mlee_jupyter.stats.compare.confidence_set import (
    FIRST_DRAWS,
    MOST_DRAWS,
    NEAR,
    ConfidenceSet,
    NullMaxima,
    confidence_set,
    unseen_spread,
)
from mlee_jupyter.stats.compare.few import set_from_few
from mlee_jupyter.stats.compare.pairs import Pairs, compare_pairs
from mlee_jupyter.stats.metrics.scored import Scored


def columns_of(values: np.ndarray) -> list[Scored]:
    """Row means of the given gains (rows, K), higher is better."""
    return [Scored(theta=float(c.mean()), psi=c - c.mean(), df=len(c) - 1) for c in values.T]


def equicorrelated(count: int, df: float = 1e6) -> Pairs:
    spread = np.full((count, count), math.sqrt(2))
    np.fill_diagonal(spread, 0)
    return Pairs(
        theta=np.zeros(count),
        variance=np.ones(count),
        covariance=np.eye(count) - 1 / count,
        spread=spread,
        df=np.full((count, count), df),
        n=1000,
        disagreements=None,
    )


@pytest.mark.parametrize("count", [2, 3, 5, 10, 20])
def test_the_critical_value_of_equal_columns_is_the_studentized_ranges(count: int) -> None:
    critical = confidence_set(equicorrelated(count)).critical_all
    reached = stats.studentized_range.sf(critical * math.sqrt(2), count, 1e5)
    assert reached == pytest.approx(0.05, abs=1e-6 if count == 2 else 0.004)


def test_two_columns_are_a_paired_t_test() -> None:
    random = np.random.default_rng(1)
    gains = random.normal(size=(40, 2)) + np.array([0.3, 0.0])
    found = confidence_set(compare_pairs(columns_of(gains)))
    expected = stats.ttest_rel(gains[:, 0], gains[:, 1]).pvalue
    assert found.p_values.min() == pytest.approx(expected, rel=1e-5)
    assert found.p_values.max() == 1.0


def test_the_pairs_are_those_of_plain_differences() -> None:
    random = np.random.default_rng(2)
    gains = random.normal(size=(20_000, 4)) + random.normal(size=(20_000, 1)) * 1e6  # one huge shared part
    pairs = compare_pairs(columns_of(gains))
    for i, j in ((0, 1), (2, 3), (1, 3)):
        expected = np.std(gains[:, i] - gains[:, j], ddof=1) / math.sqrt(len(gains))
        assert pairs.spread[i, j] == pytest.approx(expected, rel=1e-4)
    assert np.array_equal(pairs.spread, pairs.spread.T)
    assert np.allclose(pairs.z, -pairs.z.T)


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e6])
def test_a_copy_in_single_precision_is_no_other_score(size: float) -> None:
    """What rounding leaves of a difference is never the same on every row, and so never sure."""
    gains = size * np.random.default_rng(4).exponential(size=(1200, 2))
    copied = np.column_stack([gains, gains[:, 0].astype(np.float32)])
    pairs = compare_pairs(columns_of(copied))
    assert pairs.theta[0] != pairs.theta[2]
    assert abs(pairs.z[0, 2]) <= 1.001
    without, beside = confidence_set(compare_pairs(columns_of(gains))), confidence_set(pairs)
    assert beside.critical_all == pytest.approx(without.critical_all, rel=1e-3)


def test_the_same_difference_on_every_row_is_sure() -> None:
    gains = np.random.default_rng(5).normal(size=(200, 1)) + np.array([0.5, 0.0])
    assert compare_pairs(columns_of(gains)).z[1, 0] > 6


@pytest.mark.parametrize("build", [confidence_set, set_from_few])
def test_scores_without_scatter_are_no_surer_than_a_pair(build: Callable[[Pairs], ConfidenceSet]) -> None:
    """All right against all wrong on two rows of a class: the draws have no scatter, the p-value is a t of one df."""
    flat = [Scored(theta=theta, psi=np.zeros(40), df=1) for theta in (1.0, 1.0, 0.5, 0.5)]
    found = build(compare_pairs(flat))
    assert found.p_values.min() >= 2 * stats.t.sf(math.sqrt(2), 1) - 1e-4
    assert found.members.all()


def test_a_baseline_beside_them_changes_nothing() -> None:
    gains = np.random.default_rng(3).normal(size=(200, 5))
    alone, more = compare_pairs(columns_of(gains[:, :4])), compare_pairs(columns_of(gains)).first(4)
    assert np.allclose(confidence_set(alone).p_values, confidence_set(more).p_values)


def test_it_is_the_same_every_time() -> None:
    pairs = compare_pairs(columns_of(np.random.default_rng(4).normal(size=(300, 12))))
    assert np.array_equal(confidence_set(pairs).p_values, confidence_set(pairs).p_values)


def test_p_values_rise_with_the_score_along_the_path_and_the_leader_stays() -> None:
    gains = np.random.default_rng(5).normal(size=(500, 8)) + np.linspace(0.4, 0, 8)
    pairs = compare_pairs(columns_of(gains))
    found = confidence_set(pairs)
    assert found.p_values[np.argmax(pairs.theta)] == 1.0
    assert 0 < found.members.sum() < 8


def test_it_agrees_with_arch_on_continuous_losses() -> None:
    bootstrap = pytest.importorskip("arch.bootstrap")
    random = np.random.default_rng(6)
    differences = []
    for seed in range(3):
        losses = random.normal(size=(400, 5)) + 0.7 * random.normal(size=(400, 1)) + np.linspace(0, 0.25, 5)
        theirs = bootstrap.MCS(losses, size=0.05, reps=1000, method="R", bootstrap="mbb", seed=seed, block_size=1)
        theirs.compute()
        expected = theirs.pvalues["Pvalue"].sort_index().to_numpy()
        differences.append(np.abs(confidence_set(compare_pairs(columns_of(-losses))).p_values - expected).max())
    assert max(differences) < 0.06  # four standard errors of a share of 1,000 resamples near one half


def test_a_tenth_of_the_draws_decides_as_all_of_them_do() -> None:
    """In 60 problems from all equal to well apart; where it is close all draws are taken, so those are identical."""
    random, taken = np.random.default_rng(31), []
    for apart in np.linspace(0, 0.6, 60):
        gains = random.normal(size=(200, 8)) + random.normal(size=(200, 1)) + apart * (np.arange(8) == 0)
        pairs = compare_pairs(columns_of(gains))
        usual, whole = confidence_set(pairs), confidence_set(pairs, draws=MOST_DRAWS)
        assert usual.members.tolist() == whole.members.tolist()
        assert np.abs(usual.p_values - whole.p_values).max() < 0.02
        assert np.array_equal(usual.draws, whole.draws)
        assert isinstance(usual.maxima, NullMaxima)
        taken.append(usual.maxima.shapes.shape[1])
        if taken[-1] == MOST_DRAWS:
            assert np.array_equal(usual.p_values, whole.p_values)
        else:
            assert np.abs(usual.p_values - 0.05).min() >= NEAR * 0.05
    assert set(taken) == {FIRST_DRAWS, MOST_DRAWS}  # both happen here


@pytest.mark.parametrize("of_few", [False, True])
def test_the_steps_of_the_path_are_the_tails_one_by_one(of_few: bool) -> None:
    gains = np.random.default_rng(7).normal(size=(20 if of_few else 200, 6))
    pairs = compare_pairs(columns_of(gains))
    maxima = (set_from_few if of_few else confidence_set)(pairs).maxima
    statistics = np.array([3.5, 2.5, 0.0, 1.0, 40.0])
    assert maxima.tails(statistics) == pytest.approx([maxima.tail(6 - k, z) for k, z in enumerate(statistics)])


def test_three_hundred_columns_are_possible() -> None:
    gains = np.random.default_rng(9).normal(size=(100, 300))
    found = confidence_set(compare_pairs(columns_of(gains)), draws=500)
    assert found.p_values.shape == (300,)
    assert found.members.sum() >= 290


# The full table is benchmarks/null_errors.py; here a part of it, with the same generators and the same limit.
NULL_CELLS = {
    f"{name}, {n} rows, {count} candidates": (count, draw, seed)
    for seed, (name, n, count, draw) in enumerate(null_errors.null_cells())
    if (n, count) in ((100, 2), (100, 10), (1000, 10))
}


@pytest.mark.parametrize("cell", NULL_CELLS)
def test_a_truly_best_candidate_is_rarely_lost(cell: str) -> None:
    count, draw, seed = NULL_CELLS[cell]
    samples = 150
    share = null_errors.share_that_lose_one(draw, count, samples, seed)
    # three standard errors: six cells are looked at, and each has few samples
    assert share <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / samples)


def test_a_truly_better_candidate_is_named() -> None:
    assert null_errors.share_named(0.05, 2000, 5, 40, seed=12) >= 0.95


def test_the_simulation_can_fail() -> None:
    """A rule that always names the leader, on the same samples: it loses a truly best one nearly always."""
    count, draw, seed = NULL_CELLS["accuracy 85%, 100 rows, 10 candidates"]
    random = np.random.default_rng(seed)
    truth, predictions, _, _ = draw(random)
    scores = [float(np.mean(p == truth)) for p in predictions]
    assert len([s for s in scores if s == max(scores)]) < count


def test_no_quantile_is_less_than_a_single_pairs() -> None:
    single = stats.norm.isf(0.025)
    for size in (0.0, 0.1, 1.0):
        maxima = NullMaxima(shapes=np.full((3, 5), size), dimensions=1)
        assert [maxima.quantile(standing, 0.05) for standing in (1, 2, 3)] == pytest.approx([single] * 3)
    wide = NullMaxima(shapes=np.full((3, 5), 2.0), dimensions=1)
    assert wide.quantile(2, 0.05) == pytest.approx(single)
    assert wide.quantile(3, 0.05) == pytest.approx(2 * single, abs=1e-5)
    assert wide.tail(3, 2 * single) == pytest.approx(0.05)
    assert (wide.tail(3, 0.0), wide.tail(3, -1.0)) == (1.0, 1.0)


def test_a_score_a_whole_row_below_perfect_is_not_perfect_but_for_a_row() -> None:
    assert not unseen_spread(np.array([0.9, 0.95]), np.array([9.0, 19.0])).any()
    assert unseen_spread(np.array([0.91, 0.96]), np.array([9.0, 19.0])).all()
