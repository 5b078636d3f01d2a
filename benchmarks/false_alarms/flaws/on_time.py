"""Flaws of the time box."""

from __future__ import annotations

from functools import partial

from benchmarks.false_alarms.drawing import Act, Healthy
from benchmarks.false_alarms.planting import FLAWS, boxed, flaw, labels, noisy, record, simple, wrong_on


def _left_out(one: Healthy, used: float) -> bool:
    if one.kind != "rows":
        return False
    agreed = one.charter.get("candidates") or simple(one)
    names = [*(list(agreed)), "network"]
    one.charter["candidates"] = names
    return boxed(one, used)


FLAWS["MLE101"] = partial(_left_out, used=0.65)
FLAWS["MLE102"] = partial(_left_out, used=0.9)


@flaw("MLE103")
def _over(one: Healthy) -> bool:
    return boxed(one, 1.1)


@flaw("MLE104")
def _ate(one: Healthy) -> bool:
    one.style = "handle" if one.style == "loop" else one.style
    for each in one.tries:
        each.minutes = 1.0
    one.tries[-1].minutes = 0.6 * 60 * (one.budget or 4.0)
    return _left_out(one, 0.95)


@flaw("MLE105")
def _extended(one: Healthy) -> bool:
    boxed(one, one.used)
    for hours in ("1h", "2h"):
        why = f"{hours} more"
        one.late.append(
            Act(f'work.extend("{hours}", because="{why}")', f'%mlee_experiment extend {hours} --because "{why}"')
        )
    return True


@flaw("MLE106")
def _undecided(one: Healthy) -> bool:
    one.decide = False
    one.last.append(Act(call=lambda here: here.news(), days=12))
    return True


@flaw("MLE107")
def _no_gain(one: Healthy) -> bool:
    if not labels(one):
        return False
    chance = one.random(107)
    wrong = wrong_on(one.n // 3, chance)  # as many rows each time: by luck alone one in six would seem to gain
    one.late += [record("net", wrong, variant=f"try {k}", simplicity=5) for k in range(8)]
    return True


@flaw("MLE108")
def _full_data(one: Healthy) -> bool:
    if not labels(one):
        return False
    one.decide, one.budget = False, one.budget or 4.0
    one.late.append(record("net", noisy(0.4, one.random(108)), minutes=60 * one.budget * 0.4, simplicity=5))
    return True


@flaw("MLE109")
def _dear(one: Healthy) -> bool:
    if not one.has_charter or one.kind != "rows":
        return False
    names = simple(one)
    one.charter["candidates"] = {name: {"build": "2d"} for name in names}
    one.charter["candidates"]["network"] = {"build": "40d", "gain": one.gain / 4}
    return True
