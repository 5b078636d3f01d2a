"""A statement's syntax nodes, walked once for all that is looked for in them."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

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


def walked_again(one: Walked, node: ast.stmt) -> Walked:
    """A statement that stands for another one, or for a part of it."""
    return walked(replace(one.statement, node=node))


def renamed(node: ast.AST, names: Mapping[str, str | ast.Constant], place: ast.AST | None = None) -> Any:
    """A copy of a tree with other names, or constants in their place.

    Args:
        node: the tree.
        names: name -> what stands for it.
        place: where the copy stands; every node in its own place without it.
    """
    other = names.get(node.id) if isinstance(node, ast.Name) else None
    if isinstance(other, ast.Constant):
        return ast.copy_location(ast.Constant(other.value), place or node)
    made = type(node)()
    for field, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            setattr(made, field, renamed(value, names, place))
        elif isinstance(value, list):
            setattr(made, field, [renamed(part, names, place) if isinstance(part, ast.AST) else part for part in value])
        else:
            setattr(made, field, value)
    if isinstance(made, ast.Name) and isinstance(other, str):
        made.id = other
    return ast.copy_location(made, place or node) if hasattr(node, "lineno") else made
