"""A season in the differences: seen where there is one, not where neighbours are merely alike, and summed over."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.stattools import acf

import mlee_jupyter as mlee
from benchmarks.unlike_kinds import seasons
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.compare.seen_season import _correlations, seen_season

Kind = Callable[[np.random.Generator, int], list[np.ndarray]]


def series(seed: int, n: int, season: int, phi: float) -> list[np.ndarray]:
    sample = seasons(season, phi)(np.random.default_rng(seed), n, 2, 0.0)
    return [column - column.mean() for column in sample.columns]


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.sampled_from([4, 7, 12, 24]))
def test_a_season_is_seen(seed: int, season: int) -> None:
    assert seen_season(series(seed, 40 * season, season, 0.7)) == season


@pytest.mark.parametrize("n", [60, 400, 2000])
@pytest.mark.parametrize("phi", [0.0, 0.6, 0.9])
def test_likeness_of_neighbours_is_no_season(phi: float, n: int) -> None:
    """By chance one is seen in 5%, and one too long for a winner in 1%; with 100 series plus three standard errors."""
    seen = [seen_season(series(seed, n, 1, phi)) for seed in range(100)]
    assert sum(found > 1 for found in seen) <= 5 + 3 * 2.2
    assert sum(found > n // 8 for found in seen) <= 1 + 3


def test_constant_or_short_series_have_none() -> None:
    assert seen_season([np.zeros(100), np.zeros(100)]) == 1
    assert seen_season([np.arange(5.0)]) == 1


def test_the_correlations_are_statsmodels() -> None:
    values = np.random.default_rng(2).standard_normal(90)
    values -= values.mean()
    found = _correlations(values, 20) / float(values @ values)
    assert found == pytest.approx(acf(values, nlags=20, fft=False))


def test_a_declared_season_is_summed_over() -> None:
    """Two that differ by a season alone are equal over whole seasons, whatever the waves say."""
    n, random = 240, np.random.default_rng(1)
    wave = np.sin(np.arange(n) * 2 * np.pi / 12)
    noise = 0.01 * random.standard_normal((2, n))
    found = mlee.compare(
        np.zeros(n), {"a": 5 + wave + noise[0], "b": 5 - wave + noise[1]}, "mae", time=np.arange(n), season=12
    )
    assert found.judgement.standings[1].behind_high < 0.02
    assert found.judgement.by == "time"


def test_too_few_seasons_name_no_winner() -> None:
    """Four years of months whose differences repeat every year."""
    random, n = np.random.default_rng(3), 48
    pattern = np.tile(random.standard_normal(12), 4)
    a, b = 5 + pattern + 0.1 * random.standard_normal(n), 6 + 0.1 * random.standard_normal(n)
    found = mlee.compare(np.zeros(n), {"a": a, "b": b}, "mae", time=np.arange(n), season=12).judgement
    assert found.winner is None
    assert "4.0 such seasons; below 8" in (found.no_winner_reason or "")


@pytest.mark.parametrize("season", [1, 0, 2.5, "12", True])
def test_what_is_no_season_is_refused(season: object) -> None:
    rows = {"a": np.ones(50), "b": np.zeros(50)}
    with pytest.raises(MleeError, match="Write season=12"):
        mlee.compare(np.zeros(50), rows, "mae", time=np.arange(50), season=season)  # type: ignore[arg-type]
    with pytest.raises(MleeError, match="Pass time="):
        mlee.compare(np.zeros(50), rows, "mae", season=12)


def twins(random: np.random.Generator, n: int) -> list[np.ndarray]:
    """Ten series of two kinds: they tell no more than two."""
    kinds = random.normal(size=(2, n))
    return [kinds[i % 2] + random.normal(0, 0.1, n) for i in range(10)]


def one_off_scale(random: np.random.Generator, n: int) -> list[np.ndarray]:
    """Five series, and one that is a million times as large."""
    return [*random.normal(size=(5, n)), 1e6 * random.normal(size=n)]


def chain(random: np.random.Generator, n: int) -> list[np.ndarray]:
    """Each series is the one before and a little more."""
    return list(np.cumsum(random.normal(size=(6, n)), axis=0))


@pytest.mark.parametrize("kind", [twins, one_off_scale, chain])
@pytest.mark.parametrize("n", [100, 400])
def test_series_that_have_much_in_common_see_no_season_that_one_would_not(kind: Kind, n: int) -> None:
    seen = [seen_season(kind(np.random.default_rng(seed), n)) for seed in range(100)]
    assert sum(steps > 1 for steps in seen) <= 5 + 2 * 2.2  # two standard errors of 5%
    assert sum(steps > n / 8 for steps in seen) <= 1 + 2 * 1
