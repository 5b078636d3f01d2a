"""One candidate's cell: run it, time it, stop it where that was asked for, record what it ended with."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from . import api, clock, present
from .cell_runner import Body
from .domain import ResultKind
from .errors import MleeError
from .hard_stop import HardStop
from .recording import Run
from .session import Session, timed

LATE_SECONDS = 1.0  # from here on past a hard limit, the user is told why


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
    source: str | None = None
    stage: str | None = None
    tags: tuple[str, ...] = ()
    note: str | None = None
    minutes: float | None = None
    hard: bool = False
    trained_on: int | None = None


class CandidateCell:
    """A run from its first line to its record."""

    def __init__(self, here: Session, order: CandidateOrder, names: Mapping[str, Any]) -> None:
        self._here = here
        self._order = order
        self._names = names
        self._began_at, self._began = datetime.now(UTC), time.perf_counter()
        self._code: tuple[str | None, str | None] = (None, None)
        here.cells.enter(order.name)

    def record_variables(self) -> None:
        """The line form: what is there already."""
        self._finish(None)
        self._here.cells.enter(None)

    def run(self, body: Body, text: str) -> None:
        """Run the body; what it raises passes through, and the run is recorded as failed."""
        __tracebackhide__ = True
        self._code = (text, body.key)
        stop = self._stop()
        try:
            if stop is None:
                value = body.run()
            else:
                with stop:
                    value = body.run()
        except BaseException as fault:
            self._fail(fault, stop)
            raise
        self._finish(value, stop)

    async def run_async(self, body: Body, text: str) -> None:
        """The same for a body that awaits."""
        __tracebackhide__ = True
        self._code = (text, body.key)
        stop = self._stop()
        try:
            if stop is None:
                value = await body.run_async()
            else:
                with stop:
                    value = await stop.run_async(body.run_async())
        except BaseException as fault:
            self._fail(fault, stop)
            raise
        self._finish(value, stop)

    def _stop(self) -> HardStop | None:
        order = self._order
        if not order.hard:
            return None
        if order.minutes is None:
            raise MleeError("--hard needs a limit.", "Add --minutes 10.")
        limit = clock.show(timedelta(minutes=order.minutes))
        return HardStop(
            order.minutes * 60,
            lambda: print(
                f"{order.name} is past its {limit} and sits in one call that cannot be stopped from outside. "
                "It ends when that call returns, or when you restart the kernel."
            ),
        )

    def _describe(self, **outcome: Any) -> Run:
        order, (source, key) = self._order, self._code
        return Run(
            started_at=self._began_at,
            duration=timed(self._began),
            source=source,
            source_key=key,
            variant=order.variant,
            simplicity=order.simplicity,
            idea=order.source,
            stage=order.stage,
            tags=order.tags,
            note=order.note,
            trained_on=order.trained_on,
            **outcome,
        )

    def _fail(self, fault: BaseException, stop: HardStop | None) -> None:
        """Record a run that raised; the user's exception is on its way and comes first."""
        with api.faults_said():
            run = self._describe(outcome=api.outcome_of(fault), error=api.error_text(fault))
            self._here.record_failure(self._order.name, run)
            evidence = self._here.evidence()
            used, box = evidence.used, evidence.experiment.box
            name, outcome, error = self._order.name, run.outcome, run.error
            lines = [present.recorded_line(name, None, outcome=outcome, error=error, used=used, box=box)]
            for line in (*lines, *self._over(run, stop)):
                print(line)

    def _finish(self, value: Any, stop: HardStop | None = None) -> None:
        """Record what was handed over, then say what there is to say; bad input is refused before anything is written.

        Raises:
            MleeError: what was handed over cannot be judged.
        """
        here, order = self._here, self._order
        run = self._describe()
        named: list[tuple[Any, ResultKind | None]] = [(self._variable(name), kind) for name, kind in order.variables]
        classes = None if order.classes is None else self._attribute(order.classes)
        recorded = []
        with api.faults_said(but=MleeError):
            for one, kind in named or [(value, None)]:
                recorded += here.record(
                    order.name,
                    one,
                    run,
                    kind=kind,
                    truth_name=order.truth,
                    features_name=order.features,
                    classes=classes,
                )
        with api.faults_said():
            evidence, fresh = here.news()
            lines = [line for r in recorded for line in api.recorded_lines(r, evidence)]
            for line in (*lines, *self._over(run, stop), *present.cell_lines(fresh)):
                print(line)

    def _over(self, run: Run, stop: HardStop | None) -> list[str]:
        """What is to be said of the run's own limit."""
        minutes = self._order.minutes
        if minutes is None or run.duration <= timedelta(minutes=minutes):
            return []
        took = f"{self._order.name} took {clock.show(run.duration)} of its {clock.show(timedelta(minutes=minutes))}"
        if stop is None:
            return [f"{took}."]
        if stop.late_seconds < LATE_SECONDS:
            return []
        return [f"{took}: it was in one call that cannot be stopped from outside, and ended when that returned."]

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
            raise MleeError(f"There is no variable {name[:40]!r}.", "Name one that holds predictions or scores.")
        return self._names[name]
