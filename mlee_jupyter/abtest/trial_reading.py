"""An A/B test read by its plan: the primary metric's range, what it may be called, and what other metrics did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mlee_jupyter.domain import Finding
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.distributions import normal_quantile
from mlee_jupyter.stats.trial.always import time_of_width
from mlee_jupyter.stats.trial.crossing import CLOSEST
from mlee_jupyter.stats.trial.early_stop import Corrected, corrected
from mlee_jupyter.stats.trial.spending import HIGHEST
from mlee_jupyter.stats.trial.trial_size import design_bounds, false_alarms_of_peeking

from .arm_effects import ArmEffect, Effects, step_down
from .arm_table import ArmTable, Columns
from .trial_plan import LookTaken, TrialPlan

KEEP, STOP, NOTHING, EARLY, OPEN = "keep", "stop", "no difference that matters", "too early", "can't tell"
ENOUGH = 0.99  # of the planned units: the end of a fixed design
ALPHA = 0.05  # where there is no plan


@dataclass(frozen=True, kw_only=True)
class TrialReading:
    """What an A/B test says now; prints as plain words.

    Attributes:
        word: keep, stop, no difference that matters, too early, or can't tell (the plan is used up and nothing showed).
        effect: of the primary metric, by the design that was planned; None where the arms are not as they were to be.
        estimate: the difference to go on with; after an early stop the corrected one.
        others: further metrics, ranges together as sure as the primary one alone.
        guards: metrics that must not fall.
        control_units: seen without the change.
        treatment_units: seen with it.
        time: units over those planned; None without a plan.
        ended_at: units of the earlier look that ended the test; None where none did.
        peeking: false alarms there would be, if looks at a fixed design could stop it; None where there were none.
        units_to_go: that would settle it; None where that is not known.
        worth: money that one more of the metric is worth; None: not said.
        plan: with this look; None: there is none.
        findings: of the rules.
        clustered: whether several rows were one unit.
        unit_known: whether a column said which rows are one unit.
        said: all of it in words.
    """

    word: str
    effect: ArmEffect | None
    estimate: Corrected | None
    others: tuple[ArmEffect, ...] = ()
    guards: tuple[ArmEffect, ...] = ()
    control_units: int
    treatment_units: int
    time: float | None
    ended_at: int | None = None
    peeking: float | None = None
    units_to_go: int | None = None
    worth: float | None = None
    plan: TrialPlan | None
    findings: tuple[Finding, ...] = ()
    clustered: bool = False
    unit_known: bool = True
    said: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "\n".join(self.said)


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """The looks at a test up to now, as shares of its planned units."""

    design: str
    alpha: float
    times: tuple[float, ...]  # of looks at least 0.001 apart, now the last one
    past: tuple[LookTaken, ...]  # the looks at all times but the last

    def bound(self, alpha: float) -> float:
        """What |Z| must pass now.

        Args:
            alpha: of both sides.
        """
        return min(design_bounds(self.design, self.times, alpha)[-1], HIGHEST)

    def limits(self) -> tuple[float, ...]:
        """What |Z| had to pass at each look."""
        return design_bounds(self.design, self.times, self.alpha)


def calendar(plan: TrialPlan | None, units: int) -> Calendar:
    """The looks of a plan and one more now.

    Args:
        plan: with the looks taken; None: this is the only one.
        units: of now.

    Raises:
        MleeError: fewer units than at an earlier look, or hardly any.
    """
    if plan is None:
        return Calendar(design="fixed", alpha=ALPHA, times=(1.0,), past=())
    if plan.taken and units < plan.taken[-1].units:
        raise MleeError(
            f"{units:,} units now, and {plan.taken[-1].units:,} at the last look.",
            "Read the table that was read before.",
        )
    now = units / plan.units
    if now < CLOSEST:
        raise MleeError(f"{units:,} of {plan.units:,} planned units are hardly a start.", "Read again later.")
    times: list[float] = []
    past: list[LookTaken] = []
    for one in plan.taken:
        time = one.units / plan.units
        if one.units < units and time - (times[-1] if times else 0.0) >= CLOSEST:
            times.append(time)
            past.append(one)
    if times and now - times[-1] < CLOSEST:
        past.pop()  # the same look again
    else:
        times.append(now)
    return Calendar(design=plan.design, alpha=plan.alpha, times=tuple(times), past=tuple(past))


def read_trial(
    table: ArmTable,
    columns: Columns,
    plan: TrialPlan | None,
    *,
    guards: Sequence[str] = (),
    useful_gain: float | None = None,
    higher_is_better: bool = True,
    worth: float | None = None,
) -> TrialReading:
    """The reading of a table whose arms are as they were to be.

    Args:
        table: checked.
        columns: of it, the primary metric first, guards last.
        plan: as agreed; None: there is none.
        guards: metrics among the columns that must not fall.
        useful_gain: without a plan, the smallest difference that matters.
        higher_is_better: without a plan, whether a gain is upward.
        worth: money that one more of the metric is worth.

    Raises:
        MleeError: a metric never varies, or the table has fewer units than at the last look.
    """
    units = table.control_units + table.treatment_units
    effects = Effects(table)
    seen = calendar(plan, units)
    if plan is not None:
        useful_gain, higher_is_better = plan.useful_gain, plan.higher_is_better
    effect = effects.of(columns.metrics[0], seen.bound(seen.alpha))
    others = tuple(name for name in columns.metrics[1:] if name not in guards)
    reading = TrialReading(
        word=EARLY,
        effect=effect,
        estimate=_estimate(effect, seen),
        others=tuple(step_down(effects, others, seen.bound, seen.alpha).values()),
        guards=tuple(effects.of(name, seen.bound(seen.alpha)) for name in guards),
        control_units=table.control_units,
        treatment_units=table.treatment_units,
        time=None if plan is None else units / plan.units,
        worth=worth,
        plan=plan,
        clustered=table.clustered,
        unit_known=columns.unit is not None,
    )
    if plan is not None:
        look = LookTaken(units=units, z=effect.z, value=effect.value, error=effect.error)
        reading = replace(reading, plan=plan.with_look(look))
    reading = _ended_before(reading, seen)
    word = _word(reading, useful_gain, higher_is_better)
    reading = replace(reading, word=word, peeking=_peeking(reading, seen))
    return replace(reading, units_to_go=_to_go(reading, seen, useful_gain))


def _estimate(effect: ArmEffect, seen: Calendar) -> Corrected:
    """The difference to go on with, if the test ends here."""
    plain = Corrected(value=effect.value, low=effect.low, high=effect.high)
    limits = seen.limits()
    ends = abs(effect.z) >= limits[-1] or (seen.design == "looks" and seen.times[-1] >= 1)
    if seen.design == "fixed" or len(seen.times) < 2 or not ends or effect.too_few:
        return plain
    better = corrected(seen.times, limits[:-1], effect.z, effect.error, seen.alpha)
    return better if seen.design == "looks" else replace(plain, value=better.value)


def _ended_before(reading: TrialReading, seen: Calendar) -> TrialReading:
    """An earlier look that passed its bar, or came at the planned end, ended the test."""
    if seen.design == "fixed" or reading.effect is None:
        return reading
    limits = seen.limits()
    for look, (one, limit) in enumerate(zip(seen.past, limits, strict=False)):
        if abs(one.z) >= limit or (seen.design == "looks" and seen.times[look] >= 1):
            effect = replace(
                reading.effect,
                value=one.value,
                error=one.error,
                z=one.z,
                low=one.value - limit * one.error,
                high=one.value + limit * one.error,
                relative=None,
                too_few="",
            )
            until = replace(seen, times=seen.times[: look + 1], past=seen.past[:look])
            return replace(reading, effect=effect, estimate=_estimate(effect, until), ended_at=one.units)
    return reading


def _word(reading: TrialReading, useful_gain: float | None, higher_is_better: bool) -> str:
    effect, estimate, plan, time = reading.effect, reading.estimate, reading.plan, reading.time
    if effect is None or estimate is None or effect.too_few:
        return EARLY
    if plan is not None and plan.design == "fixed" and time is not None and time < ENOUGH:
        return EARLY
    sign = 1 if higher_is_better else -1
    low, high = sorted((sign * estimate.low, sign * estimate.high))
    if any(guard.high < 0 and not guard.too_few for guard in reading.guards):
        return STOP
    if useful_gain is not None and -useful_gain < low and high < useful_gain:
        return NOTHING
    if low > 0 or high < 0:
        return KEEP if low > 0 else STOP
    done = plan is None or plan.design == "fixed" or (plan.design == "looks" and (time or 0) >= 1)
    return OPEN if done or reading.ended_at is not None else EARLY


def _peeking(reading: TrialReading, seen: Calendar) -> float | None:
    """What stopping at the looks of a fixed design would do, its end counted too."""
    plan = reading.plan
    if plan is None or plan.design != "fixed" or seen.times[-1] >= ENOUGH:
        return None
    return false_alarms_of_peeking((*seen.times, 1.0), plan.alpha)


def _to_go(reading: TrialReading, seen: Calendar, useful_gain: float | None) -> int | None:
    """Units still to come until it is settled."""
    plan, effect, time = reading.plan, reading.effect, reading.time
    if reading.word == OPEN and useful_gain is not None and effect is not None:
        units = reading.control_units + reading.treatment_units
        reach = normal_quantile(1 - seen.alpha / 2) + normal_quantile(0.8 if plan is None else plan.power)
        return round(units * (reach * effect.error / useful_gain) ** 2)  # of a new test, at the spread that was seen
    if reading.word != EARLY or plan is None or time is None or effect is None:
        return None
    units = reading.control_units + reading.treatment_units
    if plan.design == "always" and not effect.too_few and time >= 1:
        when = time_of_width(plan.useful_gain, effect.error, time, plan.alpha)
        return round(plan.units * when) - units if when < 100 else None
    return max(0, plan.units - units)
