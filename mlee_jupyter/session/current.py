"""This process's session, and the lines that all doors say: what was opened, recorded, found.

The plain Python door stands on it in `handle`, the magics and the command line beside that.
"""

from __future__ import annotations

import atexit
import os
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from mlee_jupyter.domain import RunOutcome, settings
from mlee_jupyter.domain.errors import MleeError, StoreError, TimeBoxExceeded, TimeBoxExpired

from .cell_place import place_of
from .cell_timer import CellClock, Flusher
from .overview.watching import followers
from .plans.past_boxes import past_boxes

if TYPE_CHECKING:
    from mlee_jupyter.domain import Evidence, Fresh, Judgement, NotebookFacts
    from mlee_jupyter.domain.audits import TriesTold
    from mlee_jupyter.record.scored_run import Recorded
    from mlee_jupyter.report import ExperimentRow, Said
    from mlee_jupyter.stopping import Stop

    from .opening import Opening
    from .session import Session

_session: Session | None = None
_flusher: Flusher | None = None
_owner: int | None = None  # pid: a forked worker makes its own


def session() -> Session:
    """The session of this process, made when it is first needed."""
    global _session, _owner
    if _session is None or _owner != os.getpid():
        _session, _owner = _make_session(), os.getpid()
        for follow in tuple(followers):
            _quietly(partial(follow, _session))
    return _session


def session_if_any() -> Session | None:
    """The session of this process; None where nothing of it was needed yet."""
    return _session if _owner == os.getpid() else None


def store_exists() -> bool:
    """Whether there is a store to look into; none is made for the question."""
    try:
        place = settings.read().store_location
    except StoreError:
        return False
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
    from mlee_jupyter.store import open_store, store_in_memory

    from .session import Session

    global _flusher
    found = settings.read()
    shell = _shell()
    cells = CellClock(uuid.uuid4().hex, found.idle_limit.total_seconds())
    try:
        store = open_store(found.store_location, when_needed=True)
    except StoreError as fault:
        store = store_in_memory(fault)
    made = Session(
        store,
        found,
        names=shell.user_ns if shell is not None else None,
        cells=cells,
        notebook=notebook(shell),
        read_text=_text_of,
        read_run=_text_of_run,
    )
    if shell is not None:
        shell.events.register("pre_run_cell", cells.pre_run_cell)
        shell.events.register("post_run_cell", cells.post_run_cell)
        cells.on_limit = lambda: _say_news(made)
        cells.on_begin = made.loop.begin
        cells.on_end = lambda: _say_what_waited(made)
        cells.sent = lambda: _sent_at(shell)
        cells.place = lambda: place_of(shell)
        _flusher = Flusher(lambda: _quietly(made.flush))
        atexit.register(lambda: _quietly(made.flush))
    return made


def _text_of(path: str) -> NotebookFacts | None:
    """Reading notebooks is imported when one is read."""
    from .notebook_text import text_of

    return text_of(path)


def _text_of_run(code: str, features: str | None) -> NotebookFacts | None:
    """The same of a candidate's cell."""
    from .notebook_text import text_of_run

    return text_of_run(code, features)


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


def _sent_at(shell: Any) -> float | None:
    """When the front end sent the running cell, in seconds since 1970 by its own clock; None outside of a kernel."""
    asked = getattr(shell, "get_parent", None)
    header: dict[str, Any] = asked().get("header", {}) if asked is not None else {}
    sent: Any = header.get("date")
    return float(sent.timestamp()) if hasattr(sent, "timestamp") else None


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


def _say_what_waited(of: Session) -> None:
    """What a loop in the cell that ended has recorded and nobody was told."""
    if not of.loop.waiting and not of.unwritten:
        return
    from mlee_jupyter import report

    with faults_said():
        for line in of.unwritten.told():
            print(line)
        folded = report.folded_line(of.loop.told(of.loop.now()))
        for line in (*([folded] if folded else []), *news_lines(of)):
            print(line)


def _say_news(of: Session) -> None:
    with faults_said():
        for line in news_lines(of):
            print(line)


REPORT_TO = "https://github.com/mlee-jupyter/mlee_jupyter/issues"
Item = TypeVar("Item")
shield_faults = True  # tests switch it off, so that a fault of ours fails them


@contextmanager
def faults_said(but: type[MleeError] | None = None) -> Iterator[None]:
    """A fault of ours prints one line and goes no further: it never costs a user's result or breaks a cell.

    Args:
        but: bad input that the caller still wants to see raised; a store that cannot be written is none.
    """
    try:
        yield
    except TimeBoxExceeded:
        raise  # no fault: a limit that was asked for
    except StoreError as fault:
        print(fault)
    except MleeError as fault:
        if but is not None and isinstance(fault, but):
            raise
        print(fault)
    except Exception as fault:
        if not shield_faults:
            raise
        print(f"{fault_line(fault)} Your variables are as they were.")


def read_or_refused(read: Callable[[], list[Item]]) -> list[Item] | MleeError:
    """What a run handed over, read while it may still be stopped; or why it cannot be used, for when it has ended."""
    __tracebackhide__ = True
    found: list[Item] = []
    try:
        with faults_said(but=MleeError):
            found = read()
    except MleeError as refused:
        return refused
    return found


