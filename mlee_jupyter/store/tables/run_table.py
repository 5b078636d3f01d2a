"""Write a run with all it measured, the truth it was judged on, and the time it took. The hot path of the store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, insert, select, text, update

from mlee_jupyter.domain import CandidateState, Recording, Span, Truth
from mlee_jupyter.stats.rows import array_codec

from . import experiment_table, look_table, schema
from .column_values import (
    key_of,
    length,
    micros,
    name_of,
    number_or_none,
    storable,
    text_hash,
    text_or_none,
    to_json,
    whole_or_none,
)
from .kept_arrays import KEEP_ARRAY
from .lean import Lean

_experiment, _candidate, _variant, _truth = schema.experiment, schema.candidate, schema.variant, schema.truth

# one look for all that a record needs to know
_LOOK = Lean(
    select(
        _experiment.c.id,
        _candidate.c.id,
        _candidate.c.state,
        _candidate.c.simplicity,
        _candidate.c.planned,
        _variant.c.id,
        _truth.c.fingerprint,
        _truth.c.array,
    )
    .select_from(
        _experiment.outerjoin(
            _candidate,
            and_(_candidate.c.experiment_id == _experiment.c.id, _candidate.c.name == bindparam("candidate")),
        )
        .outerjoin(
            _variant, and_(_variant.c.candidate_id == _candidate.c.id, _variant.c.variant_key == bindparam("variant"))
        )
        .outerjoin(_truth, _truth.c.fingerprint == bindparam("truth"))
    )
    .where(_experiment.c.name == bindparam("experiment"))
)
_KEEP_SOURCE = Lean(text("INSERT INTO mlee_source (hash, code) VALUES (:hash, :code) ON CONFLICT (hash) DO NOTHING"))
_KEEP_SPAN = text(
    "INSERT INTO mlee_span (experiment_id, kernel, start_us, end_us, candidate)"
    " VALUES (:experiment_id, :kernel, :start_us, :end_us, :candidate)"
    " ON CONFLICT (experiment_id, kernel, start_us) DO UPDATE SET candidate = excluded.candidate, end_us ="
    " CASE WHEN excluded.end_us > mlee_span.end_us THEN excluded.end_us ELSE mlee_span.end_us END"
)
_NEW_CANDIDATE = Lean(insert(_candidate), ("experiment_id", "name", "simplicity", "state", "planned"))
_NEW_VARIANT = Lean(insert(_variant), ("candidate_id", "variant_key", "label"))
_NEW_RUN = Lean(insert(schema.run), [c.name for c in schema.run.columns if c.name not in ("id", "withdrawn_us")])
_NEW_RESULT = Lean(insert(schema.result), [c.name for c in schema.result.columns if c.name != "id"])
_CHANGE_CANDIDATE = (
    update(_candidate)
    .where(_candidate.c.id == bindparam("identity"))
    .values(state=bindparam("state"), simplicity=bindparam("simplicity"))
)


class Prepared:
    """A recording with its arrays packed: the slow part, done before the store is locked.

    Raises:
        MleeError: a name, a number or an array that cannot be kept.
    """

    def __init__(self, experiment: str, recording: Recording, truth: Truth | None) -> None:
        self.recording, self.truth = recording, truth
        name_of("a candidate", recording.candidate)
        self.looked_for = {
            "experiment": storable(experiment),
            "candidate": recording.candidate,
            "variant": key_of(recording.variant_key),
            "truth": None if truth is None else key_of(truth.fingerprint),
        }
        self.simplicity = whole_or_none("The simplicity", recording.simplicity)
        self.arrays: dict[str, bytes] = {}
        self.results = [self._result(measured) for measured in recording.measured]

    def _result(self, measured: Any) -> dict[str, Any]:
        kept: str | None = None
        if measured.rows is not None:
            kept, content = array_codec.pack(measured.rows)
            self.arrays[kept] = content
        return {
            "metric": storable(measured.metric),
            "kind": str(measured.kind.value),
            "value": number_or_none(measured.value),
            "n": whole_or_none("The number of rows", measured.n),
            "truth": None if measured.truth is None else key_of(measured.truth),
            "array": kept,
            "df": number_or_none(measured.df),
            "claimed": number_or_none(measured.claimed),
            "note": text_or_none(measured.note),
        }


def record(connection: Connection, prepared: Prepared) -> int:
    """Write it; the run's id."""
    recording = prepared.recording
    found = _LOOK.run(connection, prepared.looked_for).fetchone()
    if found is None:
        experiment_table.id_of(connection, prepared.looked_for["experiment"] or "")  # raises, in plain words
        raise AssertionError("an experiment appeared inside a transaction")
    experiment_id, candidate_id, state, simplicity, planned, variant_id, fingerprint, kept_rows = found
    if prepared.truth is not None and (fingerprint is None or (kept_rows is None and prepared.truth.rows is not None)):
        put_truth(connection, prepared.truth)
    candidate_id = _candidate_id(connection, prepared, experiment_id, candidate_id, state, simplicity)
    if variant_id is None:
        variant_id = _NEW_VARIANT.insert(
            connection,
            {
                "candidate_id": candidate_id,
                "variant_key": prepared.looked_for["variant"],
                "label": storable(recording.variant),
            },
        )
    run_id = _NEW_RUN.insert(connection, _run_row(connection, recording, experiment_id, variant_id))
    for kept, content in prepared.arrays.items():
        KEEP_ARRAY.run(connection, {"hash": kept, "content": content})
    look_table.count(connection, experiment_id, candidate_id, bool(planned), recording, prepared.results)
    for result in prepared.results:
        _NEW_RESULT.run(connection, {"run_id": run_id, **result})
    return run_id


