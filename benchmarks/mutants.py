"""One-change versions of a module, drawn by a seed: what `benchmarks.mutation` runs the tests against.

Imports, annotations, docstrings, decorators and `__all__` are left alone: a change there is none, or no module at all.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Any

_ARITHMETIC = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.BitXor: ast.BitAnd,
    ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip
_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
_COLLECTIONS = (ast.List, ast.Tuple, ast.Set)
_CONDITIONS = (ast.If, ast.While, ast.IfExp)


@dataclass(frozen=True)
class Mutant:
    """One change of a module.

    Args:
        module: its file, from the repository's root.
        line: where the change begins.
        kind: the kind of change.
        change: the code before and after.
        code: the changed module, compiled.
        statement: the lines of the statement that was changed, without the statements inside it.
        at_import: it runs when the module is imported, and not in a function.
    """

    module: str
    line: int
    kind: str
    change: str
    code: CodeType
    statement: range
    at_import: bool


@dataclass(frozen=True)
class _Site:
    place: int  # of the node, in the order of `_nodes`
    kind: str
    choice: int = 0


def draw(source: str, module: str, count: int, seed: int) -> list[Mutant]:
    """At most so many different mutants of a module: each time a kind of change is drawn, then a place for it.

    Args:
        source: the module's text.
        module: its file name, for messages and for `seed`.
        count: how many.
        seed: the same seed draws the same mutants of the same text.
    """
    chance = random.Random(f"{seed} {module}")
    untouched = compile(ast.parse(source), module, "exec", dont_inherit=True)
    by_kind: dict[str, list[_Site]] = {}
    for site in _sites(ast.parse(source)):
        by_kind.setdefault(site.kind, []).append(site)
    found: list[Mutant] = []
    while by_kind and len(found) < count:
        kind = chance.choice(sorted(by_kind))
        sites = by_kind[kind]
        mutant = _mutant(source, module, sites.pop(chance.randrange(len(sites))))
        if not sites:
            del by_kind[kind]
        if not _alike(mutant.code, untouched):
            found.append(mutant)
    return sorted(found, key=lambda one: one.line)


def _alike(one: object, other: object) -> bool:
    """Whether two compiled pieces do the same, wherever their lines are."""
    if not isinstance(one, CodeType) or not isinstance(other, CodeType):
        return repr(one) == repr(other)  # of constants: 1, 1.0 and True are three
    parts = ((c.co_code, c.co_names, c.co_varnames, c.co_freevars, c.co_exceptiontable) for c in (one, other))
    return next(parts) == next(parts) and (
        len(one.co_consts) == len(other.co_consts) and all(map(_alike, one.co_consts, other.co_consts))
    )


def _nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node that may be changed, always in the same order."""
    is_list_of_names = isinstance(tree, ast.Assign) and ast.unparse(tree.targets[0]) == "__all__"
    if isinstance(tree, (ast.Import, ast.ImportFrom)) or is_list_of_names:
        return
    yield tree
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            is_text = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)  # a docstring, or `...`
            if isinstance(child, ast.AST) and not is_text:
                yield from _nodes(child)


def _sites(tree: ast.Module) -> Iterator[_Site]:
    for place, node in enumerate(_nodes(tree)):
        for kind, choices in _kinds(node):
            yield from (_Site(place, kind, choice) for choice in range(choices))


def _kinds(node: ast.AST) -> Iterator[tuple[str, int]]:
    """The kinds of change that a node allows, each with the number of its forms."""
    if isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in _ARITHMETIC:
        yield "operator", 1
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Invert)):
        yield "sign", 1
    elif isinstance(node, ast.Compare):
        yield "comparison", sum(len(_COMPARISONS[type(op)]) for op in node.ops)
    elif isinstance(node, ast.BoolOp):
        yield "connective", 1
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, bool) or (isinstance(node.value, str) and node.value):
            yield "constant", 1
        elif isinstance(node.value, (int, float)):
            yield "constant", 3 if node.value else 2
    elif isinstance(node, (*_COLLECTIONS, ast.Dict)) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        elements = node.keys if isinstance(node, ast.Dict) else node.elts
        if elements:
            yield "emptied", 1
            yield "element", len(elements)
    elif isinstance(node, ast.Call) and len(node.args) > 1:
        yield "arguments", len(node.args) - 1
    elif isinstance(node, ast.Return) and node.value is not None and ast.unparse(node.value) != "None":
        yield "return", 1
    if isinstance(node, (*_CONDITIONS, ast.comprehension)):
        yield "condition", len(node.ifs) if isinstance(node, ast.comprehension) else 1
    if isinstance(node, (ast.Expr, ast.Assign, ast.AugAssign, ast.Raise, ast.Return, ast.Continue, ast.Break)):
        yield "statement", 1


