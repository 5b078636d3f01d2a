"""The sealed second sample: declared early by the fingerprint of its answers, opened once, and then kept for good."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from mlee_jupyter.domain import Confirmed, Fresh, Truth
from mlee_jupyter.domain.errors import MleeError

from . import experiment_table, look_table, schema, traces
from .column_values import key_of, micros, moment_or_none, name_of, to_json
from .lean import Lean
from .opened_sample import is_found

_fresh = schema.fresh
_OF = Lean(
    select(
        _fresh.c.name, _fresh.c.fingerprint, _fresh.c.n, _fresh.c.sealed_us, _fresh.c.opened_us, _fresh.c.found
    ).where(_fresh.c.experiment_id == bindparam("of"))
)


def of(connection: Connection, experiment_id: int) -> Fresh | None:
    """The second sample of an experiment, if one was declared."""
    row = _OF.run(connection, {"of": experiment_id}).fetchone()
    if row is None:
        return None
    name, fingerprint, n, sealed_us, opened_us, found = row
    told = json.loads(found) if found else {}
    if told and not is_found(told):
        raise ValueError("no result of a sealed sample")
    return Fresh(
        name=name,
        fingerprint=fingerprint,
        n=n,
        sealed_at=moment_or_none(sealed_us),
        opened_at=moment_or_none(opened_us),
        metric=told.get("metric"),
        confirmed=tuple(Confirmed(**one) for one in told.get("confirmed", ())),
    )


def seal(
    connection: Connection, experiment: str, name: str, truth: Truth | None, because: str | None, at: datetime
) -> Fresh:
    """Declare it, or another one in its place as long as none was opened."""
    experiment_id = experiment_table.id_of(connection, experiment)
    name_of("a fresh sample", name)
    before = of(connection, experiment_id)
    if before is not None and before.opened_at is not None:
        raise MleeError(
            f"{before.name[:40]} was opened already, so another sample cannot take its place here.",
            "Start another experiment with it: %mlee_experiment start NAME --fresh ...",
        )
    connection.execute(delete(_fresh).where(_fresh.c.experiment_id == experiment_id))
    connection.execute(
        insert(_fresh).values(
            experiment_id=experiment_id,
            name=name,
            fingerprint=None if truth is None else key_of(truth.fingerprint),
            n=None if truth is None else truth.n,
            sealed_us=None if truth is None else micros(at),
        )
    )
    if truth is not None:
        was = "" if before is None or before.fingerprint is None else f"instead of {before.name}, {before.n} rows"
        traces.add(connection, experiment_id, at, "seal", name, was or f"{truth.n} rows", because)
    return _there(connection, experiment_id)


def open_(connection: Connection, experiment: str, metric: str, confirmed: Sequence[Confirmed], at: datetime) -> Fresh:
    """Write what it showed."""
    experiment_id = experiment_table.id_of(connection, experiment)
    found = to_json({"metric": metric, "confirmed": [asdict(one) for one in confirmed]})
    done = connection.execute(
        update(_fresh)
        .where(_fresh.c.experiment_id == experiment_id, _fresh.c.fingerprint.is_not(None), _fresh.c.opened_us.is_(None))
        .values(opened_us=micros(at), found=found)
    )
    there = of(connection, experiment_id)
    if there is None or there.fingerprint is None:
        raise MleeError("No fresh sample is sealed here.", "Seal one early: %mlee_experiment change --fresh y_final")
    if done.rowcount != 1:
        raise MleeError(f"{there.name[:40]} was opened already, and opens once.", "%mlee_scoreboard shows the result.")
    answers = [one.answers for one in confirmed]
    look_table.count_opened(connection, experiment_id, there.fingerprint, metric, answers, at)
    traces.add(connection, experiment_id, at, "open fresh sample", there.name, f"{there.n} rows")
    return there


def _there(connection: Connection, experiment_id: int) -> Fresh:
    found = of(connection, experiment_id)
    assert found is not None
    return found
