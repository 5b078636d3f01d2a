"""Flaws of choosing among many."""

from __future__ import annotations

from benchmarks.false_alarms.drawing import Act, Healthy
from benchmarks.false_alarms.planting import cut, flaw, labels, leader, noisy, of_rows, record, simple, wrong_on


@flaw("MLE301")
def _luck(one: Healthy) -> bool:
    """Two that nobody can tell apart on so few rows, and the better score is chosen."""
    if not labels(one) or not one.has_charter or one.gain > 0.15 or not cut(one, 60):
        return False
    one.charter.pop("must_reach", None)
    one.charter["useful_gain"] = 0.01
    chance = one.random(301)
    one.late += [
        record("this", wrong_on(6, chance), simplicity=4),
        record("that", wrong_on(7, chance), simplicity=4),
    ]
    one.decide = True
    one.direct["choose"] = leader
    return True


def _variants(one: Healthy, count: int, named: str = "C={}") -> None:
    chance = one.random(count)
    one.late += [record("net", noisy(0.3, chance), variant=named.format(k + 1), simplicity=5) for k in range(count)]


@flaw("MLE302")
def _tuned(one: Healthy) -> bool:
    if not labels(one):
        return False
    _variants(one, 22)
    one.decide = False
    return True


@flaw("MLE303")
def _uneven(one: Healthy) -> bool:
    if not labels(one) or all(each.simplicity == 1 for each in one.tries):
        return False
    least = min(sum(each.candidate == name for each in one.tries) for name in simple(one))
    if least > 2:
        return False
    _variants(one, 16)
    return True


@flaw("MLE304")
def _alone(one: Healthy) -> bool:
    if not of_rows(one):
        return False
    first = one.tries[0].candidate
    one.tries = [each for each in one.tries if each.candidate == first]
    one.charter.pop("candidates", None)
    one.decide = True
    one.direct["choose"] = first
    one.style = "handle" if one.style == "compare" else one.style
    return True


@flaw("MLE305")
def _flattered(one: Healthy) -> bool:
    if not labels(one) or not one.has_charter or not cut(one, 80):
        return False
    one.charter["useful_gain"] = 0.02
    _variants(one, 18)
    return True


@flaw("MLE306")
def _worn(one: Healthy) -> bool:
    if not labels(one) or not one.has_charter or not cut(one, 80):
        return False
    one.charter["useful_gain"] = 0.02
    _variants(one, 60)
    return True


@flaw("MLE307")
def _shopped(one: Healthy) -> bool:
    if not labels(one):
        return False
    one.charter["metric"] = "accuracy"
    one.has_charter = True
    one.late.append(Act(call=lambda here: here.change({"metric": "balanced_accuracy"}, None)))
    one.decide = True
    one.direct["choose"] = leader
    return True


@flaw("MLE308")
def _seeds(one: Healthy) -> bool:
    if not labels(one):
        return False
    _variants(one, 5, "seed={}")
    return True


@flaw("MLE309")
def _folds_only(one: Healthy) -> bool:
    return one.kind == "folds"
