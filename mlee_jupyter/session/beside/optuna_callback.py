"""A callback of Optuna's: the trials of a study become variants of one candidate, written in batches, told in one line.

study.optimize(objective, n_trials=100, callbacks=[mlee.OptunaCallback("xgb", n=len(y_valid))])
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from mlee_jupyter import report
from mlee_jupyter.bridges import optuna_trials
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.record.charter_metric import is_known
from mlee_jupyter.record.scored_run import Run
from mlee_jupyter.session import current, door_lines, faults
from mlee_jupyter.stats.metrics.catalogue import metric_facts

from .too_far import TooFar

if TYPE_CHECKING:
    from mlee_jupyter.domain.audits import TriesTold
    from mlee_jupyter.stats.metrics.traits import MetricFacts

SECONDS = 5.0  # between two batches
TRIALS = 1000  # of one batch


class OptunaCallback:
    """Hand the trials of a study to the open experiment, as variants of one candidate.

    Trials are kept in memory and written every few seconds, when somebody looks, and when the cell or the script ends,
    however it ends. A trial that is on record is not written again: studies may be resumed, run in threads
    (`n_jobs`) or handed over by `experiment.record(name, study)` as well. What is wrong with a study is said once, and
    the study goes on.

    Fold scores that a trial keeps by `trial.set_user_attr("folds", scores)` are compared as such.

    Args:
        candidate: whose variants the trials are.
        n: the rows behind each score, so that accuracies can be compared; None: a bare score.
        simplicity: 1 is simplest.
        variant: what comes before a trial's name, where several studies tune one candidate.
        idea: where the idea came from: blog, paper, docs, own.
        stage: "development" keeps the trials off the board.
        tags: words to split the board by.

    Raises:
        MleeError: no experiment is open.
    """

    def __init__(
        self,
        candidate: str,
        *,
        n: int | None = None,
        simplicity: int | None = None,
        variant: str | None = None,
        idea: str | None = None,
        stage: str | None = None,
        tags: tuple[str, ...] = (),
    ) -> None:
        here = current.session()
        self._experiment = here.experiment().name
        self._here, self._candidate, self._n = here, candidate, n
        self._run = Run(
            started_at=datetime.now(UTC),
            duration=timedelta(),
            simplicity=simplicity,
            variant=variant,
            idea=idea,
            stage=stage,
            tags=tuple(tags),
        )
        self._study: Any = None
        self._handled: set[int] = set()  # numbers of trials that are written
        self._told: TriesTold | None = None  # of what was written and not told yet
        self._too_far = TooFar()
        self._refused = False
        self._waiting, self._written_at = 0, time.monotonic()
        self._lock = threading.RLock()

    def __call__(self, study: Any, trial: Any) -> None:
        """A trial ended; Optuna calls this."""
        if study is not self._study:
            self._take(study)
        self._waiting += 1
        if self._waiting == 1:
            self._here.unwritten.add(self)
        if self._here.cells.candidate is None:  # a cell's time from here on
            self._here.cells.enter(self._candidate)
        if self._waiting >= TRIALS or time.monotonic() - self._written_at >= SECONDS:
            self.write()

    def _take(self, study: Any) -> None:
        """Another study: what waits of the one before is written first."""
        with self._lock:
            if study is self._study:
                return
            self.write()
            self._study, self._handled, self._refused = study, set(), False
            self._too_far = TooFar()

    def write(self) -> None:
        """Write what waits, all that ended of the study so far; nothing is raised."""
        with self._lock:
            self._waiting, self._written_at = 0, time.monotonic()
            if self._study is None or self._refused:
                return
            try:
                with faults.faults_said(but=MleeError):
                    self._write()
            except MleeError as refused:
                self._refused = True
                print(f"{self._candidate[:60]}: the trials are not recorded. {refused}")

    def _write(self) -> None:
        ended = optuna_trials.finished_trials(self._study)
        fresh = [trial for trial in ended if trial.number not in self._handled]
        if not fresh:
            return
        experiment = self._here.store.find_experiment(self._experiment)
        metric = None if experiment is None else experiment.charter.metric
        tried = optuna_trials.tried_in_study(self._study, fresh, metric)
        written = self._here.record_tries(self._candidate, tried, self._run, experiment=self._experiment, n=self._n)
        self._handled.update(trial.number for trial in fresh)
        if written.tries is not None:
            told = self._told
            self._told = written.tries if told is None else told.joined(written.tries)
            if tried.steered and experiment is not None and metric is not None and is_known(metric):
                self._say_too_far(written.tries, metric_facts(metric), experiment.charter.useful_gain)

    def _say_too_far(self, told: TriesTold, facts: MetricFacts, gain: float | None) -> None:
        """Once, while it goes on: what is tuned further would be luck."""
        gain = self._here.settings.useful_gain if gain is None else gain
        for new in (False, True):
            found = self._too_far.passed([m for m, is_new in told.results if is_new is new], facts, gain, new=new)
            if found is not None and found.steered_from is not None:
                print(
                    report.tuned_line(
                        self._candidate, told.thing, self._too_far.tries, found.steered_from, found.luck, facts.bounded
                    )
                )

    def told(self) -> list[str]:
        """Write what waits, and what there is to say of all that was written since this was asked last."""
        with self._lock:
            self.write()
            told, self._told = self._told, None
        if told is None:
            return []
        evidence = None
        with suppress(MleeError):  # deleted since, say
            evidence = self._here.evidence(self._experiment)
        return door_lines.tries_lines(self._candidate, told, evidence)
