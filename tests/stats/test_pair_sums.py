"""Sums over rows of several columns: by hand, by numpy, and the same of a table whose rows stay where they are."""

from __future__ import annotations

import numpy as np
import pytest

from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.sums import pair_sums
from mlee_jupyter.stats.sums.summed import Summed
from mlee_jupyter.tables.engine_sums import GAIN, WEIGHT, EngineSums
from mlee_jupyter.tables.table_frame import as_frame

HAND = np.array([[1.0, -1.0, 2.0, -2.0], [0.0, 3.0, -1.0, -2.0]])


def columns(values: np.ndarray) -> list[Scored]:
    return [Scored(theta=float(place), psi=one, df=len(one) - 1) for place, one in enumerate(values)]


def in_a_table(values: np.ndarray) -> list[Scored]:
    frame = {WEIGHT: np.ones(values.shape[1]), **{GAIN.format(k): one for k, one in enumerate(values)}}
    source = EngineSums(as_frame(frame), len(values), values.shape[1])
    return [Summed(theta=float(k), df=values.shape[1] - 1, source=source, place=k) for k in range(len(values))]


def test_sums_by_hand() -> None:
    both = columns(HAND)
    assert pair_sums.squares_of(both).tolist() == [10, 14]
    gram, of_some = pair_sums.gram_of(both, np.zeros(2), np.array([True, True, False, False]))
    assert gram.tolist() == [[10, -1], [-1, 14]]
    assert of_some.tolist() == [[2, -3], [-3, 9]]
    assert pair_sums.gram_of(both, np.array([0.5, 0.5]))[0].tolist() == [[6.5, -6.5], [-6.5, 6.5]]
    assert pair_sums.crossed_cubes(both).tolist() == [[0, -9], [-15, 18]]
    assert pair_sums.powers_apart(*both) == (1 + 16 + 9, 1 + 256 + 81)
    assert pair_sums.largest_apart(*both) == 4
    assert pair_sums.rows_apart(*both, 0.5) == 2
    assert pair_sums.worst_row(both[0], both[1]) == 2
    # the second is ahead by 4 on its best row, 1 more than it is ahead on average
    assert pair_sums.loudest_against(both, [(0, 1), (1, 0)]) == [4 + 1, 3 - 1]
    hits = columns(np.array([[True, True, False, True], [True, False, True, False]]))
    patterns, counts = pair_sums.hit_patterns(hits, 10, 10) or (None, None)
    assert (np.asarray(patterns).tolist(), np.asarray(counts).tolist()) == ([[False, True], [True, False]], [1, 2])
    assert pair_sums.hit_patterns(hits, 2, 10) is pair_sums.hit_patterns(hits, 10, 1) is None


@pytest.mark.parametrize("seed", range(5))
def test_they_are_numpys_in_memory_and_in_a_table(seed: int) -> None:
    random = np.random.default_rng(seed)
    values = random.gamma(0.5, 3, (3, 20_000))
    values -= values.mean(axis=1, keepdims=True)
    shares = random.dirichlet(np.ones(3))
    less = values - shares @ values
    for made in (columns(values), in_a_table(values)):
        assert pair_sums.squares_of(made) == pytest.approx((values**2).sum(axis=1), rel=1e-12)
        assert pair_sums.gram_of(made, shares)[0] == pytest.approx(less @ less.T, rel=1e-10)
        assert pair_sums.crossed_cubes(made) == pytest.approx(values**2 @ values.T, rel=1e-10)
        apart = values[0] - values[1]
        assert pair_sums.powers_apart(made[0], made[1]) == pytest.approx((sum(apart**2), sum(apart**4)), rel=1e-10)
        assert pair_sums.largest_apart(made[0], made[1]) == pytest.approx(np.abs(apart).max(), rel=1e-12)
        assert pair_sums.rows_apart(made[0], made[1], 0.1) == np.count_nonzero(apart**2 > 0.1 * (apart**2).max())
        assert pair_sums.loudest_against(made, [(1, 0)]) == pytest.approx([max(0.0, apart.max() - 1)], rel=1e-10)
        assert [one.cubes for one in made] == pytest.approx((values**3).sum(axis=1), rel=1e-10)


def test_rows_of_a_table_are_not_to_be_had() -> None:
    (one,) = in_a_table(HAND[:1])
    for asked in (lambda: one.influence, lambda: one.block(0, 1), lambda: len(one.psi)):
        with pytest.raises(TypeError):
            asked()
    assert pair_sums.worst_row(one, one) is None
