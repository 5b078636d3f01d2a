"""Experiments: their charter, their time box, their end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from mlee_jupyter.domain import CandidateState, Charter, CharterVersion, Decision, Experiment, Extension, durations
from mlee_jupyter.domain.errors import MleeError, NameTaken

from . import schema, traces
from .column_values import (
    charter_from_json,
    charter_to_json,
    day_or_none,
    length,
    micros,
    moment,
    moment_or_none,
    name_of,
    storable,
    text_or_none,
)

Pauses = tuple[tuple[datetime, datetime | None], ...]

_experiment, _charter, _candidate = schema.experiment, schema.charter, schema.candidate
_extension, _pause = schema.extension, schema.pause

# Built once: to build a statement costs more than to run it.
_ID = select(_experiment.c.id).where(_experiment.c.name == bindparam("name"))
_EXPERIMENT = select(_experiment).where(_experiment.c.id == bindparam("of"))
_CHARTERS = (
    select(_charter.c.version, _charter.c.charter, _charter.c.at_us, _charter.c.because)
    .where(_charter.c.experiment_id == bindparam("of"))
    .order_by(_charter.c.version)
)
_NEWEST_CHARTER = (
    select(_charter.c.charter)
    .where(_charter.c.experiment_id == bindparam("of"))
    .order_by(_charter.c.version.desc())
    .limit(1)
)
_EXTENSIONS = (
    select(_extension.c.by_us, _extension.c.because, _extension.c.at_us)
    .where(_extension.c.experiment_id == bindparam("of"))
    .order_by(_extension.c.id)
)
_PAUSES = (
    select(_pause.c.start_us, _pause.c.end_us).where(_pause.c.experiment_id == bindparam("of")).order_by(_pause.c.id)
)


def create(
    connection: Connection,
    name: str,
    *,
    charter: Charter,
    budget: timedelta | None,
    deadline: date | None,
    truth_name: str | None,
    features_name: str | None,
    at: datetime,
) -> Experiment:
    """The new experiment, its first charter, and what that plans."""
    name_of("an experiment", name)
    if _id_or_none(connection, name) is not None:
        raise NameTaken(f"There is an experiment {name!r} already.", "Choose another name, or resume it.")
    identity = connection.execute(
        insert(_experiment).values(
            name=name,
            budget_us=None if budget is None else length(budget),
            deadline=None if deadline is None else deadline.isoformat(),
            opened_us=micros(at),
            truth_name=text_or_none(truth_name),
            features_name=text_or_none(features_name),
        )
    ).inserted_primary_key
    experiment_id = int(identity[0]) if identity else 0
    _add_charter(connection, experiment_id, 1, charter, at, None)
    _plan(connection, experiment_id, charter)
    return of_id(connection, experiment_id)


def find(connection: Connection, name: str) -> Experiment | None:
    """The experiment of this name, if there is one."""
    experiment_id = _id_or_none(connection, name)
    return None if experiment_id is None else of_id(connection, experiment_id)


def every(connection: Connection) -> tuple[Experiment, ...]:
    """All of them, in the order in which they were opened."""
    ids = connection.scalars(select(_experiment.c.id).order_by(_experiment.c.id)).all()
    return tuple(of_id(connection, experiment_id) for experiment_id in ids)


def id_of(connection: Connection, name: str) -> int:
    """The row of the experiment of this name.

    Raises:
        MleeError: there is no experiment of this name.
    """
    found = _id_or_none(connection, name)
    if found is None:
        raise MleeError(
            f"There is no experiment {storable(name)!r} in this store.", "%mlee_experiment list shows them."
        )
    return found


def of_id(connection: Connection, experiment_id: int) -> Experiment:
    """The experiment as it stands, with its newest charter."""
    newest = connection.execute(_NEWEST_CHARTER, {"of": experiment_id}).scalar_one()
    return assemble(connection, experiment_id, charter_from_json(newest), pauses(connection, experiment_id))


def assemble(connection: Connection, experiment_id: int, charter: Charter, pauses: Pauses) -> Experiment:
    """The experiment, from what was read of it already and what is still to be read."""
    row = connection.execute(_EXPERIMENT, {"of": experiment_id}).one()
    return Experiment(
        id=experiment_id,
        name=row.name,
        charter=charter,
        budget=None if row.budget_us is None else timedelta(microseconds=row.budget_us),
        deadline=day_or_none(row.deadline),
        opened_at=moment(row.opened_us),
        closed_at=moment_or_none(row.closed_us),
        truth_name=row.truth_name,
        features_name=row.features_name,
        decision=_decision(row),
        extensions=tuple(
            Extension(by=timedelta(microseconds=by_us), because=because, at=moment(at_us))
            for by_us, because, at_us in connection.execute(_EXTENSIONS, {"of": experiment_id})
        ),
        paused_at=next((start for start, end in pauses if end is None), None),
    )


def _decision(row: Row[Any]) -> Decision | None:
    if row.decided_us is None:
        return None
    return Decision(candidate=row.decided_candidate, because=row.decided_because, at=moment(row.decided_us))


def pauses(connection: Connection, experiment_id: int) -> Pauses:
    """From when to when; None: still paused."""
    rows = connection.execute(_PAUSES, {"of": experiment_id})
    return tuple((moment(start), moment_or_none(end)) for start, end in rows)


def charters(connection: Connection, experiment_id: int) -> tuple[CharterVersion, ...]:
    """Every version, the first one first."""
    return tuple(
        CharterVersion(version=number, charter=charter_from_json(agreed), at=moment(at_us), because=because)
        for number, agreed, at_us, because in connection.execute(_CHARTERS, {"of": experiment_id})
    )


def change_charter(connection: Connection, name: str, charter: Charter, because: str | None, at: datetime) -> None:
    """A new version, when anything in it is new or a reason is given for how it stands; the trace names the fields."""
    experiment_id = id_of(connection, name)
    newest = charters(connection, experiment_id)[-1]
    changed = [f.name for f in fields(Charter) if getattr(charter, f.name) != getattr(newest.charter, f.name)]
    if not changed and because is None:
        return
    _add_charter(connection, experiment_id, newest.version + 1, charter, at, because)
    _plan(connection, experiment_id, charter)
    traces.add(connection, experiment_id, at, "change charter", name, ", ".join(changed), because)


def _add_charter(
    connection: Connection, experiment_id: int, number: int, charter: Charter, at: datetime, because: str | None
) -> None:
    connection.execute(
        insert(_charter).values(
            experiment_id=experiment_id,
            version=number,
            charter=charter_to_json(charter),
            at_us=micros(at),
            because=text_or_none(because),
        )
    )


def _plan(connection: Connection, experiment_id: int, charter: Charter) -> None:
    """Candidates named in the charter are there from the start; one that ran before it was named keeps its state."""
    known = set(connection.scalars(select(_candidate.c.name).where(_candidate.c.experiment_id == experiment_id)))
    for name in dict.fromkeys(charter.candidates):
        name_of("a candidate", name)
        if name not in known:
            connection.execute(
                insert(_candidate).values(
                    experiment_id=experiment_id, name=name, state=CandidateState.PLANNED.value, planned=True
                )
            )
    connection.execute(
        update(_candidate)
        .where(_candidate.c.experiment_id == experiment_id)
        .values(planned=_candidate.c.name.in_(charter.candidates))
    )


def set_names(connection: Connection, name: str, names: Mapping[str, str]) -> None:
    """Which variables hold the truth and the features."""
    _set(connection, id_of(connection, name), **{key: text_or_none(value) for key, value in names.items()})


def extend(connection: Connection, name: str, by: timedelta, because: str, at: datetime) -> None:
    """More time, and why."""
    experiment_id = id_of(connection, name)
    connection.execute(
        insert(schema.extension).values(
            experiment_id=experiment_id, by_us=length(by), because=storable(because), at_us=micros(at)
        )
    )
    traces.add(connection, experiment_id, at, "extend", name, durations.show(by), because)


def pause(connection: Connection, name: str, at: datetime) -> None:
    """Stop the clock; stopped already, it stays so from the first time on."""
    experiment_id, table = id_of(connection, name), schema.pause
    if not any(end is None for _, end in pauses(connection, experiment_id)):
        connection.execute(insert(table).values(experiment_id=experiment_id, start_us=micros(at)))


def resume(connection: Connection, name: str, at: datetime) -> None:
    """Let the clock run again; running already, it just runs."""
    experiment_id, table = id_of(connection, name), schema.pause
    for start, end in pauses(connection, experiment_id):
        if end is None:
            connection.execute(
                update(table)
                .where(table.c.experiment_id == experiment_id, table.c.end_us.is_(None))
                .values(end_us=micros(max(start, at)))  # a clock set back must not end it before it began
            )


def decide(connection: Connection, name: str, candidate: str | None, because: str | None, at: datetime) -> None:
    """Mark one as chosen (None: none of them), and no other."""
    experiment_id = id_of(connection, name)
    if candidate is not None:
        known = select(_candidate.c.id).where(
            _candidate.c.experiment_id == experiment_id, _candidate.c.name == storable(candidate)
        )
        if connection.scalar(known) is None:
            raise MleeError(f"{name} has no candidate {candidate!r}.", "%mlee_scoreboard shows them.")
    _unchoose(connection, experiment_id)
    connection.execute(
        update(_candidate)
        .where(_candidate.c.experiment_id == experiment_id, _candidate.c.name == candidate)
        .values(state=CandidateState.CHOSEN.value, because=text_or_none(because))
    )
    _set(
        connection,
        experiment_id,
        decided_us=micros(at),
        decided_candidate=candidate,
        decided_because=text_or_none(because),
    )
    traces.add(
        connection, experiment_id, at, "decide", name, "none of them" if candidate is None else candidate, because
    )


def reopen(connection: Connection, name: str, at: datetime) -> None:
    """Take back a decision and a closing."""
    experiment_id = id_of(connection, name)
    undecide(connection, experiment_id)
    _set(connection, experiment_id, closed_us=None)
    traces.add(connection, experiment_id, at, "reopen", name)


def close(connection: Connection, name: str, at: datetime, because: str | None) -> None:
    """Closed, decided or not."""
    experiment_id = id_of(connection, name)
    _set(connection, experiment_id, closed_us=micros(at))
    traces.add(connection, experiment_id, at, "close", name, "", because)


def rename(connection: Connection, name: str, new: str, because: str | None, at: datetime) -> None:
    """A new name; the trace keeps the old one."""
    name_of("an experiment", new)
    experiment_id = id_of(connection, name)
    if new == name:
        return
    if _id_or_none(connection, new) is not None:
        raise NameTaken(f"There is an experiment {new!r} already.", "Choose another name.")
    _set(connection, experiment_id, name=new)
    traces.add(connection, experiment_id, at, "rename experiment", new, f"was {name}", because)


def undecide(connection: Connection, experiment_id: int) -> None:
    """Take a decision back."""
    _unchoose(connection, experiment_id)
    _set(connection, experiment_id, decided_us=None, decided_candidate=None, decided_because=None)


def _unchoose(connection: Connection, experiment_id: int) -> None:
    connection.execute(
        update(_candidate)
        .where(_candidate.c.experiment_id == experiment_id, _candidate.c.state == CandidateState.CHOSEN.value)
        .values(state=CandidateState.ACTIVE.value, because=None)
    )


def _set(connection: Connection, experiment_id: int, **columns: Any) -> None:
    if columns:
        connection.execute(update(_experiment).where(_experiment.c.id == experiment_id).values(**columns))


def _id_or_none(connection: Connection, name: str) -> int | None:
    if storable(name) != name:
        return None  # no such name can have been stored
    found = connection.execute(_ID, {"name": name}).fetchone()
    return None if found is None else int(found[0])
