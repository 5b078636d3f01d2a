"""What was changed by hand, kept for good."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select

from mlee_jupyter.domain import TraceEntry

from . import schema
from .values import micros, moment, storable, text_or_none


def add(
    connection: Connection,
    experiment_id: int | None,
    at: datetime,
    what: str,
    subject: str,
    detail: str = "",
    because: str | None = None,
) -> None:
    """Write one entry; `experiment_id` None: it concerns the store as a whole."""
    connection.execute(
        insert(schema.trace).values(
            experiment_id=experiment_id,
            at_us=micros(at),
            what=what,
            subject=storable(subject),
            detail=storable(detail),
            because=text_or_none(because),
        )
    )


def of(connection: Connection, experiment_id: int | None) -> tuple[TraceEntry, ...]:
    """The entries of one experiment (None: of the store as a whole), oldest first."""
    table = schema.trace
    rows = connection.execute(
        select(table.c.at_us, table.c.what, table.c.subject, table.c.detail, table.c.because)
        .where(table.c.experiment_id.is_not_distinct_from(experiment_id))
        .order_by(table.c.id)
    )
    return tuple(
        TraceEntry(at=moment(at_us), what=what, subject=subject, detail=detail, because=because)
        for at_us, what, subject, detail, because in rows
    )
