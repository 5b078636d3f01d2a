# ruff: noqa: E501
"""Numbers that no book has, held as they are: sets, luck, bounds and plans on small data of fixed seeds.

What they mean is tested elsewhere, by worked examples, oracles and simulations; here a changed constant, sign or limit
shows. `MLEE_RENEW_GOLDEN=1 pytest tests/stats/test_pinned.py` writes pinned.json anew; read the difference.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlee_jupyter.stats.compare import leader_bound
from mlee_jupyter.stats.compare.confidence_set import ConfidenceSet, confidence_set, unseen_spread, widened
from mlee_jupyter.stats.compare.dependence import read_sampling
from mlee_jupyter.stats.compare.few import set_from_few, shrunk
from mlee_jupyter.stats.compare.folds import compare_folds, fold_interval, inflation, scored_folds
from mlee_jupyter.stats.compare.intervals import difference_interval, score_interval, unvaried_interval, wilson
from mlee_jupyter.stats.compare.luck import drawn_together, flattery, resampled_errors
from mlee_jupyter.stats.compare.pairs import Pairs, compare_pairs
from mlee_jupyter.stats.compare.wear import count_bound, luck_budget, luck_of_largest, luck_of_step
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.influence import recorded, score
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.target import prepare
from mlee_jupyter.stats.size.rows_needed import range_quantile, reach, rows_needed, rows_per_class, smallest_difference

PINNED = Path(__file__).with_name("pinned.json")
ROWS = 120


@cache
def gains(count: int, seed: int = 1, rows: int = ROWS) -> np.ndarray:
    random = np.random.default_rng(seed)
    return 0.6 * random.normal(size=(rows, 1)) + random.normal(size=(rows, count)) + np.linspace(0.5, 0, count)


def columns(values: np.ndarray) -> list[Scored]:
    return [Scored(theta=float(c.mean()), psi=c - c.mean(), df=len(c) - 1) for c in values.T]


@cache
def best_first(count: int, seed: int = 1, rows: int = ROWS) -> tuple[Scored, ...]:
    return tuple(sorted(columns(gains(count, seed, rows)), key=lambda c: -c.theta))


def pairs(count: int, seed: int = 1, rows: int = ROWS) -> Pairs:
    return compare_pairs(best_first(count, seed, rows))


def of_set(found: ConfidenceSet) -> list[Any]:
    return [found.p_values.tolist(), found.members.tolist(), found.critical_all, found.critical_of(3)]


def hits(count: int, rows: int = 60) -> list[Scored]:
    right = np.random.default_rng(3).random((rows, count)) < np.linspace(0.9, 0.6, count)
    return [Scored(theta=float(c.mean()), psi=c - c.mean(), df=rows - 1) for c in right.T]


def of_draws(errors: np.ndarray | None) -> list[Any]:
    assert errors is not None
    return [errors.shape[1], errors.mean(axis=1).tolist(), errors.std(axis=1).tolist(), errors[:, :3].tolist()]


def of_metric(metric: str) -> Callable[[], list[Any]]:
    return lambda: judged(metric)


def sampled(**how: Any) -> list[Any]:
    facts = metric_facts("mae")
    sampling = read_sampling(ROWS, facts, **how)
    found = [sampling.weighted(c) for c in best_first(3)]
    summed = sampling.collapsed(found)
    return [sampling.by, sampling.count, sampling.df, [c.theta for c in summed], [c.df for c in summed],
            [float(c.influence @ c.influence) for c in summed], len(summed[0].psi)]  # fmt: skip


def judged(metric: str, *, shares: bool = False) -> list[Any]:
    """Score, influence and interval of one column under a metric, whatever it needs."""
    facts, random = metric_facts(metric), np.random.default_rng(4)
    if facts.needs == "numbers":
        truth = random.normal(size=40) + 5
        rows = truth + random.exponential(size=40) - 0.8
    else:
        truth = (random.random(40) < 0.4).astype(int)
        rows = np.clip(0.25 + 0.4 * truth + 0.3 * random.random(40), 0.01, 0.99)
        rows = rows if shares or facts.needs != "labels" else (rows > 0.5).astype(int)
    found = score(prepare(truth, facts), rows, facts.needs != "labels" or shares)
    ends = [score_interval(facts, found), score_interval(facts, found, 0.2, plain=False, cautious=False)]
    return [found.theta, float(found.influence @ found.influence), float(found.influence[3]), found.df, ends]


def fold_pairs(values: list[list[float]], metric: str | None = None) -> list[Any]:
    facts = metric_facts("accuracy")
    scored = [scored_folds(facts, np.array(v)) for v in values]
    found = compare_folds(scored, 0.25, metric_facts(metric) if metric else None)
    return [found.theta.tolist(), found.spread.tolist()]


SEASON = np.tile([3.0, 0.0, -3.0, 0.0], 30)
WAVY = [Scored(theta=1.0, psi=s - s.mean(), df=119) for s in (np.cumsum(gains(2).T[0]) * 0.2 + SEASON, gains(2).T[1])]
FOLDS = [
    [0.91, 0.9, 0.93, 0.89, 0.92],
    [0.9, 0.9, 0.91, 0.9, 0.89],
    [0.8, 0.8, 0.8, 0.8, 0.8],
    [0.7, 0.7, 0.7, 0.7, 0.7],
]
PLANS: list[dict[str, Any]] = [
    {}, {"expected_score": 0.7}, {"expected_disagreement": 0.2}, {"expected_correlation": 0.5}, {"alpha": 0.01},
    {"power": 0.9}, {"candidates": 3}, {"candidates": 10}, {"metric": "roc_auc", "positives": 0.2},
    {"metric": "recall", "positives": 0.1}, {"metric": "f1", "positives": 0.8}, {"metric": "precision", "positives": 0.7},
    {"metric": "balanced_accuracy", "positives": 0.7}, {"metric": "f1_macro", "positives": 0.9},
    {"metric": "average_precision", "positives": 0.3}, {"metric": "mean_squared_error", "expected_score": 1.0},
    {"metric": "mean_absolute_error", "expected_score": 1.0, "expected_spread": 0.5}, {"metric": "r2", "expected_score": 0.4},
]  # fmt: skip
NUMBERS: dict[str, Callable[[], Any]] = {
    "set of 2": lambda: of_set(confidence_set(pairs(2))),
    "set of 3": lambda: of_set(confidence_set(pairs(3))),
    "set of 8": lambda: of_set(confidence_set(pairs(8))),
    "set of 8, most draws": lambda: of_set(confidence_set(pairs(8), draws=300, seed=5)),
    "set of 25": lambda: of_set(confidence_set(pairs(25))),
    "set of 1": lambda: of_set(confidence_set(pairs(1))),
    "quantile of 4": lambda: [confidence_set(pairs(4), a).critical_all for a in (0.2, 0.05, 0.01, 0.001)],
    "unseen": lambda: unseen_spread(np.array([1.0, 0.99, 0.8]), np.array([9.0, 4.0, 30.0])).tolist(),
    "widened": lambda: widened(2.5, np.array([[3.0, 9.0], [9.0, 60.0]])).tolist(),
    "few, 2": lambda: of_set(set_from_few(pairs(2, rows=8))),
    "few, 3": lambda: of_set(set_from_few(pairs(3, rows=8), draws=500)),
    "few, 6": lambda: of_set(set_from_few(pairs(6, rows=8), draws=500)),
    "few, 6, another seed": lambda: of_set(set_from_few(pairs(6, 2, 12), 0.1, 300, 9)),
    "few, not so few": lambda: of_set(set_from_few(pairs(4, rows=70))),
    "few, 1": lambda: of_set(set_from_few(pairs(1, rows=8))),
    "tail of few": lambda: [set_from_few(pairs(4, rows=8), draws=300).maxima.tail(s, z) for s in (2, 3, 4)
                            for z in (-1.0, 0.0, 1.0, 2.0, 5.0)],
    "shrunk": lambda: shrunk(pairs(4, rows=8).drawn_centred, 7).tolist(),
    "flattery": lambda: [flattery(pairs(n), confidence_set(pairs(n)).draws) for n in (2, 3, 4, 8)],
    "flattery with others": lambda: flattery(pairs(5), confidence_set(pairs(5)).draws, np.linspace(0.4, 0, 70),
                                             np.full(70, 0.15)),
    "flattery as observed": lambda: flattery(pairs(8), confidence_set(pairs(8)).draws, most=0.0),
    "drawn together": lambda: [[t.tolist() for t in drawn_together(pairs(8), most)[:1]] for most in (0.0, 0.3, 1.0, 9.0)],
    "drawn together with others": lambda: [t.tolist() for t in drawn_together(pairs(5), 1.0, np.array([0.3, -2.0]))
                                           if t is not None],
    "resampled": lambda: of_draws(resampled_errors(hits(4), 700)),
    "resampled, too many kinds": lambda: resampled_errors(hits(12, 400)) is None,
    "largest error": lambda: [leader_bound.largest_error(pairs(n), a) for n in (1, 2, 5) for a in (0.05, 0.5)],
    "largest error with others": lambda: [leader_bound.largest_error(pairs(3), 0.05, np.full(n, s)) for n in (1, 100)
                                          for s in (0.05, 0.15, 2.0)],
    "skewed": lambda: [leader_bound.for_skewness(q, [Scored(theta=0.0, psi=p - p.mean(), df=119) for p in (
        s * np.exp(gains(3).T))]) for q in (0.0, 1.64, 3.0) for s in (1, -1)],
    "within limits": lambda: [leader_bound.within_limits(s, h, *limits) for s, h, limits in (
        (0.9, 0.05, (0.0, 1.0)), (0.9, 0.3, (0.5, 1.0)), (1.0, 0.1, (0.0, 1.0)), (0.0, 0.1, (0.0, 1.0)),
        (0.4, 0.1, (0.0, float("inf"))), (0.0, 0.1, (0.0, float("inf"))), (1e-9, 1.0, (0.0, float("inf"))),
        (0.999999, 0.5, (0.0, 1.0)), (0.2, 0.5, (-1.0, 1.0)))],
    "groups": lambda: sampled(groups=np.arange(ROWS) // 7),
    "time": lambda: sampled(time=np.arange(ROWS) // 2),
    "rows in order": lambda: sampled(time_ordered=True),
    "a season": lambda: sampled(time=np.arange(ROWS), season=6),
    "weights": lambda: sampled(weights=1.0 + np.arange(ROWS) % 5),
    "weighted groups": lambda: sampled(weights=1.0 + np.arange(ROWS) % 5, groups=np.arange(ROWS) % 11),
    "few times": lambda: sampled(time=np.arange(ROWS) // 15),
    "a walk with a season": lambda: [[c.df, float(c.psi @ c.psi), c.psi[:2].tolist()] for c in read_sampling(
        ROWS, metric_facts("mae"), time_ordered=True).collapsed(WAVY)],
    "a walk with another's likeness": lambda: [[c.df, float(c.psi @ c.psi)] for c in read_sampling(
        ROWS, metric_facts("mae"), time=np.arange(ROWS) // 3).collapsed(WAVY[::-1], like=1)],
    "seasons seen": lambda: [read_sampling(ROWS, metric_facts("mae"), **how).season_of(WAVY) for how in (
        {"time_ordered": True}, {"time": np.arange(ROWS), "season": 5}, {})],
    "folds": lambda: fold_pairs(FOLDS),
    "folds within limits": lambda: fold_pairs(FOLDS, "accuracy"),
    "folds without a limit": lambda: fold_pairs(FOLDS, "r2"),
    "folds of a correlation": lambda: fold_pairs(FOLDS, "pearson"),
    "inflation": lambda: [inflation(5, 0.25), inflation(10, 1 / 9), inflation(25, 0.25)],
    "fold interval": lambda: [fold_interval(np.array(f), 0.25, a, metric_facts("accuracy")) for f in FOLDS for a in (
        0.05, 0.3)] + [fold_interval(np.array(FOLDS[0]), 0.25)],
    "wilson": lambda: [wilson(*w) for w in ((0, 9), (9, 9), (4, 9), (0.5, 30, 0.2), (29.5, 30))],
    "unvaried": lambda: [unvaried_interval(metric_facts(m), s, 12.0, a) for m, s in (
        ("accuracy", 0.8), ("pearson", 0.5), ("mae", 2.0)) for a in (0.05, 0.3)],
    "difference": lambda: [difference_interval(0.1, 0.04, 9.0), difference_interval(0.1, 0.04, 0.5, 0.2),
                           difference_interval(0.1, 0.04, 99, 0.05, 12, 100), difference_interval(0.9, 0.1, 3, 0.01, 4, 4),
                           difference_interval(-0.9, 0.1, 3, 0.01, 4, 4), difference_interval(0.2, 0.1, 30, 0.05, 0.0, 31)],
    **{f"metric {m}": of_metric(m) for m in (
        "accuracy", "recall", "precision", "f1", "roc_auc", "balanced_accuracy", "log_loss", "brier_score_loss", "mae", "mse",
        "root_mean_squared_error", "r2", "pearson", "spearman",
        "root_mean_squared_log_error", "mean_absolute_percentage_error", "average_precision")},
    "shares as labels": lambda: [judged(m, shares=True) for m in ("accuracy", "f1")],
    "recorded": lambda: (lambda s: [s.theta, s.psi.tolist(), s.df])(
        recorded(metric_facts("mae"), np.array([0.5, -0.5]), 2.0, 1.0)),
    "luck of the largest": lambda: [luck_of_largest(n) for n in (1, 2, 3, 10)],
    "luck of a step": lambda: [luck_of_step(s) for s in ([], [0.0], [0.1], [0.1, 0.2], [0.1, 0.1, 0.0], [0.3, 0.01, 0.01])],
    "budget": lambda: [luck_budget([[0.1]] * n, n, 0.2, a) for n in (0, 1, 2, 9) for a in (0.05, 0.5)],
    "count bound": lambda: [count_bound(n, 0.2, a) for n in (1, 7) for a in (0.05, 0.01)],
    "plans": lambda: [rows_needed(0.05, **plan) for plan in PLANS],
    "plans the other way round": lambda: [smallest_difference(900, **plan) for plan in PLANS],
    "rows per class": lambda: [rows_per_class(s, c, p) for s in (0.01, 0.3, 1.0) for c in (5, 30) for p in (0.5, 0.95)],
    "reach": lambda: [reach(n, 0.05, p) for n in (2, 3, 7) for p in (0.5, 0.8)],
    "range": lambda: [range_quantile(n, a) for n in (2, 3, 10) for a in (0.05, 0.5)],
}  # fmt: skip


def plain(value: Any) -> Any:
    return json.loads(json.dumps(value, default=lambda one: one.item() if hasattr(one, "item") else one))


def near(found: Any, wanted: Any, at: str = "") -> list[str]:
    """Where two values are apart."""
    if isinstance(wanted, list) and isinstance(found, list) and len(found) == len(wanted):
        return [one for n, (f, w) in enumerate(zip(found, wanted, strict=True)) for one in near(f, w, f"{at}[{n}]")]
    if isinstance(wanted, float) and isinstance(found, int | float):
        return (
            [] if found == pytest.approx(wanted, rel=1e-6, abs=1e-9, nan_ok=True) else [f"{at}: {found}, was {wanted}"]
        )
    return [] if found == wanted else [f"{at}: {found}, was {wanted}"]


@pytest.mark.parametrize("name", NUMBERS)
def test_the_number_is_as_it_was(name: str) -> None:
    found = plain(NUMBERS[name]())
    if os.environ.get("MLEE_RENEW_GOLDEN"):
        kept = json.loads(PINNED.read_text("utf-8")) if PINNED.exists() else {}
        told = {n: json.dumps({**kept, name: found}[n]) for n in NUMBERS if n in {**kept, name: found}}
        PINNED.write_text("{\n" + ",\n".join(f"{json.dumps(n)}: {t}" for n, t in told.items()) + "\n}\n", "utf-8")
    assert near(found, json.loads(PINNED.read_text("utf-8"))[name]) == []
