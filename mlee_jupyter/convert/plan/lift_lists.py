"""Lists that stand in several places, or stand for a constant that has a name."""

from __future__ import annotations

import ast

from mlee_jupyter.convert.read import effects
from mlee_jupyter.convert.read.literals import dump_value, in_signature, lists_in, literal
from mlee_jupyter.convert.read.rewrite import out_of_reach
from mlee_jupyter.convert.types import Statement

from .naming import snake
from .wishes import Wishes


def lists(wishes: Wishes) -> None:
    """Wish for literal lists that are written more than once, and read those that are known from there."""
    known = {dump_value(w.value, w.as_tuple): v for v, w in wishes.made.items() if isinstance(w.value, list)}
    repeated = wishes.repeated_lists()
    removed = {s.index for s in wishes.removed}
    for statement in wishes.statements:
        if statement.index in removed or isinstance(statement.node, ast.ClassDef):
            continue
        far = out_of_reach(statement.node) | in_signature(statement.node)
        for node in lists_in(statement.node):
            value = literal(node)
            dump = dump_value(value, isinstance(node, ast.Tuple))
            if value is None or id(node) in far or not (dump in known or ast.dump(node) in repeated):
                continue
            if dump not in known:
                variable = wishes.fresh(_list_name(statement, node))
                kind = "features" if all(isinstance(v, str) for v in value) else "constant"
                wishes.wish(kind, wishes.section(kind, statement), variable, variable, value, node)
                known[dump] = variable
            wish = wishes.made[known[dump]]
            if _local_words(statement) & {wish.variable, wish.original}:
                continue  # a function there has a name of its own that reads the same
            wish.places.append((statement.cell, node.lineno))
            text = wish.original or known[dump]
            kept = isinstance(statement.node, ast.Assign) and statement.node.value is node
            if kept and statement.binds & wishes.updated:
                text = f"list({text})"
            wishes.editor.replace(statement, node, text)


def _list_name(statement: Statement, node: ast.expr) -> str:
    for call in effects.calls_in(statement.node):
        for keyword in call.keywords:
            if keyword.value is node and keyword.arg and keyword.arg.isidentifier():
                return keyword.arg
    if isinstance(statement.node, ast.Assign) and statement.node.value is node:
        target = statement.node.targets[0]
        if isinstance(target, ast.Name):
            return snake(target.id)
    return "columns" if all(isinstance(v, str) for v in literal(node) or []) else "values"


def _local_words(statement: Statement) -> set[str | None]:
    """Names inside a statement that are not the notebook's."""
    outer = {id(m.node) for m in statement.mentions}
    names = {n.id for n in ast.walk(statement.node) if isinstance(n, ast.Name) and id(n) not in outer}
    return {*names, *(a.arg for a in ast.walk(statement.node) if isinstance(a, ast.arg))}
