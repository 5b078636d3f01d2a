"""Nothing seen is not nothing there: by hand, by statsmodels, and in cells of benchmarks/nothing_seen.py."""

from __future__ import annotations

import math
import zlib

import numpy as np
import pytest

import mlee_jupyter as mlee
from benchmarks.nothing_seen import Cell, cells, limit, run
from mlee_jupyter.domain import ResultKind
from mlee_jupyter.judge.entries import Entry
from mlee_jupyter.judge.judging import judge
from mlee_jupyter.stats.compare.confidence_set import confidence_set
from mlee_jupyter.stats.compare.dependence import Sampling
from mlee_jupyter.stats.compare.leader_bound import largest_error
from mlee_jupyter.stats.compare.pairs import Pairs, compare_pairs, spread_of
from mlee_jupyter.stats.compare.unseen import spread_if_equal, with_room
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.influence import score
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.target import prepare, read_truth
from mlee_jupyter.stats.metrics.traits import Target

SAMPLES = 60
BY_NAME = {cell.name: cell for cell in cells()}
ONCE_FALSE = [
    "null precision 10 alarms of 400, 0.9",
    "null precision 20 alarms of 400, 0.95",
    "null precision 10 alarms, 0.8, K=5",
    "null precision 20 alarms, 0.9, groups",
    "null balanced 5 rare",
    "null balanced 8 rare, near perfect",
    "null macro recall 5 rare",
    "null AUC 8 rare",
    "null AUC 20 rare",
    "cost groups 60",
    "cost groups 150 K=4",
    "cost weights 150",
    "cost time 150",
    "null bare (30, 5000) 0.92",
]


def of_labels(metric: str, truth: np.ndarray, *rows: np.ndarray) -> tuple[Pairs, list[Scored], Target]:
    target = prepare(
        read_truth(truth, metric_facts(metric)), metric_facts(metric), 1 if metric == "precision" else None
    )
    columns = [score(target, one, False) for one in rows]
    return compare_pairs(columns), columns, target


def roomy(metric: str, truth: np.ndarray, *rows: np.ndarray) -> tuple[Pairs, Pairs]:
    pairs, columns, target = of_labels(metric, truth, *rows)
    return pairs, with_room(pairs, columns, metric_facts(metric), target, Sampling(by="rows", n=len(truth)))


def test_the_pooled_error_of_two_shares_by_hand() -> None:
    """10 of 10 and 316 of 400: pooled 326 of 410, sqrt(0.7951 * 0.2049 * (1/10 + 1/400)) = 0.1292."""
    found = spread_if_equal(np.array([1.0, 0.79]), np.array([10.0, 400.0]))
    assert found[0, 1] == pytest.approx(0.12922, abs=1e-5)
    assert found[0, 0] == 0
    alike = spread_if_equal(np.array([0.9, 0.9]), np.array([50.0, 50.0]), np.array([[1.0, 0.75], [0.75, 1.0]]))
    assert alike[0, 1] == pytest.approx(math.sqrt(0.09 * 2 / 50 * 0.25))


def test_it_is_statsmodels_score_test() -> None:
    module = pytest.importorskip("statsmodels.stats.proportion")
    statistic, _ = module.proportions_ztest([28, 150], [30, 200])
    found = spread_if_equal(np.array([28 / 30, 0.75]), np.array([30.0, 200.0]))
    assert (28 / 30 - 0.75) / found[0, 1] == pytest.approx(statistic)


def test_a_class_without_a_miss_by_hand() -> None:
    """12 of one class, all right by both; 100 of the other, on which they differ on 8 and 2: half of each counts."""
    truth = np.repeat([0, 1], [12, 100])
    one, other = truth.copy(), truth.copy()
    one[12:14] = 0
    other[20:28] = 0
    pairs, found = roomy("balanced_accuracy", truth, one, other)
    of_few = 2 * (0.5 / 14) ** 2
    assert found.spread[0, 1] == pytest.approx(math.sqrt(pairs.spread[0, 1] ** 2 + of_few))
    assert found.df[0, 1] == 11
    assert found.unseen == pytest.approx([of_few, of_few])


@pytest.mark.parametrize("metric", ["balanced_accuracy", "f1", "f1_macro", "recall_macro", "precision"])
def test_where_enough_was_seen_nothing_changes(metric: str) -> None:
    random = np.random.default_rng(3)
    truth = np.arange(400) % 2
    rows = [np.where(random.random(400) < 0.2, 1 - truth, truth) for _ in range(3)]
    pairs, found = roomy(metric, truth, *rows)
    assert found.spread == pytest.approx(pairs.spread, rel=0.02)
    assert metric == "precision" or found is pairs


def test_ranks_with_a_scatter_of_their_own_stay_as_they_are() -> None:
    random = np.random.default_rng(4)
    truth = (np.arange(200) < 12).astype(int)
    facts = metric_facts("roc_auc")
    target = prepare(read_truth(truth, facts), facts, 1)
    columns = [score(target, truth + random.standard_normal(200), True) for _ in range(3)]
    pairs = compare_pairs(columns)
    assert with_room(pairs, columns, facts, target, Sampling(by="rows", n=200)) is pairs


