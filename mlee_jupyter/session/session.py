"""The use cases of an experiment: start, record, look, extend, decide. It writes, then looks.

One session lives in each kernel (or script). It holds the store, the settings and the clock of this kernel, and
which experiment is open here; everything else is read from the store when it is asked for.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlee_jupyter import guardrails
from mlee_jupyter.domain import (
    Candidate,
    CandidateState,
    Charter,
    Evidence,
    Experiment,
    Finding,
    Fresh,
    Ignore,
    NotebookFacts,
    Records,
    ResultKind,
    charter_toml,
    working_time,
)
from mlee_jupyter.domain.audits import Tried
from mlee_jupyter.domain.errors import MleeError, did_you_mean
from mlee_jupyter.domain.settings import Settings
from mlee_jupyter.evidence import side_view
from mlee_jupyter.evidence.memory import Memory
from mlee_jupyter.evidence.text_findings import ReadRun
from mlee_jupyter.record.charter_metric import rare_class
from mlee_jupyter.record.scored_run import Recorded, Run
from mlee_jupyter.stopping import unbroken

from . import opening, second_sample
from .cell_place import CellPlace
from .cell_timer import CellClock
from .opened_experiment import OpenedExperiment
from .opening import Opening
from .overview.loops import Loop
from .overview.overview import Overview
from .overview.watching import Watching
from .recording import run_reading
from .recording.recorder import Recorder
from .recording.run_reading import Read
from .recording.run_writing import RunWriter
from .recording.unwritten import Unwritten
from .user_variables import Declared

if TYPE_CHECKING:
    from mlee_jupyter.store import Store


class Session:
    """The experiments of one kernel.

    Args:
        store: where records live.
        settings: the project's settings.
        names: where declared variables are looked up: the user's namespace.
        now: the current time, aware, UTC.
        cells: the clock that the kernel's events feed; a silent one outside of a kernel.
        notebook: path of the notebook, when it is known.
        read_text: what rules may know of a notebook file; nothing by default.
        read_run: the same of a candidate's cell.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        *,
        names: Mapping[str, Any] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        cells: CellClock | None = None,
        notebook: str | None = None,
        read_text: Callable[[str], NotebookFacts | None] = lambda _: None,
        read_run: ReadRun = lambda *_: None,
    ) -> None:
        self.store = store
        store.unbroken = unbroken
        self.settings = settings
        self.given: dict[str, Any] = {}  # values handed to `start` without a variable's name
        self.names: Mapping[str, Any] = ChainMap(self.given, {} if names is None else names)  # type: ignore[arg-type]
        self.now = now
        self.cells = cells or CellClock("script", settings.idle_limit.total_seconds(), lambda: now().timestamp())
        self.notebook = notebook
        self.loop = Loop()
        self.unwritten = Unwritten()
        self.opened = OpenedExperiment(store, self.cells, self.unwritten, self._time)
        self.watching = Watching()  # told of each look at what is new
        self.places: dict[tuple[int, str], CellPlace] = {}  # experiment, candidate: the cell it was recorded from last
        self._idle_is_free = settings.idle_limit == working_time.IDLE_LIMIT  # the project names none of its own
        memory = Memory(store)
        self.declared = Declared(self.names, memory)
        writer = RunWriter(store, self.cells, self.places, self._note_person)
        self._recorder = Recorder(store, self.declared, memory, self.cells, writer)
        self._overview = Overview(store, self.declared, memory, self.cells, read_text, read_run)

    def _time(self) -> datetime:
        """The current time by the clock that the session has now: whoever plays a day back gives it another one."""
        return self.now()

    # ------------------------------------------------------------------ opening and closing

    def start(
        self,
        name: str,
        charter: Charter | None = None,
        *,
        budget: timedelta | None = None,
        deadline: date | None = None,
        truth_name: str | None = None,
        features_name: str | None = None,
        fresh_name: str | None = None,
    ) -> Opening:
        """Open an experiment, or resume the one of that name: running a notebook again doubles nothing."""
        done = opening.open_or_resume(
            self.store,
            name,
            charter,
            budget=budget,
            usual_budget=self.settings.budget,
            deadline=deadline,
            named={"truth_name": truth_name, "features_name": features_name},
            now=self.now,
        )
        self.opened.take_up(name, done.experiment)
        unread = self.read_layouts()
        sealed = self.seal(fresh_name) if fresh_name is not None else ()
        rare = rare_class(self.declared.truth_if_there(done.experiment), done.experiment.charter)
        return replace(done, remarks=(*done.remarks, *unread, *sealed, *([rare] if rare else [])))

    def open_untitled(self) -> Opening:
        """The experiment of a notebook that records a candidate without having started one."""
        return self.start(opening.untitled(self.notebook))

    @property
    def current(self) -> str | None:
        """The name of the experiment that is open here."""
        return self.opened.name

    @property
    def uses(self) -> int:
        """Grows whenever a use case looks at the open experiment: it may have changed."""
        return self.opened.uses

    def experiment(self) -> Experiment:
        """The experiment that is open here.

        Raises:
            MleeError: none is.
        """
        return self.opened.experiment()

    def records(self) -> Records:
        """All that is known of the open experiment."""
        return self.opened.records()

    def flush(self) -> None:
        """Take this kernel's spans to the store; called from the flusher's thread as well."""
        self.opened.flush()

    def close(self, because: str | None) -> Experiment:
        """End the experiment without a decision, or after one."""
        return self.opened.end(lambda name: self.store.close_experiment(name, self.now(), because))

    def decide(self, candidate: str | None, because: str | None) -> Experiment:
        """Choose a candidate, or None against all of them; saying it twice changes nothing."""
        experiment = self.experiment()
        if candidate is not None:
            self._known(candidate)
        said = experiment.decision
        if said is not None and said.candidate == candidate and because in (None, said.because):
            return experiment
        return self.opened.end(lambda name: self.store.decide(name, candidate, because, self.now()))

    def reopen(self) -> Experiment:
        """Take a decision or a closing back, so that time runs again."""
        return self.opened.reopen()

    def notebook_file(self, named: str | None = None) -> Path:
        """The notebook's file.

        Raises:
            MleeError: the front end does not tell which one this is.
        """
        if named or self.notebook:
            return Path(named or self.notebook or "")
        raise MleeError("Which notebook this is, the front end does not say.", "Name it: --notebook FILE.ipynb")

    def suggest_idle_limit(self, limit: timedelta) -> None:
        """Another idle limit, where the project's settings name none of their own."""
        if self._idle_is_free:
            self.settings = replace(self.settings, idle_limit=limit)
            self.cells.set_idle(limit.total_seconds())

    # ------------------------------------------------------------------ candidates and charter

    def change(self, values: Mapping[str, Any], because: str | None) -> list[str]:
        """Change the charter; every version is kept, and a reason given later is one. Gives back what differs.

        Raises:
            MleeError: an unknown key or a wrong value, with what is known.
        """
        experiment = self.experiment()
        charter = opening.checked(charter_toml.from_table(values, experiment.charter)) or experiment.charter
        differences = charter_toml.changes(experiment.charter, charter)
        known = {version.because for version in self.records().charters}
        if differences or (because and because not in known):
            self.store.change_charter(experiment.name, charter, because, self.now())
        return differences

    def set_state(self, candidate: str, state: CandidateState, because: str | None) -> Candidate:
        """Park, drop or take up a candidate."""
        self._known(candidate)
        return self.store.set_candidate(self.experiment().name, candidate, state=state, because=because, at=self.now())

    def ignore(self, rule: str, because: str, until: date | None) -> str:
        """Mute a rule for this experiment; gives back the rule's code."""
        code = guardrails.find_rule(rule).code
        if until is not None and until < self.now().astimezone().date():
            raise MleeError(f"{until} is past, so nothing would be ignored.", "Name a day to come, or leave it out.")
        self.store.add_ignore(self.experiment().name, Ignore(rule=code, because=because, until=until, at=self.now()))
        return code

    def heed(self, rule: str) -> str:
        """Take an ignore back; gives back the rule's code."""
        code = guardrails.find_rule(rule).code
        self.store.remove_ignore(self.experiment().name, code, self.now())
        return code

    def delete(self, name: str, because: str) -> str | None:
        """Delete an experiment with its rows; the open one is open no longer. Gives back the store's remark."""
        self.opened.uses += 1
        if name == self.current:
            self.opened.forget()
        return self.store.delete_experiment(name, because, self.now())

    def _known(self, candidate: str) -> None:
        names = [c.name for c in self.records().candidates]
        if candidate not in names:
            listed = ", ".join(n[:40] for n in names[:12]) or "none yet"
            near = did_you_mean(candidate, names)
            raise MleeError(f"There is no candidate {candidate[:40]!r}.", f"{near}Candidates: {listed}.")

    # ------------------------------------------------------------------ the sealed sample

    def seal(self, name: str, because: str | None = None) -> tuple[str, ...]:
        """Declare the second sample; gives back what there is to say. Saying it again changes nothing.

        Raises:
            MleeError: it shares rows with the declared truth, was looked at before, or was opened already.
        """
        return second_sample.seal(self.store, self.records(), self.declared, name, because, self.now())

    def confirm(self, handed: Mapping[str, Any], *, features_name: str | None = None) -> tuple[Fresh, bool]:
        """Open the sealed sample, once: what it showed, and whether this was the opening.

        The same predictions again give the same answer.

        Raises:
            MleeError: not sealed, not decided, changed since, or opened before with other predictions.
        """
        return second_sample.confirm(self.store, self.evidence(), self.declared, handed, features_name, self.now())

    # ------------------------------------------------------------------ recording

    def read(
        self,
        value: Any,
        source: str | None,
        *,
        kind: ResultKind | None = None,
        truth_name: str | None = None,
        features_name: str | None = None,
        n: int | None = None,
        classes: Any = None,
    ) -> Read:
        """What a run handed over, read as what it is: see `run_reading.read`."""
        __tracebackhide__ = True
        return run_reading.read(
            self.declared,
            self.records(),
            value,
            source,
            kind=kind,
            truth_name=truth_name,
            features_name=features_name,
            n=n,
            classes=classes,
        )

    def record(self, candidate: str, read: Read, run: Run) -> list[Recorded]:
        """Judge what was read and write it; one run for each variant handed over.

        Raises:
            MleeError: it cannot be judged; nothing is written then.
        """
        done: list[Recorded] = []
        if read.handed:
            known, at = self.records(), self.now()
            done = self._recorder.record(
                candidate, read, run, known, settings=self.settings, notebook=self.notebook, at=at
            )
        if read.tried is not None:
            return [*done, self.record_tries(candidate, read.tried, run, n=read.n, beside=bool(done))]
        if read.left_out:
            done[-1] = replace(done[-1], remarks=(*done[-1].remarks, read.left_out))
        return done

    def record_tries(
        self,
        candidate: str,
        tried: Tried,
        run: Run,
        *,
        experiment: str | None = None,
        n: int | None = None,
        beside: bool = False,
    ) -> Recorded:
        """Write what a search or a study tried: see `Recorder.record_tries`; for the open experiment or another one."""
        name = experiment or self.experiment().name
        return self._recorder.record_tries(
            candidate,
            tried,
            run,
            self.store.records(name),
            n=n,
            beside=beside,
            is_open=name == self.current,
            notebook=self.notebook,
        )

    def record_failure(self, candidate: str, run: Run) -> None:
        """Write a run that raised, was interrupted or ran out of time."""
        self._recorder.record_failure(candidate, run, self.records(), self.notebook)
        self.show()

    def _note_person(self, experiment: str) -> None:
        """Keep who records here, once an experiment, where that is kept at all."""
        person = self.settings.person(self.store.location)
        if person is not None:
            self.store.add_person(experiment, person, self.now())

    def read_layouts(self) -> tuple[str, ...]:
        """Take to the store what the charter's names say of the rows; a line for each that nobody has read yet."""
        return self._recorder.read_layouts(self.records())

    # ------------------------------------------------------------------ looking

    def evidence(self, name: str | None = None) -> Evidence:
        """What a rule may see now, of the open experiment or another one."""
        self.opened.write_unwritten()
        with self.store.one_moment():
            return self._evidence(name)

    def side_view(self, metric: str, name: str | None = None) -> Evidence:
        """The stored answers judged by another metric than the one agreed on; each of them counts as looked at again.

        Raises:
            MleeError: there is no such metric, it is the agreed one, or nothing can be scored by it.
        """
        with self.store.one_moment():
            found = side_view.as_side_view(self._evidence(name, by=metric))
        self._overview.count_side_view(found, metric, self.now())
        return found

    def _evidence(self, name: str | None, by: str | None = None) -> Evidence:
        records = self.store.records(name) if name else self.records()
        is_open = name is None or name == self.current
        return self._overview.evidence(records, self.settings, self.now, is_open=is_open, by=by)

    def findings(self, evidence: Evidence, *, reading: bool = True) -> tuple[Finding, ...]:
        """Every rule's answer: see `Overview.findings`."""
        own = self.notebook if evidence.experiment.name == self.current else None
        return self._overview.findings(evidence, self.settings, at_hand=own, reading=reading)

    def news(self) -> tuple[Evidence, tuple[Finding, ...]]:
        """What became true since it was last said; it counts as said now, in every kernel."""
        self.opened.write_unwritten()
        with self.store.one_moment():
            evidence = self.evidence()
            findings = self.findings(evidence, reading=False)
            name = evidence.experiment.name
            said = self.store.said(name)
        fresh = self._overview.say(name, findings, said, self.now())
        self.watching.tell(evidence, findings, self.uses)
        return evidence, fresh

    def show(self) -> None:
        """Show whoever watches how the open experiment stands; nobody watching: nothing is looked at."""
        if self.watching and self.current is not None:
            evidence = self.evidence()
            self.watching.tell(evidence, self.findings(evidence, reading=False), self.uses)
