"""What was changed by hand, kept for good, or for as long as the candidate is that it is about."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select

from mlee_jupyter.domain import TraceEntry

from . import schema
from .column_values import micros, moment, storable, text_or_none

_table = schema.trace
_ALL = select(_table.c.at_us, _table.c.what, _table.c.subject, _table.c.detail, _table.c.because).order_by(_table.c.id)
_ENTRIES = _ALL.where(_table.c.experiment_id == bindparam("of"))
_STORE_ENTRIES = _ALL.where(_table.c.experiment_id.is_(None))


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
        insert(_table).values(
            experiment_id=experiment_id,
            at_us=micros(at),
            what=what,
            subject=storable(subject),
            detail=storable(detail),
            because=text_or_none(because),
        )
    )


def is_there(connection: Connection, experiment_id: int, what: str, subject: str) -> bool:
    """Whether an experiment has such an entry."""
    found = select(_table.c.id).where(
        _table.c.experiment_id == experiment_id, _table.c.what == what, _table.c.subject == storable(subject)
    )
    return connection.execute(found.limit(1)).first() is not None


def of(connection: Connection, experiment_id: int | None) -> tuple[TraceEntry, ...]:
    """The entries of one experiment (None: of the store as a whole), oldest first."""
    rows = connection.execute(_STORE_ENTRIES if experiment_id is None else _ENTRIES, {"of": experiment_id})
    return tuple(
        TraceEntry(at=moment(at_us), what=what, subject=subject, detail=detail, because=because)
        for at_us, what, subject, detail, because in rows
    )


def forget_candidate(connection: Connection, experiment_id: int, name: str) -> None:
    """Delete what was told of a candidate and its runs, under earlier names as well: reasons can say much."""
    about = select(_table.c.id, _table.c.what, _table.c.subject, _table.c.detail).where(
        _table.c.experiment_id == experiment_id, _table.c.what.like("%candidate%") | (_table.c.what == "withdraw run")
    )
    gone = []
    for number, what, subject, detail in connection.execute(about.order_by(_table.c.id.desc())):
        if subject != name:
            continue
        gone.append(number)
        if what == "rename candidate":
            name = detail.removeprefix("was ")  # that was its name before
    connection.execute(delete(_table).where(_table.c.id.in_(gone)))