@pytest.mark.parametrize("name", ONCE_FALSE)
def test_what_was_not_seen_decides_nothing(name: str) -> None:
    found = run(BY_NAME[name], SAMPLES, zlib.crc32(name.encode()))
    assert max(found["lost"], found["cost"]) <= limit(SAMPLES)


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("power precision 60 of 400 alarms", 0.8),
        ("power balanced 30 rare", 0.75),
        ("power AUC 60 rare", 0.55),
        ("power groups 150", 0.55),
        ("power bare (100, 5000)", 0.75),
    ],
)
def test_what_was_seen_still_tells(name: str, least: float) -> None:
    """The shares before were 96, 91, 73, 74 and 97 of a hundred."""
    assert run(BY_NAME[name], SAMPLES, zlib.crc32(name.encode()))["named"] >= least


def test_a_cell_of_unequals_is_caught() -> None:
    def unequal(random: np.random.Generator) -> tuple[object, dict[str, float]]:
        found, _ = BY_NAME["power precision 60 of 400 alarms"].draw(random)
        return found, {"c0": 0.8, "c1": 0.8}

    assert run(Cell(name="unequal", draw=unequal), 20, 1)["lost"] > 0.5  # type: ignore[arg-type]


# ---------------------------------------------------------------- rows of a group


def test_groups_without_an_error_count_once() -> None:
    truth = np.random.default_rng(1).integers(0, 2, 600)
    one_wrong = truth.copy()
    one_wrong[5] = 1 - one_wrong[5]
    for other in (truth, one_wrong):
        rows = [Entry(candidate=name, rows=rows) for name, rows in (("a", truth), ("b", other))]
        found = judge(truth, rows, metric="accuracy", groups=np.arange(600) // 10, baselines=False)
        assert found.effective_n == 60
        # 60 groups and two more, 2.0010 sqrt(2) / 62, on both sides of the gap
        gap = 0.0 if other is truth else 1 / 600
        assert sorted(s.cost_bound for s in found.standings) == pytest.approx(
            [0.045643 - gap, 0.045643 + gap], rel=1e-3
        )


def test_groups_of_which_many_differ_tell_how_alike_their_rows_are() -> None:
    random = np.random.default_rng(2)
    truth = random.integers(0, 2, 600)
    rows = [np.where(random.random(600) < 0.2, 1 - truth, truth) for _ in "ab"]
    tries = [Entry(candidate=name, rows=one) for name, one in zip("ab", rows, strict=True)]
    found = judge(truth, tries, metric="accuracy", groups=np.arange(600) // 10, baselines=False)
    assert found.effective_n is not None
    assert found.effective_n > 300


# ---------------------------------------------------------------- what is rounding, and what is caution


@pytest.mark.parametrize("size", [1e-4, 1e-6, 1e-7, 1e-8, 1e-10])
def test_a_near_copy_widens_nothing(size: float) -> None:
    """Its difference is drawn by a root that is rounded: divided by another error it was the largest of all."""
    random = np.random.default_rng(5)
    losses = 0.3 + random.random(60) + np.array([0.2, 0.3, 0.4])[:, None] * random.random((3, 60))
    near = losses[0] + size * random.standard_normal(60)

    def critical(rows: list[np.ndarray]) -> float:
        return confidence_set(
            compare_pairs([Scored(theta=-r.mean(), psi=r.mean() - r, df=59) for r in rows])
        ).critical_all

    four, independent = critical([losses[0], near, *losses[1:]]), critical([*losses, random.random(60)])
    assert critical(list(losses)) - 0.02 <= four <= independent + 0.05


def test_a_gap_of_rounding_needs_no_number_of_rows() -> None:
    random = np.random.default_rng(6)
    truth = random.normal(size=200)
    rows = truth + 0.3 * random.standard_normal(200)
    models = {"double": rows, "single": rows.astype(np.float32), "other": truth + 0.4 * random.standard_normal(200)}
    table = mlee.compare(truth, models, metric="mae", useful_gain=0.01).table.set_index("candidate")
    first, second = table.index[:2]
    assert {first, second} == {"double", "single"}
    assert table.loc[second, "behind"] > 0
    assert table["rows_needed"].isna()[second]
    assert table.loc["other", "rows_needed"] > 0


def test_caution_about_a_difference_is_no_luck_of_a_score() -> None:
    """The largest error of scores comes from how they move together, however wide a difference was made."""
    random = np.random.default_rng(7)
    shared, own = random.standard_normal(100), random.standard_normal((3, 100))
    pairs = compare_pairs([Scored(theta=0.0, psi=(s := shared + 0.2 * one) - s.mean(), df=99) for one in own])
    from dataclasses import replace

    wide = replace(pairs, spread=3 * pairs.spread)
    assert largest_error(wide) == largest_error(pairs)
    assert spread_of(pairs.covariance) == pytest.approx(pairs.spread)


def test_the_luck_of_r2_is_in_its_own_units() -> None:
    """A constant far from the mean has a mean square that moves with the truth's tail, and an R2 that does not."""
    random = np.random.default_rng(8)
    truth = random.standard_t(2.5, 25)
    good = truth + 0.3 * random.standard_normal(25)
    models = {"good": good, "near": truth + 0.35 * random.standard_normal(25), "bad": 0.1 * truth + 0.6}
    alone = {name: rows for name, rows in models.items() if name != "bad"}
    both, two = (
        judge(truth, [Entry(candidate=k, rows=v, kind=ResultKind.PREDICTIONS) for k, v in some.items()], metric="r2")
        for some in (models, alone)
    )
    assert both.flattery <= 1.3 * two.flattery + 1e-6


def test_a_class_of_one_row_differs_on_one() -> None:
    truth = np.array([1] + [0] * 24)
    verdict = mlee.compare(truth, {"found": truth, "missed": np.zeros(25, int)}, metric="recall", useful_gain=0.01)
    assert verdict.table["disagreements"].tolist() == [0, 1]
