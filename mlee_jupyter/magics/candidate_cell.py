"""One candidate's cell: run it, time it, stop it where that was asked for, record what it ended with."""

from __future__ import annotations

import time
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from mlee_jupyter import report
from mlee_jupyter.domain import ResultKind, durations
from mlee_jupyter.domain.errors import MleeError, did_you_mean
from mlee_jupyter.record.scored_run import Run
from mlee_jupyter.session import door_lines, faults
from mlee_jupyter.session.recording.run_reading import Read
from mlee_jupyter.session.session import Session
from mlee_jupyter.stopping import Stop, over_lines, unbroken

from .cell_body import Body

KEPT = "_mlee_value"  # the variable of a value that could not be judged yet
PREDICTING = ("predict", "predict_proba", "decision_function")


@dataclass(frozen=True, kw_only=True)
class CandidateOrder:
    """What the magic's line says."""

    name: str
    variables: tuple[tuple[str, ResultKind], ...] = ()  # named instead of the last value
    simplicity: int | None = None
    variant: str | None = None
    truth: str | None = None
    features: str | None = None
    classes: str | None = None  # a variable, or an attribute of one: model.classes_
    idea: str | None = None
    stage: str | None = None
    tags: tuple[str, ...] = ()
    note: str | None = None
    minutes: float | None = None
    hard: bool = False
    trained_on: int | None = None


