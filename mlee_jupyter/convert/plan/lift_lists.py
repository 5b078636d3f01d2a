"""Lists that stand in several places, or stand for a constant that has a name."""

from __future__ import annotations

import ast
import re

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
        if statement.index in removed or isinstance(statement.node, ast.ClassDef) or wishes.draws(statement):
            continue
        inside = _inside_data(statement.node)
        far = out_of_reach(statement.node) | in_signature(statement.node)
        for node in lists_in(statement.node):
            value = literal(node)
            dump = dump_value(value, isinstance(node, ast.Tuple))
            if value is None or id(node) in far | inside or not (dump in known or ast.dump(node) in repeated):
                continue
            if dump not in known:
                name = _list_name(statement, node)
                kind = "features" if all(isinstance(v, str) for v in value) else "constant"
                section = wishes.section(kind, statement)
                if not name or not wishes.is_free(name) or (section, name) in wishes.keys:
                    continue
                variable = wishes.fresh(name)
                wishes.wish(kind, section, variable, variable, value, node)
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


_WORDS = "red green blue yellow orange purple black white grey gray pink brown cyan magenta lime navy teal gold crimson"
_COLOURS = frozenset(f"{shade}{colour}" for shade in ("", "dark", "light") for colour in _WORDS.split())
_TYPED_IN = frozenset({"DataFrame", "Series", "array", "asarray", "Index", "tensor"})


def _inside_data(node: ast.AST) -> set[int]:
    """The ids of lists that are rows or columns of a table typed in, or colours."""
    found: set[int] = set()
    for outer in ast.walk(node):
        if isinstance(outer, (ast.Dict, ast.List, ast.Tuple, ast.Set)):
            found |= {id(inner) for inner in ast.iter_child_nodes(outer)}
        if isinstance(outer, ast.Call) and effects.dotted(outer.func).rpartition(".")[2] in _TYPED_IN:
            found |= {id(inner) for inner in outer.args}
        if isinstance(outer, (ast.List, ast.Tuple)) and are_colours(literal(outer)):
            found.add(id(outer))
    return found


def are_colours(values: object) -> bool:
    """Whether a list is one of colours as pictures have them: one by number tells, else all by name."""
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        return False
    numbered = [bool(re.fullmatch(r"#[0-9a-fA-F]{3,8}|(tab|xkcd):\w+", v)) for v in values]
    return any(numbered) or all(v.lower() in _COLOURS for v in values)


def _local_words(statement: Statement) -> set[str | None]:
    """Names inside a statement that are not the notebook's."""
    outer = {id(m.node) for m in statement.mentions}
    names = {n.id for n in ast.walk(statement.node) if isinstance(n, ast.Name) and id(n) not in outer}
    return {*names, *(a.arg for a in ast.walk(statement.node) if isinstance(a, ast.arg))}
