"""Candidates: their state, their place in the order of simplicity, their name; and mistaken runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from mlee_jupyter.domain import Candidate, CandidateState
from mlee_jupyter.domain.errors import MleeError

from . import experiment_table, schema, traces
from .column_values import micros, name_of, storable, text_or_none, whole_or_none

_candidate, _run, _variant = schema.candidate, schema.run, schema.variant

_CANDIDATES = (
    select(
        _candidate.c.id,
        _candidate.c.name,
        _candidate.c.simplicity,
        _candidate.c.state,
        _candidate.c.planned,
        _candidate.c.because,
    )
    .where(_candidate.c.experiment_id == bindparam("of"))
    .order_by(_candidate.c.id)
)


def of(connection: Connection, experiment_id: int) -> tuple[Candidate, ...]:
    """In the order in which they were named."""
    rows = connection.execute(_CANDIDATES, {"of": experiment_id})
    return tuple(
        Candidate(
            id=identity, name=name, simplicity=simplicity, state=CandidateState(state), planned=planned, because=because
        )
        for identity, name, simplicity, state, planned, because in rows
    )


def set_candidate(
    connection: Connection,
    experiment: str,
    name: str,
    *,
    state: CandidateState | None,
    simplicity: int | None,
    because: str | None,
    at: datetime,
) -> Candidate:
    """Make it when it is new (active, unless a state is given); change what is given."""
    name_of("a candidate", name)
    experiment_id = experiment_table.id_of(connection, experiment)
    simplicity = whole_or_none("The simplicity", simplicity)
    known = next((c for c in of(connection, experiment_id) if c.name == name), None)
    if known is None:
        connection.execute(
            insert(_candidate).values(
                experiment_id=experiment_id,
                name=name,
                simplicity=simplicity,
                state=(state or CandidateState.ACTIVE).value,
                planned=False,
                because=text_or_none(because),
            )
        )
    else:
        changes: dict[str, Any] = {}
        if simplicity is not None:
            changes["simplicity"] = simplicity
        if state is not None:
            changes |= {"state": state.value, "because": text_or_none(because)}
        if changes:
            connection.execute(update(_candidate).where(_candidate.c.id == known.id).values(**changes))
    if state is not None and (known is None or known.state != state):
        traces.add(connection, experiment_id, at, f"candidate {state.value}", name, "", because)
    return next(c for c in of(connection, experiment_id) if c.name == name)


def rename(connection: Connection, experiment: str, old: str, new: str, because: str | None, at: datetime) -> None:
    """A new name, in the spans and the decision as well."""
    name_of("a candidate", new)
    experiment_id = experiment_table.id_of(connection, experiment)
    candidate_id = id_of(connection, experiment_id, experiment, old)
    if new == old:
        return
    if any(c.name == new for c in of(connection, experiment_id)):
        raise MleeError(f"{experiment} has a candidate {new!r} already.", "Choose another name.")
    connection.execute(update(_candidate).where(_candidate.c.id == candidate_id).values(name=new))
    for table, column in (
        (schema.span, schema.span.c.candidate),
        (schema.experiment, schema.experiment.c.decided_candidate),
    ):
        owner = table.c.id if table is schema.experiment else table.c.experiment_id
        connection.execute(update(table).where(owner == experiment_id, column == old).values({column.name: new}))
    traces.add(connection, experiment_id, at, "rename candidate", new, f"was {old}", because)


def id_of(connection: Connection, experiment_id: int, experiment: str, name: str) -> int:
    """The row of the candidate of this name.

    Raises:
        MleeError: the experiment has no candidate of this name.
    """
    found = connection.scalar(
        select(_candidate.c.id).where(_candidate.c.experiment_id == experiment_id, _candidate.c.name == storable(name))
    )
    if found is None:
        raise MleeError(f"{experiment} has no candidate {storable(name)!r}.", "%mlee_scoreboard shows them.")
    return int(found)


def withdraw_run(connection: Connection, experiment: str, run_id: int, because: str | None, at: datetime) -> None:
    """Hide a mistaken record from the board; it stays in the store, and in the count of looks at the truth."""
    experiment_id = experiment_table.id_of(connection, experiment)
    found = connection.execute(
        select(_candidate.c.name, _variant.c.label, _run.c.withdrawn_us)
        .select_from(
            _run.join(_variant, _variant.c.id == _run.c.variant_id).join(
                _candidate, _candidate.c.id == _variant.c.candidate_id
            )
        )
        .where(_run.c.id == run_id, _run.c.experiment_id == experiment_id)
    ).one_or_none()
    if found is None:
        raise MleeError(f"{experiment} has no run {run_id}.", "%mlee_experiment history lists them.")
    if found.withdrawn_us is not None:
        return
    connection.execute(update(_run).where(_run.c.id == run_id).values(withdrawn_us=micros(at)))
    traces.add(connection, experiment_id, at, "withdraw run", found.name, f"run {run_id}, {found.label}", because)
