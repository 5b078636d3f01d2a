"""The plain Python door: the same experiment without a magic.

    import mlee_jupyter as mlee

    shelf = mlee.start("shelf", budget="6h", truth=y_test, metric="accuracy", useful_gain=0.02)
    with shelf.candidate("knn", simplicity=2) as run:
        run.record(model.predict(X_test))
    shelf.scoreboard()

`start` opens an experiment or resumes it; its handle has a method for every verb of %mlee_experiment.
"""

from __future__ import annotations

import functools
import inspect
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from . import report
from .domain import ResultKind, charter_toml, durations
from .domain.errors import MleeError
from .record.scored_run import Run
from .session.boards import board_of, explanation_of, judgements_of, side_board_of
from .session.current import session
from .session.door_lines import opening_lines, recorded_lines
from .session.faults import ending_of, faults_said, read_or_refused
from .session.given import another_given, name_given, population_given
from .session.verbs import every_verb
from .session.verbs.candidates import drop, park, race, take, withdraw
from .session.verbs.charter import change, heed, ignore, plan
from .session.verbs.declaration import Spoken, Value
from .session.verbs.life import brief, close, confirm, decide, rename, reopen, shown
from .session.verbs.records import costs, history, mirror, status
from .session.verbs.time import extend, pause, resume
from .stats.metrics.registered import registered_name
from .stopping import over_lines, stop_of

if TYPE_CHECKING:
    import pandas as pd

    from .domain import Fresh
    from .record.scored_run import Recorded
    from .report import Said
    from .session.race.racing import RaceResult
    from .session.recording.run_reading import Read
    from .session.session import Session


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
        value, kind = _value_or_rows(value, kind, row_scores)
        if self.over:
            raise MleeError(
                f"The block of {self.name[:40]} has ended, so this is not recorded.",
                f"Record it by itself: experiment.record({self.name[:40]!r}, value).",
            )
        self.handed.append((value, _kind(kind), n, trained_on, classes))


def _read(
    here: Session, recorder: RunRecorder, truth: str | None, features: str | None
) -> list[tuple[Read, int | None]]:
    """What a block handed over, with its training rows; a model predicts here."""
    __tracebackhide__ = True
    return [
        (here.read(value, None, kind=kind, truth_name=truth, features_name=features, n=n, classes=classes), size)
        for value, kind, n, size, classes in recorder.handed
    ]


def _value_or_rows(value: Any, kind: str | None, row_scores: Any) -> tuple[Any, str | None]:
    if row_scores is None:
        return value, kind
    if value is not None or kind not in (None, ResultKind.ROW_SCORES.value):
        raise MleeError("A value and row scores were handed over.", "Hand over one of them.")
    return row_scores, ResultKind.ROW_SCORES.value


def _kind(named: str | None) -> ResultKind | None:
    if named in (None, "predictions", "scores", "folds", "row scores"):
        return ResultKind(named) if named else None
    raise MleeError(f"There is no kind {str(named)[:30]!r}.", 'Kinds: "predictions", "scores", "folds", "row scores".')


