"""The use cases of an experiment: start, record, look, extend, decide. It writes, then looks.

One session lives in each kernel (or script). It holds the store, the settings and the clock of this kernel, and
which experiment is open here; everything else is read from the store when it is asked for.
"""

from __future__ import annotations

import time
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
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
    Level,
    Measured,
    NotebookFacts,
    Records,
    Result,
    ResultKind,
    Span,
    Truth,
    charter_toml,
    held,
    working_time,
)
from mlee_jupyter.domain.audits import Tried
from mlee_jupyter.domain.errors import MleeError, NameTaken, did_you_mean
from mlee_jupyter.domain.model_seen import MachineSeen, ModelSeen
from mlee_jupyter.domain.settings import Settings
from mlee_jupyter.evidence import build, row_structure, side_view
from mlee_jupyter.evidence.memory import Memory
from mlee_jupyter.evidence.sampling.look import Sight
from mlee_jupyter.evidence.text_findings import RULE as OF_TEXT
from mlee_jupyter.evidence.text_findings import ReadRun, Texts
from mlee_jupyter.record import cell_output, row_score_record, score, tries
from mlee_jupyter.record.board_range import as_judged
from mlee_jupyter.record.handed_tries import holds_tries, read_tries
from mlee_jupyter.record.score import Recorded, Run
from mlee_jupyter.serving import model_look
from mlee_jupyter.serving.machines_used import machines_used
from mlee_jupyter.stats.metrics.catalogue import default_metric, metric_facts
from mlee_jupyter.stats.metrics.metric_names import target_as_shown
from mlee_jupyter.stats.own_scores.row_score import names_row_score

from . import opening, second_sample
from .cell_place import CellPlace
from .cell_timer import CellClock
from .loops import Loop
from .opening import Opening
from .repeats import Repeats
from .unwritten import Unwritten
from .user_variables import Declared
from .watching import Watching

if TYPE_CHECKING:
    import numpy as np

    from mlee_jupyter.store import Store

LIMITS = (0.5, 0.8, 1.0)  # shares of the box at which a rule speaks


