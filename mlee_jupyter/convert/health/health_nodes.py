"""A statement's syntax nodes, walked once for all that is looked for in them."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from mlee_jupyter.convert.types import Statement


@dataclass(frozen=True, eq=False)
class Walked:
    """One top-level statement with its nodes at hand."""

    statement: Statement
    nodes: tuple[ast.AST, ...]
    calls: tuple[ast.Call, ...]
    texts: tuple[ast.Constant, ...]  # text literals

    @property
    def cell(self) -> int:
        """The number of its cell."""
        return self.statement.cell


def walked(statement: Statement) -> Walked:
    """The nodes of a statement."""
    nodes = tuple(ast.walk(statement.node))
    return Walked(
        statement,
        nodes,
        tuple(n for n in nodes if isinstance(n, ast.Call)),
        tuple(n for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)),
    )
