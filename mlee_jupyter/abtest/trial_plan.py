"""The plan of an A/B test: what is to be seen, how it is looked at, how many units that takes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from mlee_jupyter.domain import Finding, TrialFacts
from mlee_jupyter.domain.errors import MleeError, did_you_mean
from mlee_jupyter.domain.text.numbers import rounded, rows_text
from mlee_jupyter.stats.trial.trial_size import (
    DESIGNS,
    chance_seen,
    drift_needed,
    expected_share,
    plan_times,
    units_needed,
)

from .found import finding_lines

MOST_LOOKS = 50
MOST_UNITS = 10**12
MOST_GROWN = 1.5  # of a spread; beyond, the baseline is so near 0 that it says nothing


@dataclass(frozen=True, kw_only=True)
class LookTaken:
    """One reading of a running test, as its plan remembers it."""

    units: int  # of both arms
    z: float  # the standardised difference, treatment minus control
    value: float  # the difference
    error: float  # its standard error


@dataclass(frozen=True, kw_only=True)
class TrialPlan:
    """What was agreed before the first unit; prints as plain words.

    Attributes:
        baseline: the metric without the change.
        sd: of one unit's metric, without the change.
        useful_gain: the smallest difference that matters, above 0, in the metric's units.
        higher_is_better: whether a gain is upward.
        design: fixed (one look at the end), looks (a few), always (any number).
        looks: that a design with looks counts on.
        alpha: how often a test without an effect may end as a success or a failure.
        power: how often the useful gain is to be seen.
        share: of units that get the change.
        correlation: of the metric with the same unit's value from before, 0 where that is not used.
        units: needed, in both arms together.
        units_per_week: that come in, both arms together; None: not said.
        weeks: the time that was given; None: as long as it takes.
        taken: looks taken so far.
        findings: of the rules.
    """

    baseline: float
    sd: float
    useful_gain: float
    higher_is_better: bool = True
    design: str = "fixed"
    looks: int = 5
    alpha: float = 0.05
    power: float = 0.8
    share: float = 0.5
    correlation: float = 0.0
    units: int
    units_per_week: float | None = None
    weeks: float | None = None
    taken: tuple[LookTaken, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def control_units(self) -> int:
        """Units that stay as they are."""
        return self.units - self.treatment_units

    @property
    def treatment_units(self) -> int:
        """Units that get the change."""
        return math.ceil(self.units * self.share - 1e-9)

    @property
    def weeks_needed(self) -> float | None:
        """Weeks until the units are in; None where it was not said how many come."""
        return None if self.units_per_week is None else self.units / self.units_per_week

    @property
    def drift(self) -> float:
        """Expected Z at the planned end, if the useful gain is there."""
        return drift_needed(self.design, self.looks, self.alpha, self.power)

    def facts(self) -> TrialFacts:
        """What rules may see of it."""
        come = None
        chance = None
        if self.units_per_week is not None and self.weeks is not None:
            come = math.floor(self.units_per_week * self.weeks)
            chance = chance_seen(self.design, self.looks, self.alpha, self.drift * math.sqrt(come / self.units))
        return TrialFacts(
            needed=self.units,
            expected=come,
            weeks=self.weeks,
            weeks_needed=self.weeks_needed,
            chance=chance,
            power=self.power,
            share=self.share,
        )

    def with_look(self, look: LookTaken) -> TrialPlan:
        """The plan with one more look; a second reading of the same units is no new one."""
        return replace(self, taken=(*(one for one in self.taken if one.units < look.units), look))

    def lines(self) -> list[str]:
        """What is to be done, in plain words."""
        gain, base = rounded(self.useful_gain, 3), rounded(self.baseline, 4)
        way = "more" if self.higher_is_better else "less"
        said = [
            f"{self.units:,} units: {self.control_units:,} as now, {self.treatment_units:,} with the change.",
            f"A true difference of {gain} {way} than {base} is then seen {100 * self.power:.3g} times in 100.",
            f"A change without effect is called one at most {100 * self.alpha:.3g} times in 100.",
        ]
        said += self._how_to_look()
        if self.correlation:
            kept = 1 - self.correlation**2
            said.append(
                f"Values from before save {100 * (1 - kept):.0f} of 100 units; without them it needs "
                f"{math.ceil(self.units / kept):,}."
            )
        if self.weeks_needed is not None:
            said.append(
                f"At {rounded(self.units_per_week or 0, 3)} units a week that is "
                f"{_weeks_text(self.weeks_needed)}; run whole weeks."
            )
        return [*said, *finding_lines(self.findings)]

    def _how_to_look(self) -> list[str]:
        share = expected_share(self.design, self.looks, self.alpha, self.drift)
        if self.design == "fixed":
            return ["Look once, at the end. An earlier look must not stop it: that is design looks."]
        if self.design == "looks":
            when = ", ".join(rows_text(self.units * time) for time in plan_times("looks", self.looks))
            return [
                f"Look at about {when} units, or at others; each look has its own bar, high early on.",
                f"If the gain is there, it ends after {100 * share:.0f} of 100 planned units on average.",
            ]
        return [
            "Look as often as you like, and stop when it is clear; the range holds at every look.",
            f"If the gain is there, it ends after {100 * share:.0f} of 100 planned units on average.",
        ]

    def __repr__(self) -> str:
        return "\n".join(self.lines())


def make_plan(
    *,
    useful_gain: float | None = None,
    relative_gain: float | None = None,
    baseline: float,
    sd: float | None = None,
    design: str = "fixed",
    looks: int = 5,
    alpha: float = 0.05,
    power: float = 0.8,
    share: float = 0.5,
    correlation: float = 0.0,
    units_per_week: float | None = None,
    weeks: float | None = None,
    higher_is_better: bool = True,
) -> TrialPlan:
    """The plan of an A/B test; see `ab_plan` for its arguments."""
    if design not in DESIGNS:
        near = did_you_mean(str(design), DESIGNS)
        raise MleeError(f"{str(design)[:40]!r} is no design.", f"{near}There are: {', '.join(DESIGNS)}.")
    base = _between("baseline", baseline, -math.inf, math.inf)
    gain = _gain(base, useful_gain, relative_gain)
    count = _between("looks", looks, 0, MOST_LOOKS + 1)
    if count != int(count):
        raise MleeError(f"looks = {count:g} is no whole number.", "Type --looks 5.")
    control_sd, treatment_sd = _spreads(base, gain if higher_is_better else -gain, sd)
    error, chance = _between("alpha", alpha, 0, 0.5), _between("power", power, 0.4999, 1)
    part = _between("share", share, 0, 1)
    kept = math.sqrt(1 - _between("correlation", correlation, -1, 1) ** 2)
    drift = drift_needed(design, int(count), error, chance)
    needed = units_needed(drift, gain, control_sd * kept, treatment_sd * kept, part, error)
    if not needed < MOST_UNITS:
        raise MleeError(f"No number of units shows a difference of {gain:.3g}.", "Name a larger useful gain.")
    return TrialPlan(
        baseline=base,
        sd=control_sd,
        useful_gain=gain,
        higher_is_better=bool(higher_is_better),
        design=design,
        looks=int(count),
        alpha=error,
        power=chance,
        share=part,
        correlation=float(correlation),
        units=max(2, math.ceil(needed - 1e-9)),
        units_per_week=None if units_per_week is None else _between("units_per_week", units_per_week, 0, math.inf),
        weeks=None if weeks is None else _between("weeks", weeks, 0, math.inf),
    )


def _gain(baseline: float, useful: Any, relative: Any) -> float:
    if (useful is None) == (relative is None):
        raise MleeError(
            "The smallest difference that matters is named once.",
            "Give useful_gain in the metric's units, or relative_gain as a share of the baseline.",
        )
    if useful is not None:
        return _between("useful_gain", useful, 0, math.inf)
    if baseline == 0:
        raise MleeError("A share of a baseline of 0 is 0.", "Give useful_gain in the metric's units.")
    return _between("relative_gain", relative, 0, math.inf) * abs(baseline)


def _spreads(baseline: float, change: float, sd: Any) -> tuple[float, float]:
    """Of one unit in either arm: as given, or of a rate."""
    if sd is not None:
        spread = _between("sd", sd, 0, math.inf)
        grown = min(MOST_GROWN, max(1.0, 1 + change / baseline)) if baseline > 0 else 1.0
        return spread, spread * grown  # of sums of money the spread grows with the mean
    after = baseline + change
    if not 0 < baseline < 1:
        raise MleeError(
            f"A baseline of {baseline:.6g} is no rate in 0..1, and its spread is not known.",
            "Give sd, the standard deviation of one unit's metric.",
        )
    if not 0 < after < 1:
        raise MleeError(f"A rate of {baseline:.6g} cannot become {after:.6g}.", "Name a smaller useful gain.")
    return math.sqrt(baseline * (1 - baseline)), math.sqrt(after * (1 - after))


def _between(name: str, value: Any, low: float, high: float) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if isinstance(value, bool) or not low < number < high:
        bounds = " and ".join(
            [*([f"above {low:.3g}"] if low > -math.inf else []), *([f"below {high:.3g}"] if high < math.inf else [])]
        )
        raise MleeError(f"{name} = {str(value)[:30]!r} is not a number{' ' + bounds if bounds else ''}.")
    return number


def _weeks_text(weeks: float) -> str:
    whole = math.ceil(weeks - 1e-9)
    return "1 week" if whole == 1 else f"{whole:,} weeks"