def fault_line(fault: Exception) -> str:
    """A fault of ours, in one line."""
    text = f"{type(fault).__name__}: {' '.join(str(fault).split())[:160]}"
    return f"mlee met a fault of its own ({text}); please report it: {REPORT_TO}."


def opening_lines(here: Session, opening: Opening) -> list[str]:
    """What to say when an experiment was opened or resumed."""
    from mlee_jupyter import report

    evidence, fresh = here.news()
    lines = report.opening_lines(
        evidence,
        resumed=opening.resumed,
        changes=opening.changes,
        remarks=opening.remarks,
        notice=here.store.notice,
    )
    forecast = None if opening.resumed else report.box_forecast(evidence, past_boxes(here, here.current))
    if forecast is not None:
        lines.append(f"{report.forecast_text(forecast)}: %mlee_experiment plan.")
    return [*lines, *report.cell_lines(fresh)]


def confirmed_lines(here: Session, fresh: Fresh, opened: bool) -> list[str]:
    """What the sealed sample showed."""
    from mlee_jupyter import report

    before = [] if opened else ["It was opened before; the same predictions give the same answer."]
    return [*before, *report.fresh_lines(here.evidence(), fresh), *news_lines(here)]


def news_lines(here: Session) -> list[str]:
    """What became true since it was last said, at most two findings."""
    from mlee_jupyter import report

    return report.cell_lines(here.news()[1])


def decision_lines(here: Session) -> list[str]:
    """News, and every error that stands: a decision on a wrong comparison is not let pass in silence."""
    from mlee_jupyter import report
    from mlee_jupyter.domain import Level

    evidence, fresh = here.news()
    said = {finding.rule for finding in fresh}
    standing = [f for f in here.findings(evidence) if f.level is Level.ERROR and f.rule not in said]
    return report.cell_lines(fresh) + report.cell_lines(standing)


def recorded_lines(recorded: Recorded, evidence: Evidence) -> list[str]:
    """What to say of one record."""
    from mlee_jupyter import report

    first = recorded.first
    if recorded.tries is not None:
        return tries_lines(recorded.candidate, recorded.tries, evidence)
    line = report.recorded_line(
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


def tries_lines(candidate: str, told: TriesTold, evidence: Evidence | None) -> list[str]:
    """What to say of the tries of a search or a study."""
    from mlee_jupyter import report

    used, box = (None, None) if evidence is None else (evidence.used, evidence.experiment.box)
    return [report.tries_line(candidate, told, used=used, box=box)]


def judgements_of(here: Session, name: str | None = None) -> tuple[Judgement, ...]:
    """What was judged, less what an error that stands forbids."""
    from mlee_jupyter.domain import held

    evidence = here.evidence(name)
    return held(evidence, here.findings(evidence)).judgements


def explanation_of(here: Session, name: str | None = None, *, why: str | None = None) -> Said:
    """Why a candidate stands where it does, or what a number means; without `why` the headline.

    Raises:
        MleeError: nothing of that name is on the board.
    """
    from mlee_jupyter import report

    evidence = here.evidence(name)
    return report.explanation(evidence, why, here.findings(evidence))


def board_of(here: Session, name: str | None = None) -> dict[str, Any]:
    """The board of the open experiment, or of another one in the store."""
    from mlee_jupyter import report

    evidence = here.evidence(name)
    notices = (here.store.notice,) if here.store.notice else ()
    return report.board(evidence, here.findings(evidence), notices=notices)


def side_board_of(here: Session, metric: str, name: str | None = None) -> dict[str, Any]:
    """The board by another metric than the agreed one, which says so first; of the findings only what is fatal."""
    from mlee_jupyter import report
    from mlee_jupyter.domain import Level

    agreed = here.evidence(name)
    fatal = [finding for finding in here.findings(agreed) if finding.level is Level.ERROR]
    return report.side_board(here.side_view(metric, name), agreed, fatal)


def check(name: str | None = None) -> tuple[Any, ...]:
    """Every rule's answer on the open experiment, or on another one in the store.

    Args:
        name: the experiment; None: the open one.

    Returns:
        A `Finding` for each rule, with its `outcome`, `message` and `remedy`.

    Raises:
        MleeError: no experiment is open, or none has that name.
    """
    here = session()
    return here.findings(here.evidence(name))


def ending_of(fault: BaseException, stop: Stop | None = None) -> tuple[RunOutcome, str]:
    """How a run that raised ended, and what is stored of why.

    A run that was stopped may end in anything: its code or a library turned the stop into an error of its own.
    """
    if stop is not None and stop.outcome is not None:
        return stop.outcome, error_text(stop.fault())
    return outcome_of(fault), error_text(fault)


def outcome_of(fault: BaseException) -> RunOutcome:
    """How a run that raised ended, by its exception."""
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
    from mlee_jupyter import report

    rows = []
    for experiment in here.store.experiments():
        evidence = here.evidence(experiment.name)
        state = "decided" if experiment.decision else "closed" if experiment.closed_at else "open"
        rows.append(
            report.ExperimentRow(
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
