"""Calls of the notebook's own functions, written out where they stand: what learns inside learns from what is given.

    def scaled(a):
        s = StandardScaler()
        return s.fit_transform(a)
    Xs = scaled(X)                  # read as: s′1 = StandardScaler(); it′1 = s′1.fit_transform(X); Xs = it′1

Only what is sure is written out: a plain function that ends in one return, or in none, called by its name. Names of its
own get a mark that no variable can have; a name that is handed over keeps its name. Nothing is run.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from typing import Any

from mlee_jupyter.domain.notebooks import OWN

from .health_nodes import Walked, renamed, walked_again

_MOST_NODES = 40_000  # written out in one notebook: a pass stays linear
_DEEPEST = 4
_LEARNS = re.compile(
    r"^(fit|fit_transform|fit_resample|partial_fit|train|train_test_split|resample|sample|predict\w*|score|evaluate|transform"
    r"|groupby|argmax|argmin|\w+_score|\w+_curve|\w*Dataset|\w*DataLoader|concat|eval|state_dict|load_state_dict)$"
)
_BEFOREHAND = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.IfExp, ast.BoolOp)


class Inliner:
    """The functions known by now; a statement that calls one is read as what it does."""

    def __init__(self) -> None:
        self._functions: dict[str, ast.FunctionDef] = {}
        self._bodies: dict[str, tuple[list[ast.stmt], ast.expr | None] | None] = {}
        self._number = 0
        self._left = _MOST_NODES
        self._depth = 0
        self._before: list[ast.stmt] = []

    def of(self, one: Walked) -> Sequence[Walked]:
        """The statement, or the statements that it stands for."""
        node = one.statement.node
        if isinstance(node, ast.FunctionDef):
            self._functions[node.name] = node
            self._bodies.pop(node.name, None)
            return (one,)
        for name in one.statement.binds & self._functions.keys():
            self._functions.pop(name)
        if not self._functions or not any(self._is_known(call) for call in one.calls):
            return (one,)
        try:
            return [walked_again(one, part) for made in self._statement(node) for part in _apart(made)]
        except RecursionError:  # nested deeper than can be followed: it is read as it stands
            return (one,)

    def body_of(self, function: ast.FunctionDef) -> ast.FunctionDef:
        """A function whose own calls of known functions are written out."""
        body = [made for part in function.body for made in self._statement(part)]
        return ast.copy_location(
            ast.FunctionDef(function.name, function.args, body, function.decorator_list, None), function
        )

    def _is_known(self, call: ast.Call) -> bool:
        return isinstance(call.func, ast.Name) and call.func.id in self._functions

    def _statement(self, node: ast.stmt) -> list[ast.stmt]:
        """What a statement stands for: calls in it are written out before it, blocks within."""
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return [node]
        kept, self._before = self._before, []
        try:
            made = self._rewritten(node)
            return [*self._before, made]
        finally:
            self._before = kept

    def _rewritten(self, node: ast.stmt) -> ast.stmt:
        changed: dict[str, object] = {}
        for field, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                if (new := self._expression(value)) is not value:
                    changed[field] = new
            elif isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                new_block = [made for part in value for made in self._statement(part)]
                if len(new_block) != len(value) or any(a is not b for a, b in zip(value, new_block, strict=True)):
                    changed[field] = new_block
            elif isinstance(value, list) and value and isinstance(value[0], ast.ExceptHandler):
                changed[field] = [self._handler(handler) for handler in value]
        if isinstance(node, ast.While):
            changed.pop("test", None)  # it is asked again every time round
        made: ast.stmt = _with(node, changed) if changed else node
        return made

    def _handler(self, handler: ast.ExceptHandler) -> ast.ExceptHandler:
        body = [made for part in handler.body for made in self._statement(part)]
        return ast.copy_location(ast.ExceptHandler(handler.type, handler.name, body), handler)

    def _expression(self, node: ast.expr) -> ast.expr:
        """An expression with a name in place of each call that was written out."""
        return self._made_of(node, self._holding(node))

    def _holding(self, whole: ast.expr) -> set[int]:
        """The parts of an expression in which a known function is called, by their ids; each part is looked at once."""
        found: set[int] = set()
        within: dict[int, ast.AST] = {}
        for node in ast.walk(whole):
            within |= {id(child): node for child in ast.iter_child_nodes(node)}
            if isinstance(node, ast.Call) and self._is_known(node):
                outer: ast.AST | None = node
                while outer is not None and id(outer) not in found:
                    found.add(id(outer))
                    outer = within.get(id(outer))
        return found

    def _made_of(self, node: ast.expr, holding: set[int]) -> ast.expr:
        if isinstance(node, _BEFOREHAND) or id(node) not in holding:
            return node
        changed: dict[str, object] = {}
        for field, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                changed[field] = self._made_of(value, holding)
            elif isinstance(value, list):
                changed[field] = [self._part(part, holding) for part in value]
        made: ast.expr = _with(node, changed)
        if isinstance(made, ast.Call) and self._is_known(made):
            return self._called(made) or made
        return made

    def _part(self, part: object, holding: set[int]) -> object:
        if isinstance(part, ast.keyword):
            return ast.copy_location(ast.keyword(part.arg, self._made_of(part.value, holding)), part)
        return self._made_of(part, holding) if isinstance(part, ast.expr) else part

    def _called(self, call: ast.Call) -> ast.expr | None:
        """The value of a call whose body was written out; None where that is not sure."""
        function = self._functions[call.func.id]  # type: ignore[attr-defined]
        if function.name not in self._bodies:
            self._bodies[function.name] = self._readable(function)
        read, given = self._bodies[function.name], _given(function, call)
        if read is None or given is None or self._depth >= _DEEPEST:
            return None
        body, value = read
        self._left -= sum(1 for part in body for _ in ast.walk(part))
        if self._left < 0:
            return None
        self._number += 1
        stored = {
            n.id for part in body for n in ast.walk(part) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)
        }
        names: dict[str, str | ast.Constant] = {name: f"{name}{OWN}{self._number}" for name in stored}
        for name, argument in given.items():
            if name not in stored and isinstance(argument, (ast.Name, ast.Constant)):
                names[name] = argument.id if isinstance(argument, ast.Name) else argument
                continue
            names[name] = own = f"{name}{OWN}{self._number}"
            target = ast.copy_location(ast.Name(own, ast.Store()), call)
            self._before.append(ast.copy_location(ast.Assign([target], argument), call))
        copies = [renamed(part, names, call) for part in body]
        self._depth += 1
        self._before += [made for part in copies for made in self._statement(part)]
        result: ast.expr | None = None
        if value is not None:
            result = self._expression(renamed(value, names, call))
        self._depth -= 1
        return result if result is not None else ast.copy_location(ast.Constant(None), call)

    def _readable(self, function: ast.FunctionDef) -> tuple[list[ast.stmt], ast.expr | None] | None:
        """The statements of a function and what it returns, where a reader can be sure of both."""
        nodes = [n for part in function.body for n in ast.walk(part)]
        asked = function.args
        if function.decorator_list or asked.vararg or asked.kwarg or any(isinstance(n, _UNSURE) for n in nodes):
            return None
        body = _flat(function.body)
        ends = [n for n in nodes if isinstance(n, ast.Return)]
        if len(ends) > 1 or (ends and body[-1] is not ends[0]):
            return None
        if not self._does_something(nodes, {function.name}):
            return None
        return (body[:-1], ends[0].value) if ends else (body, None)

    def _does_something(self, nodes: Sequence[ast.AST], seen: set[str]) -> bool:
        for node in nodes:
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if _LEARNS.match(name):
                return True
            if name in self._functions and name not in seen:
                seen.add(name)
                if self._does_something(list(ast.walk(self._functions[name])), seen):
                    return True
        return False


_UNSURE = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Global, ast.Nonlocal, ast.Yield, ast.YieldFrom, ast.Await,
)  # fmt: skip


def _apart(node: ast.stmt) -> list[ast.stmt]:
    """`a, b = c, d` as two statements, where no value reads what the others change."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1 or not isinstance(node.value, ast.Tuple):
        return [node]
    target = node.targets[0]
    if not isinstance(target, (ast.Tuple, ast.List)) or len(target.elts) != len(node.value.elts):
        return [node]
    pairs = [(t, v) for t, v in zip(target.elts, node.value.elts, strict=True) if ast.unparse(t) != ast.unparse(v)]
    made = {t.id for t, _ in pairs if isinstance(t, ast.Name)}
    read = {n.id for _, v in pairs for n in ast.walk(v) if isinstance(n, ast.Name)}
    if len(made) != len(pairs) or made & read:
        return [node]
    return [ast.copy_location(ast.Assign([t], v), node) for t, v in pairs] or [node]


