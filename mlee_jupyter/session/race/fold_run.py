"""One fold of one candidate, in a worker: fit, predict, score. It stops itself at its limit."""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from mlee_jupyter.domain.errors import MleeError, TimeBoxExpired
from mlee_jupyter.record import cell_output, score
from mlee_jupyter.record.truth import truth_of
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stopping import Stop, lay_into, take_back

from .fold_plan import rows_of
from .race_course import ENDED, FAILED, STOPPED, FoldRun, RaceCourse

AGAIN_SECONDS = 0.5


def run_fold(
    course: RaceCourse, candidate: str, variant: str | None, estimator: Any, fold: int, limit: float
) -> FoldRun:
    """Fit and score one fold; nothing that the candidate's code raises comes out of here.

    Args:
        course: of the race.
        candidate: whose fold it is.
        variant: the setting, where it has several.
        estimator: with fit and predict; the one handed over stays as it is.
        fold: its place in the course.
        limit: seconds, after which it is stopped.
    """
    began = time.perf_counter()

    def found(outcome: str, value: float | None = None, said: str = "") -> FoldRun:
        took = time.perf_counter() - began
        return FoldRun(
            candidate=candidate, variant=variant, fold=fold, outcome=outcome, seconds=took, score=value, said=said
        )

    if limit <= 0:
        return found(STOPPED)
    try:
        with _limited(limit):
            value = _score(course, copy.deepcopy(estimator), fold)
    except TimeBoxExpired:
        return found(STOPPED)
    except KeyboardInterrupt:
        raise
    except MleeError as refused:
        return found(FAILED, said=str(refused))
    except Exception as fault:
        return found(FAILED, said=f"{type(fault).__name__}: {' '.join(str(fault).split())[:160]}")
    return found(ENDED, value)


def _score(course: RaceCourse, estimator: Any, fold: int) -> float:
    train, test = course.folds[fold]
    estimator.fit(rows_of(course.X, train), rows_of(course.y, train))
    truth = truth_of("y", np.asarray(rows_of(course.y, test)))
    facts = metric_facts(course.metric, course.charter.average)
    (handed,) = cell_output.read(
        estimator,
        n=truth.n,
        needs=facts.needs,
        metric=course.metric,
        features=rows_of(course.X, test),
        labels=truth.classes,
    )
    # the answers were laid out by place here, so an index of the predictions says nothing
    scored = score.score(_without_index(handed), truth, course.charter, course.metric, {}, keep_rows=False)
    if scored.measured.value is None:
        raise MleeError("This fold has no score.", "Take fewer folds.")
    return float(scored.measured.value)


def _without_index(handed: cell_output.Handed) -> cell_output.Handed:
    return replace(handed, value=None, beside=None)


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Stopped at a limit: by a signal in a main thread, else by an exception that is laid into this thread."""
    if threading.current_thread() is threading.main_thread():
        with Stop(seconds):
            yield
        return
    timer = _Insisting(seconds, threading.get_ident())
    timer.start()
    try:
        yield
    finally:
        timer.end()


class _Insisting(threading.Thread):
    """Raises the limit's fault in another thread, again and again until that has ended."""

    def __init__(self, seconds: float, ident: int) -> None:
        super().__init__(daemon=True, name="mlee-fold-limit")
        self._after, self._of, self._done, self._lock = seconds, ident, threading.Event(), threading.Lock()
        self._raised = False

    def run(self) -> None:
        left = self._after
        while not self._done.wait(left):
            with self._lock:
                if not self._done.is_set():
                    self._raised = True
                    lay_into(self._of, TimeBoxExpired)
            left = AGAIN_SECONDS

    def end(self) -> None:
        """No more is raised from here on, in the thread that calls this; one that is on its way is caught."""
        with self._lock:
            self._done.set()
        if self._raised:
            take_back()
