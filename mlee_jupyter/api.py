"""The plain Python door: the same experiment without a magic.

import mlee_jupyter as mlee

shelf = mlee.start("shelf", budget="6h", truth=y_test, metric="accuracy", useful_gain=0.02)
with shelf.candidate("knn", simplicity=2) as run:
    run.record(model.predict(X_test))
shelf.scoreboard()
"""

from __future__ import annotations

import atexit
import os
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from . import charters, clock, settings
from .domain import CandidateState, ResultKind, RunOutcome
from .errors import MleeError, StoreError, TimeBoxExceeded, TimeBoxExpired
from .kernel_hooks import CellClock, Flusher

if TYPE_CHECKING:
    import pandas as pd

    from .domain import Evidence
    from .present import ExperimentRow
    from .recording import Recorded
    from .session import Opening, Session

_session: Session | None = None
_flusher: Flusher | None = None
_owner: int | None = None  # pid: a forked worker makes its own


def session() -> Session:
    """The session of this process, made when it is first needed."""
    global _session, _owner
    if _session is None or _owner != os.getpid():
        _session, _owner = _make_session(), os.getpid()
    return _session


def session_if_any() -> Session | None:
    """The session of this process; None where nothing of it was needed yet."""
    return _session if _owner == os.getpid() else None


def store_exists() -> bool:
    """Whether there is a store to look into; none is made for the question."""
    place = settings.read().store_location
    return "://" in place or os.path.exists(place)


def forget_session() -> None:
    """End this process's session; the next call makes a new one (another folder, another store)."""
    global _session, _flusher
    if _flusher is not None:
        _flusher.stop()
    if _session is not None:
        with suppress(MleeError):
            _session.flush()
        _unhook(_session.cells)
        _session.store.close()
    _session = _flusher = None


def _make_session() -> Session:
    from .session import Session
    from .store import open_store

    global _flusher
    found = settings.read()
    shell = _shell()
    cells = CellClock(uuid.uuid4().hex, found.idle_limit.total_seconds())
    made = Session(
        open_store(found.store_location),
        found,
        names=shell.user_ns if shell is not None else None,
        cells=cells,
        notebook=notebook(shell),
    )
    if shell is not None:
        shell.events.register("pre_run_cell", cells.pre_run_cell)
        shell.events.register("post_run_cell", cells.post_run_cell)
        cells.on_limit = lambda: _say_news(made)
        _flusher = Flusher(lambda: _quietly(made.flush))
        atexit.register(lambda: _quietly(made.flush))
    return made


def _unhook(cells: CellClock) -> None:
    shell = _shell()
    if shell is not None:
        for event, callback in (("pre_run_cell", cells.pre_run_cell), ("post_run_cell", cells.post_run_cell)):
            with suppress(ValueError):
                shell.events.unregister(event, callback)


def _shell() -> Any:
    """The running IPython, if there is one; IPython is not imported for the question."""
    import sys

    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def notebook(shell: Any) -> str | None:
    """The notebook's path as the front end tells it: JupyterLab by environment, VS Code by a variable."""
    named = os.environ.get("JPY_SESSION_NAME")
    if named is None and shell is not None:
        named = shell.user_ns.get("__vsc_ipynb_file__")
    return named if isinstance(named, str) and named.endswith(".ipynb") else None


def _quietly(work: Any) -> None:
    """Run what must never disturb a kernel: a full disk costs ticks of the clock, nothing else."""
    with suppress(Exception):
        work()


def _say_news(of: Session) -> None:
    with faults_said():
        for line in news_lines(of):
            print(line)


REPORT_TO = "https://github.com/mlee-jupyter/mlee_jupyter/issues"
shield_faults = True  # tests switch it off, so that a fault of ours fails them


@contextmanager
def faults_said(but: type[MleeError] | None = None) -> Iterator[None]:
    """A fault of ours prints one line and goes no further: it never costs a user's result or breaks a cell.

    Args:
        but: bad input that the caller still wants to see raised; a store that cannot be written is none.
    """
    try:
        yield
    except StoreError as fault:
        print(fault)
    except MleeError as fault:
        if but is not None and isinstance(fault, but):
            raise
        print(fault)
    except Exception as fault:
        if not shield_faults:
            raise
        text = f"{type(fault).__name__}: {' '.join(str(fault).split())[:160]}"
        print(f"mlee met a fault of its own ({text}). Your variables are as they were; please report it: {REPORT_TO}")


# ---------------------------------------------------------------------- the handle


