"""What the looks at one truth leave it able to prove: each number of the odometer by arithmetic of its own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from benchmarks import odometer_batches
from mlee_jupyter import compare
from mlee_jupyter.domain import Look, Wear
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.evidence.looks import FIXED, Course, Scale, built_on, with_wear
from mlee_jupyter.judge.entries import Entry
from mlee_jupyter.report.board import wear_words
from mlee_jupyter.stats.compare.wear import luck_of_largest
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.target import prepare

N = 400
RANDOM = np.random.default_rng(5)
TRUTH = RANDOM.standard_normal(N)


COMMON = RANDOM.standard_normal(N)


def forecast(error: float, seed: int) -> np.ndarray:
    """Errors that are mostly common to all, as those of good models are."""
    return TRUTH + error * COMMON + 0.3 * np.random.default_rng(seed).standard_normal(N)


def course_of(
    answers: Sequence[np.ndarray | None],
    steered: Sequence[bool] | None = None,
    hand_overs: Sequence[str] | None = None,
    metric: str = "mae",
    truth: np.ndarray = TRUTH,
    **more: Any,
) -> Course:
    """A course over answers in order; None is an answer that was deleted since."""
    facts = metric_facts(metric)

    def read(name: str) -> np.ndarray:
        rows = answers[int(name)]
        if rows is None:
            raise MleeError("gone")
        return rows

    made = Course(scale=Scale(facts=facts, target=prepare(truth, facts)), read=read, **more)
    made.take_in(
        [
            Look(
                number=place + 1,
                answers=str(place),
                hand_over=hand_overs[place] if hand_overs else f"cell {place}",
                steered=steered[place] if steered else place > 0,
                metric=metric,
                kind="predictions",
                value=None,
                df=None,
                experiment="shelf" if place % 2 else "second",
                notebook=f"{place % 3}",
            )
            for place in range(len(answers))
        ]
    )
    return made


def wear_of(course: Course, leader: np.ndarray, alpha: float = 0.05) -> Wear:
    found = course.scale.score(Entry(candidate="x", rows=leader), None)
    assert found is not None
    return course.wear(found, alpha)


def losses(rows: np.ndarray) -> np.ndarray:
    return np.abs(TRUTH - rows)


def error_of(one: np.ndarray, other: np.ndarray) -> float:
    """Standard error of the difference of two mean absolute errors, from the rows."""
    return float(np.std(losses(one) - losses(other), ddof=1) / math.sqrt(N))


A, B, C = forecast(1.0, 1), forecast(0.96, 2), forecast(0.92, 3)  # each better than the one before
MEAN, VARIANCE = 1 / math.sqrt(2 * math.pi), 0.5 - 1 / (2 * math.pi)


def test_each_look_is_held_to_the_best_before_it() -> None:
    """The third look is compared with the second, which led; not with the first, nor the worst."""
    assert losses(A).mean() > losses(B).mean() > losses(C).mean()
    wear = wear_of(course_of([A, B, C]), C)
    assert wear.expected_luck == pytest.approx(MEAN * (error_of(A, B) + error_of(B, C)), rel=1e-9)
    spread = error_of(A, B) ** 2 + error_of(B, C) ** 2
    room = NormalDist().inv_cdf(0.95) * math.sqrt(VARIANCE * spread)
    counted = NormalDist().inv_cdf(0.95**0.5) * error_of(A, C)
    assert wear.budget == pytest.approx(max(wear.expected_luck + room, counted), rel=1e-6)
    assert (wear.looks, wear.steered, wear.experiments, wear.notebooks, wear.estimated) == (3, 2, 2, 3, 0)


def test_what_does_not_lead_is_nobodys_measure() -> None:
    wear = wear_of(course_of([B, A, C]), C)
    assert wear.expected_luck == pytest.approx(MEAN * (error_of(B, A) + error_of(B, C)), rel=1e-9)


@pytest.mark.parametrize(("first", "leader", "sign"), [(A, C, 1), (C, A, -1)])
def test_the_gain_is_the_leader_over_the_first(first: np.ndarray, leader: np.ndarray, sign: int) -> None:
    wear = wear_of(course_of([first, leader]), leader)
    gained = losses(first).mean() - losses(leader).mean()
    assert wear.gain == pytest.approx(gained)
    assert math.copysign(1, gained) == sign


@pytest.mark.parametrize("metric", ["accuracy", "r2", "mae"])
def test_higher_or_lower_a_better_score_is_a_gain(metric: str) -> None:
    truth = np.arange(N) % 2 if metric == "accuracy" else TRUTH
    worse, better = (
        (np.where(np.arange(N) < 100, 1 - truth, truth), np.where(np.arange(N) < 40, 1 - truth, truth))
        if metric == "accuracy"
        else (A, C)
    )
    course = course_of([worse, better], metric=metric, truth=truth)
    wear = wear_of(course, better)
    table = compare(truth, {"worse": worse, "better": better}, metric).table.set_index("candidate")["score"]
    assert wear.gain == pytest.approx(abs(table["better"] - table["worse"]))


def test_one_look_owes_nothing() -> None:
    wear = wear_of(course_of([A]), A)
    assert (wear.looks, wear.steered, wear.budget, wear.expected_luck, wear.gain) == (1, 0, 0.0, 0.0, 0.0)
    assert not wear.proven, "no gain is no progress"


def test_what_is_fixed_beforehand_is_one_step_and_no_luck_of_steering() -> None:
    course = course_of([A, B, C], steered=[False] * 3)
    wear = wear_of(course, C)
    assert wear.expected_luck == 0.0
    assert wear.steered == 0
    errors = [error_of(A, B), error_of(A, C)]
    mean, variance = luck_of_largest(2)
    together, apart = mean * max(errors), MEAN * sum(errors)
    square = variance * max(errors) ** 2 if together < apart else VARIANCE * sum(e**2 for e in errors)
    bound = min(together, apart) + NormalDist().inv_cdf(0.95) * math.sqrt(square)
    assert wear.budget == pytest.approx(max(bound, NormalDist().inv_cdf(0.95**0.5) * error_of(A, C)), rel=1e-6)


def test_looks_of_one_hand_over_do_not_build_on_each_other() -> None:
    """Within it all are held to what led before it, though one of them leads already."""
    D = forecast(0.9, 4)
    wear = wear_of(course_of([A, C, B, D], hand_overs=["1", "2", "2", "2"]), D)
    errors = [error_of(A, C), error_of(A, B), error_of(A, D)]
    assert wear.expected_luck == pytest.approx(min(luck_of_largest(3)[0] * max(errors), MEAN * sum(errors)), rel=1e-6)


def test_deleted_rows_count_as_wide_as_can_be() -> None:
    wear = wear_of(course_of([A, None, C]), C)
    widest = math.sqrt(2) * float(np.std(losses(C), ddof=1) / math.sqrt(N))
    assert wear.estimated == 1
    assert wear.expected_luck == pytest.approx(MEAN * (widest + error_of(A, C)), rel=1e-6)
    gone = wear_of(course_of([None, C]), C)
    assert gone.gain is None
    assert not gone.proven
    assert gone.budget == pytest.approx(NormalDist().inv_cdf(0.95) * widest, rel=1e-2)


def test_a_single_comparison_owes_its_own_error() -> None:
    wear = wear_of(course_of([A, B, C]), C)
    typical = np.mean([error_of(A, B), error_of(B, C)])
    assert wear.one_look == pytest.approx(NormalDist().inv_cdf(0.95) * typical, rel=1e-6)
    assert wear_of(course_of([A, B, C]), C, alpha=0.2).one_look < wear.one_look


def test_a_hopeless_look_costs_no_luck() -> None:
    """What is on another scale cannot have led: its error is no measure of luck."""
    plain, off = wear_of(course_of([A, B, C]), C), wear_of(course_of([A, 50 * B, B, C]), C)
    assert off.expected_luck == pytest.approx(plain.expected_luck)
    assert off.budget < 1.3 * plain.budget
    assert (off.looks, off.steered) == (4, 3), "it was a look all the same"


def test_a_look_three_errors_behind_is_hopeless_and_a_nearer_one_is_not() -> None:
    seen = set()
    for shift in np.linspace(-0.06, 0.06, 25):
        worse = A + np.sign(A - TRUTH) * shift + 0.2 * np.random.default_rng(1).standard_normal(N)
        behind = (losses(worse).mean() - losses(A).mean()) / error_of(A, worse)
        assert (wear_of(course_of([A, worse]), A).expected_luck > 0) is bool(behind < 3), behind
        seen.add(round(behind))
    assert {2, 4} <= seen


def test_a_dropped_candidate_leaves_the_scale() -> None:
    """A leak that led and was dropped is no measure of what follows, and no first look to gain over."""
    leak = TRUTH + 0.01
    led = course_of([A, leak, B, C], dropped=frozenset({"1"}))
    wear = wear_of(led, C)
    assert wear.expected_luck >= MEAN * (error_of(A, B) + error_of(B, C)) * (1 - 1e-9)
    assert wear.looks == 4
    first = wear_of(course_of([50 * A, A, B, C], dropped=frozenset({"0"})), C)
    assert first.gain == pytest.approx(losses(A).mean() - losses(C).mean())
    assert first.budget == pytest.approx(wear_of(course_of([A, B, C]), C).budget)


def test_taking_in_piece_by_piece_is_the_same() -> None:
    whole = wear_of(course_of([A, B, C, A + 0.1]), C)
    course = course_of([A, B, C, A + 0.1])
    parts = course_of([])
    parts.read = course.read
    looks = [
        Look(
            number=k + 1, answers=str(k), hand_over=f"cell {k}", steered=k > 0, metric="mae", kind="predictions",
            value=None, df=None, experiment="shelf" if k % 2 else "second", notebook=f"{k % 3}",
        )
        for k in range(4)
    ]  # fmt: skip
    for look in looks:
        parts.take_in([look])
    assert wear_of(parts, C) == whole
    assert parts.last == 4


def test_the_judgement_is_left_alone_where_there_is_nothing_to_say() -> None:
    judgement = compare(TRUTH, {"a": A, "b": B}, "mae").judgement
    assert with_wear(judgement, course_of([]), Entry(candidate="b", rows=B)) is judgement
    assert with_wear(judgement, course_of([A]), Entry(candidate="b", rows=["text"] * N)) is judgement
    worn = with_wear(judgement, course_of([A, B]), Entry(candidate="b", rows=B)).wear
    assert worn is not None
    assert worn.looks == 2


WEAR = Wear(looks=9, steered=8, experiments=1, notebooks=1, expected_luck=0.03, budget=0.05, one_look=0.02, gain=0.06)


@pytest.mark.parametrize(
    ("gain", "proven"), [(0.06, True), (0.05, False), (0.04, False), (-0.06, False), (None, False)]
)
def test_progress_is_proven_beyond_the_budget_only(gain: float | None, proven: bool) -> None:
    assert replace(WEAR, gain=gain).proven is proven


@pytest.mark.parametrize(
    ("luck", "one_look", "useful", "spent"),
    [(0.03, 0.01, 0.02, True), (0.03, 0.04, 0.02, False), (0.03, 0.01, 0.05, False), (0.02, 0.01, 0.02, False)],
)
def test_the_budget_is_spent_where_luck_matters_and_shows(
    luck: float, one_look: float, useful: float, spent: bool
) -> None:
    assert replace(WEAR, expected_luck=luck, one_look=one_look).spent(useful) is spent


def test_a_budget_of_nothing_is_no_bound() -> None:
    """Looks that scored alike on every row: that a gain below 0 may be luck says nothing."""
    judgement = compare(TRUTH, {"a": A, "b": B}, "mae").judgement
    (said,) = wear_words.words(judgement, replace(WEAR, expected_luck=0.0, budget=0.0, gain=0.0), "y")
    assert said == "9 looks at y; 8 steered by earlier scores: luck gained nothing by them."


@pytest.mark.parametrize("name", odometer_batches.WORKFLOWS)
def test_what_is_built_on_a_batch_is_no_progress(name: str) -> None:
    """40 runs without a true effect: 5% and three standard errors. Before, 97% and 40% of two of them."""
    found = odometer_batches.claimed(odometer_batches.WORKFLOWS[name], 40, False, 3)
    assert found <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 40)


def test_a_batch_is_one_step_until_something_is_built_on_it() -> None:
    assert built_on({"a": [1.0, 2.0]}) == [[1.0, 2.0]]
    assert built_on({FIXED: [1.0, 2.0]}) == [[1.0, 2.0]]
    assert built_on({"a": [1.0, 2.0], "b": [3.0, 4.0]}) == [[1.0], [2.0], [3.0, 4.0]]
    assert built_on({FIXED: [1.0, 2.0], "b": [3.0]}) == [[1.0], [2.0], [3.0]]


def test_worn_rows_suggest_nobody() -> None:
    rows = {"a": forecast(1.0, 1), "b": forecast(1.0, 2)}
    found = compare(TRUTH, rows, "mse", useful_gain=0.5, simplicity={"a": 1, "b": 2}).judgement
    assert found.recommended == "a"
    leader = Entry(candidate="a", rows=rows["a"])
    fresh = course_of([rows["a"], rows["b"]])
    worn = course_of([rows["a"], *(forecast(1.0, seed) for seed in range(2, 90))], [False, *[True] * 88])
    assert with_wear(found, fresh, leader).recommended == "a"
    told = with_wear(replace(found, useful_gain=0.01), worn, leader)
    assert told.wear is not None
    assert told.wear.spent(0.01)
    assert told.recommended is None
    assert "nobody is suggested" in wear_words.words(told, told.wear, None)[0]


def test_so_many_looks_are_measured_and_the_rest_is_taken_for_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlee_jupyter.evidence.looks.MOST_MEASURED", 2)
    course = course_of([forecast(0.5, seed) for seed in range(4)])
    assert course.measured == 2
    assert [[spread is None for spread in step] for step in course.steps.values()] == [[False], [True], [True]]
