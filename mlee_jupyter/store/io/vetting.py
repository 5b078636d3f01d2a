"""Whether a SQLite file is what we write: plain tables and indexes, and in them values of the kind that belongs there.

A file may come with a folder that somebody else made. A view in place of a table, a trigger, a virtual table, a
generated column or a CHECK is code that runs when we look or write; we make none of them, so a file that has one is
refused before any statement of ours runs through it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Boolean, Column, Double, Integer, LargeBinary, Table

from mlee_jupyter.store.tables import schema
from mlee_jupyter.store.tables.column_kinds import JSON_COLUMNS, WORDS

_QUOTED = re.compile(r'"[^"]*"|`[^`]*`|\[[^\]]*\]')
_CODE = re.compile(r"\b(CHECK|GENERATED|ALWAYS|DEFAULT|COLLATE|AS|VIRTUAL|WITHOUT|SELECT)\b", re.IGNORECASE)
_PLAIN_INDEX = re.compile(r"CREATE (UNIQUE )?INDEX \w+ ON \w+ \(\w+(, \w+)*\)", re.IGNORECASE)
_LONGEST_SQL = 100_000  # characters; a table of ours is made by some 600
LONGEST_VALUE = 64 * 2**20  # bytes of anything but an array: a code, a reason, a name


def odd_part(connection: sqlite3.Connection) -> str | None:
    """What in a file's plan is none of ours, in a few words; None: it may be used. Nothing but the plan is read."""
    known = {table.name: table for table in (*schema.metadata.sorted_tables, schema.version)}
    found = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
    for kind, name, table, sql in found:
        if kind not in ("table", "index"):
            return f"a {kind} {str(name)[:40]!r}"
        if not isinstance(name, str) or (sql is not None and not isinstance(sql, str)):
            return "a table without a name"
        plain = " ".join(_QUOTED.sub("q", sql or "").split())
        if len(plain) > _LONGEST_SQL:
            return f"a plan of {len(plain):,} characters"
        if kind == "table" and "VIRTUAL" in plain.upper().split()[:3]:
            return f"a virtual table {name[:40]!r}"
        if str(table).lower() not in known:
            continue
        if kind == "index" and sql is not None and not _PLAIN_INDEX.fullmatch(plain):
            return f"an index {name[:40]!r} that computes"
        if kind == "table" and (code := _CODE.search(plain)):
            return f"{code[0].upper()} in the table {name[:40]!r}"
    return None


def odd_columns(connection: sqlite3.Connection) -> str | None:
    """A table of ours that is missing or has other columns than this version's, in a few words; None: there is none."""
    for table in schema.metadata.sorted_tables:
        found = {row[1]: row[6] for row in connection.execute(f"PRAGMA table_xinfo({table.name})")}
        if set(found) != set(table.columns.keys()) or any(found.values()):
            return f"no table {table.name} as this version has it" if found else f"no table {table.name}"
    return None


def odd_value(connection: sqlite3.Connection) -> str | None:
    """The first column that holds a value of another kind than belongs there; None: there is none.

    Content of arrays is looked at when it is read.
    """
    for table in schema.metadata.sorted_tables:
        fits = " AND ".join(f"({condition})" for condition in _conditions(table))
        if connection.execute(f"SELECT 1 FROM {table.name} WHERE NOT ({fits}) LIMIT 1").fetchone() is None:
            continue
        for column, condition in zip(_looked_at(table), _conditions(table), strict=True):
            if connection.execute(f"SELECT 1 FROM {table.name} WHERE NOT ({condition}) LIMIT 1").fetchone():
                return f"{table.name}.{column.name}"
    return None


def _looked_at(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if not isinstance(column.type, LargeBinary)]


def _conditions(table: Table) -> Iterator[str]:
    """For each column that is looked at, what every value of it fulfils; true or false, never NULL."""
    for column in _looked_at(table):
        name = f'"{column.name}"'
        if isinstance(column.type, Boolean):
            fits = f"typeof({name}) = 'integer' AND {name} IN (0, 1)"
        elif isinstance(column.type, Integer):
            fits = f"typeof({name}) = 'integer'"
            if column.name.endswith("_us"):
                fits += f" AND {name} BETWEEN {-(2**55)} AND {2**55}"  # a thousand years: what a datetime can hold
        elif isinstance(column.type, Double):
            fits = f"typeof({name}) IN ('real', 'integer')"
        else:
            fits = f"typeof({name}) = 'text' AND length({name}) >= 0"  # its length is only known once it was read
            if column in JSON_COLUMNS:
                shape = "array" if column is schema.run.c.tags else "object"
                fits += f" AND json_valid({name}) AND json_type({name}) = '{shape}'"
            if column in WORDS:
                fits += f" AND {name} IN ({', '.join(repr(str(word)) for word in WORDS[column])})"
        yield f"{name} IS NULL OR ({fits})" if column.nullable else f"{name} IS NOT NULL AND {fits}"
