"""Core statements on the hot paths: compiled once for each back end, then run on the driver's own cursor.

SQLAlchemy's way through a statement costs several times what SQLite needs to run it. Only for parameters and columns
that need no conversion: text, numbers and bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Insert, Select, TextClause


class Lean:
    """A statement with named parameters.

    Args:
        statement: SELECT, INSERT or text.
        columns: for an INSERT, the columns that are given.
    """

    def __init__(self, statement: Select[Any] | Insert | TextClause, columns: Sequence[str] | None = None) -> None:
        self._statement, self._columns = statement, columns
        self._ready: dict[str, tuple[str, list[str] | None]] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """The driver's cursor, the statement done."""
        cursor = self._cursor(connection)
        sql, order = self._compiled(connection)
        cursor.execute(sql, values if order is None else [values[name] for name in order])
        return cursor

    def insert(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """The number of the new row."""
        cursor = self.run(connection, values)
        return int(cursor.lastrowid if connection.dialect.name == "sqlite" else cursor.fetchone()[0])

    def _cursor(self, connection: Connection) -> Any:
        driver: Any = connection.connection.dbapi_connection
        return driver.cursor()

    def _compiled(self, connection: Connection) -> tuple[str, list[str] | None]:
        """The text, and the order of its parameters where they go by place."""
        ready = self._ready.get(connection.dialect.name)
        if ready is None:
            compiled: Any = self._statement.compile(dialect=connection.dialect, column_keys=self._columns)
            order = list(compiled.positiontup) if compiled.positiontup is not None else None
            ready = self._ready[connection.dialect.name] = (str(compiled), order)
        return ready
