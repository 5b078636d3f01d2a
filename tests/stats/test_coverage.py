"""Kinds known and unknown: worked examples, the bound's coverage by simulation, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.sample.coverage import known_kinds, unseen_mass


def test_known_kinds_count_and_weigh() -> None:
    found = known_kinds({"a": 3, "c": 0, "z": 1}, {"a": 1, "b": 6, "c": 3})
    assert (found.present, found.expected, found.strangers) == (1, 3, 1)
    assert found.weight == pytest.approx(0.1)
    assert (found.heaviest_missing, found.heaviest_missing_weight) == ("b", pytest.approx(0.6))
    whole = known_kinds({"a": 1}, {"a": 5})
    assert (whole.weight, whole.heaviest_missing) == (1.0, None)


def test_unseen_mass_by_hand() -> None:
    """Ten rows: two kinds seen once, one twice, one six times; g = 2/10, half-width 1.645 sqrt(2 * .8 + 2) / 10."""
    found = unseen_mass([1, 1, 2, 6])
    assert found.mass == pytest.approx(0.2)
    assert found.upper == pytest.approx(0.2 + 1.644854 * np.sqrt(3.6) / 10, abs=1e-6)
    assert found.lower == 0
    assert unseen_mass([100]).upper == pytest.approx(0.03)  # the rule of three
    assert unseen_mass([1]).upper == 1


@pytest.mark.parametrize("n", [100, 1000])
def test_the_bounds_hold(n: int) -> None:
    random = np.random.default_rng(n)
    weights = 1 / np.arange(1, 2001)
    weights /= weights.sum()
    upper = lower = 0
    for _ in range(400):
        counts = random.multinomial(n, weights)
        found, truth = unseen_mass(counts), weights[counts == 0].sum()
        upper += found.upper >= truth
        lower += found.lower <= truth
    assert upper / 400 >= 0.90
    assert lower / 400 >= 0.88


def test_refusals() -> None:
    for weights in ({}, {"a": -1.0, "b": 2.0}, {"a": 0.0}, {"a": float("nan")}):
        with pytest.raises(MleeError):
            known_kinds({"a": 1}, weights)
    with pytest.raises(MleeError):
        unseen_mass([0, 0])
