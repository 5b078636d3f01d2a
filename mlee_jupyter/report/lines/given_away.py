"""What a referee gives away: facts that anybody may know, and whole steps of a grid. Nothing here holds a truth."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicFacts:
    """What whoever hands in has to know."""

    experiment: str
    metric: str
    higher_is_better: bool
    bounded: bool  # a score in 0..1
    rows: int
    answers: str  # "labels", "numbers" or "probabilities"
    text: bool  # labels are text; else numbers
    labels: tuple[str, ...]  # the kinds of labels, in their order; empty where there are many or none


@dataclass(frozen=True, kw_only=True, slots=True)
class HandedIn:
    """One look, and all that was shown of it."""

    look: int  # 1 is the first
    candidate: str
    variant: str
    level: int | None = None  # the score in steps of the grid, higher is better; None: not ahead by a step
    gained: int = 0  # steps over the first score that are more than luck


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenAway:
    """All that was ever shown: every answer is made of this and of what anybody may know."""

    grid: float  # a step, in the metric's units
    looks: tuple[HandedIn, ...] = ()
