"""Shares of the box: nobody takes what is another's, and what one leaves goes to the others."""

from __future__ import annotations

import pytest

from mlee_jupyter.session.race.lanes import Lanes, Task
from mlee_jupyter.session.race.race_course import ENDED, FAILED, STOPPED, FoldRun


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def lanes(
    names: str, *, workers: int = 1, seconds: float = 60.0, settings: int = 1, folds: int = 2
) -> tuple[Lanes, Clock]:
    clock = Clock()
    variants = {None: object()} if settings == 1 else {str(at): object() for at in range(settings)}
    made = Lanes({name: dict(variants) for name in names}, folds=folds, seconds=seconds, workers=workers, clock=clock)
    return made, clock


def ran(task: Task, seconds: float, outcome: str = ENDED) -> FoldRun:
    name, variant, fold = task
    return FoldRun(candidate=name, variant=variant, fold=fold, outcome=outcome, seconds=seconds, score=0.5)


def test_each_has_an_equal_part_and_the_one_that_used_least_is_next() -> None:
    made, clock = lanes("abc")
    order, limits = [], []
    for task, limit in made.tasks():
        order.append(task[0])
        limits.append(limit)
        clock.now += 1
        made.take(ran(task, 1.0))
    assert order == ["a", "b", "c", "a", "b", "c"]
    assert limits[:3] == pytest.approx([20, 20, 20])
    assert limits[3] == pytest.approx(19)


def test_what_one_leaves_the_others_get() -> None:
    made, clock = lanes("ab", folds=1)
    of_a, of_b = (task for task, _ in [next(made.tasks()), next(made.tasks())])
    made.take(ran(of_a, 4.0))
    clock.now = 4
    made.lanes["b"].tasks.append(of_b)
    made.take(ran(of_b, 4.0))
    assert next(made.tasks())[1] == pytest.approx(52.0)  # 30 of its own less 4, and 26 that a left


def test_a_slow_one_takes_nothing_from_those_that_still_run() -> None:
    made, clock = lanes("ab", folds=5)
    seen = {"a": 0.0, "b": 0.0}
    for task, limit in made.tasks():
        took = min(limit, 100.0 if task[0] == "a" else 5.0)
        seen[task[0]] += took
        clock.now += took
        made.take(ran(task, took, STOPPED if took == limit else ENDED))
    assert seen == {"a": 30.0, "b": 25.0}


def test_a_setting_that_fails_runs_no_further_fold_and_the_next_one_does() -> None:
    made, _ = lanes("a", settings=2, folds=3)
    done = []
    for task, _limit in made.tasks():
        done.append(task)
        made.take(ran(task, 0.1, FAILED if task[1] == "0" else ENDED))
    assert done == [("a", "0", 0), ("a", "1", 0), ("a", "1", 1), ("a", "1", 2)]


def test_nothing_begins_after_the_box() -> None:
    made, clock = lanes("ab")
    next(made.tasks())
    clock.now = 60.0
    assert list(made.tasks()) == []


def test_several_workers_share_and_no_limit_reaches_past_the_box() -> None:
    made, clock = lanes("ab", workers=4, folds=4)
    going = made.tasks()
    limits = [next(going)[1] for _ in range(4)]
    assert limits == pytest.approx([60, 60, 60, 60])
    clock.now = 50.0
    assert next(going)[1] == pytest.approx(10)


def test_what_was_lost_can_run_again() -> None:
    made, _ = lanes("ab")
    task, _limit = next(made.tasks())
    assert made.lost() == [task]
    assert made.lost() == []
    assert made.again(task) == pytest.approx(30)
    made.take(ran(task, 1.0))
    assert made.lanes["a"].running == 0