class ExperimentHandle:
    """An open experiment; made by `start`."""

    def __init__(self, name: str, of: Session) -> None:
        self.name = name
        self._session = of

    def _here(self) -> Session:
        if self._session.current != self.name:
            self._session.start(self.name)
        return self._session

    @contextmanager
    def candidate(
        self,
        name: str,
        *,
        simplicity: int | None = None,
        variant: str | None = None,
        truth: Any = None,
        features: Any = None,
        idea: str | None = None,
        stage: str | None = None,
        tags: tuple[str, ...] = (),
        minutes: float | None = None,
        hard: bool = False,
        quiet: bool = False,
        source: str | None = None,
    ) -> Iterator[RunRecorder]:
        """Run, time and record a candidate; what the block raises passes through and is recorded as failed.

        A block that was stopped, by its limit or by hand, ends there, whatever its code does about it.

        Args:
            name: the approach.
            simplicity: 1 is simplest.
            variant: the setting tried; without one, other predictions are another variant.
            truth: another truth than the experiment's: right answers, or the name of the variable that holds them.
            features: what an estimator predicts on, or the variable's name.
            idea: where the idea came from: blog, paper, docs, own.
            stage: "development" keeps the run off the board.
            tags: words to split the board by.
            minutes: a limit for this run.
            hard: stop the block at its limit; nothing is stopped without this.
            quiet: say only what a rule finds, not each record (for loops).
            source: the old name of `idea`.

        Raises:
            MleeError: what was recorded cannot be judged; nothing is written then.
        """
        here = self._here()
        truth = another_given(here, truth, "another_truth")
        features = another_given(here, features, "other_features")
        recorder = RunRecorder(name)
        began_at, began = here.now(), time.perf_counter()
        shared: dict[str, Any] = {
            "variant": variant,
            "simplicity": simplicity,
            "idea": idea if idea is not None else source,
            "stage": stage,
            "tags": tags,
        }
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
            failed = Run(started_at=began_at, duration=durations.timed(began), outcome=outcome, error=error, **shared)
            with faults_said():
                here.record_failure(name, failed)
            raise
        here.cells.enter(None)
        if stop.is_copy:
            return
        run = Run(started_at=began_at, duration=durations.timed(began), **shared)
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

    def record(
        self,
        name: str,
        value: Any = None,
        *,
        kind: str | None = None,
        n: int | None = None,
        trained_on: int | None = None,
        classes: Any = None,
        row_scores: Any = None,
        **options: Any,
    ) -> list[Recorded]:
        """Record an existing value, or row scores, for a candidate; options as for a run and for `candidate`."""
        value, kind = _value_or_rows(value, kind, row_scores)
        _kind(kind)
        with self.candidate(name, **options) as run:
            run.record(value, kind=kind, n=n, trained_on=trained_on, classes=classes)
        return run.results

    def _done(self, done: Spoken[Value]) -> Value:
        for line in done.lines:
            print(line)
        return done.value

    # ------------------------------------------------------------------ looking

    def scoreboard(self, metric: str | None = None) -> pd.DataFrame:
        """The candidates as a DataFrame, best first: score, 95% range, verdict, cost bound, effort.

        Args:
            metric: a side view by another metric than the one agreed on; it suggests nobody, and counts as a look.

        Raises:
            MleeError: there is no such metric, it is the agreed one, or nothing can be scored by it.
        """
        return report.frame(self.board(metric))

    def board(self, metric: str | None = None) -> dict[str, Any]:
        """The scoreboard as one plain JSON value; by another metric as in `scoreboard`."""
        return board_of(self._here()) if metric is None else side_board_of(self._here(), metric)

    @property
    def html(self) -> str:
        """The scoreboard as HTML."""
        return report.html(self.board())

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return report.bundle(self.board())

    def __repr__(self) -> str:
        return f"<mlee experiment {self.name!r}>"

    def explain(self, name: str | None = None) -> Said:
        """In plain words why a candidate stands where it does, or what a number of the board means.

        Args:
            name: a candidate, a free baseline, or a number: "score", "range", "behind", ...; None: the headline.

        Raises:
            MleeError: nothing of that name is on the board; the nearest names are given.
        """
        return explanation_of(self._here(), why=name)

    def figure(self, ax: Any = None, board: int = 1) -> Any:
        """Each candidate's difference to the best, with the useful gain as a band.

        Args:
            ax: matplotlib Axes to draw on; None: new ones.
            board: which board, where there are several; 1 is the first.

        Returns:
            matplotlib's Axes; where matplotlib is not installed a picture that a notebook shows by itself.

        Raises:
            MleeError: nothing is judged yet, or there is no such board.
        """
        return report.figure(judgements_of(self._here()), ax, board)

    def status(self) -> Said:
        """Where the experiment stands: time, effort, what was found."""
        return status.status(self._here())

    def history(self) -> pd.DataFrame:
        """Every run with its number, oldest first; `withdraw` takes the number."""
        return history.history(self._here())

    def costs(self) -> Said:
        """How long each candidate takes to answer, and what running it costs a month."""
        return costs.costs(self._here())

    def check(self) -> tuple[Any, ...]:
        """Every rule's answer, as findings."""
        here = self._here()
        return here.findings(here.evidence())

    # ------------------------------------------------------------------ steering

    def extend(self, by: str, *, because: str) -> None:
        """Lengthen the time box, as "2h"."""
        extend.extend(self._here(), by, because=because)

    def pause(self) -> None:
        """Stop the time."""
        pause.pause(self._here())

    def resume(self) -> None:
        """Let the time run again."""
        resume.resume(self._here())

    def park(self, candidate: str, *, because: str | None = None) -> None:
        """Leave a candidate as it is; tuning belongs after the choice."""
        park.park(self._here(), candidate, because=because)

    def drop(self, candidate: str, *, because: str) -> None:
        """Give a candidate up."""
        drop.drop(self._here(), candidate, because=because)

    def take(self, candidate: str, *, because: str | None = None) -> None:
        """Take a parked or dropped candidate up again."""
        take.take(self._here(), candidate, because=because)

    def withdraw(self, run: int, *, because: str) -> None:
        """Take a mistaken run off the board; the trace stays. `history` has the numbers."""
        withdraw.withdraw(self._here(), run, because=because)

    def rename(self, name: str, new: str | None = None, *, because: str | None = None) -> None:
        """Rename the experiment, `rename("shop")`, or a candidate, `rename("svm", "svc")`."""
        rename.rename(self._here(), name, new, because=because)
        if new is None:
            self.name = name

    def change(self, *, because: str | None = None, **values: Any) -> list[str]:
        """Change the charter; gives back what differs."""
        return self._done(change.change(self._here(), because=because, **values))

    def ignore(self, rule: str, *, because: str, until: date | None = None) -> str:
        """Mute a rule; gives back its code."""
        return ignore.ignore(self._here(), rule, because=because, until=until)

    def plan(self, candidate: str | None = None, *, format: str = "text", **values: Any) -> Said:
        """What is planned, as "text", "html" or "json"; with a candidate, after planning it with what is named.

        Raises:
            MleeError: a value that cannot be; `first_try` and `build` are durations such as "3h".
        """
        return plan.plan(self._here(), candidate, format=format, **values)

    def heed(self, rule: str) -> str:
        """Take an ignore back; gives back the rule's code."""
        return heed.heed(self._here(), rule)

    def mirror(self, tool: str = "mlflow", *, uri: str | None = None) -> None:
        """Write the experiment's runs to a tracking store of MLflow; again, only what has changed since.

        Args:
            tool: "mlflow".
            uri: its tracking URI; None: that of MLFLOW_TRACKING_URI.

        Raises:
            MleeError: MLflow is not installed, or the store cannot be written.
        """
        self._done(mirror.mirror(self._here(), tool, uri=uri))

    def shown(self, *, to: str, said: str = "") -> None:
        """Note that somebody was shown how it stands, and what they said."""
        shown.shown(self._here(), to=to, said=said)

    def decide(self, candidate: str | None, *, because: str | None = None) -> None:
        """Choose a candidate, or None against all of them."""
        self._done(decide.decide(self._here(), candidate, because=because))

    def race(
        self,
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
    ) -> RaceResult:
        """Cross-validate candidates at once on the same folds; each stops at its share of the box.

        Results are recorded as they come, as fold scores. A worker that dies costs the fold that it ran.

        Args:
            candidates: estimators by name; or for a candidate a list or dict of them, its settings, run in that order.
            X: the features, (n, ...): frame, array, sparse matrix or list.
            y: (n,) the right answers.
            minutes: the box, above 0. A candidate's share is an equal part of it; what one leaves, the others get.
            cv: a number of folds, a splitter, or pairs of places, as cross_val_score takes them.
            groups: (n,) rows of one group are never on both sides.
            time: (n,) what is tested is later than what was trained on.
            backend: of joblib, as "loky", "dask", "ray" or "spark"; None: as joblib is configured.
            jobs: workers; None: one a processor.

        Raises:
            MleeError: something that would fail later; nothing is run then.
        """
        options: dict[str, Any] = {"cv": cv, "groups": groups, "time": time, "backend": backend, "jobs": jobs}
        return self._done(race.race(self._here(), candidates, X, y, minutes=minutes, **options))

    def seal(self, fresh: Any, *, because: str | None = None) -> None:
        """Seal a second sample: its right answers, or the name of the variable that holds them."""
        here = self._here()
        for line in here.seal(name_given(here, fresh, "fresh") or "", because):
            print(line)

    def confirm(self, predictions: Mapping[str, Any], *, features: Any = None) -> Fresh:
        """Open the sealed sample, once, after the decision.

        Args:
            predictions: of the chosen candidate and at most two others, by name; estimators predict on `features`.
            features: of the sealed rows, or the variable's name.

        Raises:
            MleeError: not sealed, not decided, changed since, or opened before with other predictions.
        """
        return self._done(confirm.confirm(self._here(), predictions, features=features))

    def brief(self, format: str = "text") -> Said:
        """One page for the people who decide: as "text", "md", "html" (a whole page) or "json"."""
        return brief.brief(self._here(), format)

    def close(self, *, because: str | None = None) -> None:
        """End the experiment."""
        close.close(self._here(), because=because)

    def reopen(self) -> None:
        """Take a decision or a closing back, so that time runs again."""
        reopen.reopen(self._here())


