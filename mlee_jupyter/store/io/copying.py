"""A whole store from one database to another: every row as it is, with what no experiment owns any more."""

from __future__ import annotations

from sqlalchemy import Connection, Integer, Table, func, insert, select, text

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.store.tables import schema

AT_ONCE = 200  # rows: some hold an array


def copy_all(source: Connection, target: Connection) -> None:
    """Copy every table.

    Raises:
        MleeError: there is something in the target already.
    """
    if target.scalar(select(func.count()).select_from(schema.experiment)):
        raise MleeError(
            "There are experiments in that store already.",
            "Name an empty one; or one experiment at a time: mlee export FILE NAME, and mlee import FILE there.",
        )
    for table in schema.metadata.sorted_tables:
        _copy(source, target, table)


def _copy(source: Connection, target: Connection, table: Table) -> None:
    every = select(table).order_by(*table.primary_key.columns)
    for some in source.execute(every, execution_options={"yield_per": AT_ONCE}).mappings().partitions():
        target.execute(insert(table), [dict(row) for row in some])
    if target.dialect.name == "postgresql":
        _number_on(target, table)


def _number_on(target: Connection, table: Table) -> None:
    """Let a server's own numbers go on behind those that were copied."""
    (key, *more) = table.primary_key.columns
    if more or not isinstance(key.type, Integer) or key.foreign_keys:
        return
    last = target.scalar(select(func.max(key)))
    if last is None:
        return
    target.execute(
        text("SELECT setval(pg_get_serial_sequence(:table, :key), :last)"),
        {"table": table.name, "key": key.name, "last": last},
    )
