"""The store's one door; what it does stands in the files beside it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection

from mlee_jupyter.domain import (
    RECORDED_BY,
    SHOWN,
    Candidate,
    CandidateState,
    Charter,
    Confirmed,
    Experiment,
    Fresh,
    Ignore,
    Layout,
    Look,
    Recording,
    Records,
    Span,
    TraceEntry,
    Truth,
)
from mlee_jupyter.domain.errors import MleeError

from .io import copying, moving
from .tables import (
    candidate_table,
    deleting,
    experiment_table,
    layout_table,
    look_table,
    reading,
    rule_state,
    run_table,
    sealed,
    traces,
)
from .transactions import Transactions


class Store(Transactions):
    """Experiments and all that was recorded of them.

    The contract, on SQLite and PostgreSQL alike: any number of kernels, threads and forked processes may read and
    write at once. Every method is one transaction, or a part of that of `one_moment` or `in_one_go`. What was written
    is on disk when the transaction ends (but for `put_spans` and `mark_said`, which may lose the last seconds in a
    power cut), or else it raised and nothing of it is there. Writers take turns and wait for each other up to 30
    seconds; readers see one moment and wait for no one.

    Every method raises MleeError for input that cannot be (an unknown name, a name taken) and StoreError when the
    store itself fails. `at` is the time of the change, given by the caller.

    Attributes: see `Transactions`.
    """

    # ------------------------------------------------------------ experiments

    def create_experiment(
        self,
        name: str,
        *,
        charter: Charter,
        budget: timedelta | None,
        deadline: date | None,
        truth_name: str | None,
        features_name: str | None,
        at: datetime,
    ) -> Experiment:
        """The new experiment, with its charter's candidates planned. Raises MleeError when the name is taken."""
        with self._writing() as connection:
            return experiment_table.create(
                connection,
                name,
                charter=charter,
                budget=budget,
                deadline=deadline,
                truth_name=truth_name,
                features_name=features_name,
                at=at,
            )

    def find_experiment(self, name: str) -> Experiment | None:
        """The experiment of this name, if there is one."""
        with self._reading() as connection:
            return experiment_table.find(connection, name)

    def experiments(self) -> tuple[Experiment, ...]:
        """All of them, in the order in which they were opened."""
        with self._reading() as connection:
            return experiment_table.every(connection)

    def change_charter(self, name: str, charter: Charter, because: str | None, at: datetime) -> Experiment:
        """A new version of the charter; candidates it names first are planned. The same charter changes nothing."""
        with self._changing(name) as (connection, after):
            experiment_table.change_charter(connection, name, charter, because, at)
        return after[0]

    def set_names(self, name: str, *, truth_name: str | None = None, features_name: str | None = None) -> Experiment:
        """Which variables hold the truth and the features; None leaves what was."""
        names = {"truth_name": truth_name, "features_name": features_name}
        with self._changing(name) as (connection, after):
            experiment_table.set_names(
                connection, name, {key: value for key, value in names.items() if value is not None}
            )
        return after[0]

    def extend(self, name: str, by: timedelta, because: str, at: datetime) -> Experiment:
        """More time in the box."""
        with self._changing(name) as (connection, after):
            experiment_table.extend(connection, name, by, because, at)
        return after[0]

    def pause(self, name: str, at: datetime) -> Experiment:
        """The clock stops; paused already, nothing changes."""
        with self._changing(name) as (connection, after):
            experiment_table.pause(connection, name, at)
        return after[0]

    def resume(self, name: str, at: datetime) -> Experiment:
        """The clock goes on; not paused, nothing changes."""
        with self._changing(name) as (connection, after):
            experiment_table.resume(connection, name, at)
        return after[0]

    def decide(self, name: str, candidate: str | None, because: str | None, at: datetime) -> Experiment:
        """Choose a candidate (None: none of them); one chosen before becomes active again."""
        with self._changing(name) as (connection, after):
            experiment_table.decide(connection, name, candidate, because, at)
        return after[0]

    def reopen(self, name: str, at: datetime) -> Experiment:
        """Take back a decision and a closing."""
        with self._changing(name) as (connection, after):
            experiment_table.reopen(connection, name, at)
        return after[0]

    def close_experiment(self, name: str, at: datetime, because: str | None = None) -> Experiment:
        """Closed, decided or not."""
        with self._changing(name) as (connection, after):
            experiment_table.close(connection, name, at, because)
        return after[0]

    def rename_experiment(self, name: str, new: str, because: str | None, at: datetime) -> Experiment:
        """Raises MleeError when the new name is taken."""
        with self._changing(name, new) as (connection, after):
            experiment_table.rename(connection, name, new, because, at)
        return after[0]

    def delete_experiment(self, name: str, because: str | None, at: datetime) -> str | None:
        """Delete it for good, with rows of data that no other experiment uses; a trace entry says that it was there.

        Returns:
            None, or one line when deleted bytes are still in the file because someone is reading it.
        """
        with self._writing() as connection:
            deleting.delete_experiment(connection, name, because, at)
        return self._database.scrub()

    def add_shown(self, name: str, to: str, said: str, at: datetime) -> None:
        """Keep that somebody was shown how it stands, and what they said."""
        with self._writing() as connection:
            traces.add(connection, experiment_table.id_of(connection, name), at, SHOWN, to, said)

    def add_person(self, name: str, person: str, at: datetime) -> None:
        """Keep that somebody recorded something, once."""
        with self._writing() as connection:
            experiment_id = experiment_table.id_of(connection, name)
            if not traces.is_there(connection, experiment_id, RECORDED_BY, person):
                traces.add(connection, experiment_id, at, RECORDED_BY, person)

    # ------------------------------------------------------------ candidates

    def set_candidate(
        self,
        experiment: str,
        candidate: str,
        *,
        state: CandidateState | None = None,
        simplicity: int | None = None,
        because: str | None = None,
        at: datetime,
    ) -> Candidate:
        """The candidate after the change; made when it is new. None leaves what was."""
        with self._writing() as connection:
            return candidate_table.set_candidate(
                connection, experiment, candidate, state=state, simplicity=simplicity, because=because, at=at
            )

    def rename_candidate(self, experiment: str, old: str, new: str, because: str | None, at: datetime) -> None:
        """Raises MleeError when the new name is taken."""
        with self._writing() as connection:
            candidate_table.rename(connection, experiment, old, new, because, at)

    def delete_candidate(self, experiment: str, name: str, because: str | None, at: datetime) -> str | None:
        """Delete it with all its runs; returns what `delete_experiment` returns."""
        with self._writing() as connection:
            deleting.delete_candidate(connection, experiment, name, because, at)
        return self._database.scrub()

    def withdraw_run(self, experiment: str, run_id: int, because: str | None, at: datetime) -> None:
        """Hide a mistaken record from `Records.results`; it stays in the store, with a trace entry."""
        with self._writing() as connection:
            candidate_table.withdraw_run(connection, experiment, run_id, because, at)

    # ------------------------------------------------------------ recording

    def record(self, experiment: str, recording_: Recording, truth: Truth | None = None) -> int:
        """Write one run with all it measured; its id.

        A new candidate or variant is made on the way, a planned candidate becomes active, a parked, dropped or chosen
        one stays so. Arrays are stored once, by content.

        Args:
            experiment: its name.
            recording_: what was run and measured.
            truth: what it was judged on; stored when it is not yet.
        """
        prepared = run_table.Prepared(experiment, recording_, truth)
        with self._writing() as connection:
            return run_table.record(connection, prepared)

    def put_truth(self, truth: Truth) -> None:
        """Store a truth once, by its fingerprint; its rows only when there are any."""
        with self._writing() as connection:
            run_table.put_truth(connection, truth)

    def put_layouts(self, experiment: str, layouts_: Sequence[Layout]) -> None:
        """Keep how rows of truths hang together; what was known of the same thing before is replaced."""
        with self._writing() as connection:
            layout_table.put(connection, experiment, layouts_)

    def put_spans(self, experiment: str, spans: Sequence[Span]) -> None:
        """Write spans, or their new ends (the same kernel and start is the same span); cheap, from any thread."""
        with self._writing(light=True) as connection:
            run_table.put_spans(connection, experiment, spans)

    # ------------------------------------------------------------ the sealed sample

    def seal(self, experiment: str, name: str, truth: Truth | None, because: str | None, at: datetime) -> Fresh:
        """Declare the second sample; `truth` None: its variable is not there yet, so it is named and not sealed.

        Raises:
            MleeError: one was opened already.
        """
        with self._writing() as connection:
            return sealed.seal(connection, experiment, name, truth, because, at)

    def open_fresh(self, experiment: str, metric: str, confirmed: Sequence[Confirmed], at: datetime) -> Fresh:
        """Write what the sealed sample showed, for good; its answers count as looks.

        Raises:
            MleeError: none is sealed, or it was opened already.
        """
        with self._writing() as connection:
            return sealed.open_(connection, experiment, metric, confirmed, at)

    def count_side_view(
        self, experiment: str, truth_fingerprint: str, metric: str, answers: Mapping[str, str], at: datetime
    ) -> None:
        """Count answers (content hash: kind) as looked at once more, by another metric; again by the same: no look."""
        with self._writing() as connection:
            number = experiment_table.id_of(connection, experiment)
            look_table.count_side_view(connection, number, truth_fingerprint, metric, answers, at)

    # ------------------------------------------------------------ looking

    def records(self, name: str) -> Records:
        """All that is known of one experiment at one moment, without the arrays."""
        with self._reading() as connection:
            return reading.records(connection, name)

    def worked(self, names: Iterable[str]) -> dict[str, tuple[tuple[Span, ...], experiment_table.Pauses]]:
        """When each experiment was worked on, and when its time stood: all that its working time is counted from."""
        with self._reading() as connection:
            return {name: reading.worked(connection, name) for name in names}

    def sources(self, experiment: str) -> dict[int, str]:
        """Run -> hash of the code it was recorded with; withdrawn runs and runs without code are left out."""
        with self._reading() as connection:
            return reading.sources(connection, experiment)

    def variant_keys(self, experiment: str, candidate: str) -> frozenset[str]:
        """The `variant_key` of every variant of a candidate, of withdrawn runs too."""
        with self._reading() as connection:
            return reading.variant_keys(connection, experiment, candidate)

    def notebooks(self, experiment: str) -> tuple[str, ...]:
        """Files of the notebooks whose runs count on its board, the newest first; as their front ends told them."""
        with self._reading() as connection:
            return reading.notebooks(connection, experiment)

    def codes(self, hashes: Iterable[str]) -> dict[str, str]:
        """Hash -> code, as the user wrote it; of those that are stored."""
        with self._reading() as connection:
            return reading.codes(connection, sorted(hashes))

    def looks(self, truth_fingerprint: str) -> int:
        """How often a truth was used to judge: different answers scored on it, by anyone, deleted ones too."""
        with self._reading() as connection:
            return look_table.total(connection, truth_fingerprint)

    def looks_at(self, truth_fingerprint: str, after: int = 0) -> tuple[Look, ...]:
        """The looks themselves, oldest first; `after` gives only those with a greater number."""
        with self._reading() as connection:
            return look_table.of(connection, truth_fingerprint, after)

    def rows(self, content_hash: str) -> np.ndarray[Any, Any]:
        """The array of a `Result.rows`."""
        with self._reading() as connection:
            return reading.rows(connection, content_hash)

    def truth_rows(self, fingerprint: str) -> np.ndarray[Any, Any] | None:
        """The right answers; None when they are not kept."""
        with self._reading() as connection:
            return reading.truth_rows(connection, fingerprint)

    def trace(self, experiment: str | None = None) -> tuple[TraceEntry, ...]:
        """What was changed by hand, oldest first; without a name that of the store: deleted experiments."""
        with self._reading() as connection:
            return traces.of(connection, None if experiment is None else experiment_table.id_of(connection, experiment))

    # ------------------------------------------------------------ rules

    def said(self, experiment: str) -> dict[str, float]:
        """Rule code -> how severe it was when it was last said, by any kernel."""
        with self._reading() as connection:
            return rule_state.said(connection, experiment)

    def mark_said(self, experiment: str, severities: Mapping[str, float], at: datetime) -> None:
        """These were said now."""
        with self._writing(light=True) as connection:
            rule_state.mark_said(connection, experiment, severities, at)

    def forget_said(self, experiment: str, rules: Iterable[str]) -> None:
        """These may be said again."""
        with self._writing(light=True) as connection:
            rule_state.forget_said(connection, experiment, rules)

    def add_ignore(self, experiment: str, ignore: Ignore) -> None:
        """Mute a rule; a new reason replaces an old one."""
        with self._writing() as connection:
            rule_state.add_ignore(connection, experiment, ignore)

    def remove_ignore(self, experiment: str, rule: str, at: datetime) -> None:
        """Raises MleeError when the rule is not muted."""
        with self._writing() as connection:
            rule_state.remove_ignore(connection, experiment, rule, at)

    # ------------------------------------------------------------ moving

    def export(self, names: Sequence[str] | None = None) -> dict[str, Any]:
        """These experiments (all of them) as one JSON-ready document, arrays included."""
        with self._reading() as connection:
            return moving.export(connection, names)

    def import_(self, document: Mapping[str, Any], *, rename: bool) -> list[str]:
        """Add a document's experiments; the names they got here.

        One that is here already with the same content is left out. Where only the name is the same it becomes
        "NAME (2)".

        Args:
            document: what `export` gave.
            rename: False: a name that is taken raises instead.

        Raises:
            MleeError: the document is not ours, or a name is taken; nothing was added then.
        """
        with self._writing() as connection:
            return moving.import_(connection, document, rename=rename)

    def copy_to(self, other: Store) -> None:
        """Copy everything into an empty store, looks at deleted experiments' truths and the store's own trace as well.

        What both export of each experiment is compared before it is kept.

        Raises:
            MleeError: the other one is not empty, or holds something else in the end; it is left as it was then.
        """
        with self._reading() as here, other._writing() as there:
            copying.copy_all(here, there)
            for one in experiment_table.every(here):
                if moving.export(here, [one.name]) != moving.export(there, [one.name]):
                    raise MleeError(f"{one.name} arrived changed, so nothing was kept there.", "Tell us: mlee doctor.")

    @contextlib.contextmanager
    def _changing(self, name: str, name_after: str | None = None) -> Iterator[tuple[Connection, list[Experiment]]]:
        """A transaction, and the experiment as it is at its end."""
        after: list[Experiment] = []
        with self._writing() as connection:
            yield connection, after
            after.append(experiment_table.of_id(connection, experiment_table.id_of(connection, name_after or name)))
