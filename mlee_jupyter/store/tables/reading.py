"""Read an experiment's whole history, lean: a board looks at ten thousand results at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, bindparam, func, or_, select, text

from mlee_jupyter.domain import CandidateState, Records, Result, RunOutcome, Span, Truth
from mlee_jupyter.domain.errors import StoreError
from mlee_jupyter.stats.rows import array_codec

from . import (
    candidate_table,
    experiment_table,
    layout_table,
    rule_state,
    schema,
    sealed,
    traces,
)
from .column_values import key_of, moment
from .lean import Lean

_experiment, _candidate, _variant = schema.experiment, schema.candidate, schema.variant
_run, _result, _truth = schema.run, schema.result, schema.truth

# in the order of Result's fields
_HISTORY = Lean(
    select(
        _run.c.id,
        _candidate.c.name,
        _variant.c.id,
        _variant.c.label,
        _run.c.outcome,
        _run.c.started_us,
        _run.c.duration_us,
        _run.c.stage,
        _run.c.answer_seconds,
        _result.c.metric,
        _result.c.kind,
        _result.c.value,
        _result.c.n,
        _result.c.truth,
        _result.c.array,
        _result.c.df,
        _result.c.claimed,
        func.coalesce(_result.c.note, _run.c.error),
        _run.c.tags,
    )
    .select_from(
        _run.join(_variant, _variant.c.id == _run.c.variant_id)
        .join(_candidate, _candidate.c.id == _variant.c.candidate_id)
        .outerjoin(_result, _result.c.run_id == _run.c.id)
    )
    .where(_run.c.experiment_id == bindparam("experiment_id"), _run.c.withdrawn_us.is_(None))
    .order_by(_run.c.id, _result.c.id)
)
_TRUTHS = (
    select(_truth).where(_truth.c.fingerprint.in_(bindparam("wanted", expanding=True))).order_by(_truth.c.fingerprint)
)
_TRUTH_ARRAY = select(_truth.c.array).where(_truth.c.fingerprint == bindparam("fingerprint"))
_AT_ONCE = 2**24  # bytes of an array: what is longer has its beginning looked at first, as a file may come from anybody
_ARRAY = Lean(
    text(
        f"SELECT CASE WHEN length(content) <= {_AT_ONCE} THEN content END, length(content),"
        f" substr(content, 1, {array_codec.HEAD}) FROM mlee_array WHERE hash = :hash"
    )
)
_LONG_ARRAY = Lean(select(schema.array.c.content).where(schema.array.c.hash == bindparam("hash")))
_SOURCES = Lean(
    select(_run.c.id, _run.c.source)
    .where(_run.c.experiment_id == bindparam("experiment_id"), _run.c.withdrawn_us.is_(None))
    .where(_run.c.source.is_not(None))
)
_NOTEBOOKS = (
    select(_run.c.notebook)
    .select_from(
        _run.join(_variant, _variant.c.id == _run.c.variant_id).join(
            _candidate, _candidate.c.id == _variant.c.candidate_id
        )
    )
    .where(_run.c.experiment_id == bindparam("experiment_id"), _run.c.withdrawn_us.is_(None))
    .where(_run.c.notebook.is_not(None), _run.c.outcome == RunOutcome.OK)
    .where(or_(_run.c.stage.is_(None), _run.c.stage != "development"))
    .where(_candidate.c.state != CandidateState.DROPPED)
    .group_by(_run.c.notebook)
    .order_by(func.max(_run.c.id).desc())
)
_CODES = select(schema.source.c.hash, schema.source.c.code).where(
    schema.source.c.hash.in_(bindparam("wanted", expanding=True))
)
_VARIANT_KEYS = (
    select(_variant.c.variant_key)
    .select_from(_variant.join(_candidate, _candidate.c.id == _variant.c.candidate_id))
    .where(_candidate.c.experiment_id == bindparam("of"), _candidate.c.name == bindparam("candidate"))
)
_SPANS = (
    select(schema.span.c.kernel, schema.span.c.candidate, schema.span.c.start_us, schema.span.c.end_us)
    .where(schema.span.c.experiment_id == bindparam("of"))
    .order_by(schema.span.c.start_us, schema.span.c.kernel)
)


def records(connection: Connection, name: str) -> Records:
    """All that is known of one experiment, without arrays."""
    experiment_id = experiment_table.id_of(connection, name)
    charters = experiment_table.charters(connection, experiment_id)
    pauses = experiment_table.pauses(connection, experiment_id)
    results = _results(connection, experiment_id)
    return Records(
        experiment=experiment_table.assemble(connection, experiment_id, charters[-1].charter, pauses),
        charters=charters,
        candidates=candidate_table.of(connection, experiment_id),
        results=results,
        truths=truths(connection, {result.truth for result in results if result.truth is not None}),
        spans=spans(connection, experiment_id),
        pauses=pauses,
        ignores=rule_state.ignores(connection, experiment_id),
        trace=traces.of(connection, experiment_id),
        layouts=layout_table.of(connection, experiment_id),
        fresh=sealed.of(connection, experiment_id),
    )


def worked(connection: Connection, name: str) -> tuple[tuple[Span, ...], experiment_table.Pauses]:
    """When an experiment was worked on, and when its time stood."""
    experiment_id = experiment_table.id_of(connection, name)
    return spans(connection, experiment_id), experiment_table.pauses(connection, experiment_id)


def _results(connection: Connection, experiment_id: int) -> tuple[Result, ...]:
    return tuple(map(Result._make, _HISTORY.run(connection, {"experiment_id": experiment_id}).fetchall()))


def truths(connection: Connection, fingerprints: set[str]) -> dict[str, Truth]:
    """By fingerprint, without their rows."""
    found: dict[str, Truth] = {}
    wanted = sorted(fingerprints)
    for start in range(0, len(wanted), 500):  # SQLite takes a limited number of values in one statement
        for row in connection.execute(_TRUTHS, {"wanted": wanted[start : start + 500]}):
            found[row.fingerprint] = Truth(
                fingerprint=row.fingerprint,
                name=row.name,
                n=row.n,
                kind=row.kind,
                classes=_classes(row.classes),
                n_classes=row.n_classes,
                index_hash=row.index_hash,
            )
    return found


def _classes(text: str) -> dict[str, int]:
    told = json.loads(text)
    if not isinstance(told, dict) or not all(type(rows_) is int for rows_ in told.values()):
        raise ValueError("no counts of classes")
    return told


def spans(connection: Connection, experiment_id: int) -> tuple[Span, ...]:
    """Oldest first."""
    return tuple(
        Span(kernel=kernel, candidate=candidate, start=moment(start), end=moment(end))
        for kernel, candidate, start, end in connection.execute(_SPANS, {"of": experiment_id})
    )


def sources(connection: Connection, name: str) -> dict[int, str]:
    """Run -> hash of its code."""
    experiment_id = experiment_table.id_of(connection, name)
    return dict(_SOURCES.run(connection, {"experiment_id": experiment_id}).fetchall())


def variant_keys(connection: Connection, name: str, candidate: str) -> frozenset[str]:
    """What makes each variant of a candidate the same, withdrawn ones as well."""
    wanted = {"of": experiment_table.id_of(connection, name), "candidate": candidate}
    return frozenset(connection.execute(_VARIANT_KEYS, wanted).scalars())


def notebooks(connection: Connection, name: str) -> tuple[str, ...]:
    """Paths of the notebooks whose runs count, the newest first."""
    experiment_id = experiment_table.id_of(connection, name)
    return tuple(connection.execute(_NOTEBOOKS, {"experiment_id": experiment_id}).scalars())


def codes(connection: Connection, hashes: Sequence[str]) -> dict[str, str]:
    """Hash -> code, of those that are stored."""
    found: dict[str, str] = {}
    for start in range(0, len(hashes), 500):  # SQLite takes a limited number of values in one statement
        found.update(
            (row.hash, row.code) for row in connection.execute(_CODES, {"wanted": hashes[start : start + 500]})
        )
    return found


def rows(connection: Connection, content_hash: str) -> np.ndarray[Any, Any]:
    """An array by its content's hash.

    Raises:
        StoreError: no such array is stored, or its bytes are damaged.
    """
    found = _ARRAY.run(connection, {"hash": content_hash}).fetchone()
    if found is None:
        raise StoreError(f"No array {content_hash[:12]} is stored.", "Record the candidate again.")
    content, length, head = found
    if content is None and array_codec.may_be_array(head, length):
        content = _LONG_ARRAY.run(connection, {"hash": content_hash}).fetchone()[0]
    return array_codec.decode(head if content is None else content)


def truth_rows(connection: Connection, fingerprint: str) -> np.ndarray[Any, Any] | None:
    """None: no such truth is stored, or its rows are not kept."""
    found = connection.execute(_TRUTH_ARRAY, {"fingerprint": key_of(fingerprint)}).fetchone()
    return None if found is None or found[0] is None else rows(connection, found[0])
