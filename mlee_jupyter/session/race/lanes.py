"""Whose fold is next, and how long it may take: each candidate has its share of the box, and what others left."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .race_course import ENDED, STOPPED, FoldRun

Task = tuple[str, str | None, int]  # candidate, variant, fold


@dataclass
class Lane:
    """One candidate: what it still has to run, and what it used."""

    tasks: deque[Task]
    used: float = 0.0  # seconds of workers
    running: int = 0
    over: bool = False  # its share is used up

    @property
    def is_done(self) -> bool:
        """Whether nothing of it will run any more."""
        return not self.running and (self.over or not self.tasks)


@dataclass
class Lanes:
    """All candidates of a race.

    Args:
        settings: by candidate, its variants in order.
        folds: how many each has.
        seconds: of the box.
        workers: how many run at once.
    """

    settings: Mapping[str, Mapping[str | None, Any]]
    folds: int
    seconds: float
    workers: int
    clock: Callable[[], float] = time.monotonic
    out: dict[Task, float] = field(default_factory=dict)  # what runs, and its limit

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._ends = self.clock() + self.seconds
        self.lanes = {
            name: Lane(deque((name, variant, fold) for variant in variants for fold in range(self.folds)))
            for name, variants in self.settings.items()
        }

    @property
    def seconds_left(self) -> float:
        """Until the box ends."""
        return max(0.0, self._ends - self.clock())

    def tasks(self) -> Iterator[tuple[Task, float]]:
        """Tasks with their limits in seconds, as workers get free: the candidate that used least comes first.

        Asked for from joblib's threads.
        """
        while True:
            with self._lock:
                waiting = [lane for lane in self.lanes.values() if lane.tasks and not lane.over]
                if not waiting or not self.seconds_left:
                    return
                lane = min(waiting, key=lambda one: (one.used, one.running))
                task, limit = lane.tasks.popleft(), self._limit(lane)
                lane.running += 1
                self.out[task] = limit
            yield task, limit

    def _limit(self, lane: Lane) -> float:
        """Its share less what it used, and its part of what finished ones left; shared with what runs beside it."""
        share = self.seconds * self.workers / len(self.lanes)
        ended = [one for one in self.lanes.values() if one is not lane and one.is_done]
        left_over = sum(max(0.0, share - one.used) for one in ended)
        mine = share - lane.used + left_over / (len(self.lanes) - len(ended))
        return min(mine / (lane.running + 1), self.seconds_left)

    def take(self, run: FoldRun) -> None:
        """What a task came to; a candidate that was stopped runs no more."""
        with self._lock:
            lane = self.lanes[run.candidate]
            lane.running -= self.out.pop((run.candidate, run.variant, run.fold), None) is not None  # a lost one is not
            lane.used += run.seconds
            if run.outcome == STOPPED:
                lane.over = True
            elif run.outcome != ENDED:  # the other folds of this setting would tell nothing
                lane.tasks = deque(task for task in lane.tasks if task[1] != run.variant)

    def lost(self) -> list[Task]:
        """What ran when the workers broke; it is no longer counted as running."""
        with self._lock:
            lost = list(self.out)
            for task in lost:
                self.lanes[task[0]].running -= 1
            self.out.clear()
            return lost

    def again(self, task: Task) -> float:
        """Let a lost task run once more, by itself; gives its limit."""
        with self._lock:
            lane = self.lanes[task[0]]
            limit = self._limit(lane)
            lane.running += 1
            self.out[task] = limit
            return limit