def _mutant(source: str, module: str, site: _Site) -> Mutant:
    tree = ast.parse(source)
    parents = {id(child): node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    node = next(n for place, n in enumerate(_nodes(tree)) if place == site.place)
    line = next(n.lineno for n in (node, *_above(node, parents)) if isinstance(n, (ast.expr, ast.stmt, ast.keyword)))
    around = next(n for n in (node, *_above(node, parents)) if isinstance(n, ast.stmt))
    inner = getattr(around, "body", None)
    last = inner[0].lineno - 1 if isinstance(inner, list) else (around.end_lineno or around.lineno)
    statement = range(around.lineno, max(last, around.lineno) + 1)
    at_import = not any(isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef)) for n in _above(around, parents))
    context = parents[id(node)] if isinstance(node, ast.Constant) else node
    before = _shown(context)
    new, what = _changed(node, site)
    if new is not node:
        tree = _Put(node, ast.copy_location(new, node)).visit(tree)
    ast.fix_missing_locations(tree)
    if not what:
        what = f"{before} -> {_shown(new if context is node else context)}"
    code = compile(tree, module, "exec", dont_inherit=True)
    return Mutant(module, line, site.kind, what, code, statement, at_import)


def _above(node: ast.AST, parents: dict[int, ast.AST]) -> Iterator[ast.AST]:
    while id(node) in parents:
        node = parents[id(node)]
        yield node


class _Put(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self._new if node is self._old else self.generic_visit(node)


def _changed(node: Any, site: _Site) -> tuple[ast.AST, str]:
    """The node that stands there now (or the same one, changed inside), and words where code says less."""
    match site.kind:
        case "operator":
            node.op = _ARITHMETIC[type(node.op)]()
        case "sign":
            return node.operand, ""
        case "comparison":
            forms = [(place, new) for place, op in enumerate(node.ops) for new in _COMPARISONS[type(op)]]
            place, new = forms[site.choice]
            node.ops[place] = new()
        case "connective":
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        case "constant":
            node.value = _other(node.value, site.choice)
        case "emptied" | "element":
            return _with_fewer(node, site)
        case "arguments":
            node.args[site.choice : site.choice + 2] = reversed(node.args[site.choice : site.choice + 2])
        case "return":
            node.value = ast.Constant(None)
        case "condition" if isinstance(node, ast.comprehension):
            node.ifs[site.choice] = ast.UnaryOp(ast.Not(), node.ifs[site.choice])
        case "condition":
            node.test = ast.UnaryOp(ast.Not(), node.test)
        case "statement":
            return ast.Pass(), f"deleted: {_shown(node)}"
    return node, ""


def _with_fewer(node: Any, site: _Site) -> tuple[ast.AST, str]:
    """A list, dict or set without one of its elements, or without any."""
    lists = [getattr(node, name) for name in ("elts", "keys", "values") if hasattr(node, name)]
    gone = ""
    if site.kind == "element":
        gone = f"without {' : '.join(_shown(elements.pop(site.choice) or node) for elements in lists)}"
    else:
        for elements in lists:
            elements.clear()
    empty_set = isinstance(node, ast.Set) and not node.elts
    return (ast.Call(ast.Name("set", ast.Load()), [], []) if empty_set else node), gone


def _other(value: str | float | bool, choice: int) -> str | float | bool:
    if isinstance(value, str):
        return ""
    if isinstance(value, bool):
        return not value
    return (value + 1, value - 1, -value)[choice]


def _shown(node: ast.AST) -> str:
    if isinstance(node, (ast.If, ast.While, ast.For)):
        node = node.test if not isinstance(node, ast.For) else node.iter
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 90 else f"{text[:87]}..."
