"""The words that a piece of code brings of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def own_words(node: ast.AST) -> Iterator[str]:
    """The name that a node itself brings into the code: a variable, an argument, a function, a class, an import."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
        yield node.name
    elif isinstance(node, ast.alias):
        yield (node.asname or node.name).partition(".")[0]
