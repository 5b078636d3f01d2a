"""Flaws of what was agreed."""

from __future__ import annotations

from benchmarks.false_alarms.drawing import Act, Healthy
from benchmarks.false_alarms.planting import boxed, flaw, leader, of_rows, served


@flaw("MLE601")
def _gaps(one: Healthy) -> bool:
    for key in ("question", "decision", "owner"):
        one.charter.pop(key, None)
    return one.has_charter


@flaw("MLE602")
def _how(one: Healthy) -> bool:
    one.charter["question"] = "Can a random forest tell which customers need help?"
    return one.has_charter


@flaw("MLE603")
def _nobody_saw(one: Healthy) -> bool:
    one.charter["owner"], one.shows = "customer care", False
    return one.has_charter and of_rows(one) and boxed(one, 0.7)


@flaw("MLE604")
def _moved(one: Healthy) -> bool:
    if not one.has_charter:
        return False
    one.late.append(Act(call=lambda here: here.change({"useful_gain": 2 * one.gain}, None)))
    return True


@flaw("MLE605")
def _unmeasured(one: Healthy) -> bool:
    if not served(one, value_per_month=5000.0):
        return False
    one.charter.pop("measure")
    one.decide, one.direct["choose"] = True, leader
    return True
