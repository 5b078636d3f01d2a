"""`files = !ls` is IPython's list of lines in a notebook and a plain list in a package: what only the former has."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mlee_jupyter.convert.read import effects
from mlee_jupyter.convert.types import Facts
from mlee_jupyter.domain.errors import MleeError

_ONLY_IPYTHON = frozenset({"s", "n", "p", "l", "fields", "grep", "list", "get_list", "spstr", "nlstr", "paths"})
_COPIES = frozenset({"copy.copy", "copy.deepcopy", "copy", "deepcopy", "iter", "reversed"})


def refuse(facts: Facts) -> None:
    """Raise where the notebook reads of a list of lines what a plain list has not, or has otherwise.

    Raises:
        MleeError: `files.s`, `files.sort()` (which leaves IPython's list as it is), `type(files)`; also under another
            name, and as a function's argument.
    """
    trees = [s.node for s in facts.statements]
    if not any(_is_lines(node) for tree in trees for node in ast.walk(tree)):
        return
    names = _names(trees)
    for statement in facts.statements:
        for node in ast.walk(statement.node):
            wrong = _only_ipython(node, names)
            if wrong:
                raise MleeError(
                    f"Cell {statement.cell} reads {wrong}, which only IPython's list of lines has.",
                    "Say it in Python: ' '.join(lines), sorted(lines), [line.split() for line in lines].",
                )


def _is_lines(node: ast.AST) -> bool:
    """Whether a node is what `!command` became: subprocess.run(...).stdout.splitlines()."""
    return isinstance(node, ast.Call) and effects.dotted(node.func) == "().stdout.splitlines"


def _names(trees: list[ast.stmt]) -> frozenset[str]:
    """Names that may hold such a list: bound to one, to another such name, or to an argument that is one."""
    functions = {n.name: n.args for tree in trees for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
    pairs = [pair for tree in trees for node in ast.walk(tree) for pair in _bindings(node, functions)]
    names: frozenset[str] = frozenset()
    while True:
        more = names | {name for name, value in pairs if _may_be(value, names)}
        if more == names:
            return names
        names = more


def _bindings(node: ast.AST, functions: dict[str, ast.arguments]) -> Iterator[tuple[str, ast.expr]]:
    """Names and what they are bound to, here: assignments, `for`, walrus, arguments of the notebook's functions."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from ((n.id, node.value) for n in ast.walk(target) if isinstance(n, ast.Name))
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr, ast.AugAssign)):
        if isinstance(node.target, ast.Name) and node.value is not None:
            yield node.target.id, node.value
    elif isinstance(node, ast.FunctionDef):
        yield from ((node.name, n.value) for n in ast.walk(node) if isinstance(n, ast.Return) and n.value is not None)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in functions:
        asked = functions[node.func.id]
        yield from zip((a.arg for a in (*asked.posonlyargs, *asked.args)), node.args, strict=False)
        yield from ((k.arg, k.value) for k in node.keywords if k.arg)


def _may_be(value: ast.expr, names: frozenset[str]) -> bool:
    """Whether an expression may be such a list itself."""
    if isinstance(value, ast.Name):
        return value.id in names
    if isinstance(value, ast.NamedExpr):
        return _may_be(value.value, names)
    if isinstance(value, ast.IfExp):
        return _may_be(value.body, names) or _may_be(value.orelse, names)
    if isinstance(value, ast.BoolOp):
        return any(_may_be(v, names) for v in value.values)
    if isinstance(value, (ast.Tuple, ast.List)):
        return any(_may_be(v, names) for v in value.elts)
    if isinstance(value, ast.Call):
        name = effects.dotted(value.func)
        if name in _COPIES:
            return any(_may_be(a, names) for a in value.args)
        return name in names or _is_lines(value)
    return False


def _only_ipython(node: ast.AST, names: frozenset[str]) -> str:
    """What is read of such a list that a plain one has not; empty: nothing."""
    if isinstance(node, ast.Attribute) and _may_be(node.value, names):
        if node.attr in _ONLY_IPYTHON:
            return f"{_said(node.value)}.{node.attr}"
        if node.attr == "sort":
            return f"{_said(node.value)}.sort, which gives back a sorted one"
    if isinstance(node, ast.Call) and effects.dotted(node.func) == "type" and len(node.args) == 1:
        return f"type({_said(node.args[0])})" if _may_be(node.args[0], names) else ""
    return ""


def _said(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else "!command"
