"""What may be shown of scores to somebody who hands in again and again, so that hill climbing learns nothing.

The Ladder (Blum and Hardt 2015, ICML 37, 1006-1014): a score is shown only where it beats the best that was shown by a
step, and then rounded; else the answer is "no better by a step", whatever the score. So until a step is shown every
answer is the same, and what was handed in until then might as well have been fixed beforehand.

Their parameter-free form takes one standard error s_t of the paired difference for the step. Chance alone takes such a
step in one look out of six, and 500 looks climb on it (`benchmarks.referee`). So the step of look t is z_t s_t, with
z_t = Phi^-1(1 - alpha / (t (t + 1))): these chances add up to alpha over all looks that will ever be. Where nothing is
better in truth, a step is shown in a share alpha of searches at most, however many looks and however clever: the looks
before the first step are one fixed sequence, to which the union bound applies as it stands.

A later step follows on what the steps before it gave away. What is said to be gained over the first score is therefore
taken at z_t standard errors, and not less than the luck budget of the steps that were shown (`wear`): what was not
shown steers nobody.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from mlee_jupyter.stats.compare.wear import luck_budget
from mlee_jupyter.stats.distributions import normal_quantile
from mlee_jupyter.stats.metrics.scored import Scored

_NICE = (1.0, 2.0, 5.0, 10.0)
_ROUNDING = 1e-9  # of a grid: what is left of a multiple of it


@dataclass(frozen=True, kw_only=True, slots=True)
class Rung:
    """All that one look gives away, where it gives anything away: whole numbers of the grid, higher is better."""

    look: int  # 1 is the first
    level: int  # the score, rounded
    gained: int  # over the first score at least, 0: nothing is claimed


@dataclass(frozen=True, kw_only=True, slots=True)
class Lead:
    """How far one column is ahead of another."""

    gain: float  # in the metric's units, higher is better
    spread: float  # its standard error
    z: float  # as a normal deviate, with all caution


@dataclass(kw_only=True, eq=False)
class Ladder:
    """The scores that were shown, one look after the other.

    Args:
        lead: how far the second column is ahead of the first.
        error: the standard error of a score; its grid is no finer.
        alpha: chance that luck alone is ever shown as a step, in (0, 0.5].
    """

    lead: Callable[[Scored, Scored], Lead]
    error: Callable[[Scored], float]
    alpha: float = 0.05
    grid: float = 0.0  # 0 before the first look
    looks: int = 0
    rungs: list[Rung] = field(default_factory=list)
    _first: Scored | None = None
    _best: Scored | None = None
    _steps: list[float] = field(default_factory=list)  # standard errors of the steps that were shown

    def look(self, scored: Scored) -> Rung | None:
        """Take one more look: the rung that it reached, or None where nothing new is shown.

        Args:
            scored: on the rows of all looks before.
        """
        self.looks += 1
        if self._first is None or self._best is None:
            self.grid = nice_above(self.error(scored))
            self._first = self._best = scored
            return self._reached(scored, 0)
        ahead, asked = self.lead(self._best, scored), demanded(self.looks - 1, self.alpha)
        if not (ahead.gain > self.grid and ahead.z > asked):
            return None
        self._best = scored
        self._steps.append(ahead.spread)
        whole = self.lead(self._first, scored)
        luck = luck_budget([[step] for step in self._steps], self.looks - 1, whole.spread, self.alpha)
        sure = whole.gain - max(luck, asked * whole.spread)
        return self._reached(scored, max(0, math.floor(sure / self.grid + _ROUNDING)))

    def _reached(self, scored: Scored, gained: int) -> Rung:
        rung = Rung(look=self.looks, level=round(scored.theta / self.grid), gained=gained)
        self.rungs.append(rung)
        return rung


def demanded(look: int, alpha: float) -> float:
    """How many standard errors ahead a look must be, z_t = Phi^-1(1 - alpha / (t (t + 1))).

    Args:
        look: t, after the first; 1 or more.
        alpha: over all looks together, in (0, 0.5].
    """
    return -normal_quantile(alpha / (look * (look + 1.0)))


def nice_above(width: float) -> float:
    """The smallest of 1, 2 or 5 times a power of ten that is not below a width; 1e-6 where there is none.

    Args:
        width: 0 or more, finite.
    """
    if not 0 < width < math.inf:
        return 1e-6
    power = 10.0 ** math.floor(math.log10(width))
    return next((nice * power for nice in _NICE if nice * power >= width * (1 - 1e-12)), 10 * power)
