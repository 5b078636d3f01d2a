"""What rules have said and what was muted: shared by all kernels, so that a thing is said once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, text

from mlee_jupyter.domain import Ignore
from mlee_jupyter.domain.errors import MleeError

from . import experiment_table, schema, traces
from .column_values import day_or_none, micros, moment_or_none, name_of, storable, text_or_none

_said, _ignore = schema.said, schema.ignore
_IGNORES = (
    select(_ignore.c.rule, _ignore.c.because, _ignore.c.until, _ignore.c.at_us)
    .where(_ignore.c.experiment_id == bindparam("of"))
    .order_by(_ignore.c.rule)
)
_SAID = select(_said.c.rule, _said.c.severity).where(_said.c.experiment_id == bindparam("of"))
_SAY = text(
    "INSERT INTO mlee_said (experiment_id, rule, severity, at_us) VALUES (:experiment_id, :rule, :severity, :at_us)"
    " ON CONFLICT (experiment_id, rule) DO UPDATE SET severity = excluded.severity, at_us = excluded.at_us"
)


def said(connection: Connection, experiment: str) -> dict[str, float]:
    """Rule code -> how severe it was when it was last said."""
    experiment_id = experiment_table.id_of(connection, experiment)
    found = connection.execute(_SAID, {"of": experiment_id})
    return {row.rule: row.severity for row in found}


def mark_said(connection: Connection, experiment: str, severities: Mapping[str, float], at: datetime) -> None:
    """These were said now, this severely."""
    experiment_id = experiment_table.id_of(connection, experiment)
    rows = [
        {"experiment_id": experiment_id, "rule": rule, "severity": float(severity), "at_us": micros(at)}
        for rule, severity in severities.items()
    ]
    if rows:
        connection.execute(_SAY, rows)


def forget_said(connection: Connection, experiment: str, rules: Iterable[str]) -> None:
    """These may be said again."""
    experiment_id = experiment_table.id_of(connection, experiment)
    connection.execute(delete(_said).where(_said.c.experiment_id == experiment_id, _said.c.rule.in_(list(rules))))


def ignores(connection: Connection, experiment_id: int) -> tuple[Ignore, ...]:
    """By rule code."""
    rows = connection.execute(_IGNORES, {"of": experiment_id})
    return tuple(
        Ignore(rule=rule, because=because, until=day_or_none(until), at=moment_or_none(at_us))
        for rule, because, until, at_us in rows
    )


def add_ignore(connection: Connection, experiment: str, ignore: Ignore) -> None:
    """Mute a rule; muted already, the new reason and date replace the old ones."""
    name_of("a rule", ignore.rule)
    experiment_id = experiment_table.id_of(connection, experiment)
    _remove(connection, experiment_id, ignore.rule)
    connection.execute(
        insert(_ignore).values(
            experiment_id=experiment_id,
            rule=ignore.rule,
            because=text_or_none(ignore.because),
            until=None if ignore.until is None else ignore.until.isoformat(),
            at_us=None if ignore.at is None else micros(ignore.at),
        )
    )
    if ignore.at is not None:
        until = "" if ignore.until is None else f"until {ignore.until.isoformat()}"
        traces.add(connection, experiment_id, ignore.at, "ignore rule", ignore.rule, until, ignore.because)


def remove_ignore(connection: Connection, experiment: str, rule: str, at: datetime) -> None:
    """Take the ignore of a rule back; the trace keeps it.

    Raises:
        MleeError: the rule is not muted.
    """
    experiment_id = experiment_table.id_of(connection, experiment)
    if not _remove(connection, experiment_id, rule):
        raise MleeError(f"{storable(rule)} is not ignored in {experiment}.", "%mlee_check shows what is.")
    traces.add(connection, experiment_id, at, "heed rule", rule)


def _remove(connection: Connection, experiment_id: int, rule: str) -> bool:
    gone = connection.execute(
        delete(_ignore).where(_ignore.c.experiment_id == experiment_id, _ignore.c.rule == storable(rule))
    )
    return bool(gone.rowcount)