def _candidate_id(
    connection: Connection,
    prepared: Prepared,
    experiment_id: int,
    candidate_id: int | None,
    state: str | None,
    simplicity: int | None,
) -> int:
    wanted = simplicity if prepared.simplicity is None else prepared.simplicity
    if candidate_id is None:
        return _NEW_CANDIDATE.insert(
            connection,
            {
                "experiment_id": experiment_id,
                "name": prepared.recording.candidate,
                "simplicity": wanted,
                "state": CandidateState.ACTIVE.value,
                "planned": False,
            },
        )
    if state == CandidateState.PLANNED or wanted != simplicity:
        # parked, dropped and chosen were said by hand: running it again does not unsay them
        now = CandidateState.ACTIVE.value if state == CandidateState.PLANNED else state
        connection.execute(_CHANGE_CANDIDATE, {"identity": candidate_id, "state": now, "simplicity": wanted})
    return candidate_id


def _run_row(connection: Connection, recording: Recording, experiment_id: int, variant_id: int) -> dict[str, Any]:
    source = None
    if recording.source is not None:
        source = text_hash(recording.source)
        _KEEP_SOURCE.run(connection, {"hash": source, "code": storable(recording.source)})
    return {
        "experiment_id": experiment_id,
        "variant_id": variant_id,
        "outcome": recording.outcome.value,
        "started_us": micros(recording.started_at),
        "duration_us": length(recording.duration),
        "stage": text_or_none(recording.stage),
        "answer_seconds": number_or_none(recording.answer_seconds),
        "source": source,
        "source_hash": text_or_none(recording.source_hash),
        "idea": text_or_none(recording.idea),
        "tags": to_json(recording.tags) if recording.tags else None,
        "note": text_or_none(recording.note),
        "error": text_or_none(recording.error),
        "kernel": text_or_none(recording.kernel),
        "notebook": text_or_none(recording.notebook),
    }


def put_truth(connection: Connection, truth: Truth) -> None:
    """Keep a truth once; rows that come later for a known fingerprint are added to it."""
    fingerprint = key_of(truth.fingerprint)
    found = connection.execute(select(_truth.c.array).where(_truth.c.fingerprint == fingerprint)).fetchone()
    if found is not None and (found[0] is not None or truth.rows is None):
        return
    kept = None
    if truth.rows is not None:
        kept, content = array_codec.pack(truth.rows)
        KEEP_ARRAY.run(connection, {"hash": kept, "content": content})
    if found is not None:
        connection.execute(update(_truth).where(_truth.c.fingerprint == fingerprint).values(array=kept))
        return
    connection.execute(
        insert(_truth).values(
            fingerprint=fingerprint,
            name=storable(truth.name),
            n=truth.n,
            kind=truth.kind,
            classes=to_json(dict(truth.classes)),
            n_classes=truth.n_classes,
            index_hash=truth.index_hash,
            array=kept,
        )
    )


def put_spans(connection: Connection, experiment: str, spans: Sequence[Span]) -> None:
    """Write spans; one that has grown since it was last written gets its new end."""
    experiment_id = experiment_table.id_of(connection, experiment)
    rows = [
        {
            "experiment_id": experiment_id,
            "kernel": key_of(span.kernel),
            "start_us": micros(span.start),
            "end_us": micros(span.end),
            "candidate": text_or_none(span.candidate),
        }
        for span in spans
    ]
    if rows:
        connection.execute(_KEEP_SPAN, rows)
