"""A run between two lines of Python: what its block hands over is kept, and recorded when it ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mlee_jupyter import report
from mlee_jupyter.domain import ResultKind, durations
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.record.scored_run import Run
from mlee_jupyter.session.door_lines import recorded_lines
from mlee_jupyter.session.faults import ending_of, faults_said, read_or_refused
from mlee_jupyter.session.given import another_given
from mlee_jupyter.stopping import over_lines, stop_of

if TYPE_CHECKING:
    from mlee_jupyter.record.scored_run import Recorded
    from mlee_jupyter.session.recording.run_reading import Read
    from mlee_jupyter.session.session import Session


_RECORD = "run.record(predictions)"


class RunRecorder:
    """What `with experiment.candidate(...)` gives: hand it what the run produced."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.results: list[Recorded] = []
        self.over = False  # whether the block has ended
        self.handed: list[tuple[Any, ResultKind | None, int | None, int | None, Any]] = []

    def record(
        self,
        value: Any = None,
        *,
        kind: str | None = None,
        n: int | None = None,
        trained_on: int | None = None,
        classes: Any = None,
        row_scores: Any = None,
    ) -> None:
        """Keep a value for judging when the block ends: predictions, fold scores, a number, an estimator.

        Args:
            value: see `%%mlee_candidate?`.
            kind: "predictions", "scores", "folds" or "row scores", where it should not be guessed.
            n: the rows behind a bare score, 2 or more; with them scores are compared, without the rows.
            trained_on: training rows behind it, for a learning curve: what was trained on fewer rows than the most of
                its candidate stays off the board.
            classes: the class of each column of scores, such as an estimator's `classes_`.
            row_scores: instead of a value, what each row scored by itself, NaN where it was not answered; a column for
                each rater or seed.

        Raises:
            MleeError: no such kind, or the block has ended.
        """
        value, kind = value_or_rows(value, kind, row_scores)
        if self.over:
            raise MleeError(
                f"The block of {self.name[:40]} has ended, so this is not recorded.",
                f"Record it by itself: experiment.record({self.name[:40]!r}, value).",
            )
        self.handed.append((value, kind_of(kind), n, trained_on, classes))


def _read(
    here: Session, recorder: RunRecorder, truth: str | None, features: str | None
) -> list[tuple[Read, int | None]]:
    """What a block handed over, with its training rows; a model predicts here."""
    __tracebackhide__ = True
    return [
        (here.read(value, None, kind=kind, truth_name=truth, features_name=features, n=n, classes=classes), size)
        for value, kind, n, size, classes in recorder.handed
    ]


def value_or_rows(value: Any, kind: str | None, row_scores: Any) -> tuple[Any, str | None]:
    """What was handed over, and as what: a value, or row scores instead of one.

    Raises:
        MleeError: it is both.
    """
    if row_scores is None:
        return value, kind
    if value is not None or kind not in (None, ResultKind.ROW_SCORES.value):
        raise MleeError("A value and row scores were handed over.", "Hand over one of them.")
    return row_scores, ResultKind.ROW_SCORES.value


def kind_of(named: str | None) -> ResultKind | None:
    """The kind that is named, if one is.

    Raises:
        MleeError: there is no such kind.
    """
    if named in (None, "predictions", "scores", "folds", "row scores"):
        return ResultKind(named) if named else None
    raise MleeError(f"There is no kind {str(named)[:30]!r}.", 'Kinds: "predictions", "scores", "folds", "row scores".')


@contextmanager
def run_block(
    opened: Callable[[], Session],
    name: str,
    told: Mapping[str, Any],
    *,
    truth: Any,
    features: Any,
    minutes: float | None,
    hard: bool,
    quiet: bool,
) -> Iterator[RunRecorder]:
    """Run, time and record what stands in the block.

    Args:
        opened: the session, with the experiment open in it.
        name: the candidate.
        told: what the user says of the run: its variant, simplicity, idea, stage and tags.
        truth: see `ExperimentHandle.candidate`; so are the others.
        features: likewise.
        minutes: likewise.
        hard: likewise.
        quiet: likewise.

    Raises:
        MleeError: what was recorded cannot be judged; nothing is written then.
    """
    here = opened()
    truth = another_given(here, truth, "another_truth")
    features = another_given(here, features, "other_features")
    recorder = RunRecorder(name)
    began_at, began = here.now(), time.perf_counter()
    stop = stop_of(name, minutes, hard, flag="")
    here.cells.enter(name)
    try:
        with stop:
            yield recorder
            recorder.over = True
            read = read_or_refused(lambda: _read(here, recorder, truth, features))
    except BaseException as fault:
        recorder.over = True
        here.cells.enter(None)
        if stop.is_copy:
            raise
        outcome, error = ending_of(fault, stop)
        failed = Run(started_at=began_at, duration=durations.timed(began), outcome=outcome, error=error, **told)
        with faults_said():
            here.record_failure(name, failed)
        raise
    here.cells.enter(None)
    if stop.is_copy:
        return
    run = Run(started_at=began_at, duration=durations.timed(began), **told)
    if isinstance(read, MleeError):
        raise read
    with faults_said(but=MleeError):
        for one, size in read:
            recorder.results += here.record(name, one, replace(run, trained_on=size))
    if recorder.handed and not here.loop.is_due(None if quiet else name):
        return  # told with the next ones, or when the cell ends
    with faults_said():
        began_telling = here.loop.now()
        evidence, fresh = here.news()
        waited = here.loop.told(began_telling)
        lines = [] if quiet else [line for r in recorder.results for line in recorded_lines(r, evidence)]
        if waited:
            lines.insert(0, report.folded_line(waited))
        if not recorder.handed:
            lines = [f"{name} handed nothing over, so nothing is recorded. Call {_RECORD} inside the block."]
        for line in (*lines, *over_lines(name, run.duration, minutes, stop), *report.cell_lines(fresh)):
            print(line)
