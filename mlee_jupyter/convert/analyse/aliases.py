"""Names that may hold the same object, or one inside the other: what changes one of them may change all."""

from __future__ import annotations

import ast

from mlee_jupyter.convert.read import effects
from mlee_jupyter.convert.read.facts import BUILTINS

from .flow import Stable

TRUSTED = frozenset(
    {"numpy", "pandas", "sklearn", "scipy", "matplotlib", "seaborn", "statsmodels", "math", "statistics", "collections"}
    | {"itertools", "functools", "datetime", "re", "os", "pathlib", "json", "time", "string", "operator", "plotly"}
    | {"random", "contextlib"}
)
_KEEP_THEIR_ARGUMENT = frozenset(
    {"append", "add", "insert", "extend", "update", "setdefault", "appendleft", "extendleft", "put", "push"}
    | {"__setitem__", "set_params"}
)
# Methods that leave their object alone and give back what lives in it, or another view of its memory.
_SHARE = frozenset(
    {"get", "values", "items", "reshape", "ravel", "squeeze", "transpose", "swapaxes", "to_numpy", "view", "elements"}
)
_KEEPING = frozenset(
    {"functools", "contextlib", "itertools", "collections", "operator"}
)  # what they give holds what they got
_PICKING = frozenset({"choice", "choices", "sample"})  # functions of `random` that give back an element
# Sides of a sum in which something new lives: displays, and sums of them.
_HOLDING = (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.ListComp, ast.SetComp, ast.DictComp, ast.BinOp)
_FRESH_BUILTINS = frozenset({"len", "str", "int", "float", "round", "sum", "abs", "range", "print", "type"})