class RunRecorder:
    """What `with experiment.candidate(...)` gives: hand it what the run produced."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.results: list[Recorded] = []
        self._handed: list[tuple[Any, ResultKind | None]] = []

    def record(self, value: Any, *, kind: str | None = None) -> None:
        """Keep a value for judging when the block ends: predictions, fold scores, a number, an estimator.

        Args:
            value: see `%%mlee_candidate?`.
            kind: "predictions", "scores" or "folds", where it should not be guessed.
        """
        self._handed.append((value, ResultKind(kind) if kind else None))


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
        truth: str | None = None,
        features: str | None = None,
        source: str | None = None,
        stage: str | None = None,
        tags: tuple[str, ...] = (),
        quiet: bool = False,
    ) -> Iterator[RunRecorder]:
        """Run, time and record a candidate; what the block raises passes through and is recorded as failed.

        Args:
            name: the approach.
            simplicity: 1 is simplest.
            variant: the setting tried; without one, other predictions are another variant.
            truth: a variable that holds another truth than the experiment's.
            features: the variable an estimator predicts on.
            source: where the idea came from.
            stage: "development" keeps the run off the board.
            tags: words to split the board by.
            quiet: say only what a rule finds, not each record (for loops).

        Raises:
            MleeError: what was recorded cannot be judged; nothing is written then.
        """
        from . import present
        from .recording import Run
        from .session import timed

        here = self._here()
        recorder = RunRecorder(name)
        began_at, began = datetime.now(UTC), time.perf_counter()
        shared: dict[str, Any] = {
            "variant": variant,
            "simplicity": simplicity,
            "idea": source,
            "stage": stage,
            "tags": tags,
        }
        here.cells.enter(name)
        try:
            yield recorder
        except BaseException as fault:
            here.cells.enter(None)
            failed = Run(
                started_at=began_at, duration=timed(began), outcome=outcome_of(fault), error=error_text(fault), **shared
            )
            with faults_said():
                here.record_failure(name, failed)
            raise
        here.cells.enter(None)
        run = Run(started_at=began_at, duration=timed(began), **shared)
        with faults_said(but=MleeError):
            for value, kind in recorder._handed:
                recorder.results += here.record(name, value, run, kind=kind, truth_name=truth, features_name=features)
        with faults_said():
            evidence, fresh = here.news()
            lines = [] if quiet else [line for r in recorder.results for line in recorded_lines(r, evidence)]
            for line in (*lines, *present.cell_lines(fresh)):
                print(line)

    def record(self, name: str, value: Any, *, kind: str | None = None, **options: Any) -> list[Recorded]:
        """Record an existing value for a candidate; options as for `candidate`."""
        with self.candidate(name, **options) as run:
            run.record(value, kind=kind)
        return run.results

    def scoreboard(self) -> pd.DataFrame:
        """The candidates as a DataFrame, best first: score, 95% range, verdict, cost bound, effort."""
        from . import present

        return present.frame(self.board())

    def board(self) -> dict[str, Any]:
        """The scoreboard as one plain JSON value."""
        return board_of(self._here())

    @property
    def html(self) -> str:
        """The scoreboard as HTML."""
        from . import present

        return present.html(self.board())

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        from . import present

        return present.bundle(self.board())

    def __repr__(self) -> str:
        return f"<mlee experiment {self.name!r}>"

    def check(self) -> tuple[Any, ...]:
        """Every rule's answer, as findings."""
        here = self._here()
        return here.findings(here.evidence())

    def extend(self, by: str, *, because: str) -> None:
        """Lengthen the time box, as "2h"."""
        here = self._here()
        here.extend(clock.parse(by, here.settings.hours_a_day), because)

    def pause(self) -> None:
        """Stop the time."""
        self._here().pause()

    def resume(self) -> None:
        """Let the time run again."""
        self._here().resume()

    def park(self, candidate: str, *, because: str | None = None) -> None:
        """Leave a candidate as it is; tuning belongs after the choice."""
        self._here().set_state(candidate, CandidateState.PARKED, because)

    def drop(self, candidate: str, *, because: str) -> None:
        """Give a candidate up."""
        self._here().set_state(candidate, CandidateState.DROPPED, because)

    def change(self, *, because: str | None = None, **values: Any) -> list[str]:
        """Change the charter; gives back what differs."""
        return self._here().change(values, because)

    def ignore(self, rule: str, *, because: str, until: date | None = None) -> str:
        """Mute a rule; gives back its code."""
        return self._here().ignore(rule, because, until)

    def decide(self, candidate: str | None, *, because: str | None = None) -> None:
        """Choose a candidate, or None against all of them."""
        here = self._here()
        here.decide(candidate, because)
        for line in news_lines(here):
            print(line)

    def close(self, *, because: str | None = None) -> None:
        """End the experiment."""
        self._here().close(because)


