"""What the rules may see of an A/B test."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class TrialFacts:
    """An A/B test in numbers: its plan, and how its units fell into the arms once it runs."""

    needed: int | None = None  # units of both arms that the plan asks for
    expected: int | None = None  # units that come in the time that was given
    weeks: float | None = None  # of that time
    weeks_needed: float | None = None
    chance: float | None = None  # that the gain is seen with the units expected
    power: float | None = None  # the chance that was asked for
    control: int | None = None  # units seen without the change
    treatment: int | None = None  # units seen with it
    share: float = 0.5  # of units that were to get the change
