"""Experiments as one JSON document, and back.

Rows refer to each other by their place in the document, never by the numbers of one store; arrays, sources and truths
stand beside the experiments under the hash of their content, once.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Connection, Table, insert, select

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.store.tables import experiment_table, look_table, schema, traces
from mlee_jupyter.store.tables.column_kinds import JSON_COLUMNS
from mlee_jupyter.store.tables.column_values import storable, to_json

from .document import FORMAT, VERSION, Document, row_columns

# What hangs directly on an experiment, under the name it has in the document.
OWNED: dict[str, Table] = {
    "charters": schema.charter,
    "extensions": schema.extension,
    "pauses": schema.pause,
    "spans": schema.span,
    "said": schema.said,
    "ignores": schema.ignore,
    "trace": schema.trace,
    "layouts": schema.layout,
    "fresh": schema.fresh,
}


def export(connection: Connection, names: Sequence[str] | None) -> dict[str, Any]:
    """The document; `names` None: every experiment."""
    if names is None:
        ids = list(connection.scalars(select(schema.experiment.c.id).order_by(schema.experiment.c.id)))
    else:
        ids = [experiment_table.id_of(connection, name) for name in dict.fromkeys(names)]
    told = [_tell(connection, experiment_id) for experiment_id in ids]
    results = [result for one in told for result in one["results"]]
    truths = _by_key(connection, schema.truth.c.fingerprint, {result["truth"] for result in results})
    arrays = {result["array"] for result in results} | {truth["array"] for truth in truths.values()}
    arrays |= {layout["array"] for one in told for layout in one["layouts"]}
    sources = {run["source"] for one in told for run in one["runs"]}
    return {
        "format": FORMAT,
        "version": VERSION,
        "experiments": told,
        "truths": truths,
        "arrays": {
            key: base64.b64encode(row["content"]).decode("ascii")
            for key, row in _by_key(connection, schema.array.c.hash, arrays).items()
        },
        "sources": {key: row["code"] for key, row in _by_key(connection, schema.source.c.hash, sources).items()},
    }


def _tell(connection: Connection, experiment_id: int) -> dict[str, Any]:
    """One experiment with all that is its own."""
    told = _dump(connection, schema.experiment, schema.experiment.c.id == experiment_id)[0]
    for word, table in OWNED.items():
        told[word] = _dump(connection, table, table.c.experiment_id == experiment_id)
    told["looks"] = _dump(connection, schema.look, schema.look.c.experiment_id == experiment_id)
    candidates = _ids(connection, schema.candidate, schema.candidate.c.experiment_id == experiment_id)
    variants = _ids(
        connection, schema.variant, schema.variant.c.candidate_id.in_(_ids_of(schema.candidate, experiment_id))
    )
    runs = _ids(connection, schema.run, schema.run.c.experiment_id == experiment_id)
    told["candidates"] = _dump(connection, schema.candidate, schema.candidate.c.experiment_id == experiment_id)
    told["variants"] = _dump(
        connection,
        schema.variant,
        schema.variant.c.candidate_id.in_(_ids_of(schema.candidate, experiment_id)),
        candidate=(schema.variant.c.candidate_id, candidates),
    )
    told["runs"] = _dump(
        connection, schema.run, schema.run.c.experiment_id == experiment_id, variant=(schema.run.c.variant_id, variants)
    )
    told["results"] = _dump(
        connection,
        schema.result,
        schema.result.c.run_id.in_(_ids_of(schema.run, experiment_id)),
        run=(schema.result.c.run_id, runs),
    )
    return told


def _ids_of(table: Table, experiment_id: int) -> Any:
    """The row numbers that one experiment owns in a table."""
    return select(table.c.id).where(table.c.experiment_id == experiment_id)


def _ids(connection: Connection, table: Table, of: Any) -> dict[int, int]:
    """Row number -> place in the document."""
    ids = connection.scalars(select(table.c.id).where(of).order_by(table.c.id))
    return {identity: place for place, identity in enumerate(ids)}


def _dump(
    connection: Connection, table: Table, of: Any, **references: tuple[Column[Any], Mapping[int, int]]
) -> list[dict[str, Any]]:
    columns = row_columns(table)
    extra = list(references.items())
    order = list(table.primary_key.columns)
    rows = connection.execute(select(*columns, *(column for _, (column, _) in extra)).where(of).order_by(*order))
    dumped = []
    for row in rows:
        values = {column.name: _outward(column, value) for column, value in zip(columns, row, strict=False)}
        for (word, (_, places)), value in zip(extra, row[len(columns) :], strict=True):
            values[word] = places[value]
        dumped.append(values)
    return dumped


def _outward(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if column in JSON_COLUMNS:
        return json.loads(value)
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return "inf" if value > 0 else "-inf"  # JSON has no word for it
    return value


def _by_key(connection: Connection, key: Column[Any], wanted: set[str | None]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    keys = sorted(one for one in wanted if one is not None)
    for start in range(0, len(keys), 500):
        rows = connection.execute(select(key.table).where(key.in_(keys[start : start + 500])).order_by(key))
        for row in rows.mappings():
            found[row[key.name]] = {
                column.name: _outward(column, row[column.name]) for column in key.table.columns if column is not key
            }
    return found


def import_(connection: Connection, told: Mapping[str, Any], *, rename: bool, at: datetime | None = None) -> list[str]:
    """Add what the document holds; the names given."""
    document = Document(told)
    added: list[str] = []
    for one in document.experiments:
        name = str(one["name"])
        here = experiment_table.find(connection, name)
        if here is not None:
            if _same(one, _tell(connection, here.id)):
                continue
            if not rename:
                raise MleeError(f"There is another experiment {name!r} here already.", "Rename one of them first.")
            name = _free_name(connection, name)
        experiment_id = _write(connection, {**one, "name": name})
        came = "" if name == one["name"] else f"was {one['name']}"
        traces.add(connection, experiment_id, at or datetime.now(UTC), "import experiment", name, came)
        added.append(name)
    _write_shared(connection, document)
    return added


def _same(one: Mapping[str, Any], here: Mapping[str, Any]) -> bool:
    """The same history; who imported or renamed it, and who looked first, is not part of that."""
    left_out = ("trace", "said", "looks")
    return {k: v for k, v in one.items() if k not in left_out} == {k: v for k, v in here.items() if k not in left_out}


def _free_name(connection: Connection, name: str) -> str:
    number = 2
    while experiment_table.find(connection, f"{name} ({number})") is not None:
        number += 1
    return f"{name} ({number})"


def _write(connection: Connection, one: Mapping[str, Any]) -> int:
    experiment_id = _insert(connection, schema.experiment, [one])[0]
    for word, table in OWNED.items():
        _insert(connection, table, one[word], numbered=False, experiment_id=experiment_id)
    candidates = _insert(connection, schema.candidate, one["candidates"], experiment_id=experiment_id)
    variants = _insert(
        connection, schema.variant, [{**row, "candidate_id": candidates[row["candidate"]]} for row in one["variants"]]
    )
    runs = _insert(
        connection,
        schema.run,
        [{**row, "variant_id": variants[row["variant"]]} for row in one["runs"]],
        experiment_id=experiment_id,
    )
    _insert(connection, schema.result, [{**row, "run_id": runs[row["run"]]} for row in one["results"]], numbered=False)
    look_table.count_imported(connection, experiment_id, one["looks"])
    return experiment_id


def _insert(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, numbered: bool = True, **fixed: Any
) -> list[int]:
    """Insert in order; the new row numbers in the same order, when they are asked for."""
    ready = [
        {
            **{column.name: _inward(column, row.get(column.name)) for column in table.columns if column.name in row},
            **fixed,
        }
        for row in rows
    ]
    if not ready:
        return []
    if not numbered:
        connection.execute(insert(table), ready)
        return []
    return list(connection.scalars(insert(table).returning(table.c.id, sort_by_parameter_order=True), ready))


def _inward(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if column in JSON_COLUMNS:
        return to_json(value)
    if isinstance(value, str):
        return float(value) if column.type.python_type is float else storable(value)
    return value


def _write_shared(connection: Connection, document: Document) -> None:
    """Truths, arrays and sources that are not here yet."""
    for table, key, rows in (
        (schema.array, schema.array.c.hash, {k: {"content": v} for k, v in document.arrays.items()}),
        (schema.source, schema.source.c.hash, {k: {"code": v} for k, v in document.sources.items()}),
        (schema.truth, schema.truth.c.fingerprint, document.truths),
    ):
        here = _by_key(connection, key, set(rows))
        for identity, row in rows.items():
            if identity not in here:
                _insert(connection, table, [{key.name: identity, **row}], numbered=False)
            elif table is schema.truth and here[identity]["array"] is None and row.get("array") is not None:
                connection.execute(
                    table.update().where(key == identity).values(array=row["array"])  # rows for a truth known without
                )