def _method_of(verb: Callable[..., Any]) -> Callable[..., Any]:
    """A verb as a method of the handle."""

    @functools.wraps(verb)
    def method(self: ExperimentHandle, *args: Any, **named: Any) -> Any:
        done = verb(self._here(), *args, **named)
        return self._done(done) if isinstance(done, Spoken) else done

    taken = inspect.signature(verb)
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    method.__signature__ = taken.replace(parameters=[own, *list(taken.parameters.values())[1:]])  # type: ignore[attr-defined]
    return method


for _verb in every_verb.verbs().values():
    if _verb.method is not None and not hasattr(ExperimentHandle, _verb.name):
        setattr(ExperimentHandle, _verb.name, _method_of(_verb.method))  # those above are written out for type checkers


def start(
    name: str,
    *,
    budget: str | timedelta | None = None,
    deadline: date | None = None,
    truth: Any = None,
    features: Any = None,
    fresh: Any = None,
    train: Any = None,
    groups: Any = None,
    time: Any = None,
    weights: Any = None,
    **charter: Any,
) -> ExperimentHandle:
    """Open an experiment, or resume the one of that name.

    Args:
        name: the experiment.
        budget: active working time, as "90m", "6h", "3d" or a timedelta.
        deadline: a calendar date, apart from the budget.
        truth: the right answers, or the name of the variable that holds them.
        features: what estimators predict on, or the variable's name.
        fresh: right answers of a second sample, or the variable's name; sealed until `confirm`.
        train: the training rows, or the variable's name: rules look for rows on both sides, and for time travel.
        groups: one label per row of the truth, where rows of one customer, patient or document may be alike; or the
            name of a variable or of a column of the features.
        time: one sortable value per row, where rows near in time may be alike; or a name likewise.
        weights: one number per row, 0 or more; or a name likewise.
        **charter: question, decision, owner, metric (a name, or a function together with higher_is_better),
            useful_gain, must_reach, population (a frame of all rows, or {"column": ..., "kinds": ..., "frame": ...,
            "weight": ...}), serving, candidates, horizon (rows that a truth which grows is to have at its end), ...

    Raises:
        MleeError: a value that a charter cannot hold.
    """
    here = session()
    if callable(charter.get("metric")):
        charter["metric"] = registered_name(charter["metric"], charter.get("higher_is_better"))
    if charter.get("population") is not None:
        charter["population"] = population_given(here, charter["population"])
    for key, value in (("train", train), ("groups", groups), ("time", time), ("weights", weights)):
        if (named := name_given(here, value, key)) is not None:
            charter[key] = named
    if not isinstance(budget, str | timedelta | None):
        raise MleeError(f"budget = {str(budget)[:40]} has no unit.", 'Write budget="90m", "6h" or "3d".')
    if isinstance(deadline, datetime) or not isinstance(deadline, date | None):
        raise MleeError(f"deadline = {str(deadline)[:40]} is no day.", "Write deadline=date(2027, 1, 31).")
    opening = here.start(
        name,
        charter_toml.from_table(charter) if charter else None,
        budget=durations.parse(budget, here.settings.hours_a_day) if isinstance(budget, str) else budget,
        deadline=deadline,
        truth_name=name_given(here, truth, "truth"),
        features_name=name_given(here, features, "features"),
        fresh_name=name_given(here, fresh, "fresh"),
    )
    for line in opening_lines(here, opening):
        print(line)
    return ExperimentHandle(name, here)
