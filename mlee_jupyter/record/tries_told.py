"""What is said of many tries at once: how many there were, what became of them, and the best."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mlee_jupyter.domain import Measured


@dataclass(frozen=True, kw_only=True)
class TriesTold:
    """How many tries were handed over, and what became of them."""

    thing: str  # "trial", "setting"
    count: int = 0
    known: int = 0  # of them, on record before
    scored: int = 0
    lacking: Mapping[str, int] = field(default_factory=dict)  # why the others have no score -> how many
    best: Measured | None = None
    best_variant: str = ""
    higher_is_better: bool = True
    results: tuple[tuple[Measured, bool], ...] = ()  # of those with a score, in their order; whether it is new
    beside: bool = False  # predictions were recorded beside them

    def joined(self, other: TriesTold) -> TriesTold:
        """Both together."""
        first = max(self, other, key=_rank)
        return replace(
            self,
            count=self.count + other.count,
            known=self.known + other.known,
            scored=self.scored + other.scored,
            lacking=Counter(self.lacking) + Counter(other.lacking),
            results=(),
            best=first.best,
            best_variant=first.best_variant,
        )


def _rank(told: TriesTold) -> float:
    """How good its best is; less than all else where there is none."""
    if told.best is None or told.best.value is None:
        return -math.inf
    return told.best.value if told.higher_is_better else -told.best.value