def start(
    name: str,
    *,
    budget: str | timedelta | None = None,
    deadline: date | None = None,
    truth: Any = None,
    features: Any = None,
    **charter: Any,
) -> ExperimentHandle:
    """Open an experiment, or resume the one of that name.

    Args:
        name: the experiment.
        budget: active working time, as "90m", "6h", "3d" or a timedelta.
        deadline: a calendar date, apart from the budget.
        truth: the right answers, or the name of the variable that holds them.
        features: what estimators predict on, or the variable's name.
        **charter: question, decision, owner, metric, useful_gain, must_reach, population, serving, candidates, ...

    Raises:
        MleeError: a value that a charter cannot hold.
    """
    here = session()
    opening = here.start(
        name,
        charters.from_table(charter) if charter else None,
        budget=clock.parse(budget, here.settings.hours_a_day) if isinstance(budget, str) else budget,
        deadline=deadline,
        truth_name=_declare(here, truth, "truth"),
        features_name=_declare(here, features, "features"),
    )
    for line in opening_lines(here, opening):
        print(line)
    return ExperimentHandle(name, here)


def _declare(here: Session, value: Any, fallback: str) -> str | None:
    """The variable's name; a value without one is kept under the name it was passed by."""
    if value is None or isinstance(value, str):
        return value
    for name, held in here.names.items():
        if held is value and not name.startswith("_"):
            return name
    here.given[fallback] = value
    return fallback


def opening_lines(here: Session, opening: Opening) -> list[str]:
    """What to say when an experiment was opened or resumed."""
    from . import present

    evidence, fresh = here.news()
    lines = present.opening_lines(
        evidence,
        resumed=opening.resumed,
        changes=opening.changes,
        remarks=opening.remarks,
        notice=here.store.notice,
    )
    return [*lines, *present.cell_lines(fresh)]


def news_lines(here: Session) -> list[str]:
    """What became true since it was last said, at most two findings."""
    from . import present

    return present.cell_lines(here.news()[1])


def recorded_lines(recorded: Recorded, evidence: Evidence) -> list[str]:
    """What to say of one record."""
    from . import present

    first = recorded.first
    line = present.recorded_line(
        recorded.candidate,
        first.measured,
        low=first.low,
        high=first.high,
        used=evidence.used,
        box=evidence.experiment.box,
        variant=recorded.variant,
        variants=recorded.variants,
        repeat=recorded.repeat,
        others=[scored.measured for scored in recorded.others],
    )
    return [line, *recorded.remarks]


def board_of(here: Session, name: str | None = None) -> dict[str, Any]:
    """The board of the open experiment, or of another one in the store."""
    from . import present

    evidence = here.evidence(name)
    notices = (here.store.notice,) if here.store.notice else ()
    return present.board(evidence, here.findings(evidence), notices=notices)


def check(name: str | None = None) -> tuple[Any, ...]:
    """Every rule's answer on the open experiment, or on another one in the store."""
    here = session()
    return here.findings(here.evidence(name))


def outcome_of(fault: BaseException) -> RunOutcome:
    """How a run that raised ended."""
    if isinstance(fault, TimeBoxExpired | TimeBoxExceeded):
        return RunOutcome.OUT_OF_TIME
    import asyncio

    interrupted = isinstance(fault, KeyboardInterrupt | asyncio.CancelledError)
    return RunOutcome.INTERRUPTED if interrupted else RunOutcome.ERROR


def error_text(fault: BaseException) -> str:
    """Type and message of what a run raised, short enough to store."""
    return f"{type(fault).__name__}: {fault}"[:2000]


def experiment_rows(here: Session) -> list[ExperimentRow]:
    """Every experiment of the store, for a list."""
    from . import present

    rows = []
    for experiment in here.store.experiments():
        evidence = here.evidence(experiment.name)
        state = "decided" if experiment.decision else "closed" if experiment.closed_at else "open"
        rows.append(
            present.ExperimentRow(
                name=experiment.name,
                state="paused" if state == "open" and experiment.paused_at else state,
                used=evidence.used,
                box=experiment.box,
                candidates=len(evidence.records.candidates),
                results=len(evidence.records.results),
                opened_at=experiment.opened_at,
                chosen=experiment.decision.candidate if experiment.decision else None,
            )
        )
    return rows


def known_candidates() -> Mapping[str, Any]:
    """The open experiment's candidates by name; empty when none is open."""
    if _session is None or _session.current is None:
        return {}
    return {c.name: c for c in _session.records().candidates}