class Aliases:
    """Sets of names that may hold the same object, or one inside the other."""

    def __init__(self) -> None:
        self._sets: dict[str, set[str]] = {}

    def join(self, one: str, other: str) -> None:
        """Two names that may share an object from now on."""
        fewer, more = sorted((self.of(one), self.of(other)), key=len)
        if fewer is not more:
            more |= fewer
            self._sets |= dict.fromkeys(fewer, more)

    def of(self, name: str) -> set[str]:
        """All names that may share something with one, itself included."""
        return self._sets.setdefault(name, {name})

    def note(self, tree: ast.AST, stable: Stable) -> None:
        """Join what the statements of a tree make share an object."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    self._bind(target, node.value, stable)
            elif isinstance(node, ast.AugAssign):
                if isinstance(node.value, _HOLDING):  # a += [b]
                    self._bind(node.target, node.value, stable)
            elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
                self._bind(node.target, node.value, stable)
            elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
                self._loop(node.target, node.iter, stable)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                for name in _given_back(node, stable) - _own_names(node):
                    self.join(node.name, name)
            elif isinstance(node, ast.withitem) and node.optional_vars is not None:
                self._bind(node.optional_vars, node.context_expr, stable)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                root = effects.root(node.func)  # a.append(b): b lives inside a from now on
                if root is not None and root.id not in stable.names and node.func.attr in _KEEP_THEIR_ARGUMENT:
                    for argument in (*node.args, *(k.value for k in node.keywords)):
                        for name in held(argument, stable):
                            self.join(root.id, name)

    def _bind(self, target: ast.expr, value: ast.expr, stable: Stable) -> None:
        if isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)):
            starred = any(isinstance(e, ast.Starred) for e in (*target.elts, *value.elts))
            if not starred and len(target.elts) == len(value.elts):
                for one, part in zip(target.elts, value.elts, strict=True):
                    self._bind(one, part, stable)
                return
        names = {n.id for n in ast.walk(target) if isinstance(n, ast.Name)} - stable.names
        for name in names:
            for other in held(value, stable):
                self.join(name, other)

    def _loop(self, target: ast.expr, source: ast.expr, stable: Stable) -> None:
        called = source.func.id if isinstance(source, ast.Call) and isinstance(source.func, ast.Name) else ""
        if isinstance(source, ast.Call) and isinstance(target, ast.Tuple):
            if called == "zip" and len(target.elts) == len(source.args):
                for one, part in zip(target.elts, source.args, strict=True):
                    self._loop(one, part, stable)
                return
            if called == "enumerate" and len(target.elts) == 2 and source.args:
                self._loop(target.elts[1], source.args[0], stable)
                return
        self._bind(target, source, stable) if called != "range" else None


def is_trusted(name: str, stable: Stable) -> bool:
    """Whether an imported name is of a library whose functions leave their arguments alone."""
    return stable.imports[name][0][0].top in TRUSTED


def held(value: ast.expr, stable: Stable, follow: bool = True) -> set[str]:
    """Names whose object may live on inside the value of an expression; follow: by what functions give back."""
    if isinstance(value, ast.Name):
        return set() if value.id in stable.names else {value.id}
    if isinstance(value, ast.BinOp):  # a + [b] is another list than a, and b lives in it
        sides = [side for side in (value.left, value.right) if isinstance(side, _HOLDING)]
        return {n for side in sides for n in held(side, stable, follow)}
    if isinstance(value, (ast.Compare, ast.UnaryOp, ast.Constant, ast.JoinedStr)):
        return set()
    if isinstance(value, ast.Lambda):
        own = {a.arg for a in ast.walk(value.args) if isinstance(a, ast.arg)}
        return {n.id for n in ast.walk(value.body) if isinstance(n, ast.Name)} - own - BUILTINS - stable.names
    if isinstance(value, ast.Subscript):
        fresh = isinstance(value.slice, (ast.List, ast.Compare))
        return set() if fresh else held(value.value, stable, follow)
    if isinstance(value, ast.Call):
        return _held_by_call(value, stable, follow)
    if isinstance(value, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
        parts = [value.value, value.key] if isinstance(value, ast.DictComp) else [value.elt]
        own = {n.id for g in value.generators for n in ast.walk(g.target) if isinstance(n, ast.Name)}
        found = {n for part in parts for n in held(part, stable, follow)}
        if found & own:
            found |= {n for g in value.generators for n in held(g.iter, stable, follow)}
        return found - own
    return {
        n for child in ast.iter_child_nodes(value) if isinstance(child, ast.expr) for n in held(child, stable, follow)
    }


def _held_by_call(value: ast.Call, stable: Stable, follow: bool) -> set[str]:
    inner = [*value.args, *(k.value for k in value.keywords)]
    if isinstance(value.func, ast.Attribute):
        root = effects.root(value.func)
        is_module = root is not None and root.id in stable.imports
        if value.func.attr in effects.PURE_METHODS and not is_module:
            return held(value.func.value, stable, follow) if value.func.attr in _SHARE else set()
        if value.func.attr in ("fit", "fit_transform", "fit_predict"):  # what was learnt from is left alone
            return set() if is_module else held(value.func.value, stable, follow)
        if is_module and root is not None:
            inner = _may_live_on(value, root.id, value.func.attr, stable)
        return {n for a in inner for n in held(a, stable, follow)} | (
            set() if is_module else held(value.func.value, stable, follow)
        )
    name = value.func.id if isinstance(value.func, ast.Name) else ""
    if name in stable.functions and follow:
        return _held_by_result(value, stable.functions[name].node, stable)
    if name in stable.imports:
        one = stable.imports[name][0][0]
        inner = _may_live_on(value, name, one.attribute or name, stable)
    if name in _FRESH_BUILTINS:
        return set()
    is_variable = name and name not in BUILTINS | stable.names
    called = {name} if is_variable else set()  # what a variable gives back may live in it
    return {n for a in inner for n in held(a, stable, follow)} | called


def _may_live_on(call: ast.Call, imported: str, function: str, stable: Stable) -> list[ast.expr]:
    """The arguments that may live on in what a library's function gives back."""
    top = stable.imports[imported][0][0].top
    if top in ("pandas", "numpy"):  # may share memory with an array
        return call.args[:1]
    makes = function[:1].isupper() or function.startswith("make_") or (top == "random" and function in _PICKING)
    if top in TRUSTED - _KEEPING and not makes:
        return []
    return [*call.args, *(k.value for k in call.keywords)]


def _held_by_result(call: ast.Call, node: ast.stmt, stable: Stable) -> set[str]:
    """Arguments that a function of the notebook may give back, whole or inside something."""
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return {n for a in (*call.args, *(k.value for k in call.keywords)) for n in held(a, stable)}
    returned = _given_back(node, stable)
    parameters = [a.arg for a in (*node.args.posonlyargs, *node.args.args)]
    through_locals = bool(returned & _locals(node))  # a local may stand for any argument
    found: set[str] = set()
    for place, argument in enumerate(call.args):
        name = parameters[place] if place < len(parameters) else ""
        if through_locals or not name or name in returned:
            found |= held(argument, stable)
    for keyword in call.keywords:
        if through_locals or keyword.arg is None or keyword.arg in returned:
            found |= held(keyword.value, stable)
    return found


def _given_back(node: ast.AST, stable: Stable) -> set[str]:
    kinds = (ast.Return, ast.Yield, ast.YieldFrom)
    return {
        n
        for i in ast.walk(node)
        if isinstance(i, kinds) and i.value is not None
        for n in held(i.value, stable, follow=False)
    }


def _locals(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _own_names(node: ast.AST) -> set[str]:
    return _locals(node) | {a.arg for a in ast.walk(node) if isinstance(a, ast.arg)}
