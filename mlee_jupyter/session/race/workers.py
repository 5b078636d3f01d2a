"""The workers of a race, through joblib: loky by default, Dask, Ray or Spark where their backend is named."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, nullcontext
from itertools import islice
from typing import Any

from mlee_jupyter.domain.errors import MleeError

from .lanes import Lanes, Task
from .race_course import FAILED, STOPPED, FoldRun, RaceCourse

GRACE_SECONDS = 2.0  # for a worker that sits in one call at the end of the box
BROKEN = {"TerminatedWorkerError", "BrokenProcessPool", "KilledWorker", "WorkerCrashedError", "TimeoutError"}
AT_LEAST = 2  # joblib runs what has one worker in this very process, which a fault could take along


class Workers:
    """Runs folds on what joblib offers.

    Args:
        backend: joblib's name of one; None: as joblib is configured here.
        jobs: how many at once; None: one a processor.
        run: runs one fold; it travels to the workers.
    """

    def __init__(self, backend: str | None, jobs: int | None, run: Callable[..., FoldRun]) -> None:
        try:
            import joblib
        except ImportError:
            raise MleeError("A race runs through joblib, which is not installed.", "pip install joblib") from None
        self._joblib = joblib
        self._backend = backend
        self._run = run
        try:
            with self._configured():
                self.count = int(joblib.effective_n_jobs(-1 if jobs is None else jobs))
        except (ValueError, ImportError) as fault:
            known = " ".join(str(fault).split())[:160]
            raise MleeError(
                f"joblib has no workers {backend!r} ({known}).", "Leave backend out, or register it."
            ) from None

    def run(self, lanes: Lanes, course: RaceCourse) -> Iterator[FoldRun]:
        """Every fold as it ends. A worker that dies costs the fold it ran; nothing runs on past the box."""
        while True:
            with closing(self._some(lanes, course, lanes.tasks())) as runs:
                broken = yield from _taken(lanes, runs)
            if broken is None:
                return
            for task in lanes.lost():
                if broken == "TimeoutError":
                    yield _given_up(lanes, task, STOPPED)
                    continue
                yield from self._alone(lanes, course, task)

    def _alone(self, lanes: Lanes, course: RaceCourse, task: Task) -> Iterator[FoldRun]:
        """One of the folds that ran when a worker died, by itself, so that the one which kills is known."""
        limit = lanes.again(task)
        with closing(self._some(lanes, course, iter([(task, limit)]))) as runs:
            broken = yield from _taken(lanes, runs)
        for lost in lanes.lost() if broken else ():
            outcome = STOPPED if broken == "TimeoutError" else FAILED
            yield _given_up(lanes, lost, outcome)

    def _some(self, lanes: Lanes, course: RaceCourse, tasks: Iterator[tuple[Task, float]]) -> Generator[FoldRun]:
        """Runs of these tasks in the order in which they end."""
        calls = (
            self._joblib.delayed(self._run)(course, name, variant, lanes.settings[name][variant], fold, limit)
            for (name, variant, fold), limit in tasks
        )
        options = {"n_jobs": max(self.count, AT_LEAST), "batch_size": 1, "pre_dispatch": self.count}
        with self._configured(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # joblib's, of tasks that a broken pool did not end
            timeout = lanes.seconds_left + GRACE_SECONDS
            try:
                at_once = self._joblib.Parallel(return_as="generator_unordered", timeout=timeout, **options)
            except ValueError:  # a backend that gives all at the end
                while wave := list(islice(calls, self.count)):
                    yield from self._joblib.Parallel(timeout=timeout, **options)(wave)
                return
            yield from at_once(calls)

    def _configured(self) -> Any:
        return self._joblib.parallel_config(backend=self._backend) if self._backend else nullcontext()


def _taken(lanes: Lanes, runs: Iterator[FoldRun]) -> Any:
    """Pass runs on, counting them; gives the name of what broke the workers, None where all went well."""
    try:
        for run in runs:
            lanes.take(run)
            yield run
    except Exception as fault:
        if type(fault).__name__ not in BROKEN:
            raise
        return type(fault).__name__
    return None


def _given_up(lanes: Lanes, task: Task, outcome: str) -> FoldRun:
    """A fold that no worker brought to an end."""
    name, variant, fold = task
    said = "its worker died: out of memory, perhaps" if outcome == FAILED else ""
    run = FoldRun(candidate=name, variant=variant, fold=fold, outcome=outcome, said=said)
    lanes.take(run)
    return run
