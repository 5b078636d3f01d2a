"""Drift: scipy's own tests as oracles, false alarms, and what must be seen."""

from __future__ import annotations

import numpy as np
import pytest

from mlee_jupyter.stats.sample.drift import drift, ks_distance, ks_p_value, psi, psi_limit

stats = pytest.importorskip("scipy.stats")


def test_numbers_by_scipy() -> None:
    random = np.random.default_rng(1)
    ours, theirs = random.standard_normal(150), random.standard_normal(2000) + 0.15
    found = stats.ks_2samp(ours, theirs, method="asymp")
    assert ks_distance(ours, theirs) == pytest.approx(found.statistic)
    assert ks_p_value(found.statistic, 150, 2000) == pytest.approx(found.pvalue, rel=0.2)


def test_kinds_by_scipy() -> None:
    random = np.random.default_rng(2)
    ours, theirs = random.choice(list("abc"), 300), random.choice(list("abc"), 3000, p=[0.4, 0.3, 0.3])
    table = [[np.count_nonzero(c == kind) for kind in "abc"] for c in (ours, theirs)]
    (found,) = drift({"k": ours.astype(object)}, {"k": theirs.astype(object)})
    assert found.p_value == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue)
    assert found.psi == pytest.approx(psi(*table))


def test_psi_by_hand() -> None:
    assert psi([99.5, 99.5], [99.5, 99.5]) == 0
    assert psi([49.5, 149.5], [99.5, 99.5]) == pytest.approx((0.25 - 0.5) * np.log(0.5) + (0.75 - 0.5) * np.log(1.5))
    assert psi_limit(10, 300, 3000) == pytest.approx(stats.chi2.ppf(0.95, 9) * (1 / 300 + 1 / 3000))


def test_no_drift_is_seldom_called_one() -> None:
    random = np.random.default_rng(3)
    frame = {f"x{k}": random.standard_normal(3000) for k in range(10)}
    frame["flag"] = (random.random(3000) < 0.02).astype(object)
    frame["kind"] = random.choice([f"v{k}" for k in range(30)], 3000).astype(object)
    false = 0
    for _ in range(150):
        rows = random.choice(3000, 100, replace=False)
        false += any(one.beyond_chance for one in drift({n: c[rows] for n, c in frame.items()}, frame))
    assert false / 150 <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 150)


def test_what_moved_is_seen_and_comes_first() -> None:
    random = np.random.default_rng(4)
    frame = {"still": random.standard_normal(2000), "moved": random.standard_normal(2000)}
    sample = {"still": random.standard_normal(400), "moved": random.standard_normal(400) + 0.6, "new": np.ones(400)}
    found = drift(sample, frame)
    assert [(one.column, one.beyond_chance) for one in found] == [("moved", True), ("still", False)]
    assert found[0].words.startswith("median 0.")
    assert (found[0].psi or 0) > (found[0].psi_limit or 1)


def test_small_and_odd_columns() -> None:
    few = {"x": np.arange(20.0)}
    assert drift(few, few) == ()
    constant = {"k": np.array(["a"] * 50, dtype=object)}
    assert drift(constant, constant) == ()
    gaps = {"x": np.r_[np.full(60, np.nan), np.arange(60.0)]}
    (found,) = drift(gaps, {"x": np.arange(0, 60, 0.1)})
    assert "more missing" in found.words
    assert drift({"x": np.arange(100.0)}, {"x": np.arange(100.0)})[0].psi is None  # below 300 rows
    assert drift({}, {}) == ()
    text = drift({"x": np.array(["1"] * 50, dtype=object)}, {"x": np.ones(50)})
    assert text == ()  # "1" and 1 are one kind here, and one kind cannot drift
