"""A race of candidates: the same folds for all, each within its share of the box, recorded as they come."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from mlee_jupyter import report
from mlee_jupyter.domain import Charter, ResultKind, RunOutcome, durations
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.record.charter_metric import is_known
from mlee_jupyter.record.scored_run import Run
from mlee_jupyter.record.truth import truth_of
from mlee_jupyter.session import door_lines
from mlee_jupyter.stats.metrics.catalogue import default_metric
from mlee_jupyter.stats.rows.columns import shown
from mlee_jupyter.stats.rows.times import read_times

from .fold_plan import folds
from .fold_run import run_fold
from .lanes import Lanes
from .race_course import ENDED, STOPPED, FoldRun, RaceCourse
from .workers import Workers

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session

Settings = dict[str, dict[str | None, Any]]  # by candidate and variant, its estimator


@dataclass
class RaceResult:
    """How a race ended, by candidate and variant: the scores of the folds that ended.

    Attributes:
        scores: of settings that ran all their folds.
        unfinished: of those that did not; they are on record as out of time or failed.
    """

    scores: dict[tuple[str, str | None], list[float]] = field(default_factory=dict)
    unfinished: dict[tuple[str, str | None], list[float]] = field(default_factory=dict)


@dataclass
class _Setting:
    """What one setting's folds came to so far."""

    begun: datetime
    runs: list[FoldRun] = field(default_factory=list)

    @property
    def scores(self) -> list[float]:
        ended = sorted((run for run in self.runs if run.outcome == ENDED), key=lambda run: run.fold)
        return [run.score for run in ended if run.score is not None]

    @property
    def fault(self) -> FoldRun | None:
        return next((run for run in self.runs if run.outcome != ENDED), None)

    @property
    def took(self) -> timedelta:
        return timedelta(seconds=sum(run.seconds for run in self.runs))


@dataclass(frozen=True, kw_only=True)
class Start:
    """A race that may begin: everything that could be wrong was looked at."""

    course: RaceCourse
    lanes: Lanes
    workers: Workers
    settings: Settings


def prepared(
    here: Session,
    candidates: Mapping[str, Any],
    X: Any,
    y: Any,
    *,
    minutes: float,
    cv: Any = 5,
    groups: Any = None,
    time: Any = None,
    backend: str | None = None,
    jobs: int | None = None,
) -> Start:
    """Look at everything before the first fit; see `race` for the arguments.

    Raises:
        MleeError: anything that would fail later.
    """
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or not 0 < minutes < float("inf"):
        raise MleeError(f"minutes = {shown(repr(minutes), 30)} is no box.", "Write minutes=20.")
    settings = settings_of(candidates)
    truth = truth_of("y", y)
    rows = _count(X)
    if rows is not None and rows != truth.n:
        raise MleeError(f"X has {rows:,} rows and y {truth.n:,}.", "Pass the same rows.")
    charter = here.experiment().charter
    metric = charter.metric or default_metric(truth.rows)
    if not is_known(metric):
        raise MleeError(
            f"{metric!r} is your own metric, so a race cannot score by it.", "Register it: mlee.metric(...)."
        )
    _refuse_waiting(charter, groups, time)
    times = None if time is None else read_times(time).values
    made = folds(truth.rows, cv, labels=truth.kind == "labels", groups=groups, time=times, X=X)
    workers = Workers(backend, jobs, run_fold)
    answers = y if hasattr(y, "iloc") else np.asarray(y)
    course = RaceCourse(X=X, y=answers, folds=tuple(made), metric=metric, charter=charter)
    lanes = Lanes(settings, folds=len(made), seconds=minutes * 60.0, workers=workers.count)
    return Start(course=course, lanes=lanes, workers=workers, settings=settings)


def settings_of(candidates: Any) -> Settings:
    """The estimators by candidate and variant.

    Raises:
        MleeError: nothing, no names, or something that cannot be fitted.
    """
    if not isinstance(candidates, Mapping) or not candidates:
        raise MleeError("A race needs candidates by name.", 'Pass {"logreg": LogisticRegression(), ...}.')
    found: Settings = {}
    for name, value in candidates.items():
        if isinstance(value, Mapping):
            variants: dict[str | None, Any] = {str(key): entry for key, entry in value.items()}
        elif isinstance(value, Sequence) and not isinstance(value, str) and not hasattr(value, "fit"):
            variants = {str(place + 1): entry for place, entry in enumerate(value)}
        else:
            variants = {None: value}
        if not variants:
            raise MleeError(f"{shown(str(name), 40)} has no setting.", "Pass an estimator.")
        for entry in variants.values():
            if isinstance(entry, type) or not hasattr(entry, "fit") or not hasattr(entry, "predict"):
                raise MleeError(
                    f"{shown(str(name), 40)} is no estimator with fit and predict.",
                    "Pass one, as LogisticRegression().",
                )
        found[str(name)] = variants
    return found


