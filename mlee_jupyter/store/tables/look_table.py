"""The odometer: every look at a truth, counted in the transaction that records it and kept for good.

A look is a set of answers scored on a truth for the first time in this store, whoever's they are; the same answers
again teach nothing new. It is *steered* unless it was fixed before any score on that truth was known: a part of the
very first hand-over, or the first look of a candidate that a charter had planned by then, or whose code was written by
then (a cell that was queued, or ran already; a script).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, text

from mlee_jupyter.domain import Look, Recording
from mlee_jupyter.domain.records import SIDE

from . import schema
from .column_values import charter_from_json, key_of, micros, text_hash
from .lean import Lean

_look, _charter = schema.look, schema.charter
_variant, _run, _result = schema.variant, schema.run, schema.result

_COUNT = Lean(
    text(
        "INSERT INTO mlee_look"
        " (truth, answers, at_us, hand_over, steered, metric, kind, value, df, notebook, experiment_id)"
        " VALUES (:truth, :answers, :at_us, :hand_over, :unplanned AND EXISTS"
        " (SELECT 1 FROM mlee_look WHERE truth = :truth AND hand_over <> :hand_over),"
        " :metric, :kind, :value, :df, :notebook, :experiment_id) ON CONFLICT (truth, answers) DO NOTHING"
    )
)
_KEEP = Lean(
    text(
        "INSERT INTO mlee_look"
        " (truth, answers, at_us, hand_over, steered, metric, kind, value, df, notebook, experiment_id)"
        " VALUES (:truth, :answers, :at_us, :hand_over, :steered,"
        " :metric, :kind, :value, :df, :notebook, :experiment_id)"
        " ON CONFLICT (truth, answers) DO NOTHING"
    )
)
_RESULTS = (
    select(
        _result.c.truth,
        _result.c.array.label("answers"),
        _run.c.started_us.label("at_us"),
        _run.c.kernel,
        _run.c.notebook,
        _result.c.metric,
        _result.c.kind,
        _result.c.value,
        _result.c.df,
    )
    .select_from(_result.join(_run, _run.c.id == _result.c.run_id))
    .where(_run.c.experiment_id == bindparam("experiment"), _result.c.truth.is_not(None), _result.c.array.is_not(None))
    .order_by(_run.c.id, _result.c.id)
)
# in the order of Look's fields
_LOOKS = Lean(
    select(
        _look.c.id,
        _look.c.answers,
        _look.c.hand_over,
        _look.c.steered,
        _look.c.metric,
        _look.c.kind,
        _look.c.value,
        _look.c.df,
        schema.experiment.c.name,
        _look.c.notebook,
    )
    .select_from(_look.outerjoin(schema.experiment, schema.experiment.c.id == _look.c.experiment_id))
    .where(_look.c.truth == bindparam("truth"), _look.c.id > bindparam("after"))
    .order_by(_look.c.id)
)
_FIRST = Lean(select(func.min(_look.c.at_us)).where(_look.c.truth == bindparam("truth")))
_LOOKED_BEFORE = Lean(
    select(func.min(_result.c.id))
    .select_from(_result.join(_run, _run.c.id == _result.c.run_id).join(_variant, _variant.c.id == _run.c.variant_id))
    .where(_variant.c.candidate_id == bindparam("candidate"), _result.c.truth == bindparam("truth"))
)
_CHARTERS_BEFORE = select(_charter.c.charter).where(
    _charter.c.experiment_id == bindparam("experiment"), _charter.c.at_us <= bindparam("at")
)


def hand_over_of(kernel: str | None, started_us: int) -> str:
    """What all runs share that were handed over together: the kernel, and when the cell or block began."""
    return f"{kernel or ''}:{started_us}"


def count(
    connection: Connection, experiment_id: int, candidate_id: int, planned: bool, recording: Recording, results: Any
) -> None:
    """Count the looks of one run; to be called before its results are written.

    Args:
        connection: of the transaction that writes the run.
        experiment_id: its experiment.
        candidate_id: its candidate.
        planned: whether the charter as it stands names that candidate.
        recording: the run.
        results: its results as they are about to be written.
    """
    started = micros(recording.started_at)
    may_be_fixed = planned or recording.written_at is not None
    for result in results:
        if result["truth"] is None or result["array"] is None:
            continue
        _COUNT.run(
            connection,
            {
                "truth": result["truth"],
                "answers": result["array"],
                "at_us": started,
                "hand_over": hand_over_of(recording.kernel, started),
                "unplanned": not (
                    may_be_fixed
                    and _fixed_in_time(connection, experiment_id, candidate_id, planned, recording, result["truth"])
                ),
                "metric": result["metric"],
                "kind": result["kind"],
                "value": result["value"],
                "df": result["df"],
                "notebook": _notebook(recording.notebook),
                "experiment_id": experiment_id,
            },
        )
        may_be_fixed = False  # one look was fixed, not all that one run may hand over


def _fixed_in_time(
    connection: Connection, experiment_id: int, candidate_id: int, planned: bool, recording: Recording, truth: str
) -> bool:
    """Whether this is a candidate's first look, and its code or its name stood before the first look of anyone."""
    first = _FIRST.run(connection, {"truth": truth}).fetchone()[0]
    asked = {"candidate": candidate_id, "truth": truth}
    if first is None or _LOOKED_BEFORE.run(connection, asked).fetchone()[0] is not None:
        return False
    if recording.written_at is not None and micros(recording.written_at) <= first:
        return True
    if not planned:
        return False
    before = connection.scalars(_CHARTERS_BEFORE, {"experiment": experiment_id, "at": first})
    return any(recording.candidate in charter_from_json(charter).candidates for charter in before)