@dataclass(frozen=True, kw_only=True, eq=False)
class Read:
    """What a run handed over, before it is judged."""

    handed: tuple[cell_output.Handed, ...]
    truth: Truth | None
    truth_name: str | None  # where another one than the declared was asked for
    metric: str | None
    tried: Tried | None = None  # what a search or a study tried, beside what was handed over
    n: int | None = None  # rows behind each bare score of that
    left_out: str | None = None  # why nothing of that is recorded


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
        self.settings = settings
        self.given: dict[str, Any] = {}  # values handed to `start` without a variable's name
        self.names: Mapping[str, Any] = ChainMap(self.given, {} if names is None else names)  # type: ignore[arg-type]
        self.now = now
        self.cells = cells or CellClock("script", settings.idle_limit.total_seconds(), lambda: now().timestamp())
        self.notebook = notebook
        self.current: str | None = None
        self._seen: Experiment | None = None
        self.uses = 0  # grows whenever a use case looks at the open experiment: it may have changed
        self.loop = Loop()
        self.unwritten = Unwritten()
        self.watching = Watching()  # told of each look at what is new
        self.places: dict[tuple[int, str], CellPlace] = {}  # experiment, candidate: the cell it was recorded from last
        self._idle_is_free = settings.idle_limit == working_time.IDLE_LIMIT  # the project names none of its own
        self._memory = Memory(store)
        self._repeats = Repeats(store, self._memory)
        self.declared = Declared(self.names, self._memory)
        self._sight = Sight()
        self._texts = Texts(read_text, read_run)

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
        if not name.strip():
            raise MleeError("An experiment needs a name.", "Type %mlee_experiment start NAME.")
        charter = self._checked(charter)
        charter, remarks = opening.without_free(charter)
        found = self.store.find_experiment(name)
        done: Opening | None = None
        if found is None:
            try:
                found = self.store.create_experiment(
                    name,
                    charter=charter or Charter(),
                    budget=budget or self.settings.budget,
                    deadline=deadline,
                    truth_name=truth_name,
                    features_name=features_name,
                    at=self.now(),
                )
                done = Opening(experiment=found, resumed=False, remarks=remarks)
            except NameTaken:  # another process was faster: then it is there to resume
                found = self.store.find_experiment(name)
                if found is None:
                    raise
        if done is None:
            named = {"truth_name": truth_name, "features_name": features_name}
            done = opening.resume(self.store, found, charter, budget, named, self.now())
        self._leave()
        self.current = name
        self._run_clock(done.experiment)
        unread = self.read_layouts()
        sealed = self.seal(fresh_name) if fresh_name is not None else ()
        rare = score.rare_class(self.declared.truth_if_there(done.experiment), done.experiment.charter)
        return replace(done, remarks=(*done.remarks, *unread, *sealed, *([rare] if rare else [])))

    def open_untitled(self) -> Opening:
        """The experiment of a notebook that records a candidate without having started one."""
        stem = self.notebook.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".ipynb") if self.notebook else ""
        return self.start(f"untitled {stem}".strip())

    def experiment(self) -> Experiment:
        """The experiment that is open here.

        Raises:
            MleeError: none is.
        """
        self.uses += 1
        if self.current is not None and (found := self.store.find_experiment(self.current)) is not None:
            self._seen = found
            return found
        going = [one.name for one in self.store.experiments() if one.is_open]
        raise MleeError(
            "No experiment is open in this notebook.",
            f'Take one up again: %mlee_experiment start "{going[-1]}"'
            f" ({len(going)} open here: %mlee_experiment list), or only look: %mlee_scoreboard NAME."
            if going
            else "Type %mlee_experiment start NAME --budget 6h.",
        )

    def last_seen(self) -> Experiment:
        """The experiment that is open here as this kernel saw it last: for what is only foreseen. Raises as above."""
        if self._seen is None or self._seen.name != self.current:
            return self.experiment()
        return self._seen

    def records(self) -> Records:
        """All that is known of the open experiment."""
        self.write_unwritten()
        with self.store.one_moment():
            return self.store.records(self.experiment().name)

    def write_unwritten(self) -> None:
        """Write what waits to be written, before anybody looks; not in the middle of a look."""
        if self.unwritten and not self.store.is_reading:
            self.unwritten.write()

    def close(self, because: str | None) -> Experiment:
        """End the experiment without a decision, or after one."""
        return self._end(lambda name: self.store.close_experiment(name, self.now(), because))

    def decide(self, candidate: str | None, because: str | None) -> Experiment:
        """Choose a candidate, or None against all of them; saying it twice changes nothing."""
        experiment = self.experiment()
        if candidate is not None:
            self._known(candidate)
        said = experiment.decision
        if said is not None and said.candidate == candidate and because in (None, said.because):
            return experiment
        return self._end(lambda name: self.store.decide(name, candidate, because, self.now()))

    def reopen(self) -> Experiment:
        """Take a decision or a closing back, so that time runs again."""
        name = self.experiment().name
        self.store.reopen(name, self.now())
        self._run_clock(self.experiment())
        return self.experiment()

    def _end(self, write: Callable[[str], object]) -> Experiment:
        name = self.experiment().name
        self.flush()
        write(name)
        self.cells.stop()
        self.flush()
        return self.experiment()

    def _leave(self) -> None:
        """Another experiment begins in this kernel: what was counted belongs to the one before."""
        if self.current is not None:
            self.cells.stop()
            self.flush()
        self.cells.clear()

    # ------------------------------------------------------------------ time

    def extend(self, by: timedelta, because: str) -> bool:
        """Lengthen the box; False when the very same extension is there already (a cell that ran again)."""
        experiment = self.experiment()
        if any(e.by == by and e.because == because for e in experiment.extensions):
            return False
        if experiment.budget is None:
            raise MleeError(f"{experiment.name} has no time box to extend.", "Start it with --budget 6h.")
        self.store.extend(experiment.name, by, because, self.now())
        return True

    def pause(self) -> bool:
        """Stop the time; False when it stands already."""
        experiment = self.experiment()
        if experiment.paused_at is not None or not experiment.is_open:
            return False
        self.cells.stop()
        self.flush()
        self.store.pause(experiment.name, self.now())
        return True

    def resume(self) -> bool:
        """Let the time run again; False when it runs already."""
        experiment = self.experiment()
        if experiment.paused_at is None:
            return False
        self.store.resume(experiment.name, self.now())
        self._run_clock(self.experiment())
        return True

    def chosen(self) -> str | None:
        """The candidate that was decided for in the open experiment; None where there is none."""
        if self.current is None:
            return None
        decision = self.experiment().decision
        return decision.candidate if decision else None

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

    def flush(self) -> None:
        """Take this kernel's spans to the store; called from the flusher's thread as well."""
        self.write_unwritten()
        if self.current is not None and (spans := self.cells.pending()):
            self.store.put_spans(self.current, spans)
            self.cells.settle(spans)

    def _run_clock(self, experiment: Experiment) -> None:
        if experiment.is_open and experiment.paused_at is None:
            self.cells.start()
        else:
            self.cells.stop()

    # ------------------------------------------------------------------ candidates and charter

    def change(self, values: Mapping[str, Any], because: str | None) -> list[str]:
        """Change the charter; every version is kept, and a reason given later is one. Gives back what differs.

        Raises:
            MleeError: an unknown key or a wrong value, with what is known.
        """
        experiment = self.experiment()
        charter = self._checked(charter_toml.from_table(values, experiment.charter)) or experiment.charter
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

    def rename(self, new: str, because: str | None) -> None:
        """Rename the open experiment."""
        name = self.experiment().name
        self.flush()
        self.store.rename_experiment(name, new, because, self.now())
        self.current = new

    def delete(self, name: str, because: str) -> str | None:
        """Delete an experiment with its rows; the open one is open no longer. Gives back the store's remark."""
        self.uses += 1
        if name == self.current:
            self.cells.stop()
            self.cells.clear()
            self.current = None
        return self.store.delete_experiment(name, because, self.now())

    def _known(self, candidate: str) -> None:
        names = [c.name for c in self.records().candidates]
        if candidate not in names:
            listed = ", ".join(n[:40] for n in names[:12]) or "none yet"
            near = did_you_mean(candidate, names)
            raise MleeError(f"There is no candidate {candidate[:40]!r}.", f"{near}Candidates: {listed}.")

    def _checked(self, charter: Charter | None) -> Charter | None:
        """A metric we know (another name is the user's own number, which then needs its direction), and one layout."""
        if charter is None:
            return None
        charter = replace(charter, must_reach=target_as_shown(charter.must_reach, charter.metric))
        by_itself = charter.metric is not None and names_row_score(charter.metric)
        if charter.metric is not None and charter.higher_is_better is None and not by_itself:
            score.demand_scale(charter, metric_facts(charter.metric))
        row_structure.check(charter)
        return charter

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
        as_model: bool = False,
    ) -> Read:
        """What a run handed over, read as what it is; an estimator predicts here, so this belongs to the run's time.

        `n` are the rows behind a bare score, `classes` the class of each column of scores, `source` the run's code.
        `as_model`: of a fitted search only what it predicts.

        Raises:
            MleeError: it cannot be used.
        """
        __tracebackhide__ = True
        experiment = self.records().experiment
        if kind is None and not as_model and holds_tries(value):
            return replace(self._read_tries(value, experiment, truth_name, features_name), n=n)
        truth = self.declared.truth(experiment, truth_name)
        metric = experiment.charter.metric or (default_metric(truth.rows) if truth else None)
        needs = "labels"
        if metric is not None and score.is_known(metric):
            facts = metric_facts(metric)
            score.demand_scale(experiment.charter, facts)
            needs = facts.needs
        handed = cell_output.read(
            value,
            n=truth.n if truth else None,
            needs=needs,
            metric=metric,
            features=self.declared.features(features_name or experiment.features_name),
            kind=kind,
            rows=n,
            labels=truth.classes if truth else (),
            classes=classes,
            source=source,
        )
        if any(one.kind is ResultKind.ROW_SCORES for one in handed):
            return self._of_rows(tuple(handed), truth, truth_name)
        return Read(handed=tuple(handed), truth=truth, truth_name=truth_name, metric=metric)

    def _read_tries(
        self, value: Any, experiment: Experiment, truth_name: str | None, features_name: str | None
    ) -> Read:
        """What a search or a study tried; a fitted search predicts as well, where there is something to predict on."""
        __tracebackhide__ = True
        metric = experiment.charter.metric
        features, truth = features_name or experiment.features_name, truth_name or experiment.truth_name
        if not hasattr(value, "predict") or features is None or truth is None:
            return Read(handed=(), truth=None, truth_name=None, metric=metric, tried=read_tries(value, metric))
        refitted = self.read(value, None, truth_name=truth_name, features_name=features_name, as_model=True)
        refitted = replace(refitted, handed=tuple(replace(one, variant="refit") for one in refitted.handed))
        try:
            return replace(refitted, tried=read_tries(value, metric))
        except MleeError as refused:
            return replace(refitted, left_out=f"Its settings are left out. {refused.message}")

    def _of_rows(self, handed: tuple[cell_output.Handed, ...], truth: Truth | None, truth_name: str | None) -> Read:
        """Row scores, which are judged by themselves: of a declared truth only the rows count."""
        records = self.records()
        rows = [row_score_record.rows_scored(one, records, truth, self.names) for one in handed]
        if len({one.fingerprint for one in rows}) > 1 or any(one.kind is not handed[0].kind for one in handed):
            raise MleeError("These are scores of unlike rows, or not all are.", "Hand over one score a row for each.")
        metric = records.experiment.charter.metric
        return Read(handed=handed, truth=rows[0], truth_name=truth_name, metric=metric)

    def record(self, candidate: str, read: Read, run: Run) -> list[Recorded]:
        """Judge what was read and write it; one run for each variant handed over.

        Raises:
            MleeError: it cannot be judged; nothing is written then.
        """
        done = self._record_handed(candidate, read, run) if read.handed else []
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
        """Write what a search or a study tried as variants of one candidate, in one transaction.

        Args:
            candidate: whose variants they are.
            tried: those that are on record already are not written again.
            run: what is said of all of them.
            experiment: its name; None: the open one.
            n: rows behind each bare score.
            beside: predictions of the same run were recorded.

        Raises:
            MleeError: a score that cannot be; nothing is written then.
        """
        name = experiment or self.experiment().name
        records = self.store.records(name)
        metric = tries.metric_of(tried, records.experiment.charter.metric)
        prepared = tries.prepare(
            candidate,
            tried,
            run,
            experiment=records.experiment,
            truth=self.declared.truth_if_there(records.experiment),
            names=self.names,
            others=self._other_folds(candidate, metric, records),
            n=n,
            kernel=self.cells.kernel,
            notebook=self.notebook,
        )
        with self._together() as spans:
            known = self.store.variant_keys(name, candidate)
            written_at = datetime.fromtimestamp(self.cells.written, UTC)
            fresh = [one for one in prepared.recordings if one.variant_key not in known]
            ids = [self.store.record(name, replace(one, written_at=written_at)) for one in fresh]
            self._note_person(name)
            pending = self.cells.pending() if name == self.current else []
            if pending:
                self.store.put_spans(name, pending)
                spans[:] = pending
        if ids and name == self.current and (place := self.cells.place()) is not None:
            self.places[records.experiment.id, candidate] = place
        results = tuple((m, one.variant_key not in known) for one in prepared.recordings for m in one.measured)
        told = replace(prepared.told, known=prepared.told.count - len(ids), beside=beside, results=results)
        best = told.best or Measured(metric="", kind=ResultKind.NUMBER, value=None, n=None)
        return Recorded(
            run_id=ids[0] if ids else 0,
            candidate=candidate,
            variant=told.best_variant,
            variants=len(known) + len(ids),
            repeat=not ids,
            first=score.ScoredRun(measured=best),
            tries=told,
        )

    def _record_handed(self, candidate: str, read: Read, run: Run) -> list[Recorded]:
        """The same of predictions, folds and numbers."""
        records = self.records()
        experiment = records.experiment
        earlier: Sequence[Result] = records.results
        truth, metric, truth_name = read.truth, read.metric, read.truth_name
        heeded = second_sample.heed(self.store, records, self.declared, truth, self.now())
        by_variant: dict[str | None, list[score.ScoredRun]] = {}
        for one in read.handed:
            signed = one
            if one.kind is ResultKind.FOLDS:
                signed = score.of_one_sign(one, metric, self._other_folds(candidate, metric, records))
            scored = score.score(
                signed, truth, experiment.charter, metric, self.names, keep_rows=self.settings.store_rows
            )
            mine = [r.rows for r in earlier if r.candidate == candidate and r.kind == ResultKind.FOLDS and r.rows]
            first = self._repeats.as_first_given(scored.measured, mine)
            scored = score.scored_again(scored, first, truth, experiment.charter)
            scored = replace(
                scored,
                model=self._look_at_model(one, run, len(read.handed), records),
                machine=self._machine(one, run, experiment),
            )
            by_variant.setdefault(one.variant, []).append(scored)
        by_row = [of_one[0].measured for of_one in by_variant.values() if of_one[0].measured.truth]
        hangs = truth is not None and bool(by_row) and bool(row_structure.declared(experiment.charter))
        reading = self.declared.layouts(experiment, truth) if truth is not None and hangs else None
        kept = truth if truth is None or self.settings.store_rows else replace(truth, rows=None)
        done: list[Recorded] = []
        with self._together() as spans:
            if experiment.truth_name is None and truth_name is not None:
                self.store.set_names(experiment.name, truth_name=truth_name)
            for of_one in by_variant.values():
                one_done, records = self._write(experiment, candidate, run, of_one, kept, earlier, spans)
                earlier = records.results
                done.append(one_done)
            if reading is not None:
                _keep_layouts(self.store, records, reading)
        done[0] = replace(done[0], remarks=(*heeded, *done[0].remarks))
        if truth is None or reading is None:
            return done
        said_of = reading.remarks(row_structure.stored(records).get(truth.fingerprint, {}))
        done[-1] = replace(done[-1], remarks=(*done[-1].remarks, *said_of))
        hanging = {layout.what: layout.rows for layout in reading.layouts}
        return [replace(one, first=as_judged(one.first, truth, experiment.charter, hanging)) for one in done]

    def _look_at_model(self, handed: cell_output.Handed, run: Run, models: int, records: Records) -> ModelSeen | None:
        """How long a fitted model takes to answer and the like, and where nobody says it, how simple a candidate is."""
        known, seen = handed.answering, None
        if known is not None and self.settings.measure_answers:
            seen = model_look.look(
                known.model,
                known.answer,
                known.features,
                whole=known.seconds,
                run=run.duration.total_seconds(),
                models=models,
            )
        if run.simplicity is not None or any(one.simplicity is not None for one in records.candidates):
            return seen
        if known is None and (run.source is None or handed.variant is not None):
            return seen
        return model_look.with_rank(seen, None if known is None else known.model, run.source, self.names)

    def _machine(self, handed: cell_output.Handed, run: Run, experiment: Experiment) -> MachineSeen | None:
        """What the run used beyond one processor, and how large its tables are."""
        features = experiment.features_name or ""
        train = experiment.charter.train or features.replace("test", "train")
        tables = [self.names.get(name) for name in dict.fromkeys((features, train)) if name]
        known = handed.answering
        return machines_used(None if known is None else known.model, run.source, self.names, tables)

    def _other_folds(self, candidate: str, metric: str | None, records: Records) -> list[np.ndarray]:
        """Fold scores of the other candidates by the same metric, as they came; those of dropped ones count no more."""
        left = {c.name for c in records.candidates if c.state is not CandidateState.DROPPED} - {candidate}
        mine = [r for r in records.results if r.kind == ResultKind.FOLDS and r.metric == metric and r.candidate in left]
        return [self._memory.get(rows) for rows in dict.fromkeys(r.rows for r in mine) if rows is not None]

    def record_failure(self, candidate: str, run: Run) -> None:
        """Write a run that raised, was interrupted or ran out of time."""
        records = self.records()
        with self._together() as spans:
            self._write(records.experiment, candidate, run, [], None, records.results, spans)
        self.show()

    @contextmanager
    def _together(self) -> Iterator[list[Span]]:
        """One transaction for what a run leaves behind, and for the time of its cells, which are settled at its end."""
        spans: list[Span] = []
        with self.store.in_one_go():
            yield spans
        self.cells.settle(spans)

    def _write(
        self,
        experiment: Experiment,
        candidate: str,
        run: Run,
        scored: list[score.ScoredRun],
        truth: Truth | None,
        earlier: Sequence[Result],
        spans: list[Span],
    ) -> tuple[Recorded, Records]:
        """Write one run, and in `spans` which time was written; what was recorded, and all that is known since."""
        written = replace(
            score.recording(candidate, run, scored, earlier, kernel=self.cells.kernel, notebook=self.notebook),
            written_at=datetime.fromtimestamp(self.cells.written, UTC),
        )
        run_id = self.store.record(experiment.name, written, truth)
        self._note_person(experiment.name)
        if (place := self.cells.place()) is not None:
            self.places[experiment.id, candidate] = place
        pending = self.cells.pending()
        if pending:
            self.store.put_spans(experiment.name, pending)
            spans[:] = pending
        now = self.store.records(experiment.name)
        nothing = score.ScoredRun(measured=Measured(metric="", kind=ResultKind.NUMBER, value=None, n=None))
        done = score.recorded(run_id, written, scored or [nothing], earlier, now.results)
        return replace(done, remarks=score.remarks(experiment, scored, earlier, truth)), now

    def _note_person(self, experiment: str) -> None:
        """Keep who records here, once an experiment, where that is kept at all."""
        person = self.settings.person(self.store.location)
        if person is not None:
            self.store.add_person(experiment, person, self.now())

    def read_layouts(self) -> tuple[str, ...]:
        """Take to the store what the charter's names say of the rows; a line for each that nobody has read yet."""
        records = self.records()
        truth = self.declared.truth_if_there(records.experiment)
        if truth is None or not row_structure.declared(records.experiment.charter):
            return ()
        reading = self.declared.layouts(records.experiment, truth)
        _keep_layouts(self.store, records, reading)
        return reading.without(row_structure.stored(records).get(truth.fingerprint, {})).remarks({})

    # ------------------------------------------------------------------ looking

    def evidence(self, name: str | None = None) -> Evidence:
        """What a rule may see now, of the open experiment or another one."""
        self.write_unwritten()
        with self.store.one_moment():
            return self._evidence(name)

    def side_view(self, metric: str, name: str | None = None) -> Evidence:
        """The stored answers judged by another metric than the one agreed on; each of them counts as looked at again.

        Raises:
            MleeError: there is no such metric, it is the agreed one, or nothing can be scored by it.
        """
        with self.store.one_moment():
            found = side_view.as_side_view(self._evidence(name, by=metric))
        if not found.judgements:
            raise side_view.cannot_be_scored(metric)
        by, at = found.judgements[0].metric, self.now()
        with self.store.in_one_go():
            for truth, answers in side_view.seen_again(found).items():
                self.store.count_side_view(found.experiment.name, truth, by, answers, at)
        return found

    def _evidence(self, name: str | None, by: str | None = None) -> Evidence:
        here = name is None or name == self.current
        records = self.store.records(name) if name else self.records()
        if by is not None:
            records = side_view.by_another_metric(records, by)
        truth = self.declared.truth_if_there(records.experiment) if here else None
        found = build.evidence(
            records,
            self._memory,
            now=self.now(),
            settings=self.settings,
            declared_truth=truth,
            kinds=self.declared.kinds(records.experiment) if here else None,
            live_spans=self.cells.pending() if here else (),
            live_layouts=self.declared.layouts(records.experiment, truth).layouts if truth is not None else (),
            past=self.declared.past(records.experiment, truth) if here and truth is not None else None,
        )
        if here:
            found = self._sight.added(found, self.names, self._memory)
            self._set_next_limit(found)
        return found

    def findings(self, evidence: Evidence, *, reading: bool = True) -> tuple[Finding, ...]:
        """Every rule's answer; ignores of the project's settings count as well.

        Args:
            evidence: as it stands.
            reading: whether to look into the notebooks behind the experiment, as they were saved, for what is fatal to
                its board; False (where a record must not wait): what was last found there counts.
        """
        ignores = (*evidence.records.ignores, *self.settings.ignores)
        seen = replace(evidence, records=replace(evidence.records, ignores=ignores))
        if reading:
            name = evidence.experiment.name
            own = self.notebook if name == self.current else None
            self._texts.look(seen, own, self.store.notebooks(name))
        self._texts.look_at_runs(seen, self.store.sources(evidence.experiment.name), self.store.codes)
        found = self._texts.added(seen, guardrails.check_all(seen))
        after = held(seen, found)
        if after is seen:
            return found
        # what an error takes back, no other rule may build upon
        again = {finding.rule: finding for finding in guardrails.check_all(after)}
        return tuple(one if one.level is Level.ERROR else again[one.rule] for one in found)

    def news(self) -> tuple[Evidence, tuple[Finding, ...]]:
        """What became true since it was last said; it counts as said now, in every kernel."""
        self.write_unwritten()
        with self.store.one_moment():
            evidence = self.evidence()
            findings = self.findings(evidence, reading=False)
            name = evidence.experiment.name
            said = self.store.said(name)
        fresh = guardrails.news(findings, said)
        gone = [one for one in guardrails.settled(findings, said) if one != OF_TEXT or self._texts.known(name)]
        if fresh or gone:
            with self.store.in_one_go(light=True):
                self.store.mark_said(name, {f.rule: f.severity for f in fresh}, self.now())
                self.store.forget_said(name, gone)
        self.watching.tell(evidence, findings, self.uses)
        return evidence, fresh

    def show(self) -> None:
        """Show whoever watches how the open experiment stands; nobody watching: nothing is looked at."""
        if self.watching and self.current is not None:
            evidence = self.evidence()
            self.watching.tell(evidence, self.findings(evidence, reading=False), self.uses)

    def _set_next_limit(self, evidence: Evidence) -> None:
        box, share = evidence.experiment.box, evidence.share_used
        ahead = [limit for limit in LIMITS if share is not None and share < limit]
        self.cells.left = (ahead[0] - (share or 0)) * box.total_seconds() if box and ahead else None


def timed(began: float) -> timedelta:
    """Time since `began`, a reading of time.perf_counter()."""
    return timedelta(seconds=time.perf_counter() - began)


def _keep_layouts(store: Store, records: Records, reading: row_structure.Reading) -> None:
    """Take to the store what is new in a reading, of truths that something was judged on."""
    kept = {(one.truth, one.what, one.name, one.array) for one in records.layouts}
    new = [
        one
        for one in reading.layouts
        if one.truth in records.truths and (one.truth, one.what, one.name, one.array) not in kept
    ]
    if new:
        store.put_layouts(records.experiment.name, new)
