"""A loop that records candidate after candidate: judging after each would cost more and more, so it waits.

The first few records of a cell are judged and told at once. After that at most a tenth of the loop's time goes into
judging, once a second at the most, and what is left over is told when the cell ends. A board that is asked for is
always judged anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable

AT_ONCE = 5  # records of a cell
SECONDS = 1.0
SHARE = 10.0  # times as long as the last judgement took


class Loop:
    """When the records of the running cell are due to be judged, and which were not told yet.

    Args:
        clock: seconds; an argument so that tests can turn it.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._records = 0
        self._told_at = self._took = 0.0
        self.waiting: list[str | None] = []  # candidates, one per record that was not judged; None: of a quiet one

    def is_due(self, candidate: str | None) -> bool:
        """Count one more record; False puts it among those that wait. None: its candidate is not to be named."""
        self._records += 1
        due = self._records <= AT_ONCE or self._clock() - self._told_at >= max(SECONDS, SHARE * self._took)
        if not due:
            self.waiting.append(candidate)
        return due

    def told(self, began: float) -> list[str]:
        """All is judged now, which began at a reading of the clock; gives back those that had waited to be told."""
        self._told_at = self._clock()
        self._took = self._told_at - began
        waited, self.waiting = self.waiting, []
        return [name for name in waited if name is not None]

    def now(self) -> float:
        """A reading of the clock."""
        return self._clock()

    def begin(self) -> None:
        """Another cell begins."""
        self._records = 0
