"""Delete for good: rows of data can be about people. What stays is an entry that something was deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Table, delete, exists, select, update

from . import candidate_table, experiment_table, schema, traces

_run, _result, _truth, _variant = schema.run, schema.result, schema.truth, schema.variant


def delete_experiment(connection: Connection, name: str, because: str | None, at: datetime) -> None:
    """The experiment with all that hangs on it; its own trace goes as well, since reasons can say much."""
    experiment_id = experiment_table.id_of(connection, name)
    connection.execute(delete(schema.trace).where(schema.trace.c.experiment_id == experiment_id))
    connection.execute(delete(schema.experiment).where(schema.experiment.c.id == experiment_id))
    _sweep(connection)
    traces.add(connection, None, at, "delete experiment", name, "", because)


def delete_candidate(connection: Connection, experiment: str, name: str, because: str | None, at: datetime) -> None:
    """The candidate with its variants, runs and results. The time that it took stays spent, by no one's name."""
    experiment_id = experiment_table.id_of(connection, experiment)
    candidate_id = candidate_table.id_of(connection, experiment_id, experiment, name)
    decided = connection.scalar(
        select(schema.experiment.c.decided_candidate).where(schema.experiment.c.id == experiment_id)
    )
    if decided == name:
        experiment_table.undecide(connection, experiment_id)
    connection.execute(delete(schema.candidate).where(schema.candidate.c.id == candidate_id))
    span = schema.span
    connection.execute(
        update(span).where(span.c.experiment_id == experiment_id, span.c.candidate == name).values(candidate=None)
    )
    traces.forget_candidate(connection, experiment_id, name)
    _sweep(connection)
    traces.add(connection, experiment_id, at, "delete candidate", name, "", because)


def _sweep(connection: Connection) -> None:
    """Truths, arrays and sources that nothing refers to any more."""
    _drop(connection, _truth, _truth.c.fingerprint, _result.c.truth)
    _drop(connection, schema.layout, schema.layout.c.truth, _truth.c.fingerprint)
    _drop(connection, schema.array, schema.array.c.hash, _result.c.array, _truth.c.array, schema.layout.c.array)
    _drop(connection, schema.source, schema.source.c.hash, _run.c.source)


def _drop(connection: Connection, table: Table, key: Column[Any], *referring: Column[Any]) -> None:
    connection.execute(delete(table).where(*(~exists(select(column).where(column == key)) for column in referring)))
