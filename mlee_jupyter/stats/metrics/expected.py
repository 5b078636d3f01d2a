"""What is expected of two candidates before any row is there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What is expected of two candidates."""

    score: float  # of the lesser one
    correlation: float = 0.0  # of what they do on a row
    disagreement: float | None = None  # share of rows on which exactly one is right
    positives: float | None = None  # share of rows
    scarcest: float | None = None  # share of the class that limits the degrees of freedom
    spread: float | None = None  # standard deviation of one row's loss
