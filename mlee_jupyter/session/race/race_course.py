"""What the folds of a race share, and what one came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mlee_jupyter.domain import Charter

from .fold_plan import Fold

ENDED, STOPPED, FAILED = "ended", "stopped", "failed"


@dataclass(frozen=True, kw_only=True)
class RaceCourse:
    """What every fold of a race shares."""

    X: Any
    y: Any
    folds: tuple[Fold, ...]
    metric: str
    charter: Charter


@dataclass(frozen=True, kw_only=True)
class FoldRun:
    """What one fold came to; it travels from the worker."""

    candidate: str
    variant: str | None
    fold: int
    outcome: str  # ENDED, STOPPED, FAILED
    seconds: float = 0.0
    score: float | None = None
    said: str = ""  # why it failed