class CandidateCell:
    """A run from its first line to its record."""

    def __init__(self, here: Session, order: CandidateOrder, names: MutableMapping[str, Any]) -> None:
        self._here = here
        self._order = order
        self._names = names
        self._began_at, self._began = here.now(), time.perf_counter()
        self._code: tuple[str | None, str | None] = (None, None)
        here.cells.enter(order.name)

    def record_variables(self) -> None:
        """The line form: what is there already."""
        self._finish(faults.read_or_refused(lambda: self._read(None)))
        self._here.cells.enter(None)

    def foreseen(self, body: Body) -> list[str]:
        """What will be missing when the cell has run, as far as its text tells: said before, for a fit may be long."""
        lacking = self._lacking(fits=body.ends_in == "fit", predicts=body.ends_in in PREDICTING)
        return [f"{fault} The cell runs all the same." for fault, name in lacking if name not in body.names][:1]

    def _lacking(self, *, fits: bool, predicts: bool) -> list[tuple[MleeError, str | None]]:
        """What is not there to judge a fitted model, or predictions, by; with the name that should be."""
        experiment = self._here.opened.last_seen()
        found: list[tuple[MleeError, str | None]] = []
        if (truth := self._order.truth or experiment.truth_name) is not None:
            if truth not in self._names:
                near = did_you_mean(truth, self._names)
                found.append((MleeError(f"There is no variable {truth[:40]!r} here, the declared truth.", near), truth))
        elif (fits or predicts) and not self._order.variables:
            found.append((MleeError("No truth is declared to judge predictions by.", "Add --truth y_test."), None))
        features = self._order.features or experiment.features_name
        if fits and features is None:
            found.append((MleeError("A fitted model has nothing to predict on.", "Add --features X_test."), None))
        elif fits and features is not None and features not in self._names:
            near = did_you_mean(features, self._names)
            fault = MleeError(f"There is no variable {features[:40]!r} here, the declared features.", near)
            found.append((fault, features))
        return found

    def run(self, body: Body, text: str, stop: Stop) -> None:
        """Run the body; what it raises passes through, and the run is recorded as failed."""
        __tracebackhide__ = True
        self._code = (text, body.key)
        try:
            with stop:
                value = body.run()
                read = faults.read_or_refused(lambda: self._read(value))
        except BaseException as fault:
            self._fail(fault, stop)
            raise
        self._finish_or_keep(value, read, stop)

    async def run_async(self, body: Body, text: str, stop: Stop) -> None:
        """The same for a body that awaits."""
        __tracebackhide__ = True
        self._code = (text, body.key)

        async def run_and_read() -> tuple[Any, list[Read] | MleeError]:
            __tracebackhide__ = True
            value = await body.run_async()
            return value, faults.read_or_refused(lambda: self._read(value))

        try:
            with stop:
                value, read = await stop.run_async(run_and_read())
        except BaseException as fault:
            self._fail(fault, stop)
            raise
        self._finish_or_keep(value, read, stop)

    def _describe(self, **outcome: Any) -> Run:
        order, (source, key) = self._order, self._code
        return Run(
            started_at=self._began_at,
            duration=durations.timed(self._began),
            source=source,
            source_key=key,
            variant=order.variant,
            simplicity=order.simplicity,
            idea=order.idea,
            stage=order.stage,
            tags=order.tags,
            note=order.note,
            trained_on=order.trained_on,
            **outcome,
        )

    def _fail(self, fault: BaseException, stop: Stop) -> None:
        """Record a run that raised or was stopped; the user's exception is on its way and comes first."""
        if stop.is_copy:
            return
        self._here.cells.came_back()
        with faults.faults_said():
            outcome, error = faults.ending_of(fault, stop)
            run = self._describe(outcome=outcome, error=error)
            self._here.record_failure(self._order.name, run)
            evidence = self._here.evidence()
            used, box = evidence.used, evidence.experiment.box
            name, minutes = self._order.name, self._order.minutes
            print(report.recorded_line(name, None, outcome=outcome, error=error, used=used, box=box))
            for line in over_lines(name, run.duration, minutes, stop):
                print(line)

    def _read(self, value: Any) -> list[Read]:
        """What was handed over; a model predicts here, within the run's time and limit."""
        __tracebackhide__ = True
        order = self._order
        named: list[tuple[Any, ResultKind | None]] = [(self._variable(name), kind) for name, kind in order.variables]
        classes = None if order.classes is None else self._attribute(order.classes)
        return [
            self._here.read(
                one,
                self._code[0],
                kind=None if hasattr(one, "predict") else kind,
                truth_name=order.truth,
                features_name=order.features,
                classes=classes,
            )
            for one, kind in named or [(value, None)]
        ]

    def _finish_or_keep(self, value: Any, read: list[Read] | MleeError, stop: Stop) -> None:
        """Record; where only a declaration is missing, keep the value, so that nothing is fitted twice for it."""
        if stop.is_copy:
            return
        try:
            self._finish(read, stop)
        except MleeError as refused:
            if value is None or not self._lacking(fits=hasattr(value, "predict"), predicts=True):
                raise
            self._names[KEPT] = value
            again = f"The cell's value is kept: %mlee_candidate {self._order.name[:40]} --pred {KEPT} records it."
            raise MleeError(refused.message, f"{refused.remedy} {again}") from None

    def _finish(self, read: list[Read] | MleeError, stop: Stop | None = None) -> None:
        """Record what was handed over, then say what there is to say; bad input is refused before anything is written.

        Raises:
            MleeError: what was handed over cannot be judged.
        """
        here, order = self._here, self._order
        here.cells.came_back()
        if isinstance(read, MleeError):
            raise read
        run = self._describe()
        recorded = []
        with unbroken():  # what is recorded is said as well, before an interrupt arrives
            with faults.faults_said(but=MleeError):
                for one in read:
                    recorded += here.record(order.name, one, run)
            with faults.faults_said():
                evidence, fresh = here.news()
                lines = [line for r in recorded for line in door_lines.recorded_lines(r, evidence)]
                over = over_lines(order.name, run.duration, order.minutes, stop) if stop else []
                for line in (*lines, *over, *report.cell_lines(fresh)):
                    print(line)

    def _attribute(self, path: str) -> Any:
        """A variable, or an attribute of one: nothing is evaluated."""
        first, *rest = path.split(".")
        found = self._variable(first)
        for name in rest:
            if not hasattr(found, name):
                raise MleeError(f"{first[:40]} has no {name[:40]!r}.", "Write --classes model.classes_")
            found = getattr(found, name)
        return found

    def _variable(self, name: str) -> Any:
        if name not in self._names:
            near = did_you_mean(name, self._names)
            raise MleeError(f"There is no variable {name[:40]!r}.", f"{near}Name one that holds predictions or scores.")
        return self._names[name]