def _flat(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Statements, those under `with` among them; a docstring does nothing."""
    made: list[ast.stmt] = []
    for part in body:
        if isinstance(part, ast.With) and not any(item.optional_vars for item in part.items):
            made += _flat(part.body)
        elif not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)):
            made.append(part)
    return made


def _given(function: ast.FunctionDef, call: ast.Call) -> dict[str, ast.expr] | None:
    """What each parameter is given; None where that cannot be told."""
    asked = function.args
    if any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords):
        return None
    places = [a.arg for a in (*asked.posonlyargs, *asked.args)]
    if len(call.args) > len(places):
        return None
    given: dict[str, ast.expr] = dict(zip(places[::-1], asked.defaults[::-1], strict=False))
    given |= {a.arg: d for a, d in zip(asked.kwonlyargs, asked.kw_defaults, strict=True) if d is not None}
    given |= dict(zip(places, call.args, strict=False))
    given |= {k.arg: k.value for k in call.keywords if k.arg is not None}
    names = {*places, *(a.arg for a in asked.kwonlyargs)}
    return given if set(given) == names else None


def _with(node: ast.AST, changed: Mapping[str, object]) -> Any:
    fields = {field: changed.get(field, value) for field, value in ast.iter_fields(node)}
    return ast.copy_location(type(node)(**fields), node)
