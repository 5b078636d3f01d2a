"""A reading in words that somebody acts on who is no statistician."""

from __future__ import annotations

import math

from mlee_jupyter.domain.text.names import clean
from mlee_jupyter.domain.text.numbers import gain_text, rounded, rows_text, score_text
from mlee_jupyter.stats.trial.early_stop import Corrected

from .arm_effects import ArmEffect
from .found import finding_lines
from .trial_reading import EARLY, KEEP, NOTHING, OPEN, STOP, TrialReading

HEADS = {
    KEEP: "Keep the change.",
    STOP: "Stop the change.",
    NOTHING: "No difference that matters.",
    EARLY: "Too early to say.",
    OPEN: "Can't tell.",
}
UNITS_OF_MONEY = 1_000  # lift is told for so many units


def reading_lines(reading: TrialReading) -> list[str]:
    """What is printed of a reading.

    Args:
        reading: of a test.
    """
    said = finding_lines(reading.findings)
    effect = reading.effect
    if effect is None:
        return [f"{HEADS[OPEN]} The effect is not shown, because its arms cannot be compared.", *said]
    lines = [f"{HEADS[reading.word]} {_difference(reading, effect)}", *_reasons(reading, effect)]
    lines += [_other(one, reading) for one in reading.others]
    lines += [_guard(one) for one in reading.guards]
    return [*lines, *_footing(reading, effect), *said]


def _difference(reading: TrialReading, effect: ArmEffect) -> str:
    """The metric in both arms, and the difference with its range."""
    name = clean(effect.metric, 40)
    if effect.too_few:
        return f"{name}: {effect.too_few}."
    estimate = reading.estimate or Corrected(value=effect.value, low=effect.low, high=effect.high)
    said = _changed(estimate.value, estimate.low, estimate.high, effect.is_rate)
    if reading.ended_at is not None:
        return f"The look at {reading.ended_at:,} units ended the test: {name} was {said}."
    arms = f"{_level(effect.treatment, effect)} with the change, {_level(effect.control, effect)} without"
    relative = ""
    if effect.relative is not None and reading.estimate is not None and reading.estimate.value == effect.value:
        relative = (
            f", {_percent(effect.relative[0])} ({_percent(effect.relative[1])} to {_percent(effect.relative[2])})"
        )
    return f"{name}: {arms}; {said}{relative}."


def _changed(value: float, low: float, high: float, is_rate: bool) -> str:
    """ "1.2 points more (0.4 to 2)" """
    way = "more" if value > 0 else "less"
    if value < 0:
        value, low, high = -value, -high, -low
    if not is_rate:
        return f"{rounded(value, 3)} {way} ({rounded(low, 3)} to {rounded(high, 3)})"
    ends = " to ".join(f"{rounded(100 * end, 2)}" for end in (low, high))
    return f"{gain_text(value, True)} {way} ({ends})"


def _level(value: float, effect: ArmEffect) -> str:
    return score_text(value, True, unit=True) if effect.is_rate else rounded(value, 4)


def _percent(share: float) -> str:
    return f"{100 * share:+.2g}%" if abs(share) < 1 else f"{100 * share:+,.0f}%"


def _reasons(reading: TrialReading, effect: ArmEffect) -> list[str]:
    """Why it is called that, and what settles it."""
    plan = reading.plan
    lines: list[str] = []
    if reading.word == KEEP and any(guard.too_few for guard in reading.guards):
        lines.append("A guard has too few units yet to say that it held.")
    if reading.word == STOP and (fell := [one for one in reading.guards if one.high < 0 and not one.too_few]):
        lines.append(f"{clean(fell[0].metric, 40)} must not fall, and fell.")
    if reading.word == NOTHING and plan is not None:
        lines.append(f"{_amount(plan.useful_gain, effect)} would matter; the whole range is below that.")
    estimate = reading.estimate
    if estimate is not None and not math.isclose(estimate.value, effect.value, rel_tol=1e-3):
        lines.append(
            f"Plainly counted it is {_amount(abs(effect.value), effect)}: a test that stops on a large "
            "difference shows it too large, and the number above is put right for that."
        )
    if reading.peeking is not None:
        lines.append(
            f"The plan looks once, at its end. Stopping at a look like this calls a change without effect one "
            f"{100 * reading.peeking:.0f} times in 100, not {100 * (plan.alpha if plan else 0.05):.3g}."
        )
    if reading.units_to_go:
        lines.append(_to_go(reading, effect, reading.units_to_go))
    return lines


def _to_go(reading: TrialReading, effect: ArmEffect, units: int) -> str:
    plan = reading.plan
    weeks = ""
    if plan is not None and plan.units_per_week:
        count = math.ceil(units / plan.units_per_week - 1e-9)
        weeks = f", {count} week{'s' if count != 1 else ''}"
    if reading.word == OPEN:
        gain = "" if plan is None else f" for a difference of {_amount(plan.useful_gain, effect)}"
        return (
            f"A new test of about {rows_text(units)} units would tell{gain}{weeks}; more units in this one would not."
        )
    until = (
        "the planned end" if reading.time is not None and reading.time < 1 else "the range is as narrow as what matters"
    )
    return f"About {rows_text(units)} units to go until {until}{weeks}."


def _amount(value: float, effect: ArmEffect) -> str:
    return gain_text(value, True) if effect.is_rate else rounded(value, 3)


def _other(one: ArmEffect, reading: TrialReading) -> str:
    """A further metric, by the level of its step."""
    if one.too_few:
        return f"  {clean(one.metric, 40)}: {one.too_few}."
    unclear = one.low <= 0 <= one.high
    tail = "; not told apart" if unclear else ""
    return f"  {clean(one.metric, 40)}: {_changed(one.value, one.low, one.high, one.is_rate)}{tail}."


def _guard(one: ArmEffect) -> str:
    """A metric that must not fall."""
    name = clean(one.metric, 40)
    if one.too_few:
        return f"  guard {name}: {one.too_few}."
    if one.high < 0:
        return f"  guard {name}: fell by {_amount(-one.high, one)} to {_amount(-one.low, one)}."
    if one.low >= 0:
        return f"  guard {name}: did not fall."
    return f"  guard {name}: may have fallen by up to {_amount(-one.low, one)}."


def _footing(reading: TrialReading, effect: ArmEffect) -> list[str]:
    """What the numbers stand on."""
    units = f"{reading.control_units:,} and {reading.treatment_units:,} units"
    share = "" if reading.time is None else f", {100 * reading.time:.0f} of 100 planned"
    lines = [f"  {units}{share}."]
    if effect.held_back:
        lines[0] += f" Values from before take away {100 * effect.held_back:.0f}% of the scatter."
    if reading.clustered:
        lines.append("  Several rows were one unit; errors are those of units.")
    if not reading.unit_known:
        lines.append("  Each row is taken for a unit of its own; name the unit's column to have that checked.")
    if reading.plan is None:
        lines.append("  There was no plan: this holds if the end was fixed beforehand, and this is the only look.")
    estimate = reading.estimate
    if reading.worth is not None and estimate is not None and not effect.too_few:
        ends = (UNITS_OF_MONEY * reading.worth * x for x in (estimate.value, estimate.low, estimate.high))
        value, low, high = (rounded(x, 3) for x in ends)
        lines.append(f"  In money: {value} for each {UNITS_OF_MONEY:,} units ({low} to {high}).")
    return lines