def run_lines(here: Session, start: Start, into: RaceResult) -> Iterator[str]:
    """Run the race; a line for each setting as it ends, and what the rules find."""
    begun: dict[tuple[str, str | None], _Setting] = {}
    began = time.monotonic()
    count = len(start.course.folds)
    try:
        for run in start.workers.run(start.lanes, start.course):
            setting = begun.setdefault((run.candidate, run.variant), _Setting(datetime.now(UTC)))
            setting.runs.append(run)
            if run.outcome == ENDED and len(setting.scores) == count:
                into.scores[run.candidate, run.variant] = setting.scores
                yield from _recorded(here, run.candidate, run.variant, setting)
    finally:
        for key in [(name, variant) for name, variants in start.settings.items() for variant in variants]:
            if key in into.scores:
                continue
            into.unfinished[key] = begun[key].scores if key in begun else []
            if key in begun:
                _record_unfinished(here, *key, begun[key], count)
    yield from _waited(here, here.loop.now())
    yield from _ending(start, into, begun, timedelta(seconds=time.monotonic() - began))
    yield from door_lines.news_lines(here)


def _recorded(here: Session, name: str, variant: str | None, setting: _Setting) -> list[str]:
    """Write a setting; told now, or where many follow each other, with the next ones."""
    run = Run(started_at=setting.begun - setting.took, duration=setting.took, variant=variant)
    recorded = here.record(name, here.read(setting.scores, None, kind=ResultKind.FOLDS), run)
    if not here.loop.is_due(name):
        return []
    began = here.loop.now()
    evidence = here.evidence()
    lines = [line for one in recorded for line in door_lines.recorded_lines(one, evidence)]
    return [*_waited(here, began), *lines]


def _waited(here: Session, began: float) -> list[str]:
    """What was recorded and not told yet."""
    waited = here.loop.told(began)
    return [report.folded_line(waited)] if waited else []


def _record_unfinished(here: Session, name: str, variant: str | None, setting: _Setting, count: int) -> None:
    fault = setting.fault
    stopped = fault is None or fault.outcome == STOPPED
    outcome = RunOutcome.OUT_OF_TIME if stopped else RunOutcome.ERROR
    so_far = f"{len(setting.scores)} of {count} folds" if stopped or fault is None else fault.said
    run = Run(
        started_at=setting.begun - setting.took, duration=setting.took, variant=variant, outcome=outcome, error=so_far
    )
    here.record_failure(name, run)


def _ending(start: Start, into: RaceResult, begun: Mapping[Any, _Setting], took: timedelta) -> Iterator[str]:
    """What did not come to its end, each in a line, and the time."""
    for name, variants in start.settings.items():
        named = shown(name, 40)
        mine = [variant for variant in variants if (name, variant) not in into.scores]
        failed = [v for v in mine if (name, v) in begun and _failed(begun[name, v])]
        for variant in failed:
            said = (begun[name, variant].fault or FoldRun).said
            yield f"{named}{'' if variant is None else ' ' + shown(variant, 30)} failed: {said}"
        late = len(mine) - len(failed)
        if late == len(variants):
            done = max((len(begun[name, v].scores) for v in mine if (name, v) in begun), default=0)
            yield f"{named} is out of time after {done} of {len(start.course.folds)} folds."
        elif late:
            yield f"{named} is out of time: {late} of its {len(variants)} settings did not run to the end."
    yield f"The race took {durations.show(took)} on {start.workers.count} workers."


def _failed(setting: _Setting) -> bool:
    return setting.fault is not None and setting.fault.outcome != STOPPED


def _count(table: Any) -> int | None:
    shape = getattr(table, "shape", None)
    if shape:
        return int(shape[0])
    return len(table) if hasattr(table, "__len__") else None


def _refuse_waiting(charter: Charter, groups: Any, time: Any) -> None:
    """Rows that hang together, as the charter says, must not be torn apart by folds."""
    for what, given in (("groups", groups), ("time", time)):
        named = getattr(charter, what)
        if named is not None and given is None:
            raise MleeError(
                f"The charter says that rows have {what} ({shown(str(named), 40)}).",
                f"Pass {what}= of these rows, so that the folds respect them.",
            )
