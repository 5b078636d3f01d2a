"""Literals as the configuration can hold them, and where they stand in a statement."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from typing import Any

SHORTEST_LIST = 3  # items of a list that is worth a name


def literal(node: ast.expr) -> Any:
    """A literal that TOML can hold: numbers, text, truth values, lists and tuples of one of these; else None."""
    if not isinstance(node, (ast.Constant, ast.UnaryOp, ast.List, ast.Tuple)):
        return None
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    return _toml_ready(value)


def _toml_ready(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**63 else None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return value if value.isprintable() and len(value) < 500 else None
    if isinstance(value, (list, tuple)):
        plain = [v for v in value if isinstance(v, (str, int, float, bool)) and _toml_ready(v) is not None]
        kinds = {type(v) for v in plain}
        alike = len(kinds) == 1 or kinds == {int, float}
        return plain if value and len(plain) == len(value) and alike else None
    return None


def dump_value(value: Any, as_tuple: bool) -> str:
    """A text that is the same for equal lists of one kind."""
    return f"{as_tuple}{value!r}"


def lists_in(node: ast.AST) -> Iterator[ast.List | ast.Tuple]:
    """Written lists and tuples of three or more literals."""
    for inner in ast.walk(node):
        if not isinstance(inner, (ast.List, ast.Tuple)) or not isinstance(inner.ctx, ast.Load):
            continue
        if len(inner.elts) >= SHORTEST_LIST and all(isinstance(e, (ast.Constant, ast.UnaryOp)) for e in inner.elts):
            yield inner


def in_signature(node: ast.AST) -> set[int]:
    """Ids of nodes in defaults, annotations and decorators: they are read when the function is defined."""
    found: set[int] = set()
    for inner in ast.walk(node):
        if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            outer: list[ast.AST] = [inner.args, *getattr(inner, "decorator_list", [])]
            found |= {id(n) for o in outer for n in ast.walk(o)}
        elif isinstance(inner, ast.ClassDef):
            found |= {id(n) for n in ast.walk(inner)}
    return found