def of(connection: Connection, truth: str, after: int = 0) -> tuple[Look, ...]:
    """The looks at a truth, oldest first; those after a number only."""
    rows = _LOOKS.run(connection, {"truth": key_of(truth), "after": after}).fetchall()
    return tuple(Look._make(row)._replace(steered=bool(row[3])) for row in rows)


def total(connection: Connection, truth: str) -> int:
    """How many there are."""
    return int(connection.scalar(select(func.count()).where(_look.c.truth == key_of(truth))) or 0)


def count_opened(
    connection: Connection, experiment_id: int, truth: str, metric: str, answers: Iterable[str], at: datetime
) -> None:
    """Count the looks at a sealed sample; all of them were fixed beforehand."""
    for one in answers:
        _COUNT.run(
            connection,
            {
                "truth": key_of(truth),
                "answers": one,
                "at_us": micros(at),
                "hand_over": f"confirm:{micros(at)}",
                "unplanned": False,
                "metric": metric,
                "kind": "predictions",
                "value": None,
                "df": None,
                "notebook": None,
                "experiment_id": experiment_id,
            },
        )


def count_side_view(
    connection: Connection, experiment_id: int, truth: str, metric: str, answers: Mapping[str, str], at: datetime
) -> None:
    """Count stored answers (hash: their kind) that were judged by another metric; once for each metric."""
    for one, kind in answers.items():
        _COUNT.run(
            connection,
            {
                "truth": key_of(truth),
                "answers": f"{one}{SIDE}{metric}",
                "at_us": micros(at),
                "hand_over": f"side:{micros(at)}",
                "unplanned": True,
                "metric": metric,
                "kind": kind,
                "value": None,
                "df": None,
                "notebook": None,
                "experiment_id": experiment_id,
            },
        )


def count_imported(connection: Connection, experiment_id: int, rows: Iterable[Mapping[str, Any]]) -> None:
    """Count looks that were made elsewhere; those known here stay as they are.

    A file of an older version has no looks: they are read off the results, as if nothing had been planned.
    """
    for row in rows:
        _KEEP.run(connection, {**row, "experiment_id": experiment_id})
    for found in connection.execute(_RESULTS, {"experiment": experiment_id}).mappings().all():
        _COUNT.run(
            connection,
            {
                **found,
                "hand_over": hand_over_of(found["kernel"], found["at_us"]),
                "unplanned": True,
                "notebook": _notebook(found["notebook"]),
                "experiment_id": experiment_id,
            },
        )


def _notebook(path: str | None) -> str | None:
    return None if path is None else text_hash(path)[:16]
